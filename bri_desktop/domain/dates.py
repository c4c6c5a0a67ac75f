"""Dates known to the day, month or year, and the written forms they come in."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.habits import DAY_FIRST, MONTH_FIRST, OCTOBER, Habits
from bri_desktop.domain.text import fold

FIRST_YEAR, LAST_YEAR = 1900, 2100
OPEN = Habits()

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_NUMERALS = "〇零○一二三四五六七八九十"

_SEP = r"\s?[-./]\s?"
_YMD = re.compile(rf"(\d{{4}})(?:{_SEP}(\d{{1,2}})(?:{_SEP}(\d{{1,2}}))?)?")
_HAN = re.compile(r"(\d{4}) ?年度?(?: ?(\d{1,2}) ?月(?:份|(?: ?(\d{1,2}) ?[日号]?))?)?")
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_DMY = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{4}})")
_MY = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{4}})")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]?([a-z]{3,9})\.?,?[ -]?(\d{4})")
_NAME_DAY = re.compile(r"([a-z]{3,9})\.? ?(\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_NAME_YEAR = re.compile(r"([a-z]{3,9})\.?,?[ -]?(\d{4})")
_TIME = re.compile(r"(?<=\d)[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_WEEKDAY = re.compile(r" ?\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_HAN_RUN = re.compile(rf"[{_NUMERALS}]+(?=\s?[年月日号])|^[{_NUMERALS}]{{4}}$")
_SHORT_YEAR = re.compile(r"(\d{2}) ?年(?: ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?[日号]?)?)?")
_NO_DATE = re.compile(
    "(?:待|未|另|待确)定|择日|另行通知|长期(?:有效)?|永久|无期限|至今|持续中?|(?:正在)?进行中?|未(?:开始|签署?|完成)"
    "|暂?无|不[详明]|未知|tb[da]|n/a|none|unknown|ongoing|pending|present|long-term|indefinite"
)
_SERIAL = re.compile(r"[0-9]{5}")
_INSIDE = re.compile(
    rf"(?<!\d)(?:\d{{4}} ?年(?: ?\d{{1,2}} ?月(?: ?\d{{1,2}} ?[日号])?)?"
    rf"|\d{{4}}{_SEP}\d{{1,2}}(?:{_SEP}\d{{1,2}})?(?!\d)"
    r"|(?:19|20)\d{2}(?!\d))"
)


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """An ISO date of reduced precision: ``2017``, ``2017-05`` or ``2017-05-17``. Orders by the text."""

    value: str

    @property
    def precision(self) -> str:
        """``year``, ``month`` or ``day``."""
        return {4: "year", 7: "month", 10: "day"}[len(self.value)]

    @property
    def year(self) -> int:
        """The calendar year."""
        return int(self.value[:4])


def parse_date(value: str | int | float | date | datetime, habits: Habits = OPEN) -> PartialDate:
    """Read a written date to the precision it was written with; a time of day is left out.

    ``habits`` say how the column writes what a single cell leaves open.

    Raises :class:`ValueProblemError`: ``date_unreadable``, ``date_impossible`` (30 February, year 3017) or
    ``date_ambiguous`` (the number 2017.1, 03/04/2017), with readings to choose from where there are any.
    """
    if isinstance(value, datetime):
        return _known(value, value.year, value.month, value.day)
    if isinstance(value, date):
        return _known(value, value.year, value.month, value.day)
    if isinstance(value, bool):
        raise ValueProblemError("date_unreadable", value)
    if isinstance(value, int | float):
        return _from_number(value, habits.tenth)
    return _from_text(value, habits.order)


def is_no_date(text: str) -> bool:
    """Tell whether a text in the place of a date says that there is none: 待定, 长期, 至今, ongoing."""
    return _NO_DATE.fullmatch(fold(text).strip(" .。()").lower()) is not None


def format_date(value: PartialDate, language: str) -> str:
    """Return the date as it is written in ``zh_CN`` (2017年5月17日) or ``en`` (17 May 2017)."""
    parts = [int(part) for part in value.value.split("-")]
    if language != "en":
        return "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False))
    words = [str(parts[0]), calendar.month_name[parts[1]] if len(parts) > 1 else "", *map(str, parts[2:])]
    return " ".join(word for word in reversed(words) if word)


def _known(raw: object, year: int, month: int | None = None, day: int | None = None) -> PartialDate:
    """Put the parts together or raise ``date_impossible``."""
    possible = FIRST_YEAR <= year <= LAST_YEAR and (month is None or 1 <= month <= 12)
    if possible and month is not None and day is not None:
        possible = 1 <= day <= calendar.monthrange(year, month)[1]
    if not possible:
        raise ValueProblemError("date_impossible", raw)
    text = f"{year:04d}"
    if month is not None:
        text += f"-{month:02d}"
    if day is not None:
        text += f"-{day:02d}"
    return PartialDate(text)


def _from_number(value: int | float, tenth: str | None) -> PartialDate:
    """Read a number cell: a year, year.month, a run of six or eight digits; a serial day number is only offered."""
    if value == value and abs(value) < 10**9 and value == int(value):
        number = int(value)
        if FIRST_YEAR <= number <= LAST_YEAR:
            return PartialDate(str(number))
        if (run := _RUN.fullmatch(str(number))) is not None:
            return _known(value, *_parts(run))
        raise _serial(value, number)
    whole, _, decimals = repr(value).partition(".")
    if len(whole) != 4 or not whole.isdigit() or not decimals.isdigit() or len(decimals) > 2:
        raise ValueProblemError("date_unreadable", value)
    if decimals == "1" and tenth is not None:
        return _known(value, int(whole), 10 if tenth == OCTOBER else 1)
    if decimals == "1":
        # A number cell cannot keep the last zero of 2017.10.
        raise ValueProblemError("date_ambiguous", value, offers=(f"{whole}-01", f"{whole}-10"))
    return _known(value, int(whole), int(decimals))


def _serial(raw: object, number: int) -> ValueProblemError:
    """Return what to say of a number that may be the serial number of a day."""
    offers = _serial_offers(number)
    return ValueProblemError("date_unreadable", raw, offers=offers, serial=offers[0] if offers else "")


def _serial_offers(number: int) -> tuple[str, ...]:
    """Return the day that a spreadsheet means by this number when its cell has lost the date format."""
    if not 10_000 <= number <= 73_050:
        return ()
    return ((date(1899, 12, 30) + timedelta(days=number)).isoformat(),)


def _from_text(raw: str, order: str | None = None) -> PartialDate:
    text = _arabic(fold(raw))
    text = _WEEKDAY.sub("", _TIME.sub("", text)).rstrip(".").strip()
    for pattern in (_HAN, _YMD, _RUN):
        if (match := pattern.fullmatch(text)) is not None:
            return _known(raw, *_parts(match))
    if (match := _MY.fullmatch(text)) is not None:
        return _known(raw, int(match[2]), int(match[1]))
    if (match := _DMY.fullmatch(text)) is not None:
        return _day_or_month_first(raw, int(match[1]), int(match[2]), int(match[3]), order)
    if (match := _SHORT_YEAR.fullmatch(text)) is not None:
        raise ValueProblemError("date_ambiguous", raw, offers=_century_offers(match))
    english = _from_english(raw, text.lower())
    if english is None and _SERIAL.fullmatch(text):
        # A file of text has a day that lost its format as digits.
        raise _serial(raw, int(text))
    if english is None:
        inside = _offers_inside(text)
        raise ValueProblemError("date_unreadable", raw, offers=inside, inside=inside)
    return english


def _parts(match: re.Match[str]) -> tuple[int, int | None, int | None]:
    """Return year, month and day of a match with up to three groups."""
    groups = [None if group is None else int(group) for group in match.groups()]
    year = groups[0]
    assert year is not None
    return year, groups[1], groups[2]


def _arabic(text: str) -> str:
    """Turn the Chinese numerals of a date (二〇一七年十二月三十一日) into digits."""
    if not any(numeral in text for numeral in _NUMERALS):
        return text
    return _HAN_RUN.sub(lambda match: _arabic_run(match[0]), text)


def _arabic_run(numerals: str) -> str:
    if "十" not in numerals:
        return numerals.translate(_DIGITS)
    tens, _, ones = numerals.partition("十")
    if len(tens) > 1 or len(ones) > 1 or ones == "十":
        return numerals
    return str(int(tens.translate(_DIGITS) or "1") * 10 + int(ones.translate(_DIGITS) or "0"))


def _day_or_month_first(raw: str, first: int, second: int, year: int, order: str | None) -> PartialDate:
    readings = []
    ways = {DAY_FIRST: ((first, second),), MONTH_FIRST: ((second, first),)}
    for day, month in ways.get(order or "", ((first, second), (second, first))):
        try:
            reading = _known(raw, year, month, day)
        except ValueProblemError:
            continue
        if reading not in readings:
            readings.append(reading)
    if not readings:
        raise ValueProblemError("date_impossible", raw)
    if len(readings) > 1:
        raise ValueProblemError("date_ambiguous", raw, offers=tuple(reading.value for reading in readings))
    return readings[0]


def _from_english(raw: str, text: str) -> PartialDate | None:
    if (match := _DAY_NAME.fullmatch(text)) is not None and match[2] in _MONTHS:
        return _known(raw, int(match[3]), _MONTHS[match[2]], int(match[1]))
    if (match := _NAME_DAY.fullmatch(text)) is not None and match[1] in _MONTHS:
        return _known(raw, int(match[3]), _MONTHS[match[1]], int(match[2]))
    if (match := _NAME_YEAR.fullmatch(text)) is not None and match[1] in _MONTHS:
        return _known(raw, int(match[2]), _MONTHS[match[1]])
    return None


def _century_offers(match: re.Match[str]) -> tuple[str, ...]:
    year, month, day = _parts(match)
    offers = []
    for century in (1900, 2000):
        try:
            offers.append(_known(match[0], century + year, month, day).value)
        except ValueProblemError:
            continue
    return tuple(offers)


def _offers_inside(text: str) -> tuple[str, ...]:
    """Return the dates that stand inside a longer text (2017年底, 2017年5月至2018年6月)."""
    offers: list[str] = []
    for match in _INSIDE.finditer(text):
        try:
            found = _from_text(match[0]).value
        except ValueProblemError:
            continue
        if found not in offers:
            offers.append(found)
    return tuple(offers[:4])
