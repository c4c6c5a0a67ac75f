"""A cooperation project as it is written down, before it is stored."""

from dataclasses import dataclass
from decimal import Decimal

from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDraft:
    """A result: a class of the code list, what it is, how much of it in which unit, and money of its own."""

    outcome_class: str | None = None
    what: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    amount: Money | None = None
    date: PartialDate | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDraft:
    """The fields of a project, named as in ``resources/reference/fields.csv``.

    Code fields hold codes; places hold place keys (``cn:310000``, ``gn:3067696``, ``own:12``); organisations and
    tags hold names; ``parent`` holds a project key. Empty is ``None`` or ``()``.
    """

    code: str | None = None
    title: str | None = None
    title_en: str | None = None
    mode: str | None = None
    submode: str | None = None
    nature: str | None = None
    status: str | None = None
    domain: str | None = None
    domains: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    sdg: tuple[str, ...] = ()
    corridors: tuple[str, ...] = ()
    level: str | None = None
    policy_step: str | None = None
    domestic_places: tuple[str, ...] = ()
    foreign_places: tuple[str, ...] = ()
    department: str | None = None
    lead: str | None = None
    partners: tuple[str, ...] = ()
    signed: PartialDate | None = None
    planned_start: PartialDate | None = None
    planned_end: PartialDate | None = None
    started: PartialDate | None = None
    ended: PartialDate | None = None
    amount: Money | None = None
    summary: str | None = None
    results: str | None = None
    outcomes: tuple[OutcomeDraft, ...] = ()
    source: str | None = None
    tags: tuple[str, ...] = ()
    parent: str | None = None
    pair_kind: str | None = None
    visibility: str | None = None
    note: str | None = None
