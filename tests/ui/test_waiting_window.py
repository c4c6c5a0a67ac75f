"""Long work before there is a window shows one that stays until the work is done, and answers meanwhile."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from bri_desktop.domain.errors import DatabaseRefusedError
from bri_desktop.ui.waiting import wait_for

MESSAGE = "正在恢复台账。"


def shown() -> QDialog:
    (window,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    return window


def test_the_window_says_what_is_done_and_how_far_and_does_not_go_before(qtbot: QtBot) -> None:
    go, seen = threading.Event(), []

    def work(told: Callable[[int], None]) -> str:
        told(1234)
        assert go.wait(20)
        return "done"

    def look() -> None:
        window = shown()
        words = [label.text() for label in window.findChildren(QLabel)]
        if not any("1,234" in word for word in words):
            QTimer.singleShot(20, look)
            return
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        window.close()
        seen.append((words[0], window.isVisible()))
        go.set()

    QTimer.singleShot(0, look)
    assert wait_for(MESSAGE, work) == "done"
    assert seen == [(MESSAGE, True)]


def test_what_is_done_at_once_shows_nothing_and_what_fails_is_said_by_the_caller(qtbot: QtBot) -> None:
    def fail(_told: Callable[[int], None]) -> None:
        assert threading.current_thread() is not threading.main_thread()
        raise DatabaseRefusedError("database_damaged")

    with pytest.raises(DatabaseRefusedError):
        wait_for(MESSAGE, fail)
    assert [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()] == []
