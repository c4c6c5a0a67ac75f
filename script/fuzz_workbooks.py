"""Mutated workbooks through the real reader and the plan of an import: each ends in verdicts or in one clear refusal.

A case is made from its number alone, so that one that failed can be looked at again: ``--from NUMBER 1 --keep FOLDER``.
"""

import argparse
import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from workbook_seeds import SEEDS

from bri_desktop.db.database import Database, create_database, open_database
from bri_desktop.domain.errors import InputError
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import ImportOptions, ImportReport, plan_import
from bri_desktop.services.intake_sheets import chosen_sheets

MEMORY_MB = 512
SECONDS = 30.0
CASES_A_PROCESS = 500
VALUES = (
    b"", b"0", b"-1", b"1e308", b"NaN", b"9" * 40, b"1048577", b"XFD1048576", b"A0", b"=1+1", b"#REF!", b"TRUE",
    b"2017-13-45", b"99999999", b"&#x0;", b"&amp;" * 50, b"]]>", b"<", b"_x000D_", "𠮷".encode(),
    b"\xff\xfe", b"\0" * 8,
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What became of the cases: refusals by code, verdicts of rows, the slowest and largest case."""

    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    memory_mb: int = 0


def mutated(number: int, seeds: dict[str, bytes]) -> tuple[str, bytes]:
    """Return the name and the bytes of case ``number``."""
    chance = random.Random(number)
    name = chance.choice(sorted(seeds))
    data = seeds[name]
    is_archive = data.startswith(b"PK")
    ways = [_flipped, _cut, _spliced] + ([_part_changed] * 9 + [_parts_swapped] if is_archive else [_valued] * 3)
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice(ways)(data, chance)
    return name, data


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 40))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: max(1, chance.randrange(len(data)))]


def _spliced(data: bytes, chance: random.Random) -> bytes:
    """Copy a piece of the file to another place in it."""
    start, length, target = chance.randrange(len(data)), chance.randrange(1, 2000), chance.randrange(len(data))
    return data[:target] + data[start : start + length] + data[target:]


def _valued(data: bytes, chance: random.Random) -> bytes:
    """Put an odd value over some bytes."""
    place = chance.randrange(len(data))
    value = chance.choice(VALUES)
    return data[:place] + value + data[place + len(value) :]


def _parts(data: bytes) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        return None


def _packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def _parts_swapped(data: bytes, chance: random.Random) -> bytes:
    """Exchange, drop, empty or double parts of an archive."""
    parts = _parts(data)
    if not parts:
        return data
    first, second = chance.choice(list(parts)), chance.choice(list(parts))
    match chance.randrange(4):
        case 0:
            parts[first], parts[second] = parts[second], parts[first]
        case 1:
            del parts[first]
        case 2:
            parts[first] = b""
        case _:
            parts[f"{first}.copy"] = parts[second]
    return _packed(parts)


def _part_changed(data: bytes, chance: random.Random) -> bytes:
    """Change the XML of a part: a value, an attribute, an element taken out, doubled, nested or cut off."""
    parts = _parts(data)
    if not parts:
        return data
    heavy = [name for name in parts if "sheet" in name.lower() or "content" in name or "styles" in name] or list(parts)
    name = chance.choice(heavy)
    parts[name] = _xml_changed(parts[name], chance)
    return _packed(parts)


def _xml_changed(xml: bytes, chance: random.Random) -> bytes:
    marks = [place for place, byte in enumerate(xml) if byte in b'<>"']
    if len(marks) < 4:
        return xml
    if chance.random() < 0.6:
        return _text_changed(xml, marks, chance)
    first = chance.randrange(len(marks) - 2)
    start, end = marks[first], marks[min(first + chance.choice((1, 1, 2, 6, 30)), len(marks) - 1)]
    match chance.randrange(4):
        case 0:
            return xml[: start + 1] + chance.choice(VALUES) + xml[end:]
        case 1:
            return xml[:start] + xml[end:]
        case 2:
            return xml[:end] + xml[start:end] * chance.choice((1, 3, 2000)) + xml[end:]
        case _:
            return xml[:start]


def _text_changed(xml: bytes, marks: list[int], chance: random.Random) -> bytes:
    """Change texts and attribute values and leave the XML well-formed."""
    pairs = [(one, two) for one, two in pairwise(marks) if xml[one] in b'>"' and xml[two] in b'<"' and one + 1 < two]
    pairs = [(one, two) for one, two in pairs if xml[one] != 34 or xml[one - 1] == 61]
    for one, two in sorted(chance.sample(pairs, min(len(pairs), chance.choice((1, 3, 20)))), reverse=True):
        value = chance.choice((*VALUES[:-2], xml[slice(*_inner(chance.choice(pairs)))]))
        xml = xml[: one + 1] + value.replace(b"<", b"&lt;").replace(b'"', b"") + xml[two:]
    return xml


def _inner(pair: tuple[int, int]) -> tuple[int, int]:
    return pair[0] + 1, pair[1]


def run_case(name: str, data: bytes, folder: Path, database: Database) -> tuple[str, ImportReport | None]:
    """Return what became of one file: ``verdicts`` with the report, or the code of the refusal."""
    path = folder / name
    path.write_bytes(data)
    try:
        with read(path, memory_mb=MEMORY_MB, seconds=SECONDS) as grid, database.read() as session:
            report = plan_import(session, grid, chosen_sheets(grid), ImportOptions())
            _check_account(grid, report)
    except InputError as refusal:
        return refusal.code, None
    return "verdicts", report


def _check_account(grid: Grid, report: ImportReport) -> None:
    """Every row that is not empty has a verdict or is named among those left out, once."""
    written = sum(1 for sheet in range(len(grid.sheets)) for _ in grid.rows(sheet))
    if report.rows + len(report.ignored) != written:
        raise AssertionError(f"{written} rows, {report.rows} with a verdict, {len(report.ignored)} left out")


def run(first: int, count: int, keep: Path | None = None) -> Iterator[tuple[int, Tally]]:
    """Run the cases and yield the number of each with the tally so far."""
    tally = Tally()
    seeds = {name: make() for name, make in SEEDS.items()}
    with tempfile.TemporaryDirectory(prefix="bri-fuzz-") as temporary:
        folder = Path(temporary)
        create_database(folder / "ledger.db")
        database = open_database(folder / "ledger.db")
        for number in range(first, first + count):
            name, data = mutated(number, seeds)
            begin = time.monotonic()
            _run_counted(tally, number, lambda name=name, data=data: run_case(name, data, folder, database))
            seconds = time.monotonic() - begin
            tally.slowest = max(tally.slowest, seconds)
            if seconds > SECONDS:
                tally.failures.append(f"{number}: {seconds:.0f} s")
            if keep is not None:
                (keep / f"{number} {name}").write_bytes(data)
            kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            tally.memory_mb = max(resource.getrusage(kind).ru_maxrss for kind in kinds) // 1024
            yield number, tally
        database.close()


def _run_counted(tally: Tally, number: int, case: Callable[[], tuple[str, ImportReport | None]]) -> None:
    tally.cases += 1
    try:
        outcome, report = case()
    except Exception as error:  # noqa: BLE001 - any exception is what is looked for
        tally.failures.append(f"{number}: {type(error).__name__}: {error}")
        return
    tally.outcomes[outcome] += 1
    if report is not None:
        tally.rows.update({verdict: many for verdict, many in report.counts.items() if many})


def main() -> int:
    """Run the cases in processes of their own, so that even the death of one is a figure in the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=20_000, help="how many workbooks")
    parser.add_argument("--from", dest="first", type=int, default=0, help="number of the first case")
    parser.add_argument("--keep", type=Path, help="folder for the mutated workbooks")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    return _child(options) if options.child else _parent(options)


