"""What every ledger may rely on: again changes nothing, blanks never overwrite, the mark clears, twins are asked."""

from pathlib import Path

from some_workbooks import counts, ledger_book, take

from bri_desktop.db.database import Database
from bri_desktop.db.models import ImportBatch
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.history import undo_batch, undo_last
from bri_desktop.services.intake_aside import waiting_rows
from bri_desktop.services.projects import find_ids, read_items

FORUM = {
    "项目名称": "城市论坛",
    "中方城市": "上海",
    "外方城市": "布拉格",
    "合作模式": "园区示范",
    "签署日期": "2017-05-17",
}
FULL = FORUM | {"金额（万元）": 1800, "备注": "第一次"}


def only(database: Database) -> ProjectDraft:
    with database.read() as session:
        (item,) = read_items(session, sorted(find_ids(session)))
    return item.draft


def test_the_same_file_again_changes_nothing(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(tmp_path / "a.xlsx", FULL)
    take(ledger, path)
    before = only(ledger)
    assert counts(take(ledger, path)) == {"unchanged": 1}
    assert only(ledger) == before


def test_blanks_stay_and_the_mark_clears_what_undo_brings_back(ledger: Database, tmp_path: Path) -> None:
    take(ledger, ledger_book(tmp_path / "a.xlsx", FULL))
    assert counts(take(ledger, ledger_book(tmp_path / "b.xlsx", FORUM))) == {"unchanged": 1}
    assert only(ledger).amount is not None
    cleared = take(ledger, ledger_book(tmp_path / "c.xlsx", FORUM | {"金额（万元）": "〔清空〕", "备注": " 〔清空〕 "}))
    assert counts(cleared) == {"updated": 1}
    assert (only(ledger).amount, only(ledger).note) == (None, None)
    assert only(ledger).mode == "demonstration_park"
    with ledger.write() as session:
        undo_last(session)
    assert only(ledger).amount is not None and only(ledger).note == "第一次"


def test_the_mark_in_a_new_row_is_no_value(ledger: Database, tmp_path: Path) -> None:
    assert counts(take(ledger, ledger_book(tmp_path / "a.xlsx", FULL | {"备注": "〔清空〕"}))) == {"created": 1}
    assert only(ledger).note is None


def test_what_a_record_cannot_be_without_is_not_cleared(ledger: Database, tmp_path: Path) -> None:
    coded = FULL | {"编号": "X-1"}
    columns = ("编号", *FULL)
    take(ledger, ledger_book(tmp_path / "a.xlsx", coded, columns=columns))
    report = take(ledger, ledger_book(tmp_path / "b.xlsx", {"编号": "X-1", "项目名称": "〔清空〕"}, columns=columns))
    assert counts(report) == {"refused": 1}
    assert only(ledger).title == "城市论坛"


def test_rows_of_two_files_that_are_one_another_s_duplicate_are_one_record(ledger: Database, tmp_path: Path) -> None:
    take(ledger, ledger_book(tmp_path / "甲.xlsx", FULL))
    assert counts(take(ledger, ledger_book(tmp_path / "乙.xlsx", FORUM, FORUM))) == {"unchanged": 1, "duplicates": 1}
    alike = take(ledger, ledger_book(tmp_path / "丙.xlsx", FORUM | {"项目名称": "国际城市论坛"}))
    assert counts(alike) == {"pending": 1}
    assert alike.problems[0].code == "possible_duplicate"


def test_a_later_import_settles_what_waited_in_the_account_of_the_earlier_one(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(
        tmp_path / "a.xlsx", FULL, FORUM | {"项目名称": "能源学校", "国家": "日本", "外方城市": "新月湾镇"}
    )
    first = take(ledger, path).batch or 0
    assert account(ledger, first) == {"created": 1, "pending": 1}
    second = take(ledger, path, place_keys={("新月湾镇", "JP"): "co:JP"}).batch or 0
    assert account(ledger, first) == {"created": 2}
    assert account(ledger, second) == {"created": 1, "unchanged": 1}
    with ledger.read() as session:
        assert waiting_rows(session) == 0
    with ledger.write() as session:
        undo_batch(session, second)
    assert account(ledger, first) == {"created": 1, "pending": 1}
    with ledger.read() as session:
        assert waiting_rows(session) == 1


def test_a_row_left_out_of_a_later_import_waits_no_more(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(
        tmp_path / "a.xlsx", FULL, FORUM | {"项目名称": "能源学校", "国家": "日本", "外方城市": "新月湾镇"}
    )
    first = take(ledger, path).batch or 0
    take(ledger, path, left_out=frozenset({("台账", 3)}))
    assert account(ledger, first) == {"created": 1}
    with ledger.write() as session:
        assert waiting_rows(session) == 0
        undo_last(session)
        assert waiting_rows(session) == 1
    assert account(ledger, first) == {"created": 1, "pending": 1}


def account(database: Database, batch: int) -> dict[str, int]:
    with database.read() as session:
        return {name: count for name, count in session.get_one(ImportBatch, batch).counts.items() if count}
