"""Days between packed dates, and Chinese working days where the calendar knows the year."""

import calendar
import datetime

import numpy as np
import numpy.typing as npt

from bri_desktop.analysis.model import BoolArray, IntArray

DAYS_A_YEAR = 365.2425
Days = npt.NDArray[np.int64]


def known_to_day(packed: IntArray) -> BoolArray:
    """Return which packed dates name a day."""
    return np.asarray((packed > 0) & (packed % 100 > 0), np.bool_)


def earliest(packed: IntArray) -> IntArray:
    """Return each date as the first day of the period it names; 0 stays 0."""
    month = np.where(packed // 100 % 100 == 0, 100, 0)
    day = np.where(packed % 100 == 0, 1, 0)
    return np.where(packed > 0, packed + month + day, 0).astype(np.int32)


def latest(packed: IntArray) -> IntArray:
    """Return each date as the last day of the period it names; 0 stays 0."""
    year, month, day = packed // 10000, packed // 100 % 100, packed % 100
    month = np.where(month == 0, 12, month)
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = lengths[month] + np.where((month == 2) & leap, 1, 0)
    return np.where(packed > 0, year * 10000 + month * 100 + np.where(day == 0, last, day), 0).astype(np.int32)


def ordinals(packed: IntArray) -> Days:
    """Return packed days as days since 1970; every date must name a day of the calendar."""
    years = (packed // 10000 - 1970).astype("timedelta64[Y]").astype("datetime64[Y]")
    months = years.astype("datetime64[M]") + (packed // 100 % 100 - 1).astype("timedelta64[M]")
    days = months.astype("datetime64[D]") + (packed % 100 - 1).astype("timedelta64[D]")
    return np.asarray(days.astype(np.int64))


def day_of(packed: int) -> datetime.date | None:
    """Return a packed day; ``None`` where it does not name one."""
    year, month, day = packed // 10000, packed // 100 % 100, packed % 100
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(max(year, 1), month)[1]):
        return None
    return datetime.date(year, month, day)


def working_years() -> tuple[int, int]:
    """Return the first and the last year whose holidays the calendar knows."""
    import chinese_calendar

    known = [day.year for day in chinese_calendar.holidays]
    return min(known), max(known)


def working_days(first: datetime.date, last: datetime.date) -> int | None:
    """Return the Chinese working days after ``first`` up to and with ``last``; 0 on the same day.

    ``None`` where a year between them is not in the calendar. Source: the holiday notices of the State Council as
    chinesecalendar carries them.
    """
    import chinese_calendar

    known = working_years()
    if first.year < known[0] or last.year > known[1]:
        return None
    if last <= first:
        return 0
    return len(chinese_calendar.get_workdays(first + datetime.timedelta(1), last))
