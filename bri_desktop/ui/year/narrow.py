"""The page on a small screen: narrower columns, and choices that show their value alone, so that nothing is cut."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QPushButton, QWidget

from bri_desktop.ui.year.choices import Choices
from bri_desktop.ui.year.sections import SectionList

ROOMY = 1_000
"""Width of the page from which names stand beside the values and the columns are wide."""


class Narrow(QObject):
    """Fits choices and columns to the width of a page; ``columns`` are (widget, wide, narrow) in pixels.

    ``count`` says which page is seen; of ``buttons`` the icon says enough; ``sections`` say their state in a word.
    """

    def __init__(
        self,
        page: QWidget,
        choices: Choices,
        columns: Sequence[tuple[QWidget, int, int]],
        count: QWidget,
        buttons: Sequence[QPushButton],
        sections: SectionList,
    ) -> None:
        super().__init__(page)
        self._choices, self._columns = choices, columns
        self._count, self._buttons, self._sections = count, buttons, sections
        self.is_narrow = False
        for button in buttons:
            button.setAccessibleName(button.text())
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit when the page gets another width."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._fit(watched.width() < ROOMY)
        return False

    def _fit(self, is_narrow: bool) -> None:
        if is_narrow == self.is_narrow:
            return
        self.is_narrow = is_narrow
        choices = self._choices
        for choice in (choices.year, choices.edition, choices.language, choices.layout, choices.span):
            choice.set_brief(is_narrow)
        # So little paper is seen then that only its width makes sense.
        choices.fit.setVisible(not is_narrow)
        self._count.setVisible(not is_narrow)
        for button in self._buttons:
            button.setText("" if is_narrow else button.accessibleName())
        self._sections.set_brief(is_narrow)
        for column, wide, narrow in self._columns:
            column.setFixedWidth(narrow if is_narrow else wide)
