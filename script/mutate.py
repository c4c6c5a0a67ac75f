"""Mutation testing of the pure layers: a sample of small wrong changes, each of which some test should notice.

Run by ``script/mutants``. Nothing on the disk changes: a fork of this process loads the module from its changed text
and runs the tests that import it, so that a mutant costs no more than those tests. Which tests import a module is read
off the imports, through the modules between; the tests of its own layer come first, and the first failure ends the run.
"""

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import resource
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("domain", "analysis")
TESTED_BY = ("domain", "analysis", "excel", "services")
"""Folders of tests that need no window."""
MOST_SECONDS = 180
"""Seconds of computing after which a mutant counts as noticed: it never ends. A busy machine does not shorten them."""
MOST_TEST_FILES = 3

COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COUNTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong change: the module, the line, what stood there and what stands there now."""

    module: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.before}  ->  {self.after}"


def changes_of(node: ast.AST) -> Iterator[ast.AST]:
    """Yield wrong nodes that could stand in the place of ``node``."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        yield ast.Compare(node.left, [COMPARED[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED:
        yield ast.BinOp(node.left, COUNTED[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield ast.Return(ast.Constant(None))


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a module; docstrings, types and what a decorator says are left alone."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    data = source.encode()
    for node in _nodes(ast.parse(source)):
        for wrong in changes_of(node):
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
            after = ast.unparse(wrong)
            if isinstance(node, ast.expr):
                after = f"({after})"
            text = (data[:start] + after.encode() + data[end:]).decode()
            before = " ".join(data[start:end].decode().split())
            yield Mutant(_name_of(path), node.lineno, before[:70], " ".join(after.split())[:70], text)


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that can be replaced: inside functions, and the constants of the module."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr | ast.Import | ast.ImportFrom):
                continue
            if hasattr(child, "lineno"):
                yield child
            yield from _nodes(child)


def _name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


# -- which tests ---------------------------------------------------------------------------------------------------


def imports_of(path: Path) -> set[str]:
    """Return the modules of this program, and of the helpers of the tests, that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


class Reach:
    """Which test files reach a module, the nearest first."""

    def __init__(self) -> None:
        package = sorted((ROOT / "bri_desktop").rglob("*.py"))
        self._imports = {_name_of(path): imports_of(path) for path in package}
        found = sorted(path for layer in TESTED_BY for path in (ROOT / "tests" / layer).glob("test_*.py"))
        self._tests = {path: imports_of(path) for path in found}

    def tests_of(self, module: str) -> list[Path]:
        """Return the test files that import the module, themselves or through others."""
        layer = module.split(".")[1]
        near = {module}
        found: list[Path] = []
        for _ in range(3):
            reached = [path for path, names in self._tests.items() if names & near and path not in found]
            found += sorted(reached, key=lambda path: (path.parent.name != layer, path.name))
            if found:
                break
            near |= {name for name, names in self._imports.items() if names & near}
        return found[:MOST_TEST_FILES]


# -- one mutant ----------------------------------------------------------------------------------------------------


class Changed(importlib.abc.InspectLoader, importlib.abc.MetaPathFinder):
    """Gives one module from another text."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self._text = name, text

    def find_spec(self, name: str, _path: object, _target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_loader(name, self, origin=str(ROOT.joinpath(*name.split("."))) + ".py")

    def get_source(self, _name: str) -> str:
        return self._text


def verdict_of(mutant: Mutant | None, tests: Sequence[Path]) -> str:
    """Run the tests in a fork with the mutant in place: ``killed``, ``survived`` or ``endless``."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 5))
        if mutant is not None:
            sys.meta_path.insert(0, Changed(mutant.module, mutant.text))
        import pytest

        # What is loaded ahead cannot have its assertions rewritten, which it does not need.
        quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        options = ["-x", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=no", *quiet]
        os._exit(int(pytest.main([*options, *map(str, tests)])))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return "survived" if status == 0 else "endless" if status in (-signal.SIGXCPU, -signal.SIGKILL) else "killed"


def load_ahead() -> None:
    """Load what every fork needs and no mutant touches."""
    import hypothesis
    import lark
    import numpy
    import openpyxl
    import pytest
    import rapidfuzz
    import sqlalchemy.orm

    for loaded in (hypothesis, lark, numpy, openpyxl, pytest, rapidfuzz, sqlalchemy.orm):
        assert loaded.__name__


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of the path of the modules to change")
    parser.add_argument("--show", action="store_true", help="say each verdict as it comes")
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    paths = [path for layer in LAYERS for path in sorted((ROOT / "bri_desktop" / layer).glob("*.py"))]
    every = [mutant for path in paths if options.only in str(path) for mutant in mutants_of(path)]
    chosen = random.Random(options.seed).sample(every, min(options.count, len(every)))
    counts: dict[str, Counter[str]] = {layer: Counter() for layer in LAYERS}
    reach, survivors, sound = Reach(), [], set()
    load_ahead()
    for mutant in chosen:
        tests = tuple(reach.tests_of(mutant.module))
        if tests not in sound and verdict_of(None, tests) != "survived":
            raise SystemExit(f"these tests fail without any change: {', '.join(map(str, tests))}")
        sound.add(tests)
        verdict = verdict_of(mutant, tests) if tests else "survived"
        counts[mutant.module.split(".")[1]][verdict] += 1
        if verdict == "survived":
            survivors.append(mutant)
        if options.show:
            print(f"{verdict:9} {mutant}", flush=True)
    print(f"\n{'layer':10} {'possible':>9} {'run':>6} {'killed':>7} {'endless':>8} {'survived':>9} {'share':>7}")
    for layer, found in counts.items():
        possible = sum(mutant.module.split(".")[1] == layer for mutant in every)
        run, dead = sum(found.values()), found["killed"] + found["endless"]
        share = f"{dead / run:.1%}" if run else "-"
        print(
            f"{layer:10} {possible:9} {run:6} {found['killed']:7} {found['endless']:8} {found['survived']:9} {share:>7}"
        )
    for mutant in sorted(survivors, key=str):
        print(f"  {mutant}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
