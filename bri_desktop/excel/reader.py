"""Reading any workbook safely: looked over first, then opened in a process of its own with limits.

A file of one kilobyte can make the parsing library abort its whole process; here that is one clear refusal.
"""

import contextlib
import json
import os
import queue
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from bri_desktop import system
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.excel.grid import Grid, Index, SheetInfo
from bri_desktop.excel.preflight import Kind, identify

Progress = Callable[[int, int], None]
PACKED_AT_MOST = 64
"""Bytes of memory that a reader takes for a byte of an old workbook, by far."""
_POLL_SECONDS = 0.1
_PATIENCE, _PATIENCE_A_MEGABYTE = 300.0, 4.0
_SECOND_READERS = frozenset({Kind.XLSX, Kind.XLSM, Kind.XLS})


class _ReaderFailedError(Exception):
    """A reader ended without a result; ``out_of_memory`` where it said so."""

    def __init__(self, out_of_memory: bool) -> None:
        super().__init__(out_of_memory)
        self.out_of_memory = out_of_memory


def read(
    path: Path,
    *,
    memory_mb: int = 1024,
    seconds: float | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    command: Sequence[str] | None = None,
) -> Grid:
    """Return the cells of a workbook or text table; the caller closes the grid.

    ``progress`` gets rows done and rows expected (0: unknown); without ``seconds`` the time allowed follows from the
    file's size. Raises :class:`InputError`: those of
    :func:`preflight.identify`, ``file_damaged``, ``file_timeout``, ``file_too_large``, ``file_no_sheets``,
    ``file_encoding``, ``cancelled``.
    """
    path = Path(path)
    kind = identify(path)
    handle, name = tempfile.mkstemp(prefix="bri-desktop-", suffix=".rows")
    os.close(handle)
    spool = Path(name)
    seconds = _patience(path) if seconds is None else seconds
    deadline = time.monotonic() + seconds
    job = {"path": str(path.resolve()), "kind": kind.value, "spool": name, "memory_mb": memory_mb, "seconds": seconds}
    watch = _Watch(deadline, progress, cancelled)
    result: dict[str, Any] | None = None
    try:
        result = _attempts(job, kind, command or system.reader_command(), watch)
    except InputError as refusal:
        raise InputError(refusal.code, where=Where(file=path.name), **refusal.values) from refusal
    finally:
        if result is None:
            spool.unlink(missing_ok=True)
    sheets = [_sheet(info) for info in result["sheets"]]
    indexes = [Index(first_rows, offsets) for first_rows, offsets in result["indexes"]]
    return Grid(path, kind.value, sheets, spool, indexes, result.get("encoding"))


def _patience(path: Path) -> float:
    """Return the seconds that a file may take: a million rows take longer than a trap of a few kilobytes is given."""
    return _PATIENCE + _PATIENCE_A_MEGABYTE * path.stat().st_size / 2**20


class _Watch:
    """What the caller wants to know and to stop while a child is at work."""

    def __init__(self, deadline: float, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        self._deadline = deadline
        self._progress = progress
        self._cancelled = cancelled

    def check(self) -> None:
        """Raise where time is up or the caller has given up."""
        if self._cancelled is not None and self._cancelled():
            raise InputError("cancelled")
        if time.monotonic() > self._deadline:
            raise InputError("file_timeout")

    def tell(self, done: int, total: int) -> None:
        """Pass progress on."""
        if self._progress is not None:
            self._progress(done, total)


def _attempts(job: dict[str, Any], kind: Kind, command: Sequence[str], watch: _Watch) -> dict[str, Any]:
    """Ask the fast reader, and where it fails the second one."""
    if kind is Kind.XLS:
        # A workbook that the second reader cannot open has no error cells to name, and no second opinion.
        with contextlib.suppress(_ReaderFailedError):
            job = {**job, **_run({**job, "task": "facts", "second": True}, command, watch)}
    try:
        return _run({**job, "second": False}, command, watch)
    except _ReaderFailedError as failure:
        if failure.out_of_memory and not _is_small(job, kind):
            raise InputError("file_too_large") from failure
        if kind not in _SECOND_READERS:
            raise InputError("file_damaged") from failure
    try:
        return _run({**job, "second": True}, command, watch)
    except _ReaderFailedError as failure:
        is_large = failure.out_of_memory and not _is_small(job, kind)
        raise InputError("file_too_large" if is_large else "file_damaged") from failure


def _is_small(job: dict[str, Any], kind: Kind) -> bool:
    """Tell whether a file cannot be honest and need the memory: nothing is packed in an old workbook."""
    return kind is Kind.XLS and Path(job["path"]).stat().st_size * PACKED_AT_MOST < job["memory_mb"] * 2**20


def _run(job: dict[str, Any], command: Sequence[str], watch: _Watch) -> dict[str, Any]:
    with tempfile.TemporaryFile("a+b") as complaints:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=_environment(),
            creationflags=system.child_flags(),
            text=True,
            encoding="utf-8",
        )
        try:
            message = _conversation(process, job, watch, complaints)
        finally:
            _end(process)
        out_of_memory = _out_of_memory(complaints)
    if message is None:
        raise _ReaderFailedError(out_of_memory)
    if "error" in message:
        raise InputError(message["error"], **message["values"])
    result: dict[str, Any] = message["result"]
    return result


def _environment() -> dict[str, str]:
    """Let the child find this package wherever it was loaded from, and keep number libraries from reserving memory."""
    root = str(Path(__file__).resolve().parents[2])
    known = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, *known]), "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"}


def _out_of_memory(complaints: IO[bytes]) -> bool:
    complaints.seek(0)
    said = complaints.read(65536)
    return any(words in said for words in (b"memory allocation of", b"MemoryError", b"Memory allocation still failed"))


def _conversation(
    process: "subprocess.Popen[str]", job: dict[str, Any], watch: _Watch, complaints: IO[bytes]
) -> dict[str, Any] | None:
    """Return the last word of the child, or nothing where it died without one."""
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError), process.stdin:
        json.dump(job, process.stdin)
    lines: queue.Queue[str] = queue.Queue()
    listener = threading.Thread(target=_listen, args=(process.stdout, lines), name="workbook-reader", daemon=True)
    listener.start()
    try:
        while True:
            watch.check()
            try:
                line = lines.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                # Without memory the parsing library may hang in its own abort.
                if _out_of_memory(complaints):
                    return None
                continue
            if not line.endswith("\n"):
                return None
            message: dict[str, Any] = json.loads(line)
            if "progress" not in message:
                return message
            watch.tell(*message["progress"])
    finally:
        process.kill()
        listener.join()


def _listen(stream: IO[str], lines: "queue.Queue[str]") -> None:
    for line in stream:
        lines.put(line)
    lines.put("")


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _sheet(info: dict[str, Any]) -> SheetInfo:
    return SheetInfo(
        name=info["name"],
        visible=info["visible"],
        rows=info["rows"],
        columns=info["columns"],
        merged=tuple((top, left, bottom, right) for top, left, bottom, right in info["merged"]),
        merged_clipped=info["merged_clipped"],
        hidden_rows=info["hidden_rows"],
        hidden_columns=tuple(info["hidden_columns"]),
        filtered=info["filtered"],
        errors=tuple((cell, text) for cell, text in info["errors"]),
        errors_clipped=info["errors_clipped"],
        clipped=tuple(info["clipped"]),
        long_digits=tuple(info["long_digits"]),
    )
