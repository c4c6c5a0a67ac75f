"""The first view: a place to drop a file, the imports so far with their undo, and the rows that wait."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.labels import field_label
from bri_desktop.services.exchange import VERDICTS
from bri_desktop.services.history import Undone
from bri_desktop.services.intake_wizard import ImportsSoFar, PastImport, WaitingRow
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.wording import LOOKS, local_time, verdict_word
from bri_desktop.ui.shared import buttons, paint
from bri_desktop.ui.shared.cells import Cell, Toned
from bri_desktop.ui.shared.panels import Band, Note
from bri_desktop.ui.shared.tokens import Size, Space

DROP_HEIGHT = 132
LISTED = 6
MERGE, AS_LEDGER, NEXT = "merge", "as_ledger", "next"


class DropArea(QFrame):
    """Says where a file can be dropped, with the button for those who choose."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(DROP_HEIGHT)
        self.setAccessibleName(tr("Import a file"))
        self.is_hovered = False
        self.choose_button = buttons.button(tr("Choose file"), icon="folder-open", kind=buttons.PRIMARY)
        row = QHBoxLayout()
        row.setSpacing(Space.SECTION)
        row.addStretch(1)
        row.addWidget(buttons.label(tr("Drop a ledger of any department here, or"), "section"))
        row.addWidget(self.choose_button)
        row.addStretch(1)
        hint = tr("Excel (.xlsx), CSV or ODS, in whatever layout. Nothing is written before the preview.")
        column = QVBoxLayout(self)
        column.setSpacing(Space.SECTION)
        column.addStretch(1)
        column.addLayout(row)
        column.addWidget(buttons.label(hint, "hint"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def set_hovered(self, hovered: bool) -> None:
        """Show that a file held over the page would be taken."""
        self.is_hovered = hovered
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dashed frame."""
        fill, edge = ("tint", "accent") if self.is_hovered else ("surface", "field_edge")
        painter = QPainter(self)
        paint.draw_box(painter, self.rect(), fill=paint.role(fill), edge=paint.role(edge), dashed=True)


class HomeStep(QWidget):
    """Shows :class:`ImportsSoFar`; its signals ask the page to act."""

    file_wanted = Signal()
    records_wanted = Signal(int)
    undo_wanted = Signal(object)
    dismiss_wanted = Signal(list)
    record_wanted = Signal(str)
    decide_wanted = Signal(list)
    issued_answered = Signal(str, object)
    """``MERGE``, ``AS_LEDGER`` or ``NEXT``, and the path of a workbook that this program issued."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._issued = Path()
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.drop = DropArea()
        self.drop.choose_button.clicked.connect(lambda _on: self.file_wanted.emit())
        self.error = Note("", "error")
        self.error.hide()
        self.undone = Note("", "info")
        self.undone.link_clicked.connect(self.record_wanted)
        self.undone.hide()
        self.issued = Note("", "info")
        self.issued.link_clicked.connect(self._on_issued)
        self.issued.hide()
        self.imports = _imports_table()
        self.imports.selection_changed.connect(self._say_buttons)
        self.imports.doubleClicked.connect(lambda _index: self._on_records())
        self.waiting = _waiting_table()
        self.waiting.selection_changed.connect(self._say_buttons)
        self.imports_title = buttons.label("", "section")
        self.waiting_title = buttons.label("", "section")
        self.records_button = buttons.button(tr("Show imported records"), self._on_records, kind=buttons.SMALL)
        self.undo_button = buttons.button(tr("Undo this import"), self._on_undo, icon="undo-2", kind=buttons.SMALL)
        self.decide_button = buttons.button("", self._on_decide, kind=buttons.SMALL)
        self.waiting.doubleClicked.connect(lambda _index: self._on_decide())
        self.dismiss_button = buttons.button(tr("Settle without importing"), self._on_dismiss, kind=buttons.SMALL)
        self._fill()
        self.show_state(ImportsSoFar((), (), 0))

    def _fill(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.PAGE, 0, 0)
        column.setSpacing(Space.SECTION)
        top = QVBoxLayout()
        top.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
        top.setSpacing(Space.BETWEEN)
        for widget in (self.error, self.issued, self.drop, self.undone):
            top.addWidget(widget)
        column.addLayout(top)
        self.imports_part = _part(self.imports_title, [self.records_button, self.undo_button], self.imports)
        hint = buttons.label(tr("Decide them here, or correct them in the file and import it again."), "hint")
        controls = [hint, self.dismiss_button, self.decide_button]
        self.waiting_part = _part(self.waiting_title, controls, self.waiting)
        column.addWidget(self.imports_part, 3)
        column.addWidget(self.waiting_part, 2)
        column.addStretch(0)

    def show_state(self, state: ImportsSoFar) -> None:
        """Show the imports and the rows that wait."""
        self.imports.show_rows(state.imports)
        self.waiting.show_rows(state.waiting)
        self.imports_title.setText(tr("Imports {count}", count=len(state.imports)))
        self.waiting_title.setText(tr("Rows kept aside {count}", count=f"{state.waiting_count:,}"))
        self.imports_part.setVisible(bool(state.imports))
        self.waiting_part.setVisible(bool(state.waiting))
        if state.imports and not self.imports.selected():
            self.imports.selectRow(0)
        if state.waiting and not self.waiting.selected():
            self.waiting.selectRow(0)
        self._say_buttons()

    def show_error(self, text: str) -> None:
        """Say why a file could not be read; ``""`` takes it away."""
        self.error.set_text(text)
        self.error.setVisible(bool(text))

    def show_issued(self, path: Path, issue: str, following: str) -> None:
        """Say that a file was issued by this program, and offer to merge it or to import it all the same."""
        self._issued = path
        said = tr(
            "{file} was issued by this program ({issue}): it is merged cell by cell.", file=path.name, issue=issue
        )
        self.issued.set_text(said)
        links = [(MERGE, tr("Go to merging")), (AS_LEDGER, tr("Import it as a ledger all the same"))]
        if following:
            links.append((NEXT, tr("Go on with {file}", file=following)))
        self.issued.set_links(links)
        self.issued.show()

    def _on_issued(self, answer: str) -> None:
        self.issued.hide()
        self.issued_answered.emit(answer, self._issued)

    def clear_notes(self) -> None:
        """Take away what was said of the file before."""
        self.show_error("")
        self.show_undone("", None)
        self.issued.hide()

    def show_undone(self, file_name: str, undone: Undone | None) -> None:
        """Say what an undo did and what it left alone."""
        self.undone.setVisible(undone is not None)
        if undone is None:
            return
        said = [tr("Import of {file} undone: {count} records restored.", file=file_name, count=undone.restored)]
        if undone.kept:
            kept = tr(", ").join(
                f"{one.key} {field_label(one.field) if one.field else ''}".strip() for one in undone.kept[:LISTED]
            )
            said.append(tr("Kept, because edited since: {count} ({kept}).", count=len(undone.kept), kept=kept))
        self.undone.set_text(" ".join(said))
        keys = list(dict.fromkeys(one.key for one in undone.kept))[:LISTED]
        self.undone.set_links([(key, tr("Show record {key}", key=key)) for key in keys])

    def _say_buttons(self) -> None:
        chosen = self.imports.selected()
        self.records_button.setEnabled(bool(chosen))
        self.undo_button.setEnabled(bool(chosen) and chosen[0].undone_at is None)
        waiting = self.waiting.selected()
        self.dismiss_button.setEnabled(bool(waiting))
        count = len(self._to_decide())
        self.decide_button.setEnabled(count > 0)
        several = tr("Decide these {count} rows…", count=count)
        self.decide_button.setText(several if count > 1 else tr("Decide the rows of this file…"))

    def _on_records(self) -> None:
        for chosen in self.imports.selected():
            self.records_wanted.emit(chosen.batch)

    def _on_undo(self) -> None:
        for chosen in self.imports.selected():
            self.undo_wanted.emit(chosen)

    def _to_decide(self) -> list[WaitingRow]:
        """Return the selected rows of one import: the questions of two files are not asked together."""
        chosen = self.waiting.selected()
        return [row for row in chosen if row.batch == chosen[0].batch]

    def _on_decide(self) -> None:
        if rows := self._to_decide():
            self.decide_wanted.emit(rows)

    def _on_dismiss(self) -> None:
        self.dismiss_wanted.emit([row.id for row in self.waiting.selected()])


def _part(title: QWidget, controls: Sequence[QWidget], table: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    band = Band("surface-band", Size.NAVIGATION_ROW, Space.PAGE)
    band.add(title)
    band.add_stretch()
    for control in controls:
        band.add(control)
    column.addWidget(band)
    column.addWidget(table, 1)
    return made


def _imports_table() -> ListTable[PastImport]:
    columns = [
        ListColumn[PastImport](tr("Time"), lambda one: local_time(one.at), 136),
        ListColumn[PastImport](tr("File"), lambda one: Path(one.file_name).name, 280, stretch=True),
        ListColumn[PastImport](tr("Sheet"), lambda one: one.sheets, 160),
    ]
    columns += [_count_column(verdict) for verdict in VERDICTS]
    columns.append(ListColumn[PastImport](tr("State"), _state, 150))
    return ListTable(tr("Imports"), columns)


def _count_column(verdict: str) -> ListColumn[PastImport]:
    def cell(one: PastImport) -> Cell | str:
        count = one.counts[verdict]
        if not count:
            return Toned("0", "hint")
        return Toned(f"{count:,}", LOOKS[verdict][1], bold=True) if verdict in ("refused", "pending") else f"{count:,}"

    return ListColumn(verdict_word(verdict), cell, 64, is_right=True)


def _state(one: PastImport) -> Cell | str:
    return Toned(tr("undone {time}", time=local_time(one.undone_at)[:10]), "hint") if one.undone_at else tr("in force")


def _waiting_table() -> ListTable[WaitingRow]:
    columns = [
        ListColumn[WaitingRow](tr("File"), lambda row: row.file_name, 180),
        ListColumn[WaitingRow](tr("Sheet"), lambda row: row.sheet, 96),
        ListColumn[WaitingRow](tr("Row"), lambda row: str(row.row), 56, is_right=True),
        ListColumn[WaitingRow](tr("Content"), lambda row: row.text, 320, stretch=True),
        ListColumn[WaitingRow](
            tr("Problem"), lambda row: tr("; ").join(f"{cell} {said}" for cell, said in row.problems), 420
        ),
    ]
    made = ListTable(tr("Rows kept aside"), columns)
    made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    return made
