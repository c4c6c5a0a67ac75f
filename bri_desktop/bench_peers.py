"""Other programs that do the same work, where this machine has them: LibreOffice without a window, DB Browser."""

import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from bri_desktop.bench_processes import Run, timed
from bri_desktop.domain.errors import InputError

PATIENCE_SECONDS = 60.0
SAMPLING_SECONDS = 0.01

OFFICE = shutil.which("soffice")
BROWSER = shutil.which("sqlitebrowser")


def convert(book: Path, folder: Path) -> Run:
    """Let LibreOffice open a workbook and write it as text; it gets a profile of its own."""
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    folder.mkdir(parents=True, exist_ok=True)
    return timed([str(OFFICE), profile, "--headless", "--convert-to", "csv", "--outdir", str(folder), str(book)])


def seconds_to_open(ledger: Path) -> float:
    """Return the seconds until DB Browser for SQLite holds a ledger open, which is before it shows rows.

    Its own ``--quit`` ends it before it has a window. ``InputError`` where it ends by itself or takes a minute.
    """
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    begin = time.perf_counter()
    command = [str(BROWSER), "--read-only", "--table", "project", str(ledger)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    try:
        while not _holds(process.pid, ledger):
            if process.poll() is not None or time.perf_counter() - begin > PATIENCE_SECONDS:
                raise InputError("usage", detail=f"{BROWSER}: {process.returncode}")
            time.sleep(SAMPLING_SECONDS)
        return time.perf_counter() - begin
    finally:
        process.kill()
        process.wait()


def _holds(process: int, file: Path) -> bool:
    """Tell whether a process has a file open; processes are listed so on Linux only."""
    with suppress(OSError):
        return any(link.resolve() == file.resolve() for link in Path(f"/proc/{process}/fd").iterdir())
    return False
