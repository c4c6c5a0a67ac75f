"""Records for a terminal: the names of codes and places in the chosen language in the place of their codes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bri_desktop import i18n
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.record_kinds import CONTACT, FOLLOW_UP, INDICATOR, RISK
from bri_desktop.domain.vocabulary import ACTIVITY_KEY, AGREEMENT_KEY, FIELD_BY_CODE, ORGANISATION_KEY, PAIR_KEY
from bri_desktop.i18n import tr

LISTS = {
    "pair": {"kind": "pair_kind", "life": "pair_life", "level": "level"},
    "agreement": {"kind": "agreement_kind"},
    "activity": {"kind": "activity_kind", "level": "level"},
    "risk": {"cause": "cause"},
    "organisation": {"kind": "actor"},
    "outcome": {"class": "outcome_class"},
}
"""Kind of record -> its keys that hold a code -> the list of that code; a project's are those of its fields."""
LEVELS: Mapping[str, Callable[[], str]] = {
    "country": lambda: tr("Country or region"),
    "province": lambda: tr("Province, state"),
    "prefecture": lambda: tr("City"),
    "county": lambda: tr("County, district"),
    "township": lambda: tr("Township"),
    "park": lambda: tr("Park, zone"),
    "port": lambda: tr("Port"),
}
KINDS = {PAIR_KEY: "pair", ORGANISATION_KEY: "organisation", AGREEMENT_KEY: "agreement", ACTIVITY_KEY: "activity"}
KINDS |= {kind.prefix: kind.code for kind in (INDICATOR, RISK, CONTACT, FOLLOW_UP)} | {
    "S": "approval",
    "X": "attachment",
}


def spoken(session: Any, kind: str, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the items with names for codes and places."""
    from bri_desktop.services.places import list_countries, named_places
    from bri_desktop.services.reference import read_codebook

    codes = read_codebook(session)
    countries = {one.iso2: one.name(i18n.language()) for one in list_countries(session)}
    keys = list(dict.fromkeys(_place_keys(items)))
    names = {place.key: place.name for place in named_places(session, keys, i18n.language())}
    spoken_items = [
        {key: _word(kind, key, value, codes, names) for key, value in _titled(item).items()} for item in items
    ]
    for item in spoken_items:
        if isinstance(item.get("country"), str):
            item["country"] = countries.get(item["country"], item["country"])
        if kind == "place" and item.get("level") in LEVELS:
            item["level"] = LEVELS[item["level"]]()
    return spoken_items


def kind_of(key: str) -> str:
    """Return the kind of record that a key names."""
    return "place" if ":" in key else KINDS.get(key[:1].upper(), "project")


def _titled(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the item under its English name where English is spoken and there is one."""
    own = dict(item)
    if i18n.language() != i18n.DEFAULT_LANGUAGE:
        own |= {name: own[f"{name}_en"] for name in ("title", "name") if own.get(f"{name}_en")}
    return own


def _place_keys(items: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for item in items:
        for value in item.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, Mapping) and "key" in one and "name" in one:
                    yield one["key"]


def _word(kind: str, key: str, value: Any, codes: CodeBook, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_word(kind, key, one, codes, names) for one in value]
    if isinstance(value, Mapping) and "key" in value and "name" in value:
        return names.get(value["key"], value["name"])
    known = FIELD_BY_CODE.get(key) if kind == "project" else None
    listed = (
        (known.list or (key if known.kind in ("code", "codes") else None)) if known else LISTS.get(kind, {}).get(key)
    )
    if listed and isinstance(value, str):
        return codes.label(listed, value, i18n.language())
    return value
