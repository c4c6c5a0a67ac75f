"""The current cell of the ledger edited where it stands: F2 opens it, Enter stores it, Esc leaves it as it was."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.vocabulary import FIELD_BY_CODE, PROJECT_KEY, key_of
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.services.bulk_edit import SET, BulkEdit, edit_cell
from bri_desktop.services.places import PlaceChoice
from bri_desktop.services.project_items import ProjectItem, Saved
from bri_desktop.services.projects import InvalidProjectError
from bri_desktop.services.views import organisation_names
from bri_desktop.ui.projects.editors import ChipsEditor, Editor, names_completer
from bri_desktop.ui.projects.field_editors import AREAS, field_editor
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.fields import LineEdit
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import Size, Space

NARROWEST = 176
WIDE = 320
"""Editors of several values and long texts need more room than their cell."""


class CellEditor(QObject):
    """Edits one cell of ``table`` at a time."""

    said = Signal(str)
    """What was done and how it is taken back, or why the cell cannot be edited."""

    def __init__(self, context: WindowContext, table: LedgerTable[ProjectItem]) -> None:
        super().__init__(table)
        self._context = context
        self._table = table
        self._item: ProjectItem | None = None
        self.field = ""
        self.editor: Editor | None = None
        self.box: QFrame | None = None
        self.problem = buttons.label()
        self._is_saving = False
        self._saved_text: object = None
        table.rows.reloaded.connect(self._place)
        table.horizontalScrollBar().valueChanged.connect(lambda _to: self._place())
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    # -- opening -----------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Edit the current cell."""
        index = self._table.currentIndex()
        item = self._table.rows.row_at(index.row()) if index.isValid() else None
        if item is None or self.box is not None:
            return
        field = _field_of(self._table.rows.columns[index.column()].key, item)
        if field is None or item.stored.deleted:
            self.said.emit(tr("This cell cannot be edited here."))
            return
        self._item, self.field, self._is_saving = item, field, False
        self._make_box(field)
        self._show_value(item, field)
        self._place()
        self._focus_editor()

    def _make_box(self, field: str) -> None:
        names: list[str] = []
        editor = field_editor(self._context, field, lambda: names)
        widget = editor.widget
        widget.setAccessibleName(field_label(field))
        self.problem = buttons.label("", "problem", wrap=True)
        self.problem.setContentsMargins(Space.INSIDE, 0, Space.INSIDE, Space.INSIDE)
        self.problem.hide()
        box = QFrame(self._table.viewport())
        box.setProperty("kind", "surface")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.INSIDE)
        column.addWidget(widget)
        column.addWidget(self.problem)
        self.editor, self.box = editor, box
        target = editor.widget.entry if isinstance(editor, ChipsEditor) else widget
        target.installEventFilter(self)
        getattr(widget, "value_changed").connect(self._on_typed)  # noqa: B009 - every editor has it
        if FIELD_BY_CODE[field].kind in ("organisation", "organisations"):
            self._context.runner.read(
                organisation_names, done=lambda known: self._take_names(box, names, known), initiator=self
            )

    def _take_names(self, box: QFrame, names: list[str], known: list[str]) -> None:
        if box is self.box and self.editor is not None:
            names[:] = known
            if isinstance(self.editor.widget, LineEdit):
                names_completer(self.editor.widget, known)

    def _show_value(self, item: ProjectItem, field: str) -> None:
        assert self.editor is not None
        places = (*item.domestic, *item.foreign)
        names = {place.key: PlaceChoice(place.key, place.name(language()), "") for place in places}
        self.editor.show(getattr(item.draft, field), names)
        self._saved_text = self.editor.raw()
        widget = self.editor.widget
        if isinstance(widget, QLineEdit):
            widget.selectAll()

    def _focus_editor(self) -> None:
        assert self.box is not None and self.editor is not None
        self.box.show()
        self._place()
        self.editor.widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _place(self) -> None:
        """Put the box over its cell, where the row still is."""
        if self.box is None or self._item is None:
            return
        ids = self._table.rows.ids()
        if self._item.id not in ids:
            self.close()
            return
        keys = [column.key for column in self._table.rows.columns]
        section = keys.index(self.field) if self.field in keys else -1
        if section not in self._table.shown_sections():
            section = keys.index("start") if "start" in keys else 0
        rect = self._table.visualRect(self._table.rows.index(ids.index(self._item.id), section))
        self.box.setGeometry(self._room(rect))
        self.box.raise_()

    def _room(self, cell: QRect) -> QRect:
        """Return where the box goes: over the cell, inside the table, above it where there is no room below."""
        assert self.box is not None and self.editor is not None
        view = self._table.viewport().rect()
        is_wide = isinstance(self.editor, ChipsEditor) or self.field in AREAS or self.field == "title"
        width = min(max(cell.width(), WIDE if is_wide else NARROWEST), view.width())
        self.box.setFixedWidth(width)
        layout = self.box.layout()
        wanted = layout.totalHeightForWidth(width) if layout is not None and layout.hasHeightForWidth() else 0
        height = max(wanted, self.box.sizeHint().height(), Size.CONTROL)
        left = max(min(cell.left(), view.right() + 1 - width), 0)
        top = cell.top() if cell.top() + height <= view.bottom() else cell.bottom() + 1 - height
        return QRect(left, max(top, 0), width, height)

    # -- typing and leaving ------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Store with Enter, leave with Esc."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.editor is not None:
            if event.key() == Qt.Key.Key_Escape and not self._list_is_open():
                self.close()
                return True
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            is_break = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and self.field in AREAS
            if is_enter and not is_break and not self._list_is_open():
                self.save()
                return True
        return super().eventFilter(watched, event)

    def _list_is_open(self) -> bool:
        """Tell whether Enter and Esc belong to what is being typed: a completion, or a word that is no chip yet."""
        assert self.editor is not None
        if isinstance(self.editor, ChipsEditor):
            return bool(self.editor.widget.entry.text().strip())
        widget = self.editor.widget
        completer = widget.completer() if isinstance(widget, QLineEdit) else None
        return completer is not None and completer.popup().isVisible()

    def _on_typed(self) -> None:
        self._tell("")

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Store what is right when the focus goes elsewhere; a list of choices belongs to the cell."""
        if self.box is None or self._is_saving or now is None or self._is_inside(now):
            return
        if self.editor is not None and self.editor.raw() == self._saved_text:
            self.close(focus=False)
        else:
            self.save()

    def _is_inside(self, widget: QWidget) -> bool:
        above: QWidget | None = widget
        while above is not None and above is not self.box:
            above = above.parentWidget()
        return above is not None

    def close(self, *, focus: bool = True) -> None:
        """Leave the cell as it was."""
        box, self.box, self.editor, self._item = self.box, None, None, None
        if box is not None:
            box.hide()
            box.deleteLater()
            if focus:
                self._table.setFocus()

    # -- storing -----------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Store what is typed, or say what is wrong with it."""
        if self.editor is None or self._item is None or self._is_saving:
            return
        if problem := self.editor.problem():
            self._tell(problem)
            return
        value, item = self.editor.value(), self._item
        if value == getattr(item.draft, self.field):
            self.close()
            return
        edit, key, version = BulkEdit(self.field, SET, value), key_of(PROJECT_KEY, item.id), item.stored.version
        self._is_saving = True
        self._context.runner.write(
            lambda session: edit_cell(session, key, edit, seen_version=version),
            done=self._on_saved, failed=self._on_refused, initiator=self,
        )  # fmt: skip

    def _on_saved(self, _saved: Saved) -> None:
        self._is_saving = False
        self.close(focus=self._has_focus())
        self.said.emit(tr("Saved. Ctrl+Z takes it back."))

    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is None or self._is_inside(focused)

    def _on_refused(self, error: UserError) -> None:
        self._is_saving = False
        self._tell(self._sentence(error))
        if self.editor is not None:
            self.editor.widget.setFocus()

    def _sentence(self, error: UserError) -> str:
        if not isinstance(error, InvalidProjectError):
            return labels.error_sentence(error)
        problem = error.problems[0]
        sentence = labels.sentence(problem.code, problem.values)
        if problem.field == self.field:
            return sentence
        return tr("{field}: {problem}", field=field_label(problem.field), problem=sentence)

    def _tell(self, problem: str) -> None:
        """Say beside the cell what is wrong, or that nothing is."""
        if self.editor is None or (problem == self.problem.text() and not problem):
            return
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        widget = self.editor.widget
        widget.setAccessibleDescription(problem)
        widget.setProperty("invalid", bool(problem))
        buttons.restyle(widget)
        self._place()


def _field_of(column: str, item: ProjectItem) -> str | None:
    """Return the field that a column shows, ``None`` where it shows none that can be edited."""
    if column == "start":
        return "started" if item.draft.signed is None and item.draft.started is not None else "signed"
    return column if column in FIELD_BY_CODE else None
