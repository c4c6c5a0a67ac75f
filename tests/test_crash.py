"""An error of ours is kept with its place and kind; no value of a record reaches a file."""

import logging
from pathlib import Path

import pytest

from bri_desktop import paths
from bri_desktop.crash import KEPT, write_report
from bri_desktop.logs import log_file

SECRET = "绝密的项目名称"


def failing() -> BaseException:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"cannot read {SECRET}") from error
    except ValueError as error:
        return error


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "data_folder", lambda: tmp_path)
    return tmp_path


def test_a_report_names_place_and_kind_and_no_value(folder: Path) -> None:
    error = failing()
    report = write_report(type(error), error, error.__traceback__)
    assert report is not None
    text = report.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert "KeyError" in text
    assert "in failing" in text
    assert SECRET not in text
    assert report.stat().st_mode & 0o777 == 0o600


@pytest.mark.expects_log("unexpected")
def test_the_log_holds_no_value_either(folder: Path) -> None:
    with log_file(debug=False):
        error = failing()
        logging.getLogger("bri_desktop").error("unexpected error", exc_info=error)
    text = (folder / "log.txt").read_text(encoding="utf-8")
    assert "ValueError" in text
    assert SECRET not in text


def test_old_reports_go(folder: Path) -> None:
    (folder / "crash-reports").mkdir()
    for number in range(KEPT + 5):
        (folder / "crash-reports" / f"crash-2020{number:04d}.txt").touch()
    error = failing()
    report = write_report(type(error), error, error.__traceback__)
    left = sorted((folder / "crash-reports").iterdir())
    assert len(left) == KEPT
    assert left[-1] == report
