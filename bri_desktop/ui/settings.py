"""What the window remembers: typed declarations in one place, kept in an ini file of the user.

A setting is stored as JSON text, so that it comes back with the type it had; what is unreadable there is replaced by
the default and never stops a start.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QSettings

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

T = TypeVar("T", bound=Json)


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One thing remembered: its key in the file, its default, and which stored values are still acceptable."""

    key: str
    default: T
    accepts: Callable[[T], bool] = lambda _value: True


THEME = Setting("window/theme", "system", lambda value: value in ("system", "light", "dark"))
LANGUAGE = Setting("window/language", "zh_CN", lambda value: value in ("zh_CN", "en"))
SCALES = (100, 110, 125, 150)
FONT = Setting("window/font", "")
"""The family of the window's letters; ``""`` for those the program chooses."""
PALETTE = Setting("window/palette", "usual", lambda value: value in ("usual", "safe"))
"""Colours of figures and verdicts."""
SCALE = Setting("window/scale", 100, lambda value: value in SCALES)
"""The size of letters and controls in per cent, on top of what the system asks for."""
NOTIFY = Setting("window/notify", False)
TRAY = Setting("window/tray", False)
NOTIFIED = Setting("window/notified", "")
"""The day on which what is due was last told."""
STEPS_SEEN = Setting("window/steps_seen", False)
GEOMETRY = Setting("window/geometry", "")
PAGE = Setting("window/page", "")
SECOND_PLACE = Setting("backups/second_place", "")
"""A folder beside that of the ledger where copies go too; ``""`` for none."""


ADMINISTERED: Mapping[str, Setting[str]] = {"language": LANGUAGE, "theme": THEME, "backup_folder": SECOND_PLACE}
"""What an administrator can decide -> the setting that it decides."""


def administered(decided: Mapping[str, str]) -> dict[str, str]:
    """Return the administrator's decisions by the keys of the settings."""
    return {ADMINISTERED[name].key: value for name, value in decided.items() if name in ADMINISTERED}


def table_setting(name: str) -> Setting[dict[str, Json]]:
    """Return the setting that holds the columns of the table ``name``."""
    return Setting(f"tables/{name}", {})


def splitter_setting(name: str) -> Setting[list[Json]]:
    """Return the setting that holds the sizes of the splitter ``name``, in pixels."""
    return Setting(f"splitters/{name}", [])


class Settings:
    """The user's ini file at ``path``; it is made when the first value is set.

    ``given`` and ``fixed`` are the administrator's: key -> text, before the user has chosen and whatever he chose.
    """

    def __init__(
        self, path: Path, *, given: Mapping[str, str] | None = None, fixed: Mapping[str, str] | None = None
    ) -> None:
        self._store = QSettings(str(path), QSettings.Format.IniFormat)
        self._given, self._fixed = given or {}, fixed or {}

    def is_fixed(self, setting: Setting[T]) -> bool:
        """Tell whether the administrator keeps the user from choosing this."""
        fixed = self._fixed.get(setting.key)
        return isinstance(fixed, type(setting.default)) and setting.accepts(fixed)

    def get(self, setting: Setting[T]) -> T:
        """Return what is fixed, else what is stored, given or the default: the first that is acceptable."""
        fixed, given = self._fixed.get(setting.key), self._given.get(setting.key)
        if isinstance(fixed, type(setting.default)) and setting.accepts(fixed):
            return fixed
        usual = given if isinstance(given, type(setting.default)) and setting.accepts(given) else setting.default
        stored = self._store.value(setting.key)
        if not isinstance(stored, str):
            return usual
        try:
            value = json.loads(stored)
        except ValueError:
            return usual
        if type(value) is not type(setting.default) or not setting.accepts(value):
            return usual
        return value

    def set(self, setting: Setting[T], value: T) -> None:
        """Store ``value``; it reaches the disk soon, at the latest with :meth:`save`."""
        self._store.setValue(setting.key, json.dumps(value, ensure_ascii=True))

    def forget(self, setting: Setting[T]) -> None:
        """Go back to the default."""
        self._store.remove(setting.key)

    def save(self) -> None:
        """Write to the disk now."""
        self._store.sync()
