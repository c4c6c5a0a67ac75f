"""Speed and memory, each figure beside a peer in the same run: what ``bri-desktop bench`` prints.

Whole imports, exports and starts are processes of their own, timed from outside; their memory is the sum over the
process and its children, sampled while they run.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bri_desktop.domain.errors import InputError

COLUMNS = 30
RUNS = 3
SAMPLING_SECONDS = 0.02
MEGABYTE = 1024 * 1024
LONGEST_TURN = 0.1
"""Seconds after which a turn of the event loop is told with what it was doing."""
BENCHES = (
    *("import", "import_memory", "export", "export_memory", "start", "filter", "search", "scroll", "index"),
    *("save", "statistics", "merge", "palette", "journeys"),
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
from bri_desktop.app import run_window
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
    """One measured value; ``ratio`` is ours ÷ peer, ``None`` where there is no peer."""

    name: str
    ours: float
    peer: float | None
    ratio: float | None
    unit: str

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return asdict(self)


def run_bench(rows: int, only: str | None) -> list[Figure]:
    """Measure on a made ledger of ``rows`` projects; medians of three runs where a run is short enough."""
    if only is not None and only not in BENCHES:
        raise InputError("option_unknown", value=only, known=", ".join(BENCHES))
    with tempfile.TemporaryDirectory(prefix="bri-bench-") as folder:
        return [_told(figure) for figure in _figures(Path(folder), rows, only)]


def _told(figure: "Figure") -> "Figure":
    """Show a figure as soon as it is measured: the whole takes a while."""
    beside = "" if figure.peer is None else f", peer {figure.peer} {figure.unit}, ratio {figure.ratio}"
    sys.stderr.write(f"{figure.name}: {figure.ours} {figure.unit}{beside}\n")
    return figure


def _figures(folder: Path, rows: int, only: str | None) -> Iterator[Figure]:
    book, ledger = folder / "ledger.xlsx", folder / "run0.db"
    _say(f"making a workbook of {rows} x {COLUMNS}")
    make_ledger(book, rows)
    imported = [_import(folder / f"run{n}.db", book) for n in range(RUNS if only in (None, "import", "merge") else 1)]
    if only in (None, "import"):
        peer = [_timed([sys.executable, "-c", OPENPYXL_READ, str(book)]).seconds for _ in range(RUNS)]
        yield _ratio("import", [run.seconds for run in imported], peer)
    if only in (None, "import_memory"):
        yield _alone("import_memory", max(run.peak for run in imported) / MEGABYTE, "MB")
    if only in (None, "export", "export_memory"):
        yield from _export(folder, ledger, book, only)
    if only in (None, "merge"):
        from bri_desktop.bench_exchange import exchange_figures

        seconds = [run.seconds for run in imported]
        yield from (Figure(*row) for row in exchange_figures(folder, ledger, seconds, _timed))
    if only in (None, "start"):
        ours = [_until_shown(OUR_WINDOW, str(ledger)) for _ in range(RUNS + 2)]
        bare = [_until_shown(BARE_WINDOW) for _ in range(RUNS + 2)]
        yield _ratio("start", ours[1:], bare[1:])
    yield from _of_the_window(ledger, book, only)
    if only in (None, "statistics"):
        from bri_desktop.bench_statistics import statistics_figures

        yield from (Figure(*row) for row in statistics_figures(ledger))
    if only in (None, "save"):
        yield _alone("save", _save(ledger), "ms")


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
        turns = json.loads(_timed([sys.executable, "-c", JOURNEYS, str(ledger), str(book)]).output)
        for name, seconds, worked, where in turns:
            if seconds > LONGEST_TURN:
                _say(f"{name}: {where}")
            yield Figure(f"journey: {name}", round(seconds * 1000, 1), None, None, f"ms ({worked * 1000:.0f} worked)")


def _say(text: str) -> None:
    sys.stderr.write(f"{text} …\n")


def _ratio(name: str, ours: list[float], peer: list[float]) -> Figure:
    mine, other = statistics.median(ours), statistics.median(peer)
    return Figure(name, round(mine, 3), round(other, 3), round(mine / other, 3), "s")


def _alone(name: str, value: float, unit: str) -> Figure:
    return Figure(name, round(value, 2), None, None, unit)


def _import(database: Path, book: Path) -> "Run":
    _say("import")
    arguments = [sys.executable, "-m", "bri_desktop", "--db", str(database), "import", str(book), "--json"]
    return _timed(arguments, accepted=(0, 1))


def _export(folder: Path, ledger: Path, book: Path, only: str | None) -> Iterator[Figure]:
    command = [sys.executable, "-m", "bri_desktop", "--db", str(ledger), "export"]
    runs = []
    for number in range(RUNS):
        _say("export")
        runs.append(_timed([*command, str(folder / f"out{number}.xlsx")]))
    if only in (None, "export"):
        target = folder / "peer.xlsx"
        peer = [
            float(_timed([sys.executable, "-c", OPENPYXL_WRITE, str(book), str(target)]).output) for _ in range(RUNS)
        ]
        yield _ratio("export", [run.seconds for run in runs], peer)
    if only in (None, "export_memory"):
        yield _alone("export_memory", max(run.peak for run in runs) / MEGABYTE, "MB")


def _until_shown(program: str, *arguments: str) -> float:
    """Return the seconds from the start of a process to the instant that it prints: when its window is usable."""
    begin = time.time()
    return float(_timed([sys.executable, "-c", program, *arguments]).output) - begin


def _in_the_window(name: str, ledger: Path, *arguments: str) -> float:
    """Call a function of this module in a process of its own: a window is opened only once in one."""
    return float(_timed([sys.executable, "-c", IN_THE_WINDOW, name, str(ledger), *arguments]).output)


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


@dataclass(frozen=True, slots=True)
class Run:
    """A finished process: seconds, peak bytes of it and its children together, what it printed last."""

    seconds: float
    peak: int
    output: str


def _timed(arguments: list[str], accepted: tuple[int, ...] = (0,)) -> Run:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    begin = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)
    peak = _watch(process.pid, lambda: process.poll() is None)
    seconds = time.perf_counter() - begin
    output = process.communicate()[0].strip()
    if process.returncode not in accepted:
        raise InputError("usage", detail=f"{arguments[1:4]}: {process.returncode}")
    return Run(seconds, peak, output.splitlines()[-1] if output else "")


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


def _words(text: str) -> list[str]:
    return text.split()


HEADERS = _words(
    """
    项目编号 项目名称 英文名称 中方城市 外方城市 国家 大洲 合作模式
    合作性质 状态 合作领域 其他领域 层级 责任部门 中方单位 外方单位
    签署日期 开始日期 结束日期 计划开始 计划结束 金额（万元） 成果数量 主要成果
    项目概况 来源 标签 公开属性 联系人 备注
    """
)
DOMESTIC = _words(
    """
    北京市 上海市 海口市 无锡市 临沂市 西宁市 佛山市 成都市
    重庆市 西安市 苏州市 广州市
    """
)
FOREIGN = (
    ("布拉格", "捷克", "欧洲"),
    ("明斯克", "白俄罗斯", "欧洲"),
    ("东京", "日本", "亚洲"),
    ("马尼拉", "菲律宾", "亚洲"),
    ("万象", "老挝", "亚洲"),
    ("柏林", "德国", "欧洲"),
    ("内罗毕", "肯尼亚", "非洲"),
    ("利马", "秘鲁", "南美洲"),
    ("惠灵顿", "新西兰", "大洋洲"),
    ("乌兰巴托", "蒙古", "亚洲"),
)
SUBJECTS = _words(
    """
    能源 港口 职业教育 中医药 环境治理 直飞航线 青年交流 产业园
    会展 农业技术 旅游推介 图书馆
    """
)


def make_ledger(path: Path, rows: int) -> None:
    """Write a ledger of ``rows`` different projects with thirty columns."""
    from bri_desktop.excel.writer import ExportColumn, write_ledger

    chance = random.Random(20171117)
    columns = [ExportColumn(header, header, 14) for header in HEADERS]
    write_ledger(path, title="台账", columns=columns, rows=(_bench_row(chance, number) for number in range(rows)))


def _bench_row(chance: random.Random, number: int) -> list[Any]:
    city, (foreign, country, continent) = chance.choice(DOMESTIC), chance.choice(FOREIGN)
    subject, year = chance.choice(SUBJECTS), chance.randint(1990, 2024)
    month, day = chance.randint(1, 12), chance.randint(1, 28)
    return [
        f"B-{number:06d}",
        f"{city}与{foreign}{subject}合作项目第{number}期",
        f"Project {number}",
        city,
        foreign,
        country,
        continent,
        chance.choice(("友好城市", "园区示范", "交流机制")),
        chance.choice(("交流", "务实")),
        chance.choice(("签约", "实施", "完成", "意向")),
        chance.choice(("政策沟通", "设施联通", "贸易畅通", "资金融通")),
        "民心相通",
        chance.choice(("省级", "市级", "县级")),
        f"市{chance.choice(SUBJECTS)}局",
        f"{city}{subject}中心{chance.randint(1, 50)}",
        f"{foreign}{subject}协会{chance.randint(1, 50)}",
        f"{year}-{month:02d}-{day:02d}",
        f"{year}.{month}.{day}",
        None,
        f"{year}年",
        f"{year + 3}年{month}月",
        chance.randint(10, 900_000),
        f"培训学员 {chance.randint(10, 900)}人次",
        f"举办{subject}活动{chance.randint(1, 9)}场",
        f"双方就{subject}开展{chance.choice(SUBJECTS)}方面的长期合作，定期互访并共同申报项目。",
        "《台账》",
        subject,
        "公开",
        f"经办人{chance.randint(1, 300)}",
        f"第{number}行",
    ]
