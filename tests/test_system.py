"""What differs between the systems: both branches of each on whichever system the tests run."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bri_desktop import paths, system


def test_a_checkout_starts_its_reader_as_a_module_and_a_bundle_as_itself(tmp_path: Path) -> None:
    module = ("/usr/bin/python3", "-m", "bri_desktop.excel.reader_child")
    assert system.reader_command("/usr/bin/python3", frozen=False, windows=False) == module
    linux = str(tmp_path / "bri-desktop")
    assert system.reader_command(linux, frozen=True, windows=False) == (linux, system.READER_ARGUMENT)


def test_on_windows_the_reader_is_the_program_that_has_streams(tmp_path: Path) -> None:
    program = tmp_path / "bri-desktop.exe"
    assert system.reader_command(str(program), frozen=True, windows=True) == (str(program), "read-workbook")
    console = tmp_path / system.CONSOLE_NAME
    console.touch()
    assert system.reader_command(str(program), frozen=True, windows=True) == (str(console), "read-workbook")


def test_only_windows_is_asked_for_a_child_without_a_console() -> None:
    assert (system.child_flags(windows=False), system.child_flags(windows=True)) == (0, 0x08000000)


def test_a_replacement_is_tried_again_only_where_a_scanner_may_hold_the_file(tmp_path: Path) -> None:
    waits: list[float] = []
    refusals = [PermissionError(), PermissionError()]

    def act(source: str | Path, target: str | Path) -> None:
        if refusals:
            raise refusals.pop()
        Path(source).replace(target)

    new, old = tmp_path / "new", tmp_path / "old"
    new.write_text("neu")
    old.write_text("alt")
    system.replace(new, old, windows=True, act=act, wait=waits.append)
    assert old.read_text() == "neu"
    assert waits == [system.REPLACE_PAUSE] * 2
    with pytest.raises(FileNotFoundError):
        system.replace(new, old, windows=True, wait=waits.append)


@pytest.mark.parametrize(("windows", "tries"), [(False, 1), (True, system.REPLACE_TRIES + 1)])
def test_a_file_that_stays_held_is_told(tmp_path: Path, windows: bool, tries: int) -> None:
    asked: list[str] = []

    def act(source: str | Path, target: str | Path) -> None:
        asked.append(str(source))
        raise PermissionError

    with pytest.raises(PermissionError):
        system.replace(tmp_path / "a", tmp_path / "b", windows=windows, act=act, wait=lambda _seconds: None)
    assert len(asked) == tries


class Kernel:
    """As much of kernel32 as is asked: processes 7 (running), 8 (ended but not forgotten)."""

    def __init__(self) -> None:
        self.closed: list[int] = []

    def OpenProcess(self, access: int, inherit: bool, pid: int) -> int:
        assert (access, inherit) == (0x00100000, False)
        return pid if pid in (7, 8) else 0

    def WaitForSingleObject(self, handle: int, milliseconds: int) -> int:
        assert milliseconds == 0
        return 258 if handle == 7 else 0

    def CloseHandle(self, handle: int) -> None:
        self.closed.append(handle)


def test_windows_is_asked_for_a_process_without_ending_it() -> None:
    kernel = Kernel()
    assert [system.is_running_on_windows(pid, kernel) for pid in (7, 8, 9)] == [True, False, False]
    assert kernel.closed == [7, 8]


def test_programs_that_are_started_get_their_own_libraries_back() -> None:
    environment = {"LD_LIBRARY_PATH": "/bundle/_internal", "LD_LIBRARY_PATH_ORIG": "/opt/lib", "HOME": "/h"}
    system.give_libraries_back(environment)
    assert environment == {"LD_LIBRARY_PATH": "/opt/lib", "HOME": "/h"}
    untouched = {"LD_LIBRARY_PATH": "/opt/lib"}
    system.give_libraries_back(untouched)
    assert untouched == {"LD_LIBRARY_PATH": "/opt/lib"}


def test_a_program_without_streams_writes_nowhere_instead_of_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    system.give_streams()
    made = SimpleNamespace(out=sys.stdout, err=sys.stderr)
    made.out.write("台账")
    made.err.write("台账")
    made.out.close()
    made.err.close()


def test_a_portable_copy_keeps_its_data_beside_itself(tmp_path: Path) -> None:
    assert paths.portable_folder(None) is None
    assert paths.portable_folder(tmp_path) is None
    (tmp_path / paths.PORTABLE).mkdir()
    assert paths.portable_folder(tmp_path) == tmp_path / "bri-desktop-data"


def test_a_portable_program_opens_the_ledger_beside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / paths.PORTABLE).mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bri-desktop"))
    assert paths.default_database() == tmp_path / "bri-desktop-data" / "ledger.db"
    assert paths.everyday_settings() == tmp_path / "bri-desktop-data" / "settings.ini"
