"""Many questions of likeness at once: all that are at least so much alike get one answer."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractSpinBox, QFrame, QHBoxLayout, QMenu, QSpinBox, QVBoxLayout, QWidget

from bri_desktop.domain.match import PROBABLE
from bri_desktop.i18n import tr
from bri_desktop.services.intake_judge import ASIDE, OTHER, SAME, SAME_ROW
from bri_desktop.ui.exchange.answers import Question
from bri_desktop.ui.exchange.likeness import SKIP, asks_of_likeness, score_of
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.tokens import Size, Space

LEAST = 2


class ManyBand(QFrame):
    """Counts the questions of likeness from a score on; ``decided`` gives them with the kind of their answer."""

    decided = Signal(list, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface-band")
        self._questions: list[Question] = []
        self.title = buttons.label("", "strong")
        self.score = QSpinBox()
        self.score.setRange(PROBABLE, 100)
        self.score.setSuffix(tr(" %"))
        self.score.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.score.setAccessibleName(tr("At least so much alike"))
        self.score.setFixedHeight(Size.SMALL_CONTROL)
        self.score.valueChanged.connect(lambda _value: self._count())
        self.menu = QMenu()
        for kind, text in (
            (SAME, tr("The same: update the record")),
            (SAME_ROW, tr("The same: the earlier row stands")),
            (OTHER, tr("Other projects")),
            (SKIP, tr("Leave these rows out")),
            (ASIDE, tr("Keep aside")),
        ):
            self.menu.addAction(text).triggered.connect(lambda _on=False, chosen=kind: self._give(chosen))
        self.button = buttons.menu_button("", self.menu)
        self.button.setProperty("kind", buttons.SMALL)
        row = QHBoxLayout()
        row.setSpacing(Space.BETWEEN)
        row.addWidget(buttons.label(tr("At least"), "label"))
        row.addWidget(self.score)
        row.addWidget(self.button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.SECTION, Space.BETWEEN)
        column.setSpacing(Space.INSIDE)
        column.addWidget(self.title)
        column.addLayout(row)
        self.hide()

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Count the questions of likeness among these; fewer than two are answered on their cards."""
        self._questions = [question for question in questions if asks_of_likeness(question.problem)]
        self.setVisible(len(self._questions) >= LEAST)
        self._count()

    def chosen(self, kind: str = "") -> list[Question]:
        """Return the questions from the score on that can have an answer of ``kind``."""
        found = [question for question in self._questions if score_of(question.problem) >= self.score.value()]
        of_row = "possible_duplicate_row"
        if kind == SAME:
            return [question for question in found if question.problem.code != of_row]
        return [question for question in found if question.problem.code == of_row or kind != SAME_ROW]

    def _count(self) -> None:
        self.title.setText(tr("Possible duplicates {count}", count=len(self._questions)))
        chosen = len(self.chosen())
        self.button.setText(tr("Decide {count} at once…", count=chosen))
        self.button.setEnabled(chosen > 0)
        for action, kind in zip(self.menu.actions(), (SAME, SAME_ROW), strict=False):
            action.setVisible(bool(self.chosen(kind)))

    def _give(self, kind: str) -> None:
        questions = self.chosen(kind)
        if questions:
            self.decided.emit(questions, kind)
