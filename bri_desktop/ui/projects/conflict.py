"""Two versions of one record, field by field: what another hand stored while this form was open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import FIELD_CODES
from bri_desktop.i18n import tr
from bri_desktop.labels import field_label
from bri_desktop.ui.projects.editors import Names
from bri_desktop.ui.projects.history_view import words_of
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.tokens import Space


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed."""

    field: str
    mine: Any
    theirs: Any


def compare(base: ProjectDraft, mine: ProjectDraft, theirs: ProjectDraft) -> tuple[list[str], list[Conflict]]:
    """Return the fields that only they changed, and those where a choice is needed."""
    taken: list[str] = []
    conflicts: list[Conflict] = []
    for field in FIELD_CODES:
        before, my_value, their_value = (getattr(draft, field) for draft in (base, mine, theirs))
        if their_value in (before, my_value):
            continue
        if my_value == before:
            taken.append(field)
        else:
            conflicts.append(Conflict(field, my_value, their_value))
    return taken, conflicts


class ConflictView(QFrame):
    """Asks for each field in conflict whether mine or theirs stays; nothing is preselected."""

    theirs_taken = Signal(str, object)
    settled = Signal()
    """Every field is decided."""

    def __init__(self, codes: CodeBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes = codes
        self.setProperty("kind", "note-warning")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.SECTION, Space.BETWEEN, Space.SECTION, Space.BETWEEN)
        self._column.setSpacing(Space.BETWEEN)
        self._sentence = buttons.label("", "strong", wrap=True)
        self._column.addWidget(self._sentence)
        self._rows: dict[str, QWidget] = {}
        self.hide()

    def open_fields(self) -> list[str]:
        """Return the fields that wait for a decision."""
        return list(self._rows)

    def ask(self, conflicts: Sequence[Conflict], taken: Sequence[str], names: Names) -> None:
        """Show the conflicts; ``taken`` names what was taken over without a question."""
        self.clear()
        sentence = tr("This record was changed elsewhere while you typed.")
        if taken:
            fields = "、".join(field_label(field) for field in taken)
            sentence += tr(" Taken over: {fields}.", fields=fields)
        if conflicts:
            sentence += tr(" Please choose for {count} fields.", count=len(conflicts))
        self._sentence.setText(sentence)
        for conflict in conflicts:
            self._rows[conflict.field] = self._row(conflict, names)
            self._column.addWidget(self._rows[conflict.field])
        self.show()
        if not conflicts:
            self.settled.emit()

    def clear(self) -> None:
        """Ask nothing any more."""
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        self._rows = {}
        self.hide()

    def _row(self, conflict: Conflict, names: Names) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.INSIDE)
        label = field_label(conflict.field)
        column.addWidget(buttons.label(label, "strong"))
        theirs = words_of(conflict.field, conflict.theirs, self._codes, names)
        mine = words_of(conflict.field, conflict.mine, self._codes, names)
        column.addWidget(buttons.label(tr("Theirs: {value}", value=theirs), wrap=True))
        column.addWidget(buttons.label(tr("Mine: {value}", value=mine), wrap=True))
        row = QHBoxLayout()
        keep = buttons.button(tr("Keep mine"), lambda: self.decide(conflict, take_theirs=False), kind=buttons.SMALL)
        take = buttons.button(tr("Take theirs"), lambda: self.decide(conflict, take_theirs=True), kind=buttons.SMALL)
        for button in (keep, take):
            button.setAccessibleName(f"{button.text()} {label}")
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        row.addStretch(1)
        column.addLayout(row)
        return made

    def decide(self, conflict: Conflict, *, take_theirs: bool) -> None:
        """Settle one field."""
        row = self._rows.pop(conflict.field)
        row.hide()
        row.deleteLater()
        if take_theirs:
            self.theirs_taken.emit(conflict.field, conflict.theirs)
        if not self._rows:
            self.hide()
            self.settled.emit()
