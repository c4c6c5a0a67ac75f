"""The problems beside a preview: what waits for a decision first; an answer moves on to the next."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.exchange.answers import Answer, Question, alike
from bri_desktop.ui.exchange.many import ManyBand
from bri_desktop.ui.exchange.problem_card import ProblemCard, is_open
from bri_desktop.ui.exchange.wording import Names, verdict_word
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.tokens import Size, Space

MOST_CARDS = 12
CARDS_AT_ONCE = 2
"""So many cards are made before the window is drawn; the others one at a time, so that nothing stands still."""
WIDTH = 300
LISTED_ROWS = 8


class ProblemList(QFrame):
    """Cards of the questions of a plan; ``answered`` as a card gives it."""

    answered = Signal(object, object, bool)
    chosen = Signal(object)
    record_wanted = Signal(str)
    duplicates_wanted = Signal()
    undo_wanted = Signal()
    many_decided = Signal(list, str)
    """Questions of likeness, and the kind of answer for all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "side")
        self.setMinimumWidth(WIDTH)
        self.setAccessibleName(tr("Problems"))
        self.title = buttons.label("", "section")
        self.facts = buttons.label("", "hint")
        self.undo_button = buttons.button(tr("Take back last answer"), self.undo_wanted.emit, kind=buttons.SMALL_LINK)
        self.cards: list[ProblemCard] = []
        self._questions: list[Question] = []
        self._names: Names | None = None
        self._further = QTimer(self, singleShot=True, interval=0)
        self._further.timeout.connect(self._on_further)
        self._inside = QWidget()
        self._inside.setProperty("kind", "surface")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        self.tail = buttons.label("", "hint", wrap=True)
        self.duplicates = buttons.button("", self.duplicates_wanted.emit, kind=buttons.SMALL_LINK)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.SECTION, Space.BETWEEN)
        foot.addWidget(self.tail)
        foot.addWidget(self.duplicates, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._foot)
        self._column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        self.many = ManyBand()
        self.many.decided.connect(self.many_decided)
        column.addWidget(self.many)
        column.addWidget(self._scroll, 1)

    def _head(self) -> QFrame:
        head = QFrame()
        head.setProperty("kind", "surface-band")
        head.setFixedHeight(2 * Size.ROW_INTAKE)
        row = QHBoxLayout(head)
        row.setContentsMargins(Space.PAGE, 0, Space.SECTION, 0)
        row.setSpacing(Space.SECTION)
        row.addWidget(self.title)
        row.addWidget(self.facts, 1)
        row.addWidget(self.undo_button)
        return head

    @property
    def questions(self) -> Sequence[Question]:
        """The questions shown or waiting for their turn."""
        return self._questions

    def show_questions(
        self, questions: Sequence[Question], names: Names, *, duplicates: Sequence[int], can_undo: bool
    ) -> None:
        """Show the questions of a plan; the one that was current stays so where it is still asked."""
        before = self.current()
        self._questions = list(questions)
        self.undo_button.setVisible(can_undo)
        self._show_duplicates(duplicates)
        self.many.show_questions(self._questions)
        self._rebuild(names)
        again = next((card for card in self.cards if before and card.question.key == before.key), None)
        self._mark(again or next((card for card in self.cards if is_open(card.question)), None))

    def _rebuild(self, names: Names) -> None:
        wanted = self._questions[:MOST_CARDS]
        like = [len(alike(question, self._questions)) for question in wanted]
        kept = {card.question.key: card for card in self.cards}
        cards = []
        made = 0
        self._names = names
        for place, question in enumerate(wanted):
            card = kept.pop(question.key, None)
            if card is None or not card.shows(question, names, like[place]):
                if card is not None:
                    self._drop(card)
                if made == CARDS_AT_ONCE:
                    break
                made += 1
                card = self._card(question, names, like[place])
            self._column.insertWidget(place, card)
            cards.append(card)
        for card in kept.values():
            self._drop(card)
        self.cards = cards
        if len(cards) < len(wanted):
            self._further.start()
        more = len(self._questions) - len(wanted)
        none = tr("No problems.") if not self._questions else ""
        self.tail.setText(tr("{count} more follow when these are settled.", count=more) if more else none)
        self.tail.setVisible(bool(self.tail.text()))
        self._count()

    def _on_further(self) -> None:
        """Make the next card that has its place in the list."""
        if self._names is not None and len(self.cards) < min(len(self._questions), MOST_CARDS):
            place = len(self.cards)
            question = self._questions[place]
            card = self._card(question, self._names, len(alike(question, self._questions)))
            self._column.insertWidget(place, card)
            self.cards.append(card)
            self._further.start()

    def _drop(self, card: ProblemCard) -> None:
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _card(self, question: Question, names: Names, like: int) -> ProblemCard:
        card = ProblemCard(question, names, like=like)
        card.answered.connect(lambda asked, given, whole: self._on_answered(asked, given, whole, names))
        card.chosen.connect(self._on_chosen)
        card.record_wanted.connect(self.record_wanted)
        return card

    def _count(self) -> None:
        self.title.setText(tr("Problems {count}", count=len(self._questions)))
        counts = {"pending": 0, "refused": 0}
        for question in self._questions:
            counts[question.problem.verdict] += 1
        parts = [f"{verdict_word(name)} {count}" for name, count in counts.items() if count]
        self.facts.setText(" · ".join(parts))

    def _show_duplicates(self, rows: Sequence[int]) -> None:
        listed = tr(", ").join(str(row) for row in rows[:LISTED_ROWS]) + ("…" if len(rows) > LISTED_ROWS else "")
        self.duplicates.setText(tr("Duplicates: rows {rows}", rows=listed))
        self.duplicates.setVisible(bool(rows))

    def current(self) -> Question | None:
        """Return the question whose row is shown."""
        return next((card.question for card in self.cards if card.is_current), None)

    def choose(self, question: Question) -> None:
        """Mark a question and bring it into view."""
        card = next((card for card in self.cards if card.question.key == question.key), None)
        if card is not None:
            self._mark(card)
            self._scroll.ensureWidgetVisible(card)

    def choose_row(self, sheet: str, row: int) -> None:
        """Mark the first question that stands in a row of the file."""
        for card in self.cards:
            if any(spot.sheet == sheet and spot.row == row for spot in card.question.spots):
                self._mark(card)
                self._scroll.ensureWidgetVisible(card)
                return

    def _mark(self, card: ProblemCard | None) -> None:
        for other in self.cards:
            other.set_current(other is card)

    def _on_chosen(self, question: Question) -> None:
        self.choose(question)
        self.chosen.emit(question)

    def _on_answered(self, question: Question, answer: Answer, whole_column: bool, names: Names) -> None:
        """Take the card away at once and go on; the plan follows."""
        gone = {question.key, *(other.key for other in alike(question, self._questions) if whole_column)}
        place = next((n for n, other in enumerate(self._questions) if other.key == question.key), 0)
        self.answered.emit(question, answer, whole_column)
        following = [other for other in self._questions[place:] if other.key not in gone]
        self._questions = [other for other in self._questions if other.key not in gone]
        self.undo_button.show()
        self.many.show_questions(self._questions)
        self._rebuild(names)
        goal = next((other for other in following if is_open(other)), None)
        goal = goal or next((other for other in self._questions if is_open(other)), None)
        if goal is not None:
            self._on_chosen(goal)
            card = next((card for card in self.cards if card.question.key == goal.key), None)
            if card is not None:
                card.focus_answer()
