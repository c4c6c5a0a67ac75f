"""A picture of figures as plain values: what stands in it, not how it is drawn.

The same value is drawn on paper, made a native chart of a workbook, and checked by a test against the figures.
"""

from dataclasses import dataclass
from typing import Literal

from bri_desktop.analysis.georeference import Georeference

ChartKind = Literal["columns", "bars", "lines", "paired", "heat", "map"]
"""How the numbers are shown.

``columns``: one or more series side by side over years or a few units, upright, from zero;
``bars``: one series, lying, the largest first, labels at the left;
``lines``: one or more series over years;
``paired``: two series for each unit (share and baseline share; then and now);
``heat``: a matrix, ``series`` are its rows and ``labels`` its columns;
``map``: a point for each label, its area by the only series, on the sketch of land and sea or a standard map picture.
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
class MapArc:
    """A tie between two places (longitude and latitude of each, in degrees); an approved one is ``strong``."""

    start: tuple[float, float]
    end: tuple[float, float]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class MapBase:
    """A standard map picture: its content, name and approval number (审图号), and how it lies on the earth.

    ``file`` is where the picture lies on this machine, known only when the document is made.
    """

    sha256: str
    name: str
    number: str
    reference: Georeference
    file: str = ""


@dataclass(frozen=True, slots=True)
class MapGround:
    """What a map is drawn of besides its values: (longitude, latitude) of each label, which are at home, the ties."""

    places: tuple[tuple[float, float], ...]
    homes: tuple[bool, ...]
    arcs: tuple[MapArc, ...] = ()
    base: MapBase | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """What a picture shows. ``unit`` is written at the value axis; ``decimals`` are those of its labels.

    ``percent``: the values are shares 0–1, to be written as 0–100 %. ``highlight`` is the position of the label that
    the text speaks of (the year of the report), -1 for none. ``ground`` is that of a map.
    """

    kind: ChartKind
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    decimals: int = 0
    percent: bool = False
    highlight: int = -1
    ground: MapGround | None = None
