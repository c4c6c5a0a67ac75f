"""Cross-tables, spans, comparisons, measures, index and tables of the page, each figure worked out by hand."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot
from small_context import TODAY, World, small_world

from bri_desktop.charts.cross import REST, grid_of
from bri_desktop.domain.changes import Changes
from bri_desktop.label_measures import number_text, rate_text
from bri_desktop.services.city_labels import set_label
from bri_desktop.services.statistics_options import read_options
from bri_desktop.services.views import View, save_view
from bri_desktop.ui import dialogs
from bri_desktop.ui.shared.printing import sheet
from bri_desktop.ui.shared.taking_out import cell_text, table_html
from bri_desktop.ui.statistics import StatisticsPage
from bri_desktop.ui.statistics.page import FIGURES, INDEX, MEASURES, TABLES
from bri_desktop.ui.statistics.words import counted, weights_text

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """一 Prague 2017 people; 二 Tokyo 2018 trade; 三 both 2026 people; 四 nowhere 2026; 五 undated; 六 pipeline."""
    with small_world(tmp_path) as made:
        made.add(title="一", domain="people", signed="2017-05-02", foreign_places=("gn:1",))
        made.add(title="二", domain="trade", signed="2018-05-02", foreign_places=("gn:2",))
        made.add(title="三", domain="people", signed="2026-01-02", foreign_places=("gn:1", "gn:2"))
        made.add(title="四", signed="2026-02-02")
        made.add(title="五", domain="people")
        made.add(title="六", status="intent")
        yield made


@pytest.fixture
def page(qtbot: QtBot, world: World) -> StatisticsPage:
    made = StatisticsPage(world.context, today=TODAY)
    qtbot.addWidget(made)
    made.resize(1214, 720)
    made.show()
    made.activate()
    settle(qtbot, made)
    return made


def settle(qtbot: QtBot, page: StatisticsPage) -> None:
    qtbot.waitUntil(page.context.runner.is_idle, timeout=20_000)
    qtbot.waitUntil(lambda: page.asked == page.controls.ask(page.filter_box.text()), timeout=20_000)


def choose(qtbot: QtBot, page: StatisticsPage, grouping: str) -> None:
    page.groupings.choose(grouping)
    settle(qtbot, page)


def click(qtbot: QtBot, table: QTableView, row: int, column: int) -> None:
    rect = table.visualRect(table.model().index(row, column))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())


def grid_texts(page: StatisticsPage) -> list[list[Any]]:
    heads, rows = page.figures.cross.values()
    return [heads, *rows]


def write_csv(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


# --- two dimensions and spans -----------------------------------------------------------------------------------------


def test_two_dimensions_reconcile_and_open_their_records(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    page.controls.second.choose("domain")
    settle(qtbot, page)
    table = {row[0]: row[1:] for row in grid_texts(page)[1:]}
    heads = grid_texts(page)[0][1:]
    people, trade, blank = heads.index("民心相通"), heads.index("贸易畅通"), heads.index("未归类")
    assert table["欧洲"][people] == 2 and table["亚洲"][people] == 1 and table["亚洲"][trade] == 1
    assert table["未填"][blank] == 1
    # Distinct: three of Asia and Europe, four in all; 三 counts once in each of its continents.
    assert table["欧洲"][-1] == 2 and table["亚洲"][-1] == 2 and table["合计"][people] == 2
    totals = page.figures.totals.buttons
    assert [totals[part].text() for part in ("total", "listed", "blank")] == ["合计 4", "= 列入 3", "+ 未填 1"]
    europe = next(row for row, name in enumerate(grid_texts(page)[1:]) if name[0] == "欧洲")
    click(qtbot, page.figures.cross, europe, people + 1)
    assert world.opened[-1].ids == (1, 3)
    assert world.opened[-1].title.endswith("欧洲 × 民心相通 · 折算 1.5 = 1 × 1 + 1 × 1/2")
    click(qtbot, page.figures.cross, europe, len(heads))
    assert world.opened[-1].ids == (1, 3)


def test_the_rest_of_a_cross_table_is_counted_once(qtbot: QtBot, page: StatisticsPage) -> None:
    page.controls.second.choose("domain")
    settle(qtbot, page)
    choose(qtbot, page, "country")
    assert page.answer is not None
    grid = grid_of(page.answer.result, 1)
    assert [(head.label, head.total) for head in grid.rows] == [("捷克", 2), ("其他（1）", 2), ("未填", 1)]
    assert grid.rows[1].key == REST and not grid.rows[1].is_unit
    people = next(place for place, head in enumerate(grid.columns) if head.key == "people")
    assert [cells[people].count for cells in grid.cells] == [2, 1, 0]
    assert grid.members(page.answer.result, (1,), (people,)) == {3: 0.5}
    # Both countries together: 三 is in either and counts once.
    together = grid_of(page.answer.result, 0, 15)
    assert [(head.label, head.total) for head in together.rows] == [("其他（2）", 3), ("未填", 1)]
    assert together.total == 4


def test_a_span_shows_the_years_as_columns(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    page.controls.since.choose("2016")
    settle(qtbot, page)
    table = {row[0]: row[1:] for row in grid_texts(page)}
    assert table["单元"][:3] == ["2016", "2017", "2018"]
    assert table["欧洲"] == [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]
    assert table["合计"] == [0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 4]
    assert not page.controls.second.isEnabled() and not page.controls.compared.isEnabled()
    total = page.figures.cross.grid_model.rowCount() - 1
    click(qtbot, page.figures.cross, total, 3)
    qtbot.waitUntil(lambda: bool(world.opened))
    assert world.opened[-1].ids == (1, 2)
    assert "2025 年末 2 + 新增 2 − 结束 0 = 2026 年末 4" in page.figures.below.equation.text()


def test_a_cross_table_is_sorted_by_a_click(qtbot: QtBot, page: StatisticsPage) -> None:
    page.controls.since.choose("2016")
    settle(qtbot, page)
    page.figures.cross.header.sort_clicked.emit(3, False)
    assert [row[0] for row in grid_texts(page)[1:3]] == ["亚洲", "欧洲"]
    assert grid_texts(page)[-1][0] == "合计"


# --- then and now -----------------------------------------------------------------------------------------------------


def test_an_earlier_year_stands_beside(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    page.controls.compared.choose("year:2017")
    settle(qtbot, page)
    assert page.figures.finding.text() == "现有 4 项，2017 年为 1 项，相差 +3：进入 3 项，退出 0 项。"
    _, rows = page.figures.changes.values()
    assert rows == [["亚洲", 0, 2, 2, 2, 0], ["欧洲", 1, 2, 1, 1, 0], ["未填", 0, 1, 1, 1, 0], ["合计", 1, 4, 3, 3, 0]]
    keys = [column.key for column in page.figures.changes.rows.columns]
    click(qtbot, page.figures.changes, 0, keys.index("came"))
    assert world.opened[-1].ids == (2, 3)
    click(qtbot, page.figures.changes, 1, keys.index("then"))
    assert world.opened[-1].ids == (1,)


def test_a_saved_view_stands_beside(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    with world.database.write() as session:
        save_view(session, View("贸易", "domain = trade"))
    page.on_changed(Changes(frozenset({"view"})), None)
    qtbot.waitUntil(lambda: "view:贸易" in page.controls.compared.codes())
    page.controls.compared.choose("view:贸易")
    settle(qtbot, page)
    _, rows = page.figures.changes.values()
    assert rows[-1] == ["合计", 1, 4, 3, 3, 0]


# --- opening and coming back ------------------------------------------------------------------------------------------


def test_a_shared_out_figure_opens_its_records_with_weights(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    keys = [column.key for column in page.figures.table.rows.columns]
    click(qtbot, page.figures.table, 0, keys.index("weight"))
    assert world.opened[-1].ids == (2, 3)
    assert world.opened[-1].title.endswith("亚洲 · 折算 1.5 = 1 × 1 + 1 × 1/2")
    assert world.opened[-1].weights == {2: 1.0, 3: 0.5}  # they sum to the numerator
    click(qtbot, page.figures.table, 0, keys.index("count"))
    assert world.opened[-1].title.endswith("亚洲")


def test_coming_back_keeps_order_and_place(qtbot: QtBot, page: StatisticsPage) -> None:
    choose(qtbot, page, "country")
    table = page.figures.table
    table.header.sort_clicked.emit(0, False)
    table.verticalScrollBar().setValue(300)
    page.hide()
    page.show()
    page.activate()
    assert table.verticalScrollBar().value() == 300
    page.on_changed(Changes(frozenset({"project"})), None)
    settle(qtbot, page)
    qtbot.wait(20)
    assert table.verticalScrollBar().value() == 300
    assert table.sort_order() == [("unit", True)]
    assert page.groupings.code() == "country"


def test_other_kinds_open_their_own_records(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    from bri_desktop.db.models import Activity, Outcome

    activity = Activity(project_id=2, title="访问", date="2020-05-01", kind="visit")
    world.store([activity, Outcome(project_id=3, date="2026-03-01", outcome_class="other")])
    world.context.statistics.forget()
    page.controls.kind.choose("activity")
    page.controls.count.choose("flow")
    page.controls.year.choose("2020")
    settle(qtbot, page)
    assert page.figures.totals.buttons["total"].text() == "合计 1"
    page.figures.totals.buttons["total"].click()
    qtbot.waitUntil(lambda: bool(world.opened))
    assert (world.opened[-1].kind, world.opened[-1].ids) == ("activity", (1,))
    assert world.opened[-1].title.startswith("活动 · 当年新增 2020")
    page.controls.kind.choose("outcome")
    page.controls.year.choose("2026")
    settle(qtbot, page)
    keys = [column.key for column in page.figures.table.rows.columns]
    asia = next(at for at, row in enumerate(page.answer.result.rows) if row.key == "asia") if page.answer else -1
    page.figures.table.weight_opened.emit(asia)
    assert "weight" in keys and world.opened[-1].kind == "outcome"
    assert world.opened[-1].weights == {1: 0.5}  # 三 lies half in Asia, half in Europe


def test_every_kind_and_count_is_shown(qtbot: QtBot, page: StatisticsPage) -> None:
    for kind in page.controls.kind.codes():
        page.controls.kind.choose(kind)
        for count in page.controls.count.codes():
            page.controls.count.choose(count)
            settle(qtbot, page)
            assert not page.problem.isVisible()
            page.grab()


# --- nothing to show --------------------------------------------------------------------------------------------------


def test_where_nothing_is_counted_no_chart_stands(qtbot: QtBot, page: StatisticsPage) -> None:
    page.filter_box.setText("五")
    settle(qtbot, page)
    assert page.figures.finding.text() == "此口径下没有记录：1 条未定日期，请补填签署或开始日期。"
    assert page.figures.stack.currentWidget() is page.figures.nothing
    assert not page.figures.below.isVisible()
    assert page.figures.totals.buttons["undated"].text() == "未定日期 1"
    assert page.shown() is None
    page.copy_picture()
    page.save_table()


def test_one_record_has_no_undefined_figure_shown_as_a_number(qtbot: QtBot, page: StatisticsPage) -> None:
    page.filter_box.setText("一")
    for grouping in ("continent", "country", "domain", "tier", "department"):
        choose(qtbot, page, grouping)
        assert "nan" not in page.figures.finding.text().lower()
        page.tabs.setCurrentIndex(MEASURES)
        qtbot.waitUntil(lambda: bool(page.measures.lines) and page.context.runner.is_idle(), timeout=20_000)
        assert not any("nan" in line.text.lower() or "inf" in line.text.lower() for line in page.measures.lines)
        page.tabs.setCurrentIndex(FIGURES)


# --- measures ---------------------------------------------------------------------------------------------------------


def test_all_measures_are_listed_with_their_rules(qtbot: QtBot, page: StatisticsPage) -> None:
    page.figures.below.all_button.click()
    qtbot.waitUntil(lambda: bool(page.measures.lines), timeout=20_000)
    lines = {line.name: line for line in page.measures.lines}
    # Two continents of six hold all, one and a half each: Gini = (2·5 − 7 + 2·6 − 7)·1.5 / (6·3) = 2/3.
    assert lines["基尼系数" if "基尼系数" in lines else "基尼"].text == "0.667"
    assert lines["单元数"].text == "6" and lines["没有记录的单元"].text == "4"
    assert {"友好城市", "协议", "活动"} <= set(lines)
    shown = page.shown()
    assert shown is not None and len(shown.rows) == len(page.measures.lines)


def test_undefined_is_a_dash() -> None:
    assert number_text(None) == "—" and rate_text({"value": None}) == "—"
    assert rate_text({"value": 0.5, "low": 0.25, "high": 0.75}) == "50.0%（25.0—75.0%）"


def test_weights_are_said_as_fractions() -> None:
    assert weights_text([1.0, 1.0]) == "" and weights_text([]) == ""
    assert weights_text([1 / 3, 1 / 3, 0.5]) == "折算 1.2 = 1 × 1/2 + 2 × 1/3"
    assert counted("pair", 1234) == "1,234 对"


# --- tables and weights -----------------------------------------------------------------------------------------------


def bring(qtbot: QtBot, page: StatisticsPage, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "choose_open_file", lambda *_args, **_more: path)
    page.tables.form.import_button.click()
    qtbot.waitUntil(lambda: page.tables.form.import_button.isEnabled() and page.context.runner.is_idle())
    page.context.statistics.forget()
    page.on_changed(Changes(frozenset({"measure_table"})), None)
    settle(qtbot, page)


def test_a_baseline_is_brought_used_and_deleted(
    qtbot: QtBot, page: StatisticsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.tabs.setCurrentIndex(TABLES)
    form = page.tables.form
    assert form.wanted() is None and form.problem.text() == "请填写名称。"
    form.name.setText("人口")
    form.year.setText("2024")
    rows = [("国家", "数值"), ("捷克", 10), ("日本", 30), ("亚特兰蒂斯", 5), ("瓦坎达", 6)]
    bring(qtbot, page, write_csv(tmp_path / "pop.csv", rows), monkeypatch)
    assert "4 行中的 2 行" in page.tables.note.text_label.text()
    assert "2 行未导入，首例 A4“亚特兰蒂斯”" in page.tables.note.text_label.text()
    assert page.tables.problem_list.rows.rowCount() == 2
    assert [(table.name, table.year, table.rows) for table in page.tables.tables] == [("人口", 2024, 2)]
    page.tabs.setCurrentIndex(FIGURES)
    choose(qtbot, page, "country")
    qtbot.waitUntil(lambda: "人口" in page.controls.baseline.codes())
    page.controls.baseline.choose("人口")
    settle(qtbot, page)
    assert page.answer is not None
    shares = {row.key: row.baseline_share for row in page.answer.result.rows if row.baseline_share}
    assert shares == {"CZ": 0.25, "JP": 0.75}
    page.tabs.setCurrentIndex(TABLES)
    page.tables.list.selectRow(0)
    monkeypatch.setattr(dialogs, "ask", lambda *_args, **_more: "delete")
    page.tables.delete_button.click()
    qtbot.waitUntil(lambda: not page.tables.tables)
    qtbot.waitUntil(lambda: page.tables.undo_button.text() == "撤销：删除基准 人口")
    page.tables.undo_button.click()
    qtbot.waitUntil(lambda: [table.name for table in page.tables.tables] == ["人口"])
    assert page.tables.note.text_label.text() == "已撤销。"


def test_a_baseline_of_nothing_is_refused_in_one_sentence(
    qtbot: QtBot, page: StatisticsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.tabs.setCurrentIndex(TABLES)
    page.tables.form.name.setText("人口")
    bring(qtbot, page, write_csv(tmp_path / "pop.csv", [("国家", "数值"), ("捷克", 0)]), monkeypatch)
    assert page.tables.note.isVisible() and page.tables.note.text_label.text().endswith("。")
    assert page.tables.tables == ()


def test_a_template_is_written(
    qtbot: QtBot, page: StatisticsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.tabs.setCurrentIndex(TABLES)
    for kind in page.tables.form.kind.codes():
        page.tables.form.kind.choose(kind)
        target = tmp_path / f"{kind}.xlsx"
        monkeypatch.setattr(dialogs, "choose_save_file", lambda *_args, target=target, **_more: target)
        page.tables.form.template_button.click()
        qtbot.waitUntil(target.exists)
        qtbot.waitUntil(page.context.runner.is_idle)
        assert load_workbook(target).worksheets


def test_tiers_are_brought_and_are_a_dimension(
    qtbot: QtBot, page: StatisticsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(qtbot, page, "tier")
    assert "尚无各国等级" in page.figures.finding.text()
    page.tabs.setCurrentIndex(TABLES)
    page.tables.form.kind.choose("tiers")
    page.tables.form.year.setText("2024")
    codes = [label.name_zh for label in page.context.codes.codes("finance_tier")]
    rows = [("国家", "等级"), ("捷克", codes[0]), ("日本", codes[1])]
    bring(qtbot, page, write_csv(tmp_path / "tiers.csv", rows), monkeypatch)
    page.tabs.setCurrentIndex(FIGURES)
    settle(qtbot, page)
    assert page.answer is not None
    assert [row.count for row in page.answer.result.rows if row.is_unit] == [2, 2, 0, 0]


def test_weights_are_stored_when_they_add_up(qtbot: QtBot, page: StatisticsPage) -> None:
    page.tabs.setCurrentIndex(TABLES)
    qtbot.waitUntil(lambda: set(page.tables.editors) == {"profile", "development", "potential"})
    editor = page.tables.editors["profile"]
    assert not editor.save_button.isEnabled() and editor.total.text() == "合计 100%"
    editor.boxes["depth"].setText("35")
    assert editor.total.text() == "合计 115%，应为 100%" and not editor.save_button.isEnabled()
    editor.boxes["length"].setText("5")
    assert editor.save_button.isEnabled()
    editor.save_button.click()
    qtbot.waitUntil(lambda: page.tables.editors["profile"] is not editor)
    stored = page.tables.editors["profile"]
    assert stored.weights() == {"length": 5, "breadth": 20, "depth": 35, "warmth": 20, "frequency": 20}
    stored.default_button.click()
    assert set(stored.weights().values()) == {20.0} and stored.save_button.isEnabled()


def test_thresholds_are_stored_and_counted_with(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    page.tabs.setCurrentIndex(TABLES)
    qtbot.waitUntil(lambda: page.tables.thresholds is not None)
    editor = page.tables.thresholds
    assert editor is not None and not editor.save_button.isEnabled()
    editor.boxes["concentrated"].setText("")
    assert not editor.save_button.isEnabled()
    editor.boxes["concentrated"].setText("3")
    editor.save_button.click()
    qtbot.waitUntil(lambda: page.tables.thresholds is not editor)
    with world.database.read() as session:
        assert read_options(session).thresholds.concentrated == 3


def test_the_city_index_ranks_what_is_known_well_enough(
    qtbot: QtBot, page: StatisticsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.tabs.setCurrentIndex(INDEX)
    qtbot.waitUntil(lambda: page.index.answer is not None)
    assert page.index.table is None and page.index.shown() is None
    page.index.tables_wanted.emit()
    assert page.tabs.currentIndex() == TABLES
    qtbot.waitUntil(lambda: "development" in page.tables.editors)
    dimensions = [part[1] for part in page.tables.editors["development"].group.parts]
    rows: list[tuple[Any, ...]] = [("城市", "维度", "指标", "数值")]
    for number, name in enumerate(dimensions):
        rows += [("北京市", name, f"指标{number}", 90), ("布拉格", name, f"指标{number}", 10)]
    rows.append(("东京", dimensions[0], "指标0", 50))
    page.tables.form.kind.choose("index")
    page.tables.form.year.setText("2024")
    bring(qtbot, page, write_csv(tmp_path / "index.csv", rows), monkeypatch)
    page.tabs.setCurrentIndex(INDEX)
    qtbot.waitUntil(lambda: page.index.table is not None)
    assert page.index.table is not None
    ranked = [(line.label, line.rank, line.value) for line in page.index.table.lines]
    assert ranked[:2] == [("北京市", 1, 100.0), ("布拉格", 2, 0.0)]
    assert ranked[2][:2] == ("东京", None)
    assert [line.type for line in page.index.table.lines] == ["", "", ""] and page.index.answer is not None
    prague = page.index.answer.result.measures["index"]["development"]["cities"][1]["key"]
    with page.context.database.write() as session:
        set_label(session, prague, "network_hub")
    page.on_changed(Changes(frozenset({"measure_options"})), None)
    qtbot.waitUntil(lambda: page.index.table is not None and page.index.table.lines[1].type == "网络中心")
    shown = page.index.shown()
    assert shown is not None and [row[-1] for row in shown.rows] == [None, "网络中心", None]
    assert page.index.table is not None
    assert "生态类型" in [column.title for column in page.index.table.rows.columns]
    assert page.index.finding.text() == "3 个城市中 2 个参加排名；中方城市中位数 100.0，外方 0.0，相差 +100。"


# --- taking out -------------------------------------------------------------------------------------------------------


def test_years_and_curve_are_taken_out(
    qtbot: QtBot, page: StatisticsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = page.taking_out
    for number in (0, 1):
        part = page._part(number)
        assert part is not None
        for kind, magic in {"png": b"\x89PNG", "svg": b"<?xml"}.items():
            target = tmp_path / f"part{number}.{kind}"
            monkeypatch.setattr(dialogs, "choose_save_file", lambda *_args, target=target, **_more: target)
            out.save_picture(kind, part)
            assert target.read_bytes().startswith(magic)
        book = tmp_path / f"part{number}.xlsx"
        monkeypatch.setattr(dialogs, "choose_save_file", lambda *_args, book=book, **_more: book)
        with qtbot.waitSignal(page.status_changed):
            out.save_table(part)
        assert load_workbook(book).worksheets[0]._charts
        QGuiApplication.clipboard().clear()
        out.copy_picture(part)
        assert not QGuiApplication.clipboard().image().isNull()


def test_cross_table_and_comparison_are_taken_out(
    qtbot: QtBot, page: StatisticsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for control, code in ((page.controls.second, "domain"), (page.controls.compared, "year:2017")):
        control.choose(code)
        settle(qtbot, page)
        for kind in ("png", "svg"):
            target = tmp_path / f"{code.replace(':', '')}.{kind}"
            monkeypatch.setattr(dialogs, "choose_save_file", lambda *_args, target=target, **_more: target)
            with qtbot.waitSignal(page.status_changed, timeout=30_000):
                page.save_picture(kind)
            assert target.stat().st_size > 1000
        page.copy_table()
        assert len(QGuiApplication.clipboard().text().splitlines()) > 2


def test_a_long_table_is_printed_on_several_sheets(qtbot: QtBot, page: StatisticsPage, tmp_path: Path) -> None:
    choose(qtbot, page, "country")
    shown = page.shown()
    assert shown is not None and len(shown.rows) == 197
    printer: QPrinter = sheet(wide=False)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "table.pdf"))
    page.taking_out.document(shown).print_(printer)
    assert (tmp_path / "table.pdf").read_bytes().count(b"/Type /Page\n") >= 3


def test_tables_for_paper_are_safe() -> None:
    assert "&lt;b&gt;" in table_html("<b>", "", ["a"], [["x"]])
    assert (cell_text(None), cell_text(1.23456), cell_text(3), cell_text("文")) == ("", "1.2346", "3", "文")


def test_controls_fit_their_room(qtbot: QtBot, page: StatisticsPage) -> None:
    for control in (*page.controls.widgets_of_head(), *page.controls.widgets_of_band()):
        if control.isVisible():
            assert page.rect().contains(QRect(control.mapTo(page, control.rect().topLeft()), control.size()))
