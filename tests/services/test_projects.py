"""Logging, changing, deleting and taking back projects: what is stored is what was said, and nothing is lost."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from some_projects import add, column, drafts, item, project

from bri_desktop.db.database import Database
from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import InputError, StaleRecordError
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.record import FIELD_CODES
from bri_desktop.services.history import history_of, last_undoable, undo_change, undo_last
from bri_desktop.services.projects import (
    InvalidProjectError,
    Saved,
    amount_totals,
    binned_ids,
    count_projects,
    create_project,
    delete_projects,
    edit_fields,
    find_ids,
    read_items,
    restore_projects,
    similar_projects,
    update_project,
)

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=50)
SISTERS: dict[str, Any] = {"domestic_places": ("cn:310000",), "foreign_places": ("co:JP",), "pair_kind": "sister"}


def change(database: Database, key: str, **values: Any) -> Saved:
    """Change fields of a project as a form that read it a moment ago."""
    stored = item(database, key).stored
    with database.write() as session:
        return update_project(session, key, replace(stored.draft, **values), seen_version=stored.version)


def problems(database: Database, draft: ProjectDraft, key: str | None = None) -> dict[str, str]:
    """Return field -> code of what keeps a draft from being stored."""
    with pytest.raises(InvalidProjectError) as invalid, database.write() as session:
        if key is None:
            create_project(session, draft)
        else:
            update_project(session, key, draft, seen_version=item(database, key).stored.version)
    return {problem.field: problem.code for problem in invalid.value.problems}


def undo(database: Database) -> Any:
    with database.write() as session:
        return undo_last(session)


# -- what goes in comes out --------------------------------------------------------------------------------------------


@SHARED
@given(drafts())
def test_a_stored_project_reads_as_it_was_written(ledger: Database, draft: ProjectDraft) -> None:
    (key,) = add(ledger, draft)
    stored = item(ledger, key).draft
    assert stored.code
    different = {
        name: (getattr(draft, name), getattr(stored, name))
        for name in FIELD_CODES
        if name not in ("code", "department", "lead", "partners") and getattr(draft, name) != getattr(stored, name)
    }
    assert different == {}


@SHARED
@given(st.lists(drafts(), min_size=2, max_size=2))
def test_undo_brings_every_field_back(ledger: Database, pair: list[ProjectDraft]) -> None:
    first, second = pair
    (key,) = add(ledger, first)
    before = item(ledger, key).draft
    with ledger.write() as session:
        saved = update_project(session, key, replace(second, code=before.code), seen_version=1)
    if saved.version == 1:
        return
    undone = undo(ledger)
    assert (undone.restored, undone.kept) == (1, ())
    assert item(ledger, key).draft == before


def test_an_organisation_is_one_however_its_name_is_spaced(ledger: Database) -> None:
    first, second = add(
        ledger, project(department="市 外办"), project("另一项", department="市外办", lead="ＡＢＣ公司")
    )
    assert item(ledger, first).draft.department == item(ledger, second).draft.department == "市 外办"
    saved = change(ledger, second, department="市外办")
    assert saved.version == 1, "the same department in another spelling is no change"


def test_amounts_that_are_equal_are_no_change_and_no_later_edit(ledger: Database) -> None:
    (key,) = add(ledger, project(amount="1.50 USD"))
    assert change(ledger, key, amount=Money(Decimal("1.5"), "USD")).version == 1
    change(ledger, key, amount=Money(Decimal("2.500"), "USD"))
    assert undo(ledger).kept == ()
    assert item(ledger, key).draft.amount == Money(Decimal("1.5"), "USD")


def test_the_order_of_every_list_is_kept(ledger: Database) -> None:
    values: dict[str, Any] = {
        "tags": ("乙", "甲"),
        "partners": ("乙方", "甲方"),
        "sdg": ("9", "2"),
        "domestic_places": ("cn:440600", "cn:110000"),
    }
    add(ledger, project("先来的", tags=("甲",), partners=("甲方",)))
    (key,) = add(ledger, project(**values))
    assert {name: getattr(item(ledger, key).draft, name) for name in values} == values


# -- rules -------------------------------------------------------------------------------------------------------------


def test_a_refused_draft_leaves_nothing(ledger: Database) -> None:
    assert problems(ledger, project("  ", signed="2017", ended="2016")) == {
        "title": "required",
        "ended": "before_start",
    }
    with ledger.read() as session:
        assert count_projects(session) == 0
        assert column(session, "SELECT count(*) FROM change") == [0]


def test_codes_run_by_the_year_of_the_start(ledger: Database) -> None:
    keys = add(
        ledger,
        project(signed="2017-05"),
        project(started="2017"),
        project(signed="2016", started="2017"),
        project(),
        project(code="2017-041", title="x"),
        project(signed="2017"),
        project(code="2017-abc"),
        project(signed="2017-06"),
    )
    assert [item(ledger, key).draft.code for key in keys] == [
        "2017-001",
        "2017-002",
        "2016-001",
        "N-001",
        "2017-041",
        "2017-042",
        "2017-abc",
        "2017-043",
    ]


def test_the_code_of_a_deleted_project_is_not_given_out_again(ledger: Database) -> None:
    (first,) = add(ledger, project(signed="2017"))
    with ledger.write() as session:
        delete_projects(session, [first])
    (second,) = add(ledger, project(signed="2017"))
    assert item(ledger, second).draft.code == "2017-002"


def test_two_projects_never_have_one_code(ledger: Database) -> None:
    first, second = add(ledger, project(code="A1"), project(code="A2"))
    assert problems(ledger, project(code="A1")) == {"code": "code_taken"}
    assert problems(ledger, project(code="A1"), second) == {"code": "code_taken"}
    assert change(ledger, first, note="own code stays").version == 2


def test_restoring_never_makes_a_code_double(ledger: Database) -> None:
    (first,) = add(ledger, project(code="A1"))
    with ledger.write() as session:
        delete_projects(session, [first])
    (second,) = add(ledger, project("后来的", code="A1"))
    with pytest.raises(InputError) as refused, ledger.write() as session:
        restore_projects(session, [first])
    assert (refused.value.code, refused.value.values) == ("code_taken", {"key": second})
    assert item(ledger, first).stored.deleted


def test_undo_never_makes_a_code_double(ledger: Database) -> None:
    (first,) = add(ledger, project(code="A1"))
    with ledger.write() as session:
        delete_projects(session, [first])
        act = last_undoable(session)
    add(ledger, project("后来的", code="A1"))
    assert act is not None
    with ledger.write() as session:
        undone = undo_change(session, act[0])
    assert (undone.restored, [kept.key for kept in undone.kept]) == (0, [first])
    change(ledger, add(ledger, project("第三项", code="B1"))[0], code="B2")
    with ledger.read() as session:
        act = last_undoable(session)
    add(ledger, project("第四项", code="B1"))
    assert act is not None
    with ledger.write() as session:
        undone = undo_change(session, act[0])
    assert [kept.field for kept in undone.kept] == ["code"]
    with ledger.read() as session:
        assert column(session, "SELECT code FROM project WHERE deleted_at IS NULL ORDER BY id") == ["A1", "B2", "B1"]


def test_an_umbrella_never_lies_under_itself(ledger: Database) -> None:
    top, middle, leaf = add(ledger, project("伞"), project("中"), project("叶"))
    change(ledger, middle, parent=top)
    change(ledger, leaf, parent=middle)
    assert problems(ledger, project(parent=leaf), top) == {"parent": "parent_circle"}
    assert problems(ledger, project(parent=top), top) == {"parent": "parent_circle"}
    assert problems(ledger, project(parent="P99")) == {"parent": "record_unknown"}
    for odd in ("X1", "P", "P-1", "P1.5", "P99999999999999999999999", "P٣"):
        assert problems(ledger, project(parent=odd)) == {"parent": "record_unknown"}


def test_a_parent_written_small_is_the_same_parent(ledger: Database) -> None:
    top, leaf = add(ledger, project("伞"), project("叶"))
    change(ledger, leaf, parent=top)
    assert change(ledger, leaf, parent=top.lower()).version == 2


# -- versions and history ----------------------------------------------------------------------------------------------


def test_a_stale_form_overwrites_nothing(ledger: Database) -> None:
    (key,) = add(ledger, project())
    form = item(ledger, key).stored
    change(ledger, key, note="von jemand anderem")
    with pytest.raises(StaleRecordError) as stale, ledger.write() as session:
        update_project(session, key, replace(form.draft, note="stale"), seen_version=form.version)
    assert (stale.value.code, stale.value.values["seen"], stale.value.values["now"]) == ("record_stale", 1, 2)
    assert item(ledger, key).draft.note == "von jemand anderem"


def test_a_change_of_nothing_is_no_change(ledger: Database) -> None:
    (key,) = add(ledger, project(signed="2017", **SISTERS))
    assert change(ledger, key).version == 1
    with ledger.read() as session:
        assert len(history_of(session, key)) == 1


def test_history_tells_each_field_before_and_after(ledger: Database) -> None:
    (key,) = add(ledger, project(signed="2017"))
    change(ledger, key, signed=PartialDate("2017-05"), amount=Money(Decimal("18000000.00")), tags=("a",))
    with ledger.read() as session:
        newest, oldest = history_of(session, key)
    assert oldest["action"] == "create"
    assert newest["before"] == {"signed": "2017", "amount": None, "tags": []}
    assert newest["after"] == {"signed": "2017-05", "amount": {"amount": "18000000", "currency": "CNY"}, "tags": ["a"]}


def test_undo_takes_back_act_by_act(ledger: Database) -> None:
    (key,) = add(ledger, project())
    change(ledger, key, note="eins")
    change(ledger, key, note="zwei")
    with ledger.write() as session:
        delete_projects(session, [key])
    seen = []
    for _ in range(4):
        undo(ledger)
        stored = item(ledger, key).stored
        seen.append((stored.deleted, stored.draft.note))
    assert seen == [(False, "zwei"), (False, "eins"), (False, None), (True, None)]
    with pytest.raises(InputError) as nothing:
        undo(ledger)
    assert nothing.value.code == "nothing_to_undo"


def test_undo_keeps_what_was_edited_since(ledger: Database) -> None:
    (key,) = add(ledger, project())
    change(ledger, key, note="eins", source="Quelle")
    with ledger.read() as session:
        act = last_undoable(session)
    change(ledger, key, note="später")
    assert act is not None
    with ledger.write() as session:
        undone = undo_change(session, act[0])
    assert [(kept.key, kept.field) for kept in undone.kept] == [(key, "note")]
    assert (item(ledger, key).draft.note, item(ledger, key).draft.source) == ("später", None)


def test_several_at_once_are_one_act(ledger: Database) -> None:
    keys = add(ledger, project("甲"), project("乙"), project("丙", status="active"))
    with ledger.write() as session:
        edit_fields(session, keys, {"status": "active"})
    assert [item(ledger, key).stored.version for key in keys] == [2, 2, 1]
    assert undo(ledger).restored == 2
    assert [item(ledger, key).draft.status for key in keys] == [None, None, "active"]


def test_one_wrong_of_several_changes_none(ledger: Database) -> None:
    keys = add(ledger, project("甲"), project("乙", signed="2018"))
    with pytest.raises(InvalidProjectError), ledger.write() as session:
        edit_fields(session, keys, {"ended": "2017"})
    assert [item(ledger, key).stored.version for key in keys] == [1, 1]


def test_the_bin_gives_back_what_it_took(ledger: Database) -> None:
    keys = add(ledger, project("甲", signed="2017", **SISTERS), project("乙"))
    before = item(ledger, keys[0]).draft
    with ledger.write() as session:
        delete_projects(session, [keys[0], keys[0]])
    with ledger.read() as session:
        assert (count_projects(session), len(binned_ids(session))) == (1, 1)
        assert find_ids(session) == [2]
        assert column(session, "SELECT count(*) FROM pair WHERE deleted_at IS NULL") == [0]
    with ledger.write() as session:
        restore_projects(session, keys)
    with ledger.read() as session:
        assert (count_projects(session), binned_ids(session)) == (2, [])
        assert column(session, "SELECT count(*) FROM pair WHERE deleted_at IS NULL") == [1]
        assert column(session, "SELECT count(*) FROM agreement WHERE deleted_at IS NULL") == [1]
    assert item(ledger, keys[0]).draft == before


def test_an_unknown_record_is_said(ledger: Database) -> None:
    for key in ("P1", "P0", "P-1", "", "P99999999999999999999999", "2017-001", "\x00"):
        with pytest.raises(InputError) as unknown:
            item(ledger, key)
        assert (unknown.value.code, unknown.value.where.key) == ("record_unknown", key)
        with pytest.raises(InputError), ledger.read() as session:
            history_of(session, key)


# -- pairs, agreements, start ------------------------------------------------------------------------------------------


def pairs(database: Database) -> list[tuple[Any, ...]]:
    """Return (kind, number of living projects) of the living pairs."""
    with database.read() as session:
        return [
            tuple(row)
            for row in session.connection().exec_driver_sql(
                "SELECT kind, (SELECT count(*) FROM project p WHERE p.pair_id = pair.id AND p.deleted_at IS NULL)"
                " FROM pair WHERE deleted_at IS NULL ORDER BY id"
            )
        ]


def agreements(database: Database) -> list[tuple[Any, ...]]:
    with database.read() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT a.kind, a.signed, p.kind FROM agreement a LEFT JOIN pair p ON p.id = a.pair_id"
            " WHERE a.deleted_at IS NULL ORDER BY a.id"
        )
        return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("kind", "agreement"),
    [
        ("sister", "sister_agreement"),
        ("friendly", "memorandum"),
        ("intent", "intent_letter"),
        ("grassroots", "memorandum"),
    ],
)
def test_a_signed_tie_is_a_pair_with_its_agreement(ledger: Database, kind: str, agreement: str) -> None:
    add(ledger, project(signed="1974-04-18", **SISTERS | {"pair_kind": kind}))
    assert pairs(ledger) == [(kind, 1)]
    assert agreements(ledger) == [(agreement, "1974-04-18", kind)]


def test_a_pair_is_one_however_many_projects_it_has(ledger: Database) -> None:
    add(ledger, project("甲", signed="1974", **SISTERS), project("乙", **SISTERS))
    assert pairs(ledger) == [("sister", 2)]
    assert agreements(ledger) == [("sister_agreement", "1974", "sister")]


def test_a_tie_that_changes_leaves_no_second_pair(ledger: Database) -> None:
    """Official sister-city figures count pairs: a left one would be counted for ever."""
    (key,) = add(ledger, project(signed="1974", **SISTERS))
    change(ledger, key, pair_kind="friendly")
    assert pairs(ledger) == [("friendly", 1)]
    assert [(signed, kind) for _, signed, kind in agreements(ledger)] == [("1974", "friendly")]
    change(ledger, key, foreign_places=("co:KR",))
    assert pairs(ledger) == [("friendly", 1)]
    assert [(signed, kind) for _, signed, kind in agreements(ledger)] == [("1974", "friendly")]
    change(ledger, key, pair_kind=None)
    assert pairs(ledger) == []
    for _ in range(3):
        undo(ledger)
    assert pairs(ledger) == [("sister", 1)]
    assert agreements(ledger) == [("sister_agreement", "1974", "sister")]


def test_a_pair_with_another_project_stays(ledger: Database) -> None:
    first, _ = add(ledger, project("甲", signed="1974", **SISTERS), project("乙", **SISTERS))
    change(ledger, first, pair_kind=None)
    assert pairs(ledger) == [("sister", 1)]


def start(database: Database, key: str) -> str | None:
    with database.read() as session:
        return column(session, f"SELECT start FROM project WHERE id = {key[1:]}")[0]


def test_the_start_is_the_earliest_signing_else_the_start(ledger: Database) -> None:
    plain, tie = add(ledger, project(started="2018-03"), project(signed="1974-04", started="1980", **SISTERS))
    assert (start(ledger, plain), start(ledger, tie)) == ("2018-03", "1974-04")
    change(ledger, plain, signed=PartialDate("2017"))
    change(ledger, tie, signed=PartialDate("1975"))
    assert (start(ledger, plain), start(ledger, tie)) == ("2017", "1975")
    with ledger.write() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO agreement (project_id, signed, version) VALUES (2, '1970', 1)"
        )
    change(ledger, tie, note="anything")
    assert start(ledger, tie) == "1970"


def test_a_planned_date_starts_nothing(ledger: Database) -> None:
    (key,) = add(ledger, project(planned_start="2030", planned_end="2031"))
    assert start(ledger, key) is None


def test_a_tie_whose_signing_was_a_mistake_has_none(ledger: Database) -> None:
    (key,) = add(ledger, project(signed="1974", started="1980", **SISTERS))
    change(ledger, key, signed=None)
    assert (start(ledger, key), agreements(ledger)) == ("1980", [])
    undo(ledger)
    assert (start(ledger, key), agreements(ledger)) == ("1974", [("sister_agreement", "1974", "sister")])


# -- reading -----------------------------------------------------------------------------------------------------------


def test_items_come_in_the_order_asked_for(ledger: Database) -> None:
    add(ledger, *(project(f"第{n}项") for n in range(1, 6)))
    with ledger.read() as session:
        assert [found.id for found in read_items(session, [4, 2, 99, 5])] == [4, 2, 5]


def test_amounts_add_up_exactly_by_currency(ledger: Database) -> None:
    add(ledger, project(amount="0.1"), project(amount="0.2"), project(amount="900000000000000 USD"), project())
    with ledger.read() as session:
        assert amount_totals(session, [1, 2, 3, 4]) == {"CNY": Decimal("0.3"), "USD": Decimal(900000000000000)}


def test_a_project_like_the_one_being_typed_is_offered(ledger: Database) -> None:
    (key,) = add(ledger, project("中白 工业园", **SISTERS))
    with ledger.read() as session:
        assert [found.key for found in similar_projects(session, project("中白工业园", **SISTERS))] == [key]
        assert similar_projects(session, project("中白工业园", **SISTERS), own_key=key) == []
        assert similar_projects(session, project("中白工业园")) == []


def test_an_item_is_what_scripts_rely_on(ledger: Database) -> None:
    outcome = OutcomeDraft(what="培训", quantity=Decimal(30000), unit="人次")
    (key,) = add(ledger, project("友好城市", signed="1974-04", amount="18000000", outcomes=(outcome,), **SISTERS))
    found = item(ledger, key).to_json()
    assert {name: found[name] for name in ("key", "signed", "ended", "amount", "status", "domains", "version")} == {
        "key": key,
        "signed": {"value": "1974-04", "precision": "month"},
        "ended": None,
        "amount": {"amount": "18000000", "currency": "CNY"},
        "status": None,
        "domains": [],
        "version": 1,
    }
    assert found["domestic_places"] == [
        {"key": "cn:310000", "name": "上海市", "level": "province", "province": "310000"}
    ]
    assert found["foreign_places"] == [{"key": "co:JP", "name": "日本", "level": "country", "country": "JP"}]
    assert found["outcomes"] == [
        {
            "class": None,
            "what": "培训",
            "quantity": "30000",
            "unit": "人次",
            "amount": None,
            "date": None,
            "evidence": None,
        }
    ]


def test_many_are_written_as_one(ledger: Database) -> None:
    with ledger.write() as session:
        ids = ProjectStore(session).insert([project(f"第{n}项", **SISTERS) for n in range(700)])
    assert len(set(ids)) == 700
    assert pairs(ledger) == [("sister", 700)]
    with ledger.read() as session:
        assert [found.draft.title for found in read_items(session, ids)] == [f"第{n}项" for n in range(700)]
