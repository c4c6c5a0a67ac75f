"""The workshop of a summary: asks the statistics, names their figures, and remembers which records stand behind each.

Nothing is counted here. A figure is made of a result of ``services.statistics``, or of a list of records that a
section read, and keeps the way to its records, which is only gone when the figure is opened or frozen.
"""

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.analysis.model import StatsRequest, StatsResult
from bri_desktop.i18n import tr
from bri_desktop.reports.document import NAME_LENGTH, Block, Figure, Paragraph, ParagraphKind, Runs, Value
from bri_desktop.reports.wording import (
    ABSENT,
    Growth,
    amount,
    exact,
    per_cent,
    plain_number,
    runs_of,
    signed,
    whole,
)
from bri_desktop.services.statistics import statistics
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.visibility import Hidden

Ids = Sequence[int]
FROZEN_NAME = "_frozen"
"""Ends the name of a figure that stands as the frozen summary of another year said it."""
Words = Callable[[str], str]
"""Puts a number into a phrase."""


@dataclass(frozen=True, slots=True)
class Source:
    """The way to the records behind a figure: their kind (project, pair, agreement …) and their numbers, read late."""

    kind: str
    ids: Callable[[], Ids]


def name_of(*parts: object) -> str:
    """Return a name for a figure from its parts: ASCII, at most 36 characters, the same in every run and year."""
    raw = "_".join(str(part) for part in parts if part not in (None, ""))
    text = re.sub(r"[^A-Za-z0-9]+", "_", raw).strip("_").lower()
    if re.fullmatch(r"[A-Za-z0-9_:.\-]+", raw) and len(text) <= NAME_LENGTH and text[:1].isalpha():
        return text
    digest = hashlib.blake2b(raw.encode(), digest_size=4).hexdigest()
    head = re.match(r"[a-z0-9_]*", text)
    stem = (head[0] if head else "")[: NAME_LENGTH - 10].strip("_")
    return f"{stem if stem[:1].isalpha() else 'f'}_{digest}"


def frozen_name(name: str) -> str:
    """Return the name of a figure as another year's frozen summary said it, from that of the figure of today."""
    if len(name) + len(FROZEN_NAME) <= NAME_LENGTH:
        return f"{name}{FROZEN_NAME}"
    return f"f_{hashlib.blake2b(name.encode(), digest_size=8).hexdigest()}{FROZEN_NAME}"


@dataclass(frozen=True, slots=True)
class FrozenFigures:
    """The figures of a frozen year: name -> value, and the way to the records behind each."""

    values: Mapping[str, Any]
    behind: Callable[[str], Source | None]


