"""One question of a preview as a card: cell, field, raw value, the sentence, and the answers as buttons."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QCompleter, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.labels import field_label, sentence
from bri_desktop.services.intake_place import NEW_PLACE
from bri_desktop.services.intake_row import MERGED, PENDING
from bri_desktop.ui.exchange.answers import PLACE_CODES, Answer, Offer, Question, new_place, offers_of
from bri_desktop.ui.exchange.likeness import asks_of_likeness, reasons_line, score_of
from bri_desktop.ui.exchange.wording import Names, verdict_cell
from bri_desktop.ui.shared import buttons, paint
from bri_desktop.ui.shared.flow import FlowBox
from bri_desktop.ui.shared.panels import icon_label
from bri_desktop.ui.shared.search_box import ComposingLineEdit
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, Size, Space

MOST_BUTTONS = 6
VALUE_WIDTH = 120


class RawValue(QFrame):
    """The value as it stands in the file, in a thin frame."""

    def __init__(self, text: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.INSIDE + 1, 0, Space.INSIDE + 1, 0)
        row.addWidget(buttons.label(paint.elided(text, BODY, VALUE_WIDTH)))
        self.setToolTip(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        paint.draw_box(QPainter(self), self.rect(), fill=paint.role("surface"), edge=paint.role("line"))


class RoleLabel(QWidget):
    """A bold word in the colour of a role."""

    def __init__(self, text: str, role: str) -> None:
        super().__init__()
        self._text = text
        self._role = role
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return the size of the word."""
        return QSize(paint.metrics(BODY_BOLD).horizontalAdvance(self._text) + 1, BODY_BOLD.line)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the word."""
        paint.draw_text(QPainter(self), self.rect(), self._text, BODY_BOLD, paint.role(self._role))


class ProblemCard(QFrame):
    """Shows a question; ``answered`` tells what was chosen and whether it holds for the whole column."""

    answered = Signal(object, object, bool)
    """Question, ``Answer``, and whether the like questions of its column are answered alike."""
    chosen = Signal(object)
    record_wanted = Signal(str)

    def __init__(self, question: Question, names: Names, *, like: int = 0) -> None:
        super().__init__()
        self.question = question
        self._names = names
        self._like = like
        self.is_current = False
        self.offers: list[Offer] = offers_of(question, names)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.whole_column = QCheckBox(_like_text(question, like))
        self.edit = ComposingLineEdit(self)
        self.edit.hide()
        self.edit.returnPressed.connect(self._on_typed)
        self._asks_country = False
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.SECTION, Space.BETWEEN + 2)
        column.setSpacing(Space.INSIDE)
        column.addLayout(self._head())
        said = sentence(question.problem.code, question.problem.values)
        column.addWidget(buttons.label(said, "small", wrap=True))
        if merged := question.problem.values.get(MERGED):
            column.addWidget(buttons.label(sentence("filled_from", {"cells": merged}), "hint", wrap=True))
        if reasons := reasons_line(question.problem.values):
            column.addWidget(buttons.label(reasons, "hint", wrap=True))
        self.setAccessibleName(f"{self._place()} {said}")
        self.buttons = FlowBox(spacing=Space.BETWEEN - 2)
        column.addWidget(self.buttons)
        self._fill_buttons()
        column.addWidget(self.whole_column)
        self.whole_column.setVisible(like > 0)
        column.addWidget(self.edit)

    def _place(self) -> str:
        where = self.question.first
        cell = (
            where.text
            if where.column and not asks_of_likeness(self.question.problem)
            else tr("Row {row}", row=where.row)
        )
        more = len(self.question.spots) - 1
        return tr("{cell} and {count} more", cell=cell, count=more) if more else cell

    def _head(self) -> QHBoxLayout:
        problem = self.question.problem
        verdict = verdict_cell(problem.verdict)
        row = QHBoxLayout()
        row.setSpacing(Space.BETWEEN - 2)
        row.addWidget(icon_label(verdict.icon, verdict.role, Size.SMALL_ICON))
        row.addWidget(RoleLabel(verdict.text, verdict.role))
        row.addWidget(buttons.label(self._place(), "strong"))
        row.addWidget(buttons.label(field_label(problem.field), "label"))
        row.addStretch(1)
        if problem.value and not asks_of_likeness(problem):
            row.addWidget(RawValue(problem.value))
        return row

    def _fill_buttons(self) -> None:
        problem = self.question.problem
        if len(self.offers) > MOST_BUTTONS:
            self.buttons.add(self._menu())
        else:
            for offer in self.offers:
                self.buttons.add(self._offer_button(offer))
        if problem.code in PLACE_CODES:
            made = buttons.button(tr("New place"), self._on_new_place, kind=buttons.SMALL)
            self.buttons.add(made)
        if self.question.first.column is not None and not asks_of_likeness(problem):
            self.buttons.add(buttons.button(tr("Write another value"), self._on_other, kind=buttons.SMALL_LINK))
        if key := problem.values.get("key"):
            show = buttons.button(
                tr("Show record {key}", key=key), lambda: self.record_wanted.emit(str(key)), kind=buttons.SMALL_LINK
            )
            self.buttons.add(show)
        self.buttons.setVisible(bool(self.buttons.widgets()))

    def _offer_button(self, offer: Offer) -> QWidget:
        text = f"{offer.text} {offer.context}".strip()
        made = buttons.button(text, lambda: self._give(offer.answer), kind=buttons.SMALL)
        made.setAccessibleName(f"{self._place()} {text}")
        return made

    def _menu(self) -> QWidget:
        menu = QMenu()
        for offer in self.offers:
            action = menu.addAction(f"{offer.text} {offer.context}".strip())
            action.triggered.connect(lambda _on=False, answer=offer.answer: self._give(answer))
        made = buttons.menu_button(tr("Choose…"), menu)
        made.setProperty("kind", buttons.SMALL)
        return made

    def shows(self, question: Question, names: Names, like: int) -> bool:
        """Tell whether the card can stay for this question."""
        return (self.question, self._names, self._like) == (question, names, like)

    def focus_answer(self) -> None:
        """Put the keyboard on the first answer."""
        target = next(iter(self.buttons.widgets()), None)
        if target is not None and target.isVisible():
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_current(self, current: bool) -> None:
        """Mark the card as the one whose row is shown."""
        self.is_current = current
        self.update()

    def _give(self, answer: Answer) -> None:
        self.answered.emit(self.question, answer, self.whole_column.isChecked())

    def _on_new_place(self) -> None:
        answer = new_place(self.question.problem)
        if answer is not None:
            self._give(answer)
            return
        self._ask(tr("Country or region of the new place"), self._country_names())
        self._asks_country = True

    def _country_names(self) -> Sequence[str]:
        return [self._names.country(iso2) for iso2 in self._names.countries]

    def _on_other(self) -> None:
        self._asks_country = False
        self._ask(tr("Value for this import; the file stays as it is"), ())

    def _ask(self, hint: str, words: Sequence[str]) -> None:
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(hint)
        self.edit.clear()
        if words:
            completer = QCompleter(QStringListModel(list(words), self), self)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self.edit.setCompleter(completer)
        self.edit.show()
        self.edit.setFocus()

    def _on_typed(self) -> None:
        text = self.edit.text().strip()
        if not text or self.edit.is_composing:
            return
        if not self._asks_country:
            self._give(Answer("value", text))
            return
        country = self._names.places.country_of(text)
        if country is None:
            self.edit.setProperty("invalid", True)
            self.edit.setToolTip(sentence("country_unknown"))
            buttons.restyle(self.edit)
            return
        self._give(Answer("place", f"{NEW_PLACE}{country}:{self.question.problem.value}"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the row of this question."""
        super().mousePressEvent(event)
        self.chosen.emit(self.question)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Tint the current card, with an accent edge; one line below each."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), paint.role("tint" if self.is_current else "surface"))
        paint.draw_rule(painter, self.rect(), paint.role("line"))
        if self.is_current:
            painter.fillRect(0, 0, Size.EDGE, self.height(), paint.role("accent"))


def _like_text(question: Question, like: int) -> str:
    if asks_of_likeness(question.problem):
        score = score_of(question.problem)
        return tr("Same for {count} more that are at least {score} % alike", count=like, score=score)
    return tr("Same for {count} like cells of this column", count=like)


def is_open(question: Question) -> bool:
    """Tell whether a question waits for a decision, unlike a refusal."""
    return question.problem.verdict == PENDING
