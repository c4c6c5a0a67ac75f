"""Numbers, lists and results as people write them into one cell."""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from bri_desktop.domain import money
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.domain.text import fold, squeeze

_SEPARATORS = frozenset("、；;，,/／\n\r")
_SURE_SEPARATOR = re.compile(r"[；;\n]")
_OPEN = {"（": "）", "(": ")", "《": "》", "“": "”", "【": "】", "「": "」", "〔": "〕", "[": "]"}
_CLOSE = frozenset(_OPEN.values())
_RETURNS = re.compile(r"_x000[dD]_|\r\n?")

_SCALES = {"": 1, "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SCALE = "|".join(sorted((word for word in _SCALES if word), key=len, reverse=True))
_NUMBER = re.compile(rf"([+-]?\d[\d.,']*)({_SCALE})?")
_MEASURES = (
    "人次|人|名|个|项|家|场次|场|次|所|份|件|台|套|批|期|种|列|班|对|篇|部|座|条|处|届|户|只|辆|架|艘|单|笔|间|本|册|支|队|"
    "公里|千米|米|平方米|平方公里|公顷|亩|吨|万吨|千克|公斤|标箱|千瓦时|千瓦|兆瓦|小时|天|年|个月|%|km|t|mw|kw"
)
_OUTCOME = re.compile(
    rf"(?P<what>.*?)(?:: ?| )?(?P<number>[+-]?\d[\d.,']*)"
    rf"(?: ?(?P<scale>{_SCALE})(?!(?<=千)[瓦米克卡伏赫]|(?<=百)分))?(?: ?(?P<unit>\D*))"
)
_COUNTED_NOUN = re.compile(rf"({_MEASURES})(?!次)(.+)")
NOT_COUNTED = "（—）"
"""What our own files write behind a result without a number, in the place of the number."""
_VAGUE_BEFORE = re.compile(r"(?:大约|(?<![签合条公缔履邀预])约|(?<![附最])近|超过|逾|不足|至少|[~≈><≥≤]) ?$")
_VAGUE_AFTER = re.compile(r"^[余多]|[余多](?=[万亿千百])|^(?:以上|左右)|(?:以上|左右)$|[余多]$")


def split_values(text: str) -> list[str]:
    """Return the values of one cell: parted by ``、；;，,/`` and line breaks outside brackets, trimmed, none empty.

    A comma or stroke between two digits (1,234) parts nothing. Brackets without a partner are ordinary characters.
    """
    plain = _RETURNS.sub("\n", text)
    depth_matters = _balanced(plain)
    values, start, depth = [], 0, 0
    for index, character in enumerate(plain):
        if depth_matters and (character in _OPEN or character in _CLOSE):
            depth += 1 if character in _OPEN else -1
        elif depth == 0 and character in _SEPARATORS and not _inside_number(plain, index):
            values.append(plain[start:index])
            start = index + 1
    values.append(plain[start:])
    return [value for value in (part.strip(" \t\u3000\xa0") for part in values) if value]


def parted(text: str, known: Callable[[str], bool]) -> list[str]:
    """Part a cell into its values; a value that is known as a whole may hold a comma itself."""
    parts: list[str] = []
    for part in map(str.strip, _SURE_SEPARATOR.split(text)):
        parts.extend([part] if part and known(part) else split_values(part))
    return parts


def parse_number(value: str | int | float | Decimal) -> Decimal:
    """Read a plain number, with 万 and 亿; raise ``number_unreadable`` or ``number_ambiguous``."""
    if isinstance(value, bool):
        raise ValueProblemError("number_unreadable", value)
    if not isinstance(value, str):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            raise ValueProblemError("number_unreadable", value)
        return money.plain(number)
    match = _NUMBER.fullmatch(squeeze(value))
    if match is None or len(value) > 60:
        raise ValueProblemError("number_unreadable", value)
    return _scaled(value, match[1], match[2])


def parse_outcomes(text: str) -> tuple[OutcomeDraft, ...]:
    """Read results such as ``培训学员 3万人次；签约项目 65个；贷款 2亿美元``.

    A unit of money makes an amount, any other a quantity. Raises ``outcome_unreadable`` with the part that cannot be
    read as ``part`` (nothing is left out silently), or what :func:`money.parse_money` raises.
    """
    return tuple(_outcome(part) for part in _outcome_parts(text))


def format_outcomes(outcomes: Iterable[OutcomeDraft]) -> str:
    """Return results as :func:`parse_outcomes` reads them."""
    return "；".join(_written(outcome) for outcome in outcomes)


def _balanced(text: str) -> bool:
    expected: list[str] = []
    for character in text:
        if character in _OPEN:
            expected.append(_OPEN[character])
        elif character in _CLOSE and (not expected or expected.pop() != character):
            return False
    return not expected


def _inside_number(text: str, index: int) -> bool:
    return text[index] in ",，/／" and text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit()


def _scaled(raw: str, number: str, scale: str | None) -> Decimal:
    try:
        return money.plain(money.read_number(raw, number) * _SCALES[scale or ""])
    except ValueProblemError as problem:
        raise ValueProblemError("number_ambiguous", raw, offers=problem.offers) from problem


def _outcome_parts(text: str) -> Iterator[str]:
    """Part at semicolons and lines; at commas and 、 only where every piece is a result by itself."""
    for line in re.split(r"[；;\n]", _RETURNS.sub("\n", text)):
        pieces = [piece for piece in split_values(line) if piece]
        if len(pieces) > 1 and all(re.search(r"\d", piece) for piece in pieces):
            yield from pieces
        elif line.strip():
            yield line.strip()


def _outcome(part: str) -> OutcomeDraft:
    if part.rstrip().endswith(NOT_COUNTED):
        return OutcomeDraft(what=part.rstrip().removesuffix(NOT_COUNTED).strip() or None)
    text = fold(part).rstrip("。.")
    match = _OUTCOME.fullmatch(text)
    if match is None:
        raise ValueProblemError("outcome_unreadable", part, part=part)
    what, unit = match["what"].rstrip(" :").strip() or None, match["unit"].strip()
    if _VAGUE_BEFORE.search(match["what"]) or _VAGUE_AFTER.search(unit):
        raise ValueProblemError("outcome_unreadable", part, offers=_sure(match), part=part)
    if money.is_unit((match["scale"] or "") + unit) and unit:
        return OutcomeDraft(what=what, amount=money.parse_money(text[match.start("number") :]))
    if not unit and what is None:
        raise ValueProblemError("outcome_unreadable", part, part=part)
    if (noun := _COUNTED_NOUN.fullmatch(unit)) is not None and not re.fullmatch(_MEASURES, unit):
        counted = f"{what or ''}{noun[2]} {match['number']}{match['scale'] or ''}{noun[1]}"
        raise ValueProblemError("outcome_unreadable", part, offers=(counted,), part=part)
    return OutcomeDraft(what=what, quantity=_scaled(part, match["number"], match["scale"]), unit=unit or None)


def _sure(match: re.Match[str]) -> tuple[str, ...]:
    """Offer the text without 约 and 余."""
    unit = _VAGUE_AFTER.sub("", match["unit"].strip())
    return (f"{_VAGUE_BEFORE.sub('', match['what'])}{match['number']}{match['scale'] or ''}{unit}",)


def _written(outcome: OutcomeDraft) -> str:
    if outcome.amount is not None:
        counted = money.format_money(outcome.amount, "zh_CN").replace(" ", "")
    else:
        counted = (
            f"{'' if outcome.quantity is None else money.plain(outcome.quantity)}{outcome.unit or ''}" or NOT_COUNTED
        )
    return f"{outcome.what or ''} {counted}".strip()
