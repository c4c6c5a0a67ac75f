"""The icon beside the clock and the note of the day: both only where the user wants them and the system has a place.

The icon tells by its tip how much is due; a click brings the window back. A minimised window goes there. The note
comes once a day, when something is late, due today or due within the week.
"""

import datetime
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QMenu, QSystemTrayIcon

from bri_desktop.i18n import tr
from bri_desktop.ui.settings import NOTIFIED, NOTIFY, TRAY, Settings
from bri_desktop.ui.shared import icons

WEEK = 7


def has_tray() -> bool:
    """Tell whether this system has a place for icons beside the clock."""
    return QSystemTrayIcon.isSystemTrayAvailable()


class Tray(QObject):
    """Keeps the icon as the settings want it; :meth:`tell` says what is due."""

    quit_wanted = Signal()
    new_wanted = Signal()

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self.icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None
        window.installEventFilter(self)
        self.follow()

    def wants_due(self) -> bool:
        """Tell whether anything of what is due would be shown."""
        return self.icon is not None

    def follow(self) -> None:
        """Show or take away the icon, as the settings say now."""
        is_wanted = self._settings.get(TRAY) or self._settings.get(NOTIFY)
        if is_wanted and self.icon is None and has_tray():
            self.icon = QSystemTrayIcon(icons.app_icon(), self)
            self.icon.setToolTip(self._window.windowTitle())
            self.icon.activated.connect(self._on_activated)
            self.icon.messageClicked.connect(self.show_window)
            self._menu = self._make_menu()
            self.icon.setContextMenu(self._menu)
            self.icon.show()
        elif not is_wanted and self.icon is not None:
            self.show_window()
            self.close()

    def tell(self, days: Sequence[int | None], today: datetime.date) -> None:
        """Say how much is due; ``days`` are those left of each thing, negative when late, ``None`` where unknown."""
        if self.icon is None:
            return
        text = due_text(days)
        self.icon.setToolTip(f"{self._window.windowTitle()}\n{text}" if text else self._window.windowTitle())
        if text and self._settings.get(NOTIFY) and self._settings.get(NOTIFIED) != today.isoformat():
            self._settings.set(NOTIFIED, today.isoformat())
            self.icon.showMessage(tr("Due"), text, icons.app_icon())

    def close(self) -> None:
        """Take the icon away."""
        if self.icon is not None:
            self.icon.hide()
            self.icon.deleteLater()
            self.icon = None
        if self._menu is not None:
            self._menu.deleteLater()
            self._menu = None

    def show_window(self) -> None:
        """Bring the window to the front."""
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide a minimised window where the icon can bring it back."""
        is_minimised = event.type() == QEvent.Type.WindowStateChange and self._window.isMinimized()
        if watched is self._window and is_minimised and self.icon is not None and self._settings.get(TRAY):
            QTimer.singleShot(0, self._window, self._window.hide)
        return super().eventFilter(watched, event)

    def _make_menu(self) -> QMenu:
        menu = QMenu()
        for text, call in (
            (tr("Open the window"), self.show_window),
            (tr("New project"), self._on_new),
            (tr("Quit"), self.quit_wanted.emit),
        ):
            menu.addAction(text).triggered.connect(lambda _checked=False, call=call: call())
        return menu

    def _on_new(self) -> None:
        self.show_window()
        self.new_wanted.emit()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.show_window()


def due_text(days: Sequence[int | None]) -> str:
    """Return what is late, due today and due within the week in one line; ``""`` where nothing is."""
    known = [left for left in days if left is not None]
    counts = (
        (tr("late {count}", count=late) if (late := sum(left < 0 for left in known)) else ""),
        (tr("today {count}", count=now) if (now := sum(left == 0 for left in known)) else ""),
        (tr("within 7 days {count}", count=soon) if (soon := sum(0 < left <= WEEK for left in known)) else ""),
    )
    return tr(", ").join(part for part in counts if part)
