"""Backups: what copies there are and how they were checked; making one, restoring one, looking the ledger through."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.ui import dialogs
from bri_desktop.ui.preferences.backup_words import (
    age_text,
    amount_of,
    difference_lines,
    size_text,
    time_text,
    verdict_text,
    why_text,
)
from bri_desktop.ui.runner import Job
from bri_desktop.ui.settings import SECOND_PLACE
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import Cell, Toned
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import Space

if TYPE_CHECKING:
    from bri_desktop.services.checking import CheckReport
    from bri_desktop.services.restoring import Difference
    from bri_desktop.services.safekeeping import Copy, Packed

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

SIDE_WIDTH = 336
PASSWORD_CODES = ("password_needed", "password_wrong")
PACKAGE_FILTER = "*.bribackup"


class BackupsPanel(QFrame):
    """备份与检查: the copies at the left, what can be done at the right."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.context = context
        self._copies: dict[int, Copy] = {}
        self._prepared: Path | None = None
        self._job: Job | None = None
        self.table = self._copies_table()
        self.second = buttons.label("", wrap=True)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(tr("Password"))
        self.password.setPlaceholderText(tr("without a password: readable by anyone who has the file"))
        self.result = buttons.label("", wrap=True)
        self.result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.print_button = buttons.button(tr("Print the recovery key"), self.print_key, icon="printer")
        self.print_button.hide()
        self._packed: Packed | None = None
        self.progress = panels.ProgressBand()
        self._lay_out()
        self._show_second()

    def activate(self) -> None:
        """Read what copies there are."""
        self.context.runner.compute(_read_copies, self.context.path, self._second(), done=self._show, initiator=self)

    # -- making ------------------------------------------------------------------------------------------------

    def _copies_table(self) -> "LedgerTable[Copy]":
        columns: list[Column[Copy]] = [
            Column("at", tr("Made"), lambda copy: time_text(copy.at), 130, is_sortable=False),
            Column("age", tr("Age"), lambda copy: age_text(copy.at), 76, is_right=True, is_sortable=False),
            Column("why", tr("Reason for it"), lambda copy: why_text(copy.why), 150, is_sortable=False, stretch=True),
            Column("projects", tr("Projects"), amount_of, 80, is_right=True, is_sortable=False),
            Column("size", tr("Size"), lambda copy: size_text(copy.size), 90, is_right=True, is_sortable=False),
            Column("place", tr("Place"), self._place, 90, is_sortable=False, priority=1),
            Column("verdict", tr("Checked"), _verdict, 190, is_sortable=False),
        ]
        model = WindowedModel(columns, lambda ids, arrived: arrived({row: self._copies[row] for row in ids}))
        made: LedgerTable[Copy] = LedgerTable(tr("Backups"), model)
        made.setSelectionMode(LedgerTable.SelectionMode.SingleSelection)
        made.opened.connect(lambda _row: self.restore_selected())
        return made

    def _place(self, copy: "Copy") -> str:
        is_beside = self.context.path.parent in copy.path.parents[:2]
        return tr("beside it") if is_beside else tr("second place")

    def _lay_out(self) -> None:
        bar = panels.action_bar()
        bar.add(buttons.button(tr("Back up now"), self.back_up, icon="save", kind=buttons.PRIMARY))
        bar.add(buttons.button(tr("Restore selected"), self.restore_selected, icon="undo-2"))
        bar.add(buttons.button(tr("Restore from a file"), self.restore_file, icon="folder-open"))
        bar.add_stretch()
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.table, 1)
        left.addWidget(self.progress)
        left.addWidget(bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self._side())

    def _side(self) -> QWidget:
        side = QFrame()
        side.setProperty("kind", "side")
        side.setFixedWidth(SIDE_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        column.setSpacing(Space.BETWEEN)
        hint = tr("The program makes copies by itself: at the start, every 30 minutes of change, before whatever "
                  "touches many records. They are thinned with age.")  # fmt: skip
        self._section(column, tr("Second place"), hint)
        column.addWidget(self.second)
        column.addLayout(
            _row(
                buttons.button(tr("Choose a folder"), self.choose_second),
                buttons.button(tr("No second place"), self.forget_second, kind=buttons.LINK),
            )
        )
        column.addWidget(panels.rule())
        hint = tr("One file with the ledger and all attachments, for a USB stick or another computer.")
        self._section(column, tr("Whole backup"), hint)
        column.addWidget(self.password)
        column.addLayout(_row(buttons.button(tr("Save as one file"), self.pack, icon="save")))
        column.addLayout(_row(self.print_button))
        column.addWidget(panels.rule())
        self._section(column, tr("Check"), tr("Compares each record and each attachment with its digest."))
        column.addLayout(
            _row(
                buttons.button(tr("Check the ledger"), self.check),
                buttons.button(tr("Check the backups"), self.check_copies),
            )
        )
        column.addWidget(self.result)
        column.addStretch(1)
        return side

    def _section(self, column: QVBoxLayout, title: str, hint: str) -> None:
        column.addWidget(buttons.label(title, "section"))
        column.addWidget(buttons.label(hint, "hint", wrap=True))

    # -- showing -----------------------------------------------------------------------------------------------

    def _show(self, copies: "Sequence[Copy]") -> None:
        self._copies = dict(enumerate(copies))
        self.table.show_ids(list(self._copies), self._copies)

    def _second(self) -> Path | None:
        chosen = self.context.settings.get(SECOND_PLACE)
        return Path(chosen) if chosen else None

    def _show_second(self) -> None:
        place = self._second()
        self.second.setText(str(place) if place else tr("none chosen: a broken disk takes the copies with it"))

    def _say(self, text: str) -> None:
        self.result.setText(text)
        self.result.setAccessibleName(text)

    def _begin(self, what: str) -> Job:
        self._job = Job(self)
        self.progress.start(what, cancellable=False)
        self._say("")
        return self._job

    def _failed(self, error: UserError) -> None:
        self.progress.finish()
        self._say(labels.error_sentence(error))

    def _done(self, text: str) -> None:
        self.progress.finish()
        self._say(text)
        self.activate()

    # -- acts --------------------------------------------------------------------------------------------------

    def back_up(self) -> None:
        """Make an automatic copy now."""
        self._begin(tr("Backing up"))
        self._compute(_back_up, self.context.path, self._second(), done=self._on_backed_up)

    def _on_backed_up(self, kept: Path | None) -> None:
        self._done(tr("Copied and checked.") if kept else labels.sentence("backup_empty"))

    def choose_second(self) -> None:
        """Choose the folder of the second place."""
        folder = dialogs.choose_folder(self, tr("Second place"), folder=self._second())
        if folder is not None:
            self._keep_second(str(folder))

    def forget_second(self) -> None:
        """Have no second place."""
        self._keep_second("")

    def _keep_second(self, place: str) -> None:
        self.context.settings.set(SECOND_PLACE, place)
        self.context.settings.save()
        self._show_second()
        self.activate()

    def pack(self) -> None:
        """Write one file with everything."""
        name = f"{self.context.path.stem}.bribackup"
        target = dialogs.choose_save_file(
            self, tr("Whole backup"), f"{tr('Backups')} ({PACKAGE_FILTER})", suggestion=Path(name)
        )
        if target is None:
            return
        job = self._begin(tr("Backing up"))
        job.progressed.connect(self.progress.report)
        self._compute(_pack, self.context.path, target, self.password.text() or None, job, done=self._on_packed)

    def _on_packed(self, packed: "Packed") -> None:
        self.password.clear()
        self._packed = packed
        self.print_button.setVisible(packed.recovery_key is not None)
        lines = [tr("Saved and checked: {path}", path=packed.path)]
        if packed.lacking:
            lines.append(tr("{count} attachments were missing already.", count=len(packed.lacking)))
        if packed.recovery_key:
            lines.append(tr("Recovery key, to print and keep apart: {key}", key=packed.recovery_key))
        self._done("\n".join(lines))

    def print_key(self) -> None:
        """Print the recovery key of the file saved last."""
        if self._packed is not None and self._packed.recovery_key:
            from bri_desktop.ui.preferences.recovery import print_key

            print_key(self, self._packed.path.name, self._packed.recovery_key, datetime.now())

    def check(self) -> None:
        """Look the ledger through."""
        self._begin(tr("Checking the ledger"))
        self._compute(_check, self.context.path, done=self._on_checked)

    def _on_checked(self, report: "CheckReport") -> None:
        if not report.findings:
            self._done(tr("{count} entries checked, nothing is damaged.", count=f"{report.rows:,}"))
            return
        lines = [tr("{count} damages; first of them:", count=len(report.findings))]
        for finding in report.findings[:5]:
            values = {"key": finding.key, "name": finding.name, "row": finding.row, "table": finding.table}
            lines.append("· " + labels.sentence(finding.code, {**values, "detail": finding.detail}))
        lines.append(tr("Close the program and run “bri-desktop check --repair”, or restore a backup."))
        self._done("\n".join(lines))

    def check_copies(self) -> None:
        """Look every copy through."""
        job = self._begin(tr("Checking the backups"))
        job.progressed.connect(self.progress.report)
        self._compute(_check_copies, self.context.path, self._second(), job, done=self._on_copies_checked)

    def _on_copies_checked(self, damaged: int) -> None:
        self._done(
            tr("{count} backups are damaged and do not count.", count=damaged)
            if damaged
            else tr("All backups are whole.")
        )

    # -- restoring ---------------------------------------------------------------------------------------------

    def restore_selected(self) -> None:
        """Offer to put the selected copy in the place of the ledger."""
        row = self.table.current_id()
        if row is None:
            self._say(tr("Please select a backup first."))
            return
        self._prepare(self._copies[row].path)

    def restore_file(self) -> None:
        """Offer to put a file's ledger in the place of this one."""
        filters = f"{tr('Backups')} ({PACKAGE_FILTER} *.db)"
        file = dialogs.choose_open_file(self, tr("Restore from a file"), filters)
        if file is not None:
            self._prepare(file)

    def offer(self, file: Path) -> None:
        """Offer to put the ledger of ``file`` in the place of this one; under a password it says that it needs it."""
        self._prepare(file)

    def _prepare(self, source: Path, secret: str | None = None) -> None:
        self._begin(tr("Reading the backup"))

        def failed(error: UserError) -> None:
            self._failed(error)
            if error.code in PASSWORD_CODES and (typed := dialogs.ask_secret(self, labels.error_sentence(error))):
                self._prepare(source, typed)

        path = self.context.path
        self.context.runner.compute(
            _prepare, source, path, secret, done=self._on_prepared, failed=failed, initiator=self
        )

    def _on_prepared(self, prepared: "tuple[Path, list[Difference]]") -> None:
        self.progress.finish()
        new, differences = prepared
        choice = dialogs.ask(
            self,
            tr("Put this backup in the place of the ledger?"),
            [
                dialogs.Choice("restore", tr("Restore; the present ledger is kept"), is_destructive=True),
                dialogs.Choice("leave", tr("Leave it")),
            ],
            detail="\n".join(difference_lines(differences)),
        )
        if choice == "restore":
            self.context.replace_ledger(new)
        else:
            self._compute(_discard, new, done=lambda _nothing: None)

    def _compute(self, work: Callable[[*Ts], T], *args: *Ts, done: Callable[[T], object]) -> None:
        self.context.runner.compute(work, *args, done=done, failed=self._failed, initiator=self)


def _verdict(copy: "Copy") -> Cell | str:
    tone = {"damaged": "error", "lacking": "warning"}.get(copy.verdict)
    return Toned(verdict_text(copy), tone) if tone else verdict_text(copy)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(Space.BETWEEN)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _read_copies(path: Path, second: Path | None) -> "list[Copy]":
    from bri_desktop.services.safekeeping import known_copies

    return known_copies(path, second)


def _back_up(path: Path, second: Path | None) -> Path | None:
    from bri_desktop.services.safekeeping import back_up_now

    return back_up_now(path, "asked", second)


def _pack(path: Path, target: Path, password: str | None, job: Job) -> "Packed":
    from bri_desktop.services.safekeeping import pack

    return pack(path, target, password=password, told=job.report)


def _check(path: Path) -> "CheckReport":
    from bri_desktop.services.checking import check_ledger

    return check_ledger(path)


def _check_copies(path: Path, second: Path | None, job: Job) -> int:
    from bri_desktop.services.safekeeping import check_copies

    return check_copies(path, second, job.report)


def _prepare(source: Path, path: Path, secret: str | None) -> "tuple[Path, list[Difference]]":
    from bri_desktop.services.restoring import differences, prepare

    new = prepare(source, path, secret)
    return new, differences(path, new)


def _discard(new: Path) -> None:
    from bri_desktop.services.restoring import discard

    discard(new)
