"""Is this row that record? How alike two projects are, with what speaks for it and what against.

Two ledgers write one project differently: words in another order, traditional or full-width characters, 项目 or 合作
at the end, 与 or — between two cities. And they write different projects alike: the second phase and the third, the
fair of 2016 and that of 2017, the same thing with another city. So the title is compared by its core, without the
names of its own places, without connectors and without numbers; numbers, years, cities and dates are compared for
themselves, and any of them can keep two like titles apart.

The thresholds are measured by ``tests/domain/test_match.py``: of its made pairs every pair of one project reaches
``POSSIBLE`` and nine of ten ``PROBABLE``; no pair of different projects reaches ``PROBABLE``.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from bri_desktop.domain.folding import fold
from bri_desktop.domain.project import ProjectDraft

PROBABLE = 85
"""From here on an import asks whether a row is a record."""
POSSIBLE = 70
"""From here on two records are shown as a pair that may be one."""

TITLES_FROM = 50
"""Ratio of two cores below which nothing can make them one; a title with its halves exchanged keeps half of it."""
ROUNDED = 97
"""What two different writings of the same core count."""
CONTAINED = 76
"""What a core counts at least that the other one holds whole: a park and the fair in that park are two projects."""
REORDERED = 90
"""What the same characters in another order count, where the words stay together."""
SURELY = 99
"""The most that different writings of a title come to; only the same title comes to 100."""
MOST_RAISED = 14
"""What dates, amount and partners add at most."""
OTHER_DATE_OF_A_TIE = -8
"""What another date counts where a tie is the same: one of the two is mistaken, or the tie was renewed."""
LONG_ENOUGH = 4
NEAR_MONTHS = 3

_SAYING_NOTHING = ("[与和及同暨跟之的]", "项目", "合作", "活动", "工程", "计划")
_HAN = "〇零一二两三四五六七八九十百"
_COUNTERS = "期届批次轮号回辑段组阶季"
_DATE = re.compile(r"(?:(?P<year>(?:19|20)\d\d)(?:年度?|(?!\d)))(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日")
_NUMBER = re.compile(
    rf"首[{_COUNTERS}]"
    rf"|第?(\d+|[{_HAN}]+|(?<![a-z])[ivx]+)[{_COUNTERS}]段?|第(\d+|[{_HAN}]+)"
    r"|(\d+|(?<![a-z])(?:[a-z]|i{2,3}|iv|vi{1,3}|ix)(?![a-z]))"
)
_DIGIT = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_MAY_COUNT = re.compile(rf"[0-9a-z{_HAN}首]")
NO_YEARS: frozenset[str] = frozenset()
_TIE_WORDS = re.compile(
    "国际|友好|友城|姐妹|姊妹|兄弟|城市|省州|伙伴|交流|意向|结好|结对|缔结|建立|签署|签订|正式|关系|协议书?|意向书|备忘录"
    "|sister|twin|friend(?:ly|ship)?|cit(?:y|ies)|towns?|exchanges?|relations?(?:hip)?|agreements?|with|and|of"
    "|[省州市县区两结为]"
)
"""What the title of a tie says beside its two places."""
_OPPOSITES = ("春夏秋冬", "东南西北", "上下", "进出", "男女", "甲乙丙丁")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (or ``against``) two projects being one: a code and its values."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    against: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints and rows kept aside hold."""
        return {"code": self.code, "values": dict(self.values), "against": self.against}


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 100 and its reasons, those for it first."""

    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place as likeness sees it: ``names`` folded ways to write it, ``province`` two digits of its adcode."""

    key: str
    country: str
    province: str = ""
    names: tuple[str, ...] = ()


