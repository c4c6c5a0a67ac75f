"""A place and how its name is written: with and without 市・州・府・省, in Chinese, English, the local language."""

import re
from dataclasses import dataclass

from bri_desktop.domain.folding import fold

CHINA = frozenset({"CN", "HK", "MO", "TW"})
"""The countries.csv codes of China's places: the mainland and its three regions."""

LEVELS = ("country", "province", "prefecture", "county", "township", "park", "port")
_LEVEL_ORDER = {level: order for order, level in enumerate(LEVELS)}

SUFFIXES: dict[str, frozenset[str]] = {
    "特别行政区": frozenset({"province"}),
    "自治州": frozenset({"province", "prefecture"}),
    "自治区": frozenset({"province"}),
    "自治县": frozenset({"county"}),
    "自治旗": frozenset({"county"}),
    "共和国": frozenset({"country", "province"}),
    "边疆区": frozenset({"province"}),
    "特别市": frozenset({"province", "prefecture"}),
    "广域市": frozenset({"province", "prefecture"}),
    "直辖市": frozenset({"province", "prefecture"}),
    "大区": frozenset({"province"}),
    "地区": frozenset({"prefecture", "province"}),
    "专区": frozenset({"province"}),
    "特区": frozenset({"county", "province"}),
    "林区": frozenset({"county"}),
    "新区": frozenset({"county", "park"}),
    "省": frozenset({"province"}),
    "市": frozenset({"province", "prefecture", "county"}),
    "州": frozenset({"province", "prefecture"}),
    "府": frozenset({"province", "prefecture"}),
    "盟": frozenset({"prefecture"}),
    "邦": frozenset({"province"}),
    "道": frozenset({"province"}),
    "都": frozenset({"province", "prefecture"}),
    "郡": frozenset({"province", "county"}),
    "县": frozenset({"county", "province", "prefecture"}),
    "区": frozenset({"county", "province"}),
    "旗": frozenset({"county"}),
    "镇": frozenset({"township"}),
}
"""Ending of a Chinese name -> the levels it can mean; longer endings first."""

_ENGLISH_KINDS = (
    r"(?:autonomous )?(?:prefecture|province|region|oblast|krai|state|county|district|governorate|voivodeship|division)"
    r"|special district|new area|banner|league|city|municipality|town|shi"
)
_ENGLISH_KIND = re.compile(rf"[ -]+(?:{_ENGLISH_KINDS})$", re.IGNORECASE)
_ENGLISH_BEFORE = re.compile(r"^(?:(?:autonomous )?republic|canton|province|region|state|city) of ", re.IGNORECASE)

Forms = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """One place of the gazetteer or of the office's own.

    ``level`` is a code of the list ``place_level``, ``country`` an ISO 3166 code of ``countries.csv``, ``parent`` a
    key or ``""``, ``lat`` and ``lon`` degrees, ``population`` 0 where unknown, ``pinyin`` the full pinyin and the
    initials of the Chinese name, for a Chinese unit then of its short name, with spaces between (``wuxishi wxs wuxi
    wx``). ``forms`` are the folded names, made where missing.
    """

    key: str
    level: str
    country: str
    parent: str
    name_zh: str
    name_en: str
    name_local: str
    aliases: tuple[str, ...]
    lat: float | None
    lon: float | None
    population: int
    pinyin: str
    forms: Forms | None = None

    def name(self, language: str) -> str:
        """Return the name in that language, else the other one, else the key."""
        first, second = (self.name_zh, self.name_en) if language == "zh_CN" else (self.name_en, self.name_zh)
        return first or second or self.name_local or self.key


def level_order(level: str) -> int:
    """Return how far down a level is: 0 for a country."""
    return _LEVEL_ORDER.get(level, len(LEVELS))


def forms_of(entry: PlaceEntry) -> Forms:
    """Return the folded full names, and the folded shorter ones: former names, other spellings, without the suffix.

    The English name of a Chinese unit is a full one only if it says the kind (Haiyan County): the short one is
    written for the city and its districts alike.
    """
    full = [entry.name_zh, entry.name_local]
    short = list(entry.aliases)
    bare_english = entry.country in CHINA and not (entry.name_en.endswith(", China") or without_kind(entry.name_en))
    (short if bare_english else full).append(entry.name_en)
    if entry.level not in ("country", "port"):
        short += [shorter for name in (*full, *entry.aliases) for shorter in _shorter(name)]
    folded_full = tuple(dict.fromkeys(folded for name in full if (folded := fold(name))))
    folded_short = dict.fromkeys(folded for name in short if (folded := fold(name)))
    return folded_full, tuple(name for name in folded_short if name not in folded_full)


def _shorter(name: str) -> list[str]:
    stem, _ = strip_suffix(name)
    return [text for text in (stem, without_kind(name)) if text]


def strip_suffix(name: str) -> tuple[str, frozenset[str]]:
    """Return a Chinese name without its ending and the levels that the ending means; ``""`` where there is none."""
    for suffix, levels in SUFFIXES.items():
        if name.endswith(suffix) and len(name) >= len(suffix) + 2:
            return name[: -len(suffix)], levels
    return "", frozenset()


def without_kind(name: str) -> str:
    """Return an English name without ``Province``, ``County``, ``Republic of`` …; ``""`` where there is none."""
    stem = _ENGLISH_BEFORE.sub("", _ENGLISH_KIND.sub("", name))
    return "" if stem == name else stem
