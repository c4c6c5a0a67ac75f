"""交回合并: a workbook that came back, laid beside what was sent and what is there now, and merged cell by cell."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import InputError, UserError
from bri_desktop.domain.merge import Verdict
from bri_desktop.i18n import tr
from bri_desktop.services.merging_apply import apply_merge
from bri_desktop.services.merging_arrival import note_return
from bri_desktop.services.merging_plan import OURS, THEIRS, MergePlan, MergeReport
from bri_desktop.services.merging_show import (
    HEAD,
    TYPED,
    UNREAD,
    LineId,
    MergeLine,
    ReturnedFile,
    answer_file,
    damaged_lines,
    decisions_of,
    open_returned,
)
from bri_desktop.services.merging_typed import read_typed, with_typed
from bri_desktop.ui import dialogs
from bri_desktop.ui.exchange.merging_band import DamageBand
from bri_desktop.ui.exchange.merging_table import MergeTable
from bri_desktop.ui.exchange.rooms import Room
from bri_desktop.ui.exchange.work import Work
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.chips import Term, VerdictBar
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import Band, Door, EmptyState, Note, ProgressBand
from bri_desktop.ui.shared.tokens import Size, Space

ALL, DAMAGED = "all", "damaged"
WORKBOOKS = "Excel (*.xlsx *.xlsm *.xls *.et *.ods)"


class MergeRoom(Room):
    """Chooses a file, reviews its plan, and merges what was decided."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._returned: ReturnedFile | None = None
        self.table = MergeTable()
        self.table.decided.connect(self._say_state)
        self.table.typed_wanted.connect(self._on_typed)
        self.account = VerdictBar()
        self.account.chosen.connect(self._show_lines)
        self.file_label = buttons.label("", "section")
        self.file_hint = buttons.label("", "hint")
        self.rows_label = buttons.label("", "hint")
        self.damage = DamageBand()
        self.damage.look_wanted.connect(lambda: self._show_lines(DAMAGED))
        self.damage.leave_out_wanted.connect(self._leave_columns_out)
        self.damage.accepted.connect(self._say_state)
        self.message = Note("", "info")
        self.message.link_clicked.connect(self._on_link)
        self.error = Note("", "error")
        self.state_label = buttons.label("")
        self.reason = buttons.label(tr("Look at the damage first"), "hint")
        self.merge_button = buttons.button(tr("Merge"), self.merge, kind=buttons.PRIMARY)
        self.progress = ProgressBand()
        self.empty = EmptyState(
            tr("Open a workbook that a department sent back."),
            [Door(tr("Choose a workbook…"), "download", tr("It is compared before anything is written"), self.choose)],
        )
        self._fill()
        self._work = Work(self.progress, (self.table, self.merge_button, self.damage), self)

    def _fill(self) -> None:
        head = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        head.add(self.file_label)
        head.add(self.file_hint)
        head.add_stretch()
        head.add(self.rows_label)
        sums = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        sums.add(self.account, 1)
        self._notes = QWidget()
        told = QVBoxLayout(self._notes)
        told.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.PAGE, Space.BETWEEN)
        for widget in (self.message, self.error):
            told.addWidget(widget)
            widget.hide()
        self._notes.hide()
        hints = Band("surface-band", Size.FOOTER, Space.PAGE)
        hints.add(
            buttons.label(tr("Cells that nobody touched are not listed; an emptied cell is asked about."), "hint")
        )
        hints.add_stretch()
        hints.add(buttons.label(tr("Keys: 1 now, 2 came back, 3 another value, ↓ the next"), "hint"))
        review = QWidget()
        column = QVBoxLayout(review)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(sums)
        column.addWidget(self.damage)
        column.addWidget(self.table, 1)
        column.addWidget(hints)
        column.addWidget(self._acts())
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(review)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._notes)
        whole.addWidget(self.stack, 1)
        whole.addWidget(self.progress)

    def _acts(self) -> Band:
        acts = Band("action-bar", Size.ACTION_BAR, Space.PAGE)
        acts.add(self.state_label)
        acts.add_stretch()
        acts.add(buttons.button(tr("Rest: keep now"), partial(self._choose_rest, OURS)))
        acts.add(buttons.button(tr("Rest: take what came back"), partial(self._choose_rest, THEIRS)))
        acts.add(buttons.button(tr("Write the answer…"), self.answer, icon="file-spreadsheet"))
        acts.add(buttons.button(tr("Close"), self.leave))
        acts.add(self.reason)
        acts.add(self.merge_button)
        return acts

    # -- opening -----------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for a workbook and open it."""
        path = dialogs.choose_open_file(self, tr("Choose a workbook that came back"), WORKBOOKS)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Read a workbook and show what it comes to."""
        self.leave()
        job = self._work.begin(tr("Reading {file}", file=path.name))
        work = partial(open_returned, self._context.database, path, job.report, job.is_cancelled)
        self._context.runner.compute(work, done=self._on_opened, failed=self._on_failed, initiator=self, job=job)

    def leave(self) -> None:
        """Give the open workbook up; nothing was written."""
        self._returned = None
        self.table.forget()
        for widget in (self.damage, self.message, self.error, self._notes):
            widget.hide()
        self.stack.setCurrentIndex(0)
        self.count_changed.emit(0)

    def _on_opened(self, returned: ReturnedFile) -> None:
        self._work.finish()
        self._returned = returned
        plan = returned.plan
        self.file_label.setText(plan.file_name)
        self.file_hint.setText(_about(plan))
        self.rows_label.setText(_rows_text(plan))
        self.damage.show_damage(plan.damage, has_columns=bool(damaged_lines(returned)))
        whole, parts = _terms(plan)
        todo = sum(line.is_open and line.choice is None for line in returned.lines)
        self.account.set_verdicts(whole, parts, ALL)
        self.stack.setCurrentIndex(1)
        self.count_changed.emit(todo)
        self._show_lines()
        if not returned.lines and not plan.damage:
            self._tell(tr("Everything in this workbook is there already; there is nothing to merge."), [])
        self._context.runner.write(
            note_return, plan, returned.path, done=lambda _changes: None, failed=self._on_failed, initiator=self
        )

    def _on_failed(self, error: UserError) -> None:
        self._work.finish()
        if not (isinstance(error, InputError) and error.code == "cancelled"):
            self.error.set_text(labels.error_sentence(error))
            self.error.show()
            self._notes.show()

    def _show_lines(self, code: str = "") -> None:
        returned = self._returned
        if returned is not None:
            ids = {line.id for line in damaged_lines(returned)} if code == DAMAGED else None
            self.table.show_lines(_filtered(returned.lines, code or self.account.current() or ALL, ids))
        self._say_state()

    # -- deciding ----------------------------------------------------------------------------------------------

    def open_lines(self) -> list[MergeLine]:
        """Return the lines that still ask for a choice."""
        lines = self._returned.lines if self._returned is not None else ()
        return [line for line in lines if line.is_open and self.table.choice_of(line) is None]

    def _choose_rest(self, side: str) -> None:
        self.table.choose(self.open_lines(), side)

    def _leave_columns_out(self) -> None:
        if self._returned is not None:
            self.table.choose(damaged_lines(self._returned), OURS)
        self._say_state()

    def _on_typed(self, line: MergeLine, text: str) -> None:
        if self._returned is not None:
            self._context.runner.read(
                read_typed,
                self._returned.plan,
                (line.id[1], line.id[2]),
                text,
                done=lambda value: self.table.take_typed(line, value),
                failed=self._on_failed,
                initiator=self,
                replaces=(id(self), "typed"),
            )

    def _say_state(self) -> None:
        if self._returned is None:
            return
        waiting = len(self.open_lines())
        self.count_changed.emit(waiting)
        self.state_label.setText(
            tr("{count} to be chosen; what is not chosen stays as it is now.", count=waiting)
            if waiting
            else tr("Everything is chosen.")
        )
        is_ready = self.damage.is_answered
        self.merge_button.setEnabled(is_ready)
        self.merge_button.setToolTip("" if is_ready else tr("Look at the damage first"))
        self.reason.setVisible(not is_ready)

    # -- merging -----------------------------------------------------------------------------------------------

    def merge(self) -> None:
        """Write what was decided, in one transaction that Ctrl+Z takes back."""
        if self._returned is None:
            return
        choices, typed = self.table.choices, self.table.typed
        decisions = decisions_of(self._returned.lines, choices, accept_damage=self.damage.is_answered)
        values = {(line[1], line[2]): one.value for line, one in typed.items() if choices.get(line) == TYPED}
        job = self._work.begin(tr("Merging {file}", file=self._returned.plan.file_name))
        self._context.runner.write(
            apply_merge,
            with_typed(self._returned.plan, values),
            decisions,
            done=self._on_merged,
            failed=self._on_failed,
            initiator=self,
            job=job,
        )

    def _on_merged(self, report: MergeReport) -> None:
        self._work.finish()
        returned = self._returned
        waiting = len(report.conflicts) + len(report.cleared)
        text = tr(
            "Merged: {cells} values of {rows} records, {new} new.",
            cells=f"{report.cells_merged:,}",
            rows=f"{report.rows_touched:,}",
            new=f"{report.created_count:,}",
        )
        if waiting:
            text += tr("{count} are still open: open the workbook again to decide them.", count=waiting)
        self.leave()
        self._returned = returned
        self._tell(text, [("answer", tr("Write the answer…")), ("next", tr("Choose a workbook…"))])

    def _tell(self, text: str, links: list[tuple[str, str]]) -> None:
        self.message.set_text(text)
        self.message.set_links(links)
        self.message.show()
        self._notes.show()

    def _on_link(self, code: str) -> None:
        if code == "answer":
            self.answer()
        else:
            self.choose()

    # -- the answer --------------------------------------------------------------------------------------------

    def answer(self) -> None:
        """Write the department's own file with a verdict on each cell, where the user says."""
        returned = self._returned
        if returned is None:
            return
        name = tr("{file} with verdicts", file=returned.path.stem)
        path = dialogs.choose_save_file(
            self, tr("Save the answer"), "Excel (*.xlsx)", suggestion=returned.path.with_name(f"{name}.xlsx")
        )
        if path is None:
            return
        target = path.with_suffix(".xlsx")
        self._context.runner.read(
            answer_file,
            returned,
            target,
            done=lambda cells: self._tell(tr("{file}: {count} verdicts", file=target.name, count=cells), []),
            failed=self._on_failed,
            initiator=self,
        )


