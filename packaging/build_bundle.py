"""Freezes the program into one folder, tries it out and packs it; the same on Linux and on Windows.

An environment of its own holds exactly what the locks name. The bundle goes to ``dist/bri-desktop``, packages beside
it. Sizes are printed; a bundle whose self-test fails is not packed.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import build_deb

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "packaging"
WINDOWS = os.name == "nt"
LOCKS = ("requirements/build.txt", "requirements/run.txt", "packaging/requirements.txt")
LARGEST = 350 * 1024 * 1024
"""Bytes that an installed copy may take."""
SHOWN = 12
FAILED = 4


def main() -> int:
    """Build and return the exit status."""
    options = _options()
    began = time.monotonic()
    bundle = options.output / "bri-desktop"
    if not options.packages_only:
        bundle = freeze(options.python or environment(), options.output)
    if not options.without_self_test and not self_test(bundle):
        return FAILED
    size = report_sizes(bundle)
    if not options.without_packages:
        for package in packages(bundle, options.output, quick=options.quick):
            _say(f"{package.relative_to(options.output)}: {package.stat().st_size / 1e6:.1f} MB")
    _say(f"done in {time.monotonic() - began:.0f} s")
    if size > LARGEST:
        _say(f"larger than {LARGEST / 1e6:.0f} MB")
        return FAILED
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="packaging/build", description=__doc__)
    parser.add_argument("--python", type=Path, help="an environment that holds everything, instead of one of its own")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="where bundle and packages go")
    parser.add_argument("--without-self-test", action="store_true")
    parser.add_argument("--without-packages", action="store_true", help="only the folder")
    parser.add_argument("--packages-only", action="store_true", help="of the folder that is there already")
    parser.add_argument("--quick", action="store_true", help="packages that are larger but sooner there, for a try")
    return parser.parse_args()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def environment() -> Path:
    """Return the Python of an environment with what the locks name, made anew where they changed."""
    folder = WORK / "venv"
    python = folder / ("Scripts/python.exe" if WINDOWS else "bin/python")
    digest = hashlib.sha256(sys.version.encode())
    for lock in LOCKS:
        digest.update((ROOT / lock).read_bytes())
    stamp = folder / ".ready"
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == digest.hexdigest():
        return python
    _say("making the environment")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", "install", "--no-deps"]
    for lock in LOCKS:
        built = ["--no-build-isolation", "--use-pep517"] if lock != LOCKS[0] else []
        subprocess.run([*pip, "--require-hashes", *built, "-r", str(ROOT / lock)], check=True)
    stamp.write_text(digest.hexdigest(), encoding="utf-8")
    return python


def freeze(python: Path, output: Path) -> Path:
    """Make the bundle and return its folder."""
    _say("freezing")
    WORK.mkdir(parents=True, exist_ok=True)
    if WINDOWS:
        _make_icon(python)
    folders = ["--distpath", str(output), "--workpath", str(WORK / "work")]
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", *folders]
    changed = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1", "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([*command, str(ROOT / "packaging" / "bri-desktop.spec")], check=True, env={**os.environ, **changed})
    bundle = output / "bri-desktop"
    if not WINDOWS:
        _let_everybody_read(bundle)
    return bundle


def _make_icon(python: Path) -> None:
    """Draw the program's icon in the format of Windows."""
    code = (
        "import sys; from PySide6.QtGui import QGuiApplication, QIcon; app = QGuiApplication([]);"
        "QIcon(sys.argv[1]).pixmap(256, 256).save(sys.argv[2], 'ICO')"
    )
    arguments = [str(ROOT / "packaging" / "bri-desktop.svg"), str(WORK / "bri-desktop.ico")]
    changed = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([str(python), "-c", code, *arguments], check=True, env=changed)


def _let_everybody_read(bundle: Path) -> None:
    """Give every file the rights of an installed one, whatever the umask of who builds."""
    for path in [bundle, *bundle.rglob("*")]:
        if not path.is_symlink():
            is_run = path.is_dir() or (path.parent == bundle and path.name == "bri-desktop")
            path.chmod(0o755 if is_run else 0o644)


def executable(bundle: Path) -> Path:
    """Return the program of a bundle that writes to a terminal."""
    return bundle / ("bri-desktop-console.exe" if WINDOWS else "bri-desktop")


def self_test(bundle: Path) -> bool:
    """Run the bundle's own test with a home that holds nothing; print what came of it."""
    _say("self-test of the bundle")
    with tempfile.TemporaryDirectory(prefix="bri-build-") as home:
        changed = {"HOME": home, "XDG_DATA_HOME": home, "PYTHONUTF8": "1"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        command = [str(executable(bundle)), "self-test", "--json"]
        done = subprocess.run(command, env={**kept, **changed}, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    steps = json.loads(done.stdout)["steps"] if done.stdout.startswith("{") else []
    for step in steps:
        _say(f"  {'ok' if step['ok'] else 'FAILED'}  {step['name']}  {step['seconds']} s  {step['detail']}")
    return done.returncode == 0


def report_sizes(bundle: Path) -> int:
    """Print what takes most of the bundle and return its bytes."""
    parts: dict[str, int] = {}
    for path in _files(bundle):
        name = path.relative_to(bundle).parts
        part = "/".join(name[1:3] if name[1:2] == ("PySide6",) else name[1:2]) or name[0]
        parts[part] = parts.get(part, 0) + path.stat().st_size
    total = sum(parts.values())
    _say(f"bundle: {total / 1e6:.1f} MB in {sum(1 for _ in _files(bundle))} files")
    for part, size in sorted(parts.items(), key=lambda item: -item[1])[:SHOWN]:
        _say(f"  {size / 1e6:7.1f} MB  {part}")
    return total


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def packages(bundle: Path, output: Path, *, quick: bool = False) -> Iterator[Path]:
    """Pack the bundle as this machine can."""
    version = build_deb.version()
    if WINDOWS:
        yield from _installer(output, version)
        return
    archive = output / f"bri-desktop-{version}-linux-{os.uname().machine}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1 if quick else 6) as packed:
        packed.add(bundle, arcname="bri-desktop", filter=_owned_by_root)
        for name in ("bri-desktop.desktop", "bri-desktop.svg", "bri-desktop-mime.xml"):
            packed.add(ROOT / "packaging" / name, arcname=f"bri-desktop/share/{name}", filter=_owned_by_root)
    yield archive
    if shutil.which("dpkg-deb"):
        yield build_deb.make(bundle, output, WORK / "deb", level=0 if quick else 6)
    else:
        _say("no .deb: dpkg-deb is not here")


def _owned_by_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def _installer(output: Path, version: str) -> Iterator[Path]:
    compiler = shutil.which("iscc")
    if compiler is None:
        _say("no installer: Inno Setup is not here")
        return
    defined = [f"/DVersion={version}", f"/DBundle={output / 'bri-desktop'}", f"/O{output}"]
    subprocess.run([compiler, "/Q", *defined, str(ROOT / "packaging" / "bri-desktop.iss")], check=True)
    yield output / f"bri-desktop-{version}-setup.exe"


if __name__ == "__main__":
    raise SystemExit(main())
