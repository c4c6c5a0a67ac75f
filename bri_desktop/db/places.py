"""Places of the ledger: taken over from the gazetteer at their first use, and the office's own beside them."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.gazetteer import load_index
from bri_desktop.db.models import Country, Place, PlaceRule, Project, ProjectPlace
from bri_desktop.db.stored import StoredPlace as StoredPlace
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.folding import fold
from bri_desktop.domain.pinyin import search_keys
from bri_desktop.domain.place import PlaceEntry, PlaceIndex

OWN_PREFIX = "own:"


class PlaceStore:
    """Resolves place keys to rows within one session, once each."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._ids: dict[str, int] = {}
        self._words: dict[str, str] = {}
        self._countries: dict[str, tuple[str, str]] = {}

    def id_of(self, key: str) -> int:
        """Return the row id of ``key``, copying the place from the gazetteer where the ledger has none yet."""
        if key not in self._ids:
            found = self.session.scalar(select(Place.id).where(Place.key == key))
            self._ids[key] = found if found is not None else self._take_over(key)
        return self._ids[key]

    def create(self, name: str, country: str, *, level: str | None = None, parent: str = "", confirmed: bool) -> str:
        """Make a place of the office's own; return its key. The same name in the same country is made once.

        ``parent`` is the key of what it lies in; its province and city are taken from there.
        """
        name_zh, name_en = (None, name) if name.isascii() else (name, None)
        rule = self.session.scalar(
            select(PlaceRule).where(PlaceRule.folded == fold(name), PlaceRule.country == country)
        )
        if rule is not None:
            return rule.place_key
        place = Place(
            key="",
            level=level or level_said(name),
            country=country,
            name_zh=name_zh,
            name_en=name_en,
            confirmed=confirmed,
        )
        if parent:
            index = load_index()
            place.parent_key = parent
            place.province, place.prefecture = adcode(index.province_of(parent)), adcode(index.prefecture_of(parent))
        place.pinyin = " ".join(search_keys(name))
        self.session.add(place)
        place.key = f"{OWN_PREFIX}new"
        self.session.flush()
        place.key = f"{OWN_PREFIX}{place.id}"
        self.remember(name, country, place.key)
        self._ids[place.key] = place.id
        return place.key

    def remember(self, text: str, country: str | None, key: str) -> None:
        """Keep the decision that the written ``text`` under ``country`` is the place ``key``."""
        folded = fold(text)
        rule = self.session.scalar(
            select(PlaceRule).where(PlaceRule.folded == folded, PlaceRule.country == (country or ""))
        )
        if rule is None:
            rule = PlaceRule(folded=folded, country=country or "", decided_at=now())
            self.session.add(rule)
        rule.place_key, rule.decided_at = key, now()
        self.session.flush()

    def search_text(self, key: str) -> str:
        """Return the folded names, pinyin, country and province of a place, for the search of its projects."""
        if key not in self._words:
            place = self.session.get_one(Place, self.id_of(key))
            country = self._country_names(place.country)
            words = [fold(word) for word in (place.name_zh, place.name_en, *country) if word]
            words += [part.replace(" ", "") for part in search_keys(place.name_zh or "")]
            self._words[key] = " ".join(dict.fromkeys([*words, *(place.pinyin or "").split()]))
        return self._words[key]

    def _country_names(self, iso2: str) -> tuple[str, str]:
        if iso2 not in self._countries:
            country = self.session.get_one(Country, iso2)
            self._countries[iso2] = (country.name_zh, country.name_en)
        return self._countries[iso2]

    def _take_over(self, key: str) -> int:
        index = load_index()
        entry = index.get(key)
        if entry is None:
            raise InputError("place_unknown_key", place=key)
        province, prefecture = index.province_of(key), index.prefecture_of(key)
        place = Place(
            key=key,
            level=entry.level,
            country=entry.country,
            parent_key=entry.parent or None,
            province=adcode(province),
            prefecture=adcode(prefecture),
            name_zh=entry.name_zh or None,
            name_en=entry.name_en or None,
            name_local=entry.name_local or None,
            aliases=";".join(entry.aliases) or None,
            pinyin=entry.pinyin or None,
            lat=entry.lat,
            lon=entry.lon,
            confirmed=True,
        )
        self.session.add(place)
        self.session.flush()
        return place.id


LEVEL_ENDINGS = (
    ("county", ("县", "区", "旗")),
    ("province", ("省", "州", "邦", "自治区")),
    ("park", ("园区", "开发区", "工业园", "产业园")),
    ("port", ("港",)),
)


def level_said(name: str) -> str:
    """Return the level that the ending of a written name says; a city where it says nothing."""
    said = [(len(end), level) for level, ends in LEVEL_ENDINGS for end in ends if name.endswith(end) and name != end]
    return max(said)[1] if said else "prefecture"


def adcode(key: str | None) -> str | None:
    """Return the administrative code in a Chinese place key."""
    return key.removeprefix("cn:") if key and key.startswith("cn:") else None


def index_for(session: Session) -> PlaceIndex:
    """Return the gazetteer with the office's own places and remembered decisions on top."""
    own = session.scalars(select(Place).where(Place.key.startswith(OWN_PREFIX), Place.deleted_at.is_(None))).all()
    rules = {(rule.folded, rule.country): rule.place_key for rule in session.scalars(select(PlaceRule))}
    if not own and not rules:
        return load_index()
    return load_index().extended(map(_entry, own), rules)


def _entry(place: Place) -> PlaceEntry:
    return PlaceEntry(
        key=place.key,
        level=place.level,
        country=place.country,
        parent=place.parent_key or "",
        name_zh=place.name_zh or "",
        name_en=place.name_en or "",
        name_local=place.name_local or "",
        aliases=tuple((place.aliases or "").split(";")) if place.aliases else (),
        lat=place.lat,
        lon=place.lon,
        population=0,
        pinyin=place.pinyin or "",
    )


def read_places(session: Session, keys: Iterable[str]) -> dict[str, StoredPlace]:
    """Return the stored places of ``keys`` by key."""
    wanted = list(dict.fromkeys(keys))
    found: dict[str, StoredPlace] = {}
    for start in range(0, len(wanted), 500):
        rows = session.scalars(select(Place).where(Place.key.in_(wanted[start : start + 500])))
        found.update({row.key: stored_place(row) for row in rows})
    return found


def stored_place(row: Place) -> StoredPlace:
    """Return a place row as values."""
    return StoredPlace(
        row.id, row.key, row.level, row.country, row.province, row.prefecture, row.name_zh, row.name_en, row.confirmed
    )


def drop_unused_places(session: Session) -> None:
    """Take back the places that an import made unasked and that no project has any more, with their rules."""
    used = (
        select(ProjectPlace.place_id)
        .join(Project, Project.id == ProjectPlace.project_id)
        .where(Project.deleted_at.is_(None))
    )
    unused = session.scalars(
        select(Place).where(
            Place.key.startswith(OWN_PREFIX),
            Place.confirmed.is_(False),
            Place.deleted_at.is_(None),
            Place.id.not_in(used),
        )
    ).all()
    for place in unused:
        place.deleted_at = now()
        session.execute(delete(PlaceRule).where(PlaceRule.place_key == place.key))
    session.flush()
