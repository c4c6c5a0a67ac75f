"""From the cells of one ledger row to a draft and the problems that keep it from being one."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bri_desktop.domain import folding
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate, is_no_date, parse_date
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.habits import POINT, Habits
from bri_desktop.domain.money import Money, Reading, is_no_amount, parse_money
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.validation import is_whole_country, validate
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.domain.written import parse_outcomes, parted
from bri_desktop.excel.grid import DISAGREEMENT, NOT_CALCULATED, DateCell, ErrorCell
from bri_desktop.excel.merges import Merges, area_text
from bri_desktop.excel.own_sheets import is_cut
from bri_desktop.services.intake_clearing import CLEAR_MARK, cleared_with
from bri_desktop.services.intake_pairs import pair_title
from bri_desktop.services.intake_place import NEW_PLACE, PlaceReader

NOTE = "note"
PENDING, REFUSED = "pending", "refused"
REFUSING = frozenset({"date_unreadable", "date_impossible", "cell_error", "required"})
"""What keeps a row from being a record, unless there are readings to choose from; everything else is a question."""
SECOND_AMOUNT = "second_amount"
MERGED = "merged"
"""The name under which a problem says from which merged cells its cell was filled."""
EMPTY_MARKS = frozenset({"/", "／", "\\", "-", "--", "—", "——", "－", "–"})
"""What is written into a cell of a form to say that it was not forgotten: it is blank."""
SAYS_NONE: Mapping[str, Callable[[str], bool]] = {"date": is_no_date, "money": is_no_amount}
"""Kind of field -> whether a text says that there is no value: it is kept as a note."""
UNSETTLED = Habits()
VALUES_KEPT = 50_000
READ_ALONE = frozenset(field.code for field in FIELD_BY_CODE.values() if field.kind not in ("places", "project"))
"""The fields whose value is in their own cell; places need the country, an umbrella project the ledger."""


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of the file and what is done with it: a field, ``note`` (kept as text) or ``None`` (left out).

    ``unit_said``: the unit was given by a person or a profile, not found in the file.
    """

    index: int
    letter: str
    header: str
    field: str | None
    unit: str | None = None
    why: str = ""
    confidence: float = 0.0
    habits: Habits = UNSETTLED
    unit_said: bool = False


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
    """A row as a draft; ``given`` are the fields that the file says something about, cleared ones among them.

    ``letters`` are the columns of the fields. ``adds_note``: the note is only what other columns say.
    """

    number: int
    draft: ProjectDraft
    given: frozenset[str]
    problems: tuple[RowProblem, ...]
    letters: Mapping[str, str] = dataclasses.field(default_factory=dict)
    adds_note: bool = False

    def cell(self, field: str) -> str:
        """Return the address of the cell that gives a field; of the first cell where none does."""
        return f"{self.letters.get(field, 'A')}{self.number}"

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
    merges: Merges | None = None
    first_row: int = 1


class RowReader:
    """Reads the rows of one block; a section row above them may give their domestic place."""

    def __init__(self, rules: ReadingRules) -> None:
        self.rules = rules
        self.section: str | None = None
        self._columns = {column.field: column for column in rules.columns if column.field and column.field != NOTE}
        self._notes = [column for column in rules.columns if column.field == NOTE]
        self._place_reader = PlaceReader(rules, self._problem)
        self._letters = {name: column.letter for name, column in self._columns.items()}
        self._problems: list[RowProblem] = []
        self._raw: Mapping[str, Any] = {}
        self._known_values: dict[tuple[str, type, Any], dict[str, Any]] = {}
        self._number = 0
        self._cleared: set[str] = set()
        self._said: list[str] = []

    def read(self, number: int, cells: Sequence[Any]) -> ReadRow:
        """Return row ``number`` of the sheet as a draft with its problems."""
        self._number, self._problems, self._cleared, self._said = number, [], set(), []
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
        added = raw.get(NOTE) is None
        return ReadRow(number, draft, frozenset(given), tuple(self._problems), self._letters, added)

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
            if is_cut(value):
                self._problem(column.field or NOTE, value[:60], "text_was_shortened", column=column)
                return None
            blank = not value or (self.rules.strict and value in EMPTY_MARKS)
            return None if blank else value
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
        verdict = REFUSED if code in REFUSING and not offers else PENDING
        known = dict(values or {})
        if column is not None and (area := self._merged(column)) is not None:
            known[MERGED] = area
        self._problems.append(RowProblem(self.rules.sheet, cell, name, as_text(value), code, verdict, known, offers))

    def _merged(self, column: MappedColumn) -> str | None:
        """Return the merged cells whose value fills a cell of this row."""
        if self.rules.merges is None:
            return None
        area = self.rules.merges.filling(self._number, column.index + 1, self.rules.first_row)
        return None if area is None else area_text(area)

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
            says_none = SAYS_NONE.get(kind)
            if says_none is not None and self.rules.strict and says_none(as_text(value)):
                self._said.append(_under_header(self._columns[name], value))
                return {}
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
        texts = {name: as_text(raw.get(name)) for name in ("domestic_places", "foreign_places", "country")}
        domestic = texts["domestic_places"] or self.section or ""
        return self._place_reader.read(domestic, texts["foreign_places"], texts["country"])

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
                parts.append(_under_header(column, value) if foreign else as_text(value))
        return "\n".join([*parts, *self._said]) or None

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


def _under_header(column: MappedColumn, value: Any) -> str:
    return f"{column.header}：{as_text(value)}"


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
