"""The form of a project: the fields a clerk needs first, the rest behind 更多, problems shown while typing."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import FieldProblem
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import FIELD_CODES
from bri_desktop.domain.validation import validate
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.services.projects import today
from bri_desktop.ui.projects.editors import ChipsEditor, CodeEditor, Editor, Names, names_completer, remark_on
from bri_desktop.ui.projects.field_editors import field_editor
from bri_desktop.ui.projects.place_edit import LedgerPlaceEdit
from bri_desktop.ui.shared import buttons, icons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.fields import LabeledField, LineEdit, ParsedEdit
from bri_desktop.ui.shared.tokens import Size, Space

FIRST = (
    "title", "domestic_places", "foreign_places", "mode", "submode", "pair_kind", "domain", "status", "signed",
    "amount", "department", "summary",
)  # fmt: skip
MORE = (
    "code", "nature", "domains", "level", "started", "ended", "planned_start", "planned_end", "lead", "partners",
    "results", "outcomes", "source", "tags", "visibility", "parent", "title_en", "fields", "sdg", "corridors",
    "policy_step", "note",
)  # fmt: skip
REQUIRED = ("title",)
WITH_MODE = ("submode", "pair_kind")
"""Fields that not every mode has."""
MODE_OF_PAIRS = "sister_city"


class ProjectForm(QScrollArea):
    """Shows a draft and gives it back; knows nothing of the ledger but the words of its lists."""

    edited = Signal()
    """The user changed something."""
    built = Signal()
    """All rows are there, behind all other widgets in the order of Tab."""
    save_requested = Signal()
    """Enter in the last field."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._codes: CodeBook = context.codes
        self._names: Sequence[str] = ()
        self._silent = False
        self._start = ProjectDraft()
        self._told: dict[str, str] = {}
        self._editors: dict[str, Editor] = {}
        self._rows: dict[str, LabeledField] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = QWidget()
        self._content.setProperty("kind", "surface")
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.PAGE)
        self._column.setSpacing(Space.BETWEEN)
        self.setWidget(self._content)
        self._make_rows()

    def _make_rows(self) -> None:
        self._first = QVBoxLayout()
        self._first.setSpacing(Space.BETWEEN)
        self._column.addLayout(self._first)
        self.notes = QVBoxLayout()
        self._column.addLayout(self.notes)
        self.more_button = buttons.button(tr("More fields"), self._on_more, icon="chevron-right", kind=buttons.LINK)
        self.more_button.setAccessibleDescription(tr("Shows or hides the fields that are used less often"))
        self._column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._more = QWidget()
        self._more_column = QVBoxLayout(self._more)
        self._more_column.setContentsMargins(0, 0, 0, 0)
        self._more_column.setSpacing(Space.BETWEEN)
        self._column.addWidget(self._more)
        self._column.addStretch(1)
        self._more.hide()

    def build(self, count: int = len(FIRST) + len(MORE)) -> bool:
        """Make up to ``count`` of the rows that are not there yet; tell whether all are."""
        waiting = [code for code in (*FIRST, *MORE) if code not in self._rows]
        for code in waiting[:count]:
            self._add_row(self._more_column if code in MORE else self._first, code)
        if 0 < len(waiting) <= count:
            self.set_known_names(self._names)
            self._show_mode_fields()
            self.built.emit()
        return len(waiting) <= count

    def stops(self) -> list[QWidget]:
        """Return where Tab stops, in its order."""
        editors = {
            code: editor.widget.entry if isinstance(editor, ChipsEditor) else editor.widget
            for code, editor in self.editors.items()
        }
        return [*(editors[code] for code in FIRST), self.more_button, *(editors[code] for code in MORE)]

    @property
    def editors(self) -> dict[str, Editor]:
        """The editor of each field; rows that still wait are made."""
        self.build()
        return self._editors

    @property
    def rows(self) -> dict[str, LabeledField]:
        """The row of each field; those that still wait are made."""
        self.build()
        return self._rows

    def _add_row(self, column: QVBoxLayout, code: str) -> None:
        editor = self._editor(code)
        width = Size.LABEL if language() == "zh_CN" else 2 * Size.LABEL
        row = LabeledField(field_label(code), editor.widget, required=code in REQUIRED, label_width=width)
        self._editors[code], self._rows[code] = editor, row
        column.addWidget(row)
        row.show()  # at once: a layout shows what it is given only in the next turn of the event loop
        changed = getattr(editor.widget, "value_changed")  # noqa: B009 - every editor has it, of whatever class
        changed.connect(lambda code=code: self._on_edited(code))
        if isinstance(editor.widget, ParsedEdit):  # it reads its text after it has told that it was typed in
            editor.widget.textChanged.connect(lambda _text, code=code: self._on_text(code))
        if isinstance(editor.widget, LedgerPlaceEdit):
            editor.widget.unresolved_changed.connect(lambda code=code: self._on_edited(code))
            editor.widget.entry.left.connect(self.show_problems)
        target = editor.widget.entry if isinstance(editor, ChipsEditor) else editor.widget
        target.installEventFilter(self)

    def _editor(self, code: str) -> Editor:
        return field_editor(self._context, code, lambda: self._names)

    # -- values ------------------------------------------------------------------------------------------------

    def set_known_names(self, names: Sequence[str]) -> None:
        """Offer these organisations."""
        self._names = names
        for code in ("department", "lead"):
            widget = self._editors[code].widget if code in self._editors else None
            if isinstance(widget, LineEdit):
                names_completer(widget, names)

    def show_draft(self, draft: ProjectDraft, names: Names) -> None:
        """Show a draft as it is stored: nothing is unsaved then. ``names`` has its places."""
        self._silent = True
        self._told = {}
        for code, editor in self.editors.items():
            editor.show(getattr(draft, code), names)
        self._silent = False
        self._show_mode_fields()
        self._start = self.draft()
        self.show_problems()

    def show_over(self, draft: ProjectDraft, names: Names) -> None:
        """Show a draft as if it had been typed over what is stored."""
        self._silent = True
        for code, editor in self.editors.items():
            editor.show(getattr(draft, code), names)
        self._silent = False
        self._show_mode_fields()
        self.show_problems()
        self.edited.emit()

    def rebase(self, stored: ProjectDraft) -> None:
        """Count what is typed as a change of ``stored`` from now on."""
        self._start = stored

    def show_value(self, code: str, value: Any, names: Names) -> None:
        """Show another value in one field, as if the user had typed it."""
        self.editors[code].show(value, names)
        self._on_edited(code)

    def draft(self) -> ProjectDraft:
        """Return what the fields say; unreadable ones are empty."""
        values = {code: editor.value() for code, editor in self.editors.items() if code in FIELD_CODES}
        for code in WITH_MODE:
            if not self._has_field(values["mode"], code) and not self._keeps(code):
                values[code] = None
        return ProjectDraft(**values)

    def _keeps(self, code: str) -> bool:
        """A stored value of a field that its mode does not have stays until the mode is changed here."""
        return self._start.mode == self.editors["mode"].value() and getattr(self._start, code) is not None

    def start(self) -> ProjectDraft:
        """Return the draft as it was shown first."""
        return self._start

    def is_changed(self) -> bool:
        """Tell whether something typed is not stored."""
        return self.draft() != self._start or any(editor.problem() for editor in self.editors.values())

    def raw(self) -> dict[str, Any]:
        """Return what is typed, readable or not."""
        return {code: editor.raw() for code, editor in self.editors.items()}

    def take_raw(self, raw: Mapping[str, Any]) -> None:
        """Show what was typed before a crash."""
        self._silent = True
        for code, typed in raw.items():
            if code in self.editors:
                self.editors[code].take_raw(typed)
        self._silent = False
        self._show_mode_fields()
        self.show_problems()
        self.edited.emit()

    # -- problems ----------------------------------------------------------------------------------------------

    def problems(self) -> dict[str, str]:
        """Return field -> what is wrong with it."""
        found: dict[str, str] = {}
        for problem in validate(self.draft(), today=today()):
            found.setdefault(problem.field, labels.sentence(problem.code, problem.values))
        found |= {code: text for code, editor in self.editors.items() if (text := editor.problem())}
        return self._told | found

    def tell(self, problems: Sequence[FieldProblem]) -> None:
        """Show problems that only the ledger knows (a code that is taken), until the field is changed."""
        self._told = {problem.field: labels.sentence(problem.code, problem.values) for problem in problems}
        self.show_problems()

    def show_problems(self) -> None:
        """Say under each field what is wrong; an empty title is not blamed before it was touched."""
        found = self.problems()
        untouched = self.draft() == self._start
        for code, row in self.rows.items():
            text = found.get(code)
            widget = self.editors[code].widget
            is_typing = isinstance(widget, LedgerPlaceEdit) and widget.hasFocus() and not widget.wrong_side()
            row.set_problem(None if is_typing or (untouched and code in REQUIRED and code not in self._told) else text)
            row.set_note(remark_on(self.editors[code]))

    def focus_first_problem(self) -> bool:
        """Go to the first field with a problem, opening 更多 where it is there; tell whether there is one."""
        found = self.problems()
        for code in self.editors:
            if code in found:
                if code in MORE:
                    self.set_more(True)
                self.rows[code].set_problem(found[code])
                self.editors[code].widget.setFocus()
                self.ensureWidgetVisible(self.rows[code])
                return True
        return False

    # -- behaviour ---------------------------------------------------------------------------------------------

    def set_more(self, is_shown: bool) -> None:
        """Show or hide the fields used less often."""
        self._more.setVisible(is_shown)
        self.more_button.setText(tr("Fewer fields") if is_shown else tr("More fields"))
        icons.set_icon(self.more_button, "chevron-down" if is_shown else "chevron-right", "accent")

    def focus_title(self) -> None:
        """Begin at the top."""
        self.verticalScrollBar().setValue(0)
        self.editors["title"].widget.setFocus()

    def _on_more(self) -> None:
        self.set_more(self._more.isHidden())

    def _on_edited(self, code: str) -> None:
        if self._silent:
            return
        self._told.pop(code, None)
        if code == "mode":
            self._show_mode_fields()
        self.show_problems()
        self.edited.emit()

    def _on_text(self, code: str) -> None:
        widget = self.editors[code].widget
        if isinstance(widget, ParsedEdit) and not widget.is_composing:
            self._on_edited(code)

    def _show_mode_fields(self) -> None:
        mode = self.editors["mode"].value()
        for code in WITH_MODE:
            self.rows[code].setVisible(self._has_field(mode, code))

    def _has_field(self, mode: str | None, code: str) -> bool:
        """Tell whether projects of a mode have a field: a sub-mode where the list has one of that mode."""
        if code == "submode":
            return mode is not None and any(one.parent == mode for one in self._codes.codes(code))
        return mode == MODE_OF_PAIRS

    def showEvent(self, event: QShowEvent) -> None:
        """Offer the codes that the lists hold now."""
        super().showEvent(event)
        for editor in self.editors.values():
            if isinstance(editor, CodeEditor):
                editor.renew()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next field, in the last one it saves; a field that gets the focus is scrolled to."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.ensureWidgetVisible(watched, 0, Space.PAGE)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
            return self._on_key(watched, event)
        return super().eventFilter(watched, event)

    def _on_key(self, field: QWidget, event: QKeyEvent) -> bool:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not is_enter or not isinstance(field, QLineEdit | QComboBox) or _popup_is_open(field):
            return False
        if field is self._last_line():
            self.save_requested.emit()
        else:
            self.focusNextChild()
        return True

    def _last_line(self) -> QWidget:
        code = "department" if self._more.isHidden() else "policy_step"
        return self.editors[code].widget


def _popup_is_open(field: QWidget) -> bool:
    """Tell whether Enter belongs to a list of completions, or ends a word of a chip field."""
    if isinstance(field, QLineEdit):
        completer = field.completer()
        if completer is not None and completer.popup().isVisible():
            return True
        return type(field) is not LineEdit and not hasattr(field, "parsed") and bool(field.text())
    return False
