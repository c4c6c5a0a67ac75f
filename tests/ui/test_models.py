"""Every Qt model of the program keeps the rules of models while it is filled, changed and emptied."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget

import bri_desktop.ui
from bri_desktop.charts.cross import Grid, GridCell, Head
from bri_desktop.db.database import Database
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.services.attachments import AttachmentRow
from bri_desktop.services.bulk_edit import BulkEdit, BulkLine, BulkPreview
from bri_desktop.services.reference import read_codebook
from bri_desktop.ui.agenda.due_table import _DueModel
from bri_desktop.ui.agenda.panel import _FigureModel
from bri_desktop.ui.approval.board import CardModel
from bri_desktop.ui.exchange.lists import ListColumn, ListModel
from bri_desktop.ui.exchange.preview_model import PreviewModel
from bri_desktop.ui.navigation import Entry, EntryModel
from bri_desktop.ui.projects.bulk_table import BulkModel
from bri_desktop.ui.shared.attachment_model import AttachmentModel
from bri_desktop.ui.shared.cells import CellModel
from bri_desktop.ui.shared.completion import Suggestion, _Suggestions
from bri_desktop.ui.shared.grouped_model import GroupedModel, GroupHead
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.record_model import RecordModel
from bri_desktop.ui.statistics.cross_table import GridModel
from bri_desktop.ui.statistics.groupings import _Model as GroupingModel

Steps = Iterator[None]
COLUMNS: list[Column[Any]] = [Column(key=key, title=key, cell=str, width=80) for key in ("a", "b")]
BASES = {CellModel}
"""What is never made by itself."""
WITH_ITS_PAGE = {
    PreviewModel: "test_exchange_page.py",
    RecordModel: "test_record_tables.py",
    CardModel: "test_approval_page.py",
}
"""Models whose rows come from a ledger or a file: the tests of these pages fill them."""


def fetch(ids: Any, arrived: Callable[[Mapping[Any, Any]], None]) -> None:
    arrived({key: f"row {key}" for key in ids})


def walk(model: QAbstractItemModel) -> None:
    """Ask for every cell and head, as a view and a screen reader do."""
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for column in range(columns):
        model.headerData(column, Qt.Orientation.Horizontal)
        for row in range(model.rowCount()):
            for role in roles:
                model.index(row, column).data(role)
    QApplication.processEvents()


def windowed(model: WindowedModel[str]) -> Steps:
    model.set_ids(range(3))
    yield
    model.set_rest(range(200))
    model.require([199], lambda _rows: None)
    yield
    model.refresh()
    yield
    model.set_ids([], {})
    yield


def grouped(model: GroupedModel[str]) -> Steps:
    heads = [GroupHead("x", "X", "2", (1, 2)), GroupHead("y", "Y", "1", (3,))]
    model.show_groups(heads, is_new=True)
    yield
    model.fold(heads[:1], away=True)
    yield
    model.unfold_for(2)
    yield
    model.show_plain([1, 2, 3])
    yield
    yield from windowed(model)


def attached(model: AttachmentModel) -> Steps:
    rows = [
        AttachmentRow(n, f"F{n}", "P1", f"{n}.txt", None, None, str(n), 9, "2024-01-01", 1, state)
        for n, state in enumerate(("whole", "missing", "changed", "unreadable"))
    ]
    model.show_rows(rows)
    yield
    model.show_pictures({"0": QImage(4, 4, QImage.Format.Format_RGB32)})
    yield
    model.show_rows([])
    yield


def suggested(model: _Suggestions) -> Steps:
    model.show([Suggestion("a", "甲", "乙"), Suggestion("b", "丙", "")])
    yield
    model.show([])
    yield


def listed(model: ListModel[str]) -> Steps:
    model.set_rows(["a", "b", "c"])
    yield
    model.set_rows([])
    yield


def noted(model: EntryModel) -> Steps:
    model.set_note("b", "7")
    yield


def crossed(model: GridModel) -> Steps:
    rows = (Head("x", "X", 3), Head("y", "Y", 1))
    model.show(Grid(rows, (Head("a", "A", 4),), ((GridCell(3),), (GridCell(1),)), total=4))
    yield
    model.sort_by(1, ascending=True)
    yield
    model.show(Grid((), (), ()))
    yield


def compared(model: BulkModel) -> Steps:
    lines = tuple(
        BulkLine(n, f"N-{n}", "项目", verdict, "active", "completed", ())
        for n, verdict in enumerate(("changed", "unchanged"))
    )
    model.show_preview(BulkPreview(BulkEdit("status", "set", "completed"), lines, {}, {}, {}))
    yield
    model.show_preview(None)
    yield


def still(_model: QAbstractItemModel) -> Steps:
    yield


def due(_world: Any, _parent: QWidget) -> QAbstractItemModel:
    made = _DueModel(COLUMNS, fetch)
    made.what = "3"
    return made


def figures(_world: Any, _parent: QWidget) -> QAbstractItemModel:
    made = _FigureModel(COLUMNS, fetch)
    made.titles = ("", "2026")
    return made


MADE: dict[type[QAbstractItemModel], tuple[Callable[[Any, QWidget], QAbstractItemModel], Callable[[Any], Steps]]] = {
    WindowedModel: (lambda _codes, _parent: WindowedModel(COLUMNS, fetch), windowed),
    GroupedModel: (lambda _codes, _parent: GroupedModel(COLUMNS, fetch), grouped),
    _DueModel: (due, windowed),
    _FigureModel: (figures, windowed),
    AttachmentModel: (lambda _codes, _parent: AttachmentModel(), attached),
    _Suggestions: (lambda _codes, parent: _Suggestions(parent), suggested),
    ListModel: (lambda _codes, _parent: ListModel([ListColumn("a", str, 80), ListColumn("b", str, 80)]), listed),
    EntryModel: (
        lambda _codes, parent: EntryModel([Entry("a", "甲", "house"), Entry("b", "乙", "house", "3")], parent),
        noted,
    ),
    GroupingModel: (lambda _codes, parent: GroupingModel(parent), still),
    GridModel: (lambda _codes, _parent: GridModel(), crossed),
    BulkModel: (BulkModel, compared),
}


@pytest.fixture(scope="module")
def codes(empty_ledger: Path) -> CodeBook:
    database = Database(empty_ledger)
    with database.read() as session:
        found = read_codebook(session)
    database.close()
    return found


def models() -> set[type[QAbstractItemModel]]:
    """Return every model class of the program."""
    for module in pkgutil.walk_packages(bri_desktop.ui.__path__, "bri_desktop.ui."):
        importlib.import_module(module.name)
    found: set[type[QAbstractItemModel]] = set()
    waiting = [QAbstractItemModel]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if one.__module__.startswith("bri_desktop."):
                found.add(one)
    return found


def test_no_model_is_left_out() -> None:
    assert models() == {*MADE, *WITH_ITS_PAGE, *BASES}
    for model, name in WITH_ITS_PAGE.items():
        text = Path(__file__).with_name(name).read_text(encoding="utf-8")
        assert "QAbstractItemModelTester(" in text, (model, name)


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.__name__)
def test_a_model_keeps_the_rules(
    kind: type[QAbstractItemModel], codes: CodeBook, qapp: QApplication, qtlog: Any
) -> None:
    parent = QWidget()
    make, steps = MADE[kind]
    model = make(codes, parent)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    walk(model)
    for _step in steps(model):
        walk(model)
    assert [record.message for record in qtlog.records] == []
    del tester
