"""Fields with several values as chips and a place to type: places with completion, tags in free words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.chips import Chip, Condition
from bri_desktop.ui.shared.completion import CompletionPopup, Suggestion
from bri_desktop.ui.shared.flow import FlowBox
from bri_desktop.ui.shared.search_box import ComposingLineEdit
from bri_desktop.ui.shared.tokens import Size, Space

TAG_ENDS = re.compile(r"[,，;；、\t\n]+")

Complete = Callable[[str], Sequence[tuple[str, str, str]]]


@dataclass(frozen=True, slots=True)
class Picked:
    """A value of the field: its key, its name, its grey context."""

    key: str
    name: str
    context: str = ""


class _Entry(ComposingLineEdit):
    """The typing place; keys that concern the chips and the list go to the field."""

    key_pressed = Signal(QKeyEvent)
    typed = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrame(False)
        self.setMinimumWidth(Size.LABEL // 3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(Size.FIELD_CHIP + 2)
        self.textChanged.connect(lambda _text: self._on_text())

    def sizeHint(self) -> QSize:
        """Ask for little, so that a line is broken late; the rest of the line is taken anyway."""
        return QSize(Size.LABEL // 3, Size.FIELD_CHIP + 2)

    def composition_ended(self) -> None:
        """Complete what was composed."""
        self.typed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask the field first."""
        event.setAccepted(False)
        self.key_pressed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the field."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def _on_text(self) -> None:
        if not self.is_composing:
            self.typed.emit()


