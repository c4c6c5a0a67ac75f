"""Who acts: the user as this computer names him, with his own name and that of the office where the ledger has them.

The names lie in the ledger, so that the window and the command line enter the same; they are read in the transaction
that enters the act, and only where one is entered.
"""

import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

OFFICE = "office"
"""The setting of the ledger that holds ``name``, that of the office."""
PEOPLE = "people"
"""The setting of the ledger that holds how each user of a computer is called: user -> name."""
NAMES = "SELECT name, value FROM meta WHERE name IN ('office', 'people')"

Read = Callable[[str], Any]
"""Runs a statement and gives its rows."""

_acting: ContextVar[Read | None] = ContextVar("acting", default=None)


@contextmanager
def acting(read: Read) -> Iterator[None]:
    """Take the names from the ledger that ``read`` asks, while this lasts."""
    token = _acting.set(read)
    try:
        yield
    finally:
        _acting.reset(token)


def actor() -> str | None:
    """Return who acts: ``wang 王芳（上海市外办）``, or ``None`` where neither the system nor the ledger says."""
    read = _acting.get()
    found = {} if read is None else {name: json.loads(value) for name, value in read(NAMES)}
    user = system_user()
    own, office = found.get(PEOPLE, {}).get(user) or "", found.get(OFFICE, {}).get("name") or ""
    who = " ".join(part for part in (user, own) if part)
    return f"{who}（{office}）" if office else who or None


@cache
def system_user() -> str:
    """Return the user as this computer names him; ``""`` where it does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
