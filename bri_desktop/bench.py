"""Speed and memory, each figure beside a peer in the same run: what ``bri-desktop bench`` prints.

Whole imports, exports, summaries and starts are processes of their own, timed from outside, on the clock and by what
they used of the processors; their memory is the sum over the process and its children, sampled while they run.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bri_desktop.bench_ledger import COLUMNS, make_ledger
from bri_desktop.bench_peers import BROWSER, OFFICE, convert, seconds_to_open
from bri_desktop.bench_processes import Run, timed
from bri_desktop.domain.errors import InputError

RUNS = 3
MANY_ROWS = 300_000
"""From so many rows on, a run is long enough to be taken once."""
MEGABYTE = 1024 * 1024
LONGEST_TURN = 0.1
"""Seconds after which a turn of the event loop is told with what it was doing."""
SUMMARY_YEAR = 2017
BENCHES = (
    *("import", "import_memory", "export", "export_memory", "start", "filter", "search", "scroll", "index"),
    *("save", "statistics", "merge", "palette", "summary", "journeys"),
)

OPENPYXL_READ = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True)
print(sum(1 for row in book.worksheets[0].iter_rows(values_only=True)))
"""
OPENPYXL_WRITE = """
import sys, openpyxl
source = openpyxl.load_workbook(sys.argv[1], read_only=True)
rows = [row for row in source.worksheets[0].iter_rows(values_only=True)]
import time; begin = time.perf_counter()
book = openpyxl.Workbook(write_only=True)
sheet = book.create_sheet()
for row in rows: sheet.append(row)
book.save(sys.argv[2])
print(time.perf_counter() - begin)
"""
BARE_WINDOW = """
import sqlalchemy.orm
from PySide6.QtWidgets import QApplication, QWidget
from PySide6.QtCore import QTimer
import time
app = QApplication([]); window = QWidget(); window.resize(1366, 768); window.show()
QTimer.singleShot(0, lambda: (print(time.time()), app.quit())); app.exec()
"""
OUR_WINDOW = """
import gc, sys
gc.disable()
from bri_desktop.arguments import GlobalOptions
from bri_desktop.start import run_window
raise SystemExit(run_window(GlobalOptions(db=sys.argv[1]), page="projects", until_shown=True))
"""
IN_THE_WINDOW = """
import sys
from bri_desktop import bench_window
print(getattr(bench_window, sys.argv[1])(*sys.argv[2:]))
"""
JOURNEYS = """
import json, sys
from bri_desktop.bench_watchdog import watch_journeys
print(json.dumps([[name, turn.seconds, turn.worked, turn.where] for name, turn in watch_journeys(*sys.argv[1:])]))
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; ``ratio`` is ours ÷ peer, ``None`` where there is no peer.

    ``cpu`` and ``peer_cpu`` are seconds of processors of the same runs, where programs were run; ``rows`` the projects
    of the ledger, ``against`` who the peer is.
    """

    name: str
    ours: float
    peer: float | None
    ratio: float | None
    unit: str
    rows: int = 0
    against: str = ""
    cpu: float | None = None
    peer_cpu: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return asdict(self)


def run_bench(sizes: Sequence[int], only: str | None) -> list[Figure]:
    """Measure on made ledgers of so many projects; medians of three runs where a run is short enough."""
    if only is not None and only not in BENCHES:
        raise InputError("option_unknown", value=only, known=", ".join(BENCHES))
    found = []
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="bri-bench-") as folder:
            found += [_told(replace(figure, rows=rows)) for figure in _figures(Path(folder), rows, only)]
    return found


def _told(figure: Figure) -> Figure:
    """Show a figure as soon as it is measured: the whole takes a while."""
    beside = "" if figure.peer is None else f", {figure.against} {figure.peer} {figure.unit}, ratio {figure.ratio}"
    sys.stderr.write(f"{figure.rows:,} {figure.name}: {figure.ours} {figure.unit}{beside}\n")
    return figure


def _figures(folder: Path, rows: int, only: str | None) -> Iterator[Figure]:
    book, ledger = folder / "ledger.xlsx", folder / "run0.db"
    runs = 1 if rows >= MANY_ROWS else RUNS
    _say(f"making a workbook of {rows} x {COLUMNS}")
    make_ledger(book, rows)
    wanted = runs if only in (None, "import", "merge") else 1
    imported = [_import(folder / f"run{number}.db", book) for number in range(wanted)]
    if only in (None, "import"):
        yield from _import_figures(folder, book, imported)
    if only in (None, "import_memory"):
        yield _alone("import_memory", max(run.peak for run in imported) / MEGABYTE, "MB")
    if only in (None, "export", "export_memory"):
        yield from _export(folder, ledger, book, only, runs)
    if only in (None, "merge"):
        from bri_desktop.bench_exchange import exchange_figures

        seconds = [run.seconds for run in imported]
        rows_found = exchange_figures(folder, ledger, seconds, timed)
        yield from (Figure(*row, against="import" if row[2] else "") for row in rows_found)
    if only in (None, "start"):
        yield from _start(ledger)
    yield from _of_the_window(ledger, book, only)
    if only in (None, "statistics"):
        from bri_desktop.bench_statistics import statistics_figures

        yield from (Figure(*row, against="pandas" if row[2] else "") for row in statistics_figures(ledger))
    if only in (None, "summary"):
        yield _summary(folder, ledger, runs)
    if only in (None, "save"):
        yield _alone("save", _save(ledger), "ms")


