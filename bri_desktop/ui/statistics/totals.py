"""The line under the table: the total and what makes it up, each part opening its records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from bri_desktop.analysis.model import StatsResult
from bri_desktop.charts.cross import weights_of
from bri_desktop.charts.numbers import whole
from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.flow import FlowBox
from bri_desktop.ui.shared.panels import Band
from bri_desktop.ui.shared.tokens import Size


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of the line: a name, its value, and the records behind it, worked out when they are opened."""

    code: str
    text: str
    size: float
    ids: Callable[[], Sequence[int]]


def parts_of(result: StatsResult) -> tuple[list[Part], list[Part]]:
    """Return the equation (total = listed + not filled in + outside) and what is in no total.

    Over the years of a span there is no one equation: only the total stands there.
    """
    apart = _apart(result)
    total = _group(result, "total", tr("Total {n}", n=whole(result.total)), result.total)
    if result.span:
        return [total], apart
    units = [at for at, row in enumerate(result.rows) if row.is_unit]
    blanks = [at for at, row in enumerate(result.rows) if not row.is_unit]
    listed, blank = (sum(result.rows[at].weight for at in places) for places in (units, blanks))
    equation = [
        total,
        Part("listed", tr("= in the list {n}", n=whole(listed)), listed, partial(_behind, result, units)),
        Part("blank", tr("+ not filled in {n}", n=whole(blank)), blank, partial(_behind, result, blanks)),
    ]
    if result.outside:
        text = tr("+ outside the baseline {n}", n=whole(result.outside))
        equation.append(Part("outside", text, result.outside, partial(_outside, result)))
    return equation, apart


def _behind(result: StatsResult, positions: Sequence[int]) -> list[int]:
    return list(weights_of(result.members, positions))


def _outside(result: StatsResult) -> list[int]:
    """Return the records that are not wholly in the rows: what is left of them lies outside the baseline."""
    return [record for record, _ in result.members.outside()]


def _apart(result: StatsResult) -> list[Part]:
    apart = [
        _group(result, "undated", tr("Undated {n}", n=whole(result.undated)), result.undated),
        _group(
            result,
            "ended_unknown",
            tr("Ended, date unknown {n}", n=whole(result.ended_unknown)),
            result.ended_unknown,
        ),
        _group(result, "pipeline", tr("Pipeline {n}", n=whole(result.pipeline)), result.pipeline),
    ]
    return [part for part in apart if part.size and not (part.code == "pipeline" == result.count)]


def _group(result: StatsResult, code: str, text: str, size: int) -> Part:
    return Part(code, text, size, partial(result.members.group, code))


class TotalsBand(Band):
    """The band; ``part_opened`` gives the part that was clicked."""

    part_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("action-bar", Size.FOOTER + 4)
        self.buttons: dict[str, QPushButton] = {}
        self._counted, self._apart = FlowBox(), FlowBox()
        self.add(self._counted)
        self.add_stretch()
        self.add(self._apart)

    def show_result(self, result: StatsResult) -> None:
        """Show the parts of another result."""
        for box in (self._counted, self._apart):
            for widget in box.widgets():
                box.remove(widget)
        equation, apart = parts_of(result)
        self.buttons = {}
        self._add(self._counted, equation)
        if apart:
            self._apart.add(buttons.label(tr("In no total:"), "hint"))
        self._add(self._apart, apart)

    def _add(self, box: FlowBox, parts: Sequence[Part]) -> None:
        for part in parts:
            made = buttons.button(part.text, partial(self.part_opened.emit, part), kind=buttons.LINK)
            made.setEnabled(part.size > 0)
            self.buttons[part.code] = made
            box.add(made)
