"""Who acts: the user as this computer names him, with the name of the office where the settings know it."""

import getpass
from dataclasses import dataclass
from functools import cache


@dataclass(slots=True)
class _Office:
    name: str = ""


_office = _Office()


def act_for(office: str) -> None:
    """Enter acts from now on with the name of an office; ``""`` for none."""
    _office.name = office.strip()


def actor() -> str | None:
    """Return who acts: ``wang（上海市外办）``, or ``None`` where the system does not say."""
    parts = (_system_user(), f"（{_office.name}）" if _office.name else "")
    return "".join(parts) or None


@cache
def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
