"""Keeping Python's collector of garbage away while many objects are made: its full collections stop every thread.

A plan of 30,000 rows is a million objects, and each full collection looks at all of them: pauses of up to a second.
They form no cycles, so that nothing is lost by collecting rarely; what a plan leaves is put out of the collector's
sight until its file is closed.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

RARELY = 2_000
"""Collections of the middle generation between two full ones, instead of Python's ten."""

_lock = Lock()
_running: list[tuple[int, int, int]] = []


@contextmanager
def no_collection() -> Iterator[None]:
    """Put collections off while many long-lived objects are made: they would be looked through in vain."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def few_pauses(*, keeps: bool = False) -> Iterator[None]:
    """Collect rarely while the work runs; leave what it ``keeps`` out of later collections.

    That leaves out all else that is there, too, garbage with it, until :func:`collect_again`.
    """
    with _lock:
        _running.append(gc.get_threshold())
        gc.set_threshold(_running[0][0], _running[0][1], RARELY)
    try:
        yield
    finally:
        with _lock:
            usual = _running[0]
            _running.pop()
            if not _running:
                gc.set_threshold(*usual)
        if keeps:
            gc.freeze()


def collect_again() -> None:
    """Let the collector see everything again; what was made is no longer needed."""
    gc.unfreeze()
