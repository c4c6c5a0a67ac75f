"""The office's own codes: added beside the built-in ones, used everywhere, taken back, never lost by an upgrade."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from some_projects import add, column, item, project
from sqlalchemy import func, select

from bri_desktop.__main__ import main
from bri_desktop.analysis.model import StatsRequest
from bri_desktop.db.database import Database
from bri_desktop.db.models import Activity, Agreement, Code, Organisation, SavedView
from bri_desktop.db.reference import renew_codes
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.services.code_lists import LISTS, add_code, delete_code, move_code, read_lists, rename_code
from bri_desktop.services.history import history_of, undo_last
from bri_desktop.services.ledger_out import export_projects
from bri_desktop.services.projects import delete_projects, find_ids
from bri_desktop.services.reference import read_codebook
from bri_desktop.services.statistics import statistics

TODAY = datetime.date(2026, 11, 23)


def new(database: Database, name: str, zh: str, en: str = "", parent: str | None = None) -> str:
    with database.write() as session:
        return add_code(session, name, zh, en, parent).code


def book(database: Database) -> CodeBook:
    with database.read() as session:
        return read_codebook(session)


def listed(database: Database, name: str) -> list[str]:
    return [label.code for label in book(database).codes(name)]


def refusal(database: Database, work: Any, *arguments: Any) -> str:
    with pytest.raises(InputError) as refused, database.write() as session:
        work(session, *arguments)
    return refused.value.code


def rows_of(database: Database, by: str, **values: Any) -> dict[str, float]:
    with database.read() as session:
        result = statistics(session, StatsRequest(today=TODAY, by=(by,), **values))
    return {row.key or "": row.count for row in result.rows if row.count}


# -- writing -----------------------------------------------------------------------------------------------------------


def test_own_codes_stand_after_the_built_in_ones(ledger: Database) -> None:
    before = listed(ledger, "mode")
    assert [new(ledger, "mode", "人文交流型", "People-to-people"), new(ledger, "mode", "县域结对型")] == [
        "own_1",
        "own_2",
    ]
    assert listed(ledger, "mode") == [*before, "own_1", "own_2"]
    assert book(ledger).label("mode", "own_1", "en") == "People-to-people"
    assert book(ledger).label("mode", "own_2", "en") == "县域结对型"
    assert book(ledger).find("mode", "县域结对") == "own_2"


def test_identifiers_are_never_used_again(ledger: Database) -> None:
    first = new(ledger, "level", "街道")
    with ledger.write() as session:
        delete_code(session, "level", first)
    assert new(ledger, "mode", "其他型") == "own_2"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("mode", "友好城市型"), "code_name_taken"),
        (("mode", "友好城市"), "code_name_taken"),
        (("mode", " 友好 城市型 "), "code_name_taken"),
        (("mode", "新的", "SISTER city"), "code_name_taken"),
        (("mode", "demonstration_park"), "code_name_taken"),
        (("mode", " "), "code_name_needed"),
        (("mode", "——"), "code_name_needed"),
        (("mode", "甲，乙"), "code_name_unusable"),
        (("mode", "甲；乙"), "code_name_unusable"),
        (("mode", "长" * 41), "code_name_unusable"),
        (("mode", "新的", "", "sister_city"), "code_parent_unused"),
        (("submode", "新的"), "code_parent_needed"),
        (("status", "新的"), "code_parent_needed"),
        (("submode", "新的", "", "nix"), "code_parent_unknown"),
        (("visibility", "半公开"), "code_list_unknown"),
        (("continent", "南极洲"), "code_list_unknown"),
        (("nix", "新的"), "code_list_unknown"),
    ],
)
def test_what_cannot_be_added_is_refused(ledger: Database, arguments: tuple[str, ...], code: str) -> None:
    with ledger.read() as session:
        before = session.scalar(select(func.count()).select_from(Code))
    assert refusal(ledger, add_code, *arguments) == code
    with ledger.read() as session:
        assert session.scalar(select(func.count()).select_from(Code)) == before


def test_built_in_codes_stay(ledger: Database) -> None:
    assert refusal(ledger, rename_code, "mode", "sister_city", "友城") == "code_builtin"
    assert refusal(ledger, move_code, "mode", "sister_city", 1) == "code_builtin"
    assert refusal(ledger, delete_code, "mode", "sister_city") == "code_builtin"
    assert refusal(ledger, delete_code, "mode", "own_9") == "code_missing"


def test_renaming_keeps_the_code(ledger: Database) -> None:
    own = new(ledger, "domain", "健康合作", "Health")
    with ledger.write() as session:
        rename_code(session, "domain", own, "卫生健康")
    assert book(ledger).label("domain", own, "zh_CN") == "卫生健康"
    assert book(ledger).label("domain", own, "en") == "Health"
    assert refusal(ledger, rename_code, "domain", own, "贸易畅通") == "code_name_taken"
    with ledger.write() as session:
        undo_last(session)
    assert book(ledger).label("domain", own, "zh_CN") == "健康合作"


def test_order_among_the_own_codes(ledger: Database) -> None:
    first, second, third = (new(ledger, "level", name) for name in ("街道级别", "社区", "园区管委会"))
    with ledger.write() as session:
        move_code(session, "level", third, -5)
    assert listed(ledger, "level")[-3:] == [third, first, second]
    with ledger.write() as session:
        move_code(session, "level", third, 1)
    assert listed(ledger, "level")[-3:] == [first, third, second]
    with ledger.write() as session:
        undo_last(session)
    assert listed(ledger, "level")[-3:] == [third, first, second]


# -- deleting ----------------------------------------------------------------------------------------------------------


def test_a_code_in_use_is_not_deleted_even_by_a_record_in_the_bin(ledger: Database) -> None:
    own = new(ledger, "mode", "县域结对型")
    (key,) = add(ledger, project(mode=own))
    with ledger.read() as session:
        assert read_lists(session, "mode")["mode"][-1].used == 1
    with ledger.write() as session:
        delete_projects(session, [key])
    with ledger.read() as session:
        row = read_lists(session, "mode")["mode"][-1]
    assert (row.used, row.other) == (0, 1)
    assert refusal(ledger, delete_code, "mode", own) == "code_in_use"


def test_records_are_given_another_code_first_and_undo_gives_it_back(ledger: Database) -> None:
    own = new(ledger, "domain", "卫生健康")
    keys = add(
        ledger,
        project("甲", domain=own, domains=("trade",)),
        project("乙", domain="people", domains=(own, "trade")),
        project("丙", domain="trade", domains=(own,)),
    )
    with ledger.write() as session:
        delete_code(session, "domain", own, into="trade")
    drafts = [item(ledger, key).draft for key in keys]
    assert [(draft.domain, draft.domains) for draft in drafts] == [
        ("trade", ()),
        ("people", ("trade",)),
        ("trade", ()),
    ]
    assert own not in listed(ledger, "domain")
    with ledger.read() as session:
        entry = history_of(session, keys[0])[0]
    assert entry["before"]["domain"] == own
    assert book(ledger).label("domain", own, "zh_CN") == "卫生健康"
    with ledger.write() as session:
        assert undo_last(session).kept == ()
    drafts = [item(ledger, key).draft for key in keys]
    assert [(draft.domain, draft.domains) for draft in drafts] == [
        (own, ("trade",)),
        ("people", (own, "trade")),
        ("trade", (own,)),
    ]
    assert listed(ledger, "domain")[-1] == own


def test_every_kind_of_record_is_counted_moved_and_given_back(ledger: Database) -> None:
    codes = {name: new(ledger, name, "自建的") for name in ("pair_kind", "agreement_kind", "activity_kind", "actor")}
    codes["outcome_class"] = new(ledger, "outcome_class", "自建的")
    codes["level"] = new(ledger, "level", "自建的")
    codes["pair_life"] = new(ledger, "pair_life", "自建的")
    (key,) = add(
        ledger,
        project(
            level=codes["level"],
            pair_kind=codes["pair_kind"],
            domestic_places=("cn:310000",),
            foreign_places=("co:SG",),
            outcomes=(OutcomeDraft(outcome_class=codes["outcome_class"], what="培训"),),
        ),
    )
    with ledger.write() as session:
        session.add(Agreement(project_id=1, kind=codes["agreement_kind"], title="协议"))
        session.add(Activity(project_id=1, kind=codes["activity_kind"], title="活动"))
        session.add(Organisation(name="机构", folded="机构", kind=codes["actor"]))
        session.connection().exec_driver_sql("UPDATE pair SET life = ?", (codes["pair_life"],))
    into = {
        "pair_kind": "friendly",
        "agreement_kind": "memorandum",
        "activity_kind": "fair",
        "actor": "enterprise",
        "outcome_class": listed(ledger, "outcome_class")[0],
        "level": "county",
        "pair_life": "active",
    }
    places = {
        "pair_kind": "SELECT kind FROM pair WHERE deleted_at IS NULL",
        "agreement_kind": "SELECT kind FROM agreement WHERE title = '协议'",
        "activity_kind": "SELECT kind FROM activity",
        "actor": "SELECT kind FROM organisation",
        "outcome_class": "SELECT outcome_class FROM outcome",
        "level": "SELECT level FROM project UNION ALL SELECT level FROM pair WHERE deleted_at IS NULL",
        "pair_life": "SELECT life FROM pair WHERE deleted_at IS NULL",
    }
    for name, own in codes.items():
        with ledger.read() as session:
            assert next(row.used for row in read_lists(session, name)[name] if row.code == own) > 0, name
        assert refusal(ledger, delete_code, name, own) == "code_in_use"
        with ledger.write() as session:
            delete_code(session, name, own, into[name])
        with ledger.read() as session:
            assert set(column(session, places[name])) == {into[name]}, name
        with ledger.write() as session:
            assert undo_last(session).kept == ()
        with ledger.read() as session:
            assert set(column(session, places[name])) == {own}, name
    assert item(ledger, key).draft.pair_kind == codes["pair_kind"]


def test_undoing_an_addition_keeps_a_code_that_is_used_by_now(ledger: Database) -> None:
    own = new(ledger, "mode", "县域结对型")
    add(ledger, project(mode=own))
    with ledger.write() as session:
        undo_last(session)  # the project goes into the bin
        kept = undo_last(session).kept
    assert [one.key for one in kept] == [own]
    assert own in listed(ledger, "mode")


def test_undoing_an_addition_takes_an_unused_code_away(ledger: Database) -> None:
    own = new(ledger, "mode", "县域结对型")
    with ledger.write() as session:
        assert undo_last(session).kept == ()
    assert own not in listed(ledger, "mode")


def test_a_code_that_a_view_or_a_code_below_names_stays(ledger: Database) -> None:
    mode = new(ledger, "mode", "县域结对型")
    below = new(ledger, "submode", "结对子", "", mode)
    assert refusal(ledger, delete_code, "mode", mode) == "code_is_parent"
    with ledger.write() as session:
        delete_code(session, "submode", below)
        session.add(SavedView(name="结对", filter=f"mode = {mode}", columns=[], sort=[]))
    assert refusal(ledger, delete_code, "mode", mode) == "code_in_view"


# -- using -------------------------------------------------------------------------------------------------------------


def test_an_own_code_is_found_exported_and_taken_in_by_its_name(ledger: Database, tmp_path: Path) -> None:
    own = new(ledger, "mode", "县域结对型", "County twinning")
    corridor = new(ledger, "corridor", "西部陆海新通道")
    source, out = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    workbook = Workbook()
    for row in (("项目名称", "国家", "合作模式", "走廊"), ("甲", "日本", "县域结对", "西部陆海新通道")):
        workbook.active.append(row)
    workbook.save(source)
    assert main(["--db", str(ledger.path), "--json", "import", str(source)]) == 0
    draft = item(ledger, "P1").draft
    assert draft.mode == own
    with ledger.read() as session:
        assert (
            find_ids(session, filter_text="mode = 县域结对型") == find_ids(session, filter_text=f"mode = {own}") == [1]
        )
        export_projects(session, out)
    sheet = load_workbook(out).worksheets[0]
    heads = {cell.value: place for place, cell in enumerate(sheet[1])}
    assert sheet[2][heads["合作模式" if "合作模式" in heads else "模式"]].value == "县域结对型"
    assert "县域结对型" in json.dumps(
        [[cell.value for cell in row] for each in load_workbook(out).worksheets for row in each.iter_rows()],
        ensure_ascii=False,
        default=str,
    )
    assert corridor in listed(ledger, "corridor")


@pytest.mark.parametrize(
    ("by", "values"),
    [
        ("mode", lambda own: {"mode": own}),
        ("submode", lambda own: {"submode": own}),
        ("nature", lambda own: {"nature": own}),
        ("status", lambda own: {"status": own}),
        ("domain", lambda own: {"domains": (own,)}),
        ("field", lambda own: {"fields": (own,)}),
        ("corridor", lambda own: {"corridors": (own,)}),
        ("level", lambda own: {"level": own}),
        ("pair_kind", lambda own: {"pair_kind": own}),
        (
            "outcome_class",
            lambda own: {"outcomes": (OutcomeDraft(outcome_class=own, what="培训", quantity=Decimal(3)),)},
        ),
    ],
)
def test_an_own_code_has_its_row_in_the_statistics(ledger: Database, by: str, values: Any) -> None:
    own = new(ledger, by, "自建的一类", "", {"submode": "exchange_mechanism", "status": "active"}.get(by))
    places = {"domestic_places": ("cn:310000",), "foreign_places": ("gn:1850147",)}
    if by == "corridor":
        places = {"foreign_places": ("co:BR",)}
    given = {"status": "active", "signed": "2016"} | places | values(own)
    add(ledger, project(**given))
    assert rows_of(ledger, by) == {own: 1}
    with ledger.read() as session:
        result = statistics(session, StatsRequest(today=TODAY, by=(by,)))
    assert "自建的一类" in json.dumps(result.to_json(str), ensure_ascii=False)


@pytest.mark.parametrize(
    ("parent", "count", "expected"),
    [("active", "stock", 1), ("approval", "stock", 0), ("approval", "pipeline", 1), ("completed", "stock", 0)],
)
def test_an_own_status_counts_as_the_one_above_it(ledger: Database, parent: str, count: str, expected: int) -> None:
    own = new(ledger, "status", "自建状态", "", parent)
    add(ledger, project(status=own, signed="2015", ended="2016" if parent == "completed" else None))
    assert sum(rows_of(ledger, "status", count=count).values()) == expected


def test_an_own_ended_status_is_dated_by_the_end(ledger: Database) -> None:
    own = new(ledger, "status", "圆满收官", "", "completed")
    add(ledger, project(status=own, signed="2015", ended="2016-03"))
    with ledger.read() as session:
        assert column(session, "SELECT date FROM project_status") in ([], ["2016-03"])


def test_an_upgrade_of_the_built_in_lists_leaves_own_codes(ledger: Database) -> None:
    own = new(ledger, "mode", "县域结对型", "County twinning")
    with ledger.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("DELETE FROM code WHERE list = 'mode' AND code = 'demonstration_park'")
        connection.exec_driver_sql("UPDATE code SET name_zh = '旧名' WHERE list = 'mode' AND code = 'sister_city'")
    with ledger.write() as session:
        renew_codes(session)
    assert listed(ledger, "mode") == ["sister_city", "demonstration_park", "exchange_mechanism", own]
    assert [book(ledger).label("mode", code, "zh_CN") for code in ("sister_city", own)] == ["友好城市型", "县域结对型"]
    with ledger.read() as session:
        assert column(session, "SELECT count(*) FROM code WHERE builtin = 0") == [1]


def test_no_built_in_code_looks_like_an_own_one(ledger: Database) -> None:
    with ledger.read() as session:
        assert column(session, "SELECT code FROM code WHERE code LIKE 'own%'") == []
        assert set(LISTS) <= set(column(session, "SELECT DISTINCT list FROM code"))


# -- command line ------------------------------------------------------------------------------------------------------


def test_commands(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> Any:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *arguments])
        return status, json.loads(capsys.readouterr().out)

    assert run("code-add", "submode", "结对子", "--name-en", "Twinning", "--parent", "友好城市型") == (
        0,
        {"list": "submode", "code": "own_1"},
    )
    status, shown = run("codes", "--list", "submode")
    assert status == 0 and shown["lists"][0]["list"] == "submode"
    assert shown["lists"][0]["codes"][-1] == {
        "code": "own_1",
        "name_zh": "结对子",
        "name_en": "Twinning",
        "builtin": False,
        "parent": "sister_city",
        "position": len(shown["lists"][0]["codes"]),
        "used": 0,
        "other": 0,
    }
    assert run("code-rename", "submode", "own_1", "结对", "--name-en", "Pairing")[0] == 0
    assert run("code-move", "submode", "own_1", "--", "-1")[0] == 0
    status, fault = run("code-add", "submode", "结对")
    assert (status, fault["error"]["code"]) == (2, "code_name_taken")
    assert run("code-delete", "submode", "own_1") == (0, {"list": "submode", "code": "own_1"})
    assert run("code-delete", "submode", "own_1")[0] == 2
    assert [one["list"] for one in run("codes")[1]["lists"]] == list(LISTS)
