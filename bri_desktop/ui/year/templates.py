"""The templates of the summary: which sections in which order, kept under a name."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.summary_pages import Template
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.tokens import Space


class TemplateRow(QWidget):
    """A button with the templates; keeping one asks for its name in a line under it."""

    applied = Signal(object)
    saved = Signal(str)
    deleted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._menu = QMenu(self)
        self.button = buttons.menu_button(tr("Templates"), self._menu, icon="bookmark")
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("Name of the template"))
        self.name.setAccessibleName(tr("Name of the template"))
        self.name.returnPressed.connect(self._save)
        self.line = QWidget()
        row = QHBoxLayout(self.line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.INSIDE)
        row.addWidget(self.name, 1)
        row.addWidget(buttons.button(tr("Keep"), self._save, kind=buttons.SMALL))
        self.line.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.INSIDE)
        column.addWidget(self.button)
        column.addWidget(self.line)
        self.show_templates(())

    def show_templates(self, templates: Sequence[Template]) -> None:
        """Offer these templates."""
        self._menu.clear()
        for template in templates:
            self._menu.addAction(template.name, lambda chosen=template: self.applied.emit(chosen))
        if templates:
            self._menu.addSeparator()
        self._menu.addAction(tr("Keep these sections as a template…"), self.ask_name)
        if templates:
            forget = self._menu.addMenu(tr("Forget a template"))
            for template in templates:
                forget.addAction(template.name, lambda name=template.name: self.deleted.emit(name))

    def ask_name(self) -> None:
        """Ask for the name of a new template."""
        self.line.show()
        self.name.setFocus()

    def _save(self) -> None:
        name = self.name.text().strip()
        if name:
            self.saved.emit(name)
            self.name.clear()
            self.line.hide()
