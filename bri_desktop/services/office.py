"""What the office says of itself, kept in the ledger so that the window and the command line know the same: its name,
its home city, how the user of this computer is called, and how long ahead the first page reminds of what is due."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from bri_desktop.analysis.portfolio import Thresholds
from bri_desktop.db.actor import OFFICE, PEOPLE, system_user
from bri_desktop.db.models import Meta
from bri_desktop.db.places import read_places
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.services.pair_life import META as TIES
from bri_desktop.services.pair_life import RULES as TIE_RULES
from bri_desktop.services.pair_life import TieRules, read_rules, save_rules
from bri_desktop.services.row_history import enter_setting, noted
from bri_desktop.services.statistics_options import (
    OPTIONS,
    THRESHOLDS,
    read_options,
    save_options,
    store_options,
    with_weights,
)

if TYPE_CHECKING:
    from bri_desktop.services.places import PlaceChoice

REMINDERS = "reminders"
KIND = "office"
CHANGED = frozenset({KIND})
SET = "set_office"
"""What the history calls an act of this module."""
LONGEST_NAME = 60
MOST_DAYS = 730


@dataclass(frozen=True, slots=True)
class Office:
    """``name`` stands in the history and under documents; ``home_city`` is the key of the place that a new project
    begins with; ``own_name`` is how the user of this computer is called. ``""`` where nothing is said."""

    name: str = ""
    home_city: str = ""
    own_name: str = ""


@dataclass(frozen=True, slots=True)
class Reminders:
    """How many days ahead the first page names what is due; ``approval_days``: from how many days on an open step of
    an approval is late. 0 leaves a kind out, but for approvals."""

    expiring_days: int = 90
    anniversary_days: int = 180
    visit_days: int = 30
    follow_up_days: int = 14
    workbook_days: int = 14
    approval_days: int = 30


def read_office(session: Session) -> Office:
    """Return what the office says of itself, with the name of the user of this computer."""
    office, people = _stored(session, OFFICE), _stored(session, PEOPLE)
    return Office(office.get("name") or "", office.get("home_city") or "", people.get(system_user()) or "")


def save_office(session: Session, office: Office) -> Changes:
    """Store it as an act that can be taken back.

    ``InputError``: ``text_too_long`` for a name above 60 characters, ``place_unknown_key`` for a city that neither
    ledger nor gazetteer has; it may be written by name.
    """
    office = Office(*(" ".join(value.split()) for value in asdict(office).values()))
    for name in (office.name, office.own_name):
        if len(name) > LONGEST_NAME:
            raise InputError("text_too_long", count=len(name), most=LONGEST_NAME)
    office = replace(office, home_city=city_key(session, office.home_city))
    with noted(session, SET) as change:
        _store(session, change, OFFICE, {"name": office.name, "home_city": office.home_city})
        _store(session, change, PEOPLE, {system_user(): office.own_name})
    return Changes(CHANGED)


def read_reminders(session: Session) -> Reminders:
    """Return what is set; the defaults where nothing is."""
    stored = _stored(session, REMINDERS)
    known = {field.name: stored[field.name] for field in fields(Reminders) if stored.get(field.name) is not None}
    return Reminders(**known)


def save_reminders(session: Session, reminders: Reminders) -> Changes:
    """Store them as an act that can be taken back; ``InputError`` ``days_wrong`` for days that are not 0 to 730, of
    approvals 1 to 730."""
    for name, value in asdict(reminders).items():
        least = int(name == "approval_days")
        if not least <= value <= MOST_DAYS:
            raise InputError("days_wrong", least=least, most=MOST_DAYS)
    with noted(session, SET) as change:
        _store(session, change, REMINDERS, asdict(reminders), asdict(read_reminders(session)))
    return Changes(CHANGED)


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """All that a ledger has to set but weights and code lists; ``user`` is the one of this computer."""

    office: Office
    reminders: Reminders
    ties: TieRules
    thresholds: Mapping[str, float]
    user: str = ""


def read_settings(session: Session) -> LedgerSettings:
    """Return what is set in this ledger."""
    thresholds = asdict(read_options(session).thresholds)
    office, reminders, ties = read_office(session), read_reminders(session), read_rules(session)
    return LedgerSettings(office, reminders, ties, thresholds, system_user())


def save_setting(session: Session, name: str, value: Any) -> Changes:
    """Store one part of the settings by its name, typed as :func:`read_settings` gives it.

    Raises as the function that stores it; ``InputError`` ``option_unknown`` for another name.
    """
    found = read_settings(session)
    if name in asdict(found.office):
        return save_office(session, Office(**(asdict(found.office) | {name: value})))
    if name in asdict(found.reminders):
        return save_reminders(session, Reminders(**(asdict(found.reminders) | {name: value})))
    if name in asdict(found.ties):
        return save_rules(session, TieRules(**(asdict(found.ties) | {name: value})))
    if name in found.thresholds:
        return save_options(session, with_weights(read_options(session), THRESHOLDS, {name: value}))
    raise InputError("option_unknown", value=name, known=", ".join(plain_settings(found)))


def plain_settings(found: LedgerSettings) -> dict[str, Any]:
    """Return name -> value of every setting, in the order of the page."""
    return {**asdict(found.office), **asdict(found.reminders), **asdict(found.ties), **found.thresholds}


def default_settings() -> dict[str, Any]:
    """Return name -> default of every setting."""
    return plain_settings(LedgerSettings(Office(), Reminders(), TieRules(), asdict(Thresholds())))


def restore_defaults(session: Session) -> Changes:
    """Set reminders, rules of ties and thresholds back in one act; the office's names and its city stay."""
    with noted(session, SET) as change:
        _store(session, change, REMINDERS, asdict(Reminders()), asdict(read_reminders(session)))
        _store(session, change, TIES, asdict(TieRules()), asdict(read_rules(session)))
        options = read_options(session)
        if options.thresholds != Thresholds():
            store_options(session, replace(options, thresholds=Thresholds()), change)
    return Changes(CHANGED | TIE_RULES | OPTIONS)


def home_place(session: Session, language: str = "zh_CN") -> "list[PlaceChoice]":
    """Return the home city as a form shows it; empty where none is set."""
    from bri_desktop.services.places import named_places

    key = read_office(session).home_city
    return named_places(session, [key], language) if key else []


def city_key(session: Session, written: str) -> str:
    """Return the key of a Chinese city written by name or key; ``InputError`` ``place_unknown_key``."""
    from bri_desktop.services.places import complete_places, named_places

    text = written.strip()
    if not text or read_places(session, [text]) or named_places(session, [text]):
        return text
    offers = complete_places(session, text, "domestic")
    if not offers:
        raise InputError("place_unknown_key", place=text)
    return offers[0].key


def _stored(session: Session, name: str) -> dict[str, Any]:
    row = session.get(Meta, name)
    found: dict[str, Any] = {} if row is None else json.loads(row.value)
    return found


def _store(
    session: Session, change_id: int, name: str, parts: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> None:
    """Store parts of a setting beside its others; ``before`` is what holds where nothing is stored yet."""
    old = {**(before or {}), **_stored(session, name)}
    new = {**old, **parts}
    row = session.get(Meta, name)
    if row is None:
        row = Meta(name=name)
        session.add(row)
    row.value = json.dumps(new, ensure_ascii=False)
    session.flush()
    enter_setting(session, change_id, name, old, new)
