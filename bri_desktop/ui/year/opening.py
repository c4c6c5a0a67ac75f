"""The records behind a figure of the paper, shown where records of their kind are looked at."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.record_links import project_ids
from bri_desktop.services.summary_pages import Opened
from bri_desktop.ui.shared.context import RecordSet, WindowContext

OF_FILES = frozenset({"pending_row", "issued_workbook"})


def open_behind(
    context: WindowContext, page: QWidget, said: Callable[[str], object], what: str, opened: Opened
) -> None:
    """Show what stands behind a figure: projects and ties in their lists, cases in the approvals, rows of files and
    workbooks where files are exchanged, and of everything else the projects that it is about.

    ``what`` is the line that says what they are; ``said`` is told where there is no project to show.
    """
    if opened.kind in OF_FILES:
        context.show_page("exchange")
        return
    if opened.kind in ("project", "pair"):
        context.open_records(RecordSet(what, opened.ids, kind=opened.kind))
        return

    def found(projects: tuple[int, ...]) -> None:
        if projects:
            context.open_records(RecordSet(what, projects))
        elif opened.kind == "approval":
            context.open_approval(opened.keys[0])
        else:
            said(tr("These are about no project: {keys}.", keys=tr(", ").join(opened.keys[:SHOWN])))

    context.runner.read(project_ids, opened.kind, opened.ids, done=found, initiator=page)


SHOWN = 10
