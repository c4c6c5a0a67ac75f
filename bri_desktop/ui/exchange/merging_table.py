"""The lines of a merge side by side: as issued, now, as it came back; one of the last two or a third is taken."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from bri_desktop.domain.merge import Verdict as Merged
from bri_desktop.i18n import tr
from bri_desktop.services.merging_plan import OURS, THEIRS
from bri_desktop.services.merging_show import CELL, HEAD, LOST, NEW, TYPED, UNREAD, Choices, LineId, MergeLine
from bri_desktop.services.merging_typed import TypedValue
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.merging_delegate import MergeDelegate, Options, Side
from bri_desktop.ui.exchange.merging_other import OtherRow
from bri_desktop.ui.exchange.wording import local_time
from bri_desktop.ui.shared.cells import ABSENT, Cell, Framed, Heading, Toned, Verdict
from bri_desktop.ui.shared.delegates import Index
from bri_desktop.ui.shared.tokens import Size

NOW, BACK, TAKEN = 2, 3, 4
"""The columns of the two values that can be taken, and of the choice."""
OTHER = "other"
"""The kind of the row under a line in which another value stands or is typed."""
KEYS = {Qt.Key.Key_1: OURS, Qt.Key.Key_2: THEIRS, Qt.Key.Key_3: TYPED}
NOT_TAKEN = frozenset({Merged.INVALID, Merged.READ_ONLY})


class MergeTable(ListTable[MergeLine]):
    """Heads over lines; a click on a value, on its circle, or the keys 1 2 3 take it; ``decided`` tells of each."""

    decided = Signal()
    typed_wanted = Signal(object, str)
    """A line and the text that was typed for it: whoever can read it answers by :meth:`take_typed`."""

    def __init__(self) -> None:
        self.choices: Choices = {}
        self.typed: dict[LineId, TypedValue] = {}
        self.editor: OtherRow | None = None
        self._editing: LineId | None = None
        self._lines: tuple[MergeLine, ...] = ()
        super().__init__(tr("Values to be merged"), self._columns(), row=Size.ROW_MERGE)
        self.row_delegate = MergeDelegate(self, self._look)
        self.setItemDelegate(self.row_delegate)

    def _columns(self) -> list[ListColumn[MergeLine]]:
        widest = max(_options(one, None).width for one in (_CLASH, replace(_CLASH, kind=LOST)))
        return [
            ListColumn(tr("Field"), _name, 128),
            ListColumn(tr("As issued"), _issued, 176),
            ListColumn(tr("Now, key 1"), self._now, 240, stretch=True),
            ListColumn(tr("Came back, key 2"), self._back, 240, stretch=True),
            ListColumn(tr("Taken"), self._taken, widest),
        ]

    # -- what is shown -----------------------------------------------------------------------------------------

    def show_lines(self, lines: Sequence[MergeLine]) -> None:
        """Show other lines; heads span the table."""
        self._lines, self._editing = tuple(lines), None
        self._lay_out()

    def forget(self) -> None:
        """Drop every choice and every typed value."""
        self.choices, self.typed = {}, {}
        self.show_lines(())

    def _lay_out(self, current: LineId | None = None) -> None:
        """Show the lines, each with a typed value followed by it, and select ``current``."""
        self.clearSpans()
        self.editor = None
        shown = list(self._with_others())
        self.show_rows(shown)
        for row, line in enumerate(shown):
            if line.kind == HEAD:
                self.setSpan(row, 0, 1, self.rows.columnCount())
            elif line.kind == OTHER:
                self.setSpan(row, NOW, 1, self.rows.columnCount() - NOW)
                if line.id[1:] == self._editing:
                    self._open_editor(row, line)
            if line.id == current:
                self.selectRow(row)

    def _with_others(self) -> Iterator[MergeLine]:
        for line in self._lines:
            yield line
            if line.id == self._editing or self.choice_of(line) == TYPED:
                typed = self.typed.get(line.id, TypedValue())
                yield MergeLine(OTHER, (OTHER, *line.id), line.verdict, line.name, current=typed.words)

    def _open_editor(self, row: int, line: MergeLine) -> None:
        self.editor = made = OtherRow(line.name, line.current)
        made.confirmed.connect(self._on_typed)
        made.left.connect(self._on_left)
        self.setIndexWidget(self.rows.index(row, NOW), made)

    def line_at(self, row: int) -> MergeLine | None:
        """Return the line of a row; of a typed value the one that it is for."""
        shown = self.rows.rows
        if not 0 <= row < len(shown):
            return None
        line = shown[row]
        return shown[row - 1] if line.kind == OTHER else line

    # -- choosing ----------------------------------------------------------------------------------------------

    def choice_of(self, line: MergeLine) -> str | None:
        """Return ``ours``, ``theirs``, ``typed``, or ``None`` while a line is open."""
        return self.choices.get(line.id, line.choice)

    def choose(self, lines: Sequence[MergeLine], side: str) -> None:
        """Take one side of some lines; a value that cannot be read has only ours."""
        chosen: dict[LineId, str] = {
            line.id: side for line in lines if line.is_open or (line.can_type and side == OURS)
        }
        if not chosen:
            return
        current = self.line_at(self.currentIndex().row())
        self.choices |= chosen
        self._editing = None
        self._lay_out(current.id if current else None)
        self.decided.emit()

    def write_other(self, line: MergeLine) -> None:
        """Open the row in which another value is typed."""
        if line.can_type:
            self._editing = line.id
            self._lay_out(line.id)

    def take_typed(self, line: MergeLine, value: TypedValue) -> None:
        """Take a value that was typed for a line, or say what is wrong with it and let it be corrected."""
        if line.id != self._editing:
            return
        if value.problem:
            if self.editor is not None:
                self.editor.say(value.problem)
            return
        self.typed[line.id] = value
        self.choices[line.id] = TYPED
        self._editing = None
        self._lay_out(line.id)
        self.setFocus()
        self.decided.emit()

    def _on_typed(self, text: str) -> None:
        line = next((line for line in self._lines if line.id == self._editing), None)
        if line is not None:
            self.typed_wanted.emit(line, text)

    def _on_left(self) -> None:
        current, self._editing = self._editing, None
        self._lay_out(current)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a side by 1 or 2 and go on to the next open line; 3 opens the row for another value."""
        side = KEYS.get(Qt.Key(event.key()))
        line = self.line_at(self.currentIndex().row())
        if side is None or line is None:
            super().keyPressEvent(event)
        elif side == TYPED:
            self.write_other(line)
        else:
            self.choose([line], side)
            self._go_on(line)

    def _go_on(self, line: MergeLine) -> None:
        shown = self.rows.rows
        row = next((place for place, one in enumerate(shown) if one.id == line.id), len(shown))
        following = next((place for place in range(row + 1, len(shown)) if shown[place].is_open), None)
        if following is not None:
            self.selectRow(following)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the value, or the choice, that is clicked."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        line = self.line_at(index.row())
        if line is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        side = {NOW: OURS, BACK: THEIRS}.get(index.column())
        if self.rows.rows[index.row()].kind == OTHER:
            side = TYPED
        elif index.column() == TAKEN:
            side = _options(line, None).at(self.visualRect(index), int(event.position().x()))
        if side == TYPED:
            self.write_other(line)
        elif side is not None:
            self.choose([line], side)

    # -- cells -------------------------------------------------------------------------------------------------

    def _look(self, index: Index) -> Side | Options | None:
        """Return what is drawn in its own way: the two values and the choices."""
        line = self.rows.rows[index.row()]
        if line.kind in (HEAD, OTHER, UNREAD):
            return None
        choice = self.choice_of(line)
        if index.column() == TAKEN and (line.is_open or line.can_type):
            return _options(line, choice)
        if index.column() == NOW:
            return Side(_now_text(line), _who(line), choice == OURS and (line.is_open or line.can_type))
        if index.column() == BACK and line.verdict not in NOT_TAKEN:
            is_tag = line.verdict == Merged.CLEARED
            return Side(_back_text(line), line.where if line.kind == CELL else "", choice == THEIRS, is_tag)
        return None

    def _now(self, line: MergeLine) -> Cell | str:
        if line.kind == OTHER:
            return Verdict(tr("another value: {value}", value=line.current), "pencil", "accent", bold=True)
        return f"{_now_text(line)} {_who(line)}".strip()

    def _back(self, line: MergeLine) -> Cell | str:
        if line.kind == UNREAD or line.verdict in NOT_TAKEN:
            return Framed(f"{line.returned or ABSENT}  {line.note}", "error" if line.kind == UNREAD else "warning")
        return _back_text(line)

    def _taken(self, line: MergeLine) -> Cell | str:
        if line.is_open or line.can_type:
            choice = self.choice_of(line)
            return next((word for code, word in _options(line, None).words if code == choice), tr("to be chosen"))
        if line.kind == UNREAD or line.verdict in NOT_TAKEN:
            return Verdict(tr("not taken"), "x", "warning")
        return Toned(tr("stays as it is"), "hint")


