"""Dates for the calendar of a phone or a mail program: an .ics file that any of them takes."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from bri_desktop.excel.writer import replace_file


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole day: ``uid`` stays the same from one file to the next, so that nothing stands twice in a calendar."""

    uid: str
    day: datetime.date
    title: str
    note: str = ""


def write_calendar(path: Path, entries: Sequence[Entry], *, name: str, remind_days: int = 7) -> int:
    """Write the entries with a reminder some days before each; return how many.

    Raises ``InputError`` as :func:`~bri_desktop.excel.writer.replace_file` does; a file that was there stays then.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//bri-desktop//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    stamp = datetime.datetime.now(datetime.UTC)
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", stamp)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + datetime.timedelta(days=1))
        event.add("summary", entry.title)
        if entry.note:
            event.add("description", entry.note)
        event.add_component(_alarm(entry.title, remind_days))
        calendar.add_component(event)
    with replace_file(path) as (stream, _temporary):
        stream.write(calendar.to_ical())
    return len(entries)


def _alarm(title: str, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", datetime.timedelta(days=-days))
    return alarm
