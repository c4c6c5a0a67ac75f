"""The window's look: Fusion with the palette and style sheet of the tokens, light or dark, and Qt's own Chinese."""

from collections.abc import Callable

from PySide6.QtCore import QLibraryInfo, QObject, Qt, QTranslator, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken

from bri_desktop.ui.shared import icons, paint, tokens
from bri_desktop.ui.shared.tokens import Scheme
from bri_desktop.ui.style_sheet import style_sheet

CHOICES = ("system", "light", "dark")


class Theme(QObject):
    """Applies a choice (``system``, ``light``, ``dark``) to the application and follows the system where asked."""

    changed = Signal()
    """The colours are others now; what drew itself with old ones draws again."""

    def __init__(self, application: QApplication, choice: str = "system") -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._window: QWidget | None = None
        application.setStyle("Fusion")
        application.setFont(paint.font(tokens.BODY))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._apply()

    @property
    def choice(self) -> str:
        """What the user chose."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Apply another choice; raise ``ValueError`` for an unknown one."""
        if choice not in CHOICES:
            raise ValueError(choice)
        self._choice = choice
        self._apply()

    def choose_family(self, family: str) -> None:
        """Write with another family; ``""`` for those of the program."""
        tokens.use_family(family)
        paint.forget_fonts()
        self._application.setFont(paint.font(tokens.BODY))
        self._apply()

    def choose_safe(self, is_safe: bool) -> None:
        """Take the colours that tell red and green apart by lightness, or the usual ones."""
        tokens.use_safe_colours(is_safe)
        self._apply()

    def dress(self, window: QWidget) -> None:
        """Put the style sheet on ``window``, with all that is and will be in it, instead of on the application.

        Under a sheet of the application, every widget put into another one passes its whole contents through the
        style again, and a page takes three times as long to build.
        """
        self._window = window
        self._application.setStyleSheet("")
        window.setStyleSheet(style_sheet(tokens.colours()))

    def _on_system_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self._choice == "system":
            self._apply()

    def _apply(self) -> None:
        tokens.activate(self._wanted())
        self._application.setPalette(paint.palette(tokens.scheme()))
        if self._window is not None and Shiboken.isValid(self._window):
            self.dress(self._window)
        else:
            self._application.setStyleSheet(style_sheet(tokens.colours()))
        icons.refresh()
        self.changed.emit()

    def _wanted(self) -> Scheme:
        if self._choice != "system":
            return Scheme(self._choice)
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return Scheme.DARK if dark else Scheme.LIGHT


def install_translation(application: QApplication, language: str) -> Callable[[], None]:
    """Let Qt's own buttons and menus speak ``language`` (zh_CN, en); return what takes it back."""
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != "en" and translator.load(f"qtbase_{language}", folder):
        application.installTranslator(translator)

    def remove() -> None:
        application.removeTranslator(translator)
        translator.deleteLater()

    return remove
