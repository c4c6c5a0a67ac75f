"""The Debian package in a clean root is tried only where it is asked for: ``script/test --packages``.

A pristine root is made once by debootstrap and kept under ``build/packaging/roots``; every run works in a copy.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from package_world import HOME, ROOT, USER, Run

ROOTS = ROOT / "build" / "packaging" / "roots"
SUITE = os.environ.get("BRI_TEST_SUITE", "bookworm")

collect_ignore_glob = [] if os.environ.get("BRI_TEST_PACKAGES") else ["test_*.py"]


@pytest.fixture(scope="session")
def package() -> Path:
    """Return the newest package that was built."""
    named = os.environ.get("BRI_TEST_DEB")
    found = [Path(named)] if named else sorted((ROOT / "dist").glob("*.deb"), key=lambda path: path.stat().st_mtime)
    assert found, "no package: run packaging/build"
    return found[-1]


@pytest.fixture(scope="session")
def clean_root() -> Iterator[Path]:
    """Return a bare Debian of its own, with what this machine needs to reach the package registry."""
    base, live = ROOTS / SUITE, ROOTS / f"{SUITE}.live"
    if not (base / "usr/bin/dpkg").exists():
        base.mkdir(parents=True, exist_ok=True)
        subprocess.run(["debootstrap", "--variant=minbase", SUITE, str(base)], check=True, stdout=subprocess.DEVNULL)
    _unmount(live)
    if live.exists():
        shutil.rmtree(live)
    subprocess.run(["cp", "-a", "--reflink=auto", str(base), str(live)], check=True)
    for name in ("etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt"):
        if Path("/", name).exists():
            (live / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path("/", name), live / name)
    shutil.copytree("/etc/apt/apt.conf.d", live / "etc/apt/apt.conf.d", dirs_exist_ok=True)
    for folder in ("proc", "dev"):
        subprocess.run(["mount", "--bind", f"/{folder}", str(live / folder)], check=True)
    yield live
    _unmount(live)


def _unmount(live: Path) -> None:
    for folder in ("proc", "dev"):
        if os.path.ismount(live / folder):
            subprocess.run(["umount", "-l", str(live / folder)], check=True)


@pytest.fixture(scope="session")
def run(clean_root: Path) -> Run:
    """Return a function that runs a command in the root, as root or as the clerk, with or without a network."""

    def in_root(
        *command: str, user: str = "root", offline: bool = False, check: bool = True, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            _command(clean_root, command, user, offline, environment),
            capture_output=True, text=True, check=check, stdin=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip

    return in_root


def _command(live: Path, command: Sequence[str], user: str, offline: bool, environment: dict[str, str]) -> list[str]:
    kept = {name: os.environ[name] for name in ("http_proxy", "https_proxy") if name in os.environ}
    known = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    known |= {"HOME": HOME if user == USER else "/root", "DEBIAN_FRONTEND": "noninteractive", **kept, **environment}
    words = ["env", "-i", *(f"{name}={value}" for name, value in known.items())]
    words += ["unshare", "-n"] if offline else []
    return [*words, "chroot", f"--userspec={user}", str(live), *command]


@pytest.fixture(scope="session")
def started(clean_root: Path) -> Callable[..., "subprocess.Popen[str]"]:
    """Return a function that starts a command as the clerk and does not wait for it."""

    def start(*command: str, **environment: str) -> "subprocess.Popen[str]":
        words = _command(clean_root, command, USER, False, environment)
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    return start


@pytest.fixture(scope="session")
def open_display() -> Iterator[str]:
    """Return the name of a real X server that every user of this machine may draw on."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-ac", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait()
