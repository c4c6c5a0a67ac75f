"""Approvals and follow-ups on the first page: what waits, how long, and what is no more."""

import datetime

from bri_desktop.db.database import Database
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.approvals import act, open_case
from bri_desktop.services.due import due_items
from bri_desktop.services.hanging import add_record, edit_record
from bri_desktop.services.office import Reminders, save_reminders
from bri_desktop.services.projects import create_project, delete_projects
from tests.services.some_projects import add, project
from tests.services.test_hanging import SISTER

TODAY = datetime.date(2024, 3, 15)


def due(ledger: Database, kind: str) -> list[tuple[str, str, int, str | None, int | None, str]]:
    with ledger.read() as session:
        items = [item for item in due_items(session, TODAY) if item.kind == kind]
    return [(item.title, item.context, item.number, item.due, item.days, item.key or item.owner) for item in items]


def test_an_open_approval_waits_until_it_is_decided(ledger: Database) -> None:
    add(ledger, project("友城", **SISTER))
    with ledger.write() as session:
        open_case(session, "T1", opened="2024-03-01")
        act(session, 1, "submit", date="2024-03-04")
    # From Monday 4 March to Friday 15 March nine working days pass.
    assert due(ledger, "approval") == [("上海市—新加坡", "意向书\tsubmitted", 9, None, None, "S1")]
    with ledger.write() as session:
        act(session, 1, "refuse", date="2024-03-05", reason="不宜")
    assert due(ledger, "approval") == []


def test_a_follow_up_is_due_within_two_weeks_until_it_is_done(ledger: Database) -> None:
    add(ledger, project("甲"), project("乙"))
    with ledger.write() as session:
        for key, what, day in (
            ("P1", "复函", "2024-03-10"),
            ("P2", "寄送材料", "2024-03-29"),
            ("P1", "以后再说", "2024-03-30"),
            ("P1", "无期限", None),
        ):
            add_record(session, "follow_up", key, {"what": what, "due": day})
    assert due(ledger, "follow_up") == [
        ("复函", "甲", 0, "2024-03-10", -5, "P1"),
        ("寄送材料", "乙", 0, "2024-03-29", 14, "P2"),
    ]
    with ledger.write() as session:
        edit_record(session, "follow_up", 1, {"done": "2024-03-15"}, seen_version=1)
        delete_projects(session, ["P2"])
    assert due(ledger, "follow_up") == []


def test_a_kind_of_no_days_is_left_out(ledger: Database) -> None:
    with ledger.write() as session:
        create_project(session, ProjectDraft(title="甲"))
        add_record(session, "follow_up", "P1", {"what": "复函", "due": "2024-03-10"})
        save_reminders(session, Reminders(follow_up_days=0))
    assert due(ledger, "follow_up") == []
