"""What is kept of an error of ours: where in the program it was and of which kind, never a value of a record."""

import platform
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from bri_desktop import __version__, paths

KEPT = 20
"""So many reports are kept; the oldest go."""


def frames_of(kind: type[BaseException], value: BaseException | None, trace: TracebackType | None) -> str:
    """Return the frames and kinds of an error and of its causes, without their messages, which can quote records."""
    parts = []
    seen: set[int] = set()
    error: BaseException | None = value
    name, frames = kind.__name__, trace
    while True:
        lines = traceback.format_list(traceback.extract_tb(frames))
        parts.append("".join(lines) + name)
        if error is None or id(error) in seen:
            break
        seen.add(id(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if error is None:
            break
        name, frames = type(error).__name__, error.__traceback__
    return "\ncaused by:\n".join(parts)


def write_report(kind: type[BaseException], value: BaseException | None, trace: TracebackType | None) -> Path | None:
    """Write a file that the user may choose to send; ``None`` where it cannot be written."""
    instant = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    folder = paths.data_folder() / "crash-reports"
    lines = [
        f"bri-desktop {__version__}",
        f"Python {sys.version.split()[0]}, {platform.platform()}",
        instant,
        "",
        frames_of(kind, value, trace),
    ]
    file = folder / f"crash-{instant}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError:
        return None
    for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
        with suppress(OSError):
            old.unlink()
    return file
