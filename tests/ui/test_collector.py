"""Garbage is collected on the GUI thread: a window that nobody holds is never destroyed by one that works beside it."""

import gc
import subprocess
import sys

from PySide6.QtWidgets import QApplication

from bri_desktop.ui.collector import Collector

ABANDON = """
import sys, threading, time
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from bri_desktop.ui.runner import Runner

threads = set()

class Window(QWidget):
    pass

def note():
    threads.add(threading.current_thread().name)

def abandon():
    for _ in range(20):
        window = Window()
        window.itself = window
        QLabel("a", window)
        window.destroyed.connect(note, Qt.ConnectionType.DirectConnection)
        window.show()

def work():
    for _ in range(20):
        for _ in range(5_000):
            cycle = []
            cycle.append(cycle)
        time.sleep(0.05)

application = QApplication([])
runner = Runner(None)
abandon()
runner.compute(work, done=lambda _: application.quit())
application.exec()
runner.close()
print(len(application.allWidgets()), threads)
"""


def test_a_busy_worker_destroys_no_window() -> None:
    run = subprocess.run([sys.executable, "-c", ABANDON], capture_output=True, text=True, timeout=120, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, "0 {'MainThread'}"), run.stderr


def test_python_collects_again_after_the_last_one(qapp: QApplication) -> None:
    assert gc.isenabled()
    first, second = Collector(), Collector()
    assert not gc.isenabled()
    first.stop()
    assert not gc.isenabled()
    second.stop()
    assert gc.isenabled()
