"""Which places the cells of a row mean: what a person decided, else what the names and the country beside them say."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bri_desktop.domain.place import PlaceIndex
from bri_desktop.domain.written import parted

NEW_PLACE = "new:"
REGIONS = {"HK": "cn:810000", "MO": "cn:820000", "TW": "cn:710000"}
"""The regions of China by the code that they have beside the countries."""


class PlaceRules(Protocol):
    """What is known of places and was decided of them; as in :class:`intake_row.ReadingRules`."""

    @property
    def places(self) -> PlaceIndex:
        """The gazetteer with the ledger's own places and decisions."""

    @property
    def new_places(self) -> str:
        """``ask`` or ``accept``."""

    @property
    def place_keys(self) -> Mapping[tuple[str, str], str]:
        """Return (text, country) -> key."""

    @property
    def code_values(self) -> Mapping[tuple[str, str], str]:
        """Return (field, text) -> code; countries are field ``country``."""


class Tells(Protocol):
    """Takes what is wrong with a cell."""

    def __call__(
        self,
        name: str,
        value: object,
        code: str,
        *,
        offers: tuple[str, ...] = (),
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Note a problem of the field ``name``."""


class PlaceReader:
    """Reads the places of one row after another."""

    def __init__(self, rules: PlaceRules, tell: Tells) -> None:
        self.rules = rules
        self._tell = tell

    def read(self, domestic: str, foreign: str, country: str) -> dict[str, tuple[str, ...]]:
        """Return the keys of both sides; a country of which no place is named stands for itself."""
        countries = self._countries(country)
        keys = self._resolve_all("foreign_places", foreign, "foreign", countries)
        named = {self._country_of(key) for key in keys}
        keys += tuple(REGIONS.get(iso2, f"co:{iso2}") for iso2 in countries if iso2 != "CN" and iso2 not in named)
        return {
            "domestic_places": self._resolve_all("domestic_places", domestic, "domestic", ()),
            "foreign_places": keys,
        }

    def _country_of(self, key: str) -> str | None:
        if key.startswith(NEW_PLACE):
            return key.split(":")[1]
        entry = self.rules.places.get(key)
        return entry.country if entry else None

    def _countries(self, text: str) -> tuple[str, ...]:
        found: list[str] = []
        for part in parted(text, lambda whole: self.rules.places.country_of(whole) is not None):
            iso2 = self.rules.code_values.get(("country", part)) or self.rules.places.country_of(part)
            if iso2 is None:
                self._tell("country", part, "country_unknown")
            else:
                found.append(iso2)
        return tuple(dict.fromkeys(found))

    def _resolve_all(self, name: str, text: str, side: str, countries: Sequence[str]) -> tuple[str, ...]:
        def known(whole: str) -> bool:
            resolve = self.rules.places.resolve
            return any(resolve(whole, country=c, side=side).status == "exact" for c in countries or (None,))

        keys = [self._resolve(name, part, side, countries) for part in parted(text, known)]
        return tuple(dict.fromkeys(key for key in keys if key))

    def _resolve(self, name: str, text: str, side: str, countries: Sequence[str]) -> str | None:
        for country in (*countries, ""):
            decided = self.rules.place_keys.get((text, country))
            if decided:
                return decided
        matches = [self.rules.places.resolve(text, country=country, side=side) for country in countries or (None,)]
        exact = [match.key for match in matches if match.status == "exact" and match.key]
        if len(exact) == 1:
            return exact[0]
        candidates = tuple(dict.fromkeys(c.key for match in matches for c in match.candidates))
        if exact or any(match.status == "ambiguous" for match in matches):
            self._tell(name, text, "place_ambiguous", offers=candidates, values={"country": ",".join(countries)})
            return None
        if self.rules.new_places == "accept" and (len(countries) == 1 or side == "domestic"):
            return f"{NEW_PLACE}{countries[0] if countries else 'CN'}:{text}"
        self._tell(name, text, "place_unknown", offers=candidates, values={"country": ",".join(countries)})
        return None
