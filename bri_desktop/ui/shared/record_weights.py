"""The records of a figure in a list of any kind: the line that names them, and the column of what each counts for."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from PySide6.QtCore import Signal

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import ABSENT
from bri_desktop.ui.shared.context import RecordSet
from bri_desktop.ui.shared.model import Column
from bri_desktop.ui.shared.panels import Band
from bri_desktop.ui.shared.tokens import Size, Space

WEIGHT = "weight"
LARGEST_DIVISOR = 5_000


def weight_column(records: Callable[[], RecordSet | None]) -> Column[Any]:
    """Return the column of rows that have an ``id``; ``records`` gives those that are shown."""

    def cell(row: Any) -> str:
        shown = records()
        weight = None if shown is None or shown.weights is None else shown.weights.get(row.id)
        return ABSENT if weight is None else weight_text(weight)

    return Column(WEIGHT, tr("Weight"), cell, 64, is_right=True, is_sortable=False, is_passing=True)


def weight_text(weight: float) -> str:
    """Return a weight as a fraction, 1/3, where it is one of a small divisor."""
    fraction = Fraction(weight).limit_denominator(LARGEST_DIVISOR)
    return str(fraction) if abs(float(fraction) - weight) < 1e-9 else f"{weight:.4f}"


def has_weights(records: RecordSet | None) -> bool:
    """Tell whether records count for parts only: where each counts as one there is nothing to say."""
    return records is not None and any(weight != 1 for weight in (records.weights or {}).values())


def with_weights(count: str, records: RecordSet | None) -> str:
    """Return the line of counts, with what the weights add up to where there are any."""
    if records is None or not has_weights(records):
        return count
    total = f"{sum((records.weights or {}).values()):.4f}".rstrip("0").rstrip(".")
    return tr("{count}, weights add up to {sum}", count=count, sum=total)


class RecordSetBand(Band):
    """Names the records of a figure over a list that shows only them; ``cleared`` when all are wanted again."""

    cleared = Signal()

    def __init__(self) -> None:
        super().__init__("surface-band", Size.FILTER_ROW)
        self.records: RecordSet | None = None
        self.title = buttons.label("", "strong")
        self.row.setSpacing(Space.SECTION)
        self.add(self.title)
        self.add(buttons.button(tr("Show all records"), self.clear, icon="x", kind=buttons.SMALL_LINK))
        self.add_stretch()
        self.hide()

    def show_records(self, records: RecordSet | None) -> None:
        """Name these records; ``None`` when the list shows all again."""
        self.records = records
        self.title.setText(records.title if records else "")
        self.setAccessibleName(self.title.text())
        self.setVisible(records is not None)

    def clear(self) -> None:
        """Show all again."""
        self.show_records(None)
        self.cleared.emit()


def only(records: RecordSet | None, ids: Sequence[int], *, is_sorted: bool) -> list[int]:
    """Return the ids of a list that belong to ``records``; without them, all.

    They stand in the order of the list where the user has sorted it, else in that of the figure.
    """
    if records is None:
        return list(ids)
    if is_sorted:
        wanted = set(records.ids)
        return [number for number in ids if number in wanted]
    there = set(ids)
    return [number for number in records.ids if number in there]