Tie = tuple[str, str, str]
"""Domestic place, foreign place and kind of a tie of two cities: no two records have the same ones."""
Block = tuple[tuple[str, ...], tuple[str, ...]]
"""What lookalikes share: province and country, or the whole core; and the numbers of their titles."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The places of a project, made ready once for all projects of the same places by :func:`setting_of`."""

    domestic: frozenset[str]
    foreign: frozenset[str]
    lands: tuple[tuple[str, str], ...]
    words: re.Pattern[str]
    """The names of its places and what says nothing: taken out of its title."""


def setting_of(domestic: Mapping[str, Whereabouts | None], foreign: Mapping[str, Whereabouts | None]) -> Setting:
    """Return the setting of places by key; one of which nothing is known counts by its key alone."""
    here, there = [p for p in domestic.values() if p], [p for p in foreign.values() if p]
    provinces = sorted({place.province for place in here}) or [""]
    countries = sorted({place.country for place in there}) or [""]
    names = sorted({name for place in (*here, *there) for name in place.names}, key=lambda name: (-len(name), name))
    return Setting(
        frozenset(domestic),
        frozenset(foreign),
        tuple((province, country) for province in provinces for country in countries),
        re.compile("|".join([*map(re.escape, names), *_SAYING_NOTHING])),
    )


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a project is compared; made by :func:`traits_of`."""

    title: str
    core: str
    numbers: tuple[str, ...]
    years: frozenset[str]
    where: Setting
    blocks: tuple[Block, ...]
    signed: str | None
    started: str | None
    amount: tuple[Decimal, str] | None
    partners: tuple[str, ...]
    mode: str | None
    pair_kind: str | None
    tie: Tie | None = None

    @property
    def start(self) -> str | None:
        """The date by which two projects of one name are told apart."""
        return self.signed or self.started

    @property
    def year(self) -> str | None:
        """The year that the title or the dates name."""
        return max(self.years) if self.years else (self.start[:4] if self.start else None)


def traits_of(draft: ProjectDraft, where: Setting) -> Traits:
    """Return the traits of a project in its setting."""
    title = fold(draft.title or "")
    core, numbers, years = _core(title, where.words)
    blocks: list[Block] = [(land, numbers) for land in where.lands if land != ("", "")]
    if len(core) >= LONG_ENOUGH:
        blocks.append(((core,), numbers))
    return Traits(
        title=title,
        core=core,
        numbers=numbers,
        years=years,
        where=where,
        blocks=tuple(blocks),
        signed=draft.signed.value if draft.signed else None,
        started=draft.started.value if draft.started else None,
        amount=(draft.amount.amount, draft.amount.currency) if draft.amount else None,
        partners=draft.partners,
        mode=draft.mode,
        pair_kind=draft.pair_kind,
        tie=None if years or numbers else _tie(draft, core),
    )


def _tie(draft: ProjectDraft, core: str) -> Tie | None:
    """Return the tie that a project is, where its title names no more than that."""
    if not draft.pair_kind or len(draft.domestic_places) != 1 or len(draft.foreign_places) != 1:
        return None
    is_bare = len(_TIE_WORDS.sub("", core)) <= 1
    return (draft.domestic_places[0], draft.foreign_places[0], draft.pair_kind) if is_bare else None


# -- titles ----------------------------------------------------------------------------------------------------------


def _core(title: str, words: re.Pattern[str]) -> tuple[str, tuple[str, ...], frozenset[str]]:
    """Part a folded title into what it speaks of, its numbers (a first one counts as none) and its years."""
    text, years, numbers = title, NO_YEARS, list[str]()
    if "月" in title or _YEAR.search(title):
        years = frozenset(match["year"] for match in _DATE.finditer(title) if match["year"])
        text = _DATE.sub("", title)
    if _MAY_COUNT.search(text):

        def told(match: re.Match[str]) -> str:
            numbers.append(_number(match[match.lastindex]) if match.lastindex else "1")
            return ""

        text = _NUMBER.sub(told, text)
    bare = words.sub("", text)
    core = bare if len(bare) > 1 else text
    return core or title, tuple(sorted(number for number in numbers if number != "1")), years


def _number(text: str) -> str:
    if text.isascii():
        return str(_ROMAN.get(text, text)).lstrip("0") or "0"
    if "十" in text or "百" in text:
        return str(_counted(text))
    return "".join(str(_DIGIT[char]) for char in text).lstrip("0") or "0"


def _counted(text: str) -> int:
    """Return 二十三 as 23 and 一百零二 as 102."""
    hundreds, _, rest = text.rpartition("百")
    tens, has_ten, ones = rest.rpartition("十")
    value = _DIGIT.get(hundreds[-1:], 1) * 100 if "百" in text else 0
    if has_ten:
        value += _DIGIT.get(tens[-1:], 1) * 10
    return value + _DIGIT.get(ones[-1:], 0)


def is_one_tie(left: Traits, right: Traits) -> bool:
    """Tell whether two records are the same tie of two cities, whatever they call it and from when they date it."""
    return left.tie is not None and left.tie == right.tie


def title_likeness(left: Traits, right: Traits) -> int:
    """Return how alike two titles are, 0 to 100, whatever their numbers say."""
    if left.title == right.title:
        return 100
    if left.core == right.core or is_one_tie(left, right):
        return ROUNDED
    ratio = fuzz.ratio(left.core, right.core, score_cutoff=TITLES_FROM)
    if not ratio:
        return 0
    shorter, longer = sorted((left.core, right.core), key=len)
    if len(shorter) >= LONG_ENOUGH and shorter in longer:
        ratio = max(ratio, CONTAINED)
    shared = _shared_pairs(left.core, right.core)
    if shared >= CONTAINED and sorted(left.core) == sorted(right.core):
        ratio = REORDERED
    return min(int(max(ratio, shared)), ROUNDED)


def _shared_pairs(left: str, right: str) -> float:
    """Return the share of neighbouring characters that two texts have in common: words may stand in another order."""
    first = {left[at : at + 2] for at in range(len(left) - 1)}
    second = {right[at : at + 2] for at in range(len(right) - 1)}
    whole = len(first) + len(second)
    return 200 * len(first & second) / whole if whole else 0


def _opposed(left: str, right: str) -> str:
    """Return the characters that make like titles opposites: 春 in one, 秋 in the other."""
    first, second = Counter(left), Counter(right)
    for group in _OPPOSITES:
        ours = [char for char in group if first[char] > second[char]]
        theirs = [char for char in group if second[char] > first[char]]
        if ours and theirs:
            return f"{ours[0]}/{theirs[0]}"
    return ""


# -- the score -------------------------------------------------------------------------------------------------------

Points = tuple[int, Reason]


def likeness(left: Traits, right: Traits) -> Likeness:
    """Return how alike two projects are: the title, raised by what agrees and lowered by what contradicts."""
    return judged(left, right, title_likeness(left, right))


def judged(left: Traits, right: Traits, title: int) -> Likeness:
    """Return how alike two projects are whose titles were compared already."""
    if title < TITLES_FROM:
        return Likeness(0, (Reason("titles_differ", {}, True),))
    points: list[Points] = [(0, _title_reason(left, right, title))]
    for judge in (_numbers, _places, _dates, _amounts, _partners, _kinds):
        points.extend(judge(left, right))
    raised = min(100 if title == 100 else SURELY, title + sum(step for step, _ in points if step > 0))
    score = max(0, raised + sum(step for step, _ in points if step < 0))
    reasons = sorted((reason for _, reason in points), key=lambda reason: reason.against)
    return Likeness(score, tuple(reasons))


def _title_reason(left: Traits, right: Traits, title: int) -> Reason:
    if title == 100:
        return Reason("same_title")
    return Reason("same_tie") if is_one_tie(left, right) else Reason("titles_alike", {"percent": title})


def _numbers(left: Traits, right: Traits) -> Iterator[Points]:
    if left.numbers != right.numbers:
        values = {"left": "、".join(left.numbers), "right": "、".join(right.numbers)}
        yield -50, Reason("other_number", values, True)
    elif opposed := _opposed(left.core, right.core):
        yield -25, Reason("other_word", {"words": opposed}, True)


def _places(left: Traits, right: Traits) -> Iterator[Points]:
    same = 0
    for side in ("domestic", "foreign"):
        ours, theirs = getattr(left.where, side), getattr(right.where, side)
        if not ours or not theirs:
            yield -8, Reason(f"no_{side}", {}, True)
        elif ours == theirs:
            same += 1
        elif ours & theirs:
            yield -2, Reason(f"some_{side}")
        elif _one_inside(ours, theirs, left, right):
            yield -5, Reason(f"coarser_{side}")
        else:
            yield -35, Reason(f"other_{side}", {}, True)
    if same == 2:
        yield 0, Reason("same_places")


def _one_inside(ours: frozenset[str], theirs: frozenset[str], left: Traits, right: Traits) -> bool:
    """Tell whether one side names only the country or province that the other one's places lie in."""
    wide = [key for keys in (ours, theirs) for key in keys if key.startswith("co:")]
    if wide:
        countries = {country for _, country in (*left.where.lands, *right.where.lands)}
        return countries == {wide[0].removeprefix("co:")}
    provinces = {key for key in (*ours, *theirs) if key.startswith("cn:") and key.endswith("0000")}
    return bool(provinces) and len({key[:5] for key in (*ours, *theirs)}) == 1


