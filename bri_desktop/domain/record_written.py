"""The fields of what hangs on records as people write them: one value, a list of periods, or a whole record a line."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate, parse_date
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.money import Reading, format_money, parse_money
from bri_desktop.domain.record import decimal_text, money_from_plain, money_to_plain, outcome_to_plain
from bri_desktop.domain.record_kinds import LONG, Plain, RecordField, RecordKind
from bri_desktop.domain.text import fold
from bri_desktop.domain.written import parse_number, parse_outcomes

_PERIOD = re.compile(r"(?P<period>[^:：=]+?)\s*(?::|：|=|\s)\s*(?P<actual>[^\s:：=]+)")
_PARTS = re.compile(r"[；;\n]|、")
_PEOPLE = re.compile(r"(\d+)\s*(?:人次|人|名)")
_DIGITS = re.compile(r"\d")
_WITH_UNIT = Reading(needs_unit=True)
"""An amount without unit and currency is asked about."""


def read_value(field: RecordField, text: str, codes: CodeBook) -> Any:
    """Return the plain value of a written one, ``None`` for an empty one; raise ``ValueProblemError``."""
    written = text.strip()
    if not written:
        return None
    match field.kind:
        case "date":
            return parse_date(written).value
        case "code":
            code = codes.find(field.list or "", written)
            if code is None:
                raise ValueProblemError("code_unknown", written, list=field.list or "")
            return code
        case "count":
            return _count(written)
        case "number":
            return decimal_text(parse_number(written))
        case "money":
            return money_to_plain(parse_money(written, reading=_WITH_UNIT))
        case "periods":
            return read_periods(written)
    if len(written) > field.longest:
        raise ValueProblemError("text_too_long", written[:LONG], count=len(written), most=field.longest)
    return written


def show_value(field: RecordField, value: Any, codes: CodeBook, language: str) -> str:
    """Return a plain value as :func:`read_value` reads it; ``""`` for nothing."""
    if value is None:
        return ""
    match field.kind:
        case "code":
            return codes.label(field.list or "", value, language)
        case "money":
            money = money_from_plain(value)
            return "" if money is None else format_money(money, language)
        case "periods":
            return "；".join(f"{period}: {actual}" for period, actual in sorted(value.items()))
        case "number" | "count":
            return f"{Decimal(value):,f}"
    return str(value)


def _count(text: str) -> int:
    people = _PEOPLE.fullmatch(fold(text))
    number = parse_number(people[1] if people else text)
    if number != number.to_integral_value() or number < 0:
        raise ValueProblemError("count_unreadable", text)
    return int(number)


def read_periods(text: str) -> dict[str, str]:
    """Read what was reached by period: ``2017: 30；2018年: 45``; raise ``periods_unreadable`` with the part."""
    found: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in _PARTS.split(text))):
        match = _PERIOD.fullmatch(part)
        if match is None:
            raise ValueProblemError("periods_unreadable", part, part=part)
        period = parse_date(match["period"]).value
        if period in found:
            raise ValueProblemError("period_twice", part, period=period)
        found[period] = decimal_text(parse_number(match["actual"]))
    return found


def read_line(kind: RecordKind, text: str, codes: CodeBook) -> Plain:
    """Return the fields that one line means: dates, codes and numbers by their form, what is left is the name.

    Raises what :func:`parse_outcomes` raises where the kind is an outcome.
    """
    if kind.code == "outcome":
        return _outcome_line(text)
    found: Plain = {}
    words: list[str] = []
    for word in text.split():
        for field in kind.fields:
            if field.code not in found and field.code != kind.main and _takes(field, word, codes, found):
                break
        else:
            words.append(word)
    if words:
        found[kind.main] = " ".join(words)
    return found


def _takes(field: RecordField, word: str, codes: CodeBook, found: Plain) -> bool:
    """Take a word for a field where its form leaves no doubt."""
    if field.kind == "code":
        code = codes.named(field.list or "", word)
        if code is not None:
            found[field.code] = code
        return code is not None
    if not _DIGITS.search(word):
        return False
    if field.kind == "date":
        return _takes_read(field, word, codes, found)
    if field.kind == "count" and _PEOPLE.fullmatch(fold(word)):
        return _takes_read(field, word, codes, found)
    if field.kind == "number":
        return _takes_read(field, word, codes, found)
    if field.code == "phone" and re.fullmatch(r"[+\d][\d\-()（） ]{5,}", word):
        found[field.code] = word
        return True
    return False


def _takes_read(field: RecordField, word: str, codes: CodeBook, found: Plain) -> bool:
    try:
        found[field.code] = read_value(field, word, codes)
    except ValueProblemError:
        return False
    return True


def _outcome_line(text: str) -> Plain:
    outcomes = parse_outcomes(text) if text.strip() else ()
    if len(outcomes) != 1:
        raise ValueProblemError("outcome_one_a_line", text)
    return outcome_to_plain(outcomes[0])


def number_of(value: Any) -> Decimal | None:
    """Return the number in a plain value."""
    return None if value is None else Decimal(str(value))


def date_of(value: Any) -> PartialDate | None:
    """Return the date in a plain value."""
    return None if value is None else PartialDate(str(value))


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return field -> (old, new) for those of ``new`` that differ."""
    return {code: (old.get(code), value) for code, value in new.items() if old.get(code) != value}
