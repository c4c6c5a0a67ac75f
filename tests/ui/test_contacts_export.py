"""Contacts as a file: telephone and mail go out only where that was chosen."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from small_context import World, small_world

from bri_desktop.services.hanging import add_record
from bri_desktop.ui import dialogs
from bri_desktop.ui.shared.kind_export import choose_export


class Answers:
    def __init__(self, path: Path, answer: str | None) -> None:
        self.path, self.answer, self.asked = path, answer, 0

    def ask(self, *_asked: object) -> str | None:
        self.asked += 1
        return self.answer

    def save_file(self, *_asked: object) -> Path:
        return self.path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        key = f"P{made.add(title='甲')}"
        with made.database.write() as session:
            add_record(session, "contact", key, {"name": "张三", "phone": "021-60000000", "email": "z@example.org"})
            add_record(session, "agreement", key, {"title": "备忘录"})
        yield made


@pytest.mark.parametrize(("answer", "goes_out"), [("with", True), ("without", False)])
def test_telephone_and_mail_go_out_only_where_chosen(world, qtbot, tmp_path, answer, goes_out):
    said = []
    parent = QWidget()
    qtbot.addWidget(parent)
    with dialogs.answering(Answers(tmp_path / "c.csv", answer)):
        choose_export(world.context, parent, "contact", [1], said.append, said.append)
    qtbot.waitUntil(lambda: said != [], timeout=20_000)
    text = (tmp_path / "c.csv").read_text("utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert ("60000000" in text, "z@example.org" in text) == (goes_out, goes_out)
    assert "张三" in row.values()


def test_turning_away_writes_nothing_and_other_kinds_are_not_asked(world, qtbot, tmp_path):
    parent, said = QWidget(), []
    qtbot.addWidget(parent)
    turned = Answers(tmp_path / "c.csv", None)
    with dialogs.answering(turned):
        choose_export(world.context, parent, "contact", [1], said.append, said.append)
        assert turned.asked == 1 and not turned.path.exists()
        choose_export(world.context, parent, "agreement", [1], said.append, said.append)
    qtbot.waitUntil(lambda: said != [], timeout=20_000)
    assert turned.asked == 1 and turned.path.exists()
