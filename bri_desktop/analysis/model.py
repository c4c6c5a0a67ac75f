"""What statistics are made from and what they give: compact columns in, one frozen result out.

An *entry* is whatever is counted once: usually a project; a pair of cities can be passed through the same columns.
Dates are packed integers ``yyyymmdd`` in which an unknown part is zero: ``20170517`` (day), ``20170500`` (month),
``20170000`` (year), ``0`` (no date). They order as their ISO texts do.
"""

import datetime
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int32]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

Count = Literal["stock", "flow", "ended", "active", "pipeline"]
COUNTS: tuple[Count, ...] = ("stock", "flow", "ended", "active", "pipeline")


def ints(values: Sequence[int | None] | IntArray) -> IntArray:
    """Return an int32 column; ``None`` becomes -1 (no code, no parent)."""
    if isinstance(values, np.ndarray):
        return values.astype(np.int32, copy=False)
    return np.fromiter((-1 if value is None else value for value in values), dtype=np.int32, count=len(values))


def pack_date(text: str | None) -> int:
    """Return an ISO date of reduced precision (``2017``, ``2017-05``, ``2017-05-17``) packed; ``None`` gives 0."""
    return int(text.replace("-", "").ljust(8, "0")) if text else 0


def pack_dates(texts: Sequence[str | None]) -> IntArray:
    """Return a column of packed dates."""
    return np.fromiter((pack_date(text) for text in texts), dtype=np.int32, count=len(texts))


@dataclass(frozen=True, slots=True)
class CodeRef:
    """One value of a code list; an own status has in ``counts_as`` the built-in one whose rules hold for it."""

    code: str
    zh: str
    en: str
    counts_as: str | None = None


