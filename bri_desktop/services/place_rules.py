"""The remembered decisions on place names: which written name is which place, each of which can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import PlaceRule
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.services.places import PlaceChoice, list_countries, named_places

RULES = frozenset({"place"})


@dataclass(frozen=True, slots=True)
class RememberedName:
    """A decision: the folded ``text`` under ``country`` (ISO code, ``""`` for any) is ``place``."""

    id: int
    text: str
    country: str
    country_name: str
    place: PlaceChoice
    decided_at: str

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``place-rules --json`` lists."""
        return {
            "rule": self.id,
            "text": self.text,
            "country": self.country or None,
            "place": self.place.key,
            "name": self.place.name,
            "context": self.place.context,
            "decided_at": self.decided_at,
        }


def list_rules(session: Session, language: str = "zh_CN") -> list[RememberedName]:
    """Return the decisions, latest first."""
    rows = session.scalars(select(PlaceRule).order_by(PlaceRule.decided_at.desc(), PlaceRule.id.desc())).all()
    places = {place.key: place for place in named_places(session, [row.place_key for row in rows], language)}
    countries = {country.iso2: country.name(language) for country in list_countries(session)}
    return [
        RememberedName(
            row.id,
            row.folded,
            row.country,
            countries.get(row.country, row.country),
            places.get(row.place_key, PlaceChoice(row.place_key, row.place_key, "")),
            row.decided_at,
        )
        for row in rows
    ]


def delete_rules(session: Session, ids: Sequence[int]) -> Changes:
    """Take decisions back: the names are asked about again; records and places stay. Raises ``rule_unknown``."""
    known = set(session.scalars(select(PlaceRule.id).where(PlaceRule.id.in_(ids))))
    for rule in ids:
        if rule not in known:
            raise InputError("rule_unknown", rule=rule)
    session.execute(delete(PlaceRule).where(PlaceRule.id.in_(ids)))
    return Changes(RULES)
