"""From the cells of one ledger row to a draft and the problems that keep it from being one."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bri_desktop.domain import folding
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate, parse_date
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.habits import POINT, Habits
from bri_desktop.domain.money import Money, Reading, parse_money
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.validation import is_whole_country, validate
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.domain.written import parse_outcomes, parted
from bri_desktop.excel.grid import DISAGREEMENT, NOT_CALCULATED, DateCell, ErrorCell
from bri_desktop.services.intake_clearing import CLEAR_MARK, cleared_with
from bri_desktop.services.intake_pairs import pair_title

NOTE = "note"
PENDING, REFUSED = "pending", "refused"
REFUSING = frozenset({"date_unreadable", "date_impossible", "cell_error", "required", "before_start", "date_in_future"})
NEW_PLACE, SECOND_AMOUNT = "new:", "second_amount"
UNSETTLED = Habits()
VALUES_KEPT = 50_000
READ_ALONE = frozenset(field.code for field in FIELD_BY_CODE.values() if field.kind not in ("places", "project"))
"""The fields whose value is in their own cell; places need the country, an umbrella project the ledger."""
REGIONS = {"HK": "cn:810000", "MO": "cn:820000", "TW": "cn:710000"}
"""The regions of China by the code that they have beside the countries."""


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of the file and what is done with it: a field, ``note`` (kept as text) or ``None`` (left out)."""

    index: int
    letter: str
    header: str
    field: str | None
    unit: str | None = None
    why: str = ""
    confidence: float = 0.0
    habits: Habits = UNSETTLED


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What a person said of a new place: its level and the key of what it lies in."""

    level: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one cell; ``offers`` are written values that would settle it."""

    sheet: str
    cell: str
    field: str
    value: str
    code: str
    verdict: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as a draft; ``given`` are the fields that the file says something about, cleared ones among them."""

    number: int
    draft: ProjectDraft
    given: frozenset[str]
    problems: tuple[RowProblem, ...]

    @property
    def verdict(self) -> str | None:
        """``refused`` or ``pending`` where a problem says so, else ``None``."""
        verdicts = {problem.verdict for problem in self.problems}
        return REFUSED if REFUSED in verdicts else (PENDING if PENDING in verdicts else None)


@dataclass(slots=True)
class ReadingRules:
    """How the rows of one block are read; ``strict`` asks about amounts without a unit and open dots."""

    sheet: str
    columns: Sequence[MappedColumn]
    codes: CodeBook
    places: PlaceIndex
    known_names: frozenset[str]
    find_project: Callable[[str], str | None]
    today: PartialDate
    new_places: str = "ask"
    pair_kind: str | None = None
    pairs_only: bool = False
    values: Mapping[tuple[int, int], Any] = dataclasses.field(default_factory=dict)
    place_keys: Mapping[tuple[str, str], str] = dataclasses.field(default_factory=dict)
    code_values: Mapping[tuple[str, str], str] = dataclasses.field(default_factory=dict)
    strict: bool = False


class RowReader:
    """Reads the rows of one block; a section row above them may give their domestic place."""

    def __init__(self, rules: ReadingRules) -> None:
        self.rules = rules
        self.section: str | None = None
        self._columns = {column.field: column for column in rules.columns if column.field and column.field != NOTE}
        self._notes = [column for column in rules.columns if column.field == NOTE]
        self._problems: list[RowProblem] = []
        self._raw: Mapping[str, Any] = {}
        self._known_values: dict[tuple[str, type, Any], dict[str, Any]] = {}
        self._number = 0
        self._cleared: set[str] = set()

    def read(self, number: int, cells: Sequence[Any]) -> ReadRow:
        """Return row ``number`` of the sheet as a draft with its problems."""
        self._number, self._problems, self._cleared = number, [], set()
        raw = self._raw = {name: self._cell(column, cells) for name, column in self._columns.items()}
        values: dict[str, Any] = {}
        for name, value in raw.items():
            if value is not None and name in READ_ALONE:
                values |= self._value(name, value)
        values |= self._places(raw)
        values |= self._parent(raw)
        if note := self._note(raw, cells):
            values["note"] = note
        draft = self._complete(ProjectDraft(**{name: value for name, value in values.items() if value}))
        self._check(draft)
        given = {name for name in FIELD_BY_CODE if getattr(draft, name)} | self._cleared
        return ReadRow(number, draft, frozenset(given), tuple(self._problems))

    # -- cells -------------------------------------------------------------------------------------------------

    def _cell(self, column: MappedColumn, cells: Sequence[Any]) -> Any:
        value = cells[column.index] if column.index < len(cells) else None
        if self.rules.values:
            value = self.rules.values.get((self._number, column.index), value)
        if isinstance(value, str):
            value = value.strip()
            if value == CLEAR_MARK and column.field in FIELD_BY_CODE:
                self._cleared |= cleared_with(column.field) - (self._columns.keys() - {column.field})
                return None
            return value or None
        if isinstance(value, ErrorCell):
            code = "readers_differ" if DISAGREEMENT in value.text else "cell_error"
            code = "formula_uncomputed" if value.text == NOT_CALCULATED else code
            self._problem(column.field or NOTE, value.text, code, column=column)
            return None
        return value

    def _problem(
        self,
        name: str,
        value: object,
        code: str,
        *,
        offers: tuple[str, ...] = (),
        values: Mapping[str, Any] | None = None,
        column: MappedColumn | None = None,
    ) -> None:
        column = column or self._columns.get(name)
        cell = f"{column.letter}{self._number}" if column else f"A{self._number}"
        verdict = REFUSED if code in REFUSING else PENDING
        self._problems.append(
            RowProblem(self.rules.sheet, cell, name, as_text(value), code, verdict, dict(values or {}), offers)
        )

    # -- values ------------------------------------------------------------------------------------------------

    def _value(self, name: str, value: Any) -> dict[str, Any]:
        """Read one cell; a ledger says the same few things over and over, so what read well is kept."""
        kind = FIELD_BY_CODE[name].kind
        seen = (name, type(value), value)
        if kind != "money" and seen in self._known_values:
            return self._known_values[seen]
        before = len(self._problems)
        try:
            found = READERS.get(kind, RowReader._text)(self, name, value)
        except ValueProblemError as problem:
            self._problem(name, problem.value, problem.code, offers=problem.offers, values=problem.values)
            return {}
        if len(self._problems) == before and len(self._known_values) < VALUES_KEPT:
            self._known_values[seen] = found
        return found

    def _text(self, name: str, value: Any) -> dict[str, Any]:
        return {name: as_text(value)}

    def _texts(self, name: str, value: Any) -> dict[str, Any]:
        parts = parted(as_text(value), lambda whole: folding.fold(whole) in self.rules.known_names)
        return {name: tuple(dict.fromkeys(parts))}

    def _date(self, name: str, value: Any) -> dict[str, Any]:
        if isinstance(value, DateCell):
            return {name: PartialDate(value.iso[:10])}
        return {name: parse_date(value, self._columns[name].habits)}

    def _money(self, name: str, value: Any) -> dict[str, Any]:
        column = self._columns[name]
        reading = Reading(column.habits.dots or (None if self.rules.strict else POINT), self.rules.strict)
        if (self._number, column.index) in self.rules.values:
            reading = replace(reading, dots=POINT)  # what a person wrote into the preview is no habit of the file
        currency = as_text(self._raw.get("currency"))
        return {name: parse_money(as_number(value), unit=column.unit, currency=currency, reading=reading)}

    def _outcomes(self, name: str, value: Any) -> dict[str, Any]:
        return {name: parse_outcomes(as_text(value))}

    def _code(self, name: str, value: Any) -> dict[str, Any]:
        if name == "domain":
            found = self._code_list(name, "domain", value)
            return {"domain": found[0], "domains": found[1:]} if found else {}
        return self._one_code(name, as_text(value))

    def _one_code(self, name: str, text: str) -> dict[str, Any]:
        listed = FIELD_BY_CODE[name].list or name
        code = self.rules.code_values.get((name, text)) or self.rules.codes.find(listed, text)
        if code:
            return {name: code}
        if name == "mode" and (submode := self.rules.codes.find("submode", text)):
            return {"mode": self.rules.codes.parent("submode", submode), "submode": submode}
        self._problem(name, text, "code_unknown", offers=self._labels(listed), values={"list": listed})
        return {}

    def _codes(self, name: str, value: Any) -> dict[str, Any]:
        return {name: self._code_list(name, FIELD_BY_CODE[name].list or name, value)}

    def _code_list(self, name: str, listed: str, value: Any) -> tuple[str, ...]:
        found: list[str] = []
        for text in parted(as_text(value), lambda whole: self.rules.codes.find(listed, whole) is not None):
            code = self.rules.code_values.get((name, text)) or self.rules.codes.find(listed, text)
            if code is None:
                self._problem(name, text, "code_unknown", offers=self._labels(listed), values={"list": listed})
            else:
                found.append(code)
        return tuple(dict.fromkeys(found))

    def _labels(self, listed: str) -> tuple[str, ...]:
        return tuple(label.name_zh for label in self.rules.codes.codes(listed))

    # -- places ------------------------------------------------------------------------------------------------

    def _places(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        domestic = as_text(raw.get("domestic_places")) or (self.section or "")
        countries = self._countries(as_text(raw.get("country")))
        foreign = self._resolve_all("foreign_places", as_text(raw.get("foreign_places")), "foreign", countries)
        named = {self._country_of(key) for key in foreign}
        foreign += tuple(REGIONS.get(iso2, f"co:{iso2}") for iso2 in countries if iso2 != "CN" and iso2 not in named)
        return {
            "domestic_places": self._resolve_all("domestic_places", domestic, "domestic", ()),
            "foreign_places": foreign,
        }

    def _country_of(self, key: str) -> str | None:
        if key.startswith(NEW_PLACE):
            return key.split(":")[1]
        entry = self.rules.places.get(key)
        return entry.country if entry else None

    def _countries(self, text: str) -> tuple[str, ...]:
        found: list[str] = []
        for part in parted(text, lambda whole: self.rules.places.country_of(whole) is not None):
            iso2 = self.rules.code_values.get(("country", part)) or self.rules.places.country_of(part)
            if iso2 is None:
                self._problem("country", part, "country_unknown")
            else:
                found.append(iso2)
        return tuple(dict.fromkeys(found))

    def _resolve_all(self, name: str, text: str, side: str, countries: Sequence[str]) -> tuple[str, ...]:
        def known(whole: str) -> bool:
            resolve = self.rules.places.resolve
            return any(resolve(whole, country=c, side=side).status == "exact" for c in countries or (None,))

        keys = [self._resolve(name, part, side, countries) for part in parted(text, known)]
        return tuple(dict.fromkeys(key for key in keys if key))

    def _resolve(self, name: str, text: str, side: str, countries: Sequence[str]) -> str | None:
        for country in (*countries, ""):
            decided = self.rules.place_keys.get((text, country))
            if decided:
                return decided
        matches = [self.rules.places.resolve(text, country=country, side=side) for country in countries or (None,)]
        exact = [match.key for match in matches if match.status == "exact" and match.key]
        if len(exact) == 1:
            return exact[0]
        candidates = tuple(dict.fromkeys(c.key for match in matches for c in match.candidates))
        if exact or any(match.status == "ambiguous" for match in matches):
            self._problem(name, text, "place_ambiguous", offers=candidates, values={"country": ",".join(countries)})
            return None
        if self.rules.new_places == "accept" and (len(countries) == 1 or side == "domestic"):
            return f"{NEW_PLACE}{countries[0] if countries else 'CN'}:{text}"
        self._problem(name, text, "place_unknown", offers=candidates, values={"country": ",".join(countries)})
        return None

    def _parent(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Find the umbrella project by its key or code; one that is not there yet leaves the row pending."""
        text = as_text(raw.get("parent"))
        if not text:
            return {}
        key = self.rules.find_project(text)
        if key is None:
            self._problem("parent", text, "record_unknown", values={"key": text})
            return {}
        return {"parent": key}

    # -- the whole row -----------------------------------------------------------------------------------------

    def _note(self, raw: Mapping[str, Any], cells: Sequence[Any]) -> str | None:
        parts = [as_text(raw.get(NOTE))] if raw.get(NOTE) else []
        for column in self._notes:
            value = self._cell(column, cells)
            if value is not None and column.why == SECOND_AMOUNT:
                self._problem("amount", value, SECOND_AMOUNT, values={"header": column.header}, column=column)
            elif value is not None:
                foreign = column.header and column.why == "unknown"
                parts.append(f"{column.header}：{as_text(value)}" if foreign else as_text(value))
        return "\n".join(parts) or None

    def _complete(self, draft: ProjectDraft) -> ProjectDraft:
        if draft.submode and not draft.mode:
            draft = replace(draft, mode=self.rules.codes.parent("submode", draft.submode))
        if draft.domain in draft.domains:
            draft = replace(draft, domains=tuple(code for code in draft.domains if code != draft.domain))
        if not self.rules.pairs_only:
            return draft
        kind = draft.pair_kind or self.rules.pair_kind
        if kind is None:
            if not any(problem.field == "pair_kind" for problem in self._problems):
                self._problem("pair_kind", "", "pair_kind_needed", offers=self._labels("pair_kind"))
            return draft
        title = draft.title or pair_title(draft, kind, self._place_name)
        return replace(draft, pair_kind=kind, mode=draft.mode or "sister_city", title=title)

    def _place_name(self, key: str) -> str:
        return key.rpartition(":")[2] if key.startswith(NEW_PLACE) else self.rules.places.display(key, "zh_CN")

    def _check(self, draft: ProjectDraft) -> None:
        blamed = {problem.field for problem in self._problems}
        no_city = self.rules.pairs_only and any(map(is_whole_country, draft.foreign_places))
        if no_city and "foreign_places" not in blamed:
            self._problem("foreign_places", self._raw.get("country"), "pair_needs_two_places")
        for problem in validate(draft, today=self.rules.today):
            needs_places = problem.field in ("pair_kind", "title") and blamed & {
                "domestic_places",
                "foreign_places",
                "country",
                "pair_kind",
            }
            if problem.field not in blamed and not needs_places:
                value = getattr(draft, problem.field)
                self._problem(problem.field, value, problem.code, values=problem.values)


def as_text(value: Any) -> str:
    """Return a cell's value as text: whole floats without a point, dates as ISO, empty as ``""``."""
    match value:
        case None:
            return ""
        case str():
            return value
        case DateCell(iso=iso):
            return iso
        case ErrorCell(text=text):
            return text
        case PartialDate(value=text):
            return text
        case Money(amount=amount, currency=currency):
            return f"{amount} {currency}"
        case float() if value.is_integer():
            return str(int(value))
        case tuple():
            return "、".join(as_text(part) for part in value)
        case OutcomeDraft(what=what):
            return what or ""
    return str(value)


def as_number(value: Any) -> Any:
    """Return a number or text for the money parser; a date in a money cell stays visible as text."""
    return as_text(value) if isinstance(value, DateCell | bool) else value


Reader = Callable[[RowReader, str, Any], dict[str, Any]]
READERS: Mapping[str, Reader] = {
    "date": RowReader._date,
    "money": RowReader._money,
    "outcomes": RowReader._outcomes,
    "code": RowReader._code,
    "codes": RowReader._codes,
    "texts": RowReader._texts,
    "organisations": RowReader._texts,
}
