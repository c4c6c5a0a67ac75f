"""What every test of the window leaves as it found it: the application, which all of them share."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from bri_desktop.ui.theme import Theme

FEW = 4


@pytest.fixture(autouse=True)
def no_theme_left() -> Iterator[None]:
    """Take away the colours' masters that a test made: the next choice would be applied by each of them."""
    yield
    application = QApplication.instance()
    for theme in application.findChildren(Theme) if application is not None else ():
        theme.setParent(None)
        theme.deleteLater()


@pytest.fixture(autouse=True, scope="module")
def nothing_else_looked_through() -> Iterator[None]:
    """Destroy what the tests of other files left; keep the rest of theirs out of the collections of these."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    yield


@pytest.fixture(autouse=True)
def few_windows_left() -> None:
    """Destroy closed windows: each that is left makes every later change of style slower.

    No event loop deletes them here; and before a test, since pytest holds the values of the fixtures of the last one.
    """
    application = QApplication.instance()
    if isinstance(application, QApplication) and len(application.topLevelWidgets()) > FEW:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
