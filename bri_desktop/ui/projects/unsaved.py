"""What is typed but not stored, kept in the settings so that a crash or a change of record loses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import FIELD_CODES, from_plain, to_plain
from bri_desktop.ui.settings import Json, Setting, Settings

NEW = "new"
DRAFTS: Setting[dict[str, Json]] = Setting("projects/drafts", {})


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Typed text of one record: what it was typed over, and the version of that."""

    version: int
    base: ProjectDraft
    raw: Mapping[str, Any]


class UnsavedStore:
    """The unsaved records of one ledger, by record key; ``new`` is the new one."""

    def __init__(self, settings: Settings, ledger: str) -> None:
        self._settings = settings
        self._ledger = ledger

    def keys(self) -> list[str]:
        """Return the records with unsaved text, the one typed in last at the end."""
        return list(self._mine())

    def get(self, key: str) -> Unsaved | None:
        """Return what was typed for a record; what is unreadable in the file counts as nothing."""
        held = self._mine().get(key)
        if not isinstance(held, dict) or not isinstance(held.get("raw"), dict):
            return None
        base, version, raw = held.get("base"), held.get("version"), held["raw"]
        if not isinstance(base, dict) or not isinstance(version, int) or not isinstance(raw, dict):
            return None
        values: dict[str, Any] = {code: from_plain(code, value) for code, value in base.items() if code in FIELD_CODES}
        return Unsaved(version, ProjectDraft(**values), raw)

    def keep(self, key: str, unsaved: Unsaved) -> None:
        """Remember what is typed; on the disk when this returns."""
        base = {code: to_plain(code, getattr(unsaved.base, code)) for code in FIELD_CODES}
        mine = self._mine()
        mine.pop(key, None)
        mine[key] = {"version": unsaved.version, "base": base, "raw": dict(unsaved.raw)}
        self._put(mine)

    def drop(self, key: str) -> None:
        """Forget what was typed: it is stored, or was given up."""
        mine = self._mine()
        if mine.pop(key, None) is not None:
            self._put(mine)

    def _mine(self) -> dict[str, Json]:
        mine = self._settings.get(DRAFTS).get(self._ledger)
        return dict(mine) if isinstance(mine, dict) else {}

    def _put(self, mine: dict[str, Json]) -> None:
        held = dict(self._settings.get(DRAFTS))
        held.pop(self._ledger, None)
        if mine:
            held[self._ledger] = mine
        self._settings.set(DRAFTS, held)
        self._settings.save()
