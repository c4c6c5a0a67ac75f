"""Chips joined by and, or, not: the text behind them says the same, both ways, and all is done by keys."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from small_context import World, small_world

from bri_desktop.domain.filter import All, AnyOf, Comparison, Filter, Not, as_text, parse_filter
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.projects import create_project
from bri_desktop.services.view_items import View
from bri_desktop.services.views import list_views, save_view
from bri_desktop.ui import dialogs
from bri_desktop.ui.projects.conditions import (
    FieldCondition,
    Group,
    TextCondition,
    combined,
    conditions_of,
    join_other,
    negate,
    put,
)
from bri_desktop.ui.projects.page import ProjectsPage
from bri_desktop.ui.shared.chips import JointButton

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

WORDS = ("a", "b", "c")
COMPARISONS = st.builds(
    lambda field, operator, value: Comparison(field, operator, (value,)),
    st.sampled_from(["mode", "status", "year"]), st.sampled_from(["=", "!=", ">=", "<=", "~"]), st.sampled_from(WORDS),
)  # fmt: skip
FILTERS: st.SearchStrategy[Filter] = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(All),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(AnyOf),
    ),
    max_leaves=6,
)


def holds(wanted: Filter, world: dict[tuple[str, str, tuple[str, ...]], bool]) -> bool:
    match wanted:
        case All(parts):
            return all(holds(part, world) for part in parts)
        case AnyOf(parts):
            return any(holds(part, world) for part in parts)
        case Not(part):
            return not holds(part, world)
        case Comparison(field, "!=", values):
            return not world.get((field, "=", values), False)
        case Comparison(field, operator, values):
            return world.get((field, operator if operator != "in" else "=", values), False)


def atoms(wanted: Filter) -> set[tuple[str, str, tuple[str, ...]]]:
    match wanted:
        case All(parts) | AnyOf(parts):
            return {one for part in parts for one in atoms(part)}
        case Not(part):
            return atoms(part)
        case Comparison(field, operator, values):
            return {(field, "=" if operator in ("!=", "in") else operator, values)}


def same(first: Filter, second: Filter) -> bool:
    known = sorted(atoms(first) | atoms(second))[:8]
    worlds = (dict(zip(known, values, strict=True)) for values in product((True, False), repeat=len(known)))
    return all(holds(first, world) == holds(second, world) for world in worlds)


@settings(max_examples=60)
@given(FILTERS)
def test_a_filter_written_and_read_and_shown_as_chips_says_the_same(wanted: Filter) -> None:
    text = as_text(wanted)
    assert same(parse_filter(text), wanted)
    shown = combined(conditions_of(text))
    assert same(parse_filter(shown), wanted)
    assert combined(conditions_of(shown)) == shown


@settings(max_examples=40)
@given(FILTERS, st.integers(0, 5), st.integers(0, 2))
def test_turning_a_chip_or_a_word_twice_gives_a_readable_filter(wanted: Filter, number: int, part: int) -> None:
    conditions = conditions_of(as_text(wanted))
    place = (number % len(conditions), None)
    turned = put(conditions, place, [negate(conditions[place[0]])])
    again = put(turned, place, [negate(turned[place[0]])])
    assert same(parse_filter(combined(again)), wanted)
    found = conditions[place[0]]
    inner = part % len(found.parts) if isinstance(found, Group) else None
    parse_filter(combined(join_other(conditions, (place[0], inner))))


def test_words_between_chips_make_groups_and_part_them() -> None:
    three = conditions_of("mode = a and status = b and year >= 2010")
    one_group = join_other(three, (0, None))
    assert combined(one_group) == "(mode = a or status = b) and year >= 2010"
    all_or = join_other(one_group, (0, None))
    assert combined(all_or) == "mode = a or status = b or year >= 2010"
    parted = join_other(all_or, (0, 0))
    assert combined(parted) == "mode = a and (status = b or year >= 2010)"
    assert combined(put(parted, (1, 0), [])) == "mode = a and year >= 2010"


def test_a_range_keeps_its_meaning_when_it_is_left_out_or_one_of_several() -> None:
    years = FieldCondition("year", "range", ("2010", "2017"))
    assert combined([negate(years)]) == "not (year >= 2010 and year <= 2017)"
    group = Group((years, FieldCondition("mode", "in", ("a",))))
    assert combined([group]) == "(year >= 2010 and year <= 2017) or mode = a"
    assert conditions_of(combined([group])) == [group]
    assert conditions_of("(mode = a and status = b) or year = 2010") == [
        Group((TextCondition("mode = a and status = b"), FieldCondition("year", "in", ("2010",))))
    ]


# -- in the window ----------------------------------------------------------------------------------------------------


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        yield made


@pytest.fixture
def page(qtbot, world):
    for status in ("active", "signed", "failed"):
        with world.database.write() as session:
            create_project(session, ProjectDraft(title=f"项目 {status}", status=status))
    made = ProjectsPage(world.context)
    qtbot.addWidget(made)
    made.resize(1214, 700)
    made.show()
    made.activateWindow()
    made.activate()
    qtbot.waitUntil(lambda: shown(made) == {"active", "signed", "failed"}, timeout=20_000)
    return made


def shown(page) -> set[str]:
    rows = (page.model.row_at(number) for number in range(page.model.rowCount()))
    return {row.draft.status for row in rows if row is not None}


def test_chips_are_joined_and_turned_by_keys_and_the_text_follows(page, qtbot):
    page.show_filter("status = active and status = signed")
    qtbot.waitUntil(lambda: shown(page) == set(), timeout=20_000)
    joint = next(one for one in page.filters.chips.widgets() if isinstance(one, JointButton))
    joint.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page) == {"active", "signed"}, timeout=20_000)
    assert page.filters.filter_text == "status = active or status = signed"
    page.filters.chips.chips()[1].setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Exclam)
    qtbot.waitUntil(lambda: shown(page) == {"active", "failed"}, timeout=20_000)
    assert page.filters.filter_text == "status = active or not status = signed"
    assert QApplication.focusWidget() is page.filters.chips.chips()[1]
    page.filters.add_condition()
    popup = page.filters.popup
    popup.field_box.setCurrentIndex(popup.field_box.findData("filter"))
    assert popup.text_box.text() == page.filters.filter_text
    popup.text_box.setText("not (status = active or status = signed)")
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page) == {"failed"}, timeout=20_000)
    assert [chip.condition.value for chip in page.filters.chips.chips()] == ["实施", "签约"]


def test_a_condition_can_be_left_out_in_the_window_that_asks_for_it(page, qtbot):
    page.filters.add_condition()
    popup = page.filters.popup
    popup.field_box.setCurrentIndex(popup.field_box.findData("status"))
    popup._wanted = frozenset({"active"})
    popup._on_field()
    popup.not_box.setChecked(True)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page) == {"signed", "failed"}, timeout=20_000)
    assert page.filters.filter_text == "not status = active"


# -- views ------------------------------------------------------------------------------------------------------------


class Choose:
    def __init__(self, path: Path) -> None:
        self.path = path

    def save_file(self, *_asked: object) -> Path:
        return self.path

    def open_file(self, *_asked: object) -> Path:
        return self.path


def test_views_show_their_counts_and_go_to_another_ledger_by_a_file(page, world, qtbot, tmp_path):
    wanted = View("在办", "status = active or status = signed", ("code", "title"), (("start", True),))
    with world.database.write() as session:
        save_view(session, wanted)
    menu = page.filters.views
    menu.read()
    qtbot.waitUntil(lambda: len(menu.all()) == 1, timeout=20_000)
    menu.menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: menu.menu.actions()[0].text() == "在办\t2", timeout=20_000)
    path = tmp_path / "v.json"
    with dialogs.answering(Choose(path)):
        with qtbot.waitSignal(menu.said):
            menu.export()
        with world.database.write() as session:
            save_view(session, View("在办", "status = failed"))
        with qtbot.waitSignal(menu.said) as told:
            menu.take()
        assert "在办 → 在办 (2)" in told.args[0]
        with qtbot.waitSignal(menu.said):
            menu.take()
        path.write_text('{"format": "bri-desktop views", "views": [{"name": "坏", "filter": "colour = "}]}')
        with qtbot.waitSignal(menu.said) as told:
            menu.take()
        assert "坏" in told.args[0]
        path.write_bytes(b"\x00\xff")
        with qtbot.waitSignal(menu.said) as told:
            menu.take()
        assert "v.json" in told.args[0]
    with world.database.read() as session:
        views = {view.name: view for view in list_views(session)}
    assert views["在办 (2)"].filter == wanted.filter and views["在办 (2)"].columns == ("code", "title")
    assert set(views) == {"在办", "在办 (2)"}