@dataclass(frozen=True, slots=True)
class CountryRef:
    """A country, or one of the three regions of China (``region_of`` is ``CN``).

    ``continent`` is a code (``asia``); ``continent5_zh`` and ``subregion`` are as in ``countries.csv``; ``income``
    is year -> L, LM, UM, H; ``tiers`` year -> code of the list ``finance_tier``.
    """

    iso2: str
    zh: str
    en: str
    continent: str
    continent5_zh: str
    subregion: str
    region_of: str | None = None
    bri_from: int | None = None
    bri_until: int | None = None
    income: Mapping[int, str] = field(default_factory=dict)
    tiers: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CorridorRef:
    """An economic corridor: its member countries (ISO alpha-2) and the Chinese names of its foreign node cities."""

    code: str
    zh: str
    en: str
    members: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A place: province and prefecture are keys of the place's own ancestors (``310000`` or ``cn:310000``)."""

    key: str
    zh: str
    en: str
    country: str
    level: str = "prefecture"
    province: str | None = None
    prefecture: str | None = None


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """A department or partner; ``kind`` is a code of the ``actor`` list."""

    key: str
    name: str
    kind: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Pairs of an entry's index and the index of what it is linked to, in any order, repeats allowed."""

    project: IntArray = field(default_factory=lambda: np.empty(0, np.int32))
    target: IntArray = field(default_factory=lambda: np.empty(0, np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class StatusChanges:
    """Dated changes of status: entry index, index into the ``status`` list, packed date."""

    project: IntArray = field(default_factory=lambda: np.empty(0, np.int32))
    status: IntArray = field(default_factory=lambda: np.empty(0, np.int32))
    date: IntArray = field(default_factory=lambda: np.empty(0, np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class ProjectColumns:
    """One entry a project; all arrays have the same length. Code columns index ``StatsData.codes[list]``, -1 is none.

    ``parent`` is the index of the umbrella entry or -1; ``department`` indexes ``StatsData.organisations``;
    ``has_outcome`` says whether a quantified outcome is recorded; ``pair`` is the record number of the tie, 0 for none.
    """

    id: IntArray
    status: IntArray
    start: IntArray
    ended: IntArray
    planned_start: IntArray
    planned_end: IntArray
    parent: IntArray
    nature: IntArray
    mode: IntArray
    submode: IntArray
    domain: IntArray
    level: IntArray
    pair_kind: IntArray
    department: IntArray
    has_outcome: BoolArray
    changes: StatusChanges = field(default_factory=StatusChanges)
    pair: IntArray = field(default_factory=lambda: np.empty(0, np.int32))

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True)
class BaselineTable:
    """A baseline the user brings (population, trade …): unit key of ``dimension`` -> value >= 0, of one year."""

    name: str
    dimension: str
    values: Mapping[str, float]
    year: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class StatsData:
    """Everything the statistics read, in compact form; build it once and keep it until a ``Changes`` says otherwise.

    In order of entry index: ``foreign`` and ``domestic`` index ``places``; ``domains`` and ``fields`` index
    ``codes['domain']`` and ``codes['field']``; ``sdg`` ``codes['sdg']`` (goals or targets, ``11`` or ``11.6``), without
    such a list goal number - 1; ``corridors`` ``corridor_refs``; ``actors`` ``organisations``; ``outcomes``
    ``codes['outcome_class']``. A target of -1 is no value.

    ``codes`` holds the lists ``status nature mode submode domain field level pair_kind outcome_class actor continent
    income`` and optionally ``sdg``, each in its own order. ``cache`` keeps what was prepared from the
    columns; a new ``StatsData`` starts with an empty one.
    """

    projects: ProjectColumns
    countries: tuple[CountryRef, ...]
    provinces: tuple[CodeRef, ...]
    places: tuple[PlaceRef, ...]
    codes: Mapping[str, tuple[CodeRef, ...]]
    corridor_refs: tuple[CorridorRef, ...] = ()
    organisations: tuple[OrganisationRef, ...] = ()
    foreign: Links = field(default_factory=Links)
    domestic: Links = field(default_factory=Links)
    domains: Links = field(default_factory=Links)
    fields: Links = field(default_factory=Links)
    sdg: Links = field(default_factory=Links)
    corridors: Links = field(default_factory=Links)
    actors: Links = field(default_factory=Links)
    outcomes: Links = field(default_factory=Links)
    baselines: Mapping[str, BaselineTable] = field(default_factory=dict)
    cache: dict[Hashable, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class StatsRequest:
    """What to count: at the end of ``year`` (``None``: ``today``), or for every year of ``span`` (both ends included).

    ``measures`` empty means the default ones; ``baseline`` ``None`` the default of the dimension;
    ``regions_of_china`` takes 中国香港、中国澳门、中国台湾 in; ``records`` puts the record keys into the JSON.
    ``kind`` says what an entry is (``project``, ``pair``, ``agreement``, ``activity``).
    """

    today: datetime.date
    count: Count = "stock"
    year: int | None = None
    span: tuple[int, int] | None = None
    by: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    baseline: str | None = None
    regions_of_china: bool = False
    records: bool = False
    kind: str = "project"


@dataclass(frozen=True, slots=True, eq=False)
class TableMembers:
    """The entries behind one table: of each counted (``mask``) entry and slot, the weight; ``slot_row`` slot -> row."""

    first_row: int
    mask: BoolArray
    project: IntArray
    slot: IntArray
    weight: FloatArray
    slot_row: IntArray

    def chosen(self, slots: IntArray) -> BoolArray:
        """Return which (entry, slot) are counted and have one of ``slots``."""
        return np.isin(self.slot, slots) & self.mask[self.project]


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Which records stand behind each figure; worked out only when one is opened.

    ``groups`` are masks over the entries: ``total``, ``undated``, ``pipeline``, ``ended_unknown``.
    """

    ids: IntArray = field(default_factory=lambda: np.empty(0, np.int32))
    groups: Mapping[str, BoolArray] = field(default_factory=dict)
    tables: tuple[TableMembers, ...] = ()

    def of(self, position: int) -> tuple[tuple[int, float], ...]:
        """Return (record id, weight) of the row at ``position``; the weights sum to the row's weight."""
        table = [table for table in self.tables if table.first_row <= position][-1]
        return self._pairs(table, np.flatnonzero(table.slot_row == position - table.first_row).astype(np.int32))

    def distinct(self, positions: Sequence[int]) -> int:
        """Return how many different records stand behind the rows at ``positions`` together."""
        seen = np.zeros(len(self.ids), np.bool_)
        for table in self.tables:
            slots = np.flatnonzero(np.isin(table.slot_row + table.first_row, positions) & (table.slot_row >= 0))
            seen[table.project[table.chosen(slots.astype(np.int32))]] = True
        return int(np.count_nonzero(seen))

    def outside(self) -> tuple[tuple[int, float], ...]:
        """Return (record id, weight) of what has no row in the last table; the weights sum to ``outside``."""
        if not self.tables:
            return ()
        weights: dict[int, float] = {}
        for record, weight in self._pairs(
            self.tables[-1], np.flatnonzero(self.tables[-1].slot_row < 0).astype(np.int32)
        ):
            weights[record] = weights.get(record, 0.0) + weight
        return tuple(weights.items())

    def group(self, name: str) -> tuple[int, ...]:
        """Return the record ids of ``total``, ``undated``, ``pipeline`` or ``ended_unknown``."""
        return tuple(self.ids[self.groups[name]].tolist())

    def _pairs(self, table: TableMembers, slots: IntArray) -> tuple[tuple[int, float], ...]:
        chosen = table.chosen(slots)
        ids = self.ids[table.project[chosen]].tolist()
        return tuple(zip(ids, table.weight[chosen].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class StatsRow:
    """One unit (or one pair of units): whole count, fractional weight, share 0–1 and its shown per cent.

    ``baseline_share`` 0–1, ``ratio`` share ÷ baseline share, ``gap`` in entries (missing +, excess −); ``None`` where
    undefined. A key ``None`` is the row of what has no value. ``measures`` are those asked for that are of a row
    itself (its practical share, its uncertainty).
    """

    keys: tuple[str | None, ...]
    labels: tuple[str, ...]
    count: int
    weight: float
    share: float | None = None
    share_shown: float | None = None
    baseline_share: float | None = None
    ratio: float | None = None
    gap: float | None = None
    measures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str | None:
        """The key of the first dimension."""
        return self.keys[0]

    @property
    def label(self) -> str:
        """The label; of two dimensions, both."""
        return " · ".join(self.labels)

    @property
    def is_unit(self) -> bool:
        """Whether this is a unit of the dimensions, not the row of what has no value."""
        return None not in self.keys

    def to_json(self) -> dict[str, Any]:
        """Return the JSON of ``stats``; two dimensions give ``keys`` and ``labels``."""
        name: dict[str, Any] = {"key": self.keys[0], "label": self.labels[0]}
        if len(self.keys) > 1:
            name = {"keys": list(self.keys), "labels": list(self.labels)}
        figures: dict[str, Any] = {"count": self.count, "weight": self.weight}
        if self.is_unit:
            figures |= {"share": self.share, "share_shown": self.share_shown, "baseline_share": self.baseline_share}
            figures |= {"ratio": self.ratio, "gap": self.gap}
        if self.measures:
            figures["measures"] = dict(self.measures)
        return name | figures


@dataclass(frozen=True, slots=True)
class YearPoint:
    """One year of a span: total, stock equation and the measures of that year."""

    year: int
    total: int
    stock: int
    flow: int
    ended: int
    ended_unknown: int
    n: int | None
    measures: Mapping[str, Any]
    with_parents: int = 0


@dataclass(frozen=True, slots=True)
class StatsResult:
    """A table of figures with the rule it was counted by; the screen, the files and the JSON all show this value.

    ``total`` distinct entries counted (leaves), ``with_parents`` the same with umbrella projects, ``hmt`` how many of
    them have a counterpart in Hong Kong, Macao or Taiwan of China, whether taken in or not; ``undated``,
    ``pipeline`` and ``ended_unknown`` entries left out of every year; ``outside`` the weight outside the units of the
    baseline: total = weights of all rows + outside. ``n`` units of the measures.
    """

    count: Count
    year: int | None
    span: tuple[int, int] | None
    today: datetime.date
    by: tuple[str, ...]
    rule: str
    total: int
    with_parents: int
    undated: int
    pipeline: int
    ended_unknown: int
    outside: float
    baseline: str | None
    baseline_year: int | None
    n: int | None
    rows: tuple[StatsRow, ...]
    measures: Mapping[str, Any]
    series: tuple[YearPoint, ...] = ()
    notes: tuple[str, ...] = ()
    records: bool = False
    kind: str = "project"
    hmt: int = 0
    members: Members = field(default_factory=Members, compare=False, repr=False)

    def records_of(self, *keys: str | None) -> tuple[tuple[int, float], ...]:
        """Return (record id, weight) behind the row with these keys; raise ``KeyError`` for a row there is not."""
        for position, row in enumerate(self.rows):
            if row.keys == keys:
                return self.members.of(position)
        raise KeyError(keys)

    def distinct(self, rows: Sequence[StatsRow]) -> int:
        """Return how many different entries stand behind several rows of this result together."""
        wanted = {row.keys for row in rows}
        return self.members.distinct([place for place, row in enumerate(self.rows) if row.keys in wanted])

    def to_json(self, record_key: Callable[[int], str] = str) -> dict[str, Any]:
        """Return the JSON of ``stats``; ``record_key`` makes a record's key of its id."""
        rows = [row.to_json() for row in self.rows]
        if self.records:
            for position, row in enumerate(rows):
                row["records"] = [record_key(id_) for id_, _ in self.members.of(position)]
        outside = int(self.outside) if float(self.outside).is_integer() else self.outside
        figures: dict[str, Any] = {"count": self.count, "year": self.year, "rule": self.rule, "total": self.total}
        figures |= {"undated": self.undated, "pipeline": self.pipeline, "outside": outside}
        figures |= {"baseline": self.baseline, "n": self.n, "rows": rows, "measures": dict(self.measures)}
        figures |= {"span": list(self.span) if self.span else None, "date": self.today.isoformat()}
        names = ("with_parents", "ended_unknown", "kind", "hmt", "baseline_year")
        figures |= {name: getattr(self, name) for name in names} | {"notes": list(self.notes)}
        if self.series:
            figures["series"] = [_point(point) for point in self.series]
        return figures


def _point(point: YearPoint) -> dict[str, Any]:
    names = ("year", "total", "with_parents", "stock", "flow", "ended", "ended_unknown", "n")
    return {name: getattr(point, name) for name in names} | {"measures": dict(point.measures)}