def _about(plan: MergePlan) -> str:
    if plan.issue is None:
        return tr("not one of the issued workbooks: compared by content")
    return tr("issue {number}, {department}", number=plan.issue, department=plan.department)


def _rows_text(plan: MergePlan) -> str:
    parts = [
        (tr("{count} rows", count=f"{plan.counts.get('rows', 0):,}"), True),
        (tr("{count} new", count=f"{len(plan.added()):,}"), bool(plan.added())),
        (tr("{count} missing", count=f"{len(plan.missing):,}"), bool(plan.missing)),
        (tr("{count} not understood", count=f"{len(plan.problems):,}"), bool(plan.problems)),
    ]
    return tr(", ").join(text for text, is_told in parts if is_told)


def _terms(plan: MergePlan) -> tuple[Term, list[Term]]:
    looks = {
        Verdict.UNCHANGED: (tr("untouched"), None, "text"),
        Verdict.THEIRS: (tr("changed there only"), "download", "series_1"),
        Verdict.OURS: (tr("changed here only"), None, "text"),
        Verdict.EQUAL: (tr("the same on both sides"), "equal", "text"),
        Verdict.CLASH: (tr("in dispute"), "triangle-alert", "warning"),
        Verdict.CLEARED: (tr("cleared"), "triangle-alert", "warning"),
        Verdict.READ_ONLY: (tr("read-only changed"), "lock", "warning"),
        Verdict.INVALID: (tr("not understood"), "circle-alert", "error"),
    }
    parts = [
        Term(str(verdict), word, plan.counts.get(f"cell_{verdict}", 0), icon, role)
        for verdict, (word, icon, role) in looks.items()
    ]
    whole = Term(ALL, tr("values"), plan.counts.get("cells", 0))
    return whole, [part for part in parts if part.count or part.code in ("unchanged", "theirs", "clash")]


def _filtered(lines: tuple[MergeLine, ...], verdict: str, ids: set[LineId] | None) -> list[MergeLine]:
    """Return the lines of a verdict, or those of ``ids``, with the heads over them."""
    shown: list[MergeLine] = []
    head: MergeLine | None = None
    for line in lines:
        if line.kind == HEAD:
            head = line
        elif _is_wanted(line, verdict) if ids is None else line.id in ids:
            if head is not None:
                shown.append(head)
                head = None
            shown.append(line)
    return shown


def _is_wanted(line: MergeLine, verdict: str) -> bool:
    return verdict in (ALL, line.verdict) or (verdict == Verdict.INVALID and line.kind == UNREAD)
