"""Speed of what goes out and comes back: a workbook of the whole ledger, issued, returned, answered, merged, undone.

The peer of the merge and of the answer is the import of as many rows in the same run.
"""

import json
import re
import shutil
import statistics
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bri_desktop.excel.issued_layout import FIRST_DATA_ROW

CHANGED = 5
"""Every fifth row comes back with another note."""
RUNS = 3
SHEET = "xl/worksheets/sheet2.xml"
HEAD = re.compile(rb'<c r="([A-Z]+)4"[^>]*><is><t[^>]*>([^<]*)</t>')
ROW = re.compile(rb'<row r="(\d+)".*?</row>', re.DOTALL)
MEGABYTE = 1024 * 1024

Timed = Callable[[list[str], tuple[int, ...]], Any]
Row = tuple[str, float, float | None, float | None, str]


def exchange_figures(folder: Path, ledger: Path, imported: Sequence[float], timed: Timed) -> list[Row]:
    """Return (name, ours, peer, ratio, unit) of issue, answer, merge, their memory, and undo; ``imported`` are the
    seconds of the import of the same rows, ``timed`` runs a process and gives seconds, peak bytes and output."""
    issued, returned = folder / "issued.xlsx", folder / "returned.xlsx"
    program = [sys.executable, "-m", "bri_desktop", "--db"]
    own = folder / "merging.db"
    shutil.copyfile(ledger, own)
    sent = timed([*program, str(own), "issue", "--department", "市外办", str(issued)], (0,))
    change_notes(issued, returned)
    answered = timed([*program, str(own), "annotate", str(returned), str(folder / "answer.xlsx")], (0,))
    merged, undone = [], []
    for number in range(RUNS):
        copy = folder / f"merged{number}.db"
        shutil.copyfile(own, copy)
        merged.append(timed([*program, str(copy), "merge", str(returned), "--json"], (0, 1)))
        batch = json.loads(merged[-1].output)["batch"]
        undone.append(timed([*program, str(copy), "undo", str(batch)], (0,)).seconds)
        copy.unlink()
    ours, peer = (statistics.median(runs) for runs in ([run.seconds for run in merged], imported))
    return [
        ("issue", round(sent.seconds, 3), None, None, "s"),
        ("annotate", round(answered.seconds, 3), round(peer, 3), round(answered.seconds / peer, 3), "s"),
        ("annotate_memory", round(answered.peak / MEGABYTE, 2), None, None, "MB"),
        ("merge", round(ours, 3), round(peer, 3), round(ours / peer, 3), "s"),
        ("merge_memory", round(max(run.peak for run in merged) / MEGABYTE, 2), None, None, "MB"),
        ("undo", round(statistics.median(undone), 3), None, None, "s"),
    ]


def change_notes(issued: Path, returned: Path) -> None:
    """Write an issued workbook as it comes back: every fifth row with something added to its note."""
    packed = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(issued) as source, zipfile.ZipFile(returned, "w", packed, compresslevel=1) as out:
        for info in source.infolist():
            data = source.read(info)
            out.writestr(info.filename, _changed(data) if info.filename == SHEET else data)


def _changed(sheet: bytes) -> bytes:
    heads = {text: letters for letters, text in HEAD.findall(sheet)}
    letters = heads.get("备注".encode()) or heads[b"Note"]
    cell = re.compile(rb'(<c r="' + letters + rb'\d+"[^>]*><is><t[^>]*>)')

    def typed(row: re.Match[bytes]) -> bytes:
        number = int(row[1])
        is_chosen = number >= FIRST_DATA_ROW and number % CHANGED == 0
        return cell.sub(rb"\g<1>+", row[0], count=1) if is_chosen else row[0]

    return ROW.sub(typed, sheet)
