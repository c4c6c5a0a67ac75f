"""The fields of a project: their names in every interface, their types and the code list behind each."""

from dataclasses import dataclass

PROJECT_KEY = "P"
PAIR_KEY = "T"
AGREEMENT_KEY = "A"
ACTIVITY_KEY = "V"
ORGANISATION_KEY = "O"

LONGEST_NUMBER = 18
"""Digits that a record's number can have and still fit a database integer."""

PIPELINE = ("idea", "intent", "approval")
ALIVE = ("signed", "active", "suspended")
ENDED = ("completed", "terminated", "failed")


@dataclass(frozen=True, slots=True)
class Field:
    """``kind`` is text, code, codes, places, organisation, organisations, date, money, outcomes, texts or project."""

    code: str
    kind: str
    label: str
    list: str | None = None


FIELDS: tuple[Field, ...] = (
    Field("code", "text", "Code"),
    Field("title", "text", "Title"),
    Field("title_en", "text", "Title (English)"),
    Field("mode", "code", "Mode", "mode"),
    Field("submode", "code", "Sub-mode", "submode"),
    Field("nature", "code", "Nature", "nature"),
    Field("status", "code", "Status", "status"),
    Field("domain", "code", "Primary domain", "domain"),
    Field("domains", "codes", "Further domains", "domain"),
    Field("fields", "codes", "Sustainability fields", "field"),
    Field("sdg", "codes", "SDG targets", "sdg"),
    Field("corridors", "codes", "Corridors", "corridor"),
    Field("level", "code", "Level", "level"),
    Field("policy_step", "code", "Policy-alignment step", "policy_step"),
    Field("domestic_places", "places", "Domestic places"),
    Field("foreign_places", "places", "Foreign places"),
    Field("department", "organisation", "Responsible department"),
    Field("lead", "organisation", "Lead actor"),
    Field("partners", "organisations", "Partner actors"),
    Field("signed", "date", "Signed"),
    Field("planned_start", "date", "Planned start"),
    Field("planned_end", "date", "Planned end"),
    Field("started", "date", "Started"),
    Field("ended", "date", "Ended"),
    Field("amount", "money", "Amount"),
    Field("summary", "text", "Summary"),
    Field("results", "text", "Results"),
    Field("outcomes", "outcomes", "Outcomes"),
    Field("source", "text", "Source"),
    Field("tags", "texts", "Tags"),
    Field("parent", "project", "Umbrella project"),
    Field("pair_kind", "code", "Kind of tie", "pair_kind"),
    Field("visibility", "code", "Visibility", "visibility"),
    Field("note", "text", "Note"),
)

FIELD_BY_CODE = {field.code: field for field in FIELDS}


def key_of(prefix: str, number: int) -> str:
    """Return the key of a record: a letter for its kind and its number, which is never used again."""
    return f"{prefix}{number}"


def number_of(prefix: str, key: str) -> int | None:
    """Return the number in ``key``, or ``None`` where it is no key of that kind."""
    rest = key[len(prefix) :]
    known = key.upper().startswith(prefix) and rest.isascii() and rest.isdigit() and len(rest) <= LONGEST_NUMBER
    return int(rest) if known else None
