"""What every test of the window leaves as it found it: the application, which all of them share."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from bri_desktop.ui.theme import Theme


@pytest.fixture(autouse=True)
def no_theme_left() -> Iterator[None]:
    """Take away the colours' masters that a test made: the next choice would be applied by each of them."""
    yield
    application = QApplication.instance()
    for theme in application.findChildren(Theme) if application is not None else ():
        theme.setParent(None)
        theme.deleteLater()


@pytest.fixture(autouse=True, scope="module")
def no_window_left() -> Iterator[None]:
    """Destroy the windows that only a cycle still holds, on the thread that made them."""
    yield
    gc.collect()
