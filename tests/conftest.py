"""What every test runs under: no screen, no user's own folders, and silence.

Qt draws off screen unless ``BRI_TEST_DISPLAY`` is set, which keeps the windows on the display in use. A test fails
that logs a warning or worse without having announced it by ``@pytest.mark.expects_log(pattern)``, or that leaves a
thread behind.
"""

import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

if not os.environ.get("BRI_TEST_DISPLAY"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.pop("DISPLAY", None)
    os.environ.pop("WAYLAND_DISPLAY", None)
_HOME = tempfile.TemporaryDirectory(prefix="bri-test-", ignore_cleanup_errors=True)
for _name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = str(Path(_HOME.name, _name.lower()))

# Everything below may import Qt, which reads the environment once.
import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from bri_desktop import i18n  # noqa: E402
from bri_desktop.db.database import Database, create_database  # noqa: E402

THREAD_GRACE = 5.0
"""Seconds that a thread may take to end after its test."""

settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("project")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "expects_log(pattern): a record at WARNING or above that matches the regular expression must come"
    )


class _Loud(logging.Handler):
    """Keeps the records that nobody should have had a reason to write."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def silence(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test whose log is not exactly what it announced."""
    patterns = [mark.args[0] for mark in request.node.iter_markers("expects_log")]
    loud = _Loud()
    logging.getLogger().addHandler(loud)
    yield
    logging.getLogger().removeHandler(loud)
    unexpected = [line for line in loud.messages if not any(re.search(pattern, line) for pattern in patterns)]
    missing = [pattern for pattern in patterns if not any(re.search(pattern, line) for line in loud.messages)]
    if unexpected or missing:
        pytest.fail(
            "\n".join(
                [
                    *(f"unexpected log: {line}" for line in unexpected),
                    *(f"announced but not logged: {pattern}" for pattern in missing),
                ]
            ),
            pytrace=False,
        )


def _threads() -> set[threading.Thread]:
    """Return Python's own threads; a native one that once ran Python keeps a dummy entry after its end."""
    return {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}


def _pool_is_busy() -> bool:
    core = sys.modules.get("PySide6.QtCore")
    return core is not None and core.QThreadPool.globalInstance().activeThreadCount() > 0


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread of Python's or of Qt's shared pool running."""
    before = _threads()
    yield
    end = time.monotonic() + THREAD_GRACE
    while (left := _threads() - before) or _pool_is_busy():
        if time.monotonic() > end:
            pytest.fail(
                f"threads left behind: {sorted(thread.name for thread in left) or 'in Qt thread pool'}", pytrace=False
            )
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    """Start and end each test in the language that the program starts in."""
    i18n.set_language(i18n.DEFAULT_LANGUAGE)
    yield
    i18n.set_language(i18n.DEFAULT_LANGUAGE)


@pytest.fixture(scope="session")
def x_display() -> Iterator[str]:
    """Return the name (``:99``) of a real X server of 1366 × 768, for a program started as a process of its own."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    if not number:
        server.wait()
        pytest.fail("Xvfb did not start", pytrace=False)
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new ledger's file, to be copied and never written: making one takes longer than a copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    create_database(path)
    return path


@pytest.fixture
def ledger_path(empty_ledger: Path, tmp_path: Path) -> Path:
    """Return the file of an empty ledger of the test's own."""
    path = tmp_path / "ledger.db"
    shutil.copyfile(empty_ledger, path)
    return path


@pytest.fixture
def ledger(ledger_path: Path) -> Iterator[Database]:
    """Return an empty ledger of the test's own, open."""
    database = Database(ledger_path)
    yield database
    database.close()
