"""The column of weights: what each record counts for in a figure that shares records out."""

from collections.abc import Callable
from fractions import Fraction

from bri_desktop.i18n import tr
from bri_desktop.services.project_items import ProjectItem
from bri_desktop.ui.shared.cells import ABSENT
from bri_desktop.ui.shared.context import RecordSet
from bri_desktop.ui.shared.model import Column

WEIGHT = "weight"
LARGEST_DIVISOR = 1_000


def weight_column(records: Callable[[], RecordSet | None]) -> Column[ProjectItem]:
    """Return the column; ``records`` gives those that are shown."""

    def cell(item: ProjectItem) -> str:
        shown = records()
        weight = None if shown is None or shown.weights is None else shown.weights.get(item.id)
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
