"""Fields of forms: a label at the left, the editor, and below it what is wrong; codes, text and readable values.

Every editor has ``value_changed`` and a ``value``; it changes only by the user's hand or ``set_value``.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPlainTextEdit, QStyledItemDelegate, QVBoxLayout, QWidget
from PySide6.QtWidgets import QStyleOptionViewItem as ItemOption

from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons, icons, paint
from bri_desktop.ui.shared.delegates import Index, rect_and_selection
from bri_desktop.ui.shared.panels import icon_label
from bri_desktop.ui.shared.search_box import ComposingLineEdit
from bri_desktop.ui.shared.tokens import BODY, SMALL, Size, Space, colours

T = TypeVar("T")


class FieldLabel(QLabel):
    """The label of a field, with a star where something must be entered."""

    def __init__(self, text: str, *, required: bool) -> None:
        super().__init__(text)
        self._required = required
        self.setProperty("kind", "label")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw text and star in the colours of now."""
        c = colours()
        painter = QPainter(self)
        used = paint.draw_text(painter, self.rect(), self.text(), BODY, paint.qcolor(c.secondary))
        if self._required:
            star = self.rect().adjusted(used + Space.INSIDE // 2, 0, 0, 0)
            paint.draw_text(painter, star, "*", BODY, paint.qcolor(c.error))


class LabeledField(QWidget):
    """A row of a form: label, editor, and a line below that is there only while something is wrong."""

    def __init__(
        self, text: str, editor: QWidget, *, required: bool = False, label_width: int = Size.LABEL, hint: str = ""
    ) -> None:
        super().__init__()
        self.editor = editor
        self.label = FieldLabel(text, required=required)
        self.label.setFixedWidth(label_width)
        self.label.setMinimumHeight(Size.CONTROL)
        self.label.setBuddy(editor)
        editor.setAccessibleName(f"{text} {tr('required')}" if required else text)
        self._hint = hint
        editor.setAccessibleDescription(hint)
        self.problem_label = buttons.label("", "problem", wrap=True)
        self._problem_icon = icon_label("circle-alert", "error", Size.SMALL_ICON)
        self._problem_row = QWidget()
        row = QHBoxLayout(self._problem_row)
        row.setContentsMargins(0, Space.INSIDE, 0, 0)
        row.setSpacing(Space.INSIDE)
        row.addWidget(self._problem_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.problem_label, 1)
        self._problem_row.hide()
        self._note: QLabel | None = None
        self._right = right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(editor)
        right.addWidget(self._problem_row)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(right, 1)
        self.setFocusProxy(editor)

    @property
    def problem(self) -> str:
        """What is wrong, or nothing."""
        return "" if self._problem_row.isHidden() else self.problem_label.text()

    def set_problem(self, text: str | None) -> None:
        """Say what is wrong under the field, or that nothing is; screen readers hear it with the field."""
        if text and self._note is not None:
            self._note.hide()
        self.problem_label.setText(text or "")
        self._problem_row.setVisible(bool(text))
        self.editor.setAccessibleDescription(text or self._hint)
        if bool(self.editor.property("invalid")) != bool(text):
            self.editor.setProperty("invalid", bool(text))
            buttons.restyle(self.editor)

    @property
    def note(self) -> str:
        """What is remarked below the field, or nothing."""
        return "" if self._note is None or self._note.isHidden() else self._note.text()

    def set_note(self, text: str) -> None:
        """Remark under the field how it was understood, where nothing is wrong with it."""
        if self._note is None and text:
            self._note = buttons.label("", "hint", wrap=True)
            self._right.addWidget(self._note)
        if self._note is not None:
            self._note.setText(text)
            self._note.setVisible(bool(text) and not self.problem)
            self.editor.setAccessibleDescription(self.problem or text or self._hint)


class LineEdit(ComposingLineEdit):
    """One line of text; empty is ``None``."""

    value_changed = Signal()

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.textEdited.connect(lambda _text: self._on_edited())

    def value(self) -> str | None:
        """Return the text without the space around it."""
        return self.text().strip() or None

    def set_value(self, value: str | None) -> None:
        """Show a value."""
        self.setText(value or "")
        self.setCursorPosition(0)

    def composition_ended(self) -> None:
        """Count the composed text as one change."""
        self.value_changed.emit()

    def _on_edited(self) -> None:
        if not self.is_composing:
            self.value_changed.emit()


class TextArea(QPlainTextEdit):
    """Several lines of text that grow with what is typed; Tab goes to the next field."""

    value_changed = Signal()

    def __init__(self, placeholder: str = "", *, lines: int = 3, most_lines: int = 10) -> None:
        super().__init__()
        self.is_composing = False
        self._lines = (lines, most_lines)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(Space.INSIDE)
        self.textChanged.connect(self._on_text_changed)
        self._silent = False
        self._grow()

    def value(self) -> str | None:
        """Return the text without the space around it."""
        return self.toPlainText().strip() or None

    def set_value(self, value: str | None) -> None:
        """Show a value."""
        self._silent = True
        self.setPlainText(value or "")
        self._silent = False

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Wait for the end of a composition."""
        self.is_composing = self.is_composing or bool(event.preeditString())
        super().inputMethodEvent(event)
        if self.is_composing and not event.preeditString():
            self.is_composing = False
            self.value_changed.emit()

    def _on_text_changed(self) -> None:
        self._grow()
        if not self._silent and not self.is_composing:
            self.value_changed.emit()

    def _grow(self) -> None:
        least, most = self._lines
        lines = min(most, max(least, round(self.document().size().height())))
        self.setFixedHeight(lines * paint.metrics(BODY).lineSpacing() + 2 * Space.BETWEEN)


class ParsedEdit(LineEdit, Generic[T]):
    """A line that reads a written form as one type: what is wrong is said while typing, the normal form on leaving.

    ``parse`` raises ``ValueProblemError``; ``show`` writes a value; ``explain`` words a problem.
    """

    problem_changed = Signal(str)
    """What is wrong with the text, or nothing."""
    offered = Signal(list)
    """Readings to choose from, where there are any."""

    def __init__(
        self,
        parse: Callable[[str], T],
        show: Callable[[T], str],
        explain: Callable[[ValueProblemError], str],
        placeholder: str = "",
    ) -> None:
        super().__init__(placeholder)
        self._parse = parse
        self._show = show
        self._explain = explain
        self._parsed: T | None = None
        self.problem = ""
        self.offers: tuple[str, ...] = ()
        self.textChanged.connect(self._on_text)
        self.editingFinished.connect(self.normalise)

    def parsed(self) -> T | None:
        """Return what the text says; ``None`` where it is empty or unreadable (then :attr:`problem` says why)."""
        return self._parsed

    def set_parsed(self, value: T | None) -> None:
        """Show a value in its normal form."""
        self.set_value(None if value is None else self._show(value))

    def choose(self, offer: str) -> None:
        """Take one of the readings that were offered."""
        self.setText(offer)
        self.normalise()
        self.value_changed.emit()

    def normalise(self) -> None:
        """Write what was read in its normal form."""
        if self._parsed is not None and not self.problem:
            shown = self._show(self._parsed)
            if shown != self.text():
                self.setText(shown)

    def composition_ended(self) -> None:
        """Read what was composed."""
        self._on_text(self.text())
        super().composition_ended()

    def _on_text(self, text: str) -> None:
        if self.is_composing:
            return
        problem, offers = "", tuple[str, ...]()
        try:
            self._parsed = self._parse(text) if text.strip() else None
        except ValueProblemError as error:
            self._parsed = None
            problem, offers = self._explain(error), error.offers
        if (problem, offers) != (self.problem, self.offers):
            self.problem, self.offers = problem, offers
            self.problem_changed.emit(problem)
            self.offered.emit(list(offers))


class MoneyEdit(ParsedEdit[T]):
    """An amount with its unit: 1800万, 2亿美元; ``assumes`` tells whether a text leaves the currency open."""

    def __init__(
        self,
        parse: Callable[[str], T],
        show: Callable[[T], str],
        explain: Callable[[ValueProblemError], str],
        placeholder: str = "",
        assumes: Callable[[str], bool] = lambda _text: False,
    ) -> None:
        self._assumes = assumes
        self._is_normalising = False
        self.has_assumed = False
        """What was typed last named no currency; the normal form that is written for it does."""
        super().__init__(parse, show, explain, placeholder)

    def normalise(self) -> None:
        """Write what was read in its normal form, with the currency."""
        self._is_normalising = True
        super().normalise()
        self._is_normalising = False

    def _on_text(self, text: str) -> None:
        super()._on_text(text)
        if not self.is_composing and not self._is_normalising:
            self.has_assumed = self._parsed is not None and self._assumes(text)


class CodeCombo(QComboBox):
    """A choice of a code list: the number keys choose, Delete empties; the wheel leaves it alone."""

    value_changed = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placeholder = ""
        self.setMaxVisibleItems(12)
        self.setItemDelegate(_CodeDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(4)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.set_choices(choices)
        self.activated.connect(lambda _place: self.value_changed.emit())

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer (code, label) pairs, keeping the value where it is among them."""
        kept = self.value()
        self.clear()
        for code, text in choices:
            self.addItem(text, code)
        self.set_value(kept)

    def set_placeholder(self, text: str) -> None:
        """Say in grey what an empty field means."""
        self._placeholder = text
        self.update()

    def value(self) -> str | None:
        """Return the chosen code."""
        code = self.currentData()
        return code if isinstance(code, str) else None

    def set_value(self, value: str | None) -> None:
        """Choose a code; one that is not offered is added, so that it is not lost."""
        place = -1 if value is None else self.findData(value)
        if value is not None and place < 0:
            self.addItem(value, value)
            place = self.count() - 1
        self.setCurrentIndex(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by number; empty with Delete or Backspace."""
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        number = event.key() - Qt.Key.Key_0.value
        if is_plain and 1 <= number <= min(9, self.count()):
            self._choose(number - 1)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._choose(-1)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the form scroll."""
        event.ignore()

    def sizeHint(self) -> QSize:
        """Return the height of a field."""
        return QSize(super().sizeHint().width(), Size.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame of the style, the number key, the label and a chevron."""
        c = colours()
        text, self_index = self.currentText(), self.currentIndex()
        super().paintEvent(event)
        painter = QPainter(self)
        inner = QRect(2, 2, self.width() - 4, self.height() - 4)
        painter.fillRect(inner, paint.qcolor(c.surface if self.isEnabled() else c.window))
        left = Space.BETWEEN
        if 0 <= self_index < 9:
            side = Size.FIELD_CHIP - 3
            paint.draw_key(painter, QRect(left + 1, (self.height() - side) // 2, side, side), str(self_index + 1))
            left += side + Space.BETWEEN
        room = QRect(left, 0, self.width() - left - 24, self.height())
        colour = c.hint if self_index < 0 else c.text if self.isEnabled() else c.disabled
        paint.draw_text(painter, room, text if self_index >= 0 else self._placeholder, BODY, paint.qcolor(colour))
        top = (self.height() - Size.SMALL_ICON) // 2
        icons.paint_icon(painter, "chevron-down", "secondary", self.width() - 22, top, Size.SMALL_ICON)

    def _choose(self, place: int) -> None:
        if place != self.currentIndex():
            self.setCurrentIndex(place)
            self.value_changed.emit()


class _CodeDelegate(QStyledItemDelegate):
    """Draws an entry of the list with its number key."""

    def sizeHint(self, option: ItemOption, index: Index) -> QSize:
        """Return the height of a control."""
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        return QSize(paint.metrics(BODY).horizontalAdvance(text) + Size.LABEL, Size.CONTROL)

    def paint(self, painter: QPainter, option: ItemOption, index: Index) -> None:
        """Draw number and label."""
        c = colours()
        rect, is_selected = rect_and_selection(option)
        painter.save()
        painter.fillRect(rect, paint.qcolor(c.selection if is_selected else c.surface))
        number = QRect(rect.left() + Space.BETWEEN, rect.top(), Size.ICON, rect.height())
        if index.row() < 9:
            paint.draw_text(painter, number, str(index.row() + 1), SMALL, paint.qcolor(c.hint))
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        paint.draw_text(painter, rect.adjusted(Size.ICON + Space.SECTION, 0, 0, 0), text, BODY, paint.qcolor(c.text))
        painter.restore()
