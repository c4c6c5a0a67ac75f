"""Opening, locking and refusing files: a fault of the file is one clear code, and costs nobody a row."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from bri_desktop.db import engines
from bri_desktop.db.database import Database, create_database, open_database, schema_version
from bri_desktop.db.models import Meta
from bri_desktop.db.types import from_scaled, to_scaled
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, UserError

COUNTRIES = 200
"""196 countries, China and its three regions: the rows of ``countries.csv``."""


def refusal(path: Path, *, create: bool = True) -> UserError:
    with pytest.raises(UserError) as refused:
        open_database(path, create=create)
    return refused.value


def test_a_new_ledger_is_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "台账.db"
    database = open_database(path)
    with database.read() as session:
        assert session.get(Meta, "created") is not None
    database.close()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == ["台账.db"]


@pytest.mark.parametrize("name", ["a b.db", "100% 台账.db", "what?.db", "no#1.db", "a&b=c;d.db", "'quote\".db"])
def test_any_file_name_holds_a_ledger(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    open_database(path).close()
    open_database(path).close()
    assert sorted(file.name for file in tmp_path.iterdir()) == [name]


@pytest.mark.parametrize(
    ("pragma", "writer", "reader"),
    [("foreign_keys", 1, 1), ("journal_mode", "wal", "wal"), ("synchronous", 2, 2), ("query_only", 0, 1)],
)
def test_connections_carry_the_pragmas(ledger: Database, pragma: str, writer: object, reader: object) -> None:
    with ledger.write() as session:
        assert session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar() == writer
    with ledger.read() as session:
        assert session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar() == reader


def test_a_read_session_cannot_write(ledger: Database) -> None:
    with pytest.raises(DatabaseRefusedError) as refused, ledger.read() as session:
        session.add(Meta(name="x", value="y"))
        session.flush()
    assert refused.value.code == "database_read_only"
    with ledger.read() as session:
        assert session.get(Meta, "x") is None


def test_an_exception_takes_the_whole_write_back(ledger: Database) -> None:
    with pytest.raises(KeyError), ledger.write() as session:
        session.add(Meta(name="x", value="y"))
        session.flush()
        raise KeyError
    with ledger.read() as session:
        assert session.get(Meta, "x") is None


def test_a_reader_sees_one_state_beside_a_writer(ledger: Database) -> None:
    with ledger.read() as session:
        session.get(Meta, "created")
        with ledger.write() as other:
            other.add(Meta(name="x", value="y"))
        assert session.get(Meta, "x") is None
    with ledger.read() as session:
        assert session.get(Meta, "x") is not None


def test_a_second_writer_waits_and_then_says_so(ledger_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_MILLISECONDS", 50)
    first, second = Database(ledger_path), Database(ledger_path)
    with first.write() as session:
        session.add(Meta(name="first", value="kept"))
        session.flush()
        with pytest.raises(DatabaseRefusedError) as refused, second.write() as other:
            other.add(Meta(name="second", value="lost"))
        assert refused.value.code == "database_locked"
        assert refused.value.where.file == str(ledger_path)
    with second.write() as session:
        session.add(Meta(name="second", value="now"))
    with first.read() as session:
        assert {row.name: row.value for row in session.query(Meta) if row.name != "created"} == {
            "first": "kept",
            "second": "now",
        }
    first.close()
    second.close()


def test_a_read_then_write_never_meets_a_stale_snapshot(ledger: Database) -> None:
    """With a deferred transaction the second of two read-then-write threads would fail at once."""
    with ledger.write() as session:
        session.add(Meta(name="count", value="0"))

    def add_one() -> None:
        for _ in range(20):
            with ledger.write() as session:
                row = session.get_one(Meta, "count")
                row.value = str(int(row.value) + 1)

    threads = [threading.Thread(target=add_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledger.read() as session:
        assert session.get_one(Meta, "count").value == "40"


def test_a_commit_is_noticed_whoever_made_it(ledger: Database) -> None:
    watch = ledger.watch()
    before = watch()
    assert watch() == before
    with closing(sqlite3.connect(ledger.path)) as other:
        other.execute("INSERT INTO meta VALUES ('x', 'y')")
        other.commit()
    between = watch()
    assert between != before
    with ledger.write() as session:
        session.add(Meta(name="own", value="y"))
        session.flush()
        assert watch() == between, "nothing is committed yet, and looking waits for no writer"
    assert watch() != between
    watch.close()


def test_missing_is_not_made_where_it_was_not_asked_for(tmp_path: Path) -> None:
    error = refusal(tmp_path / "none.db", create=False)
    assert (error.code, isinstance(error, InputError)) == ("database_missing", True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "database_unreachable"


@pytest.mark.parametrize(
    "content", [b"x", b"PK\x03\x04 a workbook", b"SQLite format 2\x00" * 10, "台账".encode() * 500]
)
def test_another_kind_of_file_is_no_ledger(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    error = refusal(path)
    assert (error.code, isinstance(error, DatabaseRefusedError)) == ("database_not_ledger", True)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE cookies (id)")
    before = path.read_bytes()
    assert refusal(path).code == "database_not_ledger"
    assert path.read_bytes() == before


def test_a_database_of_another_program_with_migrations_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE cookies (id)")
        connection.execute("CREATE TABLE alembic_version (version_num)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.commit()
    before = path.read_bytes()
    assert refusal(path).code == "database_not_ledger"
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_whole_ledger(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    database = open_database(path)
    with database.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM country").scalar_one() > 190
    database.close()


@pytest.mark.parametrize("kept", [100, 1024, 4096, 9000])
def test_a_cut_off_file_is_damaged(ledger_path: Path, kept: int) -> None:
    content = ledger_path.read_bytes()[:kept]
    ledger_path.write_bytes(content)
    assert refusal(ledger_path).code == "database_damaged"
    assert ledger_path.read_bytes() == content


def test_a_file_damaged_inside_says_so_when_it_is_read(ledger_path: Path) -> None:
    content = bytearray(ledger_path.read_bytes())
    content[8192:] = b"\x5a" * (len(content) - 8192)
    ledger_path.write_bytes(content)
    with pytest.raises(DatabaseRefusedError) as refused:
        database = open_database(ledger_path)
        with database.read() as session:
            session.connection().exec_driver_sql("SELECT * FROM country").fetchall()
    assert refused.value.code == "database_damaged"


def test_a_new_ledger_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("no folder")
    with pytest.raises(DatabaseRefusedError) as refused:
        create_database(blocker / "new.db")
    assert refused.value.code == "database_unreachable"
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def read_then_write(path: Path) -> str:
    """Return what a reader and a writer of the ledger come to."""
    countries: object = "refused"
    try:
        database = open_database(path)
        with database.read() as session:
            countries = session.connection().exec_driver_sql("SELECT count(*) FROM country").scalar_one()
        with database.write() as session:
            session.add(Meta(name="x", value="y"))
        return f"{countries} written"
    except UserError as error:
        assert error.code == "database_read_only"
        return countries if countries == "refused" else f"{countries} {error.code}"


def as_nobody(work: Callable[[Path], str], path: Path) -> str:
    """Return what ``work`` says in a process of a user who owns nothing: to root no file is read-only."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            os.write(write, work(path).encode())
        except BaseException as error:  # noqa: BLE001 - a forked child may not return into the test run
            os.write(write, repr(error).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as answer:
        return answer.read()


@pytest.fixture
def public_folder(tmp_path: Path) -> Path:
    """Return a folder that every user can reach."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == tmp_path.owner() and folder != Path(folder.anchor):
            folder.chmod(folder.stat().st_mode | 0o055)
        if folder.name.startswith("pytest-of-"):
            break
    return tmp_path


@pytest.mark.parametrize(("folder_mode", "verdict"), [(0o777, f"{COUNTRIES} database_read_only"), (0o555, "refused")])
def test_a_read_only_ledger_says_so_and_stays_as_it_is(
    public_folder: Path, empty_ledger: Path, folder_mode: int, verdict: str
) -> None:
    """SQLite's write-ahead log needs a writable folder even to read: on a read-only volume the ledger is refused."""
    folder = public_folder / "share"
    folder.mkdir()
    path = folder / "ledger.db"
    shutil.copyfile(empty_ledger, path)
    path.chmod(0o444)
    folder.chmod(folder_mode)
    before = path.read_bytes()
    assert as_nobody(read_then_write, path) == verdict
    assert path.read_bytes() == before


def test_the_schema_of_a_large_file_is_read_from_its_start(ledger_path: Path) -> None:
    with closing(sqlite3.connect(ledger_path)) as connection:
        connection.execute("INSERT INTO meta VALUES ('large', zeroblob(200000000))")
        connection.commit()
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    schema_version(ledger_path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


# -- exact decimals ----------------------------------------------------------------------------------------------------

EXACT = st.decimals(min_value=-(9 * 10**14), max_value=9 * 10**14, allow_nan=False, allow_infinity=False, places=4)


@given(EXACT)
def test_decimals_come_back_exactly(value: Decimal) -> None:
    assert from_scaled(to_scaled(value)) == value


@given(EXACT, EXACT)
def test_stored_order_is_the_order_of_the_values(first: Decimal, second: Decimal) -> None:
    assert (to_scaled(first) < to_scaled(second)) == (first < second)


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_every_stored_integer_is_one_decimal(value: int) -> None:
    assert to_scaled(from_scaled(value)) == value
    assert "E" not in str(from_scaled(value))


@pytest.mark.parametrize("text", ["0.00001", "NaN", "Infinity", "-Infinity", "1E+20", "922337203685478"])
def test_what_would_lose_a_digit_is_refused(text: str) -> None:
    if text == "922337203685478":  # the largest 64-bit integer is 9223372036854775807
        assert to_scaled(Decimal(text) - 1) == 9223372036854770000
        text = "922337203685477.5808"
    with pytest.raises(ValueError):
        to_scaled(Decimal(text))


def test_a_float_does_not_slip_into_the_ledger(ledger: Database) -> None:
    from bri_desktop.db.models import Project

    with pytest.raises((StatementError, TypeError, ValueError)), ledger.write() as session:
        session.add(Project(title="x", amount=0.1, visibility="public", created_at="", updated_at=""))
