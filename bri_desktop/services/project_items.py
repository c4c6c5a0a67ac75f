"""Projects as tables and forms take them: values alone, so that a window draws them before SQLAlchemy is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bri_desktop.db.stored import StoredPlace, StoredProject
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import money_to_plain, outcome_to_plain, to_plain
from bri_desktop.domain.vocabulary import FIELDS


@dataclass(frozen=True, slots=True)
class Saved:
    """What a write of one project left: its key, its new version and what to read again."""

    key: str
    id: int
    version: int
    changes: Changes


@dataclass(frozen=True, slots=True)
class ProjectItem:
    """A project with its places spelled out, as tables and ``--json`` show it."""

    stored: StoredProject
    domestic: tuple[StoredPlace, ...]
    foreign: tuple[StoredPlace, ...]
    countries: Mapping[str, tuple[str, str]]

    @property
    def id(self) -> int:
        """The row's id."""
        return self.stored.id

    @property
    def key(self) -> str:
        """The record's key."""
        return self.stored.key

    @property
    def draft(self) -> ProjectDraft:
        """The fields of the project."""
        return self.stored.draft

    def country_name(self, place: StoredPlace, language: str) -> str:
        """The name of a place's country in that language."""
        zh, en = self.countries[place.country]
        return zh if language == "zh_CN" else en

    def to_json(self) -> dict[str, Any]:
        """Return the item that ``list --kind project`` prints."""
        draft = self.draft
        item: dict[str, Any] = {field.code: to_plain(field.code, getattr(draft, field.code)) for field in FIELDS}
        item |= {name: date_json(getattr(draft, name)) for name in ("signed", "started", "ended")}
        item |= {name: date_json(getattr(draft, name)) for name in ("planned_start", "planned_end")}
        item["outcomes"] = [_outcome_json(outcome_to_plain(outcome)) for outcome in draft.outcomes]
        item["domestic_places"] = [
            {"key": p.key, "name": p.name("zh_CN"), "level": p.level, "province": p.province} for p in self.domestic
        ]
        item["foreign_places"] = [
            {"key": p.key, "name": p.name("zh_CN"), "level": p.level, "country": p.country} for p in self.foreign
        ]
        return {"key": self.key, **item, "amount": money_to_plain(draft.amount), "version": self.stored.version}


def date_json(value: PartialDate | None) -> dict[str, str] | None:
    """Return a date with its precision, or ``None``."""
    return None if value is None else {"value": value.value, "precision": value.precision}


def _outcome_json(plain: dict[str, Any]) -> dict[str, Any]:
    return {"class": plain.pop("outcome_class"), **plain}


def with_places(
    stored: StoredProject, places: Mapping[str, StoredPlace], countries: Mapping[str, tuple[str, str]]
) -> ProjectItem:
    """Return a project with its places out of those read."""
    return ProjectItem(
        stored,
        tuple(places[key] for key in stored.draft.domestic_places),
        tuple(places[key] for key in stored.draft.foreign_places),
        countries,
    )
