"""Several ledgers: which were opened lately, how another one is chosen, and what a double click on a file opens."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bri_desktop import paths, start
from bri_desktop.app import Program
from bri_desktop.arguments import GlobalOptions
from bri_desktop.db.database import Database
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.projects import create_project
from bri_desktop.services.safekeeping import pack
from bri_desktop.ui import dialogs
from bri_desktop.ui.ledgers import LedgersDialog
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.recent import KEPT, recent_ledgers, remember_ledger


class Chosen(NativeDialogs):
    """Answers with one file, and notes what was told."""

    def __init__(self, file: Path | None = None) -> None:
        super().__init__()
        self.file = file
        self.asked: list[str] = []

    def open_file(self, parent: QWidget | None, title: str, filters: str, folder: Path | None) -> Path | None:
        return self.file

    def save_file(self, parent: QWidget | None, title: str, filters: str, suggestion: Path | None) -> Path | None:
        return self.file

    def ask(self, parent: QWidget | None, question: str, detail: str, choices: object) -> str | None:
        self.asked.append(question)
        return None


def test_ledgers_are_remembered_the_newest_first_and_only_while_they_are_there(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    ledgers = [tmp_path / f"台账 {number} 100%.db" for number in range(KEPT + 2)]
    for ledger in ledgers:
        ledger.touch()
        remember_ledger(ledger, file)
    remember_ledger(ledgers[5], file)
    assert recent_ledgers(file) == [ledgers[5], *(ledgers[n] for n in (9, 8, 7, 6, 4, 3, 2))]
    ledgers[5].unlink()
    assert recent_ledgers(file)[0] == ledgers[9]


def test_settings_that_cannot_be_written_remember_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    remember_ledger(tmp_path / "a.db", tmp_path / "data" / "settings.ini")
    assert recent_ledgers(tmp_path / "data" / "settings.ini") == []


@pytest.fixture(autouse=True)
def later_loops_run(qapp: QApplication) -> Iterator[None]:
    """Use up a wish to quit that came after the loop it was meant for: it would end every later one at once."""
    yield
    qapp.processEvents()
    QTimer.singleShot(0, qapp.exit)
    qapp.exec()


@pytest.fixture
def chosen() -> list[Path]:
    return []


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def dialog(parent: QWidget, current: Path, recent: list[Path], chosen: list[Path]) -> LedgersDialog:
    made = LedgersDialog(current, recent, chosen.append, parent)
    made.show()
    return made


def test_the_one_that_is_open_is_not_offered_and_another_is_opened(
    parent: QWidget, tmp_path: Path, chosen: list[Path]
) -> None:
    open_now, other = tmp_path / "a.db", tmp_path / "b.briledger"
    made = dialog(parent, open_now, [open_now, other], chosen)
    assert [made.list.item(row).toolTip() for row in range(made.list.count())] == [str(other)]
    made.open_button.click()
    assert chosen == [other]


def test_without_another_ledger_the_list_says_so(parent: QWidget, tmp_path: Path, chosen: list[Path]) -> None:
    made = dialog(parent, tmp_path / "a.db", [], chosen)
    assert not made.open_button.isEnabled()
    made.open_selected()
    assert chosen == []
    made.reject()


@pytest.mark.parametrize(("named", "made_as"), [("新台账", "新台账.briledger"), ("新.db", "新.db")])
def test_a_new_ledger_gets_an_ending_of_this_program(
    parent: QWidget, tmp_path: Path, chosen: list[Path], named: str, made_as: str
) -> None:
    made = dialog(parent, tmp_path / "a.db", [], chosen)
    with dialogs.answering(Chosen(tmp_path / named)):
        made.make_new()
    assert chosen == [tmp_path / made_as]


def test_a_ledger_is_chosen_from_anywhere_or_not_at_all(parent: QWidget, tmp_path: Path, chosen: list[Path]) -> None:
    made = dialog(parent, tmp_path / "a.db", [], chosen)
    with dialogs.answering(Chosen(None)):
        made.open_file()
    assert chosen == []
    with dialogs.answering(Chosen(tmp_path / "c.db")):
        made.open_file()
    assert chosen == [tmp_path / "c.db"]


@pytest.fixture
def two(ledger: Database, tmp_path: Path) -> tuple[Path, Path]:
    """Return two ledgers, the first one empty, the second with a project."""
    ledger.close()
    other = tmp_path / "另一本 o'neil 100%.briledger"
    shutil.copyfile(ledger.path, other)
    filled = Database(other)
    with filled.write() as session:
        create_project(session, ProjectDraft(title="港口合作"))
    filled.close()
    return ledger.path, other


def visit(seen: list[str], steps: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each window that opens do its step and close; note what stands in its title bar's ledger."""
    live = start._live

    def lived(program: Program, options: GlobalOptions, page: str | None, *, until_shown: bool) -> None:
        seen.append(program.context.path.name)
        step = steps.pop(0)
        QTimer.singleShot(0, program.window, lambda: _do(program, step))
        live(program, options, page, until_shown=until_shown)

    monkeypatch.setattr(start, "_live", lived)


def _do(program: Program, step: object) -> None:
    if isinstance(step, Path):
        program._open_other(step)
    else:
        program.window.close()
        program.application.quit()


def test_another_ledger_opens_in_the_place_of_this_one(
    qapp: QApplication, two: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    seen: list[str] = []
    visit(seen, [two[1], two[0], "leave"], monkeypatch)
    assert start.run_window(GlobalOptions(db=str(two[0]))) == 0
    assert seen == [two[0].name, two[1].name, two[0].name]
    assert not list(two[0].parent.glob("*.lock"))


def test_a_file_that_is_no_ledger_is_told_and_the_first_one_comes_back(
    qapp: QApplication, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = two[0].parent / "照片.db"
    wrong.mkdir()
    seen: list[str] = []
    visit(seen, [wrong, "leave"], monkeypatch)
    assert start.run_window(GlobalOptions(db=str(two[0]))) == 0
    assert seen == [two[0].name, two[0].name]
    assert "照片.db" in capsys.readouterr().err


def test_a_backup_that_is_double_clicked_is_offered_to_be_restored(
    qtbot: QtBot, two: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "全部.bribackup"
    pack(two[1], backup)
    answers = Chosen()
    live = start._live

    def lived(program: Program, options: GlobalOptions, page: str | None, *, until_shown: bool) -> None:
        clock = QTimer(program.window)
        clock.timeout.connect(lambda: _do(program, "leave") if answers.asked and program.runner.is_idle() else None)
        clock.start(20)
        live(program, options, page, until_shown=until_shown)

    monkeypatch.setattr(start, "_live", lived)
    with dialogs.answering(answers):
        assert start.run_window(GlobalOptions(db=str(two[0]), backup=backup)) == 0
    assert answers.asked == ["用这个备份替换当前台账？"]
    assert paths.default_database().name == "ledger.db"
