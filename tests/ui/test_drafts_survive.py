"""What is typed in a form comes back after the program was killed in the middle of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_context import small_world

from bri_desktop.db.database import open_database
from bri_desktop.services.reference import read_codebook
from bri_desktop.ui.projects.page import ProjectsPage
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.shared.context import WindowContext

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TYPING = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
application = QApplication([])
from bri_desktop.db.database import open_database
from bri_desktop.services.reference import read_codebook
from bri_desktop.ui.projects.page import ProjectsPage
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.shared.context import WindowContext

folder = Path(sys.argv[1])
database = open_database(folder / "ledger.db")
with database.read() as session:
    codes = read_codebook(session)
context = WindowContext(database, folder / "ledger.db", Runner(database), Settings(folder / "settings.ini"), codes)
page = ProjectsPage(context)
page.show()
page.activate()
page.new_project()
form = page.panel.form
form.editors["title"].widget.setText("赴布拉格访问")
form.editors["amount"].widget.setText("1800万")
form.editors["signed"].widget.setText("去年春")
form.editors["title"].widget.value_changed.emit()
end = time.monotonic() + 30
while "Draft kept" not in page.panel.state_label.text() and "草稿" not in page.panel.state_label.text():
    application.processEvents()
    if time.monotonic() > end:
        sys.exit("nothing was kept")
print("typed", flush=True)
while True:
    application.processEvents()
"""


@contextmanager
def reopened(folder: Path) -> Iterator[WindowContext]:
    """Give the context of a new start on the ledger in ``folder``."""
    database = open_database(folder / "ledger.db")
    with database.read() as session:
        codes = read_codebook(session)
    runner = Runner(database)
    yield WindowContext(database, folder / "ledger.db", runner, Settings(folder / "settings.ini"), codes)
    runner.close()
    database.close()


def test_a_half_filled_form_comes_back_after_a_kill(qtbot, tmp_path: Path) -> None:
    with small_world(tmp_path) as world:
        world.add(title="甲")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    with subprocess.Popen(
        [sys.executable, "-c", TYPING, str(tmp_path)],
        stdout=subprocess.PIPE, text=True, env=environment,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "typed\n"
        child.send_signal(signal.SIGKILL)
    with reopened(tmp_path) as context:
        page = ProjectsPage(context)
        qtbot.addWidget(page)
        page.show()
        page.activate()
        qtbot.waitUntil(lambda: page.beside.shows_panel(), timeout=20_000)
        form = page.panel.form
        assert page.panel.restored.isVisible()
        assert form.editors["title"].widget.text() == "赴布拉格访问"
        assert form.editors["signed"].widget.text() == "去年春"
        assert form.draft().amount is not None and form.draft().amount.amount == 18_000_000
        page.panel.revert()
        assert page.panel.unsaved_keys() == []
        qtbot.waitUntil(lambda: page.count_label.text() != "", timeout=20_000)
        page.close()