def _child(options: argparse.Namespace) -> int:
    tally = Tally()
    for number, so_far in run(options.first, options.count, options.keep):
        tally = so_far
        print(number, flush=True)
    figures = {name: getattr(tally, name) for name in Tally.__slots__}
    print(json.dumps(figures, default=dict), flush=True)
    return 0


def _parent(options: argparse.Namespace) -> int:
    total, begin = Tally(), time.monotonic()
    end, number = options.first + options.count, options.first
    while number < end:
        count = min(CASES_A_PROCESS, end - number)
        command = [sys.executable, __file__, str(count), "--from", str(number), "--child"]
        command += ["--keep", str(options.keep)] if options.keep else []
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        lines = done.stdout.splitlines()
        if done.returncode or not lines or not lines[-1].startswith("{"):
            number = int(lines[-1]) + 1 if lines and lines[-1].isdigit() else number
            total.failures.append(f"{number}: the program ended with {done.returncode}")
            number += 1
            continue
        _add(total, json.loads(lines[-1]))
        number += count
        print(f"{number - options.first} of {options.count}", *total.failures, sep="\n  ", file=sys.stderr)
    print(table(total, time.monotonic() - begin))
    return 1 if total.failures else 0


def _add(total: Tally, figures: dict[str, Any]) -> None:
    part = Tally(**figures)
    total.cases += part.cases
    total.outcomes.update(part.outcomes)
    total.rows.update(part.rows)
    total.failures += part.failures
    total.slowest = max(total.slowest, part.slowest)
    total.memory_mb = max(total.memory_mb, part.memory_mb)


def table(tally: Tally, seconds: float) -> str:
    """Return the figures as lines of text."""
    lines = [f"{'cases':24}{tally.cases:8}", f"{'seconds':24}{seconds:8.0f}"]
    lines += [f"{'slowest case, s':24}{tally.slowest:8.1f}", f"{'peak memory, MB':24}{tally.memory_mb:8}"]
    lines += [f"{'  ' + code:24}{many:8}" for code, many in tally.outcomes.most_common()]
    lines += [f"{'rows ' + verdict:24}{many:8}" for verdict, many in tally.rows.most_common()]
    return "\n".join([*lines, f"{'failures':24}{len(tally.failures):8}", *tally.failures])


if __name__ == "__main__":
    sys.exit(main())
