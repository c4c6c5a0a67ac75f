"""Prose from figures, in plain official wording: never more than the figures say, right for none, one and a decline.

A figure stands in a text as a placeholder (:func:`mark`) until the text is cut into runs, so that every number of the
prose stays a figure that can be traced. Phrases are joined by the punctuation of the language.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bri_desktop.domain.money import CURRENCIES
from bri_desktop.i18n import language, tr
from bri_desktop.reports.document import Figure, Run, Runs

_MARK = re.compile("\ue000([^\ue001]*)\ue001")
_HAN = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_LOOSE = re.compile(f"(?<={_HAN}) (?=[0-9A-Za-z+−-])|(?<=[0-9A-Za-z%]) (?={_HAN})")
ABSENT = "—"
TOP = 3
MOST_NAMED = 5
"""Where ties make it more than these, only the first place is named and the rest counted."""
WAN, YI = Decimal(10**4), Decimal(10**8)


def mark(figure: Figure) -> str:
    """Return the placeholder of a figure in a text."""
    return f"\ue000{figure.name}\ue001"


def runs_of(text: str, figures: Mapping[str, Figure]) -> Runs:
    """Return a text with placeholders as runs."""
    runs: list[Run] = []
    for position, part in enumerate(_MARK.split(text)):
        if position % 2:
            runs.append(figures[part])
        elif part:
            runs.append(part)
    return tuple(runs)


# -- numbers -----------------------------------------------------------------------------------------------------


def whole(number: int | None) -> str:
    """Return a count as it is printed."""
    if number is None:
        return ABSENT
    return f"{number:,}" if language() == "en" else str(number)


def signed(number: int | float | None, decimals: int = 0) -> str:
    """Return a difference with its sign; a true minus, and no sign at zero."""
    if number is None:
        return ABSENT
    text = f"{abs(number):.{decimals}f}"
    if not float(text):
        return text
    return ("+" if number > 0 else "−") + text


def per_cent(share: float | None, decimals: int = 1) -> str:
    """Return a share 0–1 in per cent."""
    return ABSENT if share is None else f"{100 * share:.{decimals}f}%"


def plain_number(number: float | None, decimals: int = 1) -> str:
    """Return a number with at most so many decimals, whole ones without."""
    if number is None:
        return ABSENT
    return f"{number:.0f}" if float(number).is_integer() else f"{number:.{decimals}f}"


def exact(number: Decimal | None) -> str:
    """Return an exact number without needless zeros."""
    return ABSENT if number is None else f"{number.normalize():f}"


def amount(value: Decimal | None, currency: str) -> str:
    """Return an amount of money: 1.25亿元, 860万美元, 1,250,000 USD. Two decimals of the unit it is written in."""
    if value is None:
        return ABSENT
    if language() == "en":
        return f"{value:,.2f}".removesuffix(".00") + f" {currency}"
    name = CURRENCIES.get(currency, (currency,))[0]
    size = abs(value)
    for unit, written in ((YI, "亿"), (WAN, "万")):
        if size >= unit:
            return f"{_short(value / unit)}{written}{name}"
    return f"{_short(value)}{name}"


def _short(value: Decimal) -> str:
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".")


def currency_name(code: str) -> str:
    """Return the name of a currency."""
    return code if language() == "en" else CURRENCIES.get(code, (code,))[0]


def date_text(date: str | None) -> str:
    """Return an ISO date of reduced precision as it is written: 2017年5月3日, 2017年5月, 2017年."""
    if not date:
        return ABSENT
    parts = date.split("-")
    if language() == "en":
        return date
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))


def tight(text: str) -> str:
    """Return a text as official documents set it: no blanks between Chinese and figures or Latin letters."""
    return _LOOSE.sub("", text) if language() != "en" else text


# -- joining -----------------------------------------------------------------------------------------------------


def listed(parts: Sequence[str]) -> str:
    """Return names one after the other: A、B和C."""
    if len(parts) < 2:
        return "".join(parts)
    return tr("{all_but_last} and {last}", all_but_last=tr(", ").join(parts[:-1]), last=parts[-1])


def clauses(parts: Sequence[str]) -> str:
    """Return parts of a sentence as one, with its full stop."""
    kept = [part for part in parts if part]
    return tr("; ").join(kept) + tr(".") if kept else ""


def capital(text: str) -> str:
    """Return a text as a sentence begins, without touching the rest."""
    return text[:1].upper() + text[1:]


def sentences(parts: Sequence[str]) -> str:
    """Return whole sentences as one text."""
    return (" " if language() == "en" else "").join(part for part in parts if part)


def quantity(thing: str, figure: Figure) -> str:
    """Return a number of things with its noun, one or several: 11 projects, 1 project."""
    one = figure.value == 1
    words: Mapping[str, Callable[[], str]] = {
        "project": lambda: (
            tr("{n} cooperation project", n=mark(figure)) if one else tr("{n} cooperation projects", n=mark(figure))
        ),
        "country": lambda: tr("{n} country", n=mark(figure)) if one else tr("{n} countries", n=mark(figure)),
        "city": lambda: tr("{n} city", n=mark(figure)) if one else tr("{n} cities", n=mark(figure)),
        "tie": lambda: tr("{n} city tie", n=mark(figure)) if one else tr("{n} city ties", n=mark(figure)),
        "agreement": lambda: (
            tr("{n} cooperation agreement", n=mark(figure)) if one else tr("{n} cooperation agreements", n=mark(figure))
        ),
        "activity": lambda: (
            tr("{n} exchange activity", n=mark(figure)) if one else tr("{n} exchange activities", n=mark(figure))
        ),
        "outcome": lambda: (
            tr("{n} recorded outcome", n=mark(figure)) if one else tr("{n} recorded outcomes", n=mark(figure))
        ),
        "case": lambda: tr("{n} case", n=mark(figure)) if one else tr("{n} cases", n=mark(figure)),
        "workbook": lambda: tr("{n} workbook", n=mark(figure)) if one else tr("{n} workbooks", n=mark(figure)),
    }
    return words[thing]()


# -- year on year ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Growth:
    """This year against last year: both counts, their difference and the rate (``None`` for a zero base).

    ``before`` is ``None`` where the ledger has nothing of the year before.
    """

    now: Figure
    before: Figure | None
    difference: Figure | None = None
    rate: Figure | None = None


def growth(value: Growth, thing: str) -> str:
    """Return the comparison in words: up, down, level, from nothing, or none to be made; of projects or of ties."""
    before, difference = value.before, value.difference
    if before is None or difference is None or not isinstance(difference.value, int | float):
        return tr("the ledger has nothing of the year before, so no comparison is made")
    if not difference.value:
        return tr("as many as the year before") if before.value else tr("none in the year before either")
    words = {"difference": mark(difference), "before": mark(before)}
    if value.rate is None or value.rate.value is None:
        return _from_nothing(thing, mark(difference))
    return _moved(thing, words | {"rate": mark(value.rate)}, rises=difference.value > 0)


def _from_nothing(thing: str, difference: str) -> str:
    if thing == "tie":
        return tr("{difference} more than a year before, when there was none", difference=difference)
    return tr("{difference} more than the year before, when there was none", difference=difference)


def _moved(thing: str, words: Mapping[str, str], *, rises: bool) -> str:
    # Measure words differ in Chinese: 项 of projects, 对 of ties.
    if thing == "tie":
        up = tr("{difference} more than a year before ({before}), up {rate}", **words)
        return up if rises else tr("{difference} fewer than a year before ({before}), down {rate}", **words)
    up = tr("{difference} more than the year before ({before}), up {rate}", **words)
    return up if rises else tr("{difference} fewer than the year before ({before}), down {rate}", **words)


# -- rankings ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit of a ranking: its name, its count, and its share where it has one."""

    label: str
    count: Figure
    share: Figure | None = None

    @property
    def size(self) -> int:
        """The count as a number."""
        return int(self.count.value) if isinstance(self.count.value, int) else 0

    def words(self) -> str:
        """Return the unit with its figures in brackets."""
        if self.share is None or self.share.value is None:
            return tr("{label} ({count})", label=self.label, count=mark(self.count))
        return tr("{label} ({count}, {share})", label=self.label, count=mark(self.count), share=mark(self.share))


