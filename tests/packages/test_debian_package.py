"""The Debian package on a computer that has nothing else: installed, tried, opened, removed. In this order."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from package_world import HOME, ROOT, USER, Run

LARGEST_KILOBYTES = 350 * 1024
PATIENCE_SECONDS = 120
PICTURE = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
image = application.primaryScreen().grabWindow(0).toImage()
image.save(sys.argv[1])
print(len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}))
"""


def test_it_installs_with_all_that_it_needs(run: Run, clean_root: Path, package: Path) -> None:
    copy = clean_root / "tmp" / package.name
    copy.write_bytes(package.read_bytes())
    run("apt-get", "-qq", "update")
    beside = ("desktop-file-utils", "shared-mime-info", "xdg-utils")
    run("apt-get", "-qq", "-y", "--no-install-recommends", "install", f"/tmp/{package.name}", *beside)
    size = run("dpkg-query", "--show", "--showformat=${Installed-Size}", "bri-desktop").stdout
    assert 0 < int(size) <= LARGEST_KILOBYTES
    run("useradd", "--home-dir", HOME, "--create-home", USER)


def test_every_part_works_without_a_network(run: Run, clean_root: Path) -> None:
    done = run("bri-desktop", "self-test", "--json", user=USER, offline=True, check=False)
    found = json.loads(done.stdout)
    assert [step for step in found["steps"] if not step["ok"]] == []
    assert done.returncode == 0
    assert not list((clean_root / HOME[1:] / ".local").rglob("ledger.db"))


def test_the_menu_and_the_file_manager_know_it(run: Run, clean_root: Path) -> None:
    entry = "/usr/share/applications/bri-desktop.desktop"
    run("desktop-file-validate", entry)
    assert "application/x-bri-desktop-backup=bri-desktop.desktop" in _read(clean_root, "applications/mimeinfo.cache")
    assert "application/x-bri-desktop-backup:*.bribackup" in _read(clean_root, "mime/globs2")
    assert (clean_root / "usr/share/icons/hicolor/scalable/apps/bri-desktop.svg").is_file()


def _read(live: Path, name: str) -> str:
    return (live / "usr/share" / name).read_text(encoding="utf-8")


def test_its_window_opens_for_a_new_user_and_closes(
    started: Callable[..., "subprocess.Popen[str]"], open_display: str, clean_root: Path
) -> None:
    program = started("bri-desktop", DISPLAY=open_display, LANG="zh_CN.UTF-8")
    environment = {**os.environ, "DISPLAY": open_display, "QT_QPA_PLATFORM": "xcb"}
    end = time.monotonic() + PATIENCE_SECONDS
    colours = 0
    picture = ROOT / "build" / "packaging" / "window.png"
    while colours < 12 and time.monotonic() < end and program.poll() is None:
        time.sleep(2)
        taken = subprocess.run(
            [sys.executable, "-c", PICTURE, str(picture)], env=environment, capture_output=True, text=True, check=True
        )
        colours = int(taken.stdout.split()[-1])
    program.terminate()
    complaints = program.communicate()[1]
    assert colours >= 12, complaints
    assert complaints == ""
    assert (clean_root / HOME[1:] / ".local/share/bri-desktop/ledger.db").is_file()


def test_nothing_of_it_stays_once_it_is_removed(run: Run, clean_root: Path) -> None:
    files = run("dpkg", "-L", "bri-desktop").stdout.splitlines()
    owned = [Path(file) for file in files if "bri-desktop" in file]
    run("apt-get", "-qq", "-y", "purge", "bri-desktop")
    assert [str(file) for file in owned if os.path.lexists(clean_root / str(file)[1:])] == []
    assert "bribackup" not in _read(clean_root, "mime/globs2")
    assert (clean_root / HOME[1:] / ".local/share/bri-desktop/ledger.db").is_file()
