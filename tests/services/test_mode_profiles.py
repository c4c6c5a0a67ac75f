"""Profiles of parks and mechanisms: stored, taken back, kept by a merge; figures and reminders worked out by hand."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from some_projects import project
from sqlalchemy import select

from bri_desktop.db.database import Database
from bri_desktop.db.models import Activity
from bri_desktop.db.record_models import ParkProfile
from bri_desktop.domain.errors import InputError, StaleRecordError
from bri_desktop.domain.mode_profile import MECHANISM, MECHANISM_PROFILE, PARK, PARK_PROFILE, empty
from bri_desktop.domain.money import Money
from bri_desktop.services.due import due_items
from bri_desktop.services.duplicates import MergeWish, merge_records
from bri_desktop.services.history import history_of, undo_last
from bri_desktop.services.mode_figures import months_between, months_later, park_figures, rhythm
from bri_desktop.services.mode_pages import read_mode, read_modes
from bri_desktop.services.mode_profiles import InvalidProfileError, read_profile, save_profile
from bri_desktop.services.projects import create_project, update_project

TODAY = datetime.date(2026, 11, 23)
RAYONG = {
    "operator": "泰中罗勇工业园开发公司",
    "area": "12",
    "built_area": "8",
    "tenants": 180,
    "jobs": 45000,
    "investment": {"amount": "4300000000", "currency": "USD"},
    "phase": "三期",
    "industries": "汽配、机械",
    "as_of": "2025-12",
}


class Office:
    """A ledger with parks and mechanisms."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, title: str, mode: str = PARK, **values: Any) -> int:
        with self.database.write() as session:
            return create_project(session, project(title, mode=mode, **({"status": "active"} | values))).id

    def save(self, number: int, values: dict[str, Any], seen: dict[str, Any] | None = None) -> Any:
        with self.database.write() as session:
            return save_profile(session, number, values, seen or self.profile(number), today=TODAY)

    def profile(self, number: int) -> dict[str, Any]:
        with self.database.read() as session:
            kind = PARK_PROFILE if read_mode(session, number, TODAY).row.mode == PARK else MECHANISM_PROFILE
            return read_profile(session, kind, number)

    def undo(self) -> Any:
        with self.database.write() as session:
            return undo_last(session)


@pytest.fixture
def office(ledger: Database) -> Office:
    return Office(ledger)


def test_a_profile_is_stored_whole_and_taken_back(office: Office) -> None:
    park = office.add("罗勇工业园")
    changes = office.save(park, RAYONG)
    assert (set(changes.kinds), set(changes.keys)) == ({"profile", "history", "organisation"}, {f"P{park}"})
    assert office.profile(park) == RAYONG
    office.save(park, {**RAYONG, "tenants": 200, "phase": " "})
    assert office.profile(park) == {**RAYONG, "tenants": 200, "phase": None}
    with office.database.read() as session:
        entry = history_of(session, f"P{park}")[0]
    assert (entry["kind"], entry["before"], entry["after"]) == (
        "park_profile",
        {"tenants": 180, "phase": "三期"},
        {"tenants": 200, "phase": None},
    )
    office.undo()
    assert office.profile(park) == RAYONG
    office.undo()
    assert office.profile(park) == empty(PARK_PROFILE)
    with office.database.read() as session:
        assert not session.scalars(select(ParkProfile)).all()  # a profile of nothing is no row


def test_nothing_changed_is_nothing_written(office: Office) -> None:
    park = office.add("罗勇工业园")
    office.save(park, RAYONG)
    assert not office.save(park, RAYONG).kinds


def test_what_was_edited_since_stays(office: Office) -> None:
    park = office.add("罗勇工业园")
    office.save(park, RAYONG)
    with office.database.read() as session:
        first = history_of(session, f"P{park}")[0]["change"]
    office.save(park, {**RAYONG, "jobs": 50000})
    with office.database.write() as session:
        from bri_desktop.services.history import undo_change

        undone = undo_change(session, first)
    assert [(kept.key, kept.field) for kept in undone.kept] == [(f"P{park}", "jobs")]
    assert office.profile(park) == {**empty(PARK_PROFILE), "jobs": 50000}


