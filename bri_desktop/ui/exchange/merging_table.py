"""The lines of a merge side by side: as issued, as it is now, as it came back; one of the last two is taken."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent

from bri_desktop.domain.merge import Verdict as Merged
from bri_desktop.i18n import tr
from bri_desktop.services.merging_plan import OURS, THEIRS
from bri_desktop.services.merging_show import CELL, HEAD, LOST, NEW, UNREAD, Choices, LineId, MergeLine
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.wording import local_time
from bri_desktop.ui.shared.cells import ABSENT, Cell, Framed, Heading, Named, Toned, Verdict
from bri_desktop.ui.shared.tokens import Size

NOW, BACK = 2, 3
"""The columns of the two values that can be taken."""


class MergeTable(ListTable[MergeLine]):
    """Heads over lines; a click on a value, or the keys 1 and 2, take it; ``decided`` tells of each."""

    decided = Signal()

    def __init__(self) -> None:
        self.choices: Choices = {}
        super().__init__(tr("Values to be merged"), self._columns(), row=Size.ROW_MERGE)
        self.clicked.connect(self._on_clicked)

    def _columns(self) -> list[ListColumn[MergeLine]]:
        return [
            ListColumn(tr("Field"), _name, 150),
            ListColumn(tr("As issued"), _issued, 190),
            ListColumn(tr("Now, key 1"), self._now, 270, stretch=True),
            ListColumn(tr("Came back, key 2"), self._back, 270, stretch=True),
            ListColumn(tr("Taken"), self._taken, 150),
        ]

    def show_lines(self, lines: Sequence[MergeLine]) -> None:
        """Show other lines; heads span the table."""
        self.clearSpans()
        self.show_rows(lines)
        for row, line in enumerate(lines):
            if line.kind == HEAD:
                self.setSpan(row, 0, 1, self.rows.columnCount())

    def choice_of(self, line: MergeLine) -> str | None:
        """Return ``ours``, ``theirs``, or ``None`` while a line is open."""
        return self.choices.get(line.id, line.choice)

    def choose(self, lines: Sequence[MergeLine], side: str) -> None:
        """Take one side of some lines."""
        chosen: dict[LineId, str] = {line.id: side for line in lines if line.is_open}
        if chosen:
            self.choices |= chosen
            self.viewport().update()
            self.decided.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a side by 1 or 2 and go on to the next open line."""
        side = {Qt.Key.Key_1: OURS, Qt.Key.Key_2: THEIRS}.get(Qt.Key(event.key()))
        if side is None:
            super().keyPressEvent(event)
            return
        self.choose(self.selected(), side)
        self._go_on()

    def _go_on(self) -> None:
        lines, row = self.rows.rows, self.currentIndex().row()
        following = (place for place in range(row + 1, len(lines)) if lines[place].is_open)
        place = next(following, None)
        if place is not None:
            self.selectRow(place)

    def _on_clicked(self, index: QModelIndex) -> None:
        side = {NOW: OURS, BACK: THEIRS}.get(index.column())
        if side is not None:
            self.choose([self.rows.rows[index.row()]], side)

    def _now(self, line: MergeLine) -> Cell | str:
        text = tr("stays") if line.kind == LOST else line.current or ABSENT
        if line.kind == NEW:
            text = tr("leave it out")
        return self._side(line, text, OURS, _who(line))

    def _back(self, line: MergeLine) -> Cell | str:
        if line.kind == LOST:
            return self._side(line, tr("into the bin"), THEIRS, "")
        if line.verdict == Merged.CLEARED:
            return self._side(line, tr("cleared by the department"), THEIRS, line.where)
        if line.kind == UNREAD or line.verdict in (Merged.INVALID, Merged.READ_ONLY):
            return Framed(f"{line.returned or ABSENT}  {line.note}", "error" if line.kind == UNREAD else "warning")
        return self._side(line, line.returned or ABSENT, THEIRS, line.where)

    def _side(self, line: MergeLine, text: str, side: str, context: str) -> Cell | str:
        if line.is_open and self.choice_of(line) == side:
            return Verdict(f"{text}  {context}".rstrip(), "check", "accent", bold=True)
        return Named(text, context)

    def _taken(self, line: MergeLine) -> Cell | str:
        if line.kind == UNREAD or line.verdict in (Merged.INVALID, Merged.READ_ONLY):
            return Verdict(tr("not taken"), "x", "warning")
        if not line.is_open:
            return Toned(tr("stays as it is"), "hint")
        choice = self.choice_of(line)
        if choice is None:
            return Verdict(tr("to be chosen"), "triangle-alert", "warning", bold=True)
        words = {
            CELL: (tr("now"), tr("came back")),
            NEW: (tr("not added"), tr("added")),
            LOST: (tr("kept"), tr("into the bin")),
        }
        return words[line.kind][choice == THEIRS]


def _name(line: MergeLine) -> Cell | str:
    return Heading(line.name, line.where) if line.kind == HEAD else line.name


def _issued(line: MergeLine) -> Cell | str:
    return Toned(line.note if line.kind == LOST else line.issued or ABSENT, "secondary")


def _who(line: MergeLine) -> str:
    if line.changed is None:
        return ""
    acts = {
        "edit": tr("edited"),
        "import": tr("imported"),
        "return": tr("merged"),
        "undo": tr("undone"),
    }
    return f"{acts.get(line.changed.act, '')} {local_time(line.changed.at)[5:16]}".strip()
