"""The helper that owns threads, against a small real database file."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError, UserError, Where
from bri_desktop.ui import dialogs
from bri_desktop.ui.runner import Job, Runner

PROJECT = Changes(frozenset({"project"}))


class Ledger:
    """A database file with one table of names."""

    def __init__(self, path: Path) -> None:
        self._engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
        with self.write() as session:
            session.execute(text("CREATE TABLE place (name TEXT UNIQUE)"))

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        with Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def stopping(self, session: Session, is_void: Callable[[], bool]) -> Iterator[None]:
        connection = session.connection().connection.driver_connection
        connection.set_progress_handler(is_void, 1000)
        yield
        connection.set_progress_handler(None, 0)


@dataclass(frozen=True)
class Saved:
    name: str
    changes: Changes


def names(session: Session) -> list[str]:
    return list(session.execute(text("SELECT name FROM place ORDER BY rowid")).scalars())


def add(session: Session, name: str) -> Saved:
    session.execute(text("INSERT INTO place VALUES (:name)"), {"name": name})
    return Saved(name, PROJECT)


def add_then_refuse(session: Session, name: str) -> Changes:
    add(session, name)
    raise InputError("disk_full", where=Where(file="a.db"))


def add_then_fail(session: Session, name: str) -> Changes:
    add(session, name)
    raise ZeroDivisionError("a mistake")


def wait_then(event: threading.Event, answer: str, _session: Session) -> str:
    assert event.wait(5)
    return answer


class Told:
    """Answers that only keep what the user was told."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def ask(self, parent, question, detail, choices):
        return None

    def tell(self, parent, message, detail):
        self.messages.append(message)

    def open_file(self, parent, title, filters, folder):
        return None

    def save_file(self, parent, title, filters, suggestion):
        return None


@pytest.fixture
def told() -> Iterator[Told]:
    answers = Told()
    with dialogs.answering(answers):
        yield answers


@pytest.fixture
def runner(qapp, told, tmp_path) -> Iterator[Runner]:
    made = Runner(Ledger(tmp_path / "names.db"))
    yield made
    made.close()


def test_read_gives_its_result_on_the_gui_thread(qtbot, runner):
    seen = []
    runner.read(
        lambda _session, a, b: (a + b, threading.current_thread().name),
        20,
        22,
        done=lambda result: seen.append((*result, threading.current_thread())),
    )
    qtbot.waitUntil(lambda: len(seen) == 1)
    total, worker, callback_thread = seen[0]
    assert total == 42
    assert worker.startswith("read")
    assert callback_thread is threading.main_thread()


