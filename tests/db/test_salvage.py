"""A broken file gives up every row that can still be read, and the account of it is true."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bri_desktop.db.check import check_file
from bri_desktop.db.database import Database, open_database
from bri_desktop.db.salvage import Account, salvage
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.projects import create_project

PAGE = 4096
COUNT = 300


@pytest.fixture(scope="module")
def filled_once(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "ledger.db"
    shutil.copyfile(empty_ledger, path)
    ledger = Database(path)
    with ledger.write() as session:
        for number in range(COUNT):
            draft = ProjectDraft(
                title=f"第{number}个合作项目",
                domestic_places=("cn:310000",),
                foreign_places=("co:JP",),
                note="说明" * 30,
            )
            create_project(session, draft)
    ledger.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def filled(filled_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(filled_once, tmp_path / "ledger.db"))


def titles(path: Path) -> dict[int, str]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT id, title FROM project").fetchall())


def of_projects(accounts: list[Account]) -> Account:
    return next(account for account in accounts if account.table == "project")


def leaf_of(data: bytes, words: str) -> int:
    """Return the first byte of the page that holds ``words``."""
    return data.index(words.encode()) // PAGE * PAGE


def test_the_rows_of_a_broken_page_are_lost_and_named_all_others_saved(filled: Path, tmp_path: Path) -> None:
    data = bytearray(filled.read_bytes())
    start = leaf_of(bytes(data), "第150个合作项目")
    data[start : start + PAGE] = bytes(PAGE)
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(data)
    before = titles(filled)
    account = of_projects(salvage(damaged, tmp_path / "new.db"))
    after = titles(tmp_path / "new.db")
    assert 151 in account.lost
    assert account.is_sure
    assert account.saved + len(account.lost) == COUNT
    assert after == {row: title for row, title in before.items() if row not in account.lost}
    opened = open_database(tmp_path / "new.db")
    opened.close()


def test_a_verified_copy_gives_back_what_the_file_lost(filled: Path, tmp_path: Path) -> None:
    data = bytearray(filled.read_bytes())
    start = leaf_of(bytes(data), "第150个合作项目")
    data[start : start + PAGE] = bytes(PAGE)
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(data)
    account = of_projects(salvage(damaged, tmp_path / "new.db", [filled]))
    assert (account.lost, account.changed) == ([], [])
    assert 151 in account.from_copy
    assert titles(tmp_path / "new.db") == titles(filled)
    assert check_file(tmp_path / "new.db") == []


def test_a_copy_older_than_the_lost_row_is_not_taken_for_it(filled: Path, tmp_path: Path) -> None:
    """The copy has another title under the number: its digest is not the one that was entered."""
    copy = tmp_path / "copy.db"
    copy.write_bytes(filled.read_bytes().replace("第150个合作项目".encode(), "第150个旧旧项目".encode()))
    data = bytearray(filled.read_bytes())
    start = leaf_of(bytes(data), "第150个合作项目")
    data[start : start + PAGE] = bytes(PAGE)
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(data)
    account = of_projects(salvage(damaged, tmp_path / "new.db", [copy]))
    assert 151 in account.lost
    assert "第150个旧旧项目" not in titles(tmp_path / "new.db").values()


@pytest.mark.parametrize("seed", range(8))
def test_whatever_breaks_the_account_adds_up(filled: Path, tmp_path: Path, seed: int) -> None:
    chance, data = random.Random(seed), bytearray(filled.read_bytes())
    for _ in range(3):
        start = chance.randrange(len(data) // PAGE) * PAGE
        data[start : start + PAGE] = chance.randbytes(PAGE)
    if seed >= 5:
        del data[chance.randrange(len(data) // 3, len(data)) :]
    damaged, new = tmp_path / "damaged.db", tmp_path / "new.db"
    damaged.write_bytes(data)
    account = of_projects(salvage(damaged, new))
    before, after = titles(filled), titles(new)
    assert all(before[row] == title for row, title in after.items() if row not in account.changed)
    assert len(after) == account.saved + len(account.from_copy)
    if account.is_sure:
        assert set(before) - set(after) <= set(account.lost)
    assert check_file(new) == []


def first_page_of(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        return int(connection.execute(query, (table,)).fetchone()[0])


def without_pages(path: Path, *pages: int) -> Path:
    data = bytearray(path.read_bytes())
    for page in pages:
        data[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)
    damaged = path.with_name("damaged.db")
    damaged.write_bytes(data)
    return damaged


@pytest.mark.parametrize("tables", [(), ("project",), ("row_digest",), ("history_entry", "project_place")])
def test_a_lost_first_page_of_the_file_and_of_tables_loses_no_row(
    filled: Path, tmp_path: Path, tables: tuple[str, ...]
) -> None:
    """Their other pages hold all the rows; of the digests those between two leaves are lost with the first page."""
    pages = [first_page_of(filled, table) for table in tables]
    damaged = without_pages(filled, 1, *pages)
    accounts = salvage(damaged, tmp_path / "new.db")
    assert titles(tmp_path / "new.db") == titles(filled)
    assert [account.table for account in accounts if account.lost or account.changed or account.unlinked] == []
    assert all(account.is_sure for account in accounts) is (tables != ("row_digest",))
    assert check_file(tmp_path / "new.db") == []


def test_a_table_whose_first_page_is_lost_is_read_from_the_others(filled: Path, tmp_path: Path) -> None:
    account = of_projects(salvage(without_pages(filled, first_page_of(filled, "project")), tmp_path / "new.db"))
    assert (account.saved, account.lost, account.changed, account.is_sure) == (COUNT, [], [], True)
    assert titles(tmp_path / "new.db") == titles(filled)


def test_rows_that_were_removed_do_not_come_back_from_pages_given_back(filled: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("DELETE FROM project WHERE id > 100")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "第250个合作项目".encode() in filled.read_bytes()
    account = of_projects(salvage(without_pages(filled, 1, first_page_of(filled, "project")), tmp_path / "new.db"))
    assert sorted(titles(tmp_path / "new.db")) == list(range(1, 101))
    assert (account.lost, account.is_sure) == ([], True)


def test_the_last_save_is_found_where_only_the_log_has_it(filled: Path, tmp_path: Path) -> None:
    database = Database(filled)
    with database.write() as session:
        create_project(session, ProjectDraft(title="断电前的一条", foreign_places=("co:JP",)))
    damaged = without_pages(filled, 1)
    shutil.copyfile(filled.with_name("ledger.db-wal"), tmp_path / "damaged.db-wal")
    database.close()
    account = of_projects(salvage(damaged, tmp_path / "new.db"))
    assert titles(tmp_path / "new.db")[COUNT + 1] == "断电前的一条"
    assert account.lost == []


def test_what_names_a_lost_row_is_parted_from_it_and_the_ledger_can_be_worked_with(
    filled: Path, tmp_path: Path
) -> None:
    pages = [first_page_of(filled, table) for table in ("place", "code", "country", "organisation")]
    accounts = {account.table: account for account in salvage(without_pages(filled, *pages), tmp_path / "new.db")}
    assert (accounts["project"].saved, accounts["project"].lost) == (COUNT, [])
    assert len(accounts["place"].lost) == 2
    assert len(accounts["project_place"].lost) == 2 * COUNT
    assert (accounts["code"].lost, accounts["country"].lost) == ([], [])
    assert check_file(tmp_path / "new.db") == []
    opened = open_database(tmp_path / "new.db")
    with opened.write() as session:
        create_project(session, ProjectDraft(title="照常登记", domestic_places=("cn:310000",)))
    opened.close()
    assert "照常登记" in titles(tmp_path / "new.db").values()


def test_a_file_of_noise_is_refused(tmp_path: Path) -> None:
    noise = tmp_path / "noise.db"
    noise.write_bytes(random.Random(1).randbytes(50_000))
    with pytest.raises(sqlite3.DatabaseError):
        salvage(noise, tmp_path / "new.db")
