"""Which field a column is meant for: by the words in its header, Chinese or English, checked against its values."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol

from bri_desktop.domain import dates, money
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.folding import fold, resource
from bri_desktop.domain.text import fold as fold_width
from bri_desktop.excel.grid import DateCell, ErrorCell

CURRENCY = "currency"
DATE_FIELDS = frozenset({"signed", "planned_start", "planned_end", "started", "ended"})
# A header that merely contains a known word counts from this share of its length upwards.
_CONTAINED_FROM = 0.4
_TAKEN_FROM = 0.5

_BRACKETS = re.compile(r"[(\[【〔<]([^()\[\]【】〔〕<>]*)[)\]】〕>]")
_TRAILING_UNIT = re.compile(r"(.+?)[/:,、\s]\s*(?:单位:?\s*)?([^/:,、\s]+)$")
_DOMESTIC = re.compile(r"中方|我方|国内|中国|我国|境内|chin|domestic")
_FOREIGN = re.compile(r"外方|对方|国外|境外|海外|外国|友城|友好城市|foreign|partner|overseas")
_TIE = re.compile("友好|友城|意向|民间|基层|结好|sister|friend|intent|grass|twin")
"""What a kind of tie is called; 类别 heads many other things."""
_CITY = frozenset(
    [
        "城市",
        "省市",
        "地区",
        "名称",
        "城市名称",
        "市",
        "省份",
        "省",
        "省州",
        "州",
        "地方",
        "city",
        "place",
        "name",
        "省区市",
    ]
)
_COUNTRY = frozenset(["国家", "国别", "国家地区", "国名", "所在国", "country"])
_ACTOR = frozenset(
    [
        "单位",
        "机构",
        "企业",
        "主体",
        "单位名称",
        "机构名称",
        "企业名称",
        "合作单位",
        "organisation",
        "organization",
        "company",
    ]
)
_LESS_LIKELY = frozenset(
    [
        "地区",
        "省份",
        "省",
        "省市",
        "所在地",
        "单位所在地",
        "region",
        "名称",
        "name",
        "时间",
        "日期",
        "类型",
        "type",
        "项目",
        "其他",
        "中方",
        "外方",
        "我方",
        "对方",
        "序号",
    ]
)


class ColumnLike(Protocol):
    """What :func:`map_columns` needs to know of a column."""

    @property
    def index(self) -> int:
        """Place in the row, from 0."""

    @property
    def header(self) -> str:
        """Header rows joined by ``/``."""

    @property
    def group(self) -> str | None:
        """The header rows above the last one, joined by ``/``."""

    @property
    def unit_hint(self) -> str | None:
        """Unit of money that stands above the table."""


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """``why``: ``name`` (a known header), ``group`` (by the header above), ``part`` (contains one), ``unknown``,
    ``values`` (the values are of another kind), ``duplicate_header`` (another column has the field)."""

    field: str | None
    confidence: float = 0.0
    unit: str | None = None
    why: str = "unknown"


@cache
def synonyms() -> Mapping[str, str]:
    """Return folded header -> field: the reference table of fields first, then our own additions."""
    known: dict[str, str] = {}
    with resource("reference/fields.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            words = [row["code"], row["name_zh"], row["name_en"], *row["headers_seen_zh"].split(";")]
            known.update({fold(word): row["code"] for word in words if fold(word) and fold(word) not in known})
    with resource("header_synonyms.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            known.setdefault(fold(row["header"]), row["field"])
    return known


def is_header_word(text: str) -> bool:
    """Tell whether a cell's whole text, apart from a unit, is a known header."""
    return _exact(split_unit(text)[0]) is not None


def split_unit(header: str) -> tuple[str, str | None]:
    """Part 投资额（万元） or 金额/万元 into header and unit; the unit is ``None`` where there is none."""
    text = fold_width(header)
    for match in _BRACKETS.finditer(text):
        inside = re.sub(r"^单位:?", "", match[1]).strip()
        if money.is_unit(inside):
            return (text[: match.start()] + text[match.end() :]).strip(), inside
    trailing = _TRAILING_UNIT.fullmatch(text)
    if trailing is not None and money.is_unit(trailing[2]):
        return trailing[1].strip(), trailing[2]
    return text, None


def match_header(header_path: str, samples: Sequence[Any] = (), *, group: str | None = None) -> HeaderMatch:
    """Return the field that a header (its rows joined by ``/``) stands for; ``samples`` are values of the column.

    ``group`` is the part above the last row, where the caller knows it: a header such as 国家/地区 is one row.
    """
    text, unit = split_unit(header_path)
    above = fold_width(group or "")
    if above and text.startswith(f"{above}/"):
        group, leaf = above, text[len(above) + 1 :]
    else:
        group, _, leaf = text.rpartition("/")
    found = _by_name(text, group, leaf) or _by_group(group, leaf) or _by_part(leaf or text)
    if found is None:
        return HeaderMatch(None, 0.0, unit)
    found = replace(found, unit=unit)
    if (found.why == "part" or found.field == "pair_kind") and _contradict(found.field, samples):
        return HeaderMatch(None, 0.0, unit, "values")
    return found


