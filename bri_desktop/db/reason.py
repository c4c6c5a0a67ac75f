"""Why somebody acts, in his own words: told once around a write, entered with the act that the write makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LONGEST = 500
"""Characters of a reason that are kept."""

_reason: ContextVar[str | None] = ContextVar("reason", default=None)


@contextmanager
def giving_reason(why: str | None) -> Iterator[None]:
    """Enter ``why`` with every act made while this lasts; blanks are no reason."""
    words = " ".join((why or "").split())[:LONGEST]
    token = _reason.set(words or None)
    try:
        yield
    finally:
        _reason.reset(token)


def reason() -> str | None:
    """Return the reason that was given, or ``None``."""
    return _reason.get()