def _import_figures(folder: Path, book: Path, imported: Sequence[Run]) -> Iterator[Figure]:
    read = [timed([sys.executable, "-c", OPENPYXL_READ, str(book)]) for _ in imported]
    yield _beside("import", imported, "openpyxl, reading alone", read)
    if OFFICE is not None:
        yield _beside("import, office", imported, "LibreOffice to csv", [convert(book, folder / "office")])


def _start(ledger: Path) -> Iterator[Figure]:
    ours = [_until_shown(OUR_WINDOW, str(ledger)) for _ in range(RUNS + 2)][1:]
    bare = [_until_shown(BARE_WINDOW) for _ in range(RUNS + 2)][1:]
    yield _ratio("start", ours, "bare window", bare)
    if BROWSER is not None:
        theirs = [seconds_to_open(ledger) for _ in range(RUNS + 1)][1:]
        yield _ratio("start, browser", ours, "DB Browser, until it holds the file", theirs)


def _summary(folder: Path, ledger: Path, runs: int) -> Figure:
    command = [sys.executable, "-m", "bri_desktop", "--db", str(ledger), "report", "--year", str(SUMMARY_YEAR)]
    made = []
    for number in range(runs):
        _say("summary")
        made.append(timed([*command, str(folder / f"summary{number}.docx")]))
    return replace(_alone("summary", _seconds(made), "s"), cpu=_cpu(made))


def _of_the_window(ledger: Path, book: Path, only: str | None) -> Iterator[Figure]:
    if only in (None, "index", "filter", "search", "scroll", "palette", "journeys"):
        yield _alone("index", _in_the_window("time_index", ledger), "s")
    for name in ("filter", "search"):
        if only in (None, name):
            yield _alone(name, _in_the_window("time_typing", ledger, name), "ms")
    for name, function in (("palette", "time_palette"), ("scroll", "time_scrolling")):
        if only in (None, name):
            yield _alone(name, _in_the_window(function, ledger), "ms")
    if only in (None, "journeys"):
        _say("journeys")
        turns = json.loads(timed([sys.executable, "-c", JOURNEYS, str(ledger), str(book)]).output)
        for name, seconds, worked, where in turns:
            if seconds > LONGEST_TURN:
                _say(f"{name}: {where}")
            yield Figure(f"journey: {name}", round(seconds * 1000, 1), None, None, "ms", cpu=round(worked, 3))


def _say(text: str) -> None:
    sys.stderr.write(f"{text} …\n")


def _seconds(runs: Sequence[Run]) -> float:
    return statistics.median(run.seconds for run in runs)


def _cpu(runs: Sequence[Run]) -> float:
    return round(statistics.median(run.cpu for run in runs), 3)


def _beside(name: str, ours: Sequence[Run], against: str, peer: Sequence[Run]) -> Figure:
    figure = _ratio(name, [run.seconds for run in ours], against, [run.seconds for run in peer])
    return replace(figure, cpu=_cpu(ours), peer_cpu=_cpu(peer))


def _ratio(name: str, ours: Sequence[float], against: str, peer: Sequence[float]) -> Figure:
    mine, other = statistics.median(ours), statistics.median(peer)
    return Figure(name, round(mine, 3), round(other, 3), round(mine / other, 3), "s", against=against)


def _alone(name: str, value: float, unit: str) -> Figure:
    return Figure(name, round(value, 2), None, None, unit)


def _import(database: Path, book: Path) -> Run:
    _say("import")
    arguments = [sys.executable, "-m", "bri_desktop", "--db", str(database), "import", str(book), "--json"]
    return timed(arguments, accepted=(0, 1))


def _export(folder: Path, ledger: Path, book: Path, only: str | None, count: int) -> Iterator[Figure]:
    command = [sys.executable, "-m", "bri_desktop", "--db", str(ledger), "export"]
    runs = []
    for number in range(count):
        _say("export")
        runs.append(timed([*command, str(folder / f"out{number}.xlsx")]))
    if only in (None, "export"):
        target = str(folder / "peer.xlsx")
        peer = [float(timed([sys.executable, "-c", OPENPYXL_WRITE, str(book), target]).output) for _ in runs]
        figure = _ratio("export", [run.seconds for run in runs], "openpyxl, writing bare values", peer)
        yield replace(figure, cpu=_cpu(runs))
    if only in (None, "export_memory"):
        yield _alone("export_memory", max(run.peak for run in runs) / MEGABYTE, "MB")


def _until_shown(program: str, *arguments: str) -> float:
    """Return the seconds from the start of a process to the instant that it prints: when its window is usable."""
    begin = time.time()
    return float(timed([sys.executable, "-c", program, *arguments]).output) - begin


def _in_the_window(name: str, ledger: Path, *arguments: str) -> float:
    """Call a function of this module in a process of its own: a window is opened only once in one."""
    return float(timed([sys.executable, "-c", IN_THE_WINDOW, name, str(ledger), *arguments]).output)


def _save(ledger: Path) -> float:
    from bri_desktop.db.database import open_database
    from bri_desktop.domain.project import ProjectDraft
    from bri_desktop.services.projects import create_project

    database = open_database(ledger)
    taken: list[float] = []
    for number in range(20):
        begin = time.perf_counter()
        with database.write() as session:
            create_project(session, ProjectDraft(title=f"保存 {number}", domestic_places=("cn:110000",)))
        taken.append((time.perf_counter() - begin) * 1000)
    database.close()
    return statistics.median(taken)
