"""A frozen year: its document stays, corrections are found with their records, nothing is replaced in silence."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from some_projects import add, project
from sqlalchemy import func, select
from year_ledger import SHANGHAI, TODAY, YEAR, fill, line, prose, summary, texts

from bri_desktop.db.database import Database
from bri_desktop.db.year_models import FrozenRecord
from bri_desktop.domain.errors import InputError
from bri_desktop.labels import error_sentence
from bri_desktop.reports.document import Paragraph, Picture, text_of
from bri_desktop.services.frozen_marks import frozen_marks
from bri_desktop.services.history import history_of, undo_last
from bri_desktop.services.projects import delete_projects, edit_fields
from bri_desktop.services.sample import load_sample
from bri_desktop.services.year_figures import open_figure
from bri_desktop.services.year_freezing import ATTEMPTS, freeze
from bri_desktop.services.year_frozen import frozen_years, get_frozen, restatements, stored_draft
from bri_desktop.services.year_packing import pack_members, unpack_members
from bri_desktop.services.year_restated import restate, standing
from bri_desktop.ui.projects.history_view import frozen_texts


def frozen(ledger: Database) -> list[str]:
    """Fill the ledger, freeze 2017 and return the keys of the projects."""
    keys = fill(ledger)
    freeze(ledger, YEAR, today=TODAY)
    return keys


def correct(ledger: Database, key: str, **values: object) -> None:
    with ledger.write() as session:
        edit_fields(session, [key], values)


def test_a_frozen_year_says_the_same_whatever_is_corrected(ledger: Database) -> None:
    keys = frozen(ledger)
    before = [*texts(summary(ledger))]
    correct(ledger, keys[4], signed="2016-12-01")
    after = summary(ledger)
    assert after.frozen
    assert [*texts(after)] == before
    assert "全年新增合作项目3项" in prose(after, "overview")


def test_what_changed_is_told_with_its_records(ledger: Database) -> None:
    keys = frozen(ledger)
    correct(ledger, keys[4], signed="2016-12-01")
    found = restate(ledger, YEAR, today=TODAY)
    changes = {change.figure: change for change in found.changes}
    flow = changes["flow"]
    assert (flow.frozen, flow.now, flow.keys) == (3, 2, (keys[4],))
    assert flow.label == "本年新增项目，2017"
    assert changes["stock_y1"].now == 5 and "stock" not in changes
    assert changes["city_440600_flow" if "city_440600_flow" in changes else "city_cn_440600_flow"].keys == (keys[4],)
    assert [(one.key, one.act, one.before, one.after) for one in found.corrections] == [
        (keys[4], "update", {"signed": "2017-02-01"}, {"signed": "2016-12-01"})
    ]
    assert found.corrections[0].who and found.corrections[0].at
    assert "“本年新增项目，2017”冻结时为3，现为2。" in found.note
    assert f"涉及1条记录的更正：{keys[4]}（" in found.note
    document = summary(ledger)
    assert "flow" in document.changed
    annex = next(section for section in document.sections if section.code == "restatements")
    assert annex.annex and "“本年新增项目，2017”冻结时为3，现为2。" in prose(document, "restatements")


def test_nothing_changed_keeps_no_note(ledger: Database) -> None:
    frozen(ledger)
    found = restate(ledger, YEAR, today=TODAY)
    with ledger.read() as session:
        assert found.changes == () and found.note == "2017年数字冻结后没有变化。"
        assert restatements(session, YEAR) == ()


def test_the_same_note_is_kept_once_and_a_way_back_is_a_note_too(ledger: Database) -> None:
    keys = frozen(ledger)
    correct(ledger, keys[4], signed="2016-12-01")
    for _ in range(2):
        restate(ledger, YEAR, today=TODAY)
    with ledger.write() as session:
        undo_last(session)
    found = restate(ledger, YEAR, today=TODAY)
    with ledger.read() as session:
        notes = restatements(session, YEAR)
    assert [len(note.changes) > 0 for note in notes] == [True, False]
    assert found.changes == ()


def test_an_amount_a_new_record_and_a_deleted_one(ledger: Database) -> None:
    keys = frozen(ledger)
    new = add(ledger, project("补登项目", status="active", signed="2017-12-01", domestic_places=SHANGHAI))
    with ledger.write() as session:
        delete_projects(session, [keys[0]])
        found = standing(session, YEAR, today=TODAY)
    changes = {change.figure: change for change in found.changes}
    assert changes["flow"].keys == tuple(new) and changes["flow"].now == 4
    assert set(changes["stock_y1"].keys) == {keys[0]} and changes["stock_y1"].now == 3
    assert "stock" not in changes  # one came, one went
    assert {one.act for one in found.corrections} == {"create", "delete"}


def test_what_is_not_counted_changes_nothing(ledger: Database) -> None:
    keys = frozen(ledger)
    correct(ledger, keys[4], note="另有附件", summary="说明")
    with ledger.read() as session:
        assert standing(session, YEAR, today=TODAY).changes == ()


def test_a_year_is_frozen_again_only_with_a_reason(ledger: Database) -> None:
    keys = frozen(ledger)
    with pytest.raises(InputError) as refused:
        freeze(ledger, YEAR, today=TODAY)
    assert refused.value.code == "year_frozen" and "2017年数字已于" in error_sentence(refused.value)
    with pytest.raises(InputError) as unreasoned:
        freeze(ledger, YEAR, today=TODAY, again=True)
    assert unreasoned.value.code == "reason_missing"
    correct(ledger, keys[4], signed="2016-12-01")
    again = freeze(ledger, YEAR, today=TODAY, again=True, note="审计后更正")
    assert (again.version, again.figures["flow"]) == (2, 2)
    with ledger.read() as session:
        (note,) = restatements(session, YEAR)
        assert "审计后更正" in (note.note or "")
        flow = next(one for one in note.changes if one["figure"] == "flow" and one["edition"] == "internal")
        assert (flow["frozen"], flow["now"]) == (3, 2)
    # The new freeze begins anew: nothing has changed since, and no further note is kept.
    assert restate(ledger, YEAR, today=TODAY).changes == ()
    with ledger.read() as session:
        assert len(restatements(session, YEAR)) == 1
    assert summary(ledger).changed == frozenset()
    with ledger.read() as session:
        assert [one.year for one in frozen_years(session)] == [YEAR]


def test_a_correction_while_the_year_is_frozen_is_in_it(ledger: Database) -> None:
    keys = fill(ledger)
    seen: list[tuple[int, int]] = []

    def told(done: int, total: int) -> None:
        """Correct a project after the first figures were made; the writer is free all the while."""
        if not seen:
            correct(ledger, keys[4], signed="2016-12-01")
        seen.append((done, total))

    frozen_now = freeze(ledger, YEAR, today=TODAY, progress=told)
    assert frozen_now.figures["flow"] == 2 and frozen_now.version == 1
    assert seen.count((0, seen[0][1])) == 2  # made twice
    with ledger.read() as session:
        assert standing(session, YEAR, today=TODAY).changes == ()


def test_a_ledger_that_never_rests_is_one_sentence_and_freezes_nothing(ledger: Database) -> None:
    keys, times = fill(ledger), 0

    def told(done: int, _total: int) -> None:
        nonlocal times
        if done == 0:
            times += 1
            correct(ledger, keys[4], note=f"第{times}次")

    with pytest.raises(InputError) as refused:
        freeze(ledger, YEAR, today=TODAY, progress=told)
    assert refused.value.code == "year_overtaken" and times == ATTEMPTS
    assert "2017" in error_sentence(refused.value)
    with ledger.read() as session:
        assert frozen_years(session) == ()


def test_a_year_that_is_not_over_or_not_frozen(ledger: Database) -> None:
    fill(ledger)
    with ledger.read() as session:
        for code, act in (
            ("year_not_over", lambda: freeze(ledger, 2018, today=TODAY)),
            ("year_not_frozen", lambda: standing(session, YEAR, today=TODAY)),
            ("year_out_of_range", lambda: freeze(ledger, 2030, today=TODAY)),
        ):
            with pytest.raises(InputError) as refused:
                act()
            assert refused.value.code == code


def test_records_are_kept_as_they_stood(ledger: Database) -> None:
    keys = frozen(ledger)
    with ledger.read() as session:
        kinds = dict(
            session.execute(select(FrozenRecord.kind, func.count()).group_by(FrozenRecord.kind)).tuples().all()
        )
        row = session.get(FrozenRecord, (YEAR, "project", int(keys[0][1:])))
        (mark,) = frozen_marks(session, "project", int(keys[0][1:]))
        assert (mark.year, mark.is_corrected) == (YEAR, False)
        assert frozen_marks(session, "project", 999) == ()
    assert kinds == {"project": 9}
    assert row is not None and row.values["title"] == "甲园区" and row.values["start"] == "2015-03-02"
    correct(ledger, keys[0], note="只改备注")
    with ledger.read() as session:
        assert not frozen_marks(session, "project", int(keys[0][1:]))[0].is_corrected
    correct(ledger, keys[0], signed="2014-03-02")
    with ledger.read() as session:
        assert frozen_marks(session, "project", int(keys[0][1:]))[0].is_corrected


def test_both_editions_and_languages_are_kept(ledger: Database) -> None:
    keys = frozen(ledger)
    correct(ledger, keys[4], signed="2016-12-01", visibility="internal")
    assert line(summary(ledger, language="en"), "overview_main", "Projects begun in the year")[2] == "3"
    assert line(summary(ledger, edition="submission"), "overview_main", "本年新增项目")[2] == "3"
    assert summary(ledger, span=3).frozen


def test_the_submitted_edition_tells_only_its_own_changes(ledger: Database) -> None:
    keys = frozen(ledger)
    secret = project("内部补登", status="active", signed="2017-12-01", visibility="internal")
    add(ledger, secret)
    restate(ledger, YEAR, today=TODAY)
    assert [one.code for one in summary(ledger).sections][-1] == "restatements"
    outside = summary(ledger, edition="submission")
    assert outside.changed == frozenset() and "restatements" not in [one.code for one in outside.sections]
    correct(ledger, keys[4], visibility="internal")
    restate(ledger, YEAR, today=TODAY)
    text = prose(summary(ledger, edition="submission"), "restatements")
    assert "“本年新增项目，2017”冻结时为3，现为2。" in text and "P" not in text
    english = prose(summary(ledger, language="en"), "restatements")
    assert "Projects begun in the year, 2017: 3 when declared final, 4 now." in english


def test_a_figure_opens_its_records(ledger: Database) -> None:
    keys = frozen(ledger)
    correct(ledger, keys[4], signed="2016-12-01")
    with ledger.read() as session:
        found = open_figure(session, "flow__2", YEAR, today=TODAY)
        assert (found.figure.value, found.keys, found.frozen) == (2, (keys[5], keys[6]), 3)
        moved = open_figure(session, "flow_change", YEAR, today=TODAY)
        assert set(moved.keys) == {keys[2], keys[3], keys[4], keys[5], keys[6]}
        with pytest.raises(InputError) as refused:
            open_figure(session, "no_such_figure", YEAR, today=TODAY)
    assert refused.value.code == "figure_unknown"


def test_the_ledger_goes_on_after_a_freeze(ledger: Database) -> None:
    """The act of freezing is none that an undo takes back: it takes back the edit before it."""
    keys = fill(ledger)
    correct(ledger, keys[0], title="改名")
    freeze(ledger, YEAR, today=TODAY)
    with ledger.write() as session:
        assert undo_last(session).action == "edit"
        assert len(frozen_years(session)) == 1


@given(
    st.dictionaries(
        st.text("abcdefgh_", min_size=1, max_size=8),
        st.tuples(st.sampled_from(["project", "pair"]), st.lists(st.integers(1, 2**31 - 1), max_size=30)),
        max_size=8,
    )
)
def test_members_come_back_as_they_were_packed(members: dict[str, tuple[str, list[int]]]) -> None:
    find = unpack_members(pack_members(members))
    for name, (kind, ids) in members.items():
        assert find(name) == (kind, tuple(sorted(set(ids))))
    assert find("other name") == ("", ())


def test_the_day_of_freezing_is_printed(ledger: Database) -> None:
    keys = frozen(ledger)
    correct(ledger, keys[4], signed="2016-12-01")
    restate(ledger, YEAR, today=TODAY)
    today = datetime.datetime.now(datetime.UTC).date()
    assert f"2017年数字于{today.year}年{today.month}月{today.day}日冻结。" in prose(summary(ledger), "restatements")


def test_frozen_years_stand_in_a_comparison_as_they_were_frozen(ledger: Database) -> None:
    keys = fill(ledger)
    freeze(ledger, 2016, today=TODAY)
    correct(ledger, keys[2], signed="2015-01-10")
    document = summary(ledger, span=3)
    assert not document.frozen
    # 2016 as frozen: four on the books, two begun; by the ledger of today one of them began in 2015.
    assert line(document, "comparison_years", "年末在册项目")[2:5] == ["3", "4", "6"]
    assert line(document, "comparison_years", "本年新增项目")[3] == "2"
    assert line(document, "overview_main", "本年新增项目")[3] == "2"
    note = next(table.note for table in document.tables() if table.name == "comparison_years")
    assert "冻结数：2016年" in note
    frozen_name = next(
        run.name
        for row in next(table for table in document.tables() if table.name == "comparison_years").rows
        for cell in row
        for run in cell
        if not isinstance(run, str) and run.rule == "2016年总结冻结时的数字。" and run.value == 2
    )
    with ledger.read() as session:
        opened = open_figure(session, frozen_name, YEAR, today=TODAY)
    assert set(opened.keys) == {keys[2], keys[3]}


def test_the_year_before_stands_as_it_was_published(ledger: Database) -> None:
    keys = fill(ledger)
    before = summary(ledger)
    freeze(ledger, 2016, today=TODAY)
    assert summary(ledger).values() == before.values()
    # One of the four on the books at the end of 2016 now began in 2017.
    correct(ledger, keys[2], signed="2017-02-10")
    document = summary(ledger)
    assert line(document, "overview_main", "年末在册项目") == ["年末在册项目", "项", "6", "4", "+2", "+50.0%"]
    assert line(document, "overview_main", "本年新增项目") == ["本年新增项目", "项", "4", "2", "+2", "+100.0%"]
    text = prose(document, "overview")
    assert "在册合作项目6项，比上年（4项）增加2项，增长50.0%" in text
    assert "上年数字采用2016年总结的冻结数；按目前台账，年末在册项目为3项、本年新增项目为1项" in text
    assert "按目前台账，上年末3项，加本年新增4项，减本年结束1项，年末为6项。" in text
    modes = next(table for table in document.tables() if table.name == "mode_table")
    assert line(document, "mode_table", "合计")[4:] == ["4", "+2"] and modes.note.endswith(
        "上年末数为2016年总结的冻结数。"
    )
    course = next(picture for picture in document.pictures() if picture.name == "overview_course")
    assert course.chart.series[1].values[-2:] == (4.0, 6.0)
    with ledger.read() as session:
        assert set(open_figure(session, "stock_y1_frozen", YEAR, today=TODAY).ids) >= {int(keys[2][1:])}


def test_what_is_frozen_speaks_one_language(ledger: Database) -> None:
    """The panels of the problems were made once and printed in both languages."""
    load_sample(ledger)
    freeze(ledger, YEAR, today=TODAY)
    with ledger.read() as session:
        english = stored_draft(get_frozen(session, YEAR), "internal", "en")
    found = next(section for section in english.sections if section.code == "problems")
    said = [text_of(block.runs) for block in found.blocks if isinstance(block, Paragraph)]
    drawn = [label for block in found.blocks if isinstance(block, Picture) for label in block.chart.labels]
    assert len(said) > 3 and len(drawn) > 20
    assert not re.search("[一-鿿]", "".join((*said, *drawn)))


def test_the_records_of_both_editions_are_kept(ledger: Database) -> None:
    keys = fill(ledger)
    (secret,) = add(ledger, project("内部事项", status="active", signed="2017-12-01", visibility="internal"))
    freeze(ledger, YEAR, today=TODAY)
    correct(ledger, keys[4], signed="2016-12-01")
    with ledger.read() as session:
        inside = open_figure(session, "flow", YEAR, today=TODAY).to_json()
        outside = open_figure(session, "flow", YEAR, edition="submission", today=TODAY).to_json()
    assert set(inside["frozen_keys"]) == {*keys[4:7], secret} and set(inside["keys"]) == {*keys[5:7], secret}
    assert set(outside["frozen_keys"]) == set(keys[4:7]) and set(outside["keys"]) == set(keys[5:7])
    assert (inside["frozen"], outside["frozen"]) == (4, 3)


def test_the_panel_says_that_a_record_is_frozen(ledger: Database) -> None:
    keys = frozen(ledger)
    with ledger.read() as session:
        assert frozen_texts(frozen_marks(session, "project", int(keys[4][1:]))) == ["已计入2017年冻结数"]
    correct(ledger, keys[4], signed="2016-12-01")
    with ledger.read() as session:
        marks = frozen_marks(session, "project", int(keys[4][1:]))
        newest = history_of(session, keys[4])[0]
    assert frozen_texts(marks) == ["2017年冻结后已更正"]
    assert newest["change"] > marks[0].change_id
