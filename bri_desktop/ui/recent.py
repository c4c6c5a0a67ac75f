"""The ledgers opened lately on this computer, the newest first: common to all ledgers, in the everyday settings."""

from pathlib import Path

from bri_desktop import paths
from bri_desktop.ui.settings import Json, Setting, Settings

RECENT: Setting[list[Json]] = Setting("ledgers/recent", [])
KEPT = 8


def recent_ledgers(file: Path | None = None) -> list[Path]:
    """Return those that are still there; ``file`` is the settings file, by default the everyday one."""
    stored = Settings(file or paths.everyday_settings()).get(RECENT)
    return [Path(one) for one in stored if isinstance(one, str) and Path(one).is_file()]


def remember_ledger(ledger: Path, file: Path | None = None) -> None:
    """Put a ledger first; where the settings cannot be written nothing is remembered."""
    settings = Settings(file or paths.everyday_settings())
    first = str(ledger.absolute())
    kept: list[Json] = [one for one in settings.get(RECENT) if isinstance(one, str) and one != first]
    kept.insert(0, first)
    settings.set(RECENT, kept[:KEPT])
    settings.save()
