"""The page of the diagnosis: what each complaint says of a small ledger, and that its figures open their records."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from small_context import TODAY, World, small_world

from bri_desktop.domain.changes import Changes
from bri_desktop.ui import dialogs
from bri_desktop.ui.diagnosis import DiagnosisPage
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.shared.plot_cells import Mark, scale_of
from bri_desktop.ui.shared.printing import draw_sheet, drawn, sheet

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        yield made


@pytest.fixture
def full(world: World) -> World:
    """Nine projects with Prague and one with Tokyo, of which two are practical."""
    for number in range(9):
        nature = "practical" if number < 2 else "exchange"
        made = {"domestic_places": ("cn:110000",), "foreign_places": ("gn:1",), "nature": nature}
        world.add(title=f"欧洲 {number}", signed=f"{2010 + number}-05-01", **made)
    world.add(title="亚洲", signed="2019", foreign_places=("gn:2",), nature="exchange")
    return world


@pytest.fixture
def open_page(qtbot: QtBot, world: World):
    def opened() -> DiagnosisPage:
        made = DiagnosisPage(world.context, today=TODAY)
        qtbot.addWidget(made)
        made.resize(1214, 720)
        made.activate()
        made.show()
        qtbot.waitUntil(lambda: bool(made.panels), timeout=20_000)
        return made

    return opened


def names(page: DiagnosisPage) -> list[str]:
    assert page.table is not None
    return [row.name for row in page.table.picture.rows]


def test_an_empty_ledger_says_what_is_missing_and_draws_nothing(open_page) -> None:
    page = open_page()
    for code, entry in page.complaints.entries.items():
        page.complaints.choose(code)
        assert page.table is None
        assert entry.sentence_label.text().endswith("。") and "nan" not in entry.sentence_label.text().lower()


def test_no_finding_is_cut_in_a_small_window(open_page, full: World) -> None:
    page = open_page()
    for size in ((786, 552), (1214, 720)):
        page.resize(*size)
        QTest.qWait(1)
        for entry in page.complaints.entries.values():
            for label in (entry.title_label, entry.sentence_label):
                assert label.height() >= label.heightForWidth(label.width()) > 0, (size, label.text())
    assert page.table is not None


def test_the_regions_are_laid_beside_their_countries(open_page, full: World) -> None:
    """Nine of ten projects are Europe's, which has 45 of 196 countries."""
    page = open_page()
    assert page.table is not None
    europe = page.table.picture.rows[0]
    assert (europe.name, europe.texts[0], europe.texts[1], europe.texts[2]) == ("欧洲", "9", "90.0", "23.0")
    assert europe.texts[3] == "3.92"
    assert "欧洲" in page.finding.text() and "90.0%" in page.finding.text()
    assert len(names(page)) == 6


def test_a_row_opens_its_records(qtbot: QtBot, open_page, full: World) -> None:
    page = open_page()
    page.table.opened.emit(0)
    qtbot.waitUntil(lambda: bool(full.opened))
    assert len(full.opened[0].ids) == 9 and "欧洲" in full.opened[0].title


def test_the_practical_share_names_its_cities(open_page, full: World) -> None:
    page = open_page()
    page.complaints.choose("exchange_over_practical")
    row = page.table.picture.rows[0]
    assert (row.name, row.texts[:3]) == ("北京市", ("7", "2", "22.2"))


def test_the_list_is_used_by_keys(open_page, full: World) -> None:
    page = open_page()
    entry = page.complaints.entries["statistics_missing"]
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert page.complaints.code() == "statistics_missing"
    assert "状态" in names(page)


def test_a_year_before_the_first_record_has_too_few(qtbot: QtBot, open_page, full: World) -> None:
    page = open_page()
    before = page.finding.text()
    page.year_choice.choose("2012")
    qtbot.waitUntil(lambda: page.finding.text() != before, timeout=20_000)
    assert "不足 8" in page.finding.text() and page.table is None


def test_a_change_elsewhere_is_counted_at_once(qtbot: QtBot, open_page, full: World) -> None:
    page = open_page()
    full.add(title="非洲", signed="2020", foreign_places=("gn:3",))
    full.context.statistics.forget()
    page.on_changed(Changes(), None)
    qtbot.waitUntil(lambda: page.table is not None and page.table.picture.rows[1].texts[0] == "2", timeout=20_000)


def test_the_table_goes_to_the_clipboard_and_to_a_workbook(
    qtbot: QtBot, open_page, full: World, tmp_path: Path
) -> None:
    page = open_page()
    page.taking_out.copy_table()
    assert QGuiApplication.clipboard().text().splitlines()[1].split("\t")[:3] == ["欧洲", "9", "90"]
    target = tmp_path / "诊断.xlsx"

    class Answers(NativeDialogs):
        def save_file(self, *_question: object) -> Path:
            return target

    with dialogs.answering(Answers()):
        page.taking_out.save_table()
        qtbot.waitUntil(target.exists, timeout=20_000)
    rows = list(openpyxl.load_workbook(target).active.iter_rows(values_only=True))
    assert ("欧洲", 9, 90) in [row[:3] for row in rows]


def test_the_argument_prints_on_one_sheet(open_page, full: World, tmp_path: Path) -> None:
    page = open_page()
    printer: QPrinter = sheet(wide=True)
    printer.setOutputFileName(str(tmp_path / "诊断.pdf"))
    draw_sheet(printer, drawn(page.argument), "不平衡诊断")
    assert (tmp_path / "诊断.pdf").read_bytes().count(b"/Type /Page\n") == 1


@pytest.mark.parametrize(
    ("values", "suffix", "top", "step"),
    [((0.9,), "", 1.0, 0.2), ((7.3,), "", 8.0, 2), ((90.0,), "%", 100, 20), ((3.0,), "%", 3, 1), ((), "", 1, 1)],
)
def test_the_axis_holds_every_mark(values: tuple[float, ...], suffix: str, top: float, step: float) -> None:
    scale = scale_of((Mark(value) for value in values), suffix=suffix)
    assert scale.top == pytest.approx(top) and scale.step == pytest.approx(step)
    assert scale.x(QRect(0, 0, 132, 20), scale.top) > scale.x(QRect(0, 0, 132, 20), 0)
