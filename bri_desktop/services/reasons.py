"""Writing with a reason: the history keeps why a change was made beside who made it and when."""

from collections.abc import Callable
from typing import Any, TypeVar

from bri_desktop.db.reason import LONGEST as LONGEST
from bri_desktop.db.reason import giving_reason as giving_reason

T = TypeVar("T")


def with_reason(work: Callable[..., T], why: str) -> Callable[..., T]:
    """Return ``work`` as a write whose act is entered with ``why``; an empty reason enters none."""

    def work_with_reason(session: Any, *args: Any) -> T:
        with giving_reason(why):
            return work(session, *args)

    return work_with_reason
