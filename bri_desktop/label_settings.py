"""The names of what a ledger has to set, the same on the page of settings and on the command line."""

from collections.abc import Callable, Mapping

from bri_desktop.i18n import tr

SETTINGS: Mapping[str, Callable[[], str]] = {
    "name": lambda: tr("Name of the office"),
    "home_city": lambda: tr("Home city"),
    "own_name": lambda: tr("My name"),
    "expiring_days": lambda: tr("Agreements that expire: days ahead"),
    "anniversary_days": lambda: tr("Anniversaries: days ahead"),
    "visit_days": lambda: tr("Visits to prepare: days ahead"),
    "follow_up_days": lambda: tr("Follow-ups: days ahead"),
    "workbook_days": lambda: tr("Workbooks to come back: days ahead"),
    "approval_days": lambda: tr("An approval is late after working days on one step"),
    "dormant_years": lambda: tr("Years without anything until a tie is dormant"),
    "every_five": lambda: tr("Anniversaries every five years too, not every ten only"),
    "concentrated": lambda: tr("Over-concentrated: effective countries at most"),
    "dispersed": lambda: tr("Over-dispersed: countries a project at least"),
}
"""Name of a setting -> what it is called."""


def setting_label(name: str) -> str:
    """Return what a setting is called."""
    return SETTINGS[name]()
