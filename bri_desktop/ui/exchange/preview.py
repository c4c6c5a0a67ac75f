"""The preview: the file with a verdict for each row, every problem with its answers, and what would be written."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.exchange import VERDICTS, ImportOptions
from bri_desktop.services.intake_judge import LEFT_OUT
from bri_desktop.services.intake_wizard import Book
from bri_desktop.ui.exchange.account import note_of, said_of_file, said_of_kept
from bri_desktop.ui.exchange.answers import (
    Answer,
    Question,
    Spot,
    alike,
    answered,
    decided_alike,
    offers_of,
    table_of,
)
from bri_desktop.ui.exchange.combo import Combo
from bri_desktop.ui.exchange.ignored import IgnoredDialog, ignored_sentence
from bri_desktop.ui.exchange.likeness import asks_of_likeness
from bri_desktop.ui.exchange.plan import FileTable, Plan
from bri_desktop.ui.exchange.preview_model import CellWindow, PreviewModel
from bri_desktop.ui.exchange.preview_table import PreviewTable
from bri_desktop.ui.exchange.problem_list import WIDTH, ProblemList
from bri_desktop.ui.exchange.wording import ALL, LOOKS, Names, verdict_word
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.chips import Term, VerdictBar, VerdictButton
from bri_desktop.ui.shared.panels import Band
from bri_desktop.ui.shared.tokens import Size, Space

TICK_DELAY = 400
"""Milliseconds in which further ticks join the first one before the rows are checked again."""


class PreviewStep(QWidget):
    """Shows a plan; an answer asks for another one by ``options_changed``."""

    options_changed = Signal(object)
    back_wanted = Signal()
    cancel_wanted = Signal()
    import_wanted = Signal()
    record_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._book: Book | None = None
        self._names: Names | None = None
        self._cells: CellWindow | None = None
        self._plan: Plan | None = None
        self._asked = ImportOptions()
        self._before: list[ImportOptions] = []
        self._ticking = QTimer(self, singleShot=True, interval=TICK_DELAY)
        self._ticking.timeout.connect(lambda: self.options_changed.emit(self._asked))
        self._tables: tuple[FileTable, ...] = ()
        self._make_widgets()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._file_band())
        column.addWidget(self._verdict_band())
        column.addWidget(self.note)
        column.addWidget(self._middle(), 1)
        column.addWidget(self._bar())
        self._connect()

    def _make_widgets(self) -> None:
        self.file_label = buttons.label("", "strong")
        self.facts = buttons.label("", "label")
        self.table_choice = Combo(tr("Table of the file"))
        self.mapping = buttons.label("", "hint")
        self.back_button = buttons.button(tr("Look at columns"), kind=buttons.LINK)
        self.verdicts = VerdictBar()
        self.ignored_button = buttons.button("", kind=buttons.SMALL_LINK)
        self.note = panels.Note("", "info")
        self.model = PreviewModel(self)
        self.table = PreviewTable(self.model)
        self.problems = ProblemList()
        self.shown = buttons.label("", "hint")
        self.tick_button = buttons.button("", kind=buttons.SMALL_LINK)
        self.sentence = buttons.label("", wrap=True)
        self.cancel_button = buttons.button(tr("Cancel"))
        self.import_button = buttons.button(tr("Import"), kind=buttons.PRIMARY)

    def _connect(self) -> None:
        self.back_button.clicked.connect(lambda _on: self.back_wanted.emit())
        self.cancel_button.clicked.connect(lambda _on: self.cancel_wanted.emit())
        self.import_button.clicked.connect(lambda _on: self.import_wanted.emit())
        self.ignored_button.clicked.connect(lambda _on: self._show_ignored())
        self.table_choice.activated.connect(lambda _row: self._show_rows())
        self.verdicts.chosen.connect(lambda _code: self._show_rows())
        self.table.row_chosen.connect(self._on_row)
        self.table.verticalScrollBar().valueChanged.connect(lambda _at: self._say_shown())
        self.problems.answered.connect(self._on_answered)
        self.problems.chosen.connect(self.show_question)
        self.problems.record_wanted.connect(self.record_wanted)
        self.problems.duplicates_wanted.connect(lambda: self._filter("duplicates"))
        self.problems.undo_wanted.connect(self._on_undo)
        self.problems.many_decided.connect(self._on_many)
        self.table.ticked.connect(self._on_ticked)
        self.tick_button.clicked.connect(lambda _on: self._on_tick_all())

    def _file_band(self) -> Band:
        band = Band("surface-band", 36, Space.PAGE)
        band.add(panels.icon_label("file-spreadsheet"))
        for widget in (self.file_label, self.table_choice, self.facts):
            band.add(widget)
        band.add_stretch()
        band.add(self.mapping)
        band.add(self.back_button)
        return band

    def _verdict_band(self) -> Band:
        band = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        band.add(self.verdicts, 1)
        band.add(self.ignored_button)
        return band

    def _middle(self) -> QSplitter:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        foot = panels.footer()
        foot.row.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
        foot.add(self.shown)
        foot.add(self.tick_button)
        foot.add_stretch()
        foot.add(buttons.label(tr("struck through: old value; framed: cell with a problem"), "hint"))
        column.addWidget(foot)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(self.problems)
        splitter.setStretchFactor(0, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([10_000, WIDTH])
        return splitter

    def _bar(self) -> Band:
        bar = panels.action_bar()
        bar.add(self.sentence, 1)
        bar.add(self.cancel_button)
        bar.add(self.import_button)
        return bar

    # --- a plan -----------------------------------------------------------------------------------------------------

    @property
    def plan(self) -> Plan | None:
        """The plan that is shown."""
        return self._plan

    def open(self, book: Book, names: Names) -> None:
        """Begin with a file: no plan, no answers."""
        self._book, self._names, self._cells = book, names, CellWindow(book)
        self._plan, self._before = None, []
        self.table.forget_widths()
        self.file_label.setText(book.name)
        self.back_button.setVisible(book.batch is None)

    def close_book(self) -> None:
        """Let the file go."""
        self._ticking.stop()
        self.model.clear()
        self._book = self._names = self._cells = self._plan = None

    def show_plan(self, plan: Plan) -> None:
        """Show another plan of the same file, keeping filter, table and place."""
        if self._names is None:
            return
        first = self._plan is None
        self._plan, self._asked, self._tables = plan, plan.options, plan.tables
        self._show_choice(first)
        self._show_verdicts(first)
        self._show_rows()
        self.problems.show_questions(
            plan.questions, self._names, duplicates=plan.duplicates, can_undo=bool(self._before)
        )
        self._say_ignored()
        self._say_what()
        self._say_note()

    @property
    def has_answers(self) -> bool:
        """Whether something was decided that would be lost."""
        return bool(self._before)

    def take_back(self, said: str) -> None:
        """No new plan was made: show the one before with its answers, and say why."""
        if self._plan is not None:
            if self._before and self._asked is not self._plan.options:
                self._before.pop()
            self.show_plan(self._plan)
            self.say(said)

    def say(self, text: str) -> None:
        """Put a sentence in the place of the account at the foot."""
        self.sentence.setText(text)

    def set_busy(self, busy: bool) -> None:
        """While another plan is made nothing can be imported."""
        if busy:
            self.import_button.setEnabled(False)
            self.sentence.setText(tr("Checking the rows again…"))
        elif self._plan is not None:
            self._say_what()

    def _show_choice(self, first: bool) -> None:
        at = 0 if first else self.table_choice.currentIndex()
        self.table_choice.clear()
        for table in self._tables:
            self.table_choice.addItem(tr("{sheet}: {count} rows", sheet=table.sheet.name, count=len(table.outcomes)))
        self.table_choice.setCurrentIndex(min(max(at, 0), len(self._tables) - 1))
        self.table_choice.setVisible(len(self._tables) > 1)
        columns = sum(1 for table in self._tables for column in table.block.columns if column.field)
        self.mapping.setText(tr("Columns taken in: {count}", count=columns))

    def _show_verdicts(self, first: bool) -> None:
        if self._plan is None:
            return
        counts = self._plan.report.counts
        parts = [
            Term(name, verdict_word(name), counts[name], *LOOKS[name])
            for name in (*VERDICTS, LEFT_OUT)
            if counts[name] or name in ("created", "updated", "unchanged")
        ]
        whole = Term(ALL, tr("All"), self._plan.report.rows + counts[LEFT_OUT])
        known = {part.code for part in parts}
        current = self.verdicts.current()
        self.verdicts.set_verdicts(whole, parts, current if current in known and not first else ALL)

    def _show_rows(self) -> None:
        table = self._table()
        if table is None or self._cells is None or self._names is None:
            return
        wanted = self.verdicts.current()
        rows = table.outcomes if wanted == ALL else [one for one in table.outcomes if one.verdict == wanted]
        scrolled = self.table.verticalScrollBar().value()
        self.model.show(table, rows, cells=self._cells, names=self._names, answers=self._asked.values)
        self._show_ticks()
        self.table.fit((table.sheet.name, table.block.first_row))
        self.table.verticalScrollBar().setValue(scrolled)
        where = tr("sheet “{sheet}”", sheet=table.sheet.name)
        first, last = table.outcomes[0].number, table.outcomes[-1].number  # a table has at least one
        lines = tr("rows {first}–{last}", first=first, last=last)
        self.facts.setText(" · ".join(filter(None, [where, lines])))
        self._say_shown()

    def _table(self) -> FileTable | None:
        at = self.table_choice.currentIndex()
        return self._tables[at] if 0 <= at < len(self._tables) else None

    # --- what is said -----------------------------------------------------------------------------------------------

    def _say_shown(self) -> None:
        numbers = self.table.shown_numbers()
        count = f"{self.model.rowCount():,}"
        if numbers is None:
            self.shown.setText(tr("No rows with this verdict here."))
        else:
            self.shown.setText(tr("rows {first}–{last} of {count}", first=numbers[0], last=numbers[1], count=count))

    def _say_ignored(self) -> None:
        ignored = self._plan.report.ignored if self._plan else []
        self.ignored_button.setText(ignored_sentence(ignored))
        self.ignored_button.setVisible(bool(ignored))

    def _say_what(self) -> None:
        if self._plan is None or self._book is None:
            return
        counts = self._plan.report.counts
        said = said_of_kept(counts) if self._book.batch is not None else said_of_file(counts)
        self.import_button.setEnabled(said.is_ready)
        self.import_button.setText(said.button)
        self.sentence.setText(said.account)

    def _say_note(self) -> None:
        if self._plan is not None and self._book is not None:
            said = note_of(self._plan.report, self._book.earlier)
            self.note.set_text(said)
            self.note.setVisible(bool(said))

    def _show_ignored(self) -> None:
        if self._plan is not None:
            IgnoredDialog(self._plan.report.ignored, self).open()

    # --- questions --------------------------------------------------------------------------------------------------

    def show_question(self, question: Question) -> None:
        """Show the row of a question, in its table."""
        spot = question.first
        if self._plan is None:
            return
        found = table_of(self._plan.sheets, spot.sheet, spot.row)
        table = self._table()
        if found is None or table is None:
            return
        if (table.sheet.name, table.block.first_row) != (found[0].name, found[1].first_row):
            keys = [(each.sheet.name, each.block.first_row) for each in self._tables]
            self.table_choice.setCurrentIndex(keys.index((found[0].name, found[1].first_row)))
            self._show_rows()
        columns = [column.index for column in self.model.columns]
        column = columns.index(spot.column.index) if spot.column and spot.column.index in columns else None
        if not self.table.show_row(spot.row, column):
            self._filter(ALL)
            self.table.show_row(spot.row, column)

    def _filter(self, verdict: str) -> None:
        for term in self.verdicts.widgets():
            if isinstance(term, VerdictButton) and term.verdict.code == verdict:
                term.setChecked(True)
        self._show_rows()

    def _on_row(self, number: int) -> None:
        table = self._table()
        if table is not None:
            self.problems.choose_row(table.sheet.name, number)

    def _on_answered(self, question: Question, answer: Answer, whole_column: bool) -> None:
        if self._names is None:
            return
        self._before.append(self._asked)
        options = answered(self._asked, question, answer, self._names, self._raw)
        if whole_column:
            options = self._alike(options, question, answer)
        self._asked = options
        self.options_changed.emit(options)

    def _alike(self, options: ImportOptions, question: Question, answer: Answer) -> ImportOptions:
        """Answer the like questions of the column by the reading in the same place."""
        if self._names is None:
            return options
        if asks_of_likeness(question.problem):
            return decided_alike(options, alike(question, self.problems.questions), answer.kind)
        answers = [offer.answer for offer in offers_of(question, self._names)]
        if answer not in answers:
            return options
        place = answers.index(answer)
        for other in alike(question, self.problems.questions):
            offers = offers_of(other, self._names)
            options = answered(options, other, offers[place].answer, self._names, self._raw)
        return options

    def _on_many(self, questions: Sequence[Question], kind: str) -> None:
        """Answer many questions of likeness alike, as one answer that can be taken back."""
        self._before.append(self._asked)
        self._asked = decided_alike(self._asked, questions, kind)
        self.options_changed.emit(self._asked)

    # --- ticks ------------------------------------------------------------------------------------------------------

    def _on_ticked(self, spots: Sequence[tuple[str, int]], taken: bool) -> None:
        """Leave rows out or take them in; the rows are checked again when no further tick follows at once."""
        self._before.append(self._asked)
        left_out = self._asked.left_out - set(spots) if taken else self._asked.left_out | set(spots)
        self._asked = replace(self._asked, left_out=left_out)
        self.set_busy(True)
        self._show_ticks()
        self._ticking.start()

    def _on_tick_all(self) -> None:
        spots = self.model.shown_spots()
        self._on_ticked(spots, all(spot in self._asked.left_out for spot in spots))

    def _show_ticks(self) -> None:
        self.model.set_left_out(self._asked.left_out)
        self.table.head.viewport().update()
        out = self.model.all_left_out()
        count = f"{self.model.rowCount():,}"
        self.tick_button.setText(
            tr("Take in these {count} rows", count=count) if out else tr("Leave out these {count} rows", count=count)
        )
        self.tick_button.setVisible(self.model.rowCount() > 0)

    def _on_undo(self) -> None:
        if self._before:
            self._asked = self._before.pop()
            self.options_changed.emit(self._asked)

    def _raw(self, spot: Spot) -> str:
        if spot.column is None or self._cells is None or self._plan is None:
            return ""
        found = table_of(self._plan.sheets, spot.sheet, spot.row)
        return self._cells.text(found[0].index, spot.row, spot.column.index) if found else ""
