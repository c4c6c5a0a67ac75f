"""Finding a place while its name is typed, and making one that the gazetteer does not have."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Country, Place, PlaceRule
from bri_desktop.db.places import PlaceStore, index_for, level_said, read_places
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.folding import fold
from bri_desktop.domain.pinyin import search_keys
from bri_desktop.domain.place import PlaceEntry, PlaceIndex

HOME = "CN"
OFFERS = 8
PLACES = frozenset({"place"})


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place as a form offers it: its key, its name, and in grey what tells it from others of the name."""

    key: str
    name: str
    context: str


@dataclass(frozen=True, slots=True)
class CountryChoice:
    """A country or region with its two names."""

    iso2: str
    name_zh: str
    name_en: str

    def name(self, language: str) -> str:
        """The name in that language."""
        return self.name_zh if language == "zh_CN" else self.name_en


@dataclass(frozen=True, slots=True)
class MadePlace:
    """A new place of the office's own."""

    choice: PlaceChoice
    changes: Changes


class _Indexes:
    """Keeps the index of the ledger in use until its own places or decisions change: building one takes a moment."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: object = None
        self._index: PlaceIndex | None = None

    def of(self, session: Session) -> PlaceIndex:
        """Return the index for the ledger of ``session``."""
        places = session.execute(
            select(func.count(), func.max(Place.id), func.sum(Place.version)).where(Place.key.startswith("own:"))
        ).one()
        rules = session.execute(select(func.count(), func.max(PlaceRule.id), func.max(PlaceRule.decided_at))).one()
        state = (str(session.get_bind().engine.url), tuple(places), tuple(rules))
        with self._lock:
            if self._index is None or state != self._state:
                self._index, self._state = index_for(session), state
            return self._index


_indexes = _Indexes()


def complete_places(session: Session, text: str, side: str, language: str = "zh_CN") -> list[PlaceChoice]:
    """Return the places whose name, pinyin or English name begins like ``text``; ``side`` is domestic or foreign."""
    if not text.strip():
        return []
    index = _indexes.of(session)
    wanted = fold(text)
    found = index.complete(text, side=side, limit=2 * OFFERS)
    found.sort(key=lambda entry: wanted not in (fold(entry.name_zh), fold(entry.name_en)))
    countries = {row.iso2: row for row in list_countries(session)}
    return [_choice(index, entry, side, countries, language) for entry in found[:OFFERS]]


def place_elsewhere(session: Session, text: str, side: str, language: str = "zh_CN") -> PlaceChoice | None:
    """Return the place called exactly ``text``, or so in pinyin, on the other side than ``side``, where this side has
    none so called."""
    index, wanted = _indexes.of(session), fold(text)
    for looked_at in (side, "foreign" if side == "domestic" else "domestic"):
        for entry in index.complete(text, side=looked_at, limit=2 * OFFERS) if wanted else ():
            if wanted in (fold(entry.name_zh), fold(entry.name_en), search_keys(entry.name_zh)[0]):
                countries = {row.iso2: row for row in list_countries(session)}
                return None if looked_at == side else _choice(index, entry, looked_at, countries, language)
    return None


def named_places(session: Session, keys: Sequence[str], language: str = "zh_CN") -> list[PlaceChoice]:
    """Return the places of ``keys`` as choices, in that order, from the ledger or the gazetteer."""
    index = _indexes.of(session)
    stored = read_places(session, keys)
    countries = {row.iso2: row for row in list_countries(session)}
    choices = []
    for key in keys:
        entry = index.get(key)
        if entry is not None:
            choices.append(
                _choice(index, entry, "domestic" if entry.country == HOME else "foreign", countries, language)
            )
        elif key in stored:
            choices.append(PlaceChoice(key, stored[key].name(language), ""))
    return choices


def list_countries(session: Session) -> list[CountryChoice]:
    """Return all countries and regions."""
    rows = session.execute(select(Country.iso2, Country.name_zh, Country.name_en).order_by(Country.iso2))
    return [CountryChoice(*row) for row in rows]


def create_place(session: Session, name: str, country: str, language: str = "zh_CN") -> MadePlace:
    """Make a place of the office's own, to be confirmed later; the same name in a country is made once."""
    store = PlaceStore(session)
    key = store.create(name.strip(), country, confirmed=False)
    stored = read_places(session, [key]).get(key)
    shown = stored.name(language) if stored else name.strip()
    row = session.get_one(Country, country)
    context = "" if country == HOME else (row.name_zh if language == "zh_CN" else row.name_en)
    return MadePlace(PlaceChoice(key, shown, context), Changes(PLACES, frozenset({key})))


def level_of_name(name: str) -> str:
    """Return the level that the ending of a written name says."""
    return level_said(name)


def _choice(
    index: PlaceIndex, entry: PlaceEntry, side: str, countries: dict[str, CountryChoice], language: str
) -> PlaceChoice:
    names = (entry.name_zh, entry.name_en) if language == "zh_CN" else (entry.name_en, entry.name_zh)
    shown = names[0] or names[1] or entry.key
    if side == "domestic" and entry.country == HOME:
        return PlaceChoice(entry.key, shown, _province_name(index, entry, language))
    country = countries[entry.country].name(language) if entry.country in countries else entry.country
    other = names[1] if language == "zh_CN" else ""
    return PlaceChoice(entry.key, shown, " · ".join(part for part in (other, country) if part and part != shown))


def _province_name(index: PlaceIndex, entry: PlaceEntry, language: str) -> str:
    key = index.province_of(entry.key)
    above = index.get(key) if key and key != entry.key else None
    if above is None:
        return ""
    return (above.name_zh or above.name_en) if language == "zh_CN" else (above.name_en or above.name_zh)
