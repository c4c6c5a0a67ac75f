"""Editing one field of many records: what is set, what would come of it, and one button that does it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFrame, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.services.bulk_edit import (
    ADD,
    BULK_FIELDS,
    CHANGED,
    CLEAR,
    LISTED,
    REFUSED,
    REMOVE,
    SET,
    UNCHANGED,
    BulkDone,
    BulkEdit,
    BulkPreview,
    apply_bulk,
    preview_bulk,
    ways_of,
)
from bri_desktop.services.reasons import with_reason
from bri_desktop.services.views import organisation_names
from bri_desktop.ui.projects.bulk_table import BulkModel, BulkTable
from bri_desktop.ui.projects.editors import Editor, names_completer
from bri_desktop.ui.projects.field_editors import field_editor
from bri_desktop.ui.projects.place_edit import LedgerPlaceEdit
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.fields import CodeCombo, LabeledField, LineEdit, ParsedEdit
from bri_desktop.ui.shared.reason import ReasonField
from bri_desktop.ui.shared.tokens import Size, Space

DIALOG = (880, 560)
PREVIEW_MILLISECONDS = 200
FIRST_FIELD = "status"
SELECTED, ALL = "selected", "all"


def way_text(how: str) -> str:
    """Return the word for what is done to a field."""
    return {SET: tr("Set to"), ADD: tr("Add to what is there"), REMOVE: tr("Take away"), CLEAR: tr("Clear")}[how]


class BulkDialog(QDialog):
    """Asks for field and value; ``done`` says what was written. ``selected`` and ``found`` are ids of projects."""

    said = Signal(str)
    """What was done and how it is taken back."""

    def __init__(self, context: WindowContext, selected: Sequence[int], found: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._ids = {SELECTED: list(selected), ALL: list(found)}
        self._names: Sequence[str] = ()
        self._preview: BulkPreview | None = None
        self.setWindowTitle(tr("Edit many"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*DIALOG)
        self.scope = ChoiceButton(tr("Records"))
        self.field = CodeCombo([(code, field_label(code)) for code in BULK_FIELDS])
        self.way = CodeCombo()
        self.counts = buttons.label("", "strong")
        self.hint = buttons.label("", "hint")
        self.problem = buttons.label("", "problem", wrap=True)
        self.model = BulkModel(context.codes, self)
        self.table = BulkTable(self.model)
        self.apply_button = buttons.button(tr("Edit many"), self.apply, kind=buttons.PRIMARY)
        self.cancel_button = buttons.button(tr("Cancel"), self.reject)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PREVIEW_MILLISECONDS)
        self._timer.timeout.connect(self._ask_preview)
        self._lay_out()
        self._connect()
        self._show_scope()
        self.field.set_value(FIRST_FIELD)
        self._on_field()
        self.field.setFocus()
        context.runner.read(organisation_names, done=self._keep_names, initiator=self)

    # -- making ------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        width = Size.LABEL if language() == "zh_CN" else 2 * Size.LABEL
        self._width = width
        content = QFrame()
        content.setProperty("kind", "surface")
        self._form = QVBoxLayout(content)
        self._form.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.SECTION)
        self._form.setSpacing(Space.BETWEEN)
        self._form.addWidget(self.scope, 0, Qt.AlignmentFlag.AlignLeft)
        self._form.addWidget(LabeledField(tr("Field"), self.field, label_width=width))
        self._form.addWidget(LabeledField(tr("Kind of change"), self.way, label_width=width))
        self.value = QWidget()
        self._form.addWidget(self.value)
        self.reason = ReasonField()
        self._form.addWidget(self.reason)
        self._form.addWidget(self.counts)
        self._form.addWidget(self.problem)
        bar = panels.action_bar()
        bar.add(self.hint)
        bar.add_stretch()
        bar.add(self.cancel_button)
        bar.add(self.apply_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(content)
        column.addWidget(self.table, 1)
        column.addWidget(bar)

    def _connect(self) -> None:
        self.scope.chosen.connect(lambda _code: self._ask_soon())
        self.field.value_changed.connect(self._on_field)
        self.way.value_changed.connect(self._on_way)

    def _show_scope(self) -> None:
        offers = [(SELECTED, tr("the {count} selected", count=f"{len(self._ids[SELECTED]):,}"))]
        if not self._ids[SELECTED]:
            offers = []
        offers.append((ALL, tr("all {count} found", count=f"{len(self._ids[ALL]):,}")))
        self.scope.set_choices(offers, offers[0][0])

    # -- field, way, value -------------------------------------------------------------------------------------

    def _on_field(self) -> None:
        code = self.field.value() or FIRST_FIELD
        kept = self.way.value()
        ways = ways_of(code)
        self.way.set_choices([(way, way_text(way)) for way in ways])
        self.way.set_value(kept if kept in ways else SET)
        self.editor: Editor = field_editor(self._context, code, lambda: self._names)
        widget = self.editor.widget
        row = LabeledField(tr("New value"), widget, label_width=self._width)
        self._form.replaceWidget(self.value, row)
        self.value.deleteLater()
        self.value = row
        self.value_row = row
        QWidget.setTabOrder(self.way, widget)
        QWidget.setTabOrder(widget, self.reason.line)
        self._listen(widget)
        self._complete_names()
        self._on_way()

    def _listen(self, widget: QWidget) -> None:
        getattr(widget, "value_changed").connect(self._ask_soon)  # noqa: B009 - every editor has it
        if isinstance(widget, ParsedEdit):
            widget.textChanged.connect(lambda _text: self._ask_soon())
        if isinstance(widget, LedgerPlaceEdit):
            widget.unresolved_changed.connect(self._ask_soon)

    def _complete_names(self) -> None:
        widget = self.editor.widget
        if FIELD_BY_CODE[self.field.value() or FIRST_FIELD].kind == "organisation" and isinstance(widget, LineEdit):
            names_completer(widget, self._names)

    def _keep_names(self, names: Sequence[str]) -> None:
        self._names = names
        self._complete_names()

    def _on_way(self) -> None:
        self.value.setVisible(self.way.value() != CLEAR)
        self._ask_soon()

    def edit(self) -> BulkEdit | None:
        """Return what is to be done, ``None`` while it is not said whole."""
        field, how = self.field.value(), self.way.value() or SET
        if field is None:
            return None
        if how == CLEAR:
            return BulkEdit(field, how)
        value: Any = self.editor.value()
        if self.editor.problem() or value in (None, ()):
            return None
        return BulkEdit(field, how, value)

    # -- preview -----------------------------------------------------------------------------------------------

    def ids(self) -> list[int]:
        """Return the projects that are meant."""
        return self._ids[self.scope.code()]

    def _ask_soon(self) -> None:
        self._preview = None
        self.apply_button.setEnabled(False)
        self._timer.start()

    def _ask_preview(self) -> None:
        edit = self.edit()
        is_typed = bool(self.editor.problem()) and self.way.value() != CLEAR
        self.value_row.set_problem(self.editor.problem() if is_typed else None)
        self.problem.hide()
        if edit is None:
            self._context.runner.drop("projects.bulk")
            self._show(None)
            return
        self._context.runner.read(
            preview_bulk, self.ids(), edit, language(), done=self._show, failed=self._tell, initiator=self,
            replaces="projects.bulk", stops=True,
        )  # fmt: skip

    def _show(self, preview: BulkPreview | None) -> None:
        self._preview = preview
        self.model.show_preview(preview)
        if preview is None:
            self.counts.setText(tr("Please say the new value; what would change is shown here first."))
            self.hint.setText("")
            self.apply_button.setText(tr("Edit many"))
            self.apply_button.setEnabled(False)
            return
        changed = preview.counts.get(CHANGED, 0)
        text = tr(
            "{changed} changed, {unchanged} unchanged, {refused} refused",
            changed=f"{changed:,}",
            unchanged=f"{preview.counts.get(UNCHANGED, 0):,}",
            refused=f"{preview.counts.get(REFUSED, 0):,}",
        )
        if sum(preview.counts.values()) > LISTED:
            text = tr("{text}; the first {most} are listed", text=text, most=f"{LISTED:,}")
        self.counts.setText(text)
        self.hint.setText(tr("A copy is kept before; Ctrl+Z takes all of it back at once.") if changed else "")
        self.apply_button.setText(tr("Change {count}", count=f"{changed:,}"))
        self.apply_button.setEnabled(changed > 0)

    def _tell(self, error: UserError) -> None:
        self.problem.setText(labels.error_sentence(error))
        self.problem.show()

    # -- writing -----------------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Write what the preview shows."""
        preview = self._preview
        if preview is None or not self.apply_button.isEnabled():
            return
        for widget in (self.apply_button, self.field, self.way, self.scope, self.value):
            widget.setEnabled(False)
        write = with_reason(apply_bulk, self.reason.line.text())
        self._context.runner.write(write, preview, done=self._on_done, failed=self._on_failed, initiator=self)

    def _on_done(self, done: BulkDone) -> None:
        text = tr("{count} changed. Ctrl+Z takes it back.", count=f"{done.changed:,}")
        if done.left:
            text += tr(" {count} were edited meanwhile and stay.", count=f"{done.left:,}")
        self.said.emit(text)
        self.accept()

    def _on_failed(self, error: UserError) -> None:
        for widget in (self.field, self.way, self.scope, self.value):
            widget.setEnabled(True)
        self.apply_button.setEnabled(True)
        self._tell(error)
