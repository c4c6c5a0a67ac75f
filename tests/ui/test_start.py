"""A start shows the first rows of the ledger before what only later work needs is loaded."""

import os
import subprocess
import sys

from small_context import small_world

START = """
import sys
from bri_desktop import app, start
from bri_desktop.arguments import GlobalOptions

wait = start.wait_until

def noting(ready, seconds=30.0):
    wait(ready, seconds)
    late = ("sqlalchemy", "alembic", "openpyxl", "xlsxwriter", "python_calamine", "matplotlib", "numpy", "docx")
    print("loaded", [name for name in late if name in sys.modules])
    window = next(w for w in app.QApplication.topLevelWidgets() if isinstance(w, app.MainWindow))
    model = window.page("projects").model
    print("rows", [model.row_at(row).draft.title for row in range(model.rowCount())])

start.wait_until = noting
raise SystemExit(start.run_window(GlobalOptions(db=sys.argv[1]), page="projects", until_shown=True))
"""


def test_the_first_rows_come_before_sqlalchemy(tmp_path):
    with small_world(tmp_path) as world:
        world.add(title="旧项目", signed="2001", domestic_places=("cn:110000",))
        world.add(title="新项目", signed="2017-05", domestic_places=("cn:370200",), foreign_places=("gn:2",))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    started = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path / "ledger.db")],
        capture_output=True, text=True, env=environment, check=True, timeout=120,
    )  # fmt: skip
    said = started.stdout.splitlines()
    assert said[0] == "loaded []", "what is imported at the top of a module of the first page delays every start"
    assert said[1] == "rows ['新项目', '旧项目']"
    assert started.stderr == ""
