"""About the program: all shipped data is named with its source and date, and the dates are those of the data."""

import csv
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest
from chinese_calendar import constants
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from small_context import World, small_world

from bri_desktop import __version__, i18n, paths
from bri_desktop.ui.preferences.about import AboutPanel, read_sources

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        yield made


def rows() -> list[dict[str, str]]:
    with (paths.resources() / "data_sources.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_panel_shows_version_data_and_licences(qtbot: QtBot, world: World) -> None:
    panel = AboutPanel(world.context)
    qtbot.addWidget(panel)
    said = " ".join(label.text() for label in panel.findChildren(QLabel))
    assert __version__ in said and "GeoNames" in said and "LGPL" in said
    assert len(panel.sources.rows.ids()) == len(rows())
    assert len(panel.licences.rows.ids()) > 40


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_sources_are_complete_in_both_languages(language: str) -> None:
    before = i18n.language()
    i18n.set_language(language)
    try:
        found = read_sources()
    finally:
        i18n.set_language(before)
    assert all(row.what and row.source and row.as_of and row.licence for row in found)
    has_chinese = [any("一" <= char <= "鿿" for char in row.what) for row in found]
    assert set(has_chinese) == {language == "zh_CN"}


def test_dates_are_those_of_the_data() -> None:
    texts = {row["what_en"]: row for row in rows()}
    with (paths.resources() / "reference" / "income_groups.csv").open(encoding="utf-8-sig", newline="") as file:
        years = [int(name[3:]) for name in next(csv.reader(file)) if name.startswith("gni")]
    assert texts["Income groups"]["as_of_en"] == f"incomes {min(years)}–{max(years)}"
    days: list[date] = [*constants.holidays, *constants.workdays]
    assert texts["Working days"]["as_of_en"] == f"{min(days).year}–{max(days).year}"
    for row, library in (("Working days", "chinesecalendar"), ("Readings (pinyin)", "pypinyin")):
        assert f"{library} {version(library)}" in texts[row]["source_en"], f"{library} is newer: look its data up again"
