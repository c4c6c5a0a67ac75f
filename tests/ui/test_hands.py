"""The acts of a clerk's hand in the ledger: edit many, edit in place, paste, templates, paper, redo."""

import csv
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu
from small_context import World, small_world

from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.intake_wizard import open_book
from bri_desktop.services.pasted import is_head
from bri_desktop.services.projects import get_project
from bri_desktop.services.record_templates import list_templates, save_template
from bri_desktop.ui import dialogs
from bri_desktop.ui.projects.page import ProjectsPage
from bri_desktop.ui.projects.pasting import AS_SHOWN, HEADED, block_of
from bri_desktop.ui.projects.table_print import print_table
from bri_desktop.ui.shared.printing import sheet

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        yield made


@pytest.fixture
def opened(qtbot, world):
    made = []

    def open_page():
        page = ProjectsPage(world.context)
        world.context.runner.changed.connect(page.on_changed)
        qtbot.addWidget(page)
        made.append(page)
        page.resize(1214, 700)
        page.show()
        page.activateWindow()
        page.activate()
        qtbot.waitUntil(lambda: page.model.rowCount() > 0 and page.count_label.text() != "", timeout=20_000)
        return page

    yield open_page
    for page in made:
        page.close()


def draft(world: World, number: int) -> ProjectDraft:
    with world.database.read() as session:
        return get_project(session, f"P{number}").draft


def press(key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def to_cell(page, number, column):
    """Make the cell of a record current, with the focus on the table."""
    section = next(place for place, one in enumerate(page.model.columns) if one.key == column)
    page.table.setCurrentIndex(page.model.index(page.model.ids().index(number), section))
    page.table.setFocus()


def bulk(page, qtbot, **wanted):
    """Open the window of bulk edit by key and wait for its preview."""
    page.table.setFocus()
    press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = page.hands.dialog
    assert dialog is not None and dialog.isVisible()
    return dialog


def test_five_hundred_rows_are_edited_and_one_undo_takes_it_back(qtbot, world, opened):
    with world.database.write() as session:
        ids = ProjectStore(session).insert(
            [ProjectDraft(title=f"项目{n}", department="市商务局", status="active") for n in range(500)]
        )
    page = opened()
    page.table.selectAll()
    assert page.hands.bulk_button.isVisible()
    dialog = bulk(page, qtbot)
    dialog.field.set_value("department")
    dialog.field.value_changed.emit()
    dialog.editor.widget.setText("市外办")
    dialog.editor.widget.value_changed.emit()
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=10_000)
    assert dialog.counts.text() == "改动 500 项，不变 0 项，不能改 0 项"
    assert dialog.apply_button.text() == "修改 500 项"
    assert dialog.model.index(0, 1).data() == "市商务局 → 市外办"
    with qtbot.waitSignal(page.status_changed, timeout=20_000) as said:
        qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    assert said.args == ["已修改 500 项，按 Ctrl+Z 可撤销。"]
    assert draft(world, ids[0]).department == draft(world, ids[-1]).department == "市外办"
    page.activateWindow()
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    with qtbot.waitSignal(page.status_changed, timeout=20_000):
        press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    with world.database.read() as session:
        assert {one.draft.department for one in ProjectStore(session).read(ids).values()} == {"市商务局"}
    with qtbot.waitSignal(page.status_changed, timeout=20_000) as said:
        press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert said.args == ["已重做：500 条记录，按 Ctrl+Z 可撤销。"]
    assert draft(world, ids[0]).department == "市外办"


def test_what_breaks_a_rule_is_refused_with_its_reason(qtbot, world, opened):
    early = world.add(title="早", started="2015")
    late = world.add(title="晚", started="2020-06")
    page = opened()
    page.table.selectAll()
    dialog = bulk(page, qtbot)
    dialog.field.set_value("ended")
    dialog.field.value_changed.emit()
    assert not dialog.apply_button.isEnabled()
    dialog.editor.widget.setText("2019.5.1")
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=10_000)
    assert dialog.counts.text() == "改动 1 项，不变 0 项，不能改 1 项"
    assert "2020-06" in dialog.model.index(0, 2).data()
    dialog.editor.widget.setText("不是日期")
    qtbot.waitUntil(lambda: dialog.value_row.problem != "")
    assert not dialog.apply_button.isEnabled()
    dialog.way.set_value("clear")
    dialog.way.value_changed.emit()
    qtbot.waitUntil(lambda: dialog.counts.text() == "改动 0 项，不变 2 项，不能改 0 项", timeout=10_000)
    dialog.reject()
    assert draft(world, early).ended is None and draft(world, late).ended is None