_CLASH = MergeLine(CELL, (CELL,), str(Merged.CLASH), "", is_open=True)


def _options(line: MergeLine, choice: str | None) -> Options:
    words = {
        CELL: ((OURS, tr("now")), (THEIRS, tr("came back")), (TYPED, tr("other"))),
        NEW: ((THEIRS, tr("added")), (OURS, tr("not added"))),
        LOST: ((OURS, tr("kept")), (THEIRS, tr("into the bin"))),
    }[line.kind]
    if line.verdict == Merged.INVALID:
        words = (words[0], words[2])
    return Options(words, choice, tr("to be chosen") if choice is None else "")


def _name(line: MergeLine) -> Cell | str:
    if line.kind == OTHER:
        return ""
    return Heading(line.name, line.where) if line.kind == HEAD else line.name


def _issued(line: MergeLine) -> Cell | str:
    if line.kind == OTHER:
        return ""
    return Toned(line.note if line.kind == LOST else line.issued or ABSENT, "secondary")


def _now_text(line: MergeLine) -> str:
    if line.kind == LOST:
        return tr("stays")
    return tr("leave it out") if line.kind == NEW else line.current or ABSENT


def _back_text(line: MergeLine) -> str:
    if line.kind == LOST:
        return tr("into the bin")
    if line.verdict == Merged.CLEARED:
        return tr("cleared by the department")
    return line.returned or ABSENT


def _who(line: MergeLine) -> str:
    if line.changed is None:
        return ""
    acts = {
        "edit": tr("edited"),
        "import": tr("imported"),
        "settle": tr("imported"),
        "return": tr("merged"),
        "undo": tr("undone"),
    }
    return f"{acts.get(line.changed.act, '')} {local_time(line.changed.at)[5:16]}".strip()
