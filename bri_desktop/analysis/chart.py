"""A picture of figures as plain values: what stands in it, not how it is drawn.

The same value is drawn on paper, made a native chart of a workbook, and checked by a test against the figures.
"""

from dataclasses import dataclass
from typing import Literal

ChartKind = Literal["columns", "bars", "lines", "paired", "heat"]
"""How the numbers are shown.

``columns``: one or more series side by side over years or a few units, upright, from zero;
``bars``: one series, lying, the largest first, labels at the left;
``lines``: one or more series over years;
``paired``: two series for each unit (share and baseline share; then and now);
``heat``: a matrix, ``series`` are its rows and ``labels`` its columns.
"""


@dataclass(frozen=True, slots=True)
class Series:
    """One line, colour or matrix row: a value for each label (``None``: undefined) and the figure it is.

    ``figures`` has the name of a figure for each value, or ``None`` where the value is no figure of its own.
    ``baseline`` marks what others are compared with (grey, hollow or dashed).
    """

    name: str
    values: tuple[float | None, ...]
    figures: tuple[str | None, ...] = ()
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """What a picture shows. ``unit`` is written at the value axis; ``decimals`` are those of its labels.

    ``percent``: the values are shares 0–1, to be written as 0–100 %. ``highlight`` is the position of the label that
    the text speaks of (the year of the report), -1 for none.
    """

    kind: ChartKind
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    decimals: int = 0
    percent: bool = False
    highlight: int = -1
