"""Values that no list and no gazetteer knows, each decided once or left pending before the preview is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.labels import sentence
from bri_desktop.services.exchange import ImportOptions
from bri_desktop.ui.exchange.answers import Answer, Offer, answered, countries_asked
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.mapping_codes import OwnCodeForm
from bri_desktop.ui.exchange.mapping_decisions import LEFT, Decision, answer_word, country_offer, topic
from bri_desktop.ui.exchange.mapping_place import NewPlaceForm, PlaceSearchEdit
from bri_desktop.ui.exchange.wording import Names
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import Cell, Named, Toned, Verdict
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import Band
from bri_desktop.ui.shared.search_box import SearchBox
from bri_desktop.ui.shared.tokens import Size, Space

PANEL = 400
LISTED_CELLS = 6
LONG_LIST = 8


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision with its answer so far, in words."""

    decision: Decision
    answer: Answer | None
    word: str


class ValuesStep(QWidget):
    """Lists the decisions; ``next_wanted`` once each is answered or left pending."""

    next_wanted = Signal()
    back_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Names | None = None
        self.decisions: list[Decision] = []
        self.answers: dict[tuple[str, ...], Answer] = {}
        self._context = context
        self._make_widgets()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self._middle(), 1)
        column.addWidget(self._bar())

    def _make_widgets(self) -> None:
        self.title = buttons.label("", "section")
        self.facts = buttons.label("", "hint")
        self.rest_button = buttons.button(tr("Leave the rest pending"), self.leave_rest, kind=buttons.SMALL)
        self.table = _decision_table()
        self.table.selection_changed.connect(self._show_current)
        self.text = buttons.label("", "section", wrap=True)
        self.where = buttons.label("", "hint", wrap=True)
        self.said = buttons.label("", "small", wrap=True)
        self.filter = SearchBox(tr("Narrow the list"))
        self.filter.searched.connect(lambda _text: self._show_offers())
        self.offers = _offer_table()
        self.offers.clicked.connect(lambda index: self._take(index.row()))
        self.search = PlaceSearchEdit(self._context, tr("Another place…"))
        self.search.picked.connect(lambda key, _name: self.answer(Answer("place", key)))
        self.new_place = NewPlaceForm(self._context)
        self.new_place.made.connect(self.answer)
        self.new_title = buttons.label(tr("or create a new place"), "strong")
        self.own_code = OwnCodeForm(self._context)
        self.own_code.made.connect(self.answer)
        self.leave_button = buttons.button(tr("Leave pending"), lambda: self.answer(LEFT), kind=buttons.SMALL)
        self.sentence = buttons.label()
        self.next_button = buttons.button(tr("Go on to the preview"), self.next_wanted.emit, kind=buttons.PRIMARY)

    def _head(self) -> Band:
        band = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        for widget in (self.title, self.facts):
            band.add(widget)
        band.add_stretch()
        band.add(self.rest_button)
        return band

    def _middle(self) -> QSplitter:
        side = QFrame()
        side.setProperty("kind", "side")
        side.setMinimumWidth(PANEL)
        column = QVBoxLayout(side)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        column.setSpacing(Space.BETWEEN)
        above: Sequence[QWidget] = (self.text, self.where, self.said, self.filter)
        for widget in above:
            column.addWidget(widget)
        column.addWidget(self.offers, 1)
        below: Sequence[QWidget] = (self.search, self.new_title, self.new_place, self.own_code)
        for widget in below:
            column.addWidget(widget)
        column.addWidget(self.leave_button, 0, Qt.AlignmentFlag.AlignLeft)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.table)
        splitter.addWidget(side)
        splitter.setStretchFactor(0, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([10_000, PANEL])
        return splitter

    def _bar(self) -> Band:
        bar = panels.action_bar()
        bar.add(self.sentence, 1)
        bar.add(buttons.button(tr("Look at columns"), self.back_wanted.emit))
        bar.add(buttons.button(tr("Cancel"), self.cancel_wanted.emit))
        bar.add(self.next_button)
        return bar

    # --- decisions --------------------------------------------------------------------------------------------------

    def show_decisions(self, decisions: Sequence[Decision], names: Names) -> None:
        """Begin with the decisions of a file; answers given before to the same ones stay."""
        self._names = names
        self.decisions = list(decisions)
        known = {decision.key for decision in decisions}
        self.answers = {key: answer for key, answer in self.answers.items() if key in known}
        self._refresh()
        self.table.selectRow(0)

    def forget(self) -> None:
        """Let the file and the answers go."""
        self.decisions, self.answers = [], {}
        self._names = None
        self.table.show_rows([])
        self.offers.show_rows([])

    @property
    def has_answers(self) -> bool:
        """Whether something was decided that would be lost."""
        return any(answer != LEFT for answer in self.answers.values())

    def options(self, given: ImportOptions) -> ImportOptions:
        """Return the options with everything that was decided."""
        names = self._names
        if names is None:
            return given
        for decision in self.decisions:
            answer = self.answers.get(decision.key, LEFT)
            if answer != LEFT:
                given = answered(given, decision.question, answer, names, lambda _spot: "")
        return given

    def answer(self, answer: Answer) -> None:
        """Decide what is shown and go on to the next open one."""
        decision = self.current()
        if decision is not None:
            self.answers[decision.key] = answer
            self._refresh()
            self._go_on()

    def leave_rest(self) -> None:
        """Leave everything that is still open pending."""
        for decision in self.decisions:
            self.answers.setdefault(decision.key, LEFT)
        self._refresh()

    def current(self) -> Decision | None:
        """Return the decision that is shown."""
        chosen = self.table.selected()
        return chosen[0].decision if chosen else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose an offer by its number."""
        number = event.text()
        if number.isascii() and number.isdigit() and number != "0":
            self._take(int(number) - 1)
        else:
            super().keyPressEvent(event)

    def _take(self, row: int) -> None:
        offers = self.offers.rows.rows
        if 0 <= row < len(offers):
            self.answer(offers[row][1].answer)

    def _go_on(self) -> None:
        row = self.table.currentIndex().row()
        places = [*range(row + 1, len(self.decisions)), *range(row)]
        goal = next((place for place in places if self.decisions[place].key not in self.answers), None)
        if goal is not None:
            self.table.selectRow(goal)
            self.table.scrollTo(self.table.rows.index(goal, 0))
        self.table.setFocus()

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        names = self._names
        if names is None:
            return
        row = self.table.currentIndex().row()
        rows = []
        for decision in self.decisions:
            answer = self.answers.get(decision.key)
            rows.append(DecisionRow(decision, answer, answer_word(decision, answer, names)))
        self.table.show_rows(rows)
        if row >= 0:
            self.table.selectRow(row)
        left = sum(answer == LEFT for answer in self.answers.values())
        open_ = len(self.decisions) - len(self.answers)
        self.title.setText(tr("To decide {count}", count=len(self.decisions)))
        self.facts.setText(
            tr("decided {decided} · left pending {left} · open {open}",
               decided=len(self.answers) - left, left=left, open=open_)
        )  # fmt: skip
        self.rest_button.setEnabled(bool(open_))
        self.next_button.setEnabled(not open_)
        self.sentence.setText(
            tr("Decide each, or leave it pending: its rows are then kept aside.") if open_
            else tr("Nothing is written yet.")
        )  # fmt: skip

    def _show_current(self) -> None:
        decision, names = self.current(), self._names
        if decision is None or names is None:
            return
        self.text.setText(tr("“{text}”", text=decision.text))
        cells = tr(", ").join(spot.text for spot in decision.question.spots[:LISTED_CELLS])
        more = "…" if decision.rows > LISTED_CELLS else ""
        countries = tr(", ").join(names.country(one) for one in countries_asked(decision.question.problem))
        count = tr("Cells ({count}): {cells}", count=f"{decision.rows:,}", cells=cells + more)
        self.where.setText(" · ".join(part for part in (topic(decision), countries, count) if part))
        self.said.setText(sentence(decision.question.problem.code, decision.question.problem.values))
        is_place = decision.kind == "place"
        for widget in (self.search, self.new_title, self.new_place):
            widget.setVisible(is_place)
        self.own_code.show_decision(decision, names)
        self.search.clear()
        self.search.side = decision.side
        if is_place:
            self.new_place.show_decision(decision, names)
        self.filter.set_text_silently("")
        self.filter.setVisible(decision.kind == "country" or len(decision.offers) > LONG_LIST)
        self._show_offers()

    def _show_offers(self) -> None:
        decision, names = self.current(), self._names
        if decision is None or names is None:
            return
        offers: Sequence[Offer] = decision.offers
        wanted = self.filter.text().strip().casefold()
        if decision.kind == "country" and wanted:
            codes = [one for one, both in names.countries.items() if any(wanted in name.casefold() for name in both)]
            offers = [country_offer(code, names) for code in codes]
        elif wanted:
            offers = [offer for offer in offers if wanted in offer.text.casefold()]
        self.offers.show_rows(list(enumerate(offers, start=1)))


def _state_cell(row: DecisionRow) -> Cell | str:
    if row.answer is None:
        return Verdict(tr("open"), "circle-question-mark", "warning", bold=True)
    if row.answer == LEFT:
        return Verdict(tr("pending"), "history", "secondary")
    return Verdict(tr("decided"), "check", "success")


def _decision_table() -> ListTable[DecisionRow]:
    columns = [
        ListColumn[DecisionRow](tr("State"), _state_cell, 88),
        ListColumn[DecisionRow](tr("About"), lambda row: Toned(topic(row.decision)), 144),
        ListColumn[DecisionRow](tr("In the file"), lambda row: row.decision.text, 200, stretch=True),
        ListColumn[DecisionRow](tr("Cells"), lambda row: f"{row.decision.rows:,}", 64, is_right=True),
        ListColumn[DecisionRow](tr("Taken as"), lambda row: row.word or Toned("—", "hint"), 240),
    ]
    return ListTable(tr("To decide"), columns)


def _offer_table() -> ListTable[tuple[int, Offer]]:
    columns = [
        ListColumn[tuple[int, Offer]]("", lambda row: Toned(str(row[0]) if row[0] < 10 else "", "hint"), 28),
        ListColumn[tuple[int, Offer]](
            tr("Take it as"), lambda row: Named(row[1].text, row[1].context), 200, stretch=True
        ),
    ]
    return ListTable(tr("Answers"), columns)
