"""What the ledger shows instead of rows: the doors of an empty one, and the word that nothing fits."""

from collections.abc import Callable

from bri_desktop.i18n import tr
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import Door, EmptyState


def nothing_yet(context: WindowContext, new_project: Callable[[], object]) -> EmptyState:
    """Return what an empty ledger shows."""
    doors = [
        Door(tr("New project"), "plus", tr("Log the first one by hand"), new_project),
        Door(tr("Import a ledger"), "download", tr("From Excel, WPS or CSV"), lambda: context.import_files(())),
        Door(tr("Load the sample"), "table", tr("Cases from the report"), lambda: context.load_sample()),
    ]
    return EmptyState(tr("There are no projects in this ledger yet."), doors)


def nothing_found(clear: Callable[[], object]) -> EmptyState:
    """Return what is shown where no record fits the conditions."""
    door = Door(tr("Clear conditions"), "x", tr("Shows the whole ledger"), clear)
    return EmptyState(tr("No project fits these conditions."), [door])