@dataclass(slots=True)
class Book:
    """Everything that one summary is made from. ``day`` is the last day looked at: the year's end, at most today."""

    session: Session
    year: int
    today: datetime.date
    cache: StatisticsCache
    internal: bool
    figures: dict[str, Figure] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    frozen: Mapping[int, FrozenFigures] = field(default_factory=dict)
    """The other years that were declared final, for what is held against them."""
    restated: dict[str, tuple[Figure, Figure]] = field(default_factory=dict)
    """Figure of a frozen year -> as it was published, and by the ledger of today, where the two differ."""
    rule: str = ""
    """How figures are counted that are entered without a rule of their own."""
    _asked: dict[Any, StatsResult] = field(default_factory=dict)

    @property
    def day(self) -> datetime.date:
        """The last day that is looked at."""
        return min(self.today, datetime.date(self.year, 12, 31))

    @property
    def hidden(self) -> Hidden:
        """The records that are left out."""
        return self.cache.hidden(self.session)

    def ask(
        self,
        count: str = "stock",
        *,
        year: int | None = None,
        span: tuple[int, int] | None = None,
        by: tuple[str, ...] = (),
        measures: tuple[str, ...] = (),
        kind: str = "project",
        pair_kind: str | None = None,
    ) -> StatsResult:
        """Return what ``stats`` gives for the same options; asked once."""
        of_year = None if span else (self.year if year is None else year)
        request = StatsRequest(
            self.today, count=_COUNTS[count], year=of_year, span=span, by=by, measures=measures, kind=kind
        )
        key = (request, pair_kind)
        if key not in self._asked:
            self._asked[key] = statistics(self.session, request, pair_kind=pair_kind, cache=self.cache)
        return self._asked[key]

    # -- figures -----------------------------------------------------------------------------------------------

    def put(
        self,
        name: str,
        value: Value,
        shown: str,
        unit: str = "",
        source: Source | None = None,
        rule: str | None = None,
    ) -> Figure:
        """Enter a figure; the same name gives the figure that is there, or a further name for another value."""
        known = self.figures.get(name)
        if known is not None:
            if (known.value, known.shown) == (value, shown):
                return known
            return self.put(name_of(name, shown, unit), value, shown, unit, source, rule)
        figure = Figure(name, value, shown, unit, self.rule if rule is None else rule)
        self.figures[name] = figure
        if source is not None:
            self.sources[name] = source
        return figure

    def count(self, name: str, number: int, source: Source | None = None, rule: str | None = None) -> Figure:
        """Enter a count."""
        return self.put(name, number, whole(number), source=source, rule=rule)

    def total(self, name: str, result: StatsResult, group: str = "total") -> Figure:
        """Enter the total of a result, or one of its groups (undated, pipeline, ended_unknown)."""
        members = result.members
        source = Source(result.kind, lambda: members.group(group))
        return self.count(name, int(getattr(result, group)), source, result.rule if group == "total" else None)

    def row(self, name: str, result: StatsResult, position: int) -> Figure:
        """Enter the count of a row."""
        return self.count(name, result.rows[position].count, self.behind(result, position), result.rule)

    def behind(self, result: StatsResult, *positions: int) -> Source:
        """Return the way to the records of some rows together."""
        members = result.members

        def ids() -> Ids:
            return tuple(dict.fromkeys(id_ for position in positions for id_, _ in members.of(position)))

        return Source(result.kind, ids)

    def share(
        self,
        name: str,
        share: float | None,
        shown: float | None = None,
        source: Source | None = None,
        rule: str | None = None,
    ) -> Figure:
        """Enter a share 0–1; ``shown`` is the per cent it is printed as where shares have to add up to 100."""
        text = per_cent(share) if shown is None else f"{shown:.1f}%"
        return self.put(name, share, text, source=source, rule=rule)

    def number(self, name: str, value: float | None, source: Source | None = None, *, decimals: int = 1) -> Figure:
        """Enter another number."""
        return self.put(name, value, plain_number(value, decimals), source=source)

    def exact(self, name: str, value: Decimal | None, unit: str = "", source: Source | None = None) -> Figure:
        """Enter an exact quantity."""
        return self.put(name, value, exact(value), unit, source)

    def money(self, name: str, value: Decimal | None, currency: str, source: Source | None = None) -> Figure:
        """Enter an amount."""
        return self.put(name, value, amount(value, currency), currency, source)

    def difference(self, name: str, now: Figure, before: Figure | None) -> Figure:
        """Enter now − before with its sign; undefined where there is nothing before."""
        both = (now.value, before.value if before else None)
        if not all(isinstance(value, int) for value in both):
            return self.put(name, None, ABSENT, source=self.all_of(now, before), rule=now.rule)
        change = int(str(both[0])) - int(str(both[1]))
        return self.put(name, change, signed(change), source=self.moved(now, before), rule=now.rule)

    def all_of(self, *figures: Figure | None) -> Source | None:
        """Return the way to the records of several figures together; ``None`` where none has any."""
        ways = [self.sources[figure.name] for figure in figures if figure is not None and figure.name in self.sources]
        if not ways:
            return None
        return Source(ways[0].kind, lambda: sorted({id_ for way in ways for id_ in way.ids()}))

    def moved(self, now: Figure, before: Figure | None) -> Source | None:
        """Return the way to the records that came and went between two figures."""
        first = self.sources.get(now.name)
        second = self.sources.get(before.name) if before is not None else None
        if first is None or second is None:
            return None
        return Source(first.kind, lambda: sorted(set(first.ids()) ^ set(second.ids())))

    def growth(self, name: str, now: Figure, before: Figure | None) -> Growth:
        """Enter the difference to and the growth over the year before, as positive numbers for a sentence."""
        if before is None or not isinstance(before.value, int) or not isinstance(now.value, int):
            return Growth(now, None)
        change = now.value - before.value
        # A sentence says "fewer" itself: what it prints has no sign, what it means has.
        shown = whole(abs(change))
        way = self.moved(now, before)
        difference = self.put(f"{name}_difference", change, shown, source=way, rule=now.rule)
        rate = change / before.value if before.value else None
        text = per_cent(abs(rate)) if rate is not None else ABSENT
        return Growth(now, before, difference, self.put(f"{name}_rate", rate, text, source=way, rule=now.rule))

    def as_frozen(self, code: str, year: int, name: str) -> Figure | None:
        """Enter what the figure ``code`` of a frozen year said, by a name of its own after ``name``; ``None`` for a
        year or a figure that was not frozen."""
        then = self.frozen.get(year)
        value = then.values.get(code) if then is not None else None
        if then is None or isinstance(value, str | None):
            return None
        shown = whole(value) if isinstance(value, int) else per_cent(value)
        rule = tr("As frozen in the summary of {year}.", year=year)
        return self.put(frozen_name(name), value, shown, source=then.behind(code), rule=rule)

    def published(self, code: str, year: int, today: Figure) -> Figure:
        """Return the figure ``code`` of an earlier year as its frozen summary said it, where corrections made it
        another one since: what the reader of that summary knows. ``today`` is that of the ledger as it stands now."""
        then = self.as_frozen(code, year, today.name)
        if then is None or then.shown == today.shown:
            return today
        self.restated[name_of(code, year)] = (then, today)
        return then

    # -- text --------------------------------------------------------------------------------------------------

    def paragraph(self, text: str, kind: ParagraphKind = "text") -> Paragraph:
        """Return a text with placeholders as a paragraph."""
        return Paragraph(runs_of(text, self.figures), kind)

    def paragraphs(self, texts: Iterable[str]) -> list[Block]:
        """Return the paragraphs of those texts that say something."""
        return [self.paragraph(text) for text in texts if text]

    def cell(self, content: Figure | str) -> Runs:
        """Return the runs of a cell."""
        if isinstance(content, Figure):
            return (content,)
        return runs_of(content, self.figures) if content else ()


_COUNTS: dict[str, Any] = {count: count for count in ("stock", "flow", "ended", "active", "pipeline")}
