"""Where things are: the program's own resources and the user's data folder."""

from pathlib import Path

from bri_desktop import administration, system

APP_NAME = "bri-desktop"
PORTABLE = "bri-desktop-data"
"""A folder of that name beside the program takes everything: a program on a USB stick leaves nothing behind."""

_PACKAGE = Path(__file__).resolve().parent


def resources() -> Path:
    """Return the folder of shipped resources, in a checkout or an installed copy."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def migrations() -> Path:
    """Return the folder of the database migrations."""
    installed = _PACKAGE / "migrations"
    return installed if installed.is_dir() else _PACKAGE.parent / "migrations"


def portable_folder(program: Path | None) -> Path | None:
    """Return where a portable copy in the folder ``program`` keeps its data; ``None`` for one that is installed."""
    beside = None if program is None else program / PORTABLE
    return beside if beside is not None and beside.is_dir() else None


def data_folder() -> Path:
    """Return the user's data folder: beside a portable copy, else where the administrator says, else the system's.

    It is not created here.
    """
    portable = portable_folder(system.program_folder())
    if portable is not None:
        return portable
    if (given := administration.current().text("data_folder")) is not None:
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def everyday_settings() -> Path:
    """Return the settings of the everyday ledger, which also hold what is common to all ledgers."""
    return data_folder() / "settings.ini"


def default_database() -> Path:
    """Return the path of the database that opens when none is named."""
    return data_folder() / "ledger.db"
