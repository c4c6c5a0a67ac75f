"""Drafts as hypothesis makes them, and short ways to write and read them, for the tests of the services."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bri_desktop.db.database import Database
from bri_desktop.db.reference import builtin_codes
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.services.projects import ProjectItem, create_project, get_project

DOMESTIC = ("cn:310000", "cn:440600", "cn:440100", "cn:110000", "cn:320100", "cn:440000")
FOREIGN = ("co:JP", "co:KR", "co:FR", "co:BY", "co:KZ", "cn:810000", "co:BR", "co:KE")
CODES: dict[str, list[str]] = {}
for _row in builtin_codes():
    CODES.setdefault(_row["list"], []).append(_row["code"])

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp"))
WORDS = st.text(LETTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
DATES = st.one_of(
    st.integers(1950, 2020).map(str),
    st.tuples(st.integers(1950, 2020), st.integers(1, 12)).map(lambda p: f"{p[0]}-{p[1]:02d}"),
    st.dates(__import__("datetime").date(1950, 1, 1), __import__("datetime").date(2020, 12, 31)).map(str),
).map(PartialDate)
MONEY = st.builds(
    Money,
    st.decimals(min_value=0, max_value=10**14, places=4, allow_nan=False, allow_infinity=False),
    st.sampled_from(["CNY", "USD", "EUR", "JPY"]),
)
OUTCOMES = st.builds(
    OutcomeDraft,
    outcome_class=st.none() | st.sampled_from(CODES["outcome_class"]),
    what=st.none() | WORDS,
    quantity=st.none() | st.decimals(min_value=-1000, max_value=10**9, places=3, allow_nan=False, allow_infinity=False),
    unit=st.none() | WORDS,
    amount=st.none() | MONEY,
    date=st.none() | DATES,
    evidence=st.none() | WORDS,
)


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return unique tuples of up to three values."""
    return st.lists(values, max_size=3, unique=True).map(tuple)


def code_of(name: str) -> st.SearchStrategy[str | None]:
    """Return a code of the list, or nothing."""
    return st.none() | st.sampled_from(CODES[name])


@st.composite
def drafts(draw: st.DrawFn) -> ProjectDraft:
    """Return a draft that breaks no rule."""
    dates = sorted(draw(st.lists(DATES, min_size=3, max_size=3)))
    draft = ProjectDraft(
        title=draw(WORDS),
        title_en=draw(st.none() | WORDS),
        mode=draw(code_of("mode")),
        submode=draw(code_of("submode")),
        nature=draw(code_of("nature")),
        status=draw(code_of("status")),
        domain=draw(code_of("domain")),
        domains=draw(some(st.sampled_from(CODES["domain"]))),
        fields=draw(some(st.sampled_from(CODES["field"]))),
        sdg=draw(some(st.sampled_from(CODES["sdg"]))),
        corridors=draw(some(st.sampled_from(CODES["corridor"]))),
        level=draw(code_of("level")),
        policy_step=draw(code_of("policy_step")),
        domestic_places=draw(some(st.sampled_from(DOMESTIC))),
        foreign_places=draw(some(st.sampled_from(FOREIGN))),
        department=draw(st.none() | WORDS),
        lead=draw(st.none() | WORDS),
        partners=draw(some(WORDS)),
        signed=draw(st.sampled_from([None, dates[0]])),
        started=draw(st.sampled_from([None, dates[1]])),
        ended=draw(st.sampled_from([None, dates[2]])),
        planned_start=draw(st.none() | DATES),
        amount=draw(st.none() | MONEY),
        summary=draw(st.none() | WORDS),
        results=draw(st.none() | WORDS),
        outcomes=draw(some(OUTCOMES)),
        source=draw(st.none() | WORDS),
        tags=draw(some(WORDS)),
        visibility=draw(st.sampled_from(["public", "internal"])),
        note=draw(st.none() | WORDS),
    )
    if draft.submode and not draft.mode:
        draft = replace(draft, mode="exchange_mechanism")  # a sub-mode brings its mode
    draft = replace(draft, domains=tuple(code for code in draft.domains if code != draft.domain))
    if len(draft.domestic_places) == len(draft.foreign_places) == 1:
        draft = replace(draft, pair_kind=draw(code_of("pair_kind")))
    return draft


def project(title: str = "合作项目", **values: Any) -> ProjectDraft:
    """Return a draft with dates and amounts from texts."""
    for name in ("signed", "started", "ended", "planned_start", "planned_end"):
        if isinstance(values.get(name), str):
            values[name] = PartialDate(values[name])
    if isinstance(values.get("amount"), str):
        number, _, currency = values["amount"].partition(" ")
        values["amount"] = Money(Decimal(number), currency or "CNY")
    return ProjectDraft(title=title, visibility=values.pop("visibility", "public"), **values)


def add(database: Database, *several: ProjectDraft) -> list[str]:
    """Store projects one by one; return their keys."""
    with database.write() as session:
        return [create_project(session, draft).key for draft in several]


def item(database: Database, key: str) -> ProjectItem:
    """Return a project as it is stored."""
    with database.read() as session:
        return get_project(session, key)


def column(session: Session, query: str) -> list[Any]:
    """Return the first column of a query."""
    return list(session.connection().exec_driver_sql(query).scalars())