def test_words_are_added_to_all_that_is_found(qtbot, world, opened):
    ids = [world.add(title="甲", tags=("重点",)), world.add(title="乙")]
    page = opened()
    dialog = bulk(page, qtbot)
    assert dialog.scope.codes() == ["all"]
    dialog.field.set_value("tags")
    dialog.field.value_changed.emit()
    dialog.way.set_value("add")
    dialog.way.value_changed.emit()
    dialog.editor.widget.entry.setText("督办,")
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=10_000)
    with qtbot.waitSignal(dialog.said, timeout=20_000):
        dialog.apply()
    assert [draft(world, number).tags for number in ids] == [("重点", "督办"), ("督办",)]


def test_a_cell_is_edited_in_place_by_f2(qtbot, world, opened):
    number = world.add(title="甲", status="active", signed="2017-05")
    page = opened()
    to_cell(page, number, "start")
    press(Qt.Key.Key_F2)
    cells = page.hands.cells
    assert cells.field == "signed" and cells.editor.widget.text() == "2017-05"
    cells.editor.widget.setText("2018年6月")
    with qtbot.waitSignal(cells.said, timeout=10_000):
        press(Qt.Key.Key_Return)
    assert draft(world, number).signed.value == "2018-06"
    assert cells.box is None
    qtbot.waitUntil(lambda: page.table.hasFocus() and page.table.currentIndex().column() == 6)
    with qtbot.waitSignal(page.status_changed, timeout=10_000):
        press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert draft(world, number).signed.value == "2017-05"


def test_a_code_is_chosen_by_number_and_esc_leaves_the_cell(qtbot, world, opened):
    number = world.add(title="甲", status="active")
    page = opened()
    to_cell(page, number, "status")
    press(Qt.Key.Key_F2)
    press(Qt.Key.Key_1)
    press(Qt.Key.Key_Escape)
    assert page.hands.cells.box is None and draft(world, number).status == "active"
    press(Qt.Key.Key_F2)
    press(Qt.Key.Key_1)
    with qtbot.waitSignal(page.hands.cells.said, timeout=10_000):
        press(Qt.Key.Key_Return)
    assert draft(world, number).status == "idea"


def test_what_is_wrong_in_a_cell_is_said_beside_it_and_stays_as_typed(qtbot, world, opened):
    number = world.add(title="甲", started="2020-06")
    page = opened()
    page.table.set_column_shown("ended", True)
    to_cell(page, number, "ended")
    press(Qt.Key.Key_F2)
    cells = page.hands.cells
    cells.editor.widget.setText("三月")
    press(Qt.Key.Key_Return)
    assert cells.problem.text() != "" and cells.editor.widget.text() == "三月"
    cells.editor.widget.setText("2019")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "2020-06" in cells.problem.text(), timeout=10_000)
    assert draft(world, number).ended is None
    press(Qt.Key.Key_Escape)
    assert cells.box is None


def test_a_cell_changed_elsewhere_is_not_written_over(qtbot, world, opened):
    number = world.add(title="甲")
    page = opened()
    to_cell(page, number, "title")
    press(Qt.Key.Key_F2)
    cells = page.hands.cells
    with world.database.write() as session:
        stored = get_project(session, f"P{number}").stored
        ProjectStore(session).update(number, ProjectDraft(title="别人的"), version=stored.version + 1)
    cells.editor.widget.setText("我的")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: cells.problem.text() != "", timeout=10_000)
    assert draft(world, number).title == "别人的" and cells.editor.widget.text() == "我的"


