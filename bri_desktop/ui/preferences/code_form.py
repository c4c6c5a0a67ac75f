"""The form of one own code: its names and what it belongs to, or the code its records are given before it goes."""

from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bri_desktop.domain.codebook import OWN, CodeBook
from bri_desktop.i18n import language, tr
from bri_desktop.services.code_lists import PARENTS, CodeRow
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.fields import CodeCombo, LineEdit
from bri_desktop.ui.shared.tokens import Space

NAME_WIDTH = 200


class Task(Enum):
    """What is being done."""

    ADD = auto()
    RENAME = auto()
    DELETE = auto()


class CodeForm(QFrame):
    """A band under the table of codes; Enter accepts, Esc closes it."""

    accepted = Signal()
    closed = Signal()

    def __init__(self, codes: CodeBook) -> None:
        super().__init__()
        self.setProperty("kind", "surface-band")
        self._codes = codes
        self.task = Task.ADD
        self.row: CodeRow | None = None
        self.sentence = buttons.label("", "section")
        self.zh_edit = LineEdit(tr("Name in Chinese"))
        self.en_edit = LineEdit(tr("Name in English"))
        self.choice = CodeCombo()
        self.problem_label = buttons.label("", "problem", wrap=True)
        self.save_button = buttons.button(tr("Save"), self.accepted.emit, kind=buttons.PRIMARY)
        self._names = (_labelled(tr("Name in Chinese"), self.zh_edit), _labelled(tr("Name in English"), self.en_edit))
        self._choice_label = buttons.label("", "label")
        self._choice = _labelled(self._choice_label, self.choice)
        self._lay_out()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.PAGE)
        for part in self._names:
            line.addWidget(part)
        line.addStretch(1)
        last = QHBoxLayout()
        last.setSpacing(Space.BETWEEN)
        last.addWidget(self._choice)
        last.addWidget(self.save_button)
        last.addWidget(buttons.button(tr("Cancel"), self.close_form))
        last.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        column.setSpacing(Space.BETWEEN)
        column.addWidget(self.sentence)
        column.addLayout(line)
        column.addLayout(last)
        column.addWidget(self.problem_label)

    def begin(self, task: Task, name: str, row: CodeRow | None = None) -> None:
        """Show what is needed for a task on a list, or on one of its codes."""
        self.task, self.row = task, row
        self.say("")
        self.zh_edit.set_value(row.name_zh if row else None)
        self.en_edit.set_value(row.name_en if row else None)
        self.sentence.setText(self._sentence())
        for part in self._names:
            part.setVisible(task is not Task.DELETE)
        self._choice.setVisible(task is Task.DELETE or (task is Task.ADD and name in PARENTS))
        self._choice_label.setText(tr("Use instead") if task is Task.DELETE else tr("Belongs to"))
        self.choice.setAccessibleName(self._choice_label.text())
        self.choice.set_value(None)
        self.choice.set_choices(self._offers(name))
        self.save_button.setText(tr("Replace and delete") if task is Task.DELETE else tr("Save"))
        self.show()
        (self.choice if task is Task.DELETE else self.zh_edit).setFocus()

    def _sentence(self) -> str:
        name = self.row.name_zh if self.row else ""
        if self.task is Task.DELETE and self.row:
            count = f"{self.row.used + self.row.other:,}"
            return tr("“{name}” is used by {count} records: which code do they get?", name=name, count=count)
        return tr("Rename “{name}”", name=name) if self.task is Task.RENAME else tr("New code")

    def _offers(self, name: str) -> list[tuple[str, str]]:
        above = name if self.task is Task.DELETE else PARENTS.get(name, name)
        own_code = self.row.code if self.row else ""
        may_be_own = self.task is Task.DELETE or above != name
        return [
            (one.code, one.label(language()))
            for one in self._codes.codes(above)
            if one.code != own_code and (may_be_own or not one.code.startswith(OWN))
        ]

    def zh(self) -> str:
        """Return the Chinese name as typed."""
        return self.zh_edit.value() or ""

    def en(self) -> str:
        """Return the English name as typed."""
        return self.en_edit.value() or ""

    def chosen(self) -> str | None:
        """Return the code that was chosen, where there is a choice."""
        return None if self._choice.isHidden() else self.choice.value()

    def say(self, text: str) -> None:
        """Say what is wrong."""
        self.problem_label.setText(text)
        self.problem_label.setVisible(bool(text))

    def close_form(self) -> None:
        """Leave it without doing anything."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept with Enter, leave with Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)


def _labelled(text: str | QLabel, field: QWidget) -> QWidget:
    label = buttons.label(text, "label") if isinstance(text, str) else text
    label.setBuddy(field)
    field.setAccessibleName(label.text())
    field.setFixedWidth(NAME_WIDTH)
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.BETWEEN)
    row.addWidget(label)
    row.addWidget(field)
    return made