def test_a_field_changed_by_somebody_else_is_not_overwritten(office: Office) -> None:
    park = office.add("罗勇工业园")
    seen = office.profile(park)
    office.save(park, {"tenants": 5}, seen)
    with pytest.raises(StaleRecordError):
        office.save(park, {"tenants": 6}, seen)
    office.save(park, {"jobs": 7, "tenants": None}, seen)  # another field: both are kept
    assert (office.profile(park)["tenants"], office.profile(park)["jobs"]) == (5, 7)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"area": "12", "built_area": "13"}, "built_above_area"),
        ({"area": "0"}, "area_unusable"),
        ({"area": "12000000"}, "area_unusable"),
        ({"as_of": "2027-01"}, "as_of_in_future"),
        ({"phase": "期" * 501}, "text_too_long"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused(office: Office, values: dict[str, Any], code: str) -> None:
    park = office.add("罗勇工业园")
    with pytest.raises(InvalidProfileError, match=code) as refused:
        office.save(park, values)
    assert refused.value.problems[0].field in values
    assert office.profile(park) == empty(PARK_PROFILE)


def test_only_parks_and_mechanisms_have_one(office: Office) -> None:
    tie = office.add("结好", mode="sister_city")
    with office.database.write() as session, pytest.raises(InputError, match="profile_of_no_mode"):
        save_profile(session, tie, RAYONG, {}, today=TODAY)
    with office.database.read() as session, pytest.raises(InputError, match="record_unknown"):
        read_mode(session, tie, TODAY)


def test_figures_of_a_park_by_hand(office: Office) -> None:
    park = office.add("罗勇工业园")
    office.save(park, RAYONG)
    with office.database.read() as session:
        figures = read_mode(session, park, TODAY).park
        listed = read_modes(session)[0].profile
    assert figures is not None and listed == RAYONG
    assert figures.built == pytest.approx(8 / 12)
    assert figures.investment == Money(Decimal(537500000), "USD")  # 43 亿 over 8 km²
    assert (figures.tenants, figures.jobs, figures.of_built) == (22.5, 5625.0, True)


def test_figures_are_absent_where_something_is_missing() -> None:
    nothing = park_figures(empty(PARK_PROFILE))
    assert (nothing.built, nothing.investment, nothing.tenants, nothing.jobs) == (None, None, None, None)
    whole = park_figures({**empty(PARK_PROFILE), "area": "4", "tenants": 0})
    assert (whole.tenants, whole.built, whole.of_built) == (0.0, None, False)


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [("2015-09", "2016-09-30", 12), ("2015-11-30", "2016-02-01", 3), ("2015", "2017-01", 24), ("2015-09", "2015", 0)],
)
def test_months_between_editions(earlier: str, later: str, expected: int) -> None:
    assert months_between(earlier, later) == expected


@pytest.mark.parametrize(
    ("date", "months", "expected"),
    [("2015-09", 12, "2016-09"), ("2015-11-30", 3, "2016-02"), ("2015", 18, "2017"), ("2015-12", 1, "2016-01")],
)
def test_months_later(date: str, months: int, expected: str) -> None:
    assert months_later(date, months) == expected


def test_rhythm_by_hand() -> None:
    profile = {**empty(MECHANISM_PROFILE), "interval_months": 24, "latest_edition": 4}
    found = rhythm(profile, ["2014-05", "2016-05", "2019-04", "2021-03"])
    assert (found.on_time, found.intervals) == (2, 3)  # 24, 35, 23 months
    assert (found.next_date, found.is_computed, found.number) == ("2023-03", True, 5)
    entered = rhythm({**profile, "next_edition": "2023-06-01"}, ["2021-03"])
    assert (entered.next_date, entered.is_computed) == ("2023-06-01", False)
    held = rhythm({**profile, "next_edition": "2021-03"}, ["2021-03"])  # it was held: the next one follows
    assert (held.next_date, held.is_computed) == ("2023-03", True)
    nothing = rhythm(empty(MECHANISM_PROFILE), ["2014", "2016"])
    assert (nothing.on_time, nothing.intervals, nothing.next_date, nothing.number) == (0, 0, None, None)


def test_the_next_edition_is_due(office: Office) -> None:
    forum = office.add("经贸论坛", mode=MECHANISM, started="2018")
    office.add("第三届", mode=MECHANISM, started="2024-12-05", parent=f"P{forum}")
    other = office.add("另一论坛", mode=MECHANISM)
    over = office.add("停办的论坛", mode=MECHANISM, status="terminated")
    far = office.add("以后的论坛", mode=MECHANISM)
    office.save(forum, {"secretariat": "贸促会", "interval_months": 24, "latest_edition": 3})
    office.save(other, {"next_edition": "2026-10-01"})
    office.save(over, {"next_edition": "2026-12"})
    office.save(far, {"next_edition": "2027-12"})
    with office.database.read() as session:
        due = [item for item in due_items(session, TODAY) if item.kind == "edition"]
    assert [(item.title, item.context, item.number, item.due, item.days) for item in due] == [
        ("另一论坛", "", 0, "2026-10-01", -53),
        ("经贸论坛", "贸促会", 4, "2026-12", 38),
    ]
    assert due[1].project_ids == (forum,)


def test_an_edition_that_was_held_is_due_no_more(office: Office) -> None:
    forum = office.add("经贸论坛", mode=MECHANISM)
    office.save(forum, {"next_edition": "2026-11-20"})
    with office.database.write() as session:
        session.add(Activity(project_id=forum, title="第一届", date="2026-11-20"))
    with office.database.read() as session:
        assert not [item for item in due_items(session, TODAY) if item.kind == "edition"]


def test_a_merge_keeps_the_profile_and_undo_brings_it_back(office: Office) -> None:
    kept, gone = office.add("罗勇园", code="1"), office.add("罗勇工业园", code="2")
    office.save(gone, RAYONG)
    office.save(kept, {"tenants": 1})
    with office.database.write() as session:
        merge_records(session, [MergeWish(f"P{kept}", f"P{gone}", {})])
    assert office.profile(kept) == {**RAYONG, "tenants": 1}
    office.undo()
    assert office.profile(kept) == {**empty(PARK_PROFILE), "tenants": 1}
    assert office.profile(gone) == RAYONG


def test_another_mode_hides_the_profile_and_the_same_shows_it_again(office: Office) -> None:
    park = office.add("罗勇工业园")
    office.save(park, RAYONG)
    for mode in (MECHANISM, PARK):
        with office.database.write() as session:
            version = 1 if mode == MECHANISM else 2
            update_project(session, f"P{park}", project("罗勇工业园", mode=mode, status="active"), seen_version=version)
        shown = office.profile(park)
        assert shown == (RAYONG if mode == PARK else empty(MECHANISM_PROFILE))