def map_columns(columns: Sequence[ColumnLike], samples: Mapping[int, Sequence[Any]]) -> list[HeaderMatch]:
    """Return a match for each column, in order; each field at most once, the likeliest column has it."""
    matches = [match_header(column.header, samples.get(column.index, ()), group=column.group) for column in columns]
    matches = _sides(matches, columns)
    best: dict[str, int] = {}
    for place, match in enumerate(matches):
        if match.field is None or match.confidence < _TAKEN_FROM:
            continue
        rival = best.get(match.field)
        if rival is None or match.confidence > matches[rival].confidence:
            best[match.field] = place
    return [
        _settled(match, best, place, columns[place].unit_hint if match.field == "amount" else None)
        for place, match in enumerate(matches)
    ]


def _settled(match: HeaderMatch, best: Mapping[str, int], place: int, unit_hint: str | None) -> HeaderMatch:
    if match.field is None:
        return match
    if match.field not in best:
        return replace(match, field=None, why="unknown")
    if best[match.field] != place:
        return replace(match, field=None, why="duplicate_header")
    return replace(match, unit=match.unit or unit_hint)


def _exact(text: str) -> str | None:
    """Return the field of a known header, with or without what stands in brackets."""
    return synonyms().get(fold(text)) or synonyms().get(fold(_BRACKETS.sub("", text)) or "-")


def _by_name(text: str, group: str, leaf: str) -> HeaderMatch | None:
    known = synonyms()
    for words, confidence in ((text, 1.0), (group + leaf, 0.98), (leaf + group, 0.97)):
        if (field := known.get(fold(words))) is not None:
            return HeaderMatch(field, confidence - (0.1 if fold(words) in _LESS_LIKELY else 0), None, "name")
    if group and _by_group(group, leaf) is not None:
        return None
    for words, confidence in ((leaf, 0.95), (_BRACKETS.sub("", leaf), 0.9)):
        if fold(words) and (field := known.get(fold(words))) is not None:
            return HeaderMatch(field, confidence - (0.1 if fold(words) in _LESS_LIKELY else 0), None, "name")
    return None


def _by_group(group: str, leaf: str) -> HeaderMatch | None:
    """Let 中方 and 外方 above decide what 城市, 国家 and 单位 below mean."""
    above, below = fold(group), fold(_BRACKETS.sub("", leaf))
    foreign = _FOREIGN.search(above) is not None
    if not foreign and _DOMESTIC.search(above) is None:
        return None
    if below in _CITY:
        confidence = 0.75 if below in _LESS_LIKELY else 0.97
        return HeaderMatch("foreign_places" if foreign else "domestic_places", confidence, None, "group")
    if below in _COUNTRY:
        return HeaderMatch("country", 0.97, None, "group") if foreign else HeaderMatch(None)
    if below in _ACTOR:
        return HeaderMatch("partners" if foreign else "lead", 0.9, None, "group")
    return None


def _by_part(text: str) -> HeaderMatch | None:
    """Find the longest known header inside this one."""
    folded = fold(_BRACKETS.sub("", text))
    best, length = "", 1
    for word in synonyms():
        if len(word) > length and word in folded and (not word.isascii() or len(word) > 3):
            best, length = word, len(word)
    share = len(best) / max(len(folded), 1)
    if share < _CONTAINED_FROM:
        return None
    return HeaderMatch(synonyms()[best], round(0.4 + 0.4 * share, 2), None, "part")


def _contradict(field: str | None, samples: Sequence[Any]) -> bool:
    """Tell whether most values cannot be of the kind that the field holds."""
    values = [value for value in samples if value is not None and not isinstance(value, ErrorCell)][:50]
    if not values or field is None:
        return False
    if field in DATE_FIELDS:
        return sum(map(_is_date, values)) * 2 < len(values)
    if field == "amount":
        return sum(map(_is_money, values)) * 2 < len(values)
    if field == "pair_kind":
        return not any(isinstance(value, str) and _TIE.search(value.lower()) for value in values)
    return sum(isinstance(value, DateCell) for value in values) * 2 > len(values)


def _is_date(value: Any) -> bool:
    if isinstance(value, DateCell):
        return True
    try:
        dates.parse_date(value)
    except ValueProblemError as problem:
        return bool(problem.offers)
    return True


def _is_money(value: Any) -> bool:
    if isinstance(value, DateCell | bool):
        return False
    try:
        money.parse_money(value)
    except ValueProblemError as problem:
        return bool(problem.offers)
    return True


def _sides(matches: Sequence[HeaderMatch], columns: Sequence[ColumnLike]) -> list[HeaderMatch]:
    """Settle a plain 城市 beside a country: the second one, the one that follows the country, or the one of a list
    without titles, is the foreign one."""
    settled = list(matches)
    taken = {match.field for match in matches}
    plain = [place for place, match in enumerate(matches) if match.field == "domestic_places" and match.why == "name"]
    if "foreign_places" in taken or "country" not in taken or not plain:
        return settled
    country = next(place for place, match in enumerate(matches) if match.field == "country")
    if len(plain) == 1:
        is_city = fold(columns[plain[0]].header.rpartition("/")[2]) in _CITY
        if is_city and ("title" not in taken or plain[0] == country + 1):
            settled[plain[0]] = HeaderMatch("foreign_places", 0.6, None, "group")
        return settled
    after = [place for place in plain if abs(place - country) == 1 and fold(columns[place].header) in _CITY]
    if len(after) == 1 and plain[0] != after[0]:
        settled[after[0]] = HeaderMatch("foreign_places", 0.6, None, "group")
    return settled
