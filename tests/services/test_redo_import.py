"""An import taken back and done again: its records, and the rows that it keeps aside."""

from pathlib import Path

from sqlalchemy import select

from bri_desktop.__main__ import main
from bri_desktop.db.database import Database
from bri_desktop.db.models import ImportBatch, PendingRow
from bri_desktop.services.history import undo_last
from bri_desktop.services.projects import count_projects
from bri_desktop.services.redo import redo_last


def state(ledger: Database) -> tuple[int, str | None, bool]:
    """Return the number of projects, how the row kept aside was settled, and whether the import is taken back."""
    with ledger.read() as session:
        settled = session.execute(select(PendingRow.settled_how)).scalar_one()
        undone = session.execute(select(ImportBatch.undone_at)).scalar_one()
        return count_projects(session), settled, undone is not None


def test_an_import_stands_again_with_its_rows_kept_aside(ledger_path: Path, tmp_path: Path) -> None:
    book = tmp_path / "台账.csv"
    book.write_text("项目名称,国内城市,签署日期\n论坛,青岛市,2017.5\n展览,北京市,2017年底\n", encoding="utf-8-sig")
    main(["--db", str(ledger_path), "import", str(book)])
    ledger = Database(ledger_path)
    assert state(ledger) == (1, None, False)
    for act, expected in ((undo_last, (0, "undone", True)), (redo_last, (1, None, False)),
                          (undo_last, (0, "undone", True))):  # fmt: skip
        with ledger.write() as session:
            act(session)
        assert state(ledger) == expected
    ledger.close()
