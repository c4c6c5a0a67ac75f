"""The pages for developers speak of what is there: every file, module, name and room that they name exists."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "bri_desktop"
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMED = re.compile(r"`([A-Za-z_][\w./-]*)`")
LINKED = re.compile(r"\]\((?!https?:)([^)#\s]+)[^)]*\)")
FOLDERS = ("bri_desktop", "docs", "migrations", "packaging", "requirements", "resources", "script", "tests", ".ci")
SUFFIXES = {".py", ".md", ".toml", ".csv", ".json", ".txt", ".sql", ".yaml", ".yml"}
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@cache
def _layers() -> frozenset[str]:
    return frozenset(
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    )


def _is_path(text: str) -> bool:
    first = text.split("/")[0]
    return "/" in text and (first in FOLDERS or first in _layers() or Path(text).suffix in SUFFIXES)


def _path_exists(text: str) -> bool:
    """A page may leave out ``bri_desktop/``, and ``script/`` may name what ``.sh`` ends."""
    return any(list(folder.glob(text.rstrip("/"))) for folder in (ROOT, PACKAGE))


def _module_exists(text: str) -> bool:
    """Whether ``layer.module`` or ``layer.module.Name`` is there; a name is looked for in the module's text."""
    parts = text.split(".")
    for length in range(len(parts), 0, -1):
        base = PACKAGE.joinpath(*parts[:length])
        file = base.with_suffix(".py") if base.with_suffix(".py").is_file() else base / "__init__.py"
        if file.is_file():
            source = file.read_text(encoding="utf-8")
            return all(
                re.search(rf"^\s*(def |class |async def )?{name}\b", source, re.MULTILINE) for name in parts[length:]
            )
    return False


def _missing(text: str) -> Iterator[str]:
    for name in NAMED.findall(FENCED.sub("", text)):
        first, _, rest = name.partition(".")
        if _is_path(name):
            if not _path_exists(name):
                yield name
        elif rest and first in _layers() and not _module_exists(name) and Path(name).suffix not in SUFFIXES:
            yield name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_names_only_what_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert sorted(set(_missing(text))) == []
    assert [link for link in LINKED.findall(text) if not (page.parent / link).exists()] == []


def test_a_name_that_is_not_there_is_found() -> None:
    wrong = "`services/nowhere.py` `services.projects.no_such` `services.projects.create_project` `docs/*.md` `P12`"
    assert list(_missing(wrong)) == ["services/nowhere.py", "services.projects.no_such"]


def test_every_layer_and_room_is_named() -> None:
    tree = ARCHITECTURE[ARCHITECTURE.index("```\nbri_desktop/") :].split("\n```\n")[0]
    named = set(re.findall(r"(\w+)(?:\.py|/)", tree))
    families = tuple(re.findall(r"(\w+_)\*\.py", tree))
    assert [
        layer for layer in sorted(_layers() - {"__init__"}) if layer not in named and not layer.startswith(families)
    ] == []
    rooms = {path.name for path in (PACKAGE / "ui").iterdir() if (path / "__init__.py").is_file()}
    assert rooms - named == set()
    assert [
        name for name in FOLDERS if name not in named and name not in {"docs", "requirements", "tests", ".ci"}
    ] == []


def test_three_journeys_name_their_files() -> None:
    journeys = ARCHITECTURE[ARCHITECTURE.index("## Three journeys") :].split("\n## ")[0]
    paragraphs = [part for part in journeys.split("\n\n") if part.startswith("**")]
    assert [len(re.findall(r"`\w+/[\w/]+\.py`", part)) >= 6 for part in paragraphs] == [True, True, True]


def test_hooks_before_a_commit_are_scripts_of_this_checkout() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (\S+)", text) == ["local"], "hooks of the network need it at each set-up"
    entries = re.findall(r"entry: (\S+)(?: (--[\w-]+))?", text)
    assert [(script, option) for script, option in entries if option not in (ROOT / script).read_text("utf-8")] == []
    assert all(os.access(ROOT / script, os.X_OK) for script, _option in entries)
    assert "pre-commit install" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
