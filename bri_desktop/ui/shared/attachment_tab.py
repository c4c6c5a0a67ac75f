"""The files of one record: dropped or chosen, opened by the system's program as a read-only copy, missed when gone."""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import InputError, UserError, Where
from bri_desktop.i18n import tr
from bri_desktop.services.attachments import (
    AddedFiles,
    AttachmentFolder,
    AttachmentRow,
    Content,
    add_attachments,
    attachments_of,
    folder_beside,
    is_program,
    remove_attachments,
    save_copy,
    store_files,
)
from bri_desktop.ui import dialogs
from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.attachment_model import PICTURE, AttachmentDelegate, AttachmentModel, state_text
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import Note, ProgressBand
from bri_desktop.ui.shared.thumbnails import thumbnail
from bri_desktop.ui.shared.tokens import Space

OPENED = tempfile.TemporaryDirectory(prefix="bri-desktop-", ignore_cleanup_errors=True)
"""Read-only copies that were opened lie here until the program ends."""


def open_file(path: Path) -> None:
    """Let the system's program show a file."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class FileList(QListView):
    """The list; Delete takes off, Enter opens."""

    delete_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open and delete by key."""
        if event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class AttachmentTab(QWidget):
    """The files of the record whose key :meth:`show_owner` gets."""

    said = Signal(str)
    count_changed = Signal(int)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.folder = AttachmentFolder(folder_beside(context.path))
        self._owner = ""
        self._job: Job | None = None
        self.setAcceptDrops(True)
        self.model = AttachmentModel(self)
        self.list = FileList()
        self.list.setAccessibleName(labels.record_kind_label("attachment"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(AttachmentDelegate(self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.progress = ProgressBand()
        self.problem = Note("", "warning")
        self.problem.hide()
        self.state = buttons.label("", "problem", wrap=True)
        self.state.setContentsMargins(Space.PAGE, Space.INSIDE, Space.PAGE, Space.INSIDE)
        self.state.hide()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.drop_area = QFrame()
        self.drop_area.setProperty("kind", "note")
        words = buttons.label(tr("Drop files or a folder here"), "hint")
        self.add_button = buttons.button(tr("Add files"), self.choose, icon="paperclip")
        row = QHBoxLayout(self.drop_area)
        row.setContentsMargins(Space.SECTION, Space.BETWEEN, Space.BETWEEN, Space.BETWEEN)
        row.addWidget(words, 1)
        row.addWidget(self.add_button)
        self.open_button = buttons.button(tr("Open file"), self.open_current, kind=buttons.SMALL)
        self.save_button = buttons.button(tr("Save a copy"), self.save_current, kind=buttons.SMALL)
        self.remove_button = buttons.button(tr("Take off"), self.remove, kind=buttons.SMALL_LINK)
        acts = QHBoxLayout()
        acts.setSpacing(Space.BETWEEN)
        acts.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.PAGE, Space.BETWEEN)
        for button in (self.open_button, self.save_button, self.remove_button):
            acts.addWidget(button)
        acts.addStretch(1)
        top = QVBoxLayout()
        top.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
        top.addWidget(self.drop_area)
        top.addWidget(self.problem)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.progress)
        column.addWidget(self.list, 1)
        column.addWidget(self.state)
        column.addLayout(acts)

    def _connect(self) -> None:
        self.list.activated.connect(lambda _index: self.open_current())
        self.list.delete_wanted.connect(self.remove)
        self.list.selectionModel().selectionChanged.connect(lambda *_change: self._show_acts())
        self.progress.cancelled.connect(self._on_cancel)
        self._context.runner.changed.connect(self._on_changed)

    # -- reading -----------------------------------------------------------------------------------------------

    def show_owner(self, key: str) -> None:
        """Show the files of a record; ``""`` shows none."""
        if key != self._owner:
            self._owner = key
            self.problem.hide()
            self._show([])
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        """Look whether the files are still there."""
        super().showEvent(event)
        self.reload()

    def reload(self) -> None:
        """Look again at what the record has and whether it is there."""
        if self._owner:
            folder, owner = self.folder, self._owner
            self._context.runner.read(
                lambda session: attachments_of(session, folder, owner), done=self._show,
                failed=lambda _error: self._show([]), initiator=self, replaces=(id(self), "files"),
            )  # fmt: skip

    def _show(self, rows: list[AttachmentRow]) -> None:
        place = self.list.currentIndex().row()
        self.model.show_rows(rows)
        if rows:
            self.list.setCurrentIndex(self.model.index(min(max(place, 0), len(rows) - 1)))
        self._show_acts()
        self.count_changed.emit(len(rows))
        missing = [row for row in rows if row.sha256 not in self.model.pictures and row.state == "whole"]
        if missing:
            self._context.runner.compute(
                _pictures, self.folder, missing, 2 * PICTURE, done=self.model.show_pictures, initiator=self
            )

    def _show_acts(self) -> None:
        row = self.current()
        chosen = bool(self.selected())
        for button in (self.open_button, self.save_button, self.remove_button):
            button.setEnabled(chosen)
        text = state_text(row) if row is not None else ""
        self.state.setText(text)
        self.state.setVisible(bool(text))

    def current(self) -> AttachmentRow | None:
        """Return the current file."""
        place = self.list.currentIndex().row()
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    def selected(self) -> list[AttachmentRow]:
        """Return the selected files."""
        places = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return [self.model.rows[place] for place in places if place < len(self.model.rows)]

    def _on_changed(self, changes: Any, _initiator: object) -> None:
        if changes.kinds & {"attachment", "history"} and self.isVisible():
            self.reload()

    # -- adding ------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for a file and add it."""
        path = dialogs.choose_open_file(self, tr("Add files"), tr("All files (*)"))
        if path is not None:
            self.add([path])

    def add(self, paths: Sequence[Path]) -> None:
        """Keep files and folders beside the ledger and hang them on the record."""
        if not self._owner or self._job is not None or not paths:
            return
        self.problem.hide()
        self._job = Job(self)
        self._job.progressed.connect(self.progress.report)
        self.progress.start(tr("Adding files"))
        self._context.runner.compute(
            _store, self.folder, list(paths), self._job, job=self._job, initiator=self,
            done=partial(self._on_stored, self._owner), failed=self._on_failed,
        )  # fmt: skip

    def _on_stored(self, owner: str, found: tuple[list[Content], list[UserError]]) -> None:
        contents, refused = found
        self._end()
        if refused:
            self._tell("\n".join(labels.error_sentence(error) for error in refused[:5]))
        if contents:
            self._context.runner.write(
                lambda session: add_attachments(session, owner, contents), done=self._on_added,
                failed=self._on_failed, initiator=self,
            )  # fmt: skip

    def _on_added(self, added: AddedFiles) -> None:
        self.reload()
        if added.added:
            self.said.emit(tr("{count} files added. Ctrl+Z takes it back.", count=len(added.added)))
        else:
            self.said.emit(tr("This record has these files already."))

    def _on_failed(self, error: UserError) -> None:
        self._end()
        self._tell(labels.error_sentence(error))

    def _tell(self, text: str) -> None:
        self.problem.set_text(text)
        self.problem.show()

    def _end(self) -> None:
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
        self.progress.finish()

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # -- acts --------------------------------------------------------------------------------------------------

    def open_current(self) -> None:
        """Open the current file as a read-only copy under its own name; a program is never opened."""
        row = self.current()
        if row is None:
            return
        if is_program(row.name):
            self._tell(labels.error_sentence(InputError("attachment_is_program", where=Where(file=row.name))))
            return
        target = Path(OPENED.name) / row.sha256[:12]
        self._context.runner.compute(
            _copy_out, self.folder, row, target, done=open_file, failed=self._on_not_opened, initiator=self
        )

    def _on_not_opened(self, error: UserError) -> None:
        self._tell(labels.error_sentence(error))
        self.reload()

    def save_current(self) -> None:
        """Ask for a place and write a copy of the current file there."""
        row = self.current()
        if row is None:
            return
        path = dialogs.choose_save_file(self, tr("Save a copy"), tr("All files (*)"), suggestion=Path.home() / row.name)
        if path is not None:
            self._context.runner.compute(
                save_copy, self.folder, row, path, initiator=self, failed=self._on_not_opened,
                done=lambda written: self.said.emit(tr("Written to {file}.", file=written.name)),
            )  # fmt: skip

    def remove(self) -> None:
        """Take the selected files off the record; Ctrl+Z brings them back."""
        ids = [row.id for row in self.selected()]
        if ids:
            text = tr("{count} files taken off. Ctrl+Z takes it back.", count=len(ids))
            self._context.runner.write(
                lambda session: remove_attachments(session, ids), done=lambda _changes: self._on_removed(text),
                failed=self._on_failed, initiator=self,
            )  # fmt: skip

    def _on_removed(self, text: str) -> None:
        self.said.emit(text)
        self.reload()

    # -- dropping ----------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that are dragged in."""
        if self._owner and _local_files(event):
            event.acceptProposedAction()
            self.drop_area.setProperty("kind", "note-warning")
            buttons.restyle(self.drop_area)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Go on taking them."""
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Look as before."""
        self._calm()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        self._calm()
        paths = _local_files(event)
        if paths:
            event.acceptProposedAction()
            self.add(paths)

    def _calm(self) -> None:
        self.drop_area.setProperty("kind", "note")
        buttons.restyle(self.drop_area)


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _store(folder: AttachmentFolder, paths: list[Path], job: Job) -> tuple[list[Content], list[UserError]]:
    return store_files(folder, paths, progress=job.report, is_cancelled=job.is_cancelled)


def _copy_out(folder: AttachmentFolder, row: AttachmentRow, target: Path) -> Path:
    target.mkdir(parents=True, exist_ok=True)
    return save_copy(folder, row, target)


def _pictures(folder: AttachmentFolder, rows: list[AttachmentRow], side: int) -> dict[str, QImage]:
    return {row.sha256: thumbnail(folder.path_of(row.sha256), row.name, side) for row in rows}