class Answers:
    """Answers questions in their order."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def ask(self, _parent, question, _detail, _choices):
        self.asked.append(question)
        return self.answers.pop(0)


def test_a_block_of_excel_goes_to_the_import(qtbot, world, opened):
    world.add(title="甲")
    page = opened()
    given: list[list[str]] = []
    world.context.import_files = lambda paths: given.append(list(paths))
    QGuiApplication.clipboard().setText('项目名称\t国内地方\n"论坛\n第二届"\t青岛市\n展览\t北京市\n')
    page.table.setFocus()
    with dialogs.answering(Answers()):
        press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(given) == 1
    path = Path(given[0][0])
    assert path.name.startswith("粘贴 ")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["项目名称", "国内地方"], ["论坛\n第二届", "青岛市"], ["展览", "北京市"]]
    book = open_book(world.database, path, lambda *_told: None, lambda: False)
    assert [(sheet.blocks[0].columns[0].field, sheet.blocks[0].rows) for sheet in book.sheets] == [("title", 2)]
    book.close()


def test_a_block_without_head_is_asked_about(qtbot, world, opened):
    world.add(title="甲")
    page = opened()
    given: list[list[str]] = []
    world.context.import_files = lambda paths: given.append(list(paths))
    QGuiApplication.clipboard().setText("Z-9\t论坛\t青岛市")
    page.table.setFocus()
    answers = Answers(None, AS_SHOWN)
    with dialogs.answering(answers):
        page.hands.paste()
        assert given == []
        page.hands.paste()
    with Path(given[0][0]).open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["编号", "项目名称", "国内城市"], ["Z-9", "论坛", "青岛市"]]
    QGuiApplication.clipboard().setText("只有一个词")
    with qtbot.waitSignal(page.status_changed):
        page.hands.paste()
    QGuiApplication.clipboard().setText("甲\t乙")
    with dialogs.answering(Answers(HEADED)), qtbot.waitSignal(page.status_changed):
        page.hands.paste()
    assert len(given) == 1


def test_blocks_and_heads() -> None:
    assert block_of("a\tb\r\n\r\nc\r\n") == [["a", "b"], ["c", ""]]
    assert is_head(["编号", "名称"], [])
    assert is_head(["Title", "Status", "x"], [])
    assert not is_head(["论坛", "名称", "青岛"], [])
    assert not is_head(["", ""], [])


def test_a_template_is_kept_and_a_new_project_begins_with_it(qtbot, world, opened, monkeypatch):
    number = world.add(
        title="赴布拉格访问", domestic_places=("cn:370200",), foreign_places=("gn:1",), signed="2019", tags=("出访",)
    )
    page = opened()
    to_cell(page, number, "title")
    monkeypatch.setattr(QInputDialog, "getText", staticmethod(lambda *_asked, text="": (f"{text}模板", True)))
    with qtbot.waitSignal(page.status_changed, timeout=10_000) as said:
        page.hands.templates.save()
    assert said.args == ["已存为模板“赴布拉格访问模板”。"]
    menu: QMenu = page.hands.menu
    qtbot.mouseClick(page.hands.template_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(menu.actions()) == 4, timeout=10_000)
    assert menu.actions()[0].text() == "赴布拉格访问模板"
    menu.close()
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: page.beside.shows_panel() and page.panel.key.startswith("template:"), timeout=10_000)
    form = page.panel.form
    assert form.draft().title == "赴布拉格访问" and form.draft().tags == ("出访",) and form.draft().signed is None
    assert form.draft().foreign_places == ("gn:1",)
    form.editors["title"].widget.setText("再访布拉格")
    with qtbot.waitSignal(page.panel.saved, timeout=10_000) as saved:
        page.panel.save()
    assert draft(world, saved.args[0].id).title == "再访布拉格"


def test_templates_are_renamed_and_deleted(qtbot, world, opened, monkeypatch):
    world.add(title="甲")
    with world.database.write() as session:
        for name in ("一", "二"):
            save_template(session, name, ProjectDraft(title=name))
    page = opened()
    page.hands.templates.manage()
    dialog = page.hands.templates.dialog
    qtbot.waitUntil(lambda: dialog.list.count() == 2, timeout=10_000)
    names = iter(("二", "三"))
    monkeypatch.setattr(QInputDialog, "getText", staticmethod(lambda *_asked, text="": (next(names), True)))
    dialog.list.setCurrentRow([dialog.list.item(row).text() for row in range(2)].index("一"))
    dialog.rename()
    qtbot.waitUntil(lambda: dialog.problem.text() != "", timeout=10_000)
    with qtbot.waitSignal(dialog.listed, timeout=10_000):
        dialog.rename()
    dialog.list.setCurrentRow([dialog.list.item(row).text() for row in range(2)].index("二"))
    with qtbot.waitSignal(dialog.listed, timeout=10_000):
        dialog.delete()
    with world.database.read() as session:
        assert [one.name for one in list_templates(session)] == ["三"]
    dialog.accept()


def test_the_table_is_printed_as_it_stands(qtbot, world, opened, tmp_path):
    for number in range(60):
        world.add(title=f"项目{number}", amount=None)
    page = opened()
    printer = sheet(wide=True, margin=0.0)
    printer.setOutputFileName(str(tmp_path / "台账.pdf"))
    columns = [page.model.columns[section] for section in page.table.shown_sections()]
    rows = []
    page.model.require(list(page.model.ids()), rows.append)
    assert print_table(printer, rows[0], columns, "项目台账") == 60
    document = PdfDocument(tmp_path / "台账.pdf")
    text = normalize("NFKC", "".join(page.get_textpage().get_text_range() for page in document))
    assert len(document) >= 2 and "项目台账" in text and "项目59" in text
    assert text.count("项目名称") == len(document)
    document.close()