class ChipsField(QFrame):
    """The frame of a field whose values are chips; subclasses say what typing and Enter do."""

    value_changed = Signal()

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "field")
        self._placeholder = placeholder
        self._picked: list[Picked] = []
        self._flow = FlowBox(spacing=Space.INSIDE, stretch_last=True)
        self.entry = _Entry()
        self.entry.setPlaceholderText(placeholder)
        self.entry.key_pressed.connect(self._on_key)
        self.entry.typed.connect(self._on_typed)
        self.entry.left.connect(self._on_left)
        self.entry.installEventFilter(self)
        self._flow.add(self.entry)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.INSIDE + 2, 2, Space.INSIDE, 2)
        column.addWidget(self._flow)
        self.setFocusProxy(self.entry)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def picked(self) -> list[Picked]:
        """Return the values in order."""
        return list(self._picked)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the values."""
        return tuple(picked.key for picked in self._picked)

    def set_picked(self, values: Sequence[Picked]) -> None:
        """Show values; what was being typed is given up."""
        for chip in self.chips():
            self._flow.remove(chip)
        self._picked = []
        self.entry.clear()
        for value in values:
            self._append(value)
        self._show_placeholder()

    def chips(self) -> list[Chip]:
        """Return the chips in order."""
        return [widget for widget in self._flow.widgets() if isinstance(widget, Chip)]

    def setAccessibleName(self, name: str) -> None:
        """Name the typing place as well, which is what has the focus."""
        super().setAccessibleName(name)
        self.entry.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        """Describe the typing place as well."""
        super().setAccessibleDescription(description)
        self.entry.setAccessibleDescription(description)

    def pick(self, value: Picked) -> None:
        """Add a value by the user's hand; one that is there already is not added twice."""
        self.entry.clear()
        if value.key not in self.keys():
            self._append(value)
            self._show_placeholder()
            self.value_changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Draw the focus of the typing place around the whole field."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            buttons.restyle(self)
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to type."""
        super().mousePressEvent(event)
        self.entry.setFocus()

    def _append(self, value: Picked) -> None:
        chip = Chip(Condition(value.key, "", value.name, value.context), height=Size.FIELD_CHIP)
        chip.removed.connect(self._on_removed)
        self._flow.insert(len(self._picked), chip)
        self._picked.append(value)

    def _on_removed(self, key: str) -> None:
        chip = next(chip for chip in self.chips() if chip.condition.key == key)
        self._flow.remove(chip)
        self._picked = [picked for picked in self._picked if picked.key != key]
        self._show_placeholder()
        self.entry.setFocus()
        self.value_changed.emit()

    def _show_placeholder(self) -> None:
        self.entry.setPlaceholderText("" if self._picked else self._placeholder)
        for chip in self.chips():
            self._style_chip(chip)

    def _style_chip(self, chip: Chip) -> None:
        """Give a chip its look among the others."""

    def _on_key(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and not self.entry.text() and self._picked:
            self._on_removed(self._picked[-1].key)
            event.accept()

    def _on_typed(self) -> None:
        """Answer what was typed."""

    def _on_left(self) -> None:
        """Answer the end of typing."""


class PlaceEdit(ChipsField):
    """Places, chosen from completions; ``complete(text)`` gives (key, name, context) triples, best first.

    What cannot be completed stays as typed and is told by :meth:`unresolved`: nothing typed is lost.
    """

    text_changed = Signal(str)

    def __init__(self, complete: Complete, placeholder: str = "", *, most: int = 0) -> None:
        super().__init__(placeholder)
        self._complete = complete
        self._most = most
        self._popup = CompletionPopup(self)
        self._popup.chosen.connect(self._on_chosen)

    def unresolved(self) -> str:
        """Return text that was typed but names no place yet."""
        return self.entry.text().strip()

    def _style_chip(self, chip: Chip) -> None:
        """A place that stands alone reads as plain text with its context."""
        is_alone = len(self._picked) == 1
        if chip.property("flat") != is_alone:
            chip.setProperty("flat", is_alone)
            for widget in (chip, *chip.findChildren(QWidget)):
                buttons.restyle(widget)

    def _on_typed(self) -> None:
        text = self.unresolved()
        found = self._complete(text) if text and self.entry.hasFocus() else ()
        self._popup.show_suggestions([Suggestion(*triple) for triple in found])
        self.text_changed.emit(text)

    def _on_chosen(self, suggestion: Suggestion) -> None:
        if self._most and len(self._picked) >= self._most:
            self.set_picked(self._picked[: self._most - 1])
        self.pick(Picked(suggestion.key, suggestion.name, suggestion.context))

    def _on_key(self, event: QKeyEvent) -> None:
        if self._popup.handle_key(event):
            event.accept()
        else:
            super()._on_key(event)

    def _on_left(self) -> None:
        self._popup.hide()


class TagsEdit(ChipsField):
    """Free words; Enter, a comma or leaving the field ends one. ``suggest`` may offer words used before."""

    def __init__(self, placeholder: str = "", suggest: Callable[[str], Sequence[str]] | None = None) -> None:
        super().__init__(placeholder or tr("Press Enter after each"))
        self._suggest = suggest
        self._popup = CompletionPopup(self)
        self._popup.chosen.connect(lambda suggestion: self.pick(Picked(suggestion.name, suggestion.name)))

    def value(self) -> tuple[str, ...]:
        """Return the words."""
        return self.keys()

    def set_value(self, words: Sequence[str]) -> None:
        """Show words."""
        self.set_picked([Picked(word, word) for word in words])

    def _on_typed(self) -> None:
        text = self.entry.text()
        if TAG_ENDS.search(text):
            self._take(text)
            return
        words = self._suggest(text.strip()) if self._suggest and text.strip() and self.entry.hasFocus() else ()
        self._popup.show_suggestions([Suggestion(word, word, "") for word in words], preselect=False)

    def _on_key(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self._popup.handle_key(event):
            event.accept()
        elif is_enter and self.entry.text().strip():
            self._take(self.entry.text())
            event.accept()
        else:
            super()._on_key(event)

    def _on_left(self) -> None:
        self._popup.hide()
        self._take(self.entry.text())

    def _take(self, text: str) -> None:
        for word in TAG_ENDS.split(text):
            if word.strip():
                self.pick(Picked(word.strip(), word.strip()))
        if self.entry.text():
            self.entry.clear()
