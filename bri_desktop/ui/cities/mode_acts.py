"""Parks and mechanisms by Excel from the window: the sheet of all of them written out, and taken in when filled in."""

import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.measure_tables import TableReport
from bri_desktop.ui import dialogs
from bri_desktop.ui.shared.context import WindowContext

FILES = "Excel, CSV (*.xlsx *.xlsm *.xls *.et *.ods *.csv)"
TOLD = 8
"""So many values that were left out are named; the rest are counted."""


def write_sheet(session: Any, path: Path, name: str) -> int:
    """Write the sheet of ``park`` or ``mechanism``, on a reader; return its rows."""
    from bri_desktop.services.mode_profile_sheets import export_profiles

    return int(export_profiles(session, path, name)["rows"])


def take_in(session: Any, path: Path, name: str, today: datetime.date) -> TableReport:
    """Read a filled-in sheet and store it, on the writer."""
    from bri_desktop.services.mode_profile_sheets import bring_profiles

    return bring_profiles(session, path, name, today=today)


class ModeActs(QObject):
    """The menu; ``said`` tells what became of it."""

    said = Signal(str)

    def __init__(self, context: WindowContext, page: QWidget, today: datetime.date) -> None:
        super().__init__(page)
        self._context, self._page, self._today = context, page, today
        self.menu = QMenu(page)
        for name, write, bring in (
            ("park", tr("Sheet of parks…"), tr("Bring filled-in parks…")),
            ("mechanism", tr("Sheet of mechanisms…"), tr("Bring filled-in mechanisms…")),
        ):
            self.menu.addAction(write, partial(self.write, name))
            self.menu.addAction(bring, partial(self.bring, name))

    def write(self, name: str) -> None:
        """Ask for a place and write the sheet there."""
        title = tr("Parks") if name == "park" else tr("Mechanisms")
        path = dialogs.choose_save_file(self._page, tr("Save"), "Excel (*.xlsx)", suggestion=Path(f"{title}.xlsx"))
        if path is None:
            return
        target = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
        self._context.runner.read(
            write_sheet,
            target,
            name,
            done=lambda _rows: self.said.emit(tr("Saved: {file}", file=target.name)),
            failed=self._on_refused,
            initiator=self._page,
        )

    def bring(self, name: str) -> None:
        """Ask for a filled-in sheet and take it in."""
        path = dialogs.choose_open_file(self._page, tr("Bring a table"), FILES)
        if path is not None:
            self._context.runner.write(
                take_in, path, name, self._today, done=self._on_taken, failed=self._on_refused, initiator=self._page
            )

    def _on_taken(self, report: TableReport) -> None:
        said = tr("{stored} of {rows} records changed.", stored=f"{report.stored:,}", rows=f"{report.rows:,}")
        self.said.emit(said)
        if report.problems:
            lines = [
                f"{item.cell} “{item.value}”{tr(': ')}{labels.sentence(item.code)}" for item in report.problems[:TOLD]
            ]
            left = len(report.problems) - len(lines)
            lines += [tr("and {count} more", count=left)] if left else []
            dialogs.tell(self._page, "\n".join((said, tr("Left out:"), *lines)))

    def _on_refused(self, error: UserError) -> None:
        dialogs.tell(self._page, labels.error_sentence(error))
