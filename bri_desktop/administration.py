"""What the administrator of a computer decides for all its users: one file, read at each start.

``[defaults]`` holds where the user has chosen nothing, ``[fixed]`` whatever he chose. A file that is wrong never stops
a start: what cannot be taken is a fault, told by the log.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bri_desktop import system

FILE_VARIABLE = "BRI_DESKTOP_CONFIG"
"""Names another file, for a trial."""
SECTIONS = ("defaults", "fixed")
CHOICES: Mapping[str, tuple[str, ...]] = {"language": ("zh_CN", "en"), "theme": ("system", "light", "dark")}
FOLDERS = ("data_folder", "backup_folder")


@dataclass(frozen=True, slots=True)
class Administration:
    """What the file says: key -> text, and the faults by their place (``defaults.language``, a line number)."""

    file: Path
    defaults: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    def text(self, key: str) -> str | None:
        """Return what is given for a key that users cannot choose for themselves."""
        return self.fixed.get(key, self.defaults.get(key))


def place_of(environment: Mapping[str, str], *, windows: bool) -> Path:
    """Return where the file of this computer lies."""
    if named := environment.get(FILE_VARIABLE):
        return Path(named)
    if windows:
        return Path(environment.get("PROGRAMDATA") or "C:/ProgramData") / "bri-desktop" / "config.ini"
    return Path("/etc/bri-desktop/config.ini")


@cache
def current() -> Administration:
    """Return what the administrator of this computer has decided."""
    return read(place_of(os.environ, windows=system.IS_WINDOWS))


def read(file: Path) -> Administration:
    """Read the file; a missing one decides nothing."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return Administration(file)
    except (OSError, UnicodeDecodeError) as error:
        return Administration(file, faults=(type(error).__name__,))
    return parse(file, text)


def parse(file: Path, text: str) -> Administration:
    """Return what a text in the form of an ini file says; a fault in one line spoils no other."""
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False, default_section="")
    try:
        parser.read_string(text)
    except configparser.Error as error:
        return Administration(file, faults=(str(error).splitlines()[0],))
    taken: dict[str, dict[str, str]] = {name: {} for name in SECTIONS}
    faults: list[str] = []
    for section in parser.sections():
        for key, value in parser[section].items():
            if section in SECTIONS and (read_value := _value(key, value.strip())) is not None:
                taken[section][key] = read_value
            else:
                faults.append(f"{section}.{key}")
    return Administration(file, taken["defaults"], taken["fixed"], tuple(faults))


def _value(key: str, text: str) -> str | None:
    """Return a value as it is used, ``None`` where the key or the value is unknown.

    ``~`` and variables (``$HOME``, ``%USERPROFILE%``) stand for those of the user; a folder must be a whole path.
    """
    if key in CHOICES:
        return text if text in CHOICES[key] else None
    if key not in FOLDERS or not text:
        return None
    folder = os.path.expandvars(os.path.expanduser(text))  # noqa: PTH111 - before variables, which a path has no word for
    return folder if Path(folder).is_absolute() else None
