"""What the packages promise: one set of file types, what a window needs, pinned tools, nothing unlicensed."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from bri_desktop import __version__
from bri_desktop.arguments import BACKUP_ENDING, LEDGER_ENDINGS
from bri_desktop.db.package import ENDING
from bri_desktop.ui import ledgers

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "packaging"
OWN_ENDINGS = {BACKUP_ENDING, LEDGER_ENDINGS[1]}


@pytest.fixture(scope="module")
def build_deb() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_deb", HERE / "build_deb.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mime_types() -> dict[str, str]:
    """Return type -> ending."""
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    root = ElementTree.parse(HERE / "bri-desktop-mime.xml").getroot()
    found = {}
    for kind in root.iter(f"{space}mime-type"):
        glob = kind.find(f"{space}glob")
        assert glob is not None
        found[kind.attrib["type"]] = glob.attrib["pattern"].removeprefix("*")
    return found


def test_every_system_knows_the_endings_that_the_program_writes() -> None:
    assert set(mime_types().values()) == OWN_ENDINGS == {ENDING, ledgers.ENDING}
    entry = (HERE / "bri-desktop.desktop").read_text(encoding="utf-8")
    listed = re.search(r"^MimeType=(.*)$", entry, re.MULTILINE)
    assert listed is not None
    assert set(listed[1].strip(";").split(";")) == set(mime_types())
    assert "Exec=bri-desktop %f\n" in entry
    installer = (HERE / "bri-desktop.iss").read_text(encoding="utf-8")
    assert set(re.findall(r'Classes\\(\.\w+)"', installer)) == OWN_ENDINGS


def test_a_package_has_the_version_of_the_program(build_deb: ModuleType) -> None:
    assert build_deb.version() == __version__


def test_a_package_asks_for_what_the_set_up_of_a_checkout_installs(build_deb: ModuleType) -> None:
    wanted = build_deb.system_packages()
    assert "libxcb-cursor0" in wanted
    assert "libglib2.0-0 | libglib2.0-0t64" in wanted
    assert not [name for name in wanted if name.startswith(("fonts", "xvfb"))]


def test_the_newest_glibc_that_a_library_names_is_asked_for(build_deb: ModuleType, tmp_path: Path) -> None:
    inside = tmp_path / "_internal"
    inside.mkdir()
    (inside / "a.so").write_bytes(b"\0GLIBC_2.9\0GLIBC_2.28\0")
    (inside / "b.so.1").write_bytes(b"\0GLIBC_2.3.4\0GLIBC_2.30\0")
    (inside / "notes.txt").write_bytes(b"GLIBC_2.99")
    assert build_deb.newest_glibc(tmp_path) == 30


def test_what_freezing_needs_is_pinned_with_hashes() -> None:
    text = (HERE / "requirements.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.search(r"^pyinstaller==6\.", text, re.MULTILINE)
    assert "://" not in text


def test_nothing_of_qt_that_is_under_the_gpl_alone_is_in_a_bundle() -> None:
    recipe = (HERE / "bri-desktop.spec").read_text(encoding="utf-8")
    for part in ("Qt6VirtualKeyboard", "Qt6WaylandCompositor", "libqtvirtualkeyboardplugin", '"readline"'):
        assert part in recipe, part


def test_the_recipe_leaves_out_nothing_that_the_program_imports() -> None:
    tree = ast.parse((HERE / "bri-desktop.spec").read_bytes())
    (value,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "excludes"
    )
    excludes = set(eval(compile(ast.Expression(value), "spec", "eval"), {}))
    imported = set()
    for path in (ROOT / "bri_desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    bench_only = {"pandas"}
    assert imported & excludes <= bench_only


@pytest.mark.parametrize("name", ["build", "make_python", "measure"])
def test_a_tool_can_be_run(name: str) -> None:
    tool = HERE / name
    assert os.access(tool, os.X_OK)
    if "bash" in tool.read_text(encoding="utf-8").splitlines()[0]:
        subprocess.run(["bash", "-n", tool], check=True)
    else:
        compile(tool.read_bytes(), name, "exec")


def test_the_build_says_what_it_can_do() -> None:
    done = subprocess.run(
        [sys.executable, HERE / "build_bundle.py", "--help"], capture_output=True, text=True, check=True
    )
    assert "--without-packages" in done.stdout
