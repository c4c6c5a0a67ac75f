"""Columns of which only what was written is read again are those of a whole new read, whatever was done."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bri_desktop.analysis.model import StatsData
from bri_desktop.db.database import Database, open_database
from bri_desktop.db.models import Place
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.services import statistics_cache
from bri_desktop.services.columns import read_reference, read_statistics
from bri_desktop.services.columns_renewed import LINKS
from bri_desktop.services.projects import (
    create_project,
    delete_projects,
    get_project,
    restore_projects,
    update_project,
)
from bri_desktop.services.statistics_cache import StatisticsCache

PLACES = (
    ("cn:110000", "北京市", "CN"),
    ("cn:370200", "青岛市", "CN"),
    ("gn:1", "布拉格", "CZ"),
    ("gn:2", "东京", "JP"),
)
FIRST = 4


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = open_database(tmp_path_factory.mktemp("renewed") / "ledger.db")
    with made.write() as session:
        session.add_all(
            Place(key=key, level="prefecture", country=country, name_zh=name, name_en=name, confirmed=True)
            for key, name, country in PLACES
        )
    for number in range(FIRST):
        with made.write() as session:
            create_project(session, draft(number, 1, number, None))
    yield made
    made.close()


def draft(title: int, side: int, size: int, parent: str | None) -> ProjectDraft:
    outcomes = (OutcomeDraft(outcome_class="other", what="人次", quantity=Decimal(3)),) if size % 2 else ()
    return ProjectDraft(
        title=f"项目{title}",
        status=("active", "completed", "intent")[size % 3],
        signed=PartialDate(f"20{10 + size}"),
        domain=("policy", "people", None)[size % 3],
        domains=("trade",) if size % 2 else (),
        parent=parent,
        partners=(f"机构{size}",) if size % 2 else (),
        domestic_places=("cn:110000",) if side else ("cn:370200",),
        foreign_places=("gn:1",) if side else ("gn:1", "gn:2"),
        pair_kind="sister" if side and size % 2 else None,
        outcomes=outcomes,
    )


def same(one: StatsData, other: StatsData) -> None:
    for name in (
        "id",
        "status",
        "start",
        "ended",
        "parent",
        "domain",
        "pair_kind",
        "department",
        "has_outcome",
        "pair",
    ):
        assert np.array_equal(getattr(one.projects, name), getattr(other.projects, name)), name
    pairs: list[tuple[Any, ...]] = [(getattr(one, name), getattr(other, name)) for name in LINKS]
    for left, right in pairs:
        assert sorted(zip(left.project.tolist(), left.target.tolist(), strict=True)) == sorted(
            zip(right.project.tolist(), right.target.tolist(), strict=True)
        )
    changes = [
        sorted(zip(c.project.tolist(), c.status.tolist(), c.date.tolist(), strict=True))
        for c in (one.projects.changes, other.projects.changes)
    ]
    assert changes[0] == changes[1] and one.places == other.places and one.organisations == other.organisations


ACT = st.tuples(
    st.sampled_from(("create", "edit", "delete", "restore")), st.integers(0, 9), st.booleans(), st.integers(0, 5)
)


def perform(database: Database, act: tuple[str, int, bool, int], keys: list[str]) -> Changes:
    what, number, side, size = act
    key = keys[number % len(keys)]
    with database.write() as session:
        seen = get_project(session, key).stored
        gone = seen.deleted
        if what == "create":
            saved = create_project(session, draft(number, side, size, None if gone or not side else key))
            keys.append(saved.key)
            return saved.changes
        if what == "edit" and not gone:
            edited = draft(number, side, size, seen.draft.parent)
            return update_project(session, key, edited, seen_version=seen.version).changes
        if what == "delete" and not gone:
            return delete_projects(session, [key])
        if what == "restore" and gone:
            return restore_projects(session, [key])
    return Changes()


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACT, min_size=1, max_size=5), st.integers(1, 3))
def test_renewed_columns_are_those_of_a_whole_read(
    database: Database, acts: list[tuple[str, int, bool, int]], asked_every: int
) -> None:
    cache = StatisticsCache()
    keys = [f"P{number}" for number in range(1, FIRST + 1)]
    with database.read() as session:
        cache.data(session)
    for place, act in enumerate(acts):
        changes = perform(database, act, keys)
        if changes.kinds:
            cache.forget(changes)
        if place % asked_every == 0:
            with database.read() as session:
                same(cache.data(session), read_statistics(session))
    with database.read() as session:
        same(cache.data(session), read_statistics(session))


def test_only_what_names_its_projects_is_read_alone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = StatisticsCache()

    def is_kept(changes: Changes | None) -> bool:
        with database.read() as session:
            cache.data(session)
        cache.forget(changes)
        return cache.kept.get(statistics_cache.BEFORE) is not None

    with database.write() as session:
        saved = create_project(session, draft(7, 1, 1, None))
    assert is_kept(saved.changes)
    for other in (None, Changes(), Changes(saved.changes.kinds), Changes(frozenset({"project"}), saved.changes.keys)):
        assert not is_kept(other)
    assert not is_kept(Changes(saved.changes.kinds, frozenset({"T1"})))
    monkeypatch.setattr(statistics_cache, "MOST_RENEWED", 0)
    assert not is_kept(saved.changes)


def test_places_and_organisations_are_read_again_where_one_was_added(database: Database) -> None:
    cache = StatisticsCache()
    with database.read() as session:
        first = cache.reference(session)
        cache.data(session)
    kept = []
    for number, values in enumerate(({}, {"partners": ("新来的公司",)}, {"foreign_places": ("gn:3",)})):
        with database.write() as session:
            if "foreign_places" in values:
                session.add(Place(key="gn:3", name_zh="首尔", country="KR", level="city"))
                session.flush()
            saved = create_project(session, ProjectDraft(title=f"又一个项目{number}", **values))
        cache.forget(saved.changes)
        with database.read() as session:
            found, whole = cache.reference(session), read_reference(session)
            kept.append(found is first)
            assert (found.places, found.organisations) == (whole.places, whole.organisations)
            same(cache.data(session), read_statistics(session))
    assert kept == [True, False, False]
