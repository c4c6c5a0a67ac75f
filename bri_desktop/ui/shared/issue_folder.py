"""Where issued workbooks and reminder lists are written: as chosen once, else beside the ledger."""

from pathlib import Path

from bri_desktop.ui.settings import Setting
from bri_desktop.ui.shared.context import WindowContext

FOLDER = Setting("issuing/folder", "")


def issue_folder(context: WindowContext) -> Path:
    """Return the folder that the files go to; a chosen one that is gone counts as none."""
    stored = context.settings.get(FOLDER)
    return Path(stored) if stored and Path(stored).is_dir() else context.path.parent
