"""数据表: the tables of values that figures are held against, brought by Excel, and the weights of the indexes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.analysis.names import dimension_name
from bri_desktop.analysis.portfolio import Thresholds
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.history import Undone
from bri_desktop.services.measure_registry import (
    TableAct,
    TableInfo,
    WeightGroup,
    delete_table,
    import_table,
    last_act,
    list_tables,
    set_thresholds,
    set_weights,
    undo_last_act,
    weight_groups,
)
from bri_desktop.services.measure_sheets import TableProblem
from bri_desktop.services.measure_tables import DELETE, TableReport
from bri_desktop.services.measure_templates import write_template
from bri_desktop.services.statistics_options import read_options
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import ABSENT, Cell, Toned
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.taking_out import Shown
from bri_desktop.ui.shared.tokens import Space
from bri_desktop.ui.shared.weights import WeightEditor
from bri_desktop.ui.statistics.import_form import ImportForm, Wanted, kind_name
from bri_desktop.ui.statistics.thresholds import ThresholdEditor

FILES = "Excel, CSV (*.xlsx *.xlsm *.xls *.et *.ods *.csv)"


Room = tuple[tuple[TableInfo, ...], tuple[WeightGroup, ...], TableAct | None, Thresholds]

LEAST_HEIGHT, ROOMY = 330, 1000
"""What the form needs; the width from which the weights stand in one line."""


def read_room(session: Any) -> Room:
    """Return the tables, the weights, the act that can be taken back and the thresholds, on a reader."""
    return list_tables(session), weight_groups(session), last_act(session), read_options(session).thresholds


def take_in(session: Any, wanted: Wanted, path: Path) -> TableReport:
    """Read a file and store it, on the writer."""
    return import_table(
        session,
        wanted.kind,
        path,
        name=wanted.name,
        year=wanted.year,
        dimension=wanted.dimension,
        source=wanted.source,
    )


class TablesRoom(QFrame):
    """The list at the left, bringing in at the right, the weights below."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("kind", "surface")
        self.tables: tuple[TableInfo, ...] = ()
        self.problems: tuple[TableProblem, ...] = ()
        self.editors: dict[str, WeightEditor] = {}
        self.thresholds: ThresholdEditor | None = None
        self.form = ImportForm()
        self.list = LedgerTable(tr("Tables"), _model(_list_columns(), lambda: self.tables))
        self.problem_list = LedgerTable(tr("Left out"), _model(_problem_columns(), lambda: self.problems))
        self.delete_button = buttons.button(tr("Delete table"), self._delete, icon="trash-2", kind=buttons.SMALL)
        self.undo_button = buttons.button("", self._undo, icon="undo-2", kind=buttons.SMALL)
        self.empty = buttons.label(
            tr("No table yet. Population, trade, tiers, rates and city values come from Excel."), "hint", wrap=True
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.note = panels.Note()
        self._weights = QGridLayout()
        self._make_body()
        self.list.selection_changed.connect(self._on_selection)
        self.form.import_button.clicked.connect(lambda _checked: self._import())
        self.form.template_button.clicked.connect(lambda _checked: self._template())
        self._on_selection()

    def activate(self) -> None:
        """Read what there is."""
        self.context.runner.read(read_room, done=self._show, initiator=self, replaces=(id(self), "tables"))

    def shown(self) -> Shown | None:
        """Return what can be taken out: the list."""
        if not self.tables:
            return None
        heads = [column.title for column in self.list.rows.columns]
        rows = [[_text(column.cell(table)) for column in self.list.rows.columns] for table in self.tables]
        return Shown(tr("Tables"), "", heads, rows, None, self)

    # --- parts ----------------------------------------------------------------------------------------------------

    def _make_body(self) -> None:
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, Space.SECTION, 0, 0)
        column.setSpacing(Space.BETWEEN)
        head = QHBoxLayout()
        head.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
        head.addWidget(buttons.label(tr("Tables"), "section"))
        head.addStretch(1)
        head.addWidget(self.undo_button)
        head.addWidget(self.delete_button)
        self.undo_button.hide()
        column.addLayout(head)
        for widget in (self.empty, self.note):
            kept = QHBoxLayout()
            kept.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
            kept.addWidget(widget)
            column.addLayout(kept)
        column.addWidget(self.problem_list, 2)
        column.addWidget(self.list, 3)
        self.note.hide()
        self.problem_list.hide()
        upper = QSplitter()
        upper.setChildrenCollapsible(False)
        upper.addWidget(listed)
        upper.addWidget(self.form)
        upper.setStretchFactor(0, 1)
        upper.setMinimumHeight(LEAST_HEIGHT)
        inner = QFrame()
        inner.setProperty("kind", "surface")
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(upper, 1)
        whole.addWidget(panels.rule())
        self._weights.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        self._weights.setSpacing(2 * Space.PAGE)
        whole.addLayout(self._weights)

    def _show(self, found: Room) -> None:
        self.tables, groups, act, thresholds = found
        self.undo_button.setVisible(act is not None)
        self.undo_button.setText("" if act is None else tr("Undo: {act}", act=act_name(act)))
        self.list.show_ids(list(range(len(self.tables))), dict(enumerate(self.tables)))
        self.list.setVisible(bool(self.tables))
        self.empty.setVisible(not self.tables)
        self._on_selection()
        for group in groups:
            self._show_weights(group)
        self._show_thresholds(thresholds)

    def _show_thresholds(self, thresholds: Thresholds) -> None:
        before = self.thresholds
        if before is not None and before.stored == thresholds:
            return
        self.thresholds = ThresholdEditor(thresholds)
        self.thresholds.saved.connect(self._save_thresholds)
        if before is None:
            self._place_weights()
        else:
            self._weights.replaceWidget(before, self.thresholds)
            before.hide()
            before.deleteLater()

    def _show_weights(self, group: WeightGroup) -> None:
        before = self.editors.get(group.name)
        if before is not None and before.group == group:
            return
        made = WeightEditor(group)
        made.saved.connect(self._save_weights)
        if before is None:
            self.editors[group.name] = made
            self._place_weights()
        else:
            self._weights.replaceWidget(before, made)
            before.hide()
            before.deleteLater()
        self.editors[group.name] = made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the weights into two lines where four have no room beside each other."""
        super().resizeEvent(event)
        if self._columns() != self._weights.property("columns"):
            self._place_weights()

    def _columns(self) -> int:
        return 4 if self.width() >= ROOMY else 2

    def _place_weights(self) -> None:
        """Place the editors of the weights, then that of the thresholds, in as many columns as have room."""
        columns = self._columns()
        self._weights.setProperty("columns", columns)
        shown: list[QWidget] = [*self.editors.values(), *([self.thresholds] if self.thresholds else [])]
        for widget in shown:
            self._weights.removeWidget(widget)
        for number, widget in enumerate(shown):
            self._weights.addWidget(widget, number // columns, number % columns)
        for column in range(4):
            self._weights.setColumnStretch(column, int(column < columns))

    def _on_selection(self) -> None:
        self.delete_button.setEnabled(bool(self.list.selected_ids()))

    # --- acts -----------------------------------------------------------------------------------------------------

    def _import(self) -> None:
        wanted = self.form.wanted()
        if wanted is None:
            return
        path = dialogs.choose_open_file(self, tr("Bring a table"), FILES)
        if path is None:
            return
        self.form.import_button.setEnabled(False)
        self.context.runner.write(take_in, wanted, path, done=self._on_taken, failed=self._on_refused, initiator=self)

    def _on_taken(self, report: TableReport) -> None:
        self.form.import_button.setEnabled(True)
        self.problems = report.problems
        said = tr("{stored} of {rows} rows taken in.", stored=f"{report.stored:,}", rows=f"{report.rows:,}")
        if report.problems:
            first = report.problems[0]
            said += " " + tr(
                "{n} left out, the first {cell} “{value}”: {why}",
                n=len(report.problems),
                cell=first.cell,
                value=first.value,
                why=labels.sentence(first.code),
            )
        self._say(said, is_problem=bool(report.problems))
        self.activate()

    def _on_refused(self, error: UserError) -> None:
        self.form.import_button.setEnabled(True)
        self.problems = ()
        self._say(labels.error_sentence(error), is_problem=True)

    def _say(self, text: str, *, is_problem: bool) -> None:
        self.note.set_text(text)
        self.note.show()
        self.problem_list.show_ids(list(range(len(self.problems))), dict(enumerate(self.problems)))
        self.problem_list.setVisible(is_problem and len(self.problems) > 1)

    def _template(self) -> None:
        kind = self.form.kind.code()
        path = dialogs.choose_save_file(
            self, tr("Save template"), "Excel (*.xlsx)", suggestion=Path(f"{kind_name(kind)}.xlsx")
        )
        if path is None:
            return
        target = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
        self.context.runner.read(
            write_template,
            kind,
            target,
            done=lambda _rows: self._say(tr("Saved: {file}", file=target.name), is_problem=False),
            failed=self._on_refused,
            initiator=self,
        )

    def _delete(self) -> None:
        chosen = [self.tables[at] for at in self.list.selected_ids()]
        if not chosen:
            return
        table = chosen[0]
        name = " ".join(filter(None, (kind_name(table.kind), table.name, str(table.year or ""))))
        question = tr("Delete the table {name} with {n} values?", name=name, n=f"{table.rows:,}")
        if dialogs.ask(self, question, [Choice("delete", tr("Delete table"), is_destructive=True)]) == "delete":
            self.context.runner.write(
                delete_table, table, done=lambda _changes: self.activate(), failed=self._on_refused, initiator=self
            )

    def _save_thresholds(self, limits: dict[str, float]) -> None:
        self.context.runner.write(
            set_thresholds, limits, done=lambda _changes: self.activate(), failed=self._on_refused, initiator=self
        )

    def _undo(self) -> None:
        self.context.runner.write(undo_last_act, done=self._on_undone, failed=self._on_refused, initiator=self)

    def _on_undone(self, undone: Undone) -> None:
        self.problems = ()
        kept = len(undone.kept)
        said = tr("{count} values were edited since and stay.", count=kept) if kept else tr("Taken back.")
        self._say(said, is_problem=False)
        self.activate()

    def _save_weights(self, name: str, weights: dict[str, float]) -> None:
        self.context.runner.write(
            set_weights,
            name,
            weights,
            done=lambda _changes: self.activate(),
            failed=self._on_refused,
            initiator=self,
        )


def act_name(act: TableAct) -> str:
    """Return what was done: 导入 汇率, 修改权重."""
    if act.table == "weights":
        return tr("weights")
    what = " ".join(filter(None, (kind_name(act.table), act.name)))
    return tr("deletion of {what}", what=what) if act.action == DELETE else tr("import of {what}", what=what)


def _model(columns: Sequence[Column[Any]], rows: Callable[[], Sequence[Any]]) -> WindowedModel[Any]:
    def fetch(ids: Sequence[Any], arrived: Callable[[dict[Any, Any]], None]) -> None:
        arrived({key: rows()[key] for key in ids})

    return WindowedModel(columns, fetch)


def _plain(key: str, title: str, cell: Callable[[Any], Cell | str], width: int, **more: Any) -> Column[Any]:
    return Column(key=key, title=title, cell=cell, width=width, is_sortable=False, **more)


def _list_columns() -> list[Column[Any]]:
    return [
        _plain("kind", tr("Kind"), lambda table: kind_name(table.kind), 132),
        _plain("name", tr("Name"), lambda table: table.name or ABSENT, 148),
        _plain("dimension", tr("Of what"), _dimension, 96),
        _plain("year", tr("Year"), lambda table: str(table.year or ABSENT), 64, is_right=True),
        _plain("rows", tr("Number of values"), lambda table: f"{table.rows:,}", 64, is_right=True),
        _plain("source", tr("Source"), lambda table: Toned(table.source or ABSENT), 160, stretch=True),
    ]


def _dimension(table: TableInfo) -> str:
    return dimension_name(table.dimension) if table.dimension else ABSENT


def _problem_columns() -> list[Column[Any]]:
    return [
        _plain("cell", tr("Cell"), lambda item: f"{item.sheet} {item.cell}", 132),
        _plain("value", tr("As written"), lambda item: item.value, 148),
        _plain("why", tr("Reason"), lambda item: labels.sentence(item.code), 240, stretch=True),
    ]


def _text(cell: Cell | str) -> str:
    return cell if isinstance(cell, str) else cell.plain
