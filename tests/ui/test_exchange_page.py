"""The import pages in a real window, with real files and a real ledger: from the drop to the undo."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton

from bri_desktop.db.database import open_database
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.exchange import ImportOptions, batches
from bri_desktop.services.intake_row import RowProblem
from bri_desktop.services.projects import count_projects, create_project, find_ids, read_items
from bri_desktop.services.reference import read_codebook
from bri_desktop.ui import dialogs
from bri_desktop.ui.exchange.answers import Answer, Question, Spot, alike, answered
from bri_desktop.ui.exchange.page import ExchangePage
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.shared.chips import VerdictButton
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

HEADER = ["项目名称", "国内城市", "国别", "外方城市", "合作性质", "签署日期", "投资额（万元）", "状态"]
GOOD = ["中捷中医中心", "上海", "捷克", "布拉格", "实务型", "2015-04-11", 1800, "实施中"]
UNKNOWN = ["海口—新月湾友城", "海口市", "菲律宾", "新月湾镇", "交流型", "2017-07", None, "意向"]
MONTH = ["瓜达尔商城", "临沂市", "巴基斯坦", "卡拉奇", "实务型", 2017.1, None, "实施中"]
BROKEN = ["琼菲签约项目", "海口市", "菲律宾", "马尼拉", "实务型", "#REF!", None, "已签署"]


def workbook(path, *rows, title=None, total=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "汇总"
    if title:
        sheet.append([title])
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    if total:
        sheet.append(total)
    book.save(path)
    return path


@pytest.fixture
def database(tmp_path):
    made = open_database(tmp_path / "ledger.db")
    yield made
    made.close()


@pytest.fixture
def opened():
    """The filters and records that the page asked other pages to show."""
    return []


@pytest.fixture
def page(qtbot, qapp, database, tmp_path, opened):
    theme = Theme(qapp, "light")
    runner = Runner(database)
    with database.read() as session:
        codes = read_codebook(session)
    context = WindowContext(
        database=database,
        path=database.path,
        runner=runner,
        settings=Settings(tmp_path / "window.ini"),
        codes=codes,
        open_filter=opened.append,
        open_record=opened.append,
    )
    made = ExchangePage(context)
    qtbot.addWidget(made)
    made.resize(1214, 700)
    made.show()
    qtbot.waitExposed(made)
    made.activate()
    yield made
    made.may_leave()
    runner.close()
    theme.deleteLater()


def preview(qtbot, page, path):
    """Bring the page to the preview of a file; what the step before asks is left for the preview."""
    page.start_import(str(path))
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.recognised, timeout=20_000)
    qtbot.waitUntil(page.recognised.next_button.isEnabled)
    qtbot.mouseClick(page.recognised.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() in (page.values, page.preview), timeout=20_000)
    if page.stack.currentWidget() is page.values:
        page.values.leave_rest()
        qtbot.mouseClick(page.values.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.preview, timeout=20_000)
    return page.preview


def counts(page):
    return {
        one.verdict.code: one.verdict.count
        for one in page.preview.verdicts.widgets()
        if isinstance(one, VerdictButton) and one.verdict.count
    }


def press(qtbot, card, text):
    found = [one for one in card.findChildren(QPushButton) if one.text().startswith(text) and one.isVisibleTo(card)]
    assert found, [one.text() for one in card.findChildren(QPushButton)]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def settled(qtbot, page):
    qtbot.waitUntil(lambda: page._work.job is None, timeout=20_000)


def test_a_file_goes_through_every_step(qtbot, page, database, tmp_path, opened):
    path = workbook(
        tmp_path / "文旅台账.xlsx",
        GOOD,
        UNKNOWN,
        MONTH,
        title="文旅局国际合作台账",
        total=["合计", None, None, None, None, None, 1800],
    )
    shown = preview(qtbot, page, path)
    QAbstractItemModelTester(shown.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert counts(page) == {"all": 3, "created": 1, "pending": 2}
    assert shown.model.headerData(0, Qt.Orientation.Vertical) == "3 新增"
    assert shown.model.headerData(0, Qt.Orientation.Horizontal) == "A\n项目名称"
    assert "标题行 1" in shown.ignored_button.text() and "合计 1" in shown.ignored_button.text()
    assert shown.import_button.text() == "导入 1 行"

    cards = shown.problems.cards
    assert [card.question.first.text for card in cards] == ["D4", "F5"]
    press(qtbot, cards[0], "新建地名")
    settled(qtbot, page)
    assert counts(page) == {"all": 3, "created": 2, "pending": 1}
    assert shown.problems.current().first.text == "F5"
    press(qtbot, shown.problems.cards[0], "2017年10月")
    settled(qtbot, page)
    assert counts(page) == {"all": 3, "created": 3}

    qtbot.mouseClick(shown.import_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=20_000)
    assert page.done.sum.text() == "3 = 新增 3"
    qtbot.mouseClick(page.done.records_button, Qt.MouseButton.LeftButton)
    assert opened == ["batch = 1"]
    with database.read() as session:
        items = {item.draft.title: item for item in read_items(session, find_ids(session))}
    assert items["瓜达尔商城"].draft.signed.value == "2017-10"
    assert items["海口—新月湾友城"].foreign[0].name("zh_CN") == "新月湾镇"
    assert items["海口—新月湾友城"].foreign[0].country == "PH"
    assert items["中捷中医中心"].draft.amount.amount == 18_000_000


def test_the_same_file_again_is_all_unchanged(qtbot, page, tmp_path):
    path = workbook(tmp_path / "a.xlsx", GOOD)
    shown = preview(qtbot, page, path)
    qtbot.mouseClick(shown.import_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=20_000)
    shown = preview(qtbot, page, path)
    assert counts(page) == {"all": 1, "unchanged": 1}
    assert "全部未变" in shown.note.text_label.text() and "导入过" in shown.note.text_label.text()
    assert not shown.import_button.isEnabled()
    assert "没有需要写入的行" in shown.sentence.text()


def test_a_changed_cell_shows_old_and_new(qtbot, page, tmp_path):
    first = preview(qtbot, page, workbook(tmp_path / "a.xlsx", GOOD))
    qtbot.mouseClick(first.import_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=20_000)
    shown = preview(qtbot, page, workbook(tmp_path / "b.xlsx", [*GOOD[:7], "已完成"]))
    assert counts(page) == {"all": 1, "updated": 1}
    assert shown.model.index(0, 7).data() == "实施 → 完成"
    assert "实施 → 完成" in shown.model.headerData(0, Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole)


def test_a_refused_row_stays_out_and_is_named(qtbot, page, database, tmp_path):
    shown = preview(qtbot, page, workbook(tmp_path / "a.xlsx", GOOD, BROKEN))
    assert counts(page) == {"all": 2, "created": 1, "refused": 1}
    card = shown.problems.cards[0]
    assert card.question.problem.value == "#REF!" and card.question.first.text == "F3"
    qtbot.mouseClick(shown.import_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=20_000)
    assert page.done.sum.text() == "2 = 新增 1 + 拒绝 1"
    with database.read() as session:
        assert count_projects(session) == 1


def test_another_value_can_be_written_for_a_cell(qtbot, page, tmp_path):
    shown = preview(qtbot, page, workbook(tmp_path / "a.xlsx", BROKEN))
    card = shown.problems.cards[0]
    press(qtbot, card, "另填")
    qtbot.keyClicks(card.edit, "2017-05-17")
    qtbot.keyClick(card.edit, Qt.Key.Key_Return)
    settled(qtbot, page)
    assert counts(page) == {"all": 1, "created": 1}
    assert shown.model.index(0, 5).data() == "2017-05-17"
    qtbot.mouseClick(shown.problems.undo_button, Qt.MouseButton.LeftButton)
    settled(qtbot, page)
    assert counts(page) == {"all": 1, "refused": 1}


def test_a_pending_row_waits_in_the_list(qtbot, page, database, tmp_path):
    shown = preview(qtbot, page, workbook(tmp_path / "a.xlsx", UNKNOWN))
    assert shown.import_button.text() == "暂存 1 行"
    with qtbot.waitSignal(page.count_changed, check_params_cb=lambda count: count == 1, timeout=20_000):
        qtbot.mouseClick(shown.import_button, Qt.MouseButton.LeftButton)
    page.leave()
    (row,) = page.home.waiting.rows.rows
    assert (row.file_name, row.sheet, row.row) == ("a.xlsx", "汇总", 2)
    assert "新月湾镇" in row.text and row.problems[0][0] == "D2"
    page.home.waiting.selectRow(0)
    with qtbot.waitSignal(page.count_changed, check_params_cb=lambda count: count == 0):
        qtbot.mouseClick(page.home.dismiss_button, Qt.MouseButton.LeftButton)


def test_an_import_is_undone_from_the_list(qtbot, page, database, tmp_path):
    shown = preview(qtbot, page, workbook(tmp_path / "a.xlsx", GOOD))
    qtbot.mouseClick(shown.import_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=20_000)
    page.leave()
    qtbot.waitUntil(lambda: page.home.imports.rows.rowCount() == 1)
    qtbot.waitUntil(page.home.undo_button.isEnabled)
    qtbot.mouseClick(page.home.undo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.home.undone.isVisible())
    assert "1 条记录恢复原状" in page.home.undone.text_label.text()
    with database.read() as session:
        assert count_projects(session) == 0
    qtbot.waitUntil(lambda: not page.home.undo_button.isEnabled())


def test_cancelling_a_preview_writes_nothing_and_removes_the_temporary_file(qtbot, page, database, tmp_path):
    shown = preview(qtbot, page, workbook(tmp_path / "a.xlsx", GOOD))
    spool = page._lease.book.grid.spool
    assert spool.exists()
    qtbot.mouseClick(shown.cancel_button, Qt.MouseButton.LeftButton)
    assert page.stack.currentWidget() is page.home
    assert not spool.exists()
    with database.read() as session:
        assert batches(session) == [] and count_projects(session) == 0


def test_answers_are_not_dropped_without_asking(qtbot, page, tmp_path):
    shown = preview(qtbot, page, workbook(tmp_path / "a.xlsx", UNKNOWN))
    press(qtbot, shown.problems.cards[0], "新建地名")
    settled(qtbot, page)

    class Stay(NativeDialogs):
        def ask(self, parent, question, detail, choices):
            return None

    class Leave(NativeDialogs):
        def ask(self, parent, question, detail, choices):
            return choices[0].code

    with dialogs.answering(Stay()):
        shown.cancel_button.click()
        assert page.stack.currentWidget() is shown
    with dialogs.answering(Leave()):
        shown.cancel_button.click()
    assert page.stack.currentWidget() is page.home


def test_reading_can_be_cancelled(qtbot, page, tmp_path):
    path = workbook(tmp_path / "gross.xlsx", *[[f"项目{n}", *GOOD[1:]] for n in range(3_000)])
    page.start_import(str(path))
    assert page.progress.isVisible()
    qtbot.mouseClick(page.progress.cancel_button, Qt.MouseButton.LeftButton)
    settled(qtbot, page)
    assert page.stack.currentWidget() is page.home
    assert "已取消" in page.home.error.text_label.text()


def test_a_wrong_file_is_refused_with_one_sentence(qtbot, page, tmp_path):
    path = tmp_path / "bericht.docx"
    path.write_bytes(b"%PDF-1.7 this is no workbook")
    page.start_import(str(path))
    qtbot.waitUntil(lambda: page.home.error.isVisible(), timeout=20_000)
    said = page.home.error.text_label.text()
    assert said and "_" not in said.replace(path.name, "")
    assert page.stack.currentWidget() is page.home


def test_a_dropped_file_is_read(qtbot, page, tmp_path):
    path = workbook(tmp_path / "a.xlsx", GOOD)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(QPoint(50, 50)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.recognised, timeout=20_000)
    assert page.recognised.file_label.text() == "a.xlsx"


def test_a_column_can_be_taken_for_another_field(qtbot, page, tmp_path):
    page.start_import(str(workbook(tmp_path / "a.xlsx", GOOD)))
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.recognised, timeout=20_000)
    step = page.recognised
    assert step.current().block.columns[0].field == "title"
    step.set_field(0, "summary")
    step.set_field(3, None)
    assert not step.next_button.isEnabled() and "项目名称" in step.sentence.text()
    step.set_field(0, "title")
    step.set_field(3, "foreign_places")
    step.set_field(6, None)
    qtbot.mouseClick(step.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.preview, timeout=20_000)
    assert page.preview.plan.sheets[0].blocks[0].columns[6].field is None


def test_ties_are_asked_of_what_kind_they_are_once(qtbot, page, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "结对"
    for row in (
        ["国内城市", "国别", "外方城市", "签署日期"],
        ["上海", "捷克", "布拉格", "2015"],
        ["海口市", "菲律宾", "马尼拉", "2016"],
    ):
        book.active.append(row)
    book.save(tmp_path / "pairs.xlsx")
    page.start_import(str(tmp_path / "pairs.xlsx"))
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.recognised, timeout=20_000)
    step = page.recognised
    assert step.kind_band.isVisible() and not step.next_button.isEnabled()
    step.choose_kind("friendly")
    qtbot.mouseClick(step.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.preview, timeout=20_000)
    assert counts(page) == {"all": 2, "created": 2}


def test_the_filter_shows_the_rows_of_one_verdict(qtbot, page, tmp_path):
    shown = preview(qtbot, page, workbook(tmp_path / "a.xlsx", GOOD, UNKNOWN, MONTH))
    pending = next(
        one for one in shown.verdicts.widgets() if isinstance(one, VerdictButton) and one.verdict.code == "pending"
    )
    qtbot.mouseClick(pending, Qt.MouseButton.LeftButton)
    assert [shown.model.outcome_at(row).number for row in range(shown.model.rowCount())] == [3, 4]


def problem(cell, value, offers, code="date_ambiguous"):
    return RowProblem("汇总", cell, "signed", value, code, "pending", {}, offers)


def test_like_cells_of_a_column_are_found_by_kind_and_number_of_readings():
    def question(cell, offers, code="date_ambiguous"):
        key = ("cell", "汇总", cell, "signed", code)
        return Question(key, problem(cell, "x", offers, code), (Spot("汇总", int(cell[1:]), None),))

    first, like = question("F2", ("a", "b")), question("F3", ("c", "d"))
    more, other = question("F4", ("c", "d", "e")), question("F5", ("c", "d"), "date_unreadable")
    assert alike(first, [first, like, more, other]) == [like]


def test_a_part_of_a_cell_is_replaced_alone():
    from bri_desktop.services.intake_row import MappedColumn

    column = MappedColumn(3, "D", "外方城市", "foreign_places")
    asked = RowProblem("汇总", "D2", "foreign_places", "新月湾", "place_unknown", "pending", {"country": ""})
    question = Question(("place",), asked, (Spot("汇总", 2, column),))
    options = answered(ImportOptions(), question, Answer("value", "马尼拉"), None, lambda _spot: "布拉格、新月湾")
    assert options.values == {("汇总", 2, 3): "布拉格、马尼拉"}


def test_a_record_of_the_ledger_is_updated_by_its_code(qtbot, page, database, tmp_path):
    with database.write() as session:
        create_project(session, ProjectDraft(code="X-1", title="旧名"))
    book = openpyxl.Workbook()
    book.active.append(["编号", "项目名称", "国别"])
    book.active.append(["X-1", "新名", "捷克"])
    book.save(Path(tmp_path, "codes.xlsx"))
    shown = preview(qtbot, page, tmp_path / "codes.xlsx")
    assert counts(page) == {"all": 1, "updated": 1}
    assert shown.model.index(0, 1).data() == "旧名 → 新名"
    assert shown.model.index(0, 2).data() == "空 → 捷克"


def test_a_total_that_differs_from_its_rows_is_said(qtbot, page, tmp_path):
    path = tmp_path / "台账.csv"
    rows = ["项目名称,中方城市,签署日期", "港口合作,上海市,2017", "图书馆结对,上海市,2018", "合计 3 项,,"]
    path.write_text("\n".join(rows), encoding="utf-8-sig")
    page.start_import(str(path))
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.recognised, timeout=20_000)
    said = page.recognised.remarks
    assert said.isVisible()
    assert "3" in said.note.text_label.text() and "2" in said.note.text_label.text()


def test_a_cell_filled_from_merged_ones_is_marked(qtbot, page, tmp_path):
    path = workbook(tmp_path / "a.xlsx", GOOD, [*GOOD[:1], None, *GOOD[2:]])
    made = openpyxl.load_workbook(path)
    made.active.merge_cells("B2:B3")
    made.active["A3"] = "另一个论坛"
    made.save(path)
    shown = preview(qtbot, page, path)
    assert shown.model.index(0, 1).data() == GOOD[1]
    assert shown.model.index(1, 1).data() == f"{GOOD[1]} 合并"
    assert shown.model.index(1, 1).data(Qt.ItemDataRole.ToolTipRole).endswith("（由合并单元格 B2:B3 填入）")
