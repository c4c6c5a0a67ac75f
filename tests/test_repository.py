"""What a checkout promises: scripts that run, locks that cover, licences that are named, texts free of accidents."""

import csv
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SCRIPTS = ["script/run", "script/test", "script/lint", "script/lock", ".ci/run"]
NOT_OURS = {".git", ".venv", "build", "dist", "__pycache__"}
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".csv", ".sh", ".qss", ".svg", ".desktop", ".mako", ".ini", ".lark", ""}

FORBIDDEN = {
    # Split so that this file does not hold them itself.
    "a path of one machine": re.compile("/" + r"(work|opt/bri|root|home/\w+)/|/tmp/" + "bash"),
    "an address of a package registry": re.compile("pypi" + r"\.org|python" + r"hosted\.|deb\.deb" + r"ian\.org"),
    "unfinished work": re.compile(r"\b(" + "TO" + "DO|FIX" + r"ME)\b"),
    "a silenced checker": re.compile(r"type:\s*" + r"ignore|pytest\.(mark\.)?" + r"(skip|xfail)"),
}
CODE = {".py", ".sh", ".toml", ".md", ""}


def _tracked() -> list[Path]:
    """Return the files that belong to the project: those git would keep, or all in a copy without a repository."""
    if (ROOT / ".git").exists():
        command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-coz", "--exclude-standard"]
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not NOT_OURS & set(path.relative_to(ROOT).parts)]


def _lines() -> Iterator[tuple[Path, int, str]]:
    for path in _tracked():
        if path.suffix in TEXT and path.name not in {"LICENSE", "COPYING"}:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield path, number, line


def _pins(name: str) -> dict[str, set[str]]:
    """Return package -> versions of a lock; more than one where they differ by Python version."""
    pins: dict[str, set[str]] = {}
    for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line):
            pins.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    return pins


def test_texts_hold_no_accidents() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {what}"
        for path, number, line in _lines()
        for what, pattern in FORBIDDEN.items()
        if (path.suffix in CODE or what.startswith("a path")) and pattern.search(line)
    ]
    assert found == []


def test_text_files_end_their_lines_alike() -> None:
    files = [path for path in _tracked() if path.suffix in CODE | {".json"}]
    assert [path.name for path in files if b"\r" in path.read_bytes()] == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_runs_and_parses(name: str) -> None:
    script = ROOT / name
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


@pytest.mark.parametrize(("locale", "word"), [("C.UTF-8", "no display"), ("zh_CN.UTF-8", "没有可用的显示器")])
def test_run_without_a_display_says_so(locale: str, word: str) -> None:
    environment = {"PATH": os.environ["PATH"], "LANG": locale}
    done = subprocess.run([ROOT / "script/run"], env=environment, capture_output=True, text=True, cwd="/")
    assert (done.returncode, done.stdout) == (2, "")
    assert word in done.stderr
    assert "script/run tour" in done.stderr
    assert done.stderr.count("\n") == 1


def _requirements(extra: str | None) -> list[Requirement]:
    if extra is None:
        return [Requirement(text) for text in PROJECT["project"]["dependencies"]]
    return [Requirement(text) for text in PROJECT["project"]["optional-dependencies"][extra]]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("run.txt", _requirements(None)),
        ("dev.txt", _requirements(None) + _requirements("dev")),
        ("build.txt", [Requirement(text) for text in PROJECT["build-system"]["requires"]]),
    ],
)
def test_lock_covers_what_the_project_asks_for(lock: str, wanted: list[Requirement]) -> None:
    pins = _pins(lock)
    for requirement in wanted:
        if requirement.marker is None or requirement.marker.evaluate():
            versions = pins.get(canonicalize_name(requirement.name), set())
            assert versions, f"{requirement.name} is not in {lock}: run script/lock"
            assert all(version in requirement.specifier for version in versions), requirement.name


def test_development_has_the_versions_that_run() -> None:
    assert _pins("run.txt").items() <= _pins("dev.txt").items()


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt", "build.txt"])
def test_lock_has_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_every_library_is_named_with_its_licence() -> None:
    with (ROOT / "resources/licences.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["licence"] and row["for"] and None not in row for row in rows)
    names = {row["name"] for row in rows}
    libraries = _pins("run.txt")
    assert set(libraries) - names == set(), "libraries without a licence"
    assert {name for name in names if name == name.lower()} - set(libraries) == set(), "libraries no longer needed"
    ranges = {canonicalize_name(wish.name): wish.specifier for wish in _requirements(None)}
    written = {row["name"]: Requirement(f"x{row['version-range']}").specifier for row in rows if row["version-range"]}
    assert written == ranges
