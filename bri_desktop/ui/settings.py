"""What the window remembers: typed declarations in one place, kept in an ini file of the user.

A setting is stored as JSON text, so that it comes back with the type it had; what is unreadable there is replaced by
the default and never stops a start.
"""

import json
from collections.abc import Callable
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
GEOMETRY = Setting("window/geometry", "")
PAGE = Setting("window/page", "")
SECOND_PLACE = Setting("backups/second_place", "")
"""A folder beside that of the ledger where copies go too; ``""`` for none."""


def table_setting(name: str) -> Setting[dict[str, Json]]:
    """Return the setting that holds the columns of the table ``name``."""
    return Setting(f"tables/{name}", {})


def splitter_setting(name: str) -> Setting[list[Json]]:
    """Return the setting that holds the sizes of the splitter ``name``, in pixels."""
    return Setting(f"splitters/{name}", [])


class Settings:
    """The user's ini file at ``path``; it is made when the first value is set."""

    def __init__(self, path: Path) -> None:
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    def get(self, setting: Setting[T]) -> T:
        """Return the stored value, or the default where there is none that is acceptable."""
        stored = self._store.value(setting.key)
        if not isinstance(stored, str):
            return setting.default
        try:
            value = json.loads(stored)
        except ValueError:
            return setting.default
        if type(value) is not type(setting.default) or not setting.accepts(value):
            return setting.default
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
