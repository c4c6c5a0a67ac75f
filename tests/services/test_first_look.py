"""What a start reads by itself is what every later read gives."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from some_projects import add, drafts

from bri_desktop.db.database import Database
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import DatabaseRefusedError
from bri_desktop.services.code_lists import add_code, delete_code
from bri_desktop.services.first_look import first_codebook, first_items
from bri_desktop.services.projects import delete_projects, find_ids, read_items
from bri_desktop.services.reference import read_codebook

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=10)


@SHARED
@given(st.lists(drafts(), min_size=1, max_size=4), st.integers(0, 3))
def test_first_items_are_those_of_the_ordinary_reading(ledger: Database, some: list, binned: int) -> None:
    keys = add(ledger, *some)
    with ledger.write() as session:
        delete_projects(session, keys[:binned])
    for count in (1, 3, 500):
        first = first_items(ledger.path, count)
        with ledger.read() as session:
            ids = find_ids(session, limit=count + 1)
            assert list(first.items) == read_items(session, ids[:count])
        assert first.is_all is (len(ids) <= count)


def test_an_empty_ledger_has_no_first_items(ledger: Database) -> None:
    assert first_items(ledger.path, 10).items == ()


def test_code_lists_are_those_of_the_ordinary_reading(ledger: Database) -> None:
    with ledger.write() as session:
        gone = add_code(session, "mode", "自定模式", "Own mode").code
        add_code(session, "domain", "自定领域", "Own domain")
    with ledger.write() as session:
        delete_code(session, "mode", gone)
    with ledger.read() as session:
        expected = read_codebook(session)
    found = first_codebook(ledger.path)
    assert state(found) == state(expected)
    assert found.label("mode", gone, "zh_CN") == "自定模式"


def state(book: CodeBook) -> dict[str, object]:
    return dict(vars(book))


def test_a_damaged_file_is_one_clear_error(ledger: Database) -> None:
    ledger.close()
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole[:8192] + b"\x00" * (len(whole) - 8192))
    with pytest.raises(DatabaseRefusedError) as refused:
        first_codebook(ledger.path)
    assert refused.value.code == "database_damaged"
