"""项目卡 and 友城档案 from the window: by key from the ledger, from the panel, from the page of a tie."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from PySide6.QtWidgets import QMenu
from small_context import World, small_world

from bri_desktop.ui import dialogs
from bri_desktop.ui.projects.page import ProjectsPage


class Choose:
    """Answers every question for a place with one path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def save_file(self, *_asked: object) -> Path:
        return self.path

    def folder(self, *_asked: object) -> Path:
        return self.path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        yield made


@pytest.fixture
def page(qtbot, world):
    for number in range(3):
        world.add(title=f"项目{number}", code=f"A-{number}")
    made = ProjectsPage(world.context)
    qtbot.addWidget(made)
    made.show()
    made.activate()
    qtbot.waitUntil(lambda: made.model.rowCount() == 3, timeout=20_000)
    return made


def titles(path: Path) -> list[str]:
    return [one.text for one in Document(str(path)).paragraphs if one.style.name == "Sheet Title"]


def test_selected_records_go_into_one_file_or_a_file_each(page, qtbot, tmp_path):
    page.table.selectAll()
    menu = QMenu(page)
    page.hands.sheets.fill(menu, page.selected_keys)
    one, each, _pdf = menu.actions()
    with dialogs.answering(Choose(tmp_path / "cards")), qtbot.waitSignal(page.hands.sheets.said, timeout=30_000):
        one.trigger()
    assert sorted(titles(tmp_path / "cards.docx")) == ["项目0", "项目1", "项目2"]
    with dialogs.answering(Choose(tmp_path / "each")), qtbot.waitSignal(page.hands.sheets.said, timeout=30_000):
        each.trigger()
    assert sorted(path.name for path in (tmp_path / "each").iterdir()) == [f"项目卡 项目{n}.docx" for n in range(3)]


def test_the_panel_writes_the_record_it_shows(page, qtbot, tmp_path):
    page.open_record("P2")
    qtbot.waitUntil(lambda: page.panel.sheet_button.isVisible(), timeout=10_000)
    with (
        dialogs.answering(Choose(tmp_path / "a.docx")),
        qtbot.waitSignal(page.hands.sheets.said, timeout=30_000) as told,
    ):
        page.panel.sheet_button.click()
    assert titles(tmp_path / "a.docx") == ["项目1"] and "a.docx" in told.args[0]
    with dialogs.answering(Choose(tmp_path / "no" / "a.docx")), qtbot.waitSignal(page.hands.sheets.said) as told:
        page.panel.sheet_button.click()
    assert "a.docx" in told.args[0] and not (tmp_path / "no").exists()
    page.new_project()
    assert not page.panel.sheet_button.isVisible()
