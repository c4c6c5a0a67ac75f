"""A ledger page of a kind as a file; of contacts it is asked whether telephone and mail go out with it."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from bri_desktop.domain.errors import UserError
from bri_desktop.domain.record_kinds import CONTACT
from bri_desktop.i18n import tr
from bri_desktop.labels import record_kind_label
from bri_desktop.services.record_sheets_out import export_kind
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice
from bri_desktop.ui.shared.context import WindowContext

FILTERS = "Excel (*.xlsx);;CSV (*.csv);;OpenDocument (*.ods)"
WITHOUT, WITH = "without", "with"


def choose_export(
    context: WindowContext,
    parent: QWidget,
    kind: str,
    ids: Sequence[int],
    said: Callable[[str], object],
    failed: Callable[[UserError], object],
) -> None:
    """Ask for a file and write the records of ``ids`` to it; ``said`` gets what was done."""
    answer = _ask_personal(parent) if kind == CONTACT.code else WITH
    if answer is None:
        return
    suggestion = Path.home() / f"{record_kind_label(kind)} {date.today().isoformat()}.xlsx"
    chosen = dialogs.choose_save_file(parent, tr("Export"), FILTERS, suggestion=suggestion)
    if chosen is None:
        return
    path = chosen if chosen.suffix else chosen.with_suffix(".xlsx")

    def write(session: Any) -> dict[str, Any]:
        return export_kind(session, path, kind, ids=ids, with_personal=answer == WITH)

    def done(written: dict[str, Any]) -> None:
        said(tr("{count} records written to {file}", count=f"{written['rows']:,}", file=path.name))

    context.runner.read(write, done=done, failed=failed, initiator=parent)


def _ask_personal(parent: QWidget) -> str | None:
    choices = [Choice(WITHOUT, tr("Leave out telephone and mail")), Choice(WITH, tr("Export telephone and mail too"))]
    detail = tr("Whoever gets the file can read what is in it.")
    return dialogs.ask(parent, tr("Are telephone and mail of the contacts to go out?"), choices, detail=detail)
