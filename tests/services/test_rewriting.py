"""Many projects written at once end as if they were written one after the other: rows, ties, search, history."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from some_projects import add, item
from sqlalchemy import text
from sqlalchemy.orm import Session

from bri_desktop.db.database import Database
from bri_desktop.db.projects import ProjectStore, StoredProject
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.money import parse_money
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.record import differences
from bri_desktop.services.history import Journal, undo_change, undo_last
from bri_desktop.services.projects import delete_projects, find_ids, restore_projects, update_project

COUNT = 6
EVERYTHING = (
    "SELECT id, code, title, mode, status, department_id, lead_id, pair_id, parent_id, signed, started, ended, start, "
    "amount, currency, summary, note, visibility, fingerprint, version, deleted_at FROM project",
    "SELECT project_id, side, place_id, position FROM project_place",
    "SELECT project_id, list, code, position FROM project_code",
    "SELECT project_id, organisation_id, position FROM project_partner",
    "SELECT project_id, tag_id, position FROM project_tag",
    "SELECT project_id, position, what, quantity, amount, currency FROM outcome",
    "SELECT project_id, text FROM project_search",
    "SELECT project_id, status, date FROM project_status",
    "SELECT id, domestic_id, foreign_id, kind, life, deleted_at IS NULL FROM pair",
    "SELECT id, project_id, pair_id, kind, signed, deleted_at IS NULL FROM agreement",
    "SELECT id, name, folded FROM organisation",
    "SELECT id, name FROM tag",
    "SELECT id, key FROM place",
    "SELECT kind, record_id, action, before, after FROM history_entry",
)
WORDS = ("港口", "青年", "图书馆", "nyhz", "布拉格", "工会", "港")

dates = st.sampled_from([None, "2008", "2015-06", "2015-06-07"]).map(
    lambda value: PartialDate(value) if value else None
)
names = st.sampled_from([None, "市外办", "市教育局", "港口集团"])
lists = st.lists(st.sampled_from(["甲", "乙", "丙"]), max_size=2, unique=True).map(tuple)


@st.composite
def drafts(draw: st.DrawFn) -> ProjectDraft:
    """A project as it might be written, often tied to one of few cities."""
    kind = draw(st.sampled_from([None, "sister", "friendly"]))
    domestic = draw(st.lists(st.sampled_from(["cn:310000", "cn:110000"]), max_size=2, unique=True))
    foreign = draw(st.lists(st.sampled_from(["gn:3067696", "co:JP"]), max_size=2, unique=True))
    return ProjectDraft(
        title=draw(st.sampled_from(["港口合作", "青年交流", "能源图书馆"])),
        code=draw(st.sampled_from([None, "A-1", "A-2"])),
        status=draw(st.sampled_from([None, "intent", "signed", "active", "completed"])),
        domain=draw(st.sampled_from([None, "policy"])),
        domains=draw(st.sampled_from([(), ("trade",), ("trade", "finance")])),
        sdg=draw(st.sampled_from([(), ("11",)])),
        pair_kind=kind if len(domestic) == len(foreign) == 1 else None,
        domestic_places=tuple(domestic),
        foreign_places=tuple(foreign),
        department=draw(names),
        lead=draw(names),
        partners=draw(lists),
        tags=draw(lists),
        signed=draw(dates),
        started=draw(dates),
        amount=draw(st.sampled_from([None, parse_money("3万元")])),
        outcomes=draw(st.sampled_from([(), (OutcomeDraft(what="展览"),)])),
        note=draw(st.sampled_from([None, "港务", "工会"])),
        visibility="public",
    )


def state(database: Database) -> list[Any]:
    """Everything that writing projects touches, but for the instants; and what the search finds."""
    with database.read() as session:
        tables = [sorted(map(repr, session.execute(text(query)).tuples())) for query in EVERYTHING]
        return [*tables, *(find_ids(session, search=word) for word in WORDS)]


def insert(database: Database, several: Sequence[ProjectDraft]) -> list[str]:
    with database.write() as session:
        return [f"P{number}" for number in ProjectStore(session).insert(several)]


def read(session: Session) -> list[StoredProject]:
    return list(ProjectStore(session).read(range(1, COUNT + 1)).values())


def one_by_one(session: Session, wanted: Sequence[ProjectDraft], taking_back: bool) -> None:
    store, journal = ProjectStore(session), Journal(session, "edit")
    for stored, draft in zip(read(session), wanted, strict=True):
        draft = store.canonical(draft)
        changed = differences(stored.draft, draft)
        if changed:
            store.update(stored.id, draft, version=stored.version + 1, taking_back=taking_back)
            journal.updated(stored.id, changed)


def at_once(session: Session, wanted: Sequence[ProjectDraft], taking_back: bool) -> None:
    store, journal = ProjectStore(session), Journal(session, "edit")
    edited = []
    for stored, draft in zip(read(session), wanted, strict=True):
        draft = store.canonical(draft)
        if draft != stored.draft:
            edited.append((stored, draft))
    store.update_many(edited, taking_back=taking_back)
    journal.updated_many((stored.id, differences(stored.draft, draft)) for stored, draft in edited)


several = st.lists(drafts(), min_size=COUNT, max_size=COUNT)


@given(first=several, wanted=st.lists(several, min_size=1, max_size=2), taking_back=st.booleans())
@settings(max_examples=12)
def test_at_once_is_as_one_by_one(
    empty_ledger: Path,
    tmp_path_factory: Any,
    first: list[ProjectDraft],
    wanted: list[list[ProjectDraft]],
    taking_back: bool,
) -> None:
    folder = tmp_path_factory.mktemp("rewriting")
    states = []
    for name, write in (("one", one_by_one), ("many", at_once)):
        path = folder / f"{name}.db"
        shutil.copyfile(empty_ledger, path)
        database = Database(path)
        with database.write() as session:
            ProjectStore(session).insert(first)
        for drafts_then in wanted:
            with database.write() as session:
                write(session, drafts_then, taking_back)
        states.append(state(database))
        database.close()
    assert states[0] == states[1]


def test_an_outcome_that_stays_keeps_its_number(ledger: Database) -> None:
    (key,) = add(ledger, ProjectDraft(title="港口", outcomes=(OutcomeDraft(what="展览"),), partners=("甲",)))
    with ledger.write() as session:
        before = session.execute(text("SELECT id FROM outcome")).scalar_one()
        stored = ProjectStore(session).read([1])[1]
        ProjectStore(session).update_many([(stored, ProjectDraft(title="港务", outcomes=stored.draft.outcomes))])
    with ledger.read() as session:
        assert session.execute(text("SELECT id FROM outcome")).scalar_one() == before
        assert session.execute(text("SELECT count(*) FROM project_partner")).scalar_one() == 0
    assert item(ledger, key).draft.title == "港务"


def test_an_object_that_the_session_holds_is_read_again(ledger: Database) -> None:
    from bri_desktop.db.models import Project

    add(ledger, ProjectDraft(title="港口"))
    with ledger.write() as session:
        held = session.get_one(Project, 1)
        stored = ProjectStore(session).read([1])[1]
        ProjectStore(session).update_many([(stored, ProjectDraft(title="港务"))])
        assert (held.title, held.version) == ("港务", 2)


def test_what_many_edits_changed_is_taken_back_but_for_later_edits(ledger: Database) -> None:
    keys = insert(ledger, [ProjectDraft(title=f"项目{n}", status="active", code=f"C-{n}") for n in range(1_200)])
    with ledger.write() as session:
        store, journal = ProjectStore(session), Journal(session, "edit")
        stored = list(store.read(range(1, 1_201)).values())
        # Each gets the code of the one before: it can go back only when the one after it has.
        edited = [
            (one, ProjectDraft(title=one.draft.title, code=f"C-{one.id - 2}", status="completed", visibility="public"))
            for one in stored
        ]
        store.update_many(edited)
        journal.updated_many((one.id, differences(one.draft, draft)) for one, draft in edited)
    later = item(ledger, keys[7]).stored
    with ledger.write() as session:
        draft = ProjectDraft(title=later.draft.title, code=later.draft.code, status="suspended", visibility="public")
        update_project(session, keys[7], draft, seen_version=later.version)
        change = session.execute(text("SELECT min(id) FROM change WHERE action = 'edit'")).scalar_one()
        session.execute(text("UPDATE change SET undone_by_id = id WHERE id > :own"), {"own": change})
    with ledger.write() as session:
        undone = undo_last(session)
    assert undone.restored == 1_200
    assert [(kept.key, kept.field) for kept in undone.kept] == [(keys[7], "status")]
    with ledger.read() as session:
        rows = session.execute(text("SELECT code, status FROM project ORDER BY id")).tuples().all()
        dated = session.execute(text("SELECT count(*) FROM project_status WHERE status = 'completed'")).scalar_one()
    assert [code for code, _ in rows] == [f"C-{n}" for n in range(1_200)]
    assert {status for _, status in rows} == {"active", "suspended"}
    assert dated == 0


def test_many_go_into_the_bin_and_come_back_with_their_ties(ledger: Database) -> None:
    sisters = ProjectDraft(
        title="友城",
        signed=PartialDate("2015"),
        pair_kind="sister",
        domestic_places=("cn:310000",),
        foreign_places=("gn:3067696",),
    )
    drafts_of = [ProjectDraft(title=f"项目{n}", code=f"C-{n}") for n in range(600)]
    keys = insert(ledger, [*drafts_of, sisters])
    with ledger.write() as session:
        delete_projects(session, [*keys, keys[0], "C-1"])
    with ledger.read() as session:
        assert find_ids(session) == []
        for table in ("pair", "agreement"):
            query = text(f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL")
            assert session.execute(query).scalar_one() == 0
    (other,) = add(ledger, ProjectDraft(title="另一个", code="C-5"))
    with pytest.raises(InputError, match="code_taken"), ledger.write() as session:
        restore_projects(session, keys)
    with ledger.write() as session:
        delete_projects(session, [other])
    with pytest.raises(InputError, match="code_taken"), ledger.write() as session:
        restore_projects(session, [*keys, other])
    with ledger.write() as session:
        restore_projects(session, [other])
        binned = session.execute(text("SELECT min(id) FROM change WHERE action = 'delete'")).scalar_one()
        undone = undo_change(session, binned)
    assert (undone.restored, [(kept.key, kept.field) for kept in undone.kept]) == (600, [(keys[5], "code")])
    with ledger.read() as session:
        assert len(find_ids(session)) == 601
        assert session.execute(text("SELECT deleted_at FROM pair")).scalar_one() is None
