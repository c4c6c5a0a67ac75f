"""What is due as a file for a calendar: only dates that are known to the day have a place in one."""

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path

from bri_desktop.reports.calendar_file import Entry, write_calendar
from bri_desktop.services.due import Due

DAY = len("2026-11-23")


def has_day(item: Due) -> bool:
    """Tell whether it is known on which day a thing is due."""
    return item.due is not None and len(item.due) == DAY


def write_dates(path: Path, items: Iterable[Due], title: Callable[[Due], str], name: str) -> int:
    """Write the items that have a day, worded by ``title``, into an .ics file; return how many."""
    entries = [
        Entry(
            uid=f"{item.kind}-{item.key or item.record or item.title}-{item.due}@bri-desktop",
            day=datetime.date.fromisoformat(item.due),
            title=title(item),
            note=item.context.replace("\t", " "),
        )
        for item in items
        if item.due is not None and has_day(item)
    ]
    return write_calendar(path, entries, name=name)
