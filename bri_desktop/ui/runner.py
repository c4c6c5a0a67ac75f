"""The one helper that owns threads: reads, writes and long computations off the GUI thread, results back on it.

One writer; readers on their own connections beside it, so that typing and filtering go on during an import. Work
gets its own session and hands back frozen values; callbacks run on the GUI thread and are left out when the widget
that asked is gone.
"""

import logging
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Event
from typing import Any, Protocol, TypeVar, TypeVarTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import Shiboken

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.ui import dialogs
from bri_desktop.ui.collector import Collector

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

READERS = 2
COMPUTERS = 2
PROGRESS_SECONDS = 0.05

log = logging.getLogger(__name__)

Failed = Callable[[UserError], object]


class Sessions(Protocol):
    """What a database must offer: context managers that give a session; the one of ``write`` is a transaction.

    While the one of ``stopping`` lasts, the queries of the session are broken off as soon as ``is_void``.
    """

    def read(self) -> AbstractContextManager[Any]: ...

    def write(self) -> AbstractContextManager[Any]: ...

    def stopping(self, session: Any, is_void: Callable[[], bool]) -> AbstractContextManager[None]: ...


class Job(QObject):
    """A long piece of work as the window sees it: how far it is, and the wish to stop it.

    Work is given :meth:`report` and :meth:`is_cancelled`; both may be called from any thread.
    """

    progressed = Signal(int, int)
    """How many of how many; at most twenty times a second."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cancelled = Event()
        self._reported = 0.0

    def report(self, done: int, total: int) -> None:
        """Tell how far the work is."""
        now = time.monotonic()
        if done >= total or now - self._reported >= PROGRESS_SECONDS:
            self._reported = now
            self.progressed.emit(done, total)

    def cancel(self) -> None:
        """Ask the work to stop; it ends with ``UserError`` ``cancelled``."""
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        """Tell whether the work was asked to stop."""
        return self._cancelled.is_set()


@dataclass(eq=False, slots=True)
class _Task:
    """What to do with the result of one piece of work."""

    done: Callable[[Any], object]
    failed: Failed | None
    initiator: object
    key: Hashable | None = None
    is_write: bool = False
    is_counted: bool = False
    goes_first: bool = False
    job: Job | None = None
    is_void: bool = False


class Runner(QObject):
    """Runs work beside the window; made and closed on the GUI thread. Once closed, it begins no read or computation."""

    changed = Signal(object, object)
    """After a commit: what changed (``Changes``) and who asked for it."""
    writing = Signal(int)
    """How many writes are not yet on the disk."""
    _arrived = Signal(object, object)

    def __init__(self, database: Sessions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database = database
        self._collector = Collector(self)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._computers = ThreadPoolExecutor(COMPUTERS, thread_name_prefix="compute")
        self._latest: dict[Hashable, tuple[_Task, Future[Any]]] = {}
        self._jobs: set[Job] = set()
        self._writes = 0
        self._waiting = 0
        self._closed = False
        self._gate = Event()
        self._gate.set()
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def read(
        self,
        work: Callable[[Any, *Ts], T],
        *args: *Ts,
        done: Callable[[T], object],
        failed: Failed | None = None,
        initiator: object = None,
        replaces: Hashable | None = None,
        stops: bool = False,
    ) -> None:
        """Run ``work(session, *args)`` on a reader and give its result to ``done``.

        A later read with the same ``replaces`` makes this one void: it is not begun, or its result is dropped. One
        that ``stops`` is broken off then; not for reads of which something is kept for the next one.
        """
        if self._closed:
            return
        task = _Task(done, failed, initiator, replaces)
        if replaces is not None:
            self.drop(replaces)
        future = self._readers.submit(self._read, work, args, task if stops else None)
        if replaces is not None:
            self._latest[replaces] = (task, future)
        self._follow(future, task)

    def write(
        self,
        work: Callable[[Any, *Ts], T],
        *args: *Ts,
        done: Callable[[T], object],
        failed: Failed | None = None,
        initiator: object = None,
        job: Job | None = None,
        is_counted: bool = True,
    ) -> None:
        """Run ``work(session, *args)`` in one transaction on the writer, after those asked for before.

        ``work`` returns ``Changes`` or an object that has them as ``changes``; after the commit ``done`` is called,
        then ``changed`` emitted. Upkeep that nobody waits for is not ``is_counted`` among the unwritten.
        """
        task = _Task(done, failed, initiator, is_write=True, is_counted=is_counted, job=job)
        self._count_writes(1 if is_counted else 0)
        self._follow(self._writer.submit(self._write, work, args), task)

    def compute(
        self,
        work: Callable[[*Ts], T],
        *args: *Ts,
        done: Callable[[T], object],
        failed: Failed | None = None,
        initiator: object = None,
        job: Job | None = None,
        goes_first: bool = False,
    ) -> None:
        """Run ``work(*args)`` without a session (files, figures); ``job`` carries progress and the wish to stop.

        Where it ``goes_first``, reads asked for meanwhile begin when its result is on the screen.
        """
        if self._closed:
            return
        if goes_first:
            self._gate.clear()
        task = _Task(done, failed, initiator, job=job, goes_first=goes_first)
        self._follow(self._computers.submit(work, *args), task)

    def drop(self, replaces: Hashable) -> None:
        """Make the last read with this key void."""
        if replaces not in self._latest:
            return
        task, future = self._latest.pop(replaces)
        task.is_void = True
        future.cancel()

    def is_idle(self) -> bool:
        """Tell whether everything that was asked for has arrived."""
        return self._waiting == 0

    def close(self) -> None:
        """Finish the writes, stop the rest and join all threads; no callback comes afterwards."""
        self._closed = True
        self._gate.set()
        for job in self._jobs:
            job.cancel()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._computers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)
        self._collector.stop()

    def _read(self, work: Callable[..., T], args: tuple[Any, ...], stopped: _Task | None) -> T:
        self._gate.wait()
        with self._database.read() as session:
            if stopped is None:
                return work(session, *args)
            with self._database.stopping(session, lambda: stopped.is_void):
                return work(session, *args)

    def _write(self, work: Callable[..., T], args: tuple[Any, ...]) -> T:
        with self._database.write() as session:
            result = work(session, *args)
            _changes_of(result)
            return result

    def _follow(self, future: Future[Any], task: _Task) -> None:
        if task.job is not None:
            self._jobs.add(task.job)
        self._waiting += 1
        future.add_done_callback(lambda finished: self._arrived.emit(finished, task))

    def _on_arrived(self, future: Future[Any], task: _Task) -> None:
        self._waiting -= 1
        if task.job is not None:
            self._jobs.discard(task.job)
        if task.is_write:
            self._count_writes(-1 if task.is_counted else 0)
        if task.goes_first:
            QTimer.singleShot(0, self, self._gate.set)
        if self._closed or future.cancelled() or self._is_overtaken(task):
            return
        error = future.exception()
        if error is not None:
            self._fail(error, task)
            return
        result = future.result()
        try:
            if _is_alive(task.initiator, task.done):
                task.done(result)
        finally:
            if task.is_write:
                self.changed.emit(_changes_of(result), task.initiator)

    def _is_overtaken(self, task: _Task) -> bool:
        """Tell whether a later read took this one's place; else its key is free again."""
        if task.key is None:
            return False
        latest = self._latest.get(task.key)
        if latest is None or latest[0] is not task:
            return True
        del self._latest[task.key]
        return False

    def _fail(self, error: BaseException, task: _Task) -> None:
        if not isinstance(error, UserError):
            log.error("work failed: %s", error, exc_info=error)
            dialogs.tell(None, labels.sentence("unexpected"))
        elif task.failed is None or not _is_alive(task.initiator, task.failed):
            dialogs.tell(None, labels.error_sentence(error))
        else:
            task.failed(error)

    def _count_writes(self, step: int) -> None:
        self._writes += step
        self.writing.emit(self._writes)


def _changes_of(result: object) -> Changes:
    found = result if isinstance(result, Changes) else getattr(result, "changes", None)
    if not isinstance(found, Changes):
        raise TypeError(f"a write must return its changes, not {type(result).__name__}")
    return found


def _is_alive(initiator: object, callback: Callable[..., object]) -> bool:
    """Tell whether the Qt objects behind a callback still exist."""
    owners = (initiator, getattr(callback, "__self__", None))
    return all(Shiboken.isValid(owner) for owner in owners if isinstance(owner, QObject))
