"""The page of the yearly summary: the paper, a figure opened, own words, files never written over, freezing."""

import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from small_context import World, small_world

from bri_desktop import i18n
from bri_desktop.db.year_models import FrozenYear
from bri_desktop.domain.changes import Changes
from bri_desktop.reports.marked import read_figures
from bri_desktop.services.office import Office, save_office
from bri_desktop.services.year import SECTIONS
from bri_desktop.ui import dialogs
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.shared.tokens import Scheme, activate
from bri_desktop.ui.year import SummaryPage
from bri_desktop.ui.year.side import difference

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TODAY = datetime.date(2018, 3, 1)
PATIENCE = 30_000


class Answers(NativeDialogs):
    """A user who chooses ``path`` and answers every question with ``answer``."""

    def __init__(self, path: Path | None = None, answer: str | None = None) -> None:
        self.path, self.answer = path, answer
        self.told: list[str] = []
        self.asked: list[str] = []

    def save_file(self, *_question: object) -> Path | None:
        return self.path

    def ask(self, _parent: object, question: str, *_rest: object) -> str | None:
        self.asked.append(question)
        return self.answer

    def tell(self, _parent: object, message: str, *_rest: object) -> None:
        self.told.append(message)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Five projects begun in 2016, three in 2017."""
    with small_world(tmp_path) as made:
        for number in range(8):
            year = 2016 if number < 5 else 2017
            made.add(title=f"合作项目 {number}", signed=f"{year}-05-0{number + 1}", foreign_places=("gn:1",))
        yield made


@pytest.fixture
def page(qtbot: QtBot, world: World) -> Iterator[SummaryPage]:
    made = SummaryPage(
        world.context, today=TODAY, sections=("overview", "approval", "continent", "new_projects", "rules")
    )
    world.context.runner.changed.connect(made.on_changed)
    qtbot.addWidget(made)
    made.resize(1214, 720)
    made.show()
    made.activate()
    settle(qtbot, made)
    yield made
    made.may_leave()


def settle(qtbot: QtBot, page: SummaryPage) -> None:
    """Wait until nothing is asked for any more."""
    runner = page.context.runner

    def is_quiet() -> bool:
        return runner.is_idle() and not page._settle.isActive() and page.is_filled()

    qtbot.waitUntil(is_quiet, timeout=PATIENCE)


def place_of(page: SummaryPage, name: str):
    return next(place for place in page.sheets.places if place.name == name)


def figure_named(page: SummaryPage, shown: str) -> str:
    return next(place.name for place in page.sheets.places if page.desk.document.figures[place.name].shown == shown)


def test_it_opens_with_the_last_whole_year_as_it_will_print(page: SummaryPage) -> None:
    assert page.choices.year.code() == "2017"
    assert page.preview.pages() > 2
    assert page.preview.is_drawn()
    assert page.pages_label.text() == f"第 1 页，共 {page.preview.pages()} 页"
    assert page.desk.document.figures["stock"].value == 8
    assert page.desk.document.figures["flow"].value == 3


def test_a_choice_made_before_the_years_are_known_is_kept(qtbot: QtBot, world: World) -> None:
    made = SummaryPage(world.context, today=TODAY, sections=("overview",))
    qtbot.addWidget(made)
    made.show()
    made.activate()
    made.choices.edition.choose("internal")
    settle(qtbot, made)
    assert made.desk.document.edition == "internal"


def test_paper_is_white_in_the_dark_too(qtbot: QtBot, page: SummaryPage) -> None:
    activate(Scheme.DARK)
    try:
        image = page.preview.viewport().grab().toImage()
        ratio = image.devicePixelRatio()
        rect = page.preview.page_rect(0)
        assert image.pixelColor(round((rect.left() + 20) * ratio), round((rect.top() + 20) * ratio)).name() == "#ffffff"
    finally:
        activate(Scheme.LIGHT)


def test_a_click_on_a_figure_opens_its_records(qtbot: QtBot, page: SummaryPage, world: World) -> None:
    box = page.preview.box_of(place_of(page, "flow"))
    QTest.mouseClick(page.preview.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    settle(qtbot, page)
    assert page.side.figure.value.text() == "3"
    assert page.side.figure.records.text() == "查看 3 条记录"
    page.side.figure.records.click()
    qtbot.waitUntil(lambda: bool(world.opened), timeout=PATIENCE)
    assert len(world.opened[0].ids) == 3


def test_beside_a_figure_nothing_is_chosen(page: SummaryPage) -> None:
    QTest.mouseClick(page.preview.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert page.side.figure.opened is None


def test_the_arrows_go_from_figure_to_figure(qtbot: QtBot, page: SummaryPage) -> None:
    QTest.keyClick(page.preview, Qt.Key.Key_Right)
    settle(qtbot, page)
    first = page.side.figure.value.text()
    assert first == page.desk.document.figures[page.sheets.places[0].name].shown
    QTest.keyClick(page.preview, Qt.Key.Key_Left)
    settle(qtbot, page)
    last = list(dict.fromkeys(place.name for place in page.sheets.places))[-1]
    assert page.side.figure.value.text() == page.desk.document.figures[last].shown


def test_sections_are_chosen_and_moved(qtbot: QtBot, page: SummaryPage) -> None:
    assert page.desk.document.sections[0].code == "overview"
    page.sections.setCurrentRow(0)
    for _ in range(2):
        QTest.keyClick(page.sections, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, page)
    assert [section.code for section in page.desk.document.sections][:2] == ["continent", "overview"]
    page.sections.item(page.sections.currentRow()).setCheckState(Qt.CheckState.Unchecked)
    settle(qtbot, page)
    assert "overview" not in [section.code for section in page.desk.document.sections]


def test_annexes_stay_behind_the_text(qtbot: QtBot, page: SummaryPage) -> None:
    rows = {page.sections.item(row).data(Qt.ItemDataRole.UserRole): row for row in range(page.sections.count())}
    page.sections.setCurrentRow(rows["new_projects"])
    for _ in range(rows["new_projects"]):
        page.sections.move_current(-1)
    settle(qtbot, page)
    annexes = [section.annex for section in page.desk.document.sections]
    assert annexes == sorted(annexes)


def test_without_a_section_it_says_what_to_do(qtbot: QtBot, page: SummaryPage) -> None:
    for row in range(page.sections.count()):
        page.sections.item(row).setCheckState(Qt.CheckState.Unchecked)
    settle(qtbot, page)
    assert page.desk is None
    assert not page.word_button.isEnabled()


def test_a_year_without_data_is_one_sentence(qtbot: QtBot, page: SummaryPage) -> None:
    page.choices.year.choose("2000")
    settle(qtbot, page)
    assert page.desk is None
    assert page.stack.currentWidget() is page.empty
    assert not page.export_button.isEnabled()
    assert page.side.words.isHidden()
    page.choices.year.choose("2016")
    settle(qtbot, page)
    assert page.desk.document.figures["flow"].value == 5


def test_own_words_are_kept_and_printed(qtbot: QtBot, page: SummaryPage) -> None:
    page.side.words.editor.setPlainText("全年新增3项，工作有力。")
    assert page.side.words.is_edited()
    page.side.words.save_button.click()
    settle(qtbot, page)
    overview = page.desk.document.sections[0]
    assert overview.own
    assert page.side.words.editor.toPlainText() == "全年新增3项，工作有力。"
    assert not page.side.words.is_edited()


def test_words_are_kept_when_another_section_is_looked_at(qtbot: QtBot, page: SummaryPage) -> None:
    page.side.words.editor.setPlainText("未按保存的话。")
    page.sections.setCurrentRow(1)
    settle(qtbot, page)
    assert page.side.words.editor.toPlainText() == ""
    page.sections.setCurrentRow(0)
    settle(qtbot, page)
    assert page.side.words.editor.toPlainText() == "未按保存的话。"


def test_words_whose_numbers_changed_are_marked(qtbot: QtBot, page: SummaryPage, world: World) -> None:
    page.side.words.editor.setPlainText("年末在册8项。")
    page.side.words.save_button.click()
    settle(qtbot, page)
    world.add(title="迟报", signed="2017-12-01", foreign_places=("gn:1",))
    page.on_changed(Changes(frozenset({"project"})), None)
    page.context.statistics.forget()
    settle(qtbot, page)
    assert page.side.words.changed.isVisible()
    assert "8 现为 9" in page.side.words.changed.accessibleName()


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_it_writes_each_kind_of_file(qtbot: QtBot, page: SummaryPage, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "总结"
    with dialogs.answering(Answers(target)):
        page.acts.export(kind)
        settle(qtbot, page)
    made = tmp_path / f"总结.{kind}"
    qtbot.waitUntil(made.exists, timeout=PATIENCE)
    if kind == "docx":
        assert read_figures(made)["flow"] == "3"
    elif kind == "xlsx":
        assert openpyxl.load_workbook(made).sheetnames
    else:
        assert made.read_bytes().startswith(b"%PDF")


def test_a_file_edited_outside_is_never_written_over(qtbot: QtBot, page: SummaryPage, tmp_path: Path) -> None:
    target = tmp_path / "总结.docx"
    with dialogs.answering(Answers(target)):
        page.acts.export("docx")
        settle(qtbot, page)
        word = Document(str(target))
        word.add_paragraph("领导加的一段话")
        mark = next(one for one in word.element.body.iter() if one.get(f"{{{WORD}}}name") == "flow")
        mark.getnext().find(f"{{{WORD}}}t").text = "30"
        word.save(str(target))
        edited = target.read_bytes()
        page.acts.export("docx")
        settle(qtbot, page)
    assert target.read_bytes() == edited
    assert (tmp_path / "总结 (2).docx").exists()
    assert page.side.written.isVisible()
    assert "30 → 3" in page.side.written.accessibleName()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def test_a_place_that_cannot_be_written_is_told_in_one_sentence(
    qtbot: QtBot, page: SummaryPage, tmp_path: Path
) -> None:
    answers = Answers(tmp_path / "none" / "a.docx")
    with dialogs.answering(answers):
        page.acts.export("docx")
        qtbot.waitUntil(lambda: bool(answers.told), timeout=PATIENCE)
    assert answers.told[0].count("。") == 1
    assert not page.acts.is_busy()


def test_a_cancelled_run_writes_nothing(qtbot: QtBot, page: SummaryPage, tmp_path: Path) -> None:
    with dialogs.answering(Answers(tmp_path / "a.docx")):
        page.acts.export("docx")
        qtbot.waitUntil(page.acts.is_busy, timeout=PATIENCE)
        page.bar.cancel_button.click()
        qtbot.waitUntil(lambda: not page.acts.is_busy(), timeout=PATIENCE)
        settle(qtbot, page)
    assert [path.name for path in tmp_path.iterdir() if "a.docx" in path.name] == []


def test_a_frozen_year_shows_what_changed(qtbot: QtBot, page: SummaryPage, world: World) -> None:
    answers = Answers(answer="freeze")
    with dialogs.answering(answers):
        page.acts.freeze()
        qtbot.waitUntil(lambda: not page.acts.is_busy(), timeout=PATIENCE)
        settle(qtbot, page)
    assert answers.asked == ["冻结 2017 年？"]
    assert "已冻结" in page.frozen_label.text()
    world.add(title="迟报", signed="2017-12-01", foreign_places=("gn:1",))
    page.context.statistics.forget()
    page.on_changed(Changes(frozenset({"project"})), None)
    settle(qtbot, page)
    assert page.desk.document.figures["flow"].value == 3
    assert page.side.changes.isVisible()
    page.side.changes.restate.click()
    qtbot.waitUntil(lambda: not page.acts.is_busy(), timeout=PATIENCE)
    settle(qtbot, page)
    assert "flow" in page.desk.document.changed
    page.open_figure("flow")
    settle(qtbot, page)
    shown = [page.side.figure.grid.itemAtPosition(1, column).widget().text() for column in range(3)]
    assert shown == ["3", "4", "+1"]
    figure = page.side.figure
    assert (figure.records.text(), figure.then_records.text()) == ("查看 4 条记录", "冻结时的记录（3）")
    figure.then_records.click()
    assert len(world.opened[-1].ids) == 3 and world.opened[-1].title == "本年新增项目，2017（冻结时）"


def test_a_year_is_frozen_again_only_for_a_reason(qtbot: QtBot, page: SummaryPage) -> None:
    answers = Answers(answer="freeze")
    with dialogs.answering(answers):
        page.freeze_button.click()
        qtbot.waitUntil(lambda: not page.acts.is_busy(), timeout=PATIENCE)
        settle(qtbot, page)
        page.freeze_button.click()
        assert page.foot.reason_row.isVisible() and not page.acts.is_busy()
        QTest.keyClick(page.foot.reason, Qt.Key.Key_Return)  # no reason, no freeze
        assert not page.acts.is_busy()
        page.foot.reason.setText("审计后更正")
        QTest.keyClick(page.foot.reason, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not page.acts.is_busy(), timeout=PATIENCE)
        settle(qtbot, page)
    assert answers.asked == ["冻结 2017 年？", "重新冻结 2017 年？"]
    with page.context.database.read() as session:
        row = session.get(FrozenYear, 2017)
        assert (row.version, row.note) == (2, "审计后更正")


def test_the_office_is_that_of_the_ledger_unless_another_is_typed(
    qtbot: QtBot, page: SummaryPage, world: World
) -> None:
    assert page.foot.office.text() == "" and page.desk.document.office == ""
    world.context.runner.write(save_office, Office(name="某市人民政府外事办公室"), done=lambda _changes: None)
    settle(qtbot, page)
    assert page.foot.office.text() == page.desk.document.office == "某市人民政府外事办公室"
    page.foot.office.setText("某市外办综合处")
    page.foot.office.editingFinished.emit()
    settle(qtbot, page)
    assert page.desk.document.office == "某市外办综合处"
    page.foot.office.clear()
    page.foot.office.editingFinished.emit()
    settle(qtbot, page)
    assert page.foot.office.text() == page.desk.document.office == "某市人民政府外事办公室"


def test_a_year_that_is_not_over_cannot_be_frozen(qtbot: QtBot, page: SummaryPage, world: World) -> None:
    page.choices.year.choose("2018")
    settle(qtbot, page)
    assert not page.freeze_button.isEnabled()


def test_a_template_keeps_the_sections(qtbot: QtBot, page: SummaryPage) -> None:
    for row in range(1, page.sections.count()):
        page.sections.item(row).setCheckState(Qt.CheckState.Unchecked)
    page.templates.ask_name()
    page.templates.name.setText("只要总体")
    QTest.keyClick(page.templates.name, Qt.Key.Key_Return)
    settle(qtbot, page)
    assert [template.name for template in page.desk.templates] == ["只要总体"]
    page.choices.edition.choose("internal")
    settle(qtbot, page)
    assert len(page.desk.document.sections) > 1
    page.templates.applied.emit(page.desk.templates[0])
    settle(qtbot, page)
    assert [section.code for section in page.desk.document.sections if not section.annex] == ["overview"]
    page.templates.deleted.emit("只要总体")
    settle(qtbot, page)
    assert page.desk.templates == ()


def test_language_layout_and_span_make_another_paper(qtbot: QtBot, page: SummaryPage) -> None:
    before = page.sheets.data
    page.choices.language.choose("en")
    settle(qtbot, page)
    assert page.desk.document.language == "en"
    assert page.desk.document.sections[0].title == "Overview"
    page.choices.layout.choose("plain")
    page.choices.span.choose("3")
    settle(qtbot, page)
    assert page.desk.document.years == (2015, 2016, 2017)
    assert page.sheets.data != before
    assert i18n.language() == "zh_CN"


def test_every_section_has_a_name(page: SummaryPage) -> None:
    names = [page.sections.title_of(code) for code in SECTIONS]
    assert all(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("fit", ["page", "real", "width"])
def test_the_paper_can_be_shown_in_other_sizes(qtbot: QtBot, page: SummaryPage, fit: str) -> None:
    page.preview.set_fit(fit)
    settle(qtbot, page)
    width = page.preview.page_rect(0).width()
    room = page.preview.viewport().width()
    assert (width > room) if fit == "real" else (width <= room)


def test_scrolling_draws_what_comes_into_view(qtbot: QtBot, page: SummaryPage) -> None:
    page.preview.show_page(page.preview.pages() - 1)
    settle(qtbot, page)
    assert page.preview.page() == page.preview.pages() - 1
    assert page.preview.is_drawn()


@pytest.mark.parametrize(
    ("then", "now", "percent", "text"),
    [
        (16, 17, False, "+1"),
        (0.143, 0.308, True, "+16.5"),
        (14, 13, False, "−1"),
        (3, 3, False, "0"),
        ("1200.50", "1300.75", False, "+100.25"),
        (None, 3, False, "—"),
        ("捷克", "德国", False, "—"),
    ],
)
def test_differences_carry_their_sign(then: object, now: object, percent: bool, text: str) -> None:
    assert difference(then, now, percent=percent) == text


def test_a_section_that_the_ledger_has_nothing_for_says_so(page: SummaryPage) -> None:
    row = next(row for row in range(page.sections.count()) if page.sections.item(row).text() == "审批办理")
    assert page.sections.item(row).data(Qt.ItemDataRole.AccessibleTextRole) == "审批办理 无内容"


def test_a_section_that_is_dragged_is_printed_at_its_new_place(qtbot: QtBot, page: SummaryPage) -> None:
    """A drag within the list ends in a move of its rows."""
    nowhere = QModelIndex()
    assert page.sections.model().moveRow(nowhere, 0, nowhere, 3)
    settle(qtbot, page)
    assert [section.code for section in page.desk.document.sections][:2] == ["continent", "overview"]


def test_nothing_is_cut_on_a_small_screen(qtbot: QtBot, page: SummaryPage) -> None:
    """At 200 % of a common screen the page is 808 pixels wide; choices lay on top of each other there."""
    before = page.choices.edition.width()
    page.resize(808, 520)
    choices = page.choices
    band = (choices.layout, choices.span, *([choices.fit] if choices.fit.isVisible() else []))
    qtbot.waitUntil(lambda: choices.edition.width() < before, timeout=PATIENCE)
    for row in ((choices.year, choices.edition, choices.language, page.freeze_button), band):
        boxes = [QRect(one.mapTo(page, QPoint(0, 0)), one.size()) for one in row]
        assert all(left.right() < right.left() for left, right in itertools.pairwise(boxes))
    assert choices.edition.toolTip() == "版本" and not page.freeze_button.text()
    page.resize(1214, 720)
    qtbot.waitUntil(lambda: choices.edition.width() == before, timeout=PATIENCE)
    assert page.freeze_button.text() and choices.fit.isVisible()


def test_another_paper_forgets_the_figure(qtbot: QtBot, page: SummaryPage) -> None:
    page.open_figure("flow")
    settle(qtbot, page)
    assert page.side.figure.opened is not None
    page.choices.edition.choose("internal")
    settle(qtbot, page)
    assert page.side.figure.opened is None and not page.side.figure.records.isVisible()
