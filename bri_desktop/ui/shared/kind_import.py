"""Taking in a sheet of one kind of records: first what would become of each row, then the writing."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.record_import import take_in, what_if
from bri_desktop.services.record_sheets import VERDICTS, SheetReport
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import SidePanel
from bri_desktop.ui.shared.tokens import Space

SHOWN = 200


def verdict_text(verdict: str) -> str:
    """Return the word for a verdict."""
    words = {
        "created": tr("New"),
        "updated": tr("Updated"),
        "unchanged": tr("Unchanged"),
        "duplicates": tr("Duplicate"),
        "refused": tr("Refused"),
    }
    return words[verdict]


class ImportPanel(SidePanel):
    """Shows the plan of a sheet and writes it on wish; ``done`` says what was written."""

    done = Signal(str)

    def __init__(self, context: WindowContext, kind: str) -> None:
        super().__init__(tr("Import"))
        self._context, self._kind = context, kind
        self._path: Path | None = None
        self.equation = buttons.label("", "strong", wrap=True)
        self.problem = buttons.label("", "problem", wrap=True)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(Space.INSIDE)
        content = QWidget()
        content.setProperty("kind", "surface")
        column = QVBoxLayout(content)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.BETWEEN)
        column.addWidget(self.equation)
        column.addWidget(self.problem)
        column.addLayout(self.lines)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(content)
        self.body.addWidget(area, 1)
        self.write_button = buttons.button(tr("Import"), self.write, kind=buttons.PRIMARY)
        self.bar.add_stretch()
        self.bar.add(self.write_button)

    def look(self, path: Path) -> None:
        """Read a sheet and show what would become of it."""
        self._path = path
        self.set_title(path.name)
        self._clear()
        self.equation.setText(tr("Reading {name}", name=path.name))
        self.write_button.setEnabled(False)
        self._context.runner.compute(
            what_if, self._context.database, path, self._kind, done=self._show, failed=self._on_failed, initiator=self
        )

    def _show(self, report: SheetReport) -> None:
        counts = report.counts
        parts = " + ".join(f"{verdict_text(verdict)} {counts[verdict]}" for verdict in VERDICTS if counts[verdict])
        self.equation.setText(tr("{rows} rows = {parts}", rows=len(report.rows), parts=parts or "0"))
        ready = counts["created"] + counts["updated"]
        self.write_button.setText(tr("Import {count} rows", count=ready))
        self.write_button.setEnabled(bool(ready) and report.batch is None)
        self._clear()
        if report.ignored:
            left_out = tr("{count} further rows are no data (titles, headers, sections, totals, notes)",
                          count=len(report.ignored))  # fmt: skip
            self.lines.addWidget(buttons.label(left_out, "hint", wrap=True))
        told = 0
        for row in report.rows:
            for one in row.problems:
                if told < SHOWN:
                    self._tell(one)
                told += 1
        if told > SHOWN:
            self.lines.addWidget(buttons.label(tr("and {count} more", count=told - SHOWN), "hint"))

    def _tell(self, one: dict[str, Any]) -> None:
        self.lines.addWidget(panels.rule())
        head = f"{one['sheet']} {one['cell']}  {labels.field_label(self._kind + '.' + one['field'])}  {one['value']}"
        self.lines.addWidget(buttons.label(head, "small", wrap=True))
        self.lines.addWidget(buttons.label(one["message"], "problem", wrap=True))

    def write(self) -> None:
        """Write the rows that are ready; those refused stay told."""
        if self._path is None:
            return
        self.write_button.setEnabled(False)
        self._context.runner.compute(
            take_in, self._context.database, self._path, self._kind, done=self._on_written, failed=self._on_failed,
            initiator=self,
        )  # fmt: skip

    def _on_written(self, report: SheetReport) -> None:
        self._show(report)
        self.write_button.setEnabled(False)
        counts = report.counts
        self._context.runner.changed.emit(report.changes, self)
        self.done.emit(
            tr("Imported: {new} new, {changed} changed, {refused} refused. Ctrl+Z takes it back.",
               new=counts["created"], changed=counts["updated"], refused=counts["refused"])
        )  # fmt: skip

    def _on_failed(self, error: UserError) -> None:
        self._clear()
        self.equation.setText("")
        self.problem.setText(labels.error_sentence(error))

    def _clear(self) -> None:
        self.problem.setText("")
        while (item := self.lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
