"""What some measures read beside the columns of the projects: ties, activities, approvals, causes, indicators, care.

Dates are packed (``model``); ``project`` is the index of an entry in the columns, -1 for none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from bri_desktop.analysis.model import IntArray, Links
from bri_desktop.analysis.outcomes import OutcomeEntry


@dataclass(frozen=True, slots=True)
class PairFact:
    """A tie: its places (key, Chinese, English), codes of kind, level and life, first signing and end."""

    id: int
    domestic: tuple[str, str, str]
    foreign: tuple[str, str, str]
    kind: str | None
    level: str | None
    life: str | None
    signed: int
    ended: int

    @property
    def official(self) -> bool:
        """Whether it is a formal sister-city tie, signed and not ended."""
        return self.kind == "sister" and self.signed > 0 and not self.ended and self.life not in ("intent", "ended")


@dataclass(frozen=True, slots=True)
class ActivityFact:
    """An activity of a project or a tie; ``pair`` is the tie's record number, 0 for none."""

    id: int
    project: int
    pair: int
    kind: str | None
    date: int
    head_count: int | None


@dataclass(frozen=True, slots=True)
class StepFact:
    """One step of an approval: ``events`` are (kind, packed date) in order, kind submitted, returned or decided."""

    case: int
    case_title: str
    project: int
    pair: int
    procedure: str
    position: int
    name: str
    events: tuple[tuple[str, int], ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorFact:
    """A target of a project; ``values`` are (packed period, actual)."""

    id: int
    project: int
    name: str
    unit: str | None
    baseline: Decimal | None
    target: Decimal | None
    values: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class OutcomeFact:
    """An outcome of a project with its own date."""

    project: int
    date: int
    entry: OutcomeEntry


@dataclass(frozen=True, slots=True)
class IssuedFact:
    """A workbook sent to a department (index in the organisations), due when (packed), and whether it came back."""

    id: int
    number: str
    department: int
    due: int
    returned: bool


@dataclass(frozen=True, slots=True)
class AsideFact:
    """A row kept aside: ``verdict`` is pending or refused."""

    id: int
    file: str
    sheet: str
    row: int
    verdict: str


@dataclass(frozen=True, slots=True, eq=False)
class Care:
    """How the records are kept: ``filled`` field -> whether each entry has it, ``touched`` packed day of the last
    edit, ``twins`` groups of entries that look alike and were not decided to be different."""

    filled: Mapping[str, IntArray] = field(default_factory=dict)
    touched: IntArray = field(default_factory=lambda: np.empty(0, np.int32))
    twins: tuple[tuple[int, ...], ...] = ()
    issued: tuple[IssuedFact, ...] = ()
    aside: tuple[AsideFact, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Everything beside the columns; empty where nothing is recorded. ``causes`` links entries to the list ``cause``.

    ``rates`` is (currency, year) -> yuan for one unit.
    """

    pairs: tuple[PairFact, ...] = ()
    activities: tuple[ActivityFact, ...] = ()
    steps: tuple[StepFact, ...] = ()
    indicators: tuple[IndicatorFact, ...] = ()
    outcomes: tuple[OutcomeFact, ...] = ()
    causes: Links = field(default_factory=Links)
    care: Care = field(default_factory=Care)
    rates: Mapping[tuple[str, int], Decimal] = field(default_factory=dict)
