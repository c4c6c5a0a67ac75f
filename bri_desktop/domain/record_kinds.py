"""What hangs on projects and ties, kind by kind: the fields of each and the rules that hold between them.

One description serves the tables of the record's panel, the ledger pages, the sheets that come in and go out, the
command line and the history, so that a field is added in one place. Values are plain, as JSON holds them: dates as
ISO texts, numbers as decimal texts, money as amount and currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import FieldProblem
from bri_desktop.domain.validation import precedes

Plain = dict[str, Any]

SHORT, LONG = 500, 20_000
"""So many characters a line and a text may have."""


@dataclass(frozen=True, slots=True)
class RecordField:
    """``kind`` is text, long, code, date, count, number, money, organisation, country or periods.

    ``width`` is that of its column in pixels; of a high ``priority`` it goes first where there is no room.
    """

    code: str
    kind: str = "text"
    list: str | None = None
    required: bool = False
    width: int = 96
    priority: int = 0

    @property
    def longest(self) -> int:
        """The characters that its text may have."""
        return LONG if self.kind == "long" else SHORT


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record: its key's letter, fields, what may own it, and which dates come before which.

    ``main`` is the field that names it; ``past`` are dates that lie not in the future.
    """

    code: str
    prefix: str
    main: str
    fields: tuple[RecordField, ...]
    owners: tuple[str, ...] = ("project", "pair")
    orders: tuple[tuple[str, str], ...] = ()
    past: tuple[str, ...] = ()
    newest_by: str | None = None

    def field(self, code: str) -> RecordField:
        """Return a field; ``KeyError`` for one that the kind does not have."""
        return next(field for field in self.fields if field.code == code)

    @property
    def codes(self) -> tuple[str, ...]:
        """The names of the fields."""
        return tuple(field.code for field in self.fields)


AGREEMENT = RecordKind(
    "agreement",
    "A",
    "title",
    (
        RecordField("title", width=150),
        RecordField("kind", "code", "agreement_kind", width=112),
        RecordField("signed", "date", width=84),
        RecordField("expires", "date", width=84, priority=1),
        RecordField("ended", "date", width=84, priority=3),
        RecordField("place", width=84, priority=4),
        RecordField("signatories", width=120, priority=4),
        RecordField("note", "long", width=120, priority=5),
    ),
    orders=(("signed", "expires"), ("signed", "ended")),
    past=("signed", "ended"),
    newest_by="signed",
)
ACTIVITY = RecordKind(
    "activity",
    "V",
    "title",
    (
        RecordField("title", required=True, width=150),
        RecordField("date", "date", width=84),
        RecordField("kind", "code", "activity_kind", width=84),
        RecordField("head_count", "count", width=56, priority=2),
        RecordField("level", "code", "level", width=64, priority=3),
        RecordField("ended", "date", width=84, priority=4),
        RecordField("place", width=84, priority=3),
        RecordField("summary", "long", width=160, priority=5),
    ),
    orders=(("date", "ended"),),
    newest_by="date",
)
OUTCOME = RecordKind(
    "outcome",
    "",
    "what",
    (
        RecordField("what", width=130),
        RecordField("quantity", "number", width=72),
        RecordField("unit", width=56),
        RecordField("amount", "money", width=96, priority=1),
        RecordField("outcome_class", "code", "outcome_class", width=110, priority=3),
        RecordField("date", "date", width=84, priority=2),
        RecordField("evidence", "long", width=120, priority=4),
    ),
    owners=("project",),
    newest_by="date",
)
INDICATOR = RecordKind(
    "indicator",
    "I",
    "name",
    (
        RecordField("name", required=True, width=120),
        RecordField("baseline", "number", width=64),
        RecordField("target", "number", width=64),
        RecordField("actuals", "periods", width=110),
        RecordField("unit", width=48, priority=1),
        RecordField("due", "date", width=84, priority=2),
    ),
    owners=("project",),
)
RISK = RecordKind(
    "risk",
    "R",
    "what",
    (
        RecordField("what", required=True, width=150),
        RecordField("cause", "code", "cause", width=110),
        RecordField("date", "date", width=84, priority=1),
        RecordField("settled", "date", width=84, priority=1),
        RecordField("answer", "long", width=150, priority=3),
    ),
    orders=(("date", "settled"),),
    past=("date", "settled"),
    newest_by="date",
)
CONTACT = RecordKind(
    "contact",
    "C",
    "name",
    (
        RecordField("name", required=True, width=84),
        RecordField("position", width=84),
        RecordField("phone", width=104),
        RecordField("organisation", "organisation", width=120, priority=1),
        RecordField("email", width=130, priority=2),
        RecordField("note", "long", width=120, priority=4),
    ),
    owners=("project", "pair", "organisation"),
)
FOLLOW_UP = RecordKind(
    "follow_up",
    "F",
    "what",
    (
        RecordField("what", required=True, width=150),
        RecordField("due", "date", width=84),
        RecordField("done", "date", width=84),
    ),
    past=("done",),
    newest_by="due",
)
ORGANISATION = RecordKind(
    "organisation",
    "O",
    "name",
    (
        RecordField("name", required=True, width=180),
        RecordField("kind", "code", "actor", width=84),
        RecordField("name_en", width=150, priority=2),
        RecordField("country", "country", width=96, priority=1),
        RecordField("address", width=160, priority=3),
        RecordField("note", "long", width=160, priority=4),
    ),
    owners=(),
)
KINDS: Mapping[str, RecordKind] = {
    kind.code: kind for kind in (AGREEMENT, ACTIVITY, OUTCOME, INDICATOR, RISK, CONTACT, FOLLOW_UP, ORGANISATION)
}
"""The kinds with fields of their own; approvals and attachments have ways of their own."""

CODE_RANGE = 10**12


def problems_of(kind: RecordKind, values: Mapping[str, Any], *, today: PartialDate) -> tuple[FieldProblem, ...]:
    """Return what keeps plain values from being stored; empty where nothing does."""
    problems = [FieldProblem(field.code, "required") for field in kind.fields if _missing(field, values)]
    if not any(values.get(field.code) for field in kind.fields):
        problems = [FieldProblem(kind.main, "required")]
    for field in kind.fields:
        value = values.get(field.code)
        if isinstance(value, str) and len(value) > field.longest:
            problems.append(FieldProblem(field.code, "text_too_long", {"count": len(value), "most": field.longest}))
        if field.kind == "count" and isinstance(value, int) and not 0 <= value <= CODE_RANGE:
            problems.append(FieldProblem(field.code, "count_unreadable"))
    for earlier, later in kind.orders:
        first, second = values.get(earlier), values.get(later)
        if first and second and precedes(PartialDate(second), PartialDate(first)):
            other = {"other": f"{kind.code}.{earlier}", "date": first}
            problems.append(FieldProblem(later, "before_start", other))
    problems.extend(
        FieldProblem(code, "later_than_today", {"date": values[code]})
        for code in kind.past
        if values.get(code) and precedes(today, PartialDate(values[code]))
    )
    return tuple(problems)


def _missing(field: RecordField, values: Mapping[str, Any]) -> bool:
    return field.required and not str(values.get(field.code) or "").strip()


def plain_of(kind: RecordKind, values: Mapping[str, Any]) -> Plain:
    """Return every field of the kind, texts trimmed, empty ones ``None``."""
    return {code: _trimmed(values.get(code)) for code in kind.codes}


def _trimmed(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    return value if value not in ({}, ()) else None
