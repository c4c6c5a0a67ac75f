"""Kills the program, and lets its disk fail, at each point at which an act changes a file; looks at what is left.

Run by ``script/faults``, which preloads ``faults_shim.c``. Each case is a fork with a ledger of its own: it says over a
pipe what was acknowledged to the user, then the kill or the error comes. Another fork opens what is left, as the
program would at its next start, and compares.
"""

import argparse
import ctypes
import errno
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fault_acts import ACTS, Act, ledger
from fault_damage import big_ledger, break_pages, fail_statements, flip

from bri_desktop.db.check import check_file
from bri_desktop.db.database import open_database
from bri_desktop.domain.errors import UserError
from bri_desktop.services.projects import edit_fields

PARTS = ["kills", "errors", "statements", "flips", "broken"]
UPGRADES_WRONG = ("CHANGED", "STUCK", "NO CLEAR SENTENCE")
REOPEN_SECONDS = 5.0
KILLS = {1: "killed before", 2: "killed half-way"}
ERRORS = {errno.ENOSPC: "disk full", errno.EIO: "I/O error"}


@dataclass(slots=True)
class Tally:
    """The cases of one act."""

    points: int = 0
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)


# -- one case ------------------------------------------------------------------------------------------------------


def in_fork(work: Callable[[Callable[[object], None]], None]) -> tuple[int, list[Any]]:
    """Run ``work`` in a fork; return its wait status and what it said over the pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(lambda value: _say(writing, value))
        except UserError as error:
            _say(writing, {"refused": error.code})
        finally:
            kind, error, _trace = sys.exc_info()
            if kind is not None:
                _say(writing, {"unexpected": f"{kind.__name__}: {error}"[:300]})
            os._exit(kind is not None)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        said = [json.loads(line) for line in lines if line.endswith("\n")]
    return os.waitpid(child, 0)[1], said


def _say(pipe: int, value: object) -> None:
    os.write(pipe, (json.dumps(value) + "\n").encode())


def arm(folder: Path, at: int, kind: int) -> None:
    """Let the ``at``-th change of a file under ``folder`` from here on fail or kill; ``-1`` only counts."""
    ctypes.CDLL(None).faults_arm(str(folder).encode(), ctypes.c_long(at), kind)


def count_points(act: Act, template: Path, folder: Path) -> int:
    """Return at how many points the act changes a file."""
    shutil.copytree(template, folder)

    def work(say: Callable[[object], None]) -> None:
        arm(folder, -1, 0)
        act.run(folder, lambda _word: None)
        counting = ctypes.CDLL(None).faults_count
        counting.restype = ctypes.c_long
        say({"points": counting()})

    _status, said = in_fork(work)
    shutil.rmtree(folder)
    if not said or "points" not in said[-1]:
        raise SystemExit(f"{act.name} does not work undisturbed: {said}")
    return int(said[-1]["points"])


def run_case(act: Act, template: Path, folder: Path, at: int, kind: int, tally: Tally) -> None:
    """Run an act with one fault and note what is wrong afterwards."""
    shutil.copytree(template, folder)

    def work(say: Callable[[object], None]) -> None:
        arm(folder, at, kind)
        act.run(folder, say)

    _status, said = in_fork(work)
    acknowledged = [word for word in said if isinstance(word, str)]
    for word in said:
        if isinstance(word, dict) and "unexpected" in word:
            tally.failures.append(f"{act.name} {kind}@{at}: no clear sentence: {word['unexpected']}")
    _status, found = in_fork(lambda say: look(act, folder, acknowledged, say))
    report = found[-1] if found else {"wrong": ["what is left could not be looked at"], "seconds": 0.0}
    if "unexpected" in report or "refused" in report:
        report = {"wrong": [str(report)], "seconds": 0.0}
    tally.cases += 1
    tally.slowest = max(tally.slowest, report["seconds"])
    tally.outcomes["done" if acknowledged else "refused" if said else "cut off"] += 1
    tally.failures += [f"{act.name} {kind}@{at}: {line}" for line in report["wrong"]]
    shutil.rmtree(folder)


def look(act: Act, folder: Path, acknowledged: list[str], say: Callable[[object], None]) -> None:
    """Open what is left as the next start does, and compare."""
    begin = time.monotonic()
    database = open_database(ledger(folder))
    with database.read() as session:
        session.connection()
    seconds = time.monotonic() - begin
    with database.write() as session:
        edit_fields(session, ["P2"], {"source": "下次启动"})
    database.close()
    wrong = [f"damaged: {damage}" for damage in check_file(ledger(folder))[:3]]
    wrong += list(act.wrong(folder, acknowledged))
    if seconds > REOPEN_SECONDS:
        wrong.append(f"opening took {seconds:.1f} s")
    say({"wrong": wrong, "seconds": seconds})


def inject(acts: Iterable[Act], kinds: dict[int, str], wanted: int, work: Path, seed: int) -> dict[str, Tally]:
    """Spread ``wanted`` faults over all points of all acts and return what became of them."""
    templates, points, tallies = {}, [], {}
    for act in acts:
        template = work / f"template-{act.name}"
        template.mkdir(exist_ok=True)
        if not ledger(template).exists():
            act.prepare(template)
        count = count_points(act, template, work / "case")
        templates[act.name], tallies[act.name] = template, Tally(points=count)
        points += [(act, at, kind) for at in range(1, count + 1) for kind in kinds]
    chance = random.Random(seed)
    cases = (points * (wanted // len(points) + 1)) if wanted > len(points) else points
    for act, at, kind in sorted(chance.sample(cases, min(wanted, len(cases))), key=lambda case: case[0].name):
        run_case(act, templates[act.name], work / "case", at, kind, tallies[act.name])
    return tallies


# -- the table -----------------------------------------------------------------------------------------------------


def print_tallies(title: str, tallies: dict[str, Tally]) -> int:
    """Print what became of the cases; return how many failed."""
    print(f"\n{title}\n{'act':10} {'points':>7} {'cases':>7} {'done':>6} {'refused':>8} {'cut off':>8} "
          f"{'wrong':>6} {'slowest opening':>16}")  # fmt: skip
    for name, tally in tallies.items():
        outcomes = tally.outcomes
        print(
            f"{name:10} {tally.points:7} {tally.cases:7} {outcomes['done']:6} {outcomes['refused']:8} "
            f"{outcomes['cut off']:8} {len(tally.failures):6} {tally.slowest:14.2f} s"
        )
    failures = [line for tally in tallies.values() for line in tally.failures]
    for line in failures[:40]:
        print("  " + line)
    print(f"cases {sum(tally.cases for tally in tallies.values())}, wrong {len(failures)}", flush=True)
    return len(failures)


def print_counts(title: str, counts: Mapping[str, int], wrong: Iterable[str]) -> int:
    """Print a line of counts; return how many of them are ``wrong``."""
    print(f"\n{title}")
    for name, count in counts.items():
        print(f"  {name:40} {count:8}")
    found = sum(counts.get(name, 0) for name in wrong)
    print(f"  {'wrong':40} {found:8}", flush=True)
    return found


def options_of() -> argparse.Namespace:
    """Return what was asked for; one number scales all parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "cases", type=int, nargs="?", default=1000, help="kills, flipped bits, statements of an upgrade"
    )
    parser.add_argument("--part", action="append", choices=PARTS, help="run this part only; may be given again")
    parser.add_argument(
        "--only", action="append", choices=[act.name for act in ACTS], help="kill and fail this act only"
    )
    parser.add_argument("--projects", type=int, default=10_000, help="size of the ledger that is damaged")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> int:
    options = options_of()
    acts = [act for act in ACTS if not options.only or act.name in options.only]
    parts, cases, failed = options.part or PARTS, options.cases, 0
    with tempfile.TemporaryDirectory(prefix="bri-faults-") as folder:
        work = Path(folder)
        if "kills" in parts:
            failed += print_tallies("kill -9", inject(acts, KILLS, cases, work, options.seed))
        if "errors" in parts:
            failed += print_tallies("full disk, I/O errors", inject(acts, ERRORS, cases // 5, work, options.seed))
        if "statements" in parts:
            upgrades = fail_statements(cases, work)
            failed += print_counts("upgrades that fail at a statement", upgrades, UPGRADES_WRONG)
        if {"flips", "broken"} & set(parts):
            path = big_ledger(work, options.projects)
            if "flips" in parts:
                flips = flip(path, cases, work, options.seed)
                failed += print_counts(f"flipped bits, {options.projects} projects", flips, ["MISSED"])
            if "broken" in parts:
                broken = break_pages(path, cases // 10, work, options.seed)
                failed += print_counts(f"broken pages, {options.projects} projects", broken, ["FALSE ACCOUNT"])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
