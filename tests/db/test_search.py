"""The search index against a plain scan of the same texts, through every way in which a text changes."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db import search
from bri_desktop.db.database import Database, open_database
from bri_desktop.db.listing import FEW, NEWEST, Listing, all_ids, first_ids, sums, sums_of
from bri_desktop.db.models import Project, ProjectSearch, SearchGap
from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.filter import parse_filter
from bri_desktop.domain.folding import fold
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.history import undo_last
from bri_desktop.services.projects import create_project, delete_projects, restore_projects, update_project

WORDS = (
    *("港口", "能源", "合作项目", "能", "源", "友好城市", "北京市", "bei jing", "Beijing", "bjs", "12", "2017"),
    *("ＡＢＣ", "１２３", "%", "_", "a_b", "100%", "*", '"', "'", "\\", "$5", "C++", "<=>", "é", "ß", "🚢", "👩‍🚀"),
    *("港", "a", "1", "。", "，", "龍", "龙", "ü", "Ω", "か", "が", "한국", "𠮷", "NEAR", "AND", "OR NOT", "pairs:"),
)
TEXT = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), min_size=1, max_size=6).map("".join)
SPACED = st.lists(st.one_of(st.sampled_from(WORDS), TEXT), min_size=1, max_size=3).map(" ".join)


def storable(text: str) -> str:
    return "".join(char for char in text if char != "\0" and not "\ud800" <= char <= "\udfff")


def scanned(session: Session, words: list[str]) -> list[int]:
    """Return the ids whose text holds every word, by reading all of them."""
    query = select(ProjectSearch.project_id).order_by(ProjectSearch.project_id)
    return list(session.scalars(query.where(*(func.instr(ProjectSearch.text, word) > 0 for word in words))))


def found(session: Session, text: str) -> list[int]:
    return sorted(all_ids(session, Listing(search=text)))


def indexed(session: Session, words: list[str]) -> list[int]:
    return sorted(session.scalars(select(Project.id).where(search.found_by_index(words))))


def titled(*titles: str, start: int = 1990) -> list[ProjectDraft]:
    return [
        ProjectDraft(title=title, signed=PartialDate(str(start + n % 30)), visibility="public")
        for n, title in enumerate(titles)
    ]


def put(ledger: Database, *titles: str) -> list[int]:
    with ledger.write() as session:
        return ProjectStore(session).insert(titled(*titles))


@pytest.fixture(scope="module")
def room(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return a ledger for many examples, each taken back at its end."""
    path = tmp_path_factory.mktemp("search") / "ledger.db"
    shutil.copyfile(empty_ledger, path)
    database = Database(path)
    yield database
    database.close()


class TakeBackError(Exception):
    """Ends an example: nothing of it stays."""


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.lists(TEXT.map(storable), min_size=1, max_size=12), st.lists(SPACED.map(storable), min_size=1, max_size=6))
def test_index_and_scan_find_the_same(room: Database, titles: list[str], searches: list[str]) -> None:
    with pytest.raises(TakeBackError), room.write() as session:
        ProjectStore(session).insert(titled(*titles))
        for text in (*searches, *(title[1:3] for title in titles)):
            words = search.search_words(text)
            assert found(session, text) == scanned(session, words), text
            assert indexed(session, words) == scanned(session, words), text
        raise TakeBackError


