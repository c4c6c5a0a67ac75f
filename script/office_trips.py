"""Round trips through LibreOffice: what it saves again is what we wrote, cell by cell.

Every case writes to a folder of its own and says what came back; the exit status is 1 where a cell changed.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bri_desktop.db.database import Database, create_database, open_database
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.excel.reader import read
from bri_desktop.excel.writer import ExportColumn, write_ledger
from bri_desktop.services.exchange import ImportOptions, file_digest, plan_import
from bri_desktop.services.intake_sheets import chosen_sheets
from bri_desktop.services.issuing import Order, issue
from bri_desktop.services.ledger_out import export_projects
from bri_desktop.services.merging import plan_merge
from bri_desktop.services.projects import create_project

SECONDS = 600
FORMATS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods:calc8", "xls": "xls:MS Excel 97"}
TEXTS = (
    "00123", "123456789012345678", "=1+1", "+86 10 1234", "-5", "@提及", "第一行\n第二行", "🤝 合作 🌏", "1-2",
    "2017-05", "2017年5月17日", "TRUE", "1E5", "'单引号", '"双引号"', "a<b>&c", " 前后空格 ", "_x000D_", "12%", "1/2",
    "３．５", "#N/A!",
)  # fmt: skip


def resaved(path: Path, folder: Path, suffix: str) -> Path:
    """Let LibreOffice open a workbook and save it as another kind; ``RuntimeError`` where it wrote nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", FORMATS[suffix], "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    shutil.rmtree(folder / "profile", ignore_errors=True)
    made = folder / f"{path.stem}.{suffix}"
    if not made.is_file():
        raise RuntimeError(f"nothing was written for {path.name}")
    return made


def ledger(path: Path, count: int) -> Database:
    """Make a ledger of projects of every kind of value."""
    create_database(path)
    database = open_database(path)
    places = (("cn:610100", "西安"), ("cn:440100", "广州"))
    with database.write() as session:
        for number in range(count):
            key, name = places[number % 2]
            dates = (PartialDate("2017"), PartialDate("2017-05"), PartialDate("2017-05-17"), None)
            amount = (Money(Decimal("18000000.55"), "CNY"), Money(Decimal("200000000"), "USD"), None)[number % 3]
            text = TEXTS[number % len(TEXTS)]
            draft = ProjectDraft(
                title=f"{name}合作 {number} {text}".strip(),
                domestic_places=(key,),
                signed=dates[number % 4],
                amount=amount,
                note=text.strip(),
                summary="长" * 32_767 if number == 1 else None,
            )
            create_project(session, draft)
    return database


def ledger_trip(folder: Path, count: int) -> Iterator[str]:
    """Export, save again as each kind, import: every row has to be unchanged."""
    database = ledger(folder / "ledger.db", count)
    with database.read() as session:
        export_projects(session, folder / "ledger.xlsx")
    for suffix in FORMATS:
        path = resaved(folder / "ledger.xlsx", folder / suffix, suffix)
        with read(path) as grid, database.read() as session:
            report = plan_import(session, grid, chosen_sheets(grid), ImportOptions())
        if report.counts["unchanged"] != count:
            changes = [
                (row.number, dict(row.changed), row.problems) for row in report.outcomes if row.verdict != "unchanged"
            ]
            yield f"{suffix}: {dict(report.counts)} instead of {count} unchanged; {str(changes[:2])[:600]}"
    database.close()


def cell_trip(folder: Path, count: int) -> Iterator[str]:
    """Write cells of every kind, save again, read: the same values at the same addresses."""
    columns = [ExportColumn(f"c{place}", f"列{place}", 14, "text") for place in range(len(TEXTS))]
    columns += [ExportColumn("money", "金额", 14, "money"), ExportColumn("count", "数", 8, "int")]
    rows: list[list[Any]] = [
        [*TEXTS[number % len(TEXTS) :], *TEXTS[: number % len(TEXTS)], Decimal(number) / 100, number]
        for number in range(count // len(columns))
    ]
    rows[0][0] = "长" * 32_767
    write_ledger(folder / "cells.xlsx", title="台账", columns=columns, rows=rows)
    with read(folder / "cells.xlsx") as grid:
        before = dict(grid.rows(0))
    for suffix in FORMATS:
        with read(resaved(folder / "cells.xlsx", folder / suffix, suffix)) as grid:
            after = dict(grid.rows(0))
        changed = [
            (number, place, one, two)
            for number, row in before.items()
            for place, (one, two) in enumerate(zip(row, after.get(number, ()), strict=False))
            if one != two
        ]
        missing = [number for number, row in before.items() if len(after.get(number, ())) != len(row)]
        if changed or missing:
            yield f"{suffix}: {len(changed)} cells changed, {len(missing)} rows shorter; {str(changed[:4])[:600]}"


def issued_trip(folder: Path, count: int) -> Iterator[str]:
    """Issue, save again, merge: nothing has changed and nothing is damaged."""
    database = ledger(folder / "ledger.db", count)
    with database.write() as session:
        issue(session, Order(department="商务局"), folder / "issued.xlsx")
    path = resaved(folder / "issued.xlsx", folder / "back", "xlsx")
    with read(path) as grid, database.read() as session:
        plan = plan_merge(session, grid, sha256=file_digest(path), options=ImportOptions())
    if plan.rows or plan.missing or plan.damage or plan.problems or plan.counts.get("rows") != count:
        found = [(cell.title, cell.field, cell.verdict.value, cell) for cell in plan.cells]
        yield f"{dict(plan.counts)} {plan.damage[:2]} {plan.problems[:2]} {str(found[:2])[:800]}"
    database.close()


TRIPS: dict[str, Callable[[Path, int], Iterator[str]]] = {
    "ledger": ledger_trip,
    "cells": cell_trip,
    "issued": issued_trip,
}


def main() -> int:
    """Run the trips and print what changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500, help="projects in the ledger")
    parser.add_argument("--cells", type=int, default=100_000, help="cells of every kind")
    parser.add_argument("--only", choices=sorted(TRIPS), help="one of the trips")
    options = parser.parse_args()
    failed = 0
    for name, trip in TRIPS.items():
        if options.only not in (None, name):
            continue
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="bri-office-") as folder:
            faults = list(trip(Path(folder), options.cells if name == "cells" else options.rows))
        failed += len(faults)
        print(f"{name:8} {'unchanged' if not faults else 'CHANGED'} {time.monotonic() - begin:6.0f} s")
        print("".join(f"  {fault}\n" for fault in faults), end="")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
