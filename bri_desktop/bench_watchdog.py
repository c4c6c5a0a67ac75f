"""Whether the window ever stops answering: the longest turn of its event loop in each journey, and what it was doing.

A turn is what a question that is put to the loop has to wait for. Beside its length stands the time that the thread
itself worked in it: on a machine that does other things too, the rest is waiting for a processor or for Python's lock.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from bri_desktop.bench_window import live, rest, running

SAMPLING_SECONDS = 0.005
SHOWN_FRAMES = 4
PACKAGE = str(Path(__file__).parent)


@dataclass(slots=True)
class Turn:
    """The longest turn: seconds on the clock, seconds of work of the thread, and where it was met."""

    seconds: float = 0.0
    worked: float = 0.0
    where: str = ""


class Watchdog:
    """Asks the thread that makes it again and again for an answer, through its event loop, and notes how long it takes.

    The question waits behind everything that the loop has to do, as a key or a click would.
    """

    def __init__(self) -> None:
        from PySide6.QtCore import QObject, Qt, Signal

        class Bell(QObject):
            rung = Signal()

        self._thread = threading.get_ident()
        self._answered = threading.Event()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._worked = 0.0
        self._longest = Turn()
        self._bell = Bell()
        self._bell.rung.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._asking = threading.Thread(target=self._ask, daemon=True)
        self._asking.start()

    def _answer(self) -> None:
        self._worked = time.thread_time()
        self._answered.set()

    def _ask(self) -> None:
        while not self._ended.wait(SAMPLING_SECONDS):
            before, began, seen = self._worked, time.perf_counter(), list[str]()
            self._answered.clear()
            self._bell.rung.emit()
            while not self._answered.wait(SAMPLING_SECONDS) and not self._ended.is_set():
                seen.append(_where(sys._current_frames().get(self._thread)))
            self._note(Turn(time.perf_counter() - began, self._worked - before, _most(seen)))

    def _note(self, turn: Turn) -> None:
        with self._lock:
            if turn.seconds > self._longest.seconds:
                self._longest = turn

    def take(self) -> Turn:
        """Return the longest turn since the last call."""
        with self._lock:
            found, self._longest = self._longest, Turn()
        return found

    def close(self) -> None:
        """Stop watching."""
        self._ended.set()
        self._asking.join()


def _most(seen: list[str]) -> str:
    return max(set(seen), key=seen.count) if seen else ""


def _where(frame: FrameType | None) -> str:
    """Return the innermost calls that are of this program, the outer one first."""
    found: list[str] = []
    while frame is not None and len(found) < SHOWN_FRAMES:
        name = frame.f_code.co_filename
        if name.startswith(PACKAGE) and "bench_" not in name:
            found.insert(0, f"{Path(name).relative_to(PACKAGE)}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " > ".join(found)


def watch_journeys(path: str, book: str) -> Iterator[tuple[str, Turn]]:
    """Yield (journey, its longest turn) of the program on the ledger ``path``; ``book`` is a workbook to take in."""
    with running(path) as program, _watching() as dog:
        for name, steps in _journeys(program, book):
            dog.take()
            for step in steps:
                _act(program, step)
            yield name, dog.take()


@contextmanager
def _watching() -> Iterator[Watchdog]:
    dog = Watchdog()
    yield dog
    dog.close()


def _act(program: Any, step: Callable[[], object]) -> None:
    """Let the event loop do ``step``, as it does what a key or the mouse asks for, and wait for what follows."""
    from PySide6.QtCore import QTimer

    QTimer.singleShot(0, step)
    live(0.05)
    rest(program)


Journey = tuple[str, list[Callable[[], object]]]


def _journeys(program: Any, book: str) -> Iterator[Journey]:
    window = program.window
    yield from _of_the_ledger(program)
    for code in window.codes():
        yield f"open {code}", [partial(window.show_page, code)]
    for code in window.codes():
        yield f"again {code}", [partial(window.show_page, code)]
    yield from _of_figures(program)
    yield from _of_places(program)
    yield from _of_a_workbook(program, book)


def _of_the_ledger(program: Any) -> Iterator[Journey]:
    page = program.window.page("projects")
    box = page.filters.search_box

    def record() -> Any:
        return page.panel

    def edit() -> None:
        record().form.editors["title"].widget.setText(f"改名 {time.time():.0f}")

    yield "type a filter", [partial(box.setText, text) for text in ("1", "12", "123", "")]
    yield "search two characters", [lambda: box.setText("能源"), lambda: box.setText("")]
    yield "filter by a condition", [lambda: page.show_filter("mode = sister_city"), page.filters.clear]
    yield "sort by a column", [lambda: page.table._on_sort_clicked(page.table.shown_sections()[1], False)]
    yield "select everything", [page.table.selectAll, page.table.clearSelection]
    yield "scroll to the end", [page.table.scrollToBottom, page.table.scrollToTop]
    yield "open a record", [lambda: page.open_record("P5")]
    yield "open another record", [lambda: page.open_record("P6")]
    yield "edit and save", [edit, lambda: record().save()]
    yield "begin a new record", [page.new_project]
    yield "close the record", [page.close_panel]
    yield "Ctrl+K and a word", [program.window.palette_requested.emit, lambda: _palette(program).line.setText("港口")]
    _palette(program).close()
    yield "undo", [page.acts.undo]


def _palette(program: Any) -> Any:
    from bri_desktop.ui.palette import Palette

    return next(box for box in program.window.findChildren(Palette) if box.isVisible())


def _of_figures(program: Any) -> Iterator[Journey]:
    page = program.window.page("statistics")
    window = program.window
    yield (
        "figures: a filter",
        [lambda: window.show_page("statistics"), lambda: page.filter_box.setText("nature = practical")],
    )
    yield "figures: by country", [lambda: page.groupings.choose("country")]
    yield "figures: by city", [lambda: page.groupings.choose("city")]
    yield "figures: all measures", [lambda: page.tabs.setCurrentIndex(1)]
    yield "figures: index and tables", [lambda: page.tabs.setCurrentIndex(2), lambda: page.tabs.setCurrentIndex(3)]


def _of_places(program: Any) -> Iterator[Journey]:
    page = program.window.page("cities")
    shown = page.places.shown()
    busiest = max(shown, key=lambda row: row.projects) if shown else None
    if busiest is not None:
        program.window.show_page("cities")
        yield "the busiest city", [lambda: page.open_target(("place", busiest.id))]
    if page.pairs.shown():
        yield "a tie", [lambda: page.open_target(("tie", page.pairs.shown()[0].id))]
    yield "the map", [lambda: page.tabs.setCurrentWidget(page.map_view)]


def _of_a_workbook(program: Any, book: str) -> Iterator[Journey]:
    yield "open a workbook", [lambda: program.context.import_files([book])]
    page = program.window.page("exchange")
    yield "preview of an import", [lambda: page.recognised.next_wanted.emit()]
