"""Profiles: learnt from an import, applied by themselves where the headers fit, never where they do not."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from some_workbooks import book, counts

from bri_desktop.db.database import Database
from bri_desktop.db.models import Organisation
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.habits import Habits
from bri_desktop.excel.detect import Block
from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import ImportOptions
from bri_desktop.services.intake_profile import ImportByProfile, import_by_profile, sheets_by_profile
from bri_desktop.services.intake_row import MappedColumn
from bri_desktop.services.intake_sheets import BlockPlan
from bri_desktop.services.profiles import (
    Profile,
    ProfileColumn,
    applied,
    best_fit,
    change_profile,
    delete_profile,
    fit,
    get_profile,
    header_keys,
    list_profiles,
    rename_profile,
    save_profile,
)
from bri_desktop.services.projects import find_ids, read_items

HEADER = ("项目名称", "国家", "大类", "投资额", "进展", "经手")
FIRST = ("甲", "日本", "经贸类", 1800, "推进较快", "张三")
SECOND = ("乙", "韩国", "经贸类", 12, "推进较快", "李四")
VALUES = {("domain", "经贸类"): "trade", ("status", "推进较快"): "active"}
MAPPED = ["domain=大类", "status=进展"]


def run(
    ledger: Database, path: Path, *, dry: bool = False, remember: str | None = None, **given: Any
) -> ImportByProfile:
    options = ImportOptions(**{key: given.pop(key) for key in ("code_values", "columns") if key in given})
    with read(path) as grid:
        known = sheets_by_profile(ledger, grid, **given)
        return import_by_profile(ledger, grid, known, options, sha256="0" * 64, dry_run=dry, remember=remember)


@pytest.fixture
def learnt(ledger: Database, tmp_path: Path) -> Database:
    path = book(tmp_path / "first.xlsx", [HEADER, FIRST])
    done = run(ledger, path, remember="商务局台账", mapped=MAPPED, units=["amount=万元"], code_values=VALUES)
    assert counts(done.report) == {"created": 1}
    return ledger


def test_the_next_file_of_the_layout_comes_in_by_itself(learnt: Database, tmp_path: Path) -> None:
    done = run(learnt, book(tmp_path / "next.xlsx", [("2018年台账",), HEADER, SECOND]))
    assert counts(done.report) == {"created": 1}
    assert [(one.profile.name, one.score, one.missing, one.new) for one in done.fits] == [("商务局台账", 1.0, (), ())]
    assert get_profile_of(learnt).used_at is not None


def get_profile_of(ledger: Database) -> Profile:
    with ledger.read() as session:
        return get_profile(session, "商务局台账")


def test_without_it_the_same_file_waits(learnt: Database, tmp_path: Path) -> None:
    done = run(learnt, book(tmp_path / "next.xlsx", [HEADER, SECOND]), plain=True, dry=True)
    assert counts(done.report) == {"pending": 1} and done.fits == ()


def test_deviations_are_told(learnt: Database, tmp_path: Path) -> None:
    header = ("项目名称", "国家", "大类", "投资额", "进展", "备注")
    done = run(learnt, book(tmp_path / "next.xlsx", [header, SECOND]), dry=True)
    (one,) = done.fits
    assert (one.missing, one.new, round(one.score, 2)) == (("经手",), ("备注",), 0.83)


def test_a_file_that_does_not_fit_is_refused_by_name_and_left_alone_otherwise(learnt: Database, tmp_path: Path) -> None:
    path = book(tmp_path / "other.xlsx", [("项目名称", "国家", "状态"), ("丙", "泰国", "意向")])
    assert run(learnt, path, dry=True).fits == ()
    with pytest.raises(InputError, match="profile_does_not_fit"):
        run(learnt, path, profile="商务局台账")
    with pytest.raises(InputError, match="profile_unknown"):
        run(learnt, path, profile="没有")


def test_what_is_given_counts_more_than_what_is_remembered(learnt: Database, tmp_path: Path) -> None:
    path = book(tmp_path / "next.xlsx", [HEADER, SECOND])
    done = run(learnt, path, units=["amount=亿元"], mapped=["note=大类"])
    assert counts(done.report) == {"created": 1}
    with learnt.read() as session:
        drafts = {item.draft.title: item.draft for item in read_items(session, find_ids(session))}
    assert drafts["乙"].amount is not None and drafts["乙"].amount.amount == 1_200_000_000
    assert drafts["乙"].domain is None and "经贸类" in (drafts["乙"].note or "")


def test_learning_again_keeps_what_was_known(learnt: Database, tmp_path: Path) -> None:
    row = ("丁", "越南", "文旅类", 5, "洽谈", "王五")
    more = {("domain", "文旅类"): "people", ("status", "洽谈"): "intent"}
    run(learnt, book(tmp_path / "more.xlsx", [HEADER, row]), remember="商务局台账", code_values=more)
    assert dict(get_profile_of(learnt).values) == {**VALUES, **more}


def test_renamed_changed_and_deleted(learnt: Database) -> None:
    with learnt.write() as session:
        session.add(Organisation(name="市商务局", folded="市商务局"))
        rename_profile(session, "商务局台账", " 市商务局 ")
        with pytest.raises(InputError, match="profile_unknown"):
            rename_profile(session, "商务局台账", "x")
        with pytest.raises(InputError, match="profile_nameless"):
            rename_profile(session, "市商务局", " ")
        save_profile(session, Profile("别的", {}))
        with pytest.raises(InputError, match="profile_exists"):
            rename_profile(session, "别的", "市商务局")
        profile = get_profile(session, "市商务局")
        edited = Profile("商务局", dict(list(profile.columns.items())[:2]), {}, {}, "市商务局")
        change_profile(session, "市商务局", edited)
        found = get_profile(session, "商务局")
        assert (len(found.columns), found.values, found.department) == (2, {}, "市商务局")
        with pytest.raises(InputError, match="department_unknown"):
            change_profile(session, "商务局", Profile("商务局", found.columns, department="无此局"))
        delete_profile(session, "商务局")
        assert [one.name for one in list_profiles(session)] == ["别的"]


def plan(headers: list[str], fields: list[str | None]) -> BlockPlan:
    columns = tuple(
        MappedColumn(n, chr(65 + n), header, field)
        for n, (header, field) in enumerate(zip(headers, fields, strict=True))
    )
    return BlockPlan(Block((1,), 2, 9, ()), columns)


def profile_of(name: str, columns: dict[str, str | None]) -> Profile:
    return Profile(name, {header: ProfileColumn(header, field) for header, field in columns.items()})


def test_the_better_fit_is_taken_and_a_title_is_needed() -> None:
    block = plan(["a", "b", "c", "d"], [None] * 4)
    near = profile_of("near", {"a": "title", "b": "status", "c": None})
    exact = profile_of("exact", {"a": "title", "b": "country", "c": None, "d": None})
    headless = profile_of("headless", {"a": "status", "b": "country", "c": None, "d": None})
    found = best_fit([near, exact, headless], "s", block)
    assert found is not None and (found.profile.name, found.score) == ("exact", 1.0)
    assert fit(headless, "s", block).score == 0
    assert best_fit([headless], "s", block) is None


def test_repeated_headers_are_told_apart_and_a_free_guess_stays() -> None:
    block = plan(["城市", "城市", "名称", "新列"], ["domestic_places", None, "title", "title"])
    keys = header_keys(block.columns)
    assert keys == ["城市", "城市#2", "名称", "新列"]
    profile = profile_of("p", {"城市": "domestic_places", "城市#2": "foreign_places", "名称": "title"})
    found = [(column.field, column.why) for column in applied(block, profile).columns]
    assert found == [
        ("domestic_places", "profile"),
        ("foreign_places", "profile"),
        ("title", "profile"),
        ("note", "duplicate_header"),
    ]


def test_habits_and_units_survive_storing(ledger: Database) -> None:
    column = ProfileColumn("投资额", "amount", "万美元", Habits("thousands", "october", "day_first"))
    with ledger.write() as session:
        save_profile(session, Profile("p", {"投资额": column}, {("domain", "经贸"): "trade"}, {"pair_kind": "sister"}))
    with ledger.read() as session:
        found = get_profile(session, "p")
    assert found.columns["投资额"] == column
    assert (found.values, found.options) == ({("domain", "经贸"): "trade"}, {"pair_kind": "sister"})


HEADERS = st.lists(st.text("甲乙丙丁戊己", min_size=1, max_size=2), min_size=1, max_size=8, unique=True)


@given(HEADERS, HEADERS)
def test_a_fit_is_a_share_and_one_for_the_same_headers(remembered: list[str], seen: list[str]) -> None:
    fields: list[str | None] = ["title", *[None] * (len(remembered) - 1)]
    profile = profile_of("p", dict(zip(remembered, fields, strict=True)))
    found = fit(profile, "s", plan(seen, [None] * len(seen)))
    assert 0 <= found.score <= 1
    assert set(found.missing) == set(remembered) - set(seen) or found.score == 0
    assert fit(profile, "s", plan(remembered, fields)).score == 1
    if found.fits:
        assert remembered[0] in seen


def test_only_what_was_decided_is_remembered_as_decided(learnt: Database, tmp_path: Path) -> None:
    columns = {
        column.header: (column.field, column.unit, column.decided) for column in get_profile_of(learnt).columns.values()
    }
    assert columns["大类"] == ("domain", None, True) and columns["进展"] == ("status", None, True)
    assert columns["投资额"] == ("amount", "万元", False)
    assert columns["项目名称"][2] is False and columns["国家"][2] is False


def test_a_guess_is_made_afresh_and_takes_no_field_from_a_decision(learnt: Database, tmp_path: Path) -> None:
    header = ("项目名称", "国家", "大类", "投资额", "进展", "经手")
    with read(book(tmp_path / "next.xlsx", [header, SECOND])) as grid:
        known = sheets_by_profile(learnt, grid)
    why = {column.header: (column.field, column.why) for column in known.sheets[0].blocks[0].columns}
    assert why["大类"] == ("domain", "profile") and why["项目名称"] == ("title", "name")
    assert known.sheets[0].blocks[0].columns[3].unit == "万元"


def test_a_unit_that_the_file_itself_says_is_not_remembered(ledger: Database, tmp_path: Path) -> None:
    header, row = ("项目名称", "国家", "大类", "投资额"), ("甲", "日本", "经贸类", 1800)
    path = book(tmp_path / "first.xlsx", [("单位：万元",), header, row])
    run(ledger, path, remember="商务局台账", mapped=["domain=大类"], code_values=VALUES)
    later = book(tmp_path / "later.xlsx", [("单位：亿元",), header, ("乙", "韩国", "经贸类", 2)])
    run(ledger, later)
    with ledger.read() as session:
        amounts = [one.draft.amount for one in read_items(session, find_ids(session))]
    assert sorted(one.amount for one in amounts if one is not None) == [18_000_000, 200_000_000]


def test_a_later_guess_forgets_no_decision(learnt: Database, tmp_path: Path) -> None:
    run(learnt, book(tmp_path / "next.xlsx", [HEADER, SECOND]), plain=True, remember="商务局台账")
    columns = {column.header: (column.field, column.decided) for column in get_profile_of(learnt).columns.values()}
    assert columns["大类"] == ("domain", True)
