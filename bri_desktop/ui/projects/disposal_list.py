"""The record of what was removed for good: which record, when, by whom, why; its content is gone."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.disposal import clear_traces, disposals
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.table import LedgerTable

DIALOG = (820, 420)
Row = dict[str, Any]


class DisposalList(QDialog):
    """What was removed, the latest first."""

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._rows: dict[int, Row] = {}
        self.setWindowTitle(tr("Record of removals"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*DIALOG)
        self.table = self._make_table()
        self.count = buttons.label("", "hint")
        self.rewrite_button = buttons.button(tr("Rewrite the file again"), self.rewrite)
        self.rewrite_button.setToolTip(tr("Takes away what another program kept from being taken away"))
        bar = panels.action_bar()
        bar.add(self.count)
        bar.add_stretch()
        bar.add(self.rewrite_button)
        bar.add(buttons.button(tr("Close"), self.accept))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(bar)
        context.runner.read(disposals, done=self._show, initiator=self)

    def _make_table(self) -> LedgerTable[Row]:
        columns: list[Column[Row]] = [
            Column("key", tr("Record"), lambda row: row["key"], 80, is_sortable=False),
            Column("at", tr("Removed at"), lambda row: _time(row["at"]), 130, is_sortable=False),
            Column("who", tr("By whom"), lambda row: row["who"] or "", 90, is_sortable=False),
            Column("why", tr("Reason"), lambda row: row["why"] or "", 200, is_sortable=False, stretch=True),
            Column("rows", tr("Rows"), lambda row: str(row["rows"]), 60, is_right=True, is_sortable=False),
            Column("attachments", tr("Attachments"), _attachments, 100, is_right=True, is_sortable=False),
            Column("years", tr("Frozen years"), _years, 110, is_sortable=False),
        ]
        model = WindowedModel(columns, lambda ids, arrived: arrived({one: self._rows[one] for one in ids}))
        return LedgerTable(tr("Record of removals"), model)

    def _show(self, rows: Sequence[Row]) -> None:
        self._rows = dict(enumerate(rows))
        self.table.show_ids(list(self._rows), self._rows)
        self.count.setText(tr("{count} records removed for good", count=len(rows)))

    def rewrite(self) -> None:
        """Rewrite the file without its free pages."""
        self.rewrite_button.setEnabled(False)
        self._context.runner.compute(_clear, self._context.path, done=self._on_clear, failed=self._say, initiator=self)

    def _on_clear(self, _nothing: None) -> None:
        self.rewrite_button.setEnabled(True)
        self.count.setText(tr("The file was rewritten."))

    def _say(self, error: UserError) -> None:
        self.rewrite_button.setEnabled(True)
        self.count.setText(labels.error_sentence(error))


def _clear(path: Path) -> None:
    clear_traces(path)


def _time(at: str) -> str:
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def _attachments(row: Row) -> str:
    return str(row["attachments"])


def _years(row: Row) -> str:
    return "、".join(str(year) for year in row["frozen_years"])
