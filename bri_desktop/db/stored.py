"""Rows as values: what a read of projects and places gives, known also to who reads without SQLAlchemy."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of

SIDES = {"domestic": "domestic_places", "foreign": "foreign_places"}
CODE_LISTS = {"domain": "domains", "field": "fields", "sdg": "sdg", "corridor": "corridors"}
PLAIN = ("code", "title_en", "mode", "submode", "nature", "status", "domain", "level", "policy_step")
TEXTS = ("summary", "results", "source", "note")
DATES = ("signed", "planned_start", "planned_end", "started", "ended")

Links = Mapping[int, Mapping[str, list[Any]]]
"""Project -> field -> its several values, in the order written."""


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """A place row as values; ``province`` and ``prefecture`` are adcodes."""

    id: int
    key: str
    level: str
    country: str
    province: str | None
    prefecture: str | None
    name_zh: str | None
    name_en: str | None
    confirmed: bool

    def name(self, language: str) -> str:
        """The name to show in that language, else the other one, else the key."""
        first, second = (self.name_zh, self.name_en) if language == "zh_CN" else (self.name_en, self.name_zh)
        return first or second or self.key


@dataclass(frozen=True, slots=True)
class StoredProject:
    """A project as it is in the database; ``draft`` holds its fields."""

    id: int
    version: int
    draft: ProjectDraft
    deleted: bool
    batch_id: int | None

    @property
    def key(self) -> str:
        """The key that other records and the command line use."""
        return key_of(PROJECT_KEY, self.id)


def stored_project(row: Mapping[Any, Any], links: Mapping[str, list[Any]]) -> StoredProject:
    """Return a row of the project, with the names of its organisations and the kind of its tie, as a value."""
    values: dict[str, Any] = {name: row[name] for name in (*PLAIN, *TEXTS)}
    values |= {name: PartialDate(row[name]) if row[name] else None for name in DATES}
    values |= {name: tuple(items) for name, items in links.items()}
    draft = ProjectDraft(
        title=row["title"],
        department=row["department"],
        lead=row["lead"],
        amount=None if row["amount"] is None else Money(row["amount"], row["currency"]),
        visibility=row["visibility"],
        pair_kind=row["kind"],
        parent=key_of(PROJECT_KEY, row["parent_id"]) if row["parent_id"] else None,
        **values,
    )
    return StoredProject(row["id"], row["version"], draft, row["deleted_at"] is not None, row["batch_id"])


def gather_links(
    places: Iterable[Any],
    codes: Iterable[Any],
    partners: Iterable[Any],
    tags: Iterable[Any],
    outcomes: Iterable[Mapping[Any, Any]],
) -> Links:
    """Return the several-valued fields: of rows (project, side, key), (project, list, code), (project, name) twice,
    and whole outcomes; each in the order of the rows."""
    links: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for project_id, side, key in places:
        links[project_id][SIDES[side]].append(key)
    for project_id, name, code in codes:
        links[project_id][CODE_LISTS[name]].append(code)
    for field, rows in (("partners", partners), ("tags", tags)):
        for project_id, name in rows:
            links[project_id][field].append(name)
    for row in outcomes:
        links[row["project_id"]]["outcomes"].append(_outcome(row))
    return links


def _outcome(row: Mapping[Any, Any]) -> OutcomeDraft:
    return OutcomeDraft(
        outcome_class=row["outcome_class"],
        what=row["what"],
        quantity=row["quantity"],
        unit=row["unit"],
        amount=None if row["amount"] is None else Money(row["amount"], row["currency"] or "CNY"),
        date=PartialDate(row["date"]) if row["date"] else None,
        evidence=row["evidence"],
    )
