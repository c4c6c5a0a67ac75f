"""Speed of the window: typing, searching, scrolling, Ctrl+K, and how long each journey keeps the window from answering.

Each function is called in a process of its own and takes the path of a ledger; a window is opened once in a process.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

TYPED = {"filter": ("12345", "nyhz", "beijing"), "search": ("能源", "港口", "青年", "会展", "榆林")}
"""What is typed: key by key into the filter box; words of two characters as an input method gives them."""
RUNS = 3
BETWEEN_KEYS = 0.15
SCROLL_STEPS = 600


def time_index(path: str) -> float:
    """Return the seconds in which the search index of a ledger is filled, as the window does it beside its work."""
    from bri_desktop.db.database import open_database
    from bri_desktop.services.search_index import fill_search_index

    database = open_database(Path(path))
    begin = time.perf_counter()
    is_left = True
    while is_left:
        with database.write() as session:
            is_left = fill_search_index(session).is_left
    database.close()
    return time.perf_counter() - begin


def time_typing(path: str, kind: str) -> float:
    """Return the median milliseconds from a key in the filter box to the rows drawn."""
    taken: list[float] = []
    with ledger_page(path) as (page, live):
        for text in TYPED[kind] * RUNS:
            steps = [text[: end + 1] for end in range(len(text))] if kind == "filter" else [text]
            taken.extend(_time_key(page, live, step) for step in steps)
            page.filters.clear()
            live(BETWEEN_KEYS)
    return statistics.median(taken)


def _time_key(page: Any, live: Callable[[float], None], text: str) -> float:
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    loop = QEventLoop()
    page.model.reloaded.connect(loop.quit)
    begin = time.perf_counter()
    page.filters.search_box.setText(text)
    loop.exec()
    page.model.reloaded.disconnect(loop.quit)
    page.table.viewport().repaint()
    taken = (time.perf_counter() - begin) * 1000
    QApplication.processEvents()
    live(BETWEEN_KEYS)
    return taken


def time_palette(path: str) -> float:
    """Return the median milliseconds from a word in the box of Ctrl+K to its records in the list."""
    from bri_desktop.app import wait_until
    from bri_desktop.ui.palette import Palette

    taken: list[float] = []
    with running(path) as program:
        for text in TYPED["search"] * RUNS:
            program.window.palette_requested.emit()
            box = next(box for box in program.window.findChildren(Palette) if box.isVisible())
            begin = time.perf_counter()
            box.line.setText(text)
            wait_until(program.runner.is_idle)
            box.list.viewport().repaint()
            taken.append((time.perf_counter() - begin) * 1000)
            box.close()
            rest(program)
    return statistics.median(taken)


def time_scrolling(path: str) -> float:
    """Return the milliseconds of the longest block of the GUI thread while the ledger is scrolled to its end."""
    from PySide6.QtCore import QEventLoop, QTimer

    with ledger_page(path) as (page, _live):
        bar, loop, clock = page.table.verticalScrollBar(), QEventLoop(), QTimer()
        turns: list[float] = [time.perf_counter()]

        def turn() -> None:
            turns.append(time.perf_counter())
            step = bar.pageStep() if len(turns) % 2 else bar.maximum() // SCROLL_STEPS
            bar.setValue(bar.value() + step)
            if bar.value() >= bar.maximum():
                loop.quit()

        clock.timeout.connect(turn)
        clock.start(0)
        loop.exec()
        clock.stop()
    return max(later - earlier for earlier, later in pairwise(turns)) * 1000


@contextmanager
def ledger_page(path: str) -> Iterator[tuple[Any, Callable[[float], None]]]:
    """Give the page of a ledger that is shown and at rest, and a function that lets the window live for seconds."""
    with running(path) as program:
        yield program.window.page("projects"), live


@contextmanager
def running(path: str) -> Iterator[Any]:
    """Give the program on a ledger, its projects shown and at rest."""
    from bri_desktop import app, i18n
    from bri_desktop.db.database import open_database
    from bri_desktop.ui.settings import Settings

    application, theme = app.make_application(i18n.language(), "light")
    program = app.Program(application, open_database(Path(path)), Settings(Path(path).with_suffix(".ini")), theme)
    program.window.show_page("projects")
    program.window.show()
    live(1.0)
    rest(program)
    yield program
    program.close()


def live(seconds: float) -> None:
    """Let the window live for so long."""
    from bri_desktop.app import wait_until

    end = time.perf_counter() + seconds
    wait_until(lambda: time.perf_counter() > end)


def rest(program: Any, quiet: float = 0.4) -> None:
    """Let the window live until nothing has been under way for ``quiet`` seconds: timers ask for more work late."""
    from bri_desktop.app import wait_until

    since = time.perf_counter()

    def is_quiet() -> bool:
        nonlocal since
        if not program.runner.is_idle():
            since = time.perf_counter()
        return time.perf_counter() - since > quiet

    wait_until(is_quiet)
