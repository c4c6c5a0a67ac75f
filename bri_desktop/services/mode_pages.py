"""The pages of a park and of a mechanism: editions or phases, members or tenants, agreements, outcomes, money by year.

A park or mechanism is a project; its editions and phases are the projects under it and its own activities. What it
has (members, countries, money) is taken from all of them.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from bri_desktop.db.models import Country, Organisation, Place, Project, ProjectPartner, ProjectPlace
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.mode_profile import MECHANISM, PARK, PROFILES, empty
from bri_desktop.domain.money import Money
from bri_desktop.domain.record_kinds import Plain
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of
from bri_desktop.services.cities import CHINA
from bri_desktop.services.city_events import Event, Ids, count_by_kind, read_events, total_money
from bri_desktop.services.mode_figures import MONTHS_A_YEAR, ParkFigures, Rhythm, park_figures, rhythm
from bri_desktop.services.mode_profiles import read_profile, read_profiles
from bri_desktop.services.pair_life import last_day

MODES = (PARK, MECHANISM)
DAYS_A_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class ModeRow:
    """A park or mechanism in the list; ``parts`` counts the projects right under it, ``profile`` is plain."""

    id: int
    title: str
    mode: str
    submode: str | None
    status: str | None
    start: str | None
    ended: str | None
    parts: int
    partners: int
    money: Money | None
    profile: Plain


@dataclass(frozen=True, slots=True)
class Member:
    """A tenant or member: its kind (list ``actor``), the projects that name it, the year of the first."""

    id: int
    name: str
    kind: str | None
    ids: tuple[int, ...]
    since: str | None


@dataclass(frozen=True, slots=True)
class YearMoney:
    """The amounts of the projects that started in a year (``None``: not dated), a currency each."""

    year: int | None
    sums: tuple[Money, ...]
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ModePage:
    """A park or mechanism with its own figures.

    ``editions`` are the projects under it and its own activities, by date. ``months_between`` is the mean distance
    of dated editions, ``None`` for less than two; ``heads`` the sum of what activities recorded, ``None`` for none.
    ``park`` are the figures of a park, ``rhythm`` those of a mechanism.
    """

    row: ModeRow
    department: str
    lead: str
    editions: tuple[Event, ...]
    members: tuple[Member, ...]
    countries: tuple[tuple[str, str, str], ...]
    events: tuple[Event, ...]
    counts: Mapping[str, int]
    projects: tuple[int, ...]
    money: tuple[Money, ...]
    outcome_money: tuple[Money, ...]
    years: tuple[YearMoney, ...]
    heads: int | None
    last_edition: str | None
    months_between: float | None
    park: ParkFigures | None
    rhythm: Rhythm | None


def read_modes(session: Session) -> tuple[ModeRow, ...]:
    """Return the parks and mechanisms that are no part of another one, the oldest first."""
    above = aliased(Project)
    query = (
        select(Project)
        .outerjoin(above, (above.id == Project.parent_id) & above.deleted_at.is_(None) & above.mode.in_(MODES))
        .where(Project.mode.in_(MODES), Project.deleted_at.is_(None), above.id.is_(None))
    )
    projects = session.scalars(query).all()
    parts = _counts(session, Project.parent_id)
    partners = _counts(session, ProjectPartner.project_id)
    profiles = {mode: read_profiles(session, kind) for mode, kind in PROFILES.items()}
    rows = [
        _row(
            project,
            parts,
            partners,
            profiles[project.mode or ""].get(project.id) or empty(PROFILES[project.mode or ""]),
        )
        for project in projects
    ]
    return tuple(sorted(rows, key=lambda row: (row.mode, row.start is None, row.start or "", row.id)))


def _counts(session: Session, column: Any) -> dict[int, int]:
    query = select(column, func.count()).group_by(column)
    if column is Project.parent_id:
        query = query.where(Project.deleted_at.is_(None), Project.parent_id.is_not(None))
    return dict(session.execute(query).tuples().all())


def _row(project: Project, parts: Mapping[int, int], partners: Mapping[int, int], profile: Plain) -> ModeRow:
    amount, currency = project.amount, project.currency
    return ModeRow(
        id=project.id,
        title=project.title,
        mode=project.mode or "",
        submode=project.submode,
        status=project.status,
        start=project.start,
        ended=project.ended,
        parts=parts.get(project.id, 0),
        partners=partners.get(project.id, 0),
        money=None if amount is None else Money(amount, currency) if currency else Money(amount),
        profile=profile,
    )


def read_mode(session: Session, project: int, today: datetime.date) -> ModePage:
    """Return the page of a park or mechanism; ``InputError`` ``record_unknown`` for one that is gone or is neither."""
    stored = session.get(Project, project)
    if stored is None or stored.deleted_at is not None or stored.mode not in MODES:
        key = key_of(PROJECT_KEY, project)
        raise InputError("record_unknown", where=Where(key=key), key=key)
    profile = read_profile(session, PROFILES[stored.mode], project)
    family = _family(project)
    events = read_events(session, family)
    editions = tuple(event for event in events if _is_edition(event, project))
    dated = sorted(event.start for event in editions if event.start and event.start <= today.isoformat())
    heads = [event.heads for event in events if event.kind == "activity" and event.heads is not None]
    members = _members(session, family)
    parts = sum(event.kind == "project" for event in editions)
    row = _row(stored, {project: parts}, {project: len(members)}, profile)
    return ModePage(
        row=row,
        department=stored.department.name if stored.department else "",
        lead=stored.lead.name if stored.lead else "",
        editions=editions,
        members=members,
        countries=_countries(session, family),
        events=events,
        counts=count_by_kind(events) | {"project": sum(e.kind == "project" and e.id != project for e in events)},
        projects=tuple(sorted(event.id for event in events if event.kind == "project")),
        money=total_money(events),
        outcome_money=total_money(events, "outcome"),
        years=_by_year(events),
        heads=sum(heads) if heads else None,
        last_edition=dated[-1] if dated else None,
        months_between=_months_between(dated),
        park=park_figures(profile) if stored.mode == PARK else None,
        rhythm=rhythm(profile, dated) if stored.mode == MECHANISM else None,
    )


def _family(project: int) -> Ids:
    """Return the query of a project and all under it that are not in the bin."""
    tree = select(Project.id).where(Project.id == project).cte("family", recursive=True)
    under = select(Project.id).join(tree, Project.parent_id == tree.c.id).where(Project.deleted_at.is_(None))
    return select(tree.union(under).c.id)


def _is_edition(event: Event, project: int) -> bool:
    if event.kind == "project":
        return event.parent == project and event.id != project
    return event.kind == "activity" and event.project == project


def _members(session: Session, family: Ids) -> tuple[Member, ...]:
    """Return the partners of all projects, those of most projects first."""
    query = (
        select(Organisation, Project.id, Project.start)
        .join(ProjectPartner, ProjectPartner.organisation_id == Organisation.id)
        .join(Project, Project.id == ProjectPartner.project_id)
        .where(Project.id.in_(family))
    )
    found: dict[int, tuple[Organisation, dict[int, str | None]]] = {}
    for organisation, project, start in session.execute(query):
        found.setdefault(organisation.id, (organisation, {}))[1][project] = start
    members = [
        Member(
            id=organisation.id,
            name=organisation.name,
            kind=organisation.kind,
            ids=tuple(sorted(projects)),
            since=min((start for start in projects.values() if start), default=None),
        )
        for organisation, projects in found.values()
    ]
    return tuple(sorted(members, key=lambda member: (-len(member.ids), member.since or "9", member.id)))


def _countries(session: Session, family: Ids) -> tuple[tuple[str, str, str], ...]:
    """Return (code, Chinese, English) of the countries of all foreign places."""
    query = (
        select(Country.iso2, Country.name_zh, Country.name_en)
        .join(Place, Place.country == Country.iso2)
        .join(ProjectPlace, ProjectPlace.place_id == Place.id)
        .where(ProjectPlace.project_id.in_(family), Country.iso2 != CHINA)
        .distinct()
        .order_by(Country.iso2)
    )
    return tuple((row.iso2, row.name_zh, row.name_en) for row in session.execute(query))


def _by_year(events: Iterable[Event]) -> tuple[YearMoney, ...]:
    """Return the amounts by the year in which the projects started; an umbrella with parts is left out."""
    projects = [event for event in events if event.kind == "project"]
    above = {event.parent for event in projects}
    years: dict[int | None, dict[str, Decimal]] = {}
    ids: dict[int | None, list[int]] = {}
    for event in projects:
        if event.money is None or event.id in above:
            continue
        year = int(event.start[:4]) if event.start else None
        sums = years.setdefault(year, {})
        sums[event.money.currency] = sums.get(event.money.currency, Decimal(0)) + event.money.amount
        ids.setdefault(year, []).append(event.id)
    ordered = sorted(years, key=lambda year: (year is None, year or 0))
    return tuple(
        YearMoney(
            year, tuple(Money(amount, code) for code, amount in sorted(years[year].items())), tuple(sorted(ids[year]))
        )
        for year in ordered
    )


def _months_between(dates: list[str]) -> float | None:
    """Return the mean months from one dated edition to the next; in whole years where only years are known."""
    if len(dates) < 2:
        return None
    if any(len(date) == 4 for date in dates):
        return (int(dates[-1][:4]) - int(dates[0][:4])) * MONTHS_A_YEAR / (len(dates) - 1)
    return (last_day(dates[-1]) - last_day(dates[0])).days / DAYS_A_MONTH / (len(dates) - 1)
