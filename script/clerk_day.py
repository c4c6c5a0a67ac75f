"""A clerk's day in a real window: keys by xdotool under Xvfb, pictures to look at, and what the ledger holds after.

``script/clerk_day.py OUT [JOURNEY…]`` needs Xvfb and xdotool; it prints a line for each journey and ends with 1 where
one fails.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import ImageGrab

from bri_desktop.db.database import create_database, open_database
from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.project import ProjectDraft

ROOT = Path(__file__).resolve().parents[1]
SECONDS_A_KEY = 0.25
"""Normal typing: 240 keys a minute."""
KEYS_A_CHARACTER = 3
"""What a Chinese character takes by pinyin."""
ROWS = 500
PATIENCE = 60.0
CALM = 4
"""So many looks one after the other that find the program asleep mean that it is done."""


class Desk:
    """A display with the program on it."""

    def __init__(self, ledger: Path, out: Path, home: Path) -> None:
        self.ledger, self.out, self.home = ledger, out, home
        self.keys = 0
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
        self.server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            self.display = f":{answer.readline().strip()}"
        self.program: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The surroundings of the program: this display, a home of its own."""
        own = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        places = {name: str(self.home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")}
        return dict(os.environ) | own | places

    def begin(self) -> None:
        """Start the program and wait for its window."""
        command = [sys.executable, "-m", "bri_desktop", "--db", str(self.ledger), "--lang", "zh_CN"]
        self.program = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while not self.windows() and time.monotonic() < end:
            time.sleep(0.2)
        self.settle()
        self.focus()
        self.press("Escape")

    def focus(self) -> None:
        """Give the keyboard to the window, as a window manager does when a dialog closes."""
        self.do("windowfocus", self.windows()[-1])
        self.settle()

    def end(self, *, at_once: bool = False) -> None:
        """Close the program, or kill it."""
        if self.program is not None:
            (self.program.kill if at_once else self.program.terminate)()
            self.program.wait()
            self.program = None

    def close(self) -> None:
        """Put everything away."""
        self.end(at_once=True)
        self.server.terminate()
        self.server.wait()

    def do(self, *words: str) -> str:
        """Run xdotool."""
        return subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True).stdout

    def windows(self) -> list[str]:
        """Return the windows in view."""
        return self.do("search", "--onlyvisible", "--name", ".").split()

    def settle(self) -> None:
        """Wait until the program sleeps."""
        end, last, calm = time.monotonic() + PATIENCE, "", 0
        time.sleep(0.15)
        while calm < CALM and time.monotonic() < end and self.program is not None:
            parts = Path(f"/proc/{self.program.pid}/stat").read_text().rpartition(") ")[2].split()
            now = " ".join(parts[11:13])
            calm = calm + 1 if parts[0] == "S" and now == last else 0
            last = now
            time.sleep(0.1)

    def press(self, *several: str) -> None:
        """Press keys, each when the program has done with the one before."""
        for key in several:
            self.do("key", "--clearmodifiers", key)
            self.keys += 1
            self.settle()

    def write(self, text: str) -> None:
        """Type a text; a Chinese character counts as the keys of its pinyin."""
        for char in text:
            self.do("type", "--delay", "100", char)
            self.keys += KEYS_A_CHARACTER if ord(char) > 255 else 1
            self.settle()

    def picture(self, name: str) -> None:
        """Keep what is on the screen."""
        ImageGrab.grab(xdisplay=self.display).save(self.out / f"{name}.png")

    def ask(self, *words: str) -> dict[str, object]:
        """Return what the command line says of the ledger."""
        command = [sys.executable, "-m", "bri_desktop", *words, "--db", str(self.ledger), "--json"]
        answer = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        return dict(json.loads(answer.stdout))


def log_a_project(desk: Desk) -> str:
    """Log a project without the mouse."""
    desk.keys = 0
    desk.press("ctrl+n")
    desk.write("Youth exchange Shanghai Prague")
    desk.press("Tab")
    desk.write("shanghai")
    desk.press("Return", "Tab")
    desk.write("bulage")
    desk.press("Return", "Tab", "1", "Tab", "1", "Tab", "5", "Tab", "4", "Tab")
    desk.write("2017.5.17")
    desk.press("Tab")
    desk.write("18000000")
    desk.picture("1-filled")
    desk.press("ctrl+s")
    desk.picture("1-logged")
    seconds = desk.keys * SECONDS_A_KEY
    expect(seconds <= 60, f"{seconds:.0f} s of keys")
    (item,) = found(desk, "Youth exchange")
    expect(item["mode"] == "sister_city" and item["status"] == "signed", "mode and status by number")
    expect(item["signed"] == {"value": "2017-05-17", "precision": "day"}, "the date as written")
    return f"{desk.keys} keys, {seconds:.0f} s at normal speed"


def undo_after_a_restart(desk: Desk) -> str:
    """Take the new project back after the program was closed and opened again."""
    desk.end()
    desk.begin()
    desk.press("ctrl+z")
    desk.picture("2-undone")
    expect(found(desk, "Youth exchange") == [], "the project is gone")
    return "taken back"


def edit_many(desk: Desk) -> str:
    """Give five hundred projects another status, and take that back by one key."""
    desk.press("alt+2", "ctrl+f")
    desk.write("Bulk")
    desk.press("Down", "ctrl+a", "ctrl+e")
    desk.picture("3-window")
    desk.press("Tab", "Tab", "6")
    desk.picture("3-preview")
    desk.press("Tab", "Tab", "Tab", "space")
    desk.picture("3-done")
    changed = count(desk, "status = suspended")
    expect(changed == ROWS, f"{changed} of {ROWS} changed")
    desk.focus()
    desk.press("ctrl+z")
    desk.picture("3-undone")
    expect(count(desk, "status = suspended") == 0, "one undo takes all back")
    return f"{changed} changed, one undo"


def count(desk: Desk, text: str) -> int:
    """Return how many projects a filter finds."""
    return int(str(desk.ask("list", "--filter", text, "--limit", "0")["total"]))


def found(desk: Desk, search: str) -> list[dict[str, object]]:
    """Return the projects that hold some words."""
    items = desk.ask("list", "--search", search)["items"]
    return items if isinstance(items, list) else []


class FailedError(Exception):
    """A journey did not come to what it should."""


def expect(holds: bool, what: str) -> None:
    """Raise ``FailedError`` where something does not hold."""
    if not holds:
        raise FailedError(what)


JOURNEYS: tuple[Callable[[Desk], str], ...] = (log_a_project, undo_after_a_restart, edit_many)


@contextlib.contextmanager
def desk_with_rows(out: Path) -> Iterator[Desk]:
    """Give a desk whose ledger has projects to edit."""
    with tempfile.TemporaryDirectory(prefix="clerk-day-", ignore_cleanup_errors=True) as folder:
        ledger = Path(folder) / "ledger.db"
        create_database(ledger)
        database = open_database(ledger)
        with database.write() as session:
            ProjectStore(session).insert([ProjectDraft(title=f"Bulk {n}", status="active") for n in range(ROWS)])
        database.close()
        desk = Desk(ledger, out, Path(folder))
        try:
            desk.begin()
            yield desk
        finally:
            desk.close()


def main() -> int:
    """Go through the day; return 1 where a journey fails."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "clerk-day")
    out.mkdir(parents=True, exist_ok=True)
    status = 0
    with desk_with_rows(out) as desk:
        for journey in (one for one in JOURNEYS if one.__name__ in sys.argv[2:] or not sys.argv[2:]):
            try:
                print(f"{journey.__name__}: {journey(desk)}")
            except FailedError as failed:
                desk.picture(f"failed-{journey.__name__}")
                print(f"{journey.__name__}: FAILED: {failed}")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
