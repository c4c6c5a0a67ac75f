"""The page ``docs/performance.md`` from measured figures: a table, how each grows with the ledger, on what machine."""

import datetime
import math
import os
import platform
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bri_desktop.domain.errors import InputError, Where

BEGIN = "<!-- Made by bri-desktop bench --markdown, from here to the next mark. -->"
END = "<!-- End of what is made. -->"
LINEAR = (0.85, 1.15)
"""Powers of the number of projects that are called linear; of power 1, ten times the rows take ten times as long."""
CONSTANT = 0.2
EXPLAINED = {
    "start": "only the first rows are read, by an index",
    "filter": "a key reads the first rows that pass; their number does not grow with the ledger",
    "search": "two characters are looked up in the search index; the rows shown do not grow with the ledger",
    "scroll": "rows are read by the window, wherever it stands",
    "save": "one row, its history and its places in the indexes",
    "statistics_cold": "small ledgers pay mostly for the reference tables",
    "statistics": "a few operations over whole columns: their fixed part is most of it in small ledgers",
    "import": "the start of the processes is most of it in small ledgers",
    "export": "the start of the process is most of it in small ledgers",
    "summary": "text and pictures are as many in every ledger; only the lists of projects grow",
}

Plain = Mapping[str, Any]


def check_page(path: Path) -> None:
    """Raise ``InputError`` where the page cannot be read or has lost its marks: asked before hours of measuring."""
    _parts(path)


def write_page(path: Path, figures: Sequence[Plain], day: datetime.date) -> None:
    """Put the figures between the marks of the page; raises what :func:`check_page` does."""
    head, tail = _parts(path)
    path.write_text(f"{head}{BEGIN}\n\n{page(figures, day)}\n\n{END}{tail}", encoding="utf-8")


def _parts(path: Path) -> tuple[str, str]:
    try:
        old = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("file_unreadable", where=Where(file=str(path))) from error
    head, _, rest = old.partition(BEGIN)
    _, mark, tail = rest.partition(END)
    if not mark:
        raise InputError("marks_missing", where=Where(file=str(path)))
    return head, tail


def page(figures: Sequence[Plain], day: datetime.date) -> str:
    """Return what stands between the marks."""
    parts = [f"Measured on {day.isoformat()} on {machine()}.", _table(figures)]
    grown = _growth(figures)
    if grown:
        parts += ["### Growth", grown]
    return "\n\n".join(parts)


def machine() -> str:
    """Return the class of this machine, and what weighs on it."""
    kind = f"{platform.system()} {platform.machine()}, {os.cpu_count() or 1} cores{_memory()}"
    text = f"{kind}, Python {platform.python_version()}"
    load = f"; load of the last quarter of an hour {os.getloadavg()[2]:.1f}" if hasattr(os, "getloadavg") else ""
    return text + load


def _memory() -> str:
    if not hasattr(os, "sysconf"):
        return ""
    return f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"


def _table(figures: Sequence[Plain]) -> str:
    lines = ["| what | projects | found | processors | peer | its time | ratio |", "|---|---|---|---|---|---|---|"]
    for one in figures:
        cells = (
            one["name"],
            f"{one['rows']:,}",
            f"{one['ours']:,} {one['unit']}",
            _cpu(one["cpu"]),
            one["against"],
            "" if one["peer"] is None else f"{one['peer']:,} {one['unit']}{_of(one['peer_cpu'])}",
            "" if one["ratio"] is None else f"{one['ratio']:.2f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cpu(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:,.2f} s"


def _of(seconds: float | None) -> str:
    return "" if seconds is None else f" (processors {seconds:,.2f} s)"


def power(small: Plain, large: Plain) -> float | None:
    """Return p where ten times the rows take 10ᵖ times as much; by processors where they were measured."""
    key = "cpu" if small["cpu"] and large["cpu"] else "ours"
    if not small[key] or not large[key] or small["rows"] == large["rows"]:
        return None
    return math.log(large[key] / small[key]) / math.log(large["rows"] / small["rows"])


def growth_word(found: float) -> str:
    """Return what a power of the number of projects is called."""
    if found < CONSTANT:
        return "constant"
    if found < LINEAR[0]:
        return "less than linear"
    return "linear" if found <= LINEAR[1] else "more than linear"


def _growth(figures: Sequence[Plain]) -> str:
    """Return a table: from the smallest to the largest ledger, step by step, and why it is not linear."""
    lines = ["| what | steps of the ledger | power | growth | why |", "|---|---|---|---|---|"]
    names = dict.fromkeys(one["name"] for one in figures)
    for name in names:
        steps = sorted((one for one in figures if one["name"] == name), key=lambda one: int(one["rows"]))
        powers = [found for pair in pairwise(steps) if (found := power(*pair)) is not None]
        if not powers:
            continue
        word = growth_word(powers[-1])
        why = "" if word == "linear" else EXPLAINED.get(name.split(",")[0], "")
        sizes = " → ".join(f"{one['rows']:,}" for one in steps)
        lines.append(f"| {name} | {sizes} | {', '.join(f'{found:.2f}' for found in powers)} | {word} | {why} |")
    return "\n".join(lines) if len(lines) > 2 else ""
