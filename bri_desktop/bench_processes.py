"""Programs run and measured from outside: the clock, the processors, and the memory of them and all their children."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bri_desktop.domain.errors import InputError

SAMPLING_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Run:
    """A finished process: seconds on the clock, seconds of processors, peak bytes, what it printed last.

    Processors and memory are those of the process and its children together.
    """

    seconds: float
    cpu: float
    peak: int
    output: str


def timed(arguments: list[str], accepted: tuple[int, ...] = (0,)) -> Run:
    """Run a program off screen to its end; ``InputError`` where its status is not an ``accepted`` one."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    environment.pop("OPENPYXL_LXML", None)  # ours, not the peers'
    begin, before = time.perf_counter(), _of_children()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)
    peak = _watch(process.pid, lambda: process.poll() is None)
    seconds = time.perf_counter() - begin
    output, cpu = process.communicate()[0].strip(), _of_children() - before
    if process.returncode not in accepted:
        raise InputError("usage", detail=f"{arguments[1:4]}: {process.returncode}")
    return Run(seconds, cpu, peak, output.splitlines()[-1] if output else "")


def _of_children() -> float:
    """Return the seconds of processors that ended children, and theirs, have used."""
    used = os.times()
    return used.children_user + used.children_system


def _watch(process: int, running: Callable[[], bool]) -> int:
    """Return the highest sum of resident memory of a process and its descendants, while ``running``."""
    peak = 0
    while running():
        peak = max(peak, sum(_resident(number) for number in _family(process)))
        time.sleep(SAMPLING_SECONDS)
    return peak


def _family(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            yield from _family(int(child))


def _resident(process: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0