STEPS = st.lists(
    st.tuples(st.sampled_from(["one", "many", "change", "fill"]), st.integers(0, 200), TEXT.map(storable)), max_size=8
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(STEPS, st.lists(SPACED.map(storable), min_size=1, max_size=4))
def test_every_way_of_writing_keeps_the_index_in_step(
    room: Database, steps: list[tuple[str, int, str]], searches: list[str]
) -> None:
    with pytest.raises(TakeBackError), room.write() as session:
        store, ids = ProjectStore(session), []
        for step, number, text in steps:
            if step == "one":
                ids += store.insert(titled(text))
            elif step == "many":
                ids += store.insert(titled(*(f"{text}{n}" for n in range(search.AT_ONCE + 1))))
            elif step == "change" and ids:
                store.update(ids[number % len(ids)], titled(text)[0], version=2)
            elif step == "fill":
                search.fill(session, count=number + 1)
            for wanted in (*searches, text):
                words = search.search_words(wanted)
                assert indexed(session, words) == scanned(session, words), wanted
        while search.fill(session, count=37):
            pass
        assert session.scalars(select(SearchGap)).all() == []
        for wanted in searches:
            assert found(session, wanted) == scanned(session, search.search_words(wanted))
        raise TakeBackError


def test_pairs_of_each_word_and_its_last_character() -> None:
    assert search.pairs("能源ab 𠮷") == "能源 源a ab b   𠮷 𠮷  "
    assert search.pairs("") == ""


def test_folding_leaves_no_character_that_the_index_would_pass_over() -> None:
    plain = {char for char in map(chr, range(128)) if fold(char)}
    assert {char for char in plain if not char.isalnum()} == set("$+<=>")


def test_long_imports_leave_one_gap_that_is_filled_in_turns(ledger: Database) -> None:
    first = put(ledger, *(f"能源{n}" for n in range(100)))
    second = put(ledger, *(f"港口{n}" for n in range(60)))
    single = put(ledger, "能源单")
    third = put(ledger, *(f"能源{n}" for n in range(51)))
    with ledger.write() as session:
        gaps = [(gap.first_id, gap.last_id) for gap in session.scalars(select(SearchGap).order_by(SearchGap.first_id))]
        assert gaps == [(first[0], second[-1]), (third[0], third[-1])]
        assert found(session, "能源") == [*first, *single, *third]
        assert search.fill(session, count=150)
        assert found(session, "能源") == [*first, *single, *third]
        assert found(session, "港口") == second
        assert search.fill(session, count=150)
        assert not search.fill(session, count=150)
        assert found(session, "能源") == [*first, *single, *third]
        assert not search.fill(session)


def test_what_is_changed_deleted_restored_and_undone_is_found_as_it_is(ledger: Database) -> None:
    def hits(text: str) -> list[int]:
        with ledger.read() as session:
            return found(session, text)

    with ledger.write() as session:
        key = create_project(session, ProjectDraft(title="直飞航线", status="active", visibility="public")).key
    assert (hits("航线"), hits("hangxian"), hits("zfhx")) == ([1], [1], [1])
    with ledger.write() as session:
        update_project(session, key, ProjectDraft(title="海铁联运", status="active"), seen_version=1)
    assert (hits("航线"), hits("联运"), hits("hangxian")) == ([], [1], [])
    with ledger.write() as session:
        undo_last(session)
    assert (hits("航线"), hits("联运")) == ([1], [])
    with ledger.write() as session:
        delete_projects(session, [key])
    assert hits("航线") == []
    with ledger.write() as session:
        restore_projects(session, [key])
    assert hits("航线") == [1]


def test_a_write_that_fails_leaves_the_index_as_it_was(ledger: Database) -> None:
    put(ledger, "能源")
    with pytest.raises(TakeBackError), ledger.write() as session:
        ProjectStore(session).insert(titled("港口", "港湾"))
        raise TakeBackError
    with ledger.read() as session:
        assert (found(session, "港"), found(session, "能")) == ([], [1])


def test_the_texts_of_an_older_ledger_are_found_and_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    dump = Path(__file__).parents[1] / "fixtures" / "schema-0001.sql"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
        connection.execute("DELETE FROM project_search")
        connection.execute("INSERT INTO project_search VALUES (1, '上海大阪友好城市 shdb'), (2, '中白工业园')")
        connection.commit()
    database = open_database(path)
    with database.write() as session:
        assert (found(session, "大阪"), found(session, "工业"), found(session, "shdb")) == ([1], [2], [1])
        assert not search.fill(session)
        assert (found(session, "大阪"), found(session, "工业"), found(session, "shdb")) == ([1], [2], [1])
    database.close()


@pytest.fixture(scope="module")
def many(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return a ledger larger than the first look and than what is named by its ids."""
    path = tmp_path_factory.mktemp("many") / "ledger.db"
    shutil.copyfile(empty_ledger, path)
    database = Database(path)
    rare = {7: "榆林", 900: "榆林", NEWEST + 400: "榆林"}
    titles = [f"{'能源' if n % 2 else '港口'}{rare.get(n, '')}第{n}期" for n in range(NEWEST + 600)]
    drafts = [
        ProjectDraft(title=title, signed=None if n % 97 == 0 else PartialDate(f"{1990 + n % 30}"), visibility="public",
                     amount=Money(Decimal(n + 1), "CNY" if n % 3 else "USD"), status="active" if n % 5 else None)
        for n, title in enumerate(titles)
    ]  # fmt: skip
    with database.write() as session:
        ProjectStore(session).insert(drafts)
        while search.fill(session):
            pass
    yield database
    database.close()


@pytest.mark.parametrize("text", ["", "能源", "榆林", "第1", "期", "不存在", "能源 第12", "nengyuan", "ny", "1"])
@pytest.mark.parametrize("words", ["", "status = active", "status is empty and year < 2001", "title ~ 榆林"])
@pytest.mark.parametrize("sort", [(), (("start", True),), (("start", False),), (("title", False), ("start", True))])
def test_the_first_rows_are_the_beginning_of_all(
    many: Database, text: str, words: str, sort: tuple[tuple[str, bool], ...]
) -> None:
    listing = Listing(parse_filter(words), text, sort)
    with many.read() as session:
        everything = all_ids(session, listing)
        assert first_ids(session, listing, 65) == everything[:65]
        assert sums(session, listing) == sums_of(session, everything)
        if not words:
            assert sorted(everything) == scanned(session, search.search_words(text))


def test_the_ledger_of_these_tests_takes_every_way(many: Database) -> None:
    with many.read() as session:
        assert search.few_holding(session, ["能源"], FEW) is None
        assert search.few_holding(session, ["榆林"], FEW) == [8, 901, NEWEST + 401]


@given(st.text(st.sampled_from("港口能源aB9龍"), min_size=1, max_size=4), TEXT.map(storable), TEXT.map(storable))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_a_condition_on_a_text_is_not_narrowed_by_the_index(
    room: Database, value: str, before: str, after: str
) -> None:
    with pytest.raises(TakeBackError), room.write() as session:
        (project_id,) = ProjectStore(session).insert(titled(before + value + after))
        assert all_ids(session, Listing(parse_filter(f"title ~ {value}"))) == [project_id]
        raise TakeBackError
