"""A disk that is full in the midst of writing, and a file that is open elsewhere: one code, and the old file stays."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from some_summary import chinese_summary

from bri_desktop.domain.errors import InputError
from bri_desktop.reports.document import SummaryDocument
from bri_desktop.reports.pdf import write_pdf
from bri_desktop.reports.word import write_word
from bri_desktop.reports.year_workbook import write_workbook

Write = Callable[[SummaryDocument, Path], None]
WRITERS = [("docx", write_word), ("pdf", write_pdf), ("xlsx", write_workbook)]
ROOM = 4_096


@contextmanager
def little_room() -> Iterator[None]:
    """Let no file grow beyond a few blocks, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(("kind", "write"), WRITERS)
def test_a_full_disk_leaves_the_old_file(kind: str, write: Write, tmp_path: Path) -> None:
    path = tmp_path / f"总结.{kind}"
    path.write_bytes(b"old")
    document = chinese_summary()
    with pytest.raises(InputError, match="disk_full"), little_room():
        write(document, path)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


@pytest.mark.parametrize(("kind", "write"), WRITERS)
def test_a_file_open_elsewhere_stays(kind: str, write: Write, tmp_path: Path) -> None:
    path = tmp_path / f"总结.{kind}"
    path.write_bytes(b"old")
    (tmp_path / f".~lock.总结.{kind}#").write_bytes(b"")
    with pytest.raises(InputError, match="file_in_use"):
        write(chinese_summary(), path)
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize(("kind", "write"), WRITERS)
def test_a_written_file_is_whole_and_replaces_the_old_one(kind: str, write: Write, tmp_path: Path) -> None:
    path = tmp_path / f"总结.{kind}"
    path.write_bytes(b"old")
    write(chinese_summary(), path)
    assert path.stat().st_size > 10_000
    assert list(tmp_path.iterdir()) == [path]
