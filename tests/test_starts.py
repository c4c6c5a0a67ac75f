"""Starts under bad conditions: each opens, or says one sentence; none shows a traceback or leaves half a ledger."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bri_desktop import display
from bri_desktop.arguments import split_global, with_opened_file
from bri_desktop.db.database import create_database
from bri_desktop.domain.errors import DatabaseRefusedError
from bri_desktop.logs import log_file
from bri_desktop.system import MISSING
from bri_desktop.ui.lent_font import lend_font

ROOT = Path(__file__).resolve().parents[1]
NO_FONTS = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig/>'
FONTLESS = """
from PySide6.QtGui import QFontDatabase, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication
from bri_desktop.ui.lent_font import lend_font
from bri_desktop.ui.shared import paint, tokens
application = QApplication([])
print(lend_font(), QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))
def drawn(text):
    image = QImage(40, 40, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setFont(paint.font(tokens.BODY))
    painter.drawText(0, 30, text)
    painter.end()
    return bytes(image.constBits())
print(drawn("台") != drawn("账"))
"""


def start(*arguments: str, folder: Path, **changed: str) -> "subprocess.CompletedProcess[str]":
    """Start the program as a process of its own, its data in ``folder``."""
    kept = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL", "LC_CTYPE")}
    known = {**kept, "XDG_DATA_HOME": str(folder), "PYTHONPATH": str(ROOT), **changed}
    command = [sys.executable, "-m", "bri_desktop", *arguments]
    return subprocess.run(command, env=known, capture_output=True, check=False, timeout=120, encoding="utf-8")


def test_a_window_whose_folder_cannot_be_written_says_one_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.touch()
    done = start(folder=blocked)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"{blocked}/bri-desktop/ledger.db：无法在此处打开或新建台账。\n"
    assert blocked.read_bytes() == b""


def test_a_log_that_cannot_be_written_is_no_trouble(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    from bri_desktop.logs import _QuietFile

    (tmp_path / "data").touch()
    handler = _QuietFile(tmp_path / "data" / "log.txt", delay=True)
    handler.handle(logging.LogRecord("x", logging.WARNING, "x", 1, "said", None, None))
    handler.close()
    assert capsys.readouterr().err == ""


def test_nothing_is_made_in_the_data_folder_before_there_is_something_to_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with log_file(debug=False):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def little_room(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk that is full after 64 kB: no file may grow further, which the system tells alike."""
    import resource
    import signal

    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    yield tmp_path
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_first_start_on_a_full_disk_leaves_nothing_behind(little_room: Path) -> None:
    ledger = little_room / "ledger.db"
    with pytest.raises(DatabaseRefusedError) as refused:
        create_database(ledger)
    assert refused.value.code in ("disk_full", "database_unreachable")
    assert refused.value.where.file == str(ledger)
    assert list(little_room.iterdir()) == []


def test_a_system_without_chinese_fonts_is_lent_the_shipped_one(tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text(NO_FONTS, encoding="utf-8")
    environment = {**os.environ, "FONTCONFIG_FILE": str(config), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", FONTLESS], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == ["True ['Noto Sans SC']", "True"]


def test_a_system_with_chinese_fonts_keeps_its_own(qapp: object) -> None:
    assert not lend_font()


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "no_display"),
        ({"DISPLAY": ":7777"}, "display_unreachable"),
        ({"DISPLAY": ":7777", "QT_QPA_PLATFORM": "xcb"}, "display_unreachable"),
        ({"WAYLAND_DISPLAY": "wayland-7"}, "display_unreachable"),
        ({"WAYLAND_DISPLAY": "wayland-7", "DISPLAY": ":7777"}, "display_unreachable"),
        ({"QT_QPA_PLATFORM": "offscreen"}, None),
    ],
)
def test_a_display_that_is_not_there_is_told_before_qt_ends_the_process(
    environment: dict[str, str], code: str | None
) -> None:
    found = display.fault(environment, system="linux")
    assert (found.code if found else None) == code
    assert display.fault({}, system="win32") is None


def test_a_display_that_is_there_is_used(x_display: str) -> None:
    assert display.fault({"DISPLAY": x_display}, system="linux") is None


def test_wayland_alone_is_chosen_where_qt_would_try_x(tmp_path: Path) -> None:
    import socket

    environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-0"))
        compositor.listen()
        assert display.fault(environment, system="linux") is None
    assert environment["QT_QPA_PLATFORM"] == "wayland"


