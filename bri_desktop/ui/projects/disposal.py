"""Removing records for good: what goes, what will hold them still, and a confirmation that is typed."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import language, tr
from bri_desktop.services.disposal import Ahead, Disposed, StillHeld, dispose_for_good, look_ahead
from bri_desktop.ui import dialogs
from bri_desktop.ui.projects.unsaved import UnsavedStore
from bri_desktop.ui.settings import SECOND_PLACE
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.fields import LabeledField, LineEdit
from bri_desktop.ui.shared.tokens import Size, Space

WIDTH = 560
RECORDS_SHOWN = 5


class DisposalDialog(QDialog):
    """Asks before records of the bin are removed for good; ``keys`` are those of projects."""

    said = Signal(str)
    """What was removed, and how long backups hold it."""

    def __init__(self, context: WindowContext, keys: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._keys = context, list(keys)
        self._second = Path(place) if (place := context.settings.get(SECOND_PLACE)) else None
        self.setWindowTitle(tr("Remove for good"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self.records = buttons.label("", wrap=True)
        self.goes = buttons.label("", wrap=True)
        self.stays = buttons.label("", wrap=True)
        width = Size.LABEL if language() == "zh_CN" else 2 * Size.LABEL
        self.why = LineEdit()
        self.typed = LineEdit()
        self._why_field = LabeledField(tr("Reason"), self.why, required=True, label_width=width)
        self._typed_field = LabeledField(tr("To confirm"), self.typed, required=True, label_width=width)
        self.typed.setPlaceholderText(tr("type {word}", word=self.word))
        self.problem = buttons.label("", "problem", wrap=True)
        self.progress = panels.ProgressBand()
        self.dispose_button = buttons.button(tr("Remove for good"), self.dispose, kind=buttons.PRIMARY)
        self.cancel_button = buttons.button(tr("Cancel"), self.reject)
        self._lay_out()
        self.why.value_changed.connect(self._show_ready)
        self.typed.value_changed.connect(self._show_ready)
        self._show_ready()
        context.runner.read(look_ahead, self._keys, self._second, done=self._show, failed=self._failed, initiator=self)

    @property
    def word(self) -> str:
        """What has to be typed: the key of the one record, or how many there are."""
        return self._keys[0] if len(self._keys) == 1 else str(len(self._keys))

    def _lay_out(self) -> None:
        content = QFrame()
        content.setProperty("kind", "surface")
        form = QVBoxLayout(content)
        form.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.SECTION)
        form.setSpacing(Space.BETWEEN)
        sentence = tr("{count} projects are removed for good. This cannot be undone.", count=len(self._keys))
        form.addWidget(buttons.label(sentence, "strong", wrap=True))
        form.addWidget(self.records)
        for title, text in ((tr("What goes with them"), self.goes), (tr("Where they still are"), self.stays)):
            form.addWidget(panels.rule())
            form.addWidget(buttons.label(title, "section"))
            form.addWidget(text)
        form.addWidget(panels.rule())
        form.addWidget(self._why_field)
        form.addWidget(self._typed_field)
        form.addWidget(self.problem)
        bar = panels.action_bar()
        bar.add_stretch()
        bar.add(self.cancel_button)
        bar.add(self.dispose_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(content, 1)
        column.addWidget(self.progress)
        column.addWidget(bar)

    def _show(self, ahead: Ahead) -> None:
        lines = [tr("{key} “{name}”", key=key, name=title) for key, title in ahead.records[:RECORDS_SHOWN]]
        if len(ahead.records) > RECORDS_SHOWN:
            lines.append(tr("… and {count} more", count=len(ahead.records) - RECORDS_SHOWN))
        self.records.setText("\n".join(lines))
        self.goes.setText(hanging_text(ahead))
        self.stays.setText("\n".join(held_lines(ahead.held)))
        self.adjustSize()

    def _failed(self, error: UserError) -> None:
        self.progress.finish()
        self.problem.setText(labels.error_sentence(error))
        self._show_ready()

    def _show_ready(self) -> None:
        is_typed = self.typed.text().strip().casefold() == self.word.casefold()
        self.dispose_button.setEnabled(is_typed and bool(self.why.text().strip()))

    def dispose(self) -> None:
        """Remove the records and rewrite the file."""
        self.dispose_button.setEnabled(False)
        self.cancel_button.setEnabled(False)
        self.progress.start(tr("Removing, then rewriting the file"), cancellable=False)
        why = self.why.text().strip()
        self._context.runner.write(
            dispose_for_good, self._keys, why, self._second, done=self._done, failed=self._on_refused, initiator=self
        )

    def reject(self) -> None:
        """Leave everything as it is, unless it is being removed already."""
        if self.cancel_button.isEnabled():
            super().reject()

    def _on_refused(self, error: UserError) -> None:
        self.cancel_button.setEnabled(True)
        self._failed(error)

    def _done(self, disposed: Disposed) -> None:
        drafts = UnsavedStore(self._context.settings, str(self._context.path))
        for key in self._keys:
            drafts.drop(key)
        text = tr("{count} projects removed for good.", count=disposed.records)
        if disposed.held.until is not None:
            text += tr(" Backups hold them until {day} at the latest.", day=disposed.held.until.isoformat())
        self.said.emit(text)
        if not disposed.is_cleared:
            dialogs.tell(self.parentWidget(), labels.sentence("traces_left"))
        self.accept()


def hanging_text(ahead: Ahead) -> str:
    """Return what is removed with the records, counted by kind."""
    parts = [f"{labels.table_label(table)} {count}" for table, count in ahead.hanging]
    return "、".join([*parts, tr("the history and the values as they were issued")])


def held_lines(held: StillHeld) -> list[str]:
    """Return what the program does not reach, a line each."""
    lines = []
    if held.frozen_years:
        years = "、".join(str(year) for year in held.frozen_years)
        lines.append(tr("Frozen years: {years}. Their figures stay as they are.", years=years))
    if held.until is not None:
        lines.append(
            tr("Backups: {count}, thinned by {day} at the latest.", count=len(held.copies), day=held.until.isoformat())
        )
    if held.kept:
        names = "、".join(path.name for path in held.kept)
        lines.append(tr("Former ledgers put aside, which only you remove: {names}", names=names))
    if held.waiting:
        lines.append(tr("Rows kept aside that wait for a decision: {count}", count=held.waiting))
    lines.append(tr("Files outside the ledger: workbooks that were issued or exported, whole backups."))
    return lines
