"""可能重复: pairs of records by how alike they are, side by side, made one or said to be different."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QSpinBox, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.match import POSSIBLE
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.i18n import tr
from bri_desktop.labels import error_sentence
from bri_desktop.services.distinct import ToldApart, forget_distinct, remember_distinct, told_apart
from bri_desktop.services.duplicates import (
    LEFT,
    RIGHT,
    Merged,
    MergeWish,
    PairFound,
    SideBySide,
    merge_records,
    search_pairs,
    side_by_side,
)
from bri_desktop.ui.exchange.duplicates_compare import CompareTable, compare_rows
from bri_desktop.ui.exchange.duplicates_list import PairTable, apart_table
from bri_desktop.ui.exchange.rooms import Room
from bri_desktop.ui.exchange.wording import Names
from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import Band, EmptyState, Note, ProgressBand, action_bar
from bri_desktop.ui.shared.tokens import Size, Space

LOWEST = 60
KINDS = frozenset({"project", "distinct"})
Pair = tuple[str, str]


class DuplicatesRoom(Room):
    """Lists the pairs, compares the current one, and merges or parts those selected."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._is_stale = True
        self._pairs: list[PairFound] = []
        self._apart: list[ToldApart] = []
        self._later: set[Pair] = set()
        self._choices: dict[Pair, dict[str, str]] = {}
        self._swapped: set[Pair] = set()
        self._compared: SideBySide | None = None
        self._names = Names(context.codes, PlaceIndex(()), {})
        self._make_widgets()
        self._fill()
        self._connect()

    def _make_widgets(self) -> None:
        self.title = buttons.label("", "section")
        self.score = QSpinBox()
        self.score.setRange(LOWEST, 100)
        self.score.setValue(POSSIBLE)
        self.score.setSuffix(tr(" %"))
        self.score.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.score.setAccessibleName(tr("At least so much alike"))
        self.score.setFixedHeight(Size.SMALL_CONTROL)
        self.search_button = buttons.button(tr("Search again"), icon="refresh-cw", kind=buttons.SMALL)
        self.later_button = buttons.button("", kind=buttons.SMALL_LINK)
        self.apart_button = buttons.button("", kind=buttons.SMALL_LINK)
        self.note = Note("", "info")
        self.note.hide()
        self.error = Note("", "error")
        self.error.hide()
        self.pairs = PairTable()
        self.compare = CompareTable()
        self.facts = buttons.label("", "hint")
        self.swap_button = buttons.button(tr("Keep the other one"), icon="arrow-left-right", kind=buttons.SMALL)
        self.show_button = buttons.button("", kind=buttons.SMALL_LINK)
        self.sentence = buttons.label("", wrap=True)
        self.later_act = buttons.button(tr("Later"))
        self.distinct_act = buttons.button(tr("Not the same"))
        self.merge_act = buttons.button(tr("Merge"), kind=buttons.PRIMARY)
        self.empty = EmptyState(tr("No records look alike."))
        self.apart = apart_table()
        self.revoke_button = buttons.button(tr("Take decision back"), icon="undo-2", kind=buttons.SMALL)
        self.back_button = buttons.button(tr("Back to the pairs"), kind=buttons.SMALL_LINK)
        self.progress = ProgressBand()

    def _fill(self) -> None:
        self.stack = QStackedWidget()
        self.work, self.parted = self._work(), self._parted()
        for part in (self.empty, self.work, self.parted):
            self.stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self.error)
        column.addWidget(self.note)
        column.addWidget(self.stack, 1)
        column.addWidget(self.progress)

    def _head(self) -> Band:
        band = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        band.add(self.title)
        band.add(buttons.label(tr("At least"), "label"))
        band.add(self.score)
        band.add(self.search_button)
        band.add_stretch()
        band.add(self.later_button)
        band.add(self.apart_button)
        return band

    def _work(self) -> QWidget:
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        band = Band("surface-band", Size.NAVIGATION_ROW, Space.PAGE)
        band.add(self.facts)
        band.add_stretch()
        band.add(self.show_button)
        band.add(self.swap_button)
        column.addWidget(band)
        column.addWidget(self.compare, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.pairs)
        splitter.addWidget(lower)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([220, 320])
        bar = action_bar()
        bar.add(self.sentence, 1)
        for button in (self.later_act, self.distinct_act, self.merge_act):
            bar.add(button)
        made = QWidget()
        whole = QVBoxLayout(made)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(splitter, 1)
        whole.addWidget(bar)
        return made

    def _parted(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        band = Band("surface-band", Size.NAVIGATION_ROW, Space.PAGE)
        band.add(self.back_button)
        band.add_stretch()
        band.add(self.revoke_button)
        column.addWidget(band)
        column.addWidget(self.apart, 1)
        return made

    def _connect(self) -> None:
        self.progress.cancelled.connect(self._on_cancel)
        self.search_button.clicked.connect(lambda _on: self.search())
        self.score.editingFinished.connect(self._on_score)
        self.pairs.selection_changed.connect(self._on_selected)
        self.pairs.key_given.connect(lambda key: {"M": self.merge, "D": self.part, "L": self.postpone}[key]())
        self.pairs.doubleClicked.connect(lambda _index: self._open_record())
        self.compare.chosen.connect(self._on_choice)
        self.swap_button.clicked.connect(lambda _on: self._on_swap())
        self.show_button.clicked.connect(lambda _on: self._open_record())
        self.merge_act.clicked.connect(lambda _on: self.merge())
        self.distinct_act.clicked.connect(lambda _on: self.part())
        self.later_act.clicked.connect(lambda _on: self.postpone())
        self.later_button.clicked.connect(lambda _on: self._on_later_again())
        self.apart_button.clicked.connect(lambda _on: self.stack.setCurrentWidget(self.parted))
        self.back_button.clicked.connect(lambda _on: self._show())
        self.revoke_button.clicked.connect(lambda _on: self._on_revoke())
        self.apart.selection_changed.connect(lambda: self.revoke_button.setEnabled(bool(self.apart.selected())))
        self.note.link_clicked.connect(lambda _key: self._context.undo())

    # --- reading ----------------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Search where something changed since the last search."""
        if self._is_stale and self._job is None:
            self.search()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Search again where others changed records: at once where the room is shown."""
        if changes.kinds & KINDS and initiator is not self:
            self._is_stale = True
            if self.isVisible():
                self.activate()

    def may_leave(self) -> bool:
        """Stop a search that runs."""
        self._on_cancel()
        return True

    def search(self) -> None:
        """Find the pairs; a search that runs is left."""
        self._on_cancel()
        self._is_stale = False
        self._job = job = Job(self)
        job.progressed.connect(self.progress.report)
        self.progress.start(tr("Comparing the records"))
        self._context.runner.compute(
            search_pairs,
            self._context.database,
            self.score.value(),
            job.report,
            job.is_cancelled,
            done=lambda found: self._on_found(job, found),
            failed=lambda error: self._on_not_found(job, error),
            initiator=self,
            job=job,
        )

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._is_stale = True

    def _on_found(self, job: Job, found: tuple[list[PairFound], list[ToldApart]]) -> None:
        if job is self._job:
            self._finish()
            self._pairs, self._apart = found
            self._show()

    def _on_not_found(self, job: Job, error: UserError) -> None:
        if job is self._job:
            self._finish()
            self._on_failed(error)

    def _finish(self) -> None:
        if self._job is not None:
            self._job.deleteLater()
        self._job = None
        self.progress.finish()

    def _on_score(self) -> None:
        if self._job is None or not self._is_stale:
            self.search()

    # --- the list ---------------------------------------------------------------------------------------------------

    def _shown(self) -> list[PairFound]:
        return [pair for pair in self._pairs if (pair.left, pair.right) not in self._later]

    def _show(self) -> None:
        shown = self._shown()
        self.title.setText(tr("Possible duplicates {count}", count=len(shown)))
        self.later_button.setText(tr("Put off {count}", count=len(self._pairs) - len(shown)))
        self.later_button.setVisible(len(self._pairs) > len(shown))
        self.apart_button.setText(tr("Said to be different {count}", count=len(self._apart)))
        self.apart_button.setVisible(bool(self._apart))
        self.apart.show_rows(self._apart)
        at = max(self.pairs.currentIndex().row(), 0)
        self.pairs.show_rows(shown)
        self.stack.setCurrentWidget(self.work if shown else self.empty)
        if shown:
            self.pairs.selectRow(min(at, len(shown) - 1))
        self._on_selected()

    def _on_selected(self) -> None:
        chosen = self.pairs.selected()
        count = len(chosen)
        for button in (self.merge_act, self.distinct_act, self.later_act, self.swap_button):
            button.setEnabled(count > 0)
        self.merge_act.setText(tr("Merge {count} pairs", count=count) if count > 1 else tr("Merge"))
        self.distinct_act.setText(tr("{count} pairs not the same", count=count) if count > 1 else tr("Not the same"))
        self.sentence.setText(
            tr("Keys: M merge, D not the same, L later; in the table below 1, 2, 3 choose. One undo restores both.")
        )
        if chosen:
            self._read_pair(chosen[0])
        else:
            self._compared = None
            self.compare.show_rows(())

    def _read_pair(self, pair: PairFound) -> None:
        self._context.runner.read(
            side_by_side,
            *self._kept_first(pair),
            done=self._on_pair,
            failed=self._on_failed,
            initiator=self,
            replaces=(id(self), "pair"),
        )

    def _kept_first(self, pair: PairFound) -> Pair:
        keys = (pair.left, pair.right)
        return (keys[1], keys[0]) if keys in self._swapped else keys

    def _on_pair(self, found: SideBySide) -> None:
        self._compared = found
        self._compare()

    def _compare(self) -> None:
        pair = self._compared
        if pair is None:
            return
        rows = compare_rows(pair, self._choices.get(self._pair_of(pair), {}), self._names)
        self.compare.show_compared(rows)
        differing = sum(1 for row in rows if row.field and row.choice)
        keys = {"left": pair.left.key, "right": pair.right.key}
        self.facts.setText(tr("{left} is kept and takes in {right}; {count} fields differ", **keys, count=differing))
        self.show_button.setText(tr("Show record {key}", key=pair.right.key))

    def _pair_of(self, pair: SideBySide) -> Pair:
        return pair.left.key, pair.right.key

    def _on_choice(self, field: str, choice: str) -> None:
        if self._compared is not None:
            self._choices.setdefault(self._pair_of(self._compared), {})[field] = choice
            self._compare()

    def _on_swap(self) -> None:
        """Keep the other record of the selected pairs; what was chosen stays with its record."""
        for pair in self.pairs.selected():
            keys = (pair.left, pair.right)
            before = self._choices.pop(self._kept_first(pair), {})
            self._swapped ^= {keys}
            turned = {LEFT: RIGHT, RIGHT: LEFT}
            self._choices[self._kept_first(pair)] = {name: turned.get(said, said) for name, said in before.items()}
        self._on_selected()

    def _open_record(self) -> None:
        if self._compared is not None:
            self._context.open_record(self._compared.right.key)

    # --- deciding ---------------------------------------------------------------------------------------------------

    def merge(self) -> None:
        """Merge the selected pairs in one act."""
        kept = [self._kept_first(pair) for pair in self.pairs.selected()]
        wishes = [MergeWish(keep, other, self._choices.get((keep, other), {})) for keep, other in kept]
        if wishes:
            gone = {wish.other for wish in wishes}
            self._write(merge_records, wishes, lambda merged: self._on_merged(merged, len(wishes), gone))

    def _on_merged(self, _merged: Merged, count: int, gone: set[str]) -> None:
        self._pairs = [pair for pair in self._pairs if pair.left not in gone and pair.right not in gone]
        self._say(tr("{count} pairs merged; the other records are in the bin.", count=count), undo=True)
        self._show()

    def part(self) -> None:
        """Remember that the records of the selected pairs are different."""
        pairs = [(pair.left, pair.right) for pair in self.pairs.selected()]
        if pairs:
            self._write(remember_distinct, pairs, lambda _changes: self._on_parted(pairs))

    def _on_parted(self, pairs: Sequence[Pair]) -> None:
        self._pairs = [pair for pair in self._pairs if (pair.left, pair.right) not in pairs]
        self._say(tr("{count} pairs will not be shown again.", count=len(pairs)))
        self._read_apart()

    def _read_apart(self) -> None:
        self._context.runner.read(told_apart, done=self._on_apart, initiator=self, replaces=(id(self), "apart"))

    def _on_apart(self, apart: list[ToldApart]) -> None:
        self._apart = apart
        self._show()

    def postpone(self) -> None:
        """Put the selected pairs off until the room is opened anew."""
        self._later |= {(pair.left, pair.right) for pair in self.pairs.selected()}
        self._show()

    def _on_later_again(self) -> None:
        self._later.clear()
        self._show()

    def _on_revoke(self) -> None:
        pairs = [(one.left, one.right) for one in self.apart.selected()]
        if pairs:
            self._write(forget_distinct, pairs, lambda _changes: self.search())

    def _write(self, work: Callable[..., Any], what: Sequence[Any], done: Callable[[Any], object]) -> None:
        self._context.runner.write(work, what, done=done, failed=self._on_failed, initiator=self)

    def _say(self, text: str, *, undo: bool = False) -> None:
        self.note.set_text(text)
        self.note.set_links([("undo", tr("Undo"))] if undo else [])
        self.note.show()
        self.error.hide()

    def _on_failed(self, error: UserError) -> None:
        self.error.set_text(error_sentence(error))
        self.error.show()
        self.note.hide()