def _dates(left: Traits, right: Traits) -> Iterator[Points]:
    if left.years and right.years and not left.years & right.years:
        yield -50, Reason("other_year", {"left": max(left.years), "right": max(right.years)}, True)
        return
    named = next((n for n in ("signed", "started") if getattr(left, n) and getattr(right, n)), None)
    first = getattr(left, named) if named else left.start or left.year
    second = getattr(right, named) if named else right.start or right.year
    if first is None or second is None:
        return
    points, reason = _two_dates(first, second, sure=named is not None)
    yield max(points, OTHER_DATE_OF_A_TIE) if is_one_tie(left, right) else points, reason


def _two_dates(first: str, second: str, *, sure: bool) -> Points:
    length = min(len(first), len(second))
    values = {"left": first, "right": second}
    if first[:length] == second[:length]:
        steps = {10: (6, "same_day"), 7: (5, "same_month"), 4: (3, "same_year")}
        return steps[length][0], Reason(steps[length][1], {"date": first[:length]})
    if length == 10 and first[:7] == second[:7]:
        return 3, Reason("same_month", {"date": first[:7]})
    gap = _months_between(first, second) if length > 4 else None
    if first[:4] != second[:4]:
        near = gap is not None and gap <= NEAR_MONTHS
        return (-12 if near else -35), Reason("other_year", values, True)
    return (-3 if not sure or (gap or 0) <= NEAR_MONTHS else -8), Reason("other_month", values, True)


def _months_between(first: str, second: str) -> int:
    years, months = int(first[:4]) - int(second[:4]), int(first[5:7]) - int(second[5:7])
    return abs(12 * years + months)


def _amounts(left: Traits, right: Traits) -> Iterator[Points]:
    if left.amount and right.amount:
        if left.amount == right.amount:
            yield 4, Reason("same_amount")
        else:
            yield -5, Reason("other_amount", {}, True)


def _partners(left: Traits, right: Traits) -> Iterator[Points]:
    if left.partners and right.partners:
        if set(map(fold, left.partners)) & set(map(fold, right.partners)):
            yield 4, Reason("shared_partner")
        else:
            yield -6, Reason("other_partners", {}, True)


def _kinds(left: Traits, right: Traits) -> Iterator[Points]:
    if left.mode and right.mode and left.mode != right.mode:
        yield -6, Reason("other_mode", {}, True)
    if left.pair_kind and right.pair_kind and left.pair_kind != right.pair_kind:
        yield -10, Reason("other_kind", {}, True)
