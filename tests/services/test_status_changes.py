"""Dated changes of status: an edit keeps when the new status began, so that past years count as they were."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from some_projects import add, item
from sqlalchemy import text

from bri_desktop.db.database import Database
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.history import undo_last
from bri_desktop.services.projects import edit_fields, update_project
from bri_desktop.services.statistics import make_request, statistics, to_json


def today() -> str:
    """Return the day of the test, not that on which the run began."""
    return date.today().isoformat()


def change(database: Database, key: str, **values: Any) -> None:
    stored = item(database, key).stored
    with database.write() as session:
        update_project(session, key, replace(stored.draft, **values), seen_version=stored.version)


def changes(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        rows = session.execute(text("SELECT date, status FROM project_status ORDER BY date, id"))
        return [(row[0], row[1]) for row in rows]


def entered_in(database: Database, year: int) -> None:
    """Make what was entered and changed today look as if it had been in that year."""
    with database.write() as session:
        session.execute(text("UPDATE project SET created_at = :at"), {"at": f"{year}-03-01T08:00:00Z"})
        session.execute(
            text("UPDATE project_status SET date = :at WHERE date = :today"), {"at": f"{year}-03-01", "today": today()}
        )


def draft(**values: Any) -> ProjectDraft:
    return ProjectDraft(title="友城图书馆", domestic_places=("cn:310000",), **values)


def by_status(database: Database, year: int) -> dict[str, int]:
    with database.read() as session:
        result = to_json(statistics(session, make_request(year=year, by="status")))
    return {row["key"]: row["count"] for row in result["rows"] if row["count"]}


def test_the_first_edit_of_a_status_keeps_since_when_the_former_one_held(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="active", started=PartialDate("2010-05")))
    assert changes(ledger) == []
    change(ledger, key, status="suspended")
    assert changes(ledger) == [("2010-05", "active"), (today(), "suspended")]


def test_past_years_count_with_the_status_of_then(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="active", started=PartialDate("2010-05")))
    change(ledger, key, status="suspended")
    entered_in(ledger, 2019)
    assert by_status(ledger, 2018) == {"active": 1}
    assert by_status(ledger, 2019) == {"suspended": 1}


def test_a_project_without_a_start_held_its_status_since_it_was_entered(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="intent"))
    entered_in(ledger, 2015)
    change(ledger, key, status="approval")
    assert changes(ledger) == [("2015-03-01", "intent"), (today(), "approval")]


def test_an_end_holds_from_the_day_it_names(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="active", started=PartialDate("2010")))
    change(ledger, key, status="completed", ended=PartialDate("2017-06"))
    assert changes(ledger) == [("2010", "active"), ("2017-06", "completed")]


def test_a_signing_holds_from_the_day_it_names(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="intent"))
    entered_in(ledger, 2015)
    change(ledger, key, status="signed", signed=PartialDate("2016-11-02"))
    assert changes(ledger) == [("2015-03-01", "intent"), ("2016-11-02", "signed")]


def test_a_signing_before_the_entry_leaves_no_time_for_the_former_status(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="intent"))
    change(ledger, key, status="signed", signed=PartialDate("2008"))
    assert changes(ledger) == [("2008", "signed")]


def test_a_slip_corrected_on_the_same_day_leaves_no_trace_in_the_years(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="active", started=PartialDate("2010")))
    change(ledger, key, status="failed")
    change(ledger, key, status="active")
    assert changes(ledger) == [("2010", "active")]


def test_earlier_dated_changes_are_never_moved(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="active", started=PartialDate("2010")))
    change(ledger, key, status="suspended")
    entered_in(ledger, 2016)
    change(ledger, key, status="terminated", ended=PartialDate("2014"))
    assert changes(ledger) == [("2010", "active"), ("2016-03-01", "terminated")]


def test_an_undo_takes_the_dated_change_back(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="active", started=PartialDate("2010")))
    change(ledger, key, status="suspended")
    entered_in(ledger, 2016)
    change(ledger, key, status="completed")
    assert [status for _, status in changes(ledger)] == ["active", "suspended", "completed"]
    with ledger.write() as session:
        undo_last(session)
    assert changes(ledger) == [("2010", "active"), ("2016-03-01", "suspended")]
    assert item(ledger, key).draft.status == "suspended"


def test_an_undo_on_the_same_day_gives_the_former_change_back(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="active", started=PartialDate("2010")))
    change(ledger, key, status="suspended")
    change(ledger, key, status="completed")
    with ledger.write() as session:
        undo_last(session)
    assert changes(ledger) == [("2010", "active"), (today(), "suspended")]


@pytest.mark.parametrize("status", ["active", None])
def test_a_status_that_was_unknown_or_becomes_unknown_makes_no_former_one(ledger: Database, status: str | None) -> None:
    (key,) = add(ledger, draft(status=None, started=PartialDate("2010")))
    change(ledger, key, status="suspended")
    assert changes(ledger) == [(today(), "suspended")]
    change(ledger, key, status=status)
    assert changes(ledger) == ([(today(), "active")] if status else [])


def test_an_edit_of_many_dates_the_change_of_each(ledger: Database) -> None:
    two = (draft(status="active", started=PartialDate(year)) for year in ("2001", "2002"))
    keys = add(ledger, *(replace(each, title=f"友城图书馆 {n}") for n, each in enumerate(two)))
    with ledger.write() as session:
        edit_fields(session, keys, {"status": "suspended"})
    assert changes(ledger) == [("2001", "active"), ("2002", "active"), (today(), "suspended"), (today(), "suspended")]


def test_an_edit_of_something_else_dates_nothing(ledger: Database) -> None:
    (key,) = add(ledger, draft(status="active", started=PartialDate("2010")))
    change(ledger, key, note="只改备注")
    assert changes(ledger) == []