def test_a_library_that_is_missing_is_named() -> None:
    said = "libxcb-cursor.so.0: cannot open shared object file: No such file or directory"
    found = display.missing_library(OSError(said))
    assert (found.code, found.values) == ("library_missing", {"library": "libxcb-cursor.so.0"})
    of_an_import = ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
    match = MISSING.search(str(of_an_import))
    assert match is not None
    assert match[1] == "libEGL.so.1"


def test_a_window_without_a_library_of_the_system_says_which(tmp_path: Path) -> None:
    stand_in = tmp_path / "PySide6"
    stand_in.mkdir()
    said = "libEGL.so.1: cannot open shared object file: No such file or directory"
    (stand_in / "__init__.py").write_text(f"raise ImportError({said!r})", encoding="utf-8")
    done = start(folder=tmp_path, PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "缺少系统库 libEGL.so.1，窗口不能打开；请管理员安装。\n"


@pytest.mark.parametrize(
    ("environment", "plugin", "chosen"),
    [
        ({"QT_IM_MODULE": "fcitx"}, None, "ibus"),
        ({"QT_IM_MODULE": "fcitx5"}, None, "ibus"),
        ({"XMODIFIERS": "@im=fcitx"}, None, "ibus"),
        ({"QT_IM_MODULE": "fcitx"}, "libfcitx5platforminputcontextplugin.so", None),
        ({"QT_IM_MODULE": "ibus", "XMODIFIERS": "@im=fcitx"}, None, None),
        ({}, None, None),
    ],
)
def test_fcitx_is_asked_as_ibus_where_qt_has_no_plugin_of_it(
    tmp_path: Path, environment: dict[str, str], plugin: str | None, chosen: str | None
) -> None:
    if plugin:
        (tmp_path / plugin).touch()
    assert display.input_method(environment, plugins=tmp_path).get("QT_IM_MODULE") == chosen


@pytest.mark.parametrize(("used", "chosen"), [("UTF-8", {}), ("utf8", {}), ("GBK", {"LC_ALL": "C.UTF-8"})])
def test_qt_is_given_a_locale_of_utf8(used: str, chosen: dict[str, str]) -> None:
    assert display.character_set(used) == chosen


LOCALES = [
    {"LC_ALL": "POSIX"},
    {"LC_ALL": "zh_CN.GBK", "PYTHONIOENCODING": "gbk"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]
"""The last is what a locale of another encoding is to Python where the system has that locale."""


@pytest.mark.parametrize("locale", LOCALES)
def test_a_locale_that_is_not_utf8_and_hard_names_are_no_hindrance(
    tmp_path: Path, empty_ledger: Path, locale: dict[str, str]
) -> None:
    folder = tmp_path / "李 o'neil 100% 台账"
    folder.mkdir()
    ledger = folder / "我的 台账%20.db"
    shutil.copyfile(empty_ledger, ledger)
    command = [sys.executable, "-m", "bri_desktop", "--db", str(ledger), "add", "title=港口合作"]
    known = {**os.environ, "PYTHONPATH": str(ROOT), "LOGNAME": "o'neil 李", **locale}
    added = subprocess.run(command, env=known, capture_output=True, check=False, timeout=120)
    assert (added.returncode, added.stderr) == (0, b"")
    with closing(sqlite3.connect(ledger)) as connection:
        rows = connection.execute("SELECT title, who FROM project, change").fetchall()
    assert rows == [("港口合作", "o'neil 李")]


def test_a_file_from_a_file_manager_is_opened_by_the_window(tmp_path: Path) -> None:
    ledger, backup, book = tmp_path / "我的 台账.briledger", tmp_path / "o'neil 100%.bribackup", tmp_path / "a.xlsx"
    for file in (ledger, backup, book):
        file.touch()
    assert with_opened_file(*split_global([str(ledger)]))[0].db == str(ledger)
    options, rest = with_opened_file(*split_global([str(backup)]))
    assert (options.backup, options.db, rest) == (backup, None, [])
    assert with_opened_file(*split_global([str(book)]))[1] == [str(book)]
    assert with_opened_file(*split_global([str(tmp_path / "none.briledger")]))[1] != []
    assert with_opened_file(*split_global(["list"]))[1] == ["list"]
