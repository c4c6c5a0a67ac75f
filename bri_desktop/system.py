"""What differs between Windows and Linux, and between a checkout and a frozen copy: starting, replacing, asking.

Every function takes the system as values, so that each branch is tested on either; the defaults are those at hand.
"""

import io
import os
import re
import sys
import time
from collections.abc import Callable, MutableMapping
from pathlib import Path

IS_WINDOWS = os.name == "nt"
READER_ARGUMENT = "read-workbook"
"""The first word by which a frozen program starts as the process that opens a workbook."""
CONSOLE_NAME = "bri-desktop-console.exe"
"""On Windows the program of the menu has no output; this one beside it has."""
NO_WINDOW = 0x08000000
"""Windows' CREATE_NO_WINDOW: a child without a console of its own that flashes up."""
NO_WINDOW_STATUS = 2
"""Exit status where a window is wanted and none can be opened here."""
MISSING = re.compile(r"([\w.+-]+\.so[\w.]*): cannot open shared object file")
"""What the loader of Linux says of a library that is not there."""
REPLACE_TRIES = 20
REPLACE_PAUSE = 0.05

Replace = Callable[[str | Path, str | Path], None]


def is_frozen() -> bool:
    """Tell whether this is a bundle with a Python of its own."""
    return bool(getattr(sys, "frozen", False))


def program_folder() -> Path | None:
    """Return the folder of a frozen program, ``None`` for a checkout."""
    return Path(sys.executable).resolve().parent if is_frozen() else None


def reader_command(
    executable: str = sys.executable, *, frozen: bool | None = None, windows: bool = IS_WINDOWS
) -> tuple[str, ...]:
    """Return the command of the process that opens a workbook."""
    if not (is_frozen() if frozen is None else frozen):
        return (executable, "-m", "bri_desktop.excel.reader_child")
    if windows:
        console = Path(executable).with_name(CONSOLE_NAME)
        executable = str(console) if console.exists() else executable
    return (executable, READER_ARGUMENT)


def child_flags(*, windows: bool = IS_WINDOWS) -> int:
    """Return the ``creationflags`` of a child process: on Windows it opens no console."""
    return NO_WINDOW if windows else 0


def give_libraries_back(environment: MutableMapping[str, str] | None = None) -> None:
    """Let programs that this one starts (a file manager, a browser) find their own libraries, not the bundle's.

    The loader of a bundle puts its folder into ``LD_LIBRARY_PATH`` and keeps what stood there under another name.
    """
    kept = os.environ if environment is None else environment
    if (before := kept.pop("LD_LIBRARY_PATH_ORIG", None)) is not None:
        kept["LD_LIBRARY_PATH"] = before
    elif is_frozen():
        kept.pop("LD_LIBRARY_PATH", None)


def replace(
    source: Path,
    target: Path,
    *,
    windows: bool = IS_WINDOWS,
    act: Replace = os.replace,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Give ``source`` the name of ``target`` in one act.

    On Windows a file that a virus scanner or an indexer has open for a moment cannot be replaced: it is tried again
    for a second before ``OSError`` is raised.
    """
    for _ in range(REPLACE_TRIES if windows else 0):
        try:
            return act(source, target)
        except PermissionError:
            wait(REPLACE_PAUSE)
    return act(source, target)


def is_running(pid: int, *, windows: bool = IS_WINDOWS) -> bool:
    """Tell whether a process of this machine is running."""
    if windows:
        return is_running_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_running_on_windows(pid: int, kernel: object | None = None) -> bool:
    """Ask Windows for the process: there ``os.kill(pid, 0)`` would end it. ``kernel`` is kernel32."""
    import ctypes
    from typing import Any

    asked: Any = ctypes.CDLL("kernel32") if kernel is None else kernel
    synchronize, is_signalled = 0x00100000, 0
    handle = asked.OpenProcess(synchronize, False, pid)
    if not handle:
        return False
    state = asked.WaitForSingleObject(handle, 0)
    asked.CloseHandle(handle)
    return bool(state != is_signalled)


def speak_utf8() -> None:
    """Begin anew in UTF-8 where the locale has another encoding: names of files could not be kept otherwise.

    What is written to a terminal keeps the terminal's encoding where that has Chinese. A bundle is built for UTF-8.
    """
    if sys.getfilesystemencoding() == "utf-8" or is_frozen() or os.environ.get("PYTHONUTF8") == "1":
        return
    os.environ["PYTHONUTF8"] = "1"
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    if encoding.lower().replace("-", "") not in ("ascii", "utf8", "iso88591"):
        os.environ.setdefault("PYTHONIOENCODING", encoding)
    os.execv(sys.executable, [os.fsencode(word) for word in sys.orig_argv])


def give_streams() -> None:
    """Make what is written readable everywhere.

    A program of Windows' menu has no streams at all: what is written goes nowhere instead of failing. Where the locale
    has no character for a text (``LC_ALL=POSIX``, GBK), the text comes in UTF-8 or with escapes, never as a traceback.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - lives as long as the program
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
