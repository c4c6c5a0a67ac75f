"""A display with the program on it: keys and mouse by xdotool under Xvfb, pictures of what is there."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from PIL import ImageGrab

ROOT = Path(__file__).resolve().parents[1]
KEYS_A_CHARACTER = 3
"""What a Chinese character takes by pinyin."""
PATIENCE = 180.0
CALM = 3
"""So many looks one after the other that find the program asleep mean that it is done."""
HAND = """
import sys
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

class Hand(QLabel):
    def mousePressEvent(self, event):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in sys.argv[2:]])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)

application = QApplication(sys.argv)
hand = Hand("drag me", None, Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.FramelessWindowHint)
hand.setGeometry(300, 300, 90, 40)
if sys.argv[1]:
    QGuiApplication.clipboard().setText("\\u5b57" * int(sys.argv[1]))
if sys.argv[2:]:
    hand.show()
print("ready", flush=True)
application.exec()
"""
"""Another program of the desktop: what it is given can be dragged out of it, or lies on the clipboard."""


class FailedError(Exception):
    """A journey did not come to what it should."""


class Desk:
    """A display with the program on it."""

    def __init__(self, ledger: Path, out: Path, home: Path) -> None:
        self.ledger, self.out, self.home = ledger, out, home
        self.keys = 0
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"]
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
        log = self.out / "program.log"
        with log.open("ab") as stream:
            self.program = subprocess.Popen(command, env=self.environment, stderr=stream)
        end = time.monotonic() + PATIENCE
        while not self.windows():
            if self.program.poll() is not None or time.monotonic() > end:
                raise FailedError(f"no window: {log.read_text('utf-8', 'replace')[-2000:]}")
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

    def hand(self, *files: Path, characters: int = 0) -> subprocess.Popen[str]:
        """Start another program that holds files to drag, or a long text on the clipboard; ready when this returns."""
        command = [sys.executable, "-c", HAND, str(characters or ""), *map(str, files)]
        other = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert other.stdout is not None
        other.stdout.readline()
        self.settle()
        return other

    def drag(self, start: tuple[int, int], end: tuple[int, int], *, steps: int = 12) -> None:
        """Drag with the mouse from one point of the display to another."""
        self.do("mousemove", *map(str, start))
        self.do("mousedown", "1")
        for step in range(1, steps + 1):
            at = (start[place] + (end[place] - start[place]) * step // steps for place in (0, 1))
            self.do("mousemove", *map(str, at))
            time.sleep(0.05)
        time.sleep(0.3)
        self.do("mouseup", "1")
        self.settle()

    def ask(self, *words: str) -> dict[str, object]:
        """Return what the command line says of the ledger."""
        command = [sys.executable, "-m", "bri_desktop", *words, "--db", str(self.ledger), "--json"]
        answer = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        return dict(json.loads(answer.stdout))
