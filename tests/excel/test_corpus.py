"""Odd workbooks of other projects' test suites: each is read rightly or refused in one clear way, quickly.

The collection lies outside the repository; ``BRI_CORPUS`` names its folder. Where there is none, there is no case.
"""

import csv
import os
import time
from pathlib import Path

import pytest

from bri_desktop.domain.errors import InputError
from bri_desktop.excel.grid import DateCell, Grid
from bri_desktop.excel.reader import read

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("BRI_CORPUS", ROOT.parent / "shared" / "corpus"))
SECONDS = 20
"""Each takes less than a second where nothing else runs."""

REFUSALS = {
    "corrupt/fuzzed": {"file_damaged"},
    "password": {"file_encrypted"},
    "resource-exhaustion": {"file_damaged", "file_too_large"},
    "xml-bomb": {"file_dtd"},
}
"""Category -> codes of which one has to come."""

REFUSED_FILES = {"duplicate-filename.xlsx": "file_bad_parts", "issue.2501.b.xlsx": "file_damaged"}
"""What may be refused although its category is read: doubled parts; merges without row numbers."""


def _index() -> list[dict[str, str]]:
    index = CORPUS / "index.csv"
    if not index.is_file():
        return []
    with index.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if (CORPUS / row["file"]).is_file()]


INDEX = _index()
REFUSED = [row for row in INDEX if row["category"] in REFUSALS or row["file"] in REFUSED_FILES]
READABLE = [row for row in INDEX if row not in REFUSED]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name, rows in (("refused", REFUSED), ("readable", READABLE)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, rows or [None], ids=[row["file"][:60] for row in rows] or ["no corpus here"])


def _counts(grid: Grid) -> tuple[int, int]:
    rows = [cells for sheet in range(len(grid.sheets)) for _, cells in grid.rows(sheet)]
    return len(rows), sum(cell is not None for cells in rows for cell in cells)


def _expected(row: dict[str, str]) -> tuple[int, int]:
    """Return rows and cells as the two reference readers counted them, the fast one first."""
    said = next(text for text in (row["calamine_rows_cells"], row["openpyxl_or_xlrd_rows_cells"]) if "rows" in text)
    rows, cells = said.split("/")
    return int(rows.split()[0]), int(cells.split()[0])


def test_refused(refused: dict[str, str] | None) -> None:
    if refused is None:
        return
    start = time.monotonic()
    with pytest.raises(InputError) as caught:
        read(CORPUS / refused["file"])
    codes = {REFUSED_FILES[refused["file"]]} if refused["file"] in REFUSED_FILES else REFUSALS[refused["category"]]
    assert caught.value.code in codes
    assert time.monotonic() - start < SECONDS


def test_readable(readable: dict[str, str] | None) -> None:
    if readable is None:
        return
    start = time.monotonic()
    with read(CORPUS / readable["file"]) as grid:
        rows, cells = _counts(grid)
        expected_rows, expected_cells = _expected(readable)
        assert grid.sheets
    # The reference counts hold a row or a cell that has only spaces, which is empty here.
    assert expected_rows - 1 <= rows <= expected_rows
    assert expected_cells - 4 <= cells <= expected_cells + len(grid.sheets[0].errors)
    assert time.monotonic() - start < SECONDS


def _cells(name: str, sheet: int = 0) -> dict[int, tuple[object, ...]] | None:
    if not (CORPUS / name).is_file():
        return None
    with read(CORPUS / name) as grid:
        return dict(grid.rows(sheet))


def test_dates_of_1904() -> None:
    cells = _cells("date_1904.xls")
    assert cells is None or cells[1] == (DateCell("2021-01-01"), 15)
    cells = _cells("1904.xlsb")
    assert cells is None or cells[1][1] == DateCell("1904-01-02")


def test_text_of_an_old_character_set() -> None:
    cells = _cells("maccentraleurope.biff5.xls")
    assert cells is None or "Ładowność" in cells[1]


def test_uncalculated_formulas_are_named() -> None:
    if (CORPUS / "bug60858.xlsx").is_file():
        with read(CORPUS / "bug60858.xlsx") as grid:
            assert grid.sheets[0].errors == (("F2", "formula"), ("G2", "formula"), ("I2", "formula"), ("L2", "formula"))


def test_hidden_sheets_are_marked() -> None:
    if (CORPUS / "any_sheets.xlsx").is_file():
        with read(CORPUS / "any_sheets.xlsx") as grid:
            assert [(sheet.name, sheet.visible) for sheet in grid.sheets] == [
                ("Visible", True),
                ("Hidden", False),
                ("VeryHidden", False),
            ]
