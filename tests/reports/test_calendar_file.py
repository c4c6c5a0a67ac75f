"""Dates as a calendar takes them: read back by another reader, the same entry under the same number each time."""

import datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from bri_desktop.domain.errors import InputError
from bri_desktop.reports.calendar_file import Entry, write_calendar
from bri_desktop.services.agenda_out import write_dates
from bri_desktop.services.due import Due


def events(path: Path) -> list[tuple[str, str, str]]:
    calendar = Calendar.from_ical(path.read_bytes())
    return [
        (str(event["uid"]), str(event["summary"]), event["dtstart"].dt.isoformat()) for event in calendar.walk("VEVENT")
    ]


def test_only_what_has_a_day_is_written(tmp_path: Path) -> None:
    items = [
        Due("expiring", "中白工业园协议；延期, 补充", "北京\t明斯克", due="2026-12-01", days=8, key="A3"),
        Due("anniversary", "北京—东京", due="2026", number=50),
        Due("pending", "台账.xlsx", number=3),
    ]
    path = tmp_path / "日程.ics"
    assert write_dates(path, items, lambda item: item.title, "城市合作") == 1
    assert events(path) == [("expiring-A3-2026-12-01@bri-desktop", "中白工业园协议；延期, 补充", "2026-12-01")]


def test_a_long_title_comes_back_whole_and_lines_are_short(tmp_path: Path) -> None:
    title = "关于进一步深化友好城市务实合作的备忘录" * 6 + "\n第二行"
    write_calendar(tmp_path / "a.ics", [Entry("1", datetime.date(2026, 12, 1), title)], name="城市合作")
    assert max(map(len, (tmp_path / "a.ics").read_bytes().split(b"\r\n"))) <= 75
    assert events(tmp_path / "a.ics")[0][1] == title


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_calendar(tmp_path / "没有" / "a.ics", [], name="x")
    assert caught.value.code == "folder_missing"
