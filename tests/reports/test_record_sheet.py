"""The page of a record: one page where the record is of the usual size, cut with a mark and whole behind where not."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdfium2 import PdfDocument

from bri_desktop.reports.record_sheet import Fact, LongText, Part, PartColumn, RecordSheet, fact_rows
from bri_desktop.reports.record_sheet_fit import HEIGHT, VALUE, cut_text, fit_sheet, lines_of
from bri_desktop.reports.record_sheet_pdf import print_sheets, write_sheets_pdf
from bri_desktop.reports.record_sheet_photo import read_photo
from bri_desktop.reports.record_sheet_word import write_sheets_word

COLUMNS = (PartColumn("日期", 1.6, "center"), PartColumn("活动名称", 5), PartColumn("人数", 1, "right"))


def sheet(**given: Any) -> RecordSheet:
    facts = tuple(Fact(f"栏目{number}", f"内容{number}") for number in range(14))
    usual = {
        "key": "P1",
        "kind": "项目卡",
        "title": "中欧班列（成渝）",
        "subtitle": "",
        "facts": facts,
        "texts": (LongText("概况", "成都、重庆两市共建。"),),
        "parts": (part(3),),
        "below": (LongText("附件", "照片.jpg"),),
        "language": "zh_CN",
        "foot": "某市外办  2026年11月23日",
    }
    return RecordSheet(**usual | given)


def part(rows: int) -> Part:
    return Part(
        "活动", COLUMNS, tuple((f"2018-0{number % 9 + 1}", f"交流{number}", str(number)) for number in range(rows))
    )


def pages_of(data: bytes) -> list[str]:
    with PdfDocument(data) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_a_usual_record_stands_on_one_page_with_all_it_has() -> None:
    data, pages = print_sheets([sheet()])
    (text,) = pages_of(data)
    assert pages == 1
    for word in ("项目卡", "中欧班列（成渝）", "内容13", "两市共建", "交流2", "照片.jpg", "某市外办"):
        assert word in text


def test_what_does_not_fit_is_cut_with_a_mark_and_stands_in_full_behind() -> None:
    long = "逐年增加。" * 400
    full = sheet(texts=(LongText("概况", long), LongText("成效", "短。")), parts=(part(80),))
    fitted = fit_sheet(full)
    first = "".join(cell.text for row in fitted.rows for cell in row.cells)
    behind = "".join(cell.text for row in fitted.behind for cell in row.cells)
    assert "…" in first and long not in first
    assert long in behind and "交流79" in behind
    assert any(row.group.startswith("活动\n") and row.group.endswith("/ 80") for row in fitted.rows)
    assert sum(row.height for row in fitted.rows) < HEIGHT
    data, pages = print_sheets([full])
    assert pages >= 3
    assert "短。" in pages_of(data)[0] and "短。" not in "".join(pages_of(data)[1:])


def test_lists_without_room_are_counted() -> None:
    crowded = sheet(
        texts=tuple(LongText(f"文{n}", "字" * 900) for n in range(12)), parts=tuple(part(5) for _ in range(9))
    )
    fitted = fit_sheet(crowded)
    assert sum(row.height for row in fitted.rows) < HEIGHT
    assert sum("5" in row.cells[0].text and len(row.cells) == 1 for row in fitted.rows) > 0


def test_each_record_begins_on_a_page_of_its_own() -> None:
    data, pages = print_sheets([sheet(), sheet(title="第二项")])
    assert pages == 2
    assert "第二项" in pages_of(data)[1]


def test_a_picture_stands_beside_one_fact_a_row(tmp_path: Path) -> None:
    Image.new("RGB", (400, 200), "red").save(tmp_path / "a.jpg")
    photo = read_photo(tmp_path / "a.jpg", "a.jpg")
    assert photo is not None and photo.size_in(100, 100) == (100, 50)
    fitted = fit_sheet(sheet(photo=photo))
    assert all(len(row.cells) == 2 for row in fitted.rows if row.beside_photo)
    assert len(pages_of(print_sheets([sheet(photo=photo)])[0])) == 1
    path = tmp_path / "s.docx"
    write_sheets_word([sheet(photo=photo)], path)
    with zipfile.ZipFile(path) as archive:
        assert any(name.startswith("word/media/") for name in archive.namelist())


def test_a_file_that_is_no_picture_gives_none(tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff not a picture")
    assert read_photo(tmp_path / "bad.jpg", "bad.jpg") is None
    assert read_photo(tmp_path / "absent.png", "absent.png") is None
    whole = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(whole, "PNG")
    (tmp_path / "cut.png").write_bytes(whole.getvalue()[:60])
    assert read_photo(tmp_path / "cut.png", "cut.png") is None


def test_word_has_the_same_cells_as_the_page(tmp_path: Path) -> None:
    path = tmp_path / "s.docx"
    write_sheets_word([sheet(), sheet(title="第二项", texts=(LongText("概况", "长" * 3000),))], path)
    document = Document(str(path))
    assert len(document.tables) == 3
    texts = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert {"栏目0", "内容13", "成都、重庆两市共建。", "交流2", "照片.jpg"} <= set(texts)
    assert document.tables[2].rows[0].cells[-1].text == "长" * 3000
    assert [paragraph.text for paragraph in document.paragraphs][:2] == ["项目卡", "中欧班列（成渝）"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    def stop(_done: int, _all: int) -> None:
        raise RuntimeError

    for write, name in ((write_sheets_pdf, "a.pdf"), (write_sheets_word, "a.docx")):
        (tmp_path / name).write_bytes(b"old")
        with pytest.raises(RuntimeError):
            write([sheet()], tmp_path / name, stop)
        assert (tmp_path / name).read_bytes() == b"old"


@given(st.lists(st.booleans(), max_size=9))
def test_no_fact_is_lost_in_rows(wide: list[bool]) -> None:
    facts = [Fact(str(number), "", one) for number, one in enumerate(wide)]
    rows = fact_rows(facts)
    assert [fact for row in rows for fact in row] == facts
    assert all(len(row) <= 2 and not (len(row) == 2 and any(fact.wide for fact in row)) for row in rows)


@settings(max_examples=25)
@given(st.text("成渝 a，。\n", max_size=200), st.integers(1, 5))
def test_a_cut_text_takes_no_more_lines_and_is_its_beginning(text: str, lines: int) -> None:
    shown = cut_text(text, VALUE, 120.0, lines)
    assert len(lines_of(shown, VALUE, 120.0)) <= lines
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))
