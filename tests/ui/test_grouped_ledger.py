"""The ledger in groups: counts and sums by group, folding by keys, and acts that pass the heads over."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from small_context import World, small_world

from bri_desktop.domain.errors import InputError
from bri_desktop.domain.money import Money
from bri_desktop.services.project_groups import GROUPINGS, group_projects
from bri_desktop.services.view_files import export_views, import_views
from bri_desktop.services.view_items import View
from bri_desktop.services.views import delete_view, list_views, save_view
from bri_desktop.ui.projects.grouping import CHOICES
from bri_desktop.ui.projects.page import ProjectsPage
from bri_desktop.ui.projects.table_print import table_document

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(qapp, tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        rows = (
            ("甲", "sister_city", "2017-05", "100", "CNY"),
            ("乙", "demonstration_park", "2017-01", "50", "USD"),
            ("丙", "sister_city", "2018-03", "20.5", "CNY"),
            ("丁", None, None, None, None),
        )
        for title, mode, signed, amount, currency in rows:
            money = Money(Decimal(amount), currency) if amount and currency else None
            given = {"signed": signed} if signed else {}
            places = {"domestic_places": ("cn:370200", "cn:110000")} if title == "甲" else {}
            made.add(
                title=title, mode=mode, amount=money, department="商务局" if title != "丁" else None, **places, **given
            )
        yield made


@pytest.fixture
def page(qtbot, world):
    made = ProjectsPage(world.context)
    QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    qtbot.addWidget(made)
    world.context.runner.changed.connect(made.on_changed)
    made.resize(1214, 700)
    made.show()
    made.activateWindow()
    made.activate()
    qtbot.waitUntil(lambda: made.model.rowCount() == 4 and made.count_label.text() != "", timeout=20_000)
    return made


def grouped(qtbot, page, by):
    page.grouping.choose(by)
    qtbot.waitUntil(lambda: not page.grouping.is_pending and len(page.model.heads) > 0, timeout=20_000)
    return [(head.title, len(head.ids)) for head in page.model.heads]


def test_every_project_is_in_one_group_with_its_sum(world):
    with world.database.read() as session:
        modes = group_projects(session, [4, 3, 2, 1], "mode")
        assert [(group.key, group.ids) for group in modes] == [
            ("sister_city", (3, 1)), ("demonstration_park", (2,)), ("", (4,)),
        ]  # fmt: skip
        assert modes[0].sums == (Money(Decimal("120.5"), "CNY"),) and modes[2].sums == ()
        assert [group.key for group in group_projects(session, [1, 2, 3, 4], "year")] == ["2018", "2017", ""]
        assert group_projects(session, [1, 2], "city")[0].names == ("青岛市", "Qingdao")
        for by in GROUPINGS:
            groups = group_projects(session, [1, 2, 3, 4], by)
            assert sorted(number for group in groups for number in group.ids) == [1, 2, 3, 4]
        with pytest.raises(InputError):
            group_projects(session, [1], "colour")
    assert set(CHOICES) == set(GROUPINGS)


def test_groups_fold_by_keys_and_acts_pass_the_heads_over(page, qtbot):
    assert grouped(qtbot, page, "year") == [("2018", 1), ("2017", 2), ("未填", 1)]
    table = page.table
    assert page.model.rowCount() == 7
    assert "150" not in page.model.heads[1].detail and "美元" in page.model.heads[1].detail
    table.setFocus()
    table.setCurrentIndex(page.model.index(2, 0))
    QTest.keyClick(table, Qt.Key.Key_Left)
    assert page.model.rowCount() == 5 and table.current_head() is page.model.heads[1]
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert page.model.rowCount() == 7
    table.selectAll()
    assert table.selected_count() == len(table.selected_ids()) == 4
    table.setCurrentIndex(page.model.index(2, 0))
    QTest.keyClick(table, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert page.model.rowCount() == 3
    table.selectAll()
    assert page.selected_keys() == [] and page.table.selected_count() == 0 and "4" in page.count_label.text()
    assert table.select_id(1) and page.model.rowCount() == 5
    QTest.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.beside.has_panel() and page.panel.key == "P1", timeout=20_000)
    page.grouping.choose("")
    assert page.model.rowCount() == 4


def test_groups_follow_a_filter_and_a_change(page, world, qtbot):
    grouped(qtbot, page, "mode")
    page.show_filter("year = 2017")
    qtbot.waitUntil(lambda: page.is_whole() and [len(head.ids) for head in page.model.heads] == [1, 1], timeout=20_000)
    page.filters.clear()
    qtbot.waitUntil(lambda: page.is_whole() and len(page.model.heads) == 3, timeout=20_000)
    world.context.runner.write(lambda session: _delete(session, ["P2"]), done=lambda _done: None)
    qtbot.waitUntil(lambda: page.is_whole() and len(page.model.heads) == 2, timeout=20_000)


def _delete(session, keys):
    from bri_desktop.services.projects import delete_projects

    return delete_projects(session, keys)


def test_copy_and_paper_have_the_heads(page, qtbot):
    grouped(qtbot, page, "department")
    page.table.selectAll()
    page.table.copy()
    qtbot.waitUntil(lambda: "商务局" in QGuiApplication.clipboard().text(), timeout=20_000)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 6 and lines[0].startswith("商务局  3") and "甲" in "".join(lines[1:4])
    rows = []
    page.model.require(page.model.records(), rows.extend)
    qtbot.waitUntil(lambda: len(rows) == 4, timeout=20_000)
    columns = [page.model.columns[section] for section in page.table.shown_sections()]
    text = table_document(rows, columns, "项目台账", "", page.model.heads).toPlainText()
    assert text.index("商务局") < text.index("甲") < text.index("丁")


def test_a_saved_view_brings_its_groups_and_frozen_columns(page, world, qtbot):
    grouped(qtbot, page, "mode")
    page.table.freeze(2)
    page._save_view("按模式")
    qtbot.waitUntil(lambda: [view.name for view in page.filters.views.all()] == ["按模式"], timeout=20_000)
    page.grouping.choose("")
    page.table.freeze(0)
    view = page.filters.views.all()[0]
    assert (view.group, view.frozen, view.columns[:2]) == ("mode", 2, ("code", "title"))
    page.filters.choose_view(view)
    qtbot.waitUntil(lambda: page.is_whole() and len(page.model.heads) == 3, timeout=20_000)
    assert page.table.frozen == 2 and page.grouping.button.text() == "按合作模式"
    page.filters.choose_view(View("全部", ""))
    qtbot.waitUntil(lambda: page.is_whole() and page.model.heads == () and page.model.rowCount() == 4, timeout=20_000)
    assert page.table.frozen == 0


def test_a_file_of_views_brings_groups_and_frozen_columns(world, tmp_path):
    path = tmp_path / "views.json"
    with world.database.write() as session:
        save_view(session, View("按年", "year = 2017", ("title",), (), "year", 1))
        assert export_views(session, path) == 1
        delete_view(session, "按年")
        import_views(session, path)
        assert list_views(session) == [View("按年", "year = 2017", ("title",), (), "year", 1)]
    path.write_text(path.read_text("utf-8").replace('"year",', '"colour",').replace("按年", "怪"), "utf-8")
    with world.database.write() as session:
        import_views(session, path)
        assert next(view.group for view in list_views(session) if view.name == "怪") == ""
