"""What an administrator decides for a computer, and what becomes of a file that is wrong."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bri_desktop import administration, i18n, paths
from bri_desktop.arguments import split_global
from bri_desktop.ui.settings import LANGUAGE, SECOND_PLACE, THEME, Settings, administered


@pytest.fixture
def decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the file of this computer, to be written before it is first asked for."""
    file = tmp_path / "config.ini"
    monkeypatch.setenv(administration.FILE_VARIABLE, str(file))
    administration.current.cache_clear()
    yield file
    administration.current.cache_clear()


def test_the_file_lies_where_each_system_keeps_such_files() -> None:
    assert administration.place_of({}, windows=False) == Path("/etc/bri-desktop/config.ini")
    there = administration.place_of({"PROGRAMDATA": "D:/Daten"}, windows=True)
    assert there == Path("D:/Daten/bri-desktop/config.ini")
    assert administration.place_of({administration.FILE_VARIABLE: "/x.ini"}, windows=True) == Path("/x.ini")


def test_a_computer_without_the_file_decides_nothing(tmp_path: Path) -> None:
    found = administration.read(tmp_path / "none" / "config.ini")
    assert (found.defaults, found.fixed, found.faults) == ({}, {}, ())


def test_what_is_wrong_is_named_and_the_rest_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/李 敏's")
    text = """[defaults]
language = en
theme = pink
data_folder = ~/台账 100%
[fixed]
Backup_Folder = $HOME/备份
colour = red
[other]
language = en
"""
    found = administration.parse(Path("c.ini"), text)
    assert found.defaults == {"language": "en", "data_folder": "/home/李 敏's/台账 100%"}
    assert found.fixed == {"backup_folder": "/home/李 敏's/备份"}
    assert found.faults == ("defaults.theme", "fixed.colour", "other.language")


@pytest.mark.parametrize("content", [b"language = en\n", b"\xff\xfe\x00", b"[defaults\n"])
def test_a_file_that_is_none_is_one_fault(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config.ini"
    file.write_bytes(content)
    found = administration.read(file)
    assert (found.defaults, found.fixed, len(found.faults)) == ({}, {}, 1)


def test_a_folder_must_be_a_whole_path() -> None:
    found = administration.parse(Path("c.ini"), "[defaults]\ndata_folder = 台账\nbackup_folder =\n")
    assert found.faults == ("defaults.data_folder", "defaults.backup_folder")


def test_defaults_hold_until_the_user_chooses_and_fixed_ones_whatever_he_chose(tmp_path: Path) -> None:
    decided = administration.parse(
        Path("c.ini"), "[defaults]\nlanguage = en\nbackup_folder = /srv/备份\n[fixed]\ntheme = dark\n"
    )
    settings = Settings(tmp_path / "s.ini", given=administered(decided.defaults), fixed=administered(decided.fixed))
    assert (settings.get(LANGUAGE), settings.get(THEME), settings.get(SECOND_PLACE)) == ("en", "dark", "/srv/备份")
    assert (settings.is_fixed(LANGUAGE), settings.is_fixed(THEME)) == (False, True)
    settings.set(LANGUAGE, "zh_CN")
    settings.set(THEME, "light")
    settings.set(SECOND_PLACE, "")
    assert (settings.get(LANGUAGE), settings.get(THEME), settings.get(SECOND_PLACE)) == ("zh_CN", "dark", "")


def test_the_folder_and_the_language_of_a_computer_are_those_of_the_command_line_too(decide: Path) -> None:
    decide.write_text(f"[fixed]\ndata_folder = {decide.parent / '台账'}\n[defaults]\nlanguage = en\n", encoding="utf-8")
    assert paths.default_database() == decide.parent / "台账" / "ledger.db"
    assert split_global([])[0].language == "en"
    assert split_global(["--lang", "zh_CN"])[0].language == "zh_CN"


def test_faults_are_logged(decide: Path, caplog: pytest.LogCaptureFixture) -> None:
    decide.write_text("[defaults]\nlanguage = fr\n", encoding="utf-8")
    assert split_global([])[0].language == i18n.DEFAULT_LANGUAGE
    with caplog.at_level(logging.WARNING):
        assert administration.current().faults == ("defaults.language",)
