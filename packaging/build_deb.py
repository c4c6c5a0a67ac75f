"""Makes the Debian package of a bundle: the folder, the menu entry, the icon, the MIME types, what it depends on."""

import gzip
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "packaging"
NAME = "bri-desktop"
ARCHITECTURE = "amd64"
FOLDER = f"usr/lib/{NAME}"
GLIBC = re.compile(rb"GLIBC_2\.(\d+)\b")
FONTS = "fonts-noto-cjk | fonts-wqy-microhei | fonts-wqy-zenhei"

CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: {name} developers <{name}@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: {fonts}, xdg-utils
Section: misc
Priority: optional
Description: ledger of international city cooperation
 Keeps the projects of a city's international cooperation, merges the Excel
 ledgers of other departments cell by cell, and computes the figures of the
 yearly summary. Works without a network, on one local file, in Chinese and
 English.
"""

COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: bri-desktop

Files: *
Copyright: the developers of bri-desktop
License: LGPL-3+
 The text is in /{folder}/_internal/licences and, on Debian systems, in
 /usr/share/common-licenses/LGPL-3. The parts that are bundled and their
 licences are listed in /{folder}/_internal/bri_desktop/resources/licences.csv
 and in the program under Settings. Qt and Qt for Python are used under the
 LGPL, version 3: their libraries lie as files of their own under
 /{folder}/_internal/PySide6 and may be replaced.
"""


def version() -> str:
    """Return the version of the program."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def make(bundle: Path, output: Path, work: Path, *, level: int = 6) -> Path:
    """Write the package into ``output`` and return its path; ``work`` holds its tree, ``level`` is that of xz."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(bundle, work / FOLDER, symlinks=True)
    _put(HERE / "bri-desktop.desktop", work / "usr/share/applications/bri-desktop.desktop")
    _put(HERE / "bri-desktop.svg", work / "usr/share/icons/hicolor/scalable/apps/bri-desktop.svg")
    _put(HERE / "bri-desktop-mime.xml", work / "usr/share/mime/packages/bri-desktop.xml")
    (work / "usr/bin").mkdir(parents=True)
    (work / "usr/bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    _documents(work)
    _control(work)
    for folder in [work, *(path for path in work.rglob("*") if path.is_dir() and not path.is_symlink())]:
        folder.chmod(0o755)
    package = output / f"{NAME}_{version()}_{ARCHITECTURE}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", f"-z{level}", "--build", str(work), str(package)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return package


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o644)


def _documents(work: Path) -> None:
    folder = work / "usr/share/doc" / NAME
    folder.mkdir(parents=True)
    (folder / "copyright").write_text(COPYRIGHT.format(folder=FOLDER), encoding="utf-8")
    with gzip.GzipFile(folder / "changelog.gz", "wb", compresslevel=9, mtime=0) as packed:
        packed.write((ROOT / "CHANGELOG.md").read_bytes())
    for path in folder.iterdir():
        path.chmod(0o644)


def _control(work: Path) -> None:
    size = sum(path.stat().st_size for path in work.rglob("*") if path.is_file() and not path.is_symlink())
    bundle = work / FOLDER
    depends = ", ".join([f"libc6 (>= 2.{newest_glibc(bundle)})", *system_packages()])
    values = {"name": NAME, "version": version(), "architecture": ARCHITECTURE, "fonts": FONTS}
    folder = work / "DEBIAN"
    folder.mkdir()
    text = CONTROL.format(**values, kilobytes=size // 1024 + 1, depends=depends)
    (folder / "control").write_text(text, encoding="utf-8")


def newest_glibc(bundle: Path) -> int:
    """Return the newest glibc 2.x that a library of the bundle asks for: it does not run on an older one."""
    return max((int(found) for data in _libraries(bundle) for found in GLIBC.findall(data)), default=28)


def _libraries(bundle: Path) -> Iterator[bytes]:
    for path in bundle.rglob("*"):
        if path.is_file() and not path.is_symlink() and (".so" in path.name or path.parent == bundle):
            yield path.read_bytes()


def system_packages() -> list[str]:
    """Return what a window needs of the system, alternatives as Debian writes them."""
    lines = (HERE / "debian-packages.txt").read_text(encoding="utf-8").splitlines()
    words = (line.split() for line in lines if line and not line.startswith("#"))
    return [" | ".join(names.split("|")) for group, names in words if group == "window"]
