"""A picture of every page, on the sample data, in a temporary ledger, off screen."""

import datetime
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bri_desktop import i18n
from bri_desktop.domain.errors import InputError

SETTLE_SECONDS = 0.3
PATIENCE_SECONDS = 60.0


def take_tour(out: Path, *, language: str, dark: bool, size: str, scale: float) -> list[Path]:
    """Save one PNG a page into ``out`` and return them; ``size`` is such as ``1366x768``."""
    width, height = _size(size)
    out.mkdir(parents=True, exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(scale)
    i18n.set_language(language)
    with tempfile.TemporaryDirectory(prefix="bri-tour-") as folder:
        return list(_Tour(Path(folder), out, language, dark, (width, height)).pictures())


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise InputError("option_unknown", value=text, known="1366x768")
    return int(width), int(height)


class _Tour:
    def __init__(self, folder: Path, out: Path, language: str, dark: bool, size: tuple[int, int]) -> None:
        from PySide6.QtCore import Qt

        from bri_desktop.app import Program, make_application
        from bri_desktop.db.database import open_database
        from bri_desktop.ui.settings import Settings

        self.folder = folder
        self.out = out
        self.application, theme = make_application(language, "dark" if dark else "light")
        self.program = Program(self.application, open_database(folder / "tour.db"), Settings(folder / "t.ini"), theme)
        self.program.window.setWindowState(Qt.WindowState.WindowNoState)
        self.program.window.resize(*size)
        self.program.window.show()
        self.number = 0

    def pictures(self) -> Iterator[Path]:
        from bri_desktop.services.sample import load_sample

        yield self._page("agenda", "empty")
        load_sample(self.program.database)
        self._begin_approvals()
        self.program.refresh()
        for code in self.program.window.codes():
            yield self._page(code)
        yield from self._cities()
        yield from self._rooms()
        yield from self._year()
        yield from self._record()
        yield from self._intake()
        self.program.close()

    def _begin_approvals(self) -> None:
        """Put two cases on the board: an empty one shows nothing of it."""
        from bri_desktop.services.approvals import act, open_case

        with self.program.database.write() as session:
            today = datetime.date.today()
            first = open_case(session, "P1", opened=(today - datetime.timedelta(days=24)).isoformat())
            open_case(session, "P5", opened=(today - datetime.timedelta(days=6)).isoformat())
            act(session, first.id, "submit", date=(today - datetime.timedelta(days=20)).isoformat())
            act(session, first.id, "decide", date=(today - datetime.timedelta(days=9)).isoformat())

    def _cities(self) -> Iterator[Path]:
        from bri_desktop.ui.cities.page import CitiesPage

        self.program.window.show_page("cities")
        page = self.program.window.page("cities")
        assert isinstance(page, CitiesPage)
        page.tabs.setCurrentWidget(page.map_view)
        yield self._save("cities-map")
        for kind, rows in (("place", page.places.shown()), ("tie", page.pairs.shown())):
            page.open_target((kind, rows[0].id))
            yield self._save(f"cities-{kind}")
        page.room.records.toggle()
        yield self._save("cities-tie-records")
        page.open_target(("mode", page.modes.shown()[0].id))
        self._settle()
        page.room.edit()
        yield self._save("cities-park")

    def _rooms(self) -> Iterator[Path]:
        from bri_desktop.ui.exchange.page import ExchangePage

        self.program.window.show_page("exchange")
        page = self.program.window.page("exchange")
        assert isinstance(page, ExchangePage)
        for room in ("issuing", "merging", "duplicates"):
            page.rooms.show_room(room)
            yield self._save(f"exchange-{room}")
        page.rooms.show_room()

    def _year(self) -> Iterator[Path]:
        from bri_desktop.ui.year.page import SummaryPage

        self.program.window.show_page("year")
        page = self.program.window.page("year")
        assert isinstance(page, SummaryPage)
        page.choices.edition.choose("internal")
        self._settle()
        page.open_figure("stock")
        yield self._save("year-figure")

    def _record(self) -> Iterator[Path]:
        self.program.context.open_record("P1")
        yield self._save("projects-record")
        self.program.context.new_project()
        yield self._save("projects-new")

    def _intake(self) -> Iterator[Path]:
        from bri_desktop.ui.exchange.page import ExchangePage

        book = self.folder / "交流项目台账.csv"
        write_messy_ledger(book)
        self.program.context.import_files([str(book)])
        page = self.program.window.page("exchange")
        assert isinstance(page, ExchangePage)
        yield self._save("exchange-recognised")
        page.recognised.next_wanted.emit()
        yield self._save("exchange-preview")

    def _page(self, code: str, state: str = "") -> Path:
        self.program.window.show_page(code)
        return self._save(f"{code}-{state}" if state else code)

    def _save(self, name: str) -> Path:
        self._settle()
        self.number += 1
        path = self.out / f"{self.number}-{name}.png"
        self.program.window.grab().save(str(path))
        return path

    def _settle(self) -> None:
        """Let the window live until nothing is under way any more, and a little longer for what that drew."""
        from bri_desktop.app import wait_until

        end = time.monotonic() + PATIENCE_SECONDS
        quiet_since: list[float] = []

        def settled() -> bool:
            if not self.program.runner.is_idle():
                quiet_since.clear()
            elif not quiet_since:
                quiet_since.append(time.monotonic())
            calm = bool(quiet_since) and time.monotonic() - quiet_since[0] > SETTLE_SECONDS
            return calm or time.monotonic() > end

        wait_until(settled)


def write_messy_ledger(path: Path) -> None:
    """Write a small ledger as a department would send it: title, groups, open questions, a total."""
    import csv

    rows: list[list[object]] = [
        ["2017年文旅交流项目台账"],
        ["序号", "项目名称", "中方城市", "外方城市", "国家", "合作领域", "签署日期", "投资额（万元）", "进展"],
        [1, "上海—布拉格图书馆结对", "上海市", "布拉格", "捷克", "民心相通", "2017.5.17", None, "已签署"],
        [2, "无锡职业教育培训", "无锡市", "西哈努克省", "柬埔寨", "民心相通", 2017.1, 120, "实施中"],
        [3, "海口航线推介", "海口市", "马尼拉", "菲律宾", "设施联通", "2017年7月", "1.234", "已完成"],
        [4, "泰州医药合作", "Taizhou", "明斯克", "白俄罗斯", "民心相通", "2016-09", 800, "实施中"],
        [5, "渔业技术交流", "海口市", "巴拉湾", "菲律宾", "经贸类", "2016", "2亿美元", "意向"],
        [6, "上海—布拉格图书馆结对", "上海市", "布拉格", "捷克", "民心相通", "2017.5.17", None, "已签署"],
        [7, "港口物流合作", "无锡市", "汉堡", "德国", "设施联通", "2041", 50, "实施中"],
        ["合计", None, None, None, None, None, None, 970, None],
        ["注：数据由各区报送。"],
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle).writerows(rows)
