"""Pages read without SQLite hold what SQLite wrote into them, whatever its length, and damage never raises."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_desktop.db.pages import INDEX_LEAF, INDEX_NODE, TABLE_LEAF, PageFile, Record

WHOLE = st.integers(-(2**63), 2**63 - 1)
VALUES = st.none() | WHOLE | st.floats(allow_nan=False) | st.text(max_size=30) | st.binary(max_size=30)


def records(path: Path, *kinds: int) -> list[Record]:
    with PageFile(path) as pages:
        numbers = range(1, pages.count + 1)
        return [one for number in numbers if pages.kind(number) in kinds for one in pages.records(number)]


def written(path: Path, rows: list[tuple[int, object, object]], *, size: int = 4096, further: str = "") -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size={size}")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        connection.execute(f"CREATE TABLE kept (id INTEGER PRIMARY KEY, one, two){further}")
        connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")


@given(st.dictionaries(WHOLE, st.tuples(VALUES, VALUES), max_size=30))
@settings(max_examples=60)
def test_every_value_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[int, tuple]
) -> None:
    path = tmp_path_factory.mktemp("pages") / "a.db"
    written(path, [(row, *values) for row, values in rows.items()])
    found = {record.row: record.values for record in records(path, TABLE_LEAF) if len(record.values) == 3}
    assert repr(sorted(found.items())) == repr(sorted((row, (None, *values)) for row, values in rows.items()))


@pytest.mark.parametrize("size", [512, 1024, 4096, 65536])
def test_long_texts_go_on_in_other_pages(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.db"
    rows = [(number, "长" * length, None) for number, length in enumerate([1, 100, 340, 341, 1353, 1354, 30_000], 1)]
    written(path, rows, size=size)
    found = {record.row: record.values[1] for record in records(path, TABLE_LEAF) if len(record.values) == 3}
    assert found == {row: text for row, text, _none in rows}


def test_a_table_without_row_numbers_is_read_from_all_its_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    written(path, [(number, "x" * 50, number * 3) for number in range(1000)], further=" WITHOUT ROWID")
    found = sorted(record.values for record in records(path, INDEX_LEAF, INDEX_NODE))
    assert found == [(number, "x" * 50, number * 3) for number in range(1000)]


def test_what_only_the_log_has_is_read_and_what_was_not_committed_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, one)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("INSERT INTO kept VALUES (7, '已保存')")
        connection.execute("PRAGMA cache_size=1")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO kept VALUES (?, ?)", [(number, "未" * 900) for number in range(8, 60)])
        assert path.with_name("a.db-wal").stat().st_size > 50_000, "nothing of the open write is in the log"
        found = [(one.row, one.values[1]) for one in records(path, TABLE_LEAF) if len(one.values) == 2]
        connection.execute("ROLLBACK")
    assert found == [(7, "已保存")]


@pytest.mark.parametrize("seed", range(8))
def test_no_damage_raises(tmp_path: Path, seed: int) -> None:
    path, chance = tmp_path / "a.db", random.Random(seed)
    written(path, [(number, "文" * chance.randrange(3000), number / 7) for number in range(60)])
    data = bytearray(path.read_bytes())
    for _ in range(300):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data[: chance.randrange(1, len(data))])
    with PageFile(path) as pages:
        for number in range(-1, pages.count + 3):
            list(pages.records(number))
            if pages.kind(number) in (INDEX_NODE, 5):
                pages.children(number)


def test_an_empty_file_has_no_pages(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    assert records(tmp_path / "a.db", TABLE_LEAF) == []
