"""A broken file gives up every row that can still be read, and the account of it is true."""

import random
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


@pytest.fixture
def filled(ledger: Database) -> Path:
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
    with closing(sqlite3.connect(ledger.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ledger.path


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


@pytest.mark.parametrize("seed", range(5))
def test_whatever_breaks_the_account_adds_up(filled: Path, tmp_path: Path, seed: int) -> None:
    chance, data = random.Random(seed), bytearray(filled.read_bytes())
    for _ in range(3):
        start = chance.randrange(2, len(data) // PAGE) * PAGE
        data[start : start + PAGE] = chance.randbytes(PAGE)
    damaged, new = tmp_path / "damaged.db", tmp_path / "new.db"
    damaged.write_bytes(data)
    try:
        account = of_projects(salvage(damaged, new))
    except sqlite3.DatabaseError:
        return
    before, after = titles(filled), titles(new)
    assert all(before[row] == title for row, title in after.items() if row not in account.changed)
    assert len(after) == account.saved + len(account.from_copy)
    if account.is_sure:
        assert set(before) - set(after) <= set(account.lost)


def test_a_file_of_noise_is_refused(tmp_path: Path) -> None:
    noise = tmp_path / "noise.db"
    noise.write_bytes(random.Random(1).randbytes(50_000))
    with pytest.raises(sqlite3.DatabaseError):
        salvage(noise, tmp_path / "new.db")