def places(units: Sequence[Ranked]) -> list[list[Ranked]]:
    """Return the units that have any by place, those that are level together, best first."""
    ordered = sorted((unit for unit in units if unit.size > 0), key=lambda unit: -unit.size)
    found: list[list[Ranked]] = []
    for unit in ordered:
        if found and found[-1][0].size == unit.size:
            found[-1].append(unit)
        else:
            found.append([unit])
    return found


def ranking(units: Sequence[Ranked]) -> str:
    """Return who has most: the first three places, ties named as such; fewer where there are fewer; '' for none."""
    levels = places(units)
    total = sum(map(len, levels))
    if not total:
        return ""
    if total == 1:
        return tr("all fall to {unit}", unit=levels[0][0].words())
    if len(levels) == 1:
        if total > MOST_NAMED:
            return tr("all {n} units have the same number, {count} each", n=total, count=mark(levels[0][0].count))
        return tr("{units} are level", units=_level_words(levels[0]))
    if len(levels[0]) > MOST_NAMED:
        first = levels[0]
        return tr("{n} units share the first place, {count} each", n=len(first), count=mark(first[0].count))
    named = _leading(levels)
    words = tr(", ").join(map(_level_words, named))
    size = sum(map(len, named))
    if size == total:
        return tr("in order, {units}", units=words)
    if size == 1:
        return tr("leading is {units}", units=words)
    return tr("the first {n} are {units}", units=words, n=_number_word(size))


def _leading(levels: Sequence[Sequence[Ranked]]) -> list[Sequence[Ranked]]:
    """Return the first places, three units or more where the last place is shared."""
    named: list[Sequence[Ranked]] = []
    for level in levels:
        size = sum(map(len, named))
        if size >= TOP or size + len(level) > MOST_NAMED:
            break
        named.append(level)
    return named


def _level_words(level: Sequence[Ranked]) -> str:
    """Return the units of one place; several share the brackets, with the number that each of them has."""
    if len(level) == 1:
        return level[0].words()
    names, count = listed([unit.label for unit in level]), mark(level[0].count)
    shares = [unit.share for unit in level if unit.share is not None and unit.share.value is not None]
    if len(shares) < len(level):
        return tr("{names} ({count} each)", names=names, count=count)
    if len({share.shown for share in shares}) == 1:
        return tr("{names} ({count} each, {share} each)", names=names, count=count, share=mark(shares[0]))
    # What counts under several units is divided among them: the same number, another share.
    parts = tr(", ").join(map(mark, shares))
    return tr("{names} ({count} each, {shares} respectively)", names=names, count=count, shares=parts)


def _number_word(number: int) -> str:
    words = {2: tr("two"), 3: tr("three"), 4: tr("four"), 5: tr("five")}
    return words[number]
