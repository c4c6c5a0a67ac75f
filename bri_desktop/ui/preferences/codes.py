"""The code lists of the office: which codes each holds, and the own ones added, renamed, ordered and deleted."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import language, tr
from bri_desktop.labels import code_list_label
from bri_desktop.services.code_labels import CODE_KIND
from bri_desktop.services.code_lists import (
    LISTS,
    PARENTS,
    CodeRow,
    SavedCode,
    add_code,
    delete_code,
    move_code,
    read_lists,
    rename_code,
)
from bri_desktop.ui.preferences.code_form import CodeForm, Task
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import ABSENT, Cell, Named, Toned
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.table import LedgerTable

LISTS_WIDTH = 232

Lists = Mapping[str, tuple[CodeRow, ...]]


class CodesPanel(QFrame):
    """代码表: the lists at the left, the codes of one at the right, a form below them while something is edited."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.context = context
        self._lists: Lists = {}
        self._name = LISTS[0]
        self._wanted: str | None = None
        self._is_stale = True
        self.lists = self._lists_table()
        self.table = self._codes_table()
        self.form = CodeForm(context.codes)
        self.form.hide()
        self.hint = buttons.label("", "hint")
        self.add_button, self.rename_button, self.up_button, self.down_button, self.delete_button = self._acts()
        self._lay_out()
        self.lists.selection_changed.connect(self._on_list)
        self.table.selection_changed.connect(self._show_acts)
        self.table.opened.connect(lambda _code: self.rename())
        self.form.accepted.connect(self._on_accepted)
        self.form.closed.connect(self._leave_form)

    # -- making ------------------------------------------------------------------------------------------------

    def _lists_table(self) -> LedgerTable[str]:
        columns: list[Column[str]] = [
            Column("list", tr("List"), code_list_label, 120, stretch=True, is_sortable=False),
            Column("own", tr("Own"), self._own_count, 56, is_right=True, is_sortable=False),
        ]
        model = WindowedModel(columns, lambda ids, arrived: arrived({name: name for name in ids}))
        made: LedgerTable[str] = LedgerTable(tr("Code lists"), model)
        made.setSelectionMode(LedgerTable.SelectionMode.SingleSelection)
        made.setFixedWidth(LISTS_WIDTH)
        return made

    def _own_count(self, name: str) -> Cell | str:
        own = sum(not row.builtin for row in self._lists.get(name, ()))
        return str(own) if own else Toned(ABSENT, "hint")

    def _codes_table(self) -> LedgerTable[CodeRow]:
        columns: list[Column[CodeRow]] = [
            Column("name_zh", tr("Name in Chinese"), lambda row: row.name_zh, 220, is_sortable=False, stretch=True),
            Column("name_en", tr("Name in English"), lambda row: row.name_en or ABSENT, 220, is_sortable=False),
            Column("parent", tr("Belongs to"), self._parent, 130, is_sortable=False, priority=2),
            Column("origin", tr("Origin"), _origin, 80, is_sortable=False, priority=1),
            Column("used", tr("Uses"), _uses, 100, is_right=True, is_sortable=False),
        ]
        model = WindowedModel(columns, lambda ids, arrived: arrived({row.code: row for row in self._rows()}))
        made: LedgerTable[CodeRow] = LedgerTable(tr("Codes of the list"), model)
        made.setSelectionMode(LedgerTable.SelectionMode.SingleSelection)
        return made

    def _acts(self) -> tuple[QPushButton, ...]:
        made = []
        acts: tuple[tuple[str, Callable[[], None], str | None, str], ...] = (
            (tr("New code"), self.add, "plus", "Ins"),
            (tr("Rename"), self.rename, None, "F2"),
            (tr("Up"), partial(self._move, -1), None, "Alt+Up"),
            (tr("Down"), partial(self._move, 1), None, "Alt+Down"),
            (tr("Delete code"), self.delete, None, "Del"),
        )
        for text, call, icon, keys in acts:
            button = buttons.button(text, call, icon=icon)
            button.setToolTip(f"{text}  {keys}")
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(button.click)
            made.append(button)
        return tuple(made)

    def _lay_out(self) -> None:
        bar = panels.action_bar()
        for button in (self.add_button, self.rename_button, self.up_button, self.down_button, self.delete_button):
            bar.add(button)
        bar.add(self.hint)
        bar.add_stretch()
        bar.add(buttons.button(tr("Undo"), lambda: self.context.undo(), icon="undo-2"))
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.table, 1)
        right.addWidget(self.form)
        right.addWidget(bar)
        side = QFrame()
        side.setProperty("kind", "side")
        side.setLayout(right)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.lists)
        row.addWidget(side, 1)

    # -- reading -----------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Read what is out of date."""
        if self._is_stale:
            self._read()

    def on_changed(self, changes: Changes) -> None:
        """Count again after a write, at once where the lists are in view."""
        if not changes.kinds or changes.kinds & {CODE_KIND, "project", "pair", "agreement", "organisation"}:
            self._is_stale = True
            if self.isVisible():
                self._read()

    def _read(self) -> None:
        self._is_stale = False
        self.context.runner.read(read_lists, done=self._show, initiator=self, replaces=(id(self), "codes"))

    def _show(self, lists: Lists) -> None:
        self._lists = lists
        self.lists.show_ids(list(lists), {name: name for name in lists})
        self.lists.select_id(self._name)
        self._show_codes()

    def _show_codes(self) -> None:
        rows = {row.code: row for row in self._rows()}
        self.table.set_column_shown("parent", self._name in PARENTS)
        self.table.show_ids(list(rows), rows)
        if self._wanted in rows:
            self.table.select_id(self._wanted)
            self._wanted = None
        self._show_acts()

    def _rows(self) -> tuple[CodeRow, ...]:
        return self._lists.get(self._name, ())

    def _parent(self, row: CodeRow) -> str:
        above = PARENTS.get(row.list, "")
        return self.context.codes.label(above, row.parent, language()) or ABSENT

    def _on_list(self) -> None:
        chosen = self.lists.selected_ids()
        if chosen and chosen[0] != self._name:
            self._name = chosen[0]
            self.form.hide()
            self._show_codes()

    # -- acting ------------------------------------------------------------------------------------------------

    def current(self) -> CodeRow | None:
        """Return the chosen code."""
        chosen = self.table.selected_ids()
        return next((row for row in self._rows() if chosen and row.code == chosen[0]), None)

    def _show_acts(self) -> None:
        row = self.current()
        own = row is not None and not row.builtin
        places = [one.code for one in self._rows() if not one.builtin]
        for button in (self.rename_button, self.delete_button):
            button.setEnabled(own)
        self.up_button.setEnabled(row is not None and own and places[0] != row.code)
        self.down_button.setEnabled(row is not None and own and places[-1] != row.code)
        self.hint.setText(tr("Built-in codes stay as they are.") if row is not None and row.builtin else "")

    def add(self) -> None:
        """Begin a new code of the list."""
        self.form.begin(Task.ADD, self._name)

    def rename(self) -> None:
        """Begin another name for the chosen code."""
        row = self.current()
        if row is not None and not row.builtin:
            self.form.begin(Task.RENAME, self._name, row)

    def delete(self) -> None:
        """Delete the chosen code; where records use it, ask first which code they are given."""
        row = self.current()
        if row is None or row.builtin:
            return
        if row.used or row.other:
            self.form.begin(Task.DELETE, self._name, row)
        else:
            self._write(partial(delete_code, name=self._name, code=row.code))

    def _move(self, steps: int) -> None:
        row = self.current()
        if row is not None:
            self._write(partial(move_code, name=self._name, code=row.code, steps=steps))

    def _on_accepted(self) -> None:
        form, name = self.form, self._name
        code = form.row.code if form.row else ""
        if form.task is Task.ADD:
            self._write(partial(add_code, name=name, name_zh=form.zh(), name_en=form.en(), parent=form.chosen()))
        elif form.task is Task.RENAME:
            self._write(partial(rename_code, name=name, code=code, name_zh=form.zh(), name_en=form.en()))
        else:
            self._write(partial(delete_code, name=name, code=code, into=form.chosen()))

    def _write(self, work: Callable[..., SavedCode]) -> None:
        self.context.runner.write(work, done=self._on_saved, failed=self._on_failed, initiator=self)

    def _on_saved(self, saved: SavedCode) -> None:
        self._wanted = saved.code
        self.form.hide()
        self.table.setFocus()

    def _on_failed(self, error: UserError) -> None:
        if self.form.isHidden():
            self.hint.setText(labels.error_sentence(error))
        else:
            self.form.say(labels.error_sentence(error))

    def _leave_form(self) -> None:
        self.table.setFocus()


def _origin(row: CodeRow) -> Cell | str:
    return Toned(tr("built in"), "hint") if row.builtin else tr("own")


def _uses(row: CodeRow) -> Cell | str:
    if not row.used and not row.other:
        return Toned(ABSENT, "hint")
    return f"{row.used:,}" if not row.other else Named(f"{row.used:,}", tr("+ {count} past", count=f"{row.other:,}"))