def test_write_commits_before_done_and_before_the_signal(qtbot, runner):
    order = []
    me = QObject()
    runner.changed.connect(lambda changes, initiator: order.append(("changed", changes, initiator)))
    runner.write(add, "布拉格", done=lambda saved: order.append(("done", saved.name)), initiator=me)
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == [("done", "布拉格"), ("changed", PROJECT, me)]
    found = []
    runner.read(names, done=found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert found == [["布拉格"]]


def test_writes_keep_their_order_and_are_counted(qtbot, runner):
    counts, done = [], []
    runner.writing.connect(counts.append)
    for number in range(20):
        runner.write(add, f"{number:02}", done=lambda saved: done.append(saved.name))
    qtbot.waitUntil(lambda: len(done) == 20)
    assert done == [f"{number:02}" for number in range(20)]
    assert max(counts) == 20
    assert counts[-1] == 0


def test_refused_write_changes_nothing_and_says_one_sentence(qtbot, runner, told):
    signals = []
    runner.changed.connect(lambda *change: signals.append(change))
    runner.write(add_then_refuse, "甲", done=lambda _saved: signals.append("done"))
    qtbot.waitUntil(lambda: bool(told.messages))
    assert told.messages == ["a.db：磁盘已满，未作任何改动。"]
    assert signals == []
    found = []
    runner.read(names, done=found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert found == [[]]


def test_failed_is_asked_before_the_dialog(qtbot, runner, told):
    errors: list[UserError] = []
    runner.write(add_then_refuse, "甲", done=lambda _saved: None, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].code == "disk_full"
    assert told.messages == []


@pytest.mark.expects_log("work failed: a mistake")
def test_our_own_mistake_is_logged_and_reported(qtbot, runner, told, caplog):
    errors: list[UserError] = []
    runner.write(add_then_fail, "甲", done=lambda _saved: None, failed=errors.append)
    qtbot.waitUntil(lambda: bool(told.messages))
    assert errors == []
    record = next(record for record in caplog.records if "work failed" in record.message)
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
    found = []
    runner.read(names, done=found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert found == [[]]


@pytest.mark.expects_log("work failed: a write must return its changes")
def test_write_that_hides_its_changes_is_rolled_back(qtbot, runner, told):
    runner.write(lambda session: add(session, "甲").name, done=lambda _name: None)
    qtbot.waitUntil(lambda: bool(told.messages))
    found = []
    runner.read(names, done=found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert found == [[]]


def test_overtaken_read_is_dropped(qtbot, runner):
    release = threading.Event()
    seen = []
    runner.read(partial(wait_then, release, "first"), done=seen.append, replaces="filter")
    runner.read(partial(wait_then, release, "other"), done=seen.append, replaces="another key")
    runner.read(partial(wait_then, release, "second"), done=seen.append, replaces="filter")
    runner.read(partial(wait_then, release, "third"), done=seen.append, replaces="filter")
    release.set()
    qtbot.waitUntil(lambda: len(seen) == 2)
    marker = []
    runner.read(lambda _session: "end", done=marker.append)
    qtbot.waitUntil(lambda: bool(marker))
    assert sorted(seen) == ["other", "third"]


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_overtaken_query_is_broken_off(qtbot, runner):
    begun, seen = threading.Event(), []

    def endless(session):
        begun.set()
        session.execute(text(ENDLESS))

    runner.read(endless, done=seen.append, replaces="list", stops=True)
    assert begun.wait(10)
    runner.read(names, done=seen.append, replaces="list", stops=True)
    qtbot.waitUntil(runner.is_idle, timeout=10_000)
    assert seen == [[]]
    runner.read(endless, done=seen.append, replaces="list", stops=True)
    runner.drop("list")
    qtbot.waitUntil(runner.is_idle, timeout=10_000)
    assert seen == [[]]


def test_dropped_read_says_nothing(qtbot, runner):
    seen, marker = [], []
    runner.read(lambda _session: "late", done=seen.append, replaces="similar")
    runner.drop("similar")
    runner.read(lambda _session: "end", done=marker.append)
    qtbot.waitUntil(lambda: bool(marker))
    assert seen == []


def test_reads_go_on_beside_a_long_write(qtbot, runner):
    release = threading.Event()
    seen = []
    runner.write(lambda _session: (release.wait(5), PROJECT)[1], done=lambda _changes: seen.append("write"))
    runner.read(names, done=lambda _names: seen.append("read"))
    qtbot.waitUntil(lambda: seen == ["read"])
    release.set()
    qtbot.waitUntil(lambda: seen == ["read", "write"])


def test_callbacks_of_a_widget_that_is_gone_are_left_out(qtbot, runner):
    release = threading.Event()
    seen, marker = [], []
    form = QWidget()
    runner.read(partial(wait_then, release, "x"), done=seen.append, initiator=form)
    form.deleteLater()
    qtbot.wait(10)
    release.set()
    runner.read(lambda _session: "end", done=marker.append)
    qtbot.waitUntil(lambda: bool(marker))
    qtbot.wait(10)
    assert seen == []


def test_job_reports_and_is_cancelled(qtbot, runner, told):
    job = Job()
    seen: list[tuple[int, int]] = []
    begun = threading.Event()
    job.progressed.connect(lambda done, total: seen.append((done, total)))

    def count(report, is_cancelled):
        for number in range(1, 1_000_001):
            report(number, 1_000_000)
            begun.set()
            if is_cancelled():
                raise InputError("cancelled")
        return "all"

    errors: list[UserError] = []
    runner.compute(count, job.report, job.is_cancelled, done=lambda _all: None, failed=errors.append, job=job)
    assert begun.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].code == "cancelled"
    assert 1 <= len(seen) < 1000
    assert all(total == 1_000_000 for _, total in seen)


def test_last_step_is_always_reported(qtbot):
    job = Job()
    seen = []
    job.progressed.connect(lambda done, total: seen.append((done, total)))
    for number in range(1, 11):
        job.report(number, 10)
    assert seen[-1] == (10, 10)


def test_closing_finishes_the_writes_and_drops_the_rest(qtbot, told, tmp_path):
    ledger = Ledger(tmp_path / "names.db")
    runner = Runner(ledger)
    called = []
    for number in range(30):
        runner.write(add, f"{number:02}", done=called.append)
        runner.read(names, done=called.append)
    job = Job()
    runner.compute(lambda: _until(job.is_cancelled), done=called.append, failed=called.append, job=job)
    runner.close()
    qtbot.wait(10)
    with ledger.read() as session:
        assert len(names(session)) == 30
    assert called == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("read", "write", "compute"))]


def _until(is_cancelled) -> None:
    while not is_cancelled():
        threading.Event().wait(0.001)


def test_a_closed_runner_begins_nothing(qapp, tmp_path):
    runner, seen = Runner(Ledger(tmp_path / "names.db")), []
    runner.close()
    runner.read(names, done=seen.append)
    runner.compute(lambda: 1, done=seen.append)
    assert runner.is_idle()
    assert seen == []
