"""全部指标: every measure of what is asked for, each with its value, interval and rule; undefined is —."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.analysis.model import StatsResult
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import language, tr
from bri_desktop.label_measures import MeasureLine, measure_lines
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import ABSENT, Cell, Toned
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.panels import Note
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.taking_out import Shown
from bri_desktop.ui.shared.tokens import Space
from bri_desktop.ui.statistics.reading import Asked, read_total


@dataclass(frozen=True, slots=True)
class _Row:
    line: MeasureLine
    is_first: bool


class MeasuresRoom(QFrame):
    """The list; read when it is shown and when the choices change."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("kind", "surface")
        self.lines: list[MeasureLine] = []
        self.asked: Asked | None = None
        self._title = ""
        self.rule = buttons.label("", "hint", wrap=True)
        self.problem = Note("", "error")
        self.problem.hide()
        model = WindowedModel(_columns(), lambda ids, arrived: arrived({at: self.row(at) for at in ids}))
        self.table: LedgerTable[_Row] = LedgerTable(tr("Measures"), model)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.SECTION, 0, 0)
        column.setSpacing(Space.BETWEEN)
        for widget in (self.rule, self.problem):
            widget.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
            column.addWidget(widget)
        column.addWidget(self.table, 1)

    def show_asked(self, asked: Asked, title: str, *, again: bool = False) -> None:
        """Read the measures of another request; those of the same one only ``again``."""
        wanted = asked.with_all_measures()
        if wanted == self.asked and not again:
            return
        self.asked, self._title = wanted, title
        self.rule.setText(tr("Counting… the first time after a change takes a while in a large ledger."))
        self.context.runner.read(
            read_total,
            wanted,
            self.context.statistics,
            done=self._show,
            failed=self._on_failed,
            initiator=self,
            replaces=(id(self), "measures"),
        )

    def row(self, position: int) -> "_Row":
        """Return a line; the first one of its group names the group."""
        line = self.lines[position]
        return _Row(line, not position or self.lines[position - 1].group != line.group)

    def shown(self) -> Shown | None:
        """Return what can be taken out."""
        if not self.lines:
            return None
        heads = [tr("Measure"), tr("Value"), tr("Number"), tr("Group"), tr("Rule")]
        rows: Sequence[Sequence[Any]] = [
            [line.name, line.text, line.value, line.group, line.rule] for line in self.lines
        ]
        return Shown(self._title, self.rule.text(), heads, rows, None, self)

    def _show(self, result: StatsResult) -> None:
        self.problem.hide()
        self.rule.setText(" ".join((result.rule, *result.notes)))
        self.lines = measure_lines(result, partial(_class_name, self.context))
        shown = {at: self.row(at) for at in range(len(self.lines))}
        self.table.show_ids(list(shown), shown)

    def _on_failed(self, error: UserError) -> None:
        self.rule.setText("")
        self.problem.set_text(labels.error_sentence(error))
        self.problem.show()


def _class_name(context: WindowContext, code: str | None) -> str:
    return context.codes.label("outcome_class", code, language()) or tr("No class named")


def _columns() -> list[Column[_Row]]:
    def plain(key: str, title: str, cell: Any, width: int, **more: Any) -> Column[_Row]:
        return Column(key=key, title=title, cell=cell, width=width, is_sortable=False, **more)

    return [
        plain("group", tr("Group"), lambda row: Toned(row.line.group if row.is_first else "", "secondary"), 120),
        plain("name", tr("Measure"), lambda row: row.line.name, 184),
        plain("value", tr("Value"), _value, 172, is_right=True),
        plain("rule", tr("Rule"), lambda row: Toned(row.line.rule, "secondary"), 116, stretch=True, tooltip=_rule),
    ]


def _value(row: _Row) -> Cell | str:
    text = row.line.text
    return Toned(text, "hint") if text == ABSENT else Toned(text, "text", bold=True)


def _rule(row: _Row) -> str:
    return row.line.rule
