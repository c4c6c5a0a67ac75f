"""Where things are: the program's own resources and the user's data folder."""

from pathlib import Path

import platformdirs

APP_NAME = "bri-desktop"

_PACKAGE = Path(__file__).resolve().parent


def resources() -> Path:
    """Return the folder of shipped resources, in a checkout or an installed copy."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def migrations() -> Path:
    """Return the folder of the database migrations."""
    installed = _PACKAGE / "migrations"
    return installed if installed.is_dir() else _PACKAGE.parent / "migrations"


def data_folder() -> Path:
    """Return the user's data folder; it is not created here."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def default_database() -> Path:
    """Return the path of the database that opens when none is named."""
    return data_folder() / "ledger.db"
