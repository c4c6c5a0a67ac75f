"""Questions that a preview asks, and what an answer does to the options of the import: pure, no widgets.

Problems of one cause are one question: the same unknown name in a hundred rows is asked once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bri_desktop.domain.habits import POINT, THOUSANDS
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.i18n import tr
from bri_desktop.services.exchange import ImportOptions, ImportReport
from bri_desktop.services.intake_columns import FIELD, UNIT, UNITS, ColumnKey
from bri_desktop.services.intake_place import NEW_PLACE
from bri_desktop.services.intake_row import (
    NOTE,
    PENDING,
    SECOND_AMOUNT,
    MappedColumn,
    PlaceFacts,
    RowProblem,
)
from bri_desktop.services.intake_sheets import BlockPlan, SheetPlan
from bri_desktop.ui.exchange.likeness import (
    DECIDED,
    asks_of_likeness,
    choices_of,
    decided,
    is_put_aside,
    score_of,
)
from bri_desktop.ui.exchange.wording import Names, offer_text

PLACE_CODES = frozenset({"place_unknown", "place_ambiguous"})
COLUMN_CODES = frozenset({"money_unit_needed", "money_dots", SECOND_AMOUNT})
"""What is decided once for a column."""
CHINA = "CN"

_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of the file; ``column`` is ``None`` where the problem is the row's as a whole."""

    sheet: str
    row: int
    column: MappedColumn | None
    table: BlockPlan | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The cell's name, or the row's number alone."""
        return f"{self.column.letter}{self.row}" if self.column else str(self.row)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide or to know: the first problem of its kind and every cell it stands in."""

    key: tuple[str, ...]
    problem: RowProblem
    spots: tuple[Spot, ...]

    @property
    def first(self) -> Spot:
        """The first cell."""
        return self.spots[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was chosen: ``kind`` is value, place, code, pair_kind, column or one of ``likeness.DECIDED``; ``text`` the
    written value, key or code.

    For a column ``text`` is what is decided and the answer, such as ``unit=万元``.
    """

    kind: str
    text: str
    facts: PlaceFacts | None = None
    """Of a place to be made: what was confirmed of it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer on a button."""

    text: str
    answer: Answer
    context: str = ""


def table_of(sheets: Sequence[SheetPlan], sheet: str, row: int) -> tuple[SheetPlan, BlockPlan] | None:
    """Return the sheet and table that a row stands in."""
    for plan in sheets:
        if plan.name == sheet:
            for block in plan.blocks:
                if block.first_row <= row <= block.last_row:
                    return plan, block
    return None


def spot_of(sheets: Sequence[SheetPlan], problem: RowProblem) -> Spot:
    """Return the cell of a problem: the column that gives its field."""
    match = _CELL.fullmatch(problem.cell)
    row = int(match[2]) if match else 0
    table = table_of(sheets, problem.sheet, row)
    block = table[1] if table else None
    columns = block.columns if block else ()
    if problem.code == SECOND_AMOUNT and match:
        return Spot(problem.sheet, row, next((c for c in columns if c.letter == match[1]), None), block)
    return Spot(problem.sheet, row, next((c for c in columns if c.field == problem.field), None), block)


def questions_of(
    report: ImportReport, sheets: Sequence[SheetPlan], options: ImportOptions | None = None
) -> list[Question]:
    """Return the questions of a plan: what can be decided first, each group in the order of the file.

    With ``options`` those are left out whose row was said to be kept aside.
    """
    found: dict[tuple[str, ...], tuple[RowProblem, list[Spot]]] = {}
    for problem in report.problems:
        spot = spot_of(sheets, problem)
        if options and asks_of_likeness(problem) and is_put_aside(options.decisions, (spot.sheet, spot.row)):
            continue
        _, spots = found.setdefault(_key(problem, spot), (problem, []))
        spots.append(spot)
    questions = [Question(key, problem, tuple(spots)) for key, (problem, spots) in found.items()]
    return sorted(questions, key=lambda question: question.problem.verdict != PENDING)


def _key(problem: RowProblem, spot: Spot) -> tuple[str, ...]:
    if problem.code in PLACE_CODES:
        return ("place", problem.field, problem.value, str(problem.values.get("country", "")))
    if problem.code == "country_unknown":
        return ("country", problem.value)
    if problem.code == "code_unknown":
        return ("code", problem.field, problem.value)
    if problem.code == "pair_kind_needed":
        return ("pair_kind",)
    if problem.code in COLUMN_CODES and spot.column is not None:
        return ("column", problem.sheet, spot.column.letter, problem.code)
    return ("cell", problem.sheet, spot.text, problem.field, problem.code)


def offers_of(question: Question, names: Names) -> list[Offer]:
    """Return the answers that can be given by a button."""
    problem = question.problem
    if problem.code in PLACE_CODES:
        return [_place_offer(key, names) for key in problem.offers]
    if asks_of_likeness(problem):
        return [Offer(choice.text, Answer(choice.kind, choice.key)) for choice in choices_of(problem)]
    if problem.code in ("code_unknown", "pair_kind_needed"):
        known = FIELD_BY_CODE.get(problem.field)
        listed = str(problem.values.get("list") or (known.list if known else "") or problem.field)
        kind = "pair_kind" if problem.code == "pair_kind_needed" else "code"
        return [Offer(names.code(listed, label.code), Answer(kind, label.code)) for label in names.codes.codes(listed)]
    if problem.code in COLUMN_CODES:
        return column_offers(problem.code)
    return [Offer(offer_text(problem.field, offer), Answer("value", offer)) for offer in problem.offers]


def column_offers(code: str) -> list[Offer]:
    """Return what a column can be said to be."""
    if code == "money_unit_needed":
        return [Offer(unit, Answer("column", f"{UNIT}={unit}")) for unit in UNITS]
    if code == "money_dots":
        texts = {POINT: tr("decimal point"), THOUSANDS: tr("between thousands")}
        return [Offer(text, Answer("column", f"dots={reading}")) for reading, text in texts.items()]
    ways = {NOTE: tr("keep as a note"), "": tr("leave out"), "amount": tr("this is the amount")}
    return [Offer(text, Answer("column", f"{FIELD}={way}")) for way, text in ways.items()]


def _place_offer(key: str, names: Names) -> Offer:
    return Offer(names.place(key), Answer("place", key), names.place_context(key))


def countries_asked(problem: RowProblem) -> list[str]:
    """Return the countries that stand beside a place name in its row."""
    return [iso2 for iso2 in str(problem.values.get("country", "")).split(",") if iso2]


def new_place(problem: RowProblem, country: str | None = None) -> Answer | None:
    """Return the answer that makes a new place; ``None`` where its country is not said yet."""
    asked = countries_asked(problem)
    if country is None:
        country = CHINA if problem.field == "domestic_places" else (asked[0] if len(asked) == 1 else None)
    return None if country is None else Answer("place", f"{NEW_PLACE}{country}:{problem.value}")


def answered(
    options: ImportOptions,
    question: Question,
    answer: Answer,
    names: Names,
    raw: Callable[[Spot], str],
) -> ImportOptions:
    """Return the options with a question answered; ``raw`` gives the text of a cell as it stands."""
    problem = question.problem
    if answer.kind in DECIDED:
        return decided(options, problem, (question.first.sheet, question.first.row), answer.kind, answer.text)
    match answer.kind:
        case "place":
            places = {**options.place_keys, (problem.value, _place_country(problem, answer.text, names)): answer.text}
            facts = {answer.text: answer.facts} if answer.facts else {}
            return replace(options, place_keys=places, new_place_facts={**options.new_place_facts, **facts})
        case "code":
            return replace(options, code_values={**options.code_values, (problem.field, problem.value): answer.text})
        case "pair_kind":
            return replace(options, pair_kind=answer.text)
        case "column":
            return replace(options, columns={**options.columns, **_said_of_column(question, answer.text)})
    return replace(options, values={**options.values, **_written(question, answer.text, raw)})


def decided_alike(options: ImportOptions, questions: Sequence[Question], kind: str) -> ImportOptions:
    """Return the options with questions of likeness answered by one kind of answer."""
    for question in questions:
        options = decided(options, question.problem, (question.first.sheet, question.first.row), kind, "")
    return options


def _said_of_column(question: Question, text: str) -> dict[tuple[ColumnKey, str], str]:
    """Return the answer for the column in every table in which it was asked; another amount column steps back."""
    kind, _, answer = text.partition("=")
    said: dict[tuple[ColumnKey, str], str] = {}
    for spot in question.spots:
        if spot.table is None or spot.column is None:
            continue
        first = spot.table.first_row
        if kind == FIELD and answer == "amount":
            others = (column for column in spot.table.columns if column.field == "amount")
            said.update({((spot.sheet, first, other.index), FIELD): NOTE for other in others})
        said[((spot.sheet, first, spot.column.index), kind)] = answer
    return said


def _place_country(problem: RowProblem, key: str, names: Names) -> str:
    asked = countries_asked(problem)
    if key.startswith(NEW_PLACE):
        own = key.removeprefix(NEW_PLACE).partition(":")[0]
    else:
        entry = names.places.get(key)
        own = entry.country if entry else ""
    return own if own in asked else (asked[0] if asked else "")


def _written(question: Question, text: str, raw: Callable[[Spot], str]) -> Mapping[tuple[str, int, int], str]:
    """Return the new text of each cell: a part of a list of values is replaced, the rest of the cell stays."""
    values: dict[tuple[str, int, int], str] = {}
    for spot in question.spots:
        if spot.column is not None:
            before = raw(spot)
            part = question.problem.value
            whole = before.replace(part, text) if _is_list_part(question.problem, before) else text
            values[(spot.sheet, spot.row, spot.column.index)] = whole
    return values


def _is_list_part(problem: RowProblem, before: str) -> bool:
    known = FIELD_BY_CODE.get(problem.field)
    is_list = problem.field == "country" or (known is not None and known.kind in ("places", "codes"))
    return bool(problem.value) and is_list and problem.value != before and problem.value in before


def alike(question: Question, others: Sequence[Question]) -> list[Question]:
    """Return the other questions of the same column and kind that have as many readings: 本列照此.

    Of possible duplicates those of the same kind that are at least as much alike.
    """
    problem = question.problem
    if asks_of_likeness(problem):
        return [
            other
            for other in others
            if other.key != question.key
            and other.problem.code == problem.code
            and bool(other.problem.values.get("record")) == bool(problem.values.get("record"))
            and score_of(other.problem) >= score_of(problem)
        ]
    if question.key[0] != "cell" or len(problem.offers) < 2:
        return []
    return [
        other
        for other in others
        if other.key != question.key
        and other.key[0] == "cell"
        and (other.problem.sheet, other.problem.field, other.problem.code)
        == (problem.sheet, problem.field, problem.code)
        and len(other.problem.offers) == len(problem.offers)
    ]
