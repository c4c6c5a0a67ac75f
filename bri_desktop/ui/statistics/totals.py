"""The line under the table: the total and what makes it up, each part opening its records."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from bri_desktop.analysis.model import StatsResult
from bri_desktop.charts.numbers import whole
from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.panels import Band
from bri_desktop.ui.shared.tokens import Size


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of the line: a name, its value, and the records behind it."""

    code: str
    text: str
    ids: tuple[int, ...]


def parts_of(result: StatsResult) -> tuple[list[Part], list[Part]]:
    """Return the equation (total = listed + not filled in + outside) and what is in no total."""
    nothing = [position for position, row in enumerate(result.rows) if not row.is_unit]
    blank = sum(result.rows[position].weight for position in nothing)
    blank_ids = tuple(sorted({id_ for position in nothing for id_, _ in result.members.of(position)}))
    listed = sum(row.weight for row in result.rows if row.is_unit)
    listed_ids = {
        id_ for position, row in enumerate(result.rows) if row.is_unit for id_, _ in result.members.of(position)
    }
    members = result.members
    equation = [
        Part("total", tr("Total {n}", n=whole(result.total)), members.group("total")),
        Part("listed", tr("= in the list {n}", n=whole(listed)), tuple(sorted(listed_ids))),
        Part("blank", tr("+ not filled in {n}", n=whole(blank)), blank_ids),
    ]
    if result.outside:
        outside = tuple(id_ for id_, _ in members.outside())
        equation.append(Part("outside", tr("+ outside the baseline {n}", n=whole(result.outside)), outside))
    apart = [
        Part("undated", tr("Undated {n}", n=whole(result.undated)), members.group("undated")),
        Part("ended_unknown", tr("Ended, date unknown {n}", n=result.ended_unknown), members.group("ended_unknown")),
        Part("pipeline", tr("Pipeline {n}", n=whole(result.pipeline)), members.group("pipeline")),
    ]
    return equation, [part for part in apart if part.ids and not (part.code == "pipeline" == result.count)]


class TotalsBand(Band):
    """The band; ``part_opened`` gives the part that was clicked."""

    part_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("action-bar", Size.FOOTER + 4)
        self.buttons: dict[str, QPushButton] = {}
        self._widgets: list[QWidget] = []

    def show_result(self, result: StatsResult) -> None:
        """Show the parts of another result."""
        for widget in self._widgets:
            widget.hide()
            self.row.removeWidget(widget)
            widget.deleteLater()
        while self.row.count():
            self.row.takeAt(0)
        equation, apart = parts_of(result)
        self.buttons, self._widgets = {}, []
        self._add(equation)
        self.add_stretch()
        if apart:
            hint = buttons.label(tr("In no total:"), "hint")
            self.add(hint)
            self._widgets.append(hint)
        self._add(apart)

    def _add(self, parts: Sequence[Part]) -> None:
        for part in parts:
            made = buttons.button(part.text, partial(self.part_opened.emit, part), kind=buttons.LINK)
            made.setEnabled(bool(part.ids))
            self.buttons[part.code] = made
            self._widgets.append(made)
            self.add(made)
