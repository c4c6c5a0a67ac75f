"""The Word file of the summary: the official layout, figures in bookmarks, captions that count, and its failures."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree
from PIL import Image
from some_summary import chinese_summary

from bri_desktop.domain.errors import InputError, UserError
from bri_desktop.reports.document import Paragraph, SummaryDocument, text_of
from bri_desktop.reports.marked import read_figures
from bri_desktop.reports.paper import LATIN_FONT
from bri_desktop.reports.word import write_word

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def summary() -> SummaryDocument:
    return chinese_summary()


@pytest.fixture(scope="module")
def path(summary: SummaryDocument, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("word") / "总结.docx"
    write_word(summary, made)
    return made


@pytest.fixture(scope="module")
def word(path: Path):
    return Document(str(path))


def texts(word) -> list[str]:
    return [paragraph.text for paragraph in word.paragraphs]


def test_the_page_is_that_of_official_documents(word) -> None:
    page = word.sections[0]
    close = {"abs": 700}
    assert page.page_width == pytest.approx(Mm(210), **close)
    assert page.page_height == pytest.approx(Mm(297), **close)
    assert page.top_margin == pytest.approx(Mm(37), **close)
    assert page.left_margin == pytest.approx(Mm(28), **close)
    assert page.page_width - page.left_margin - page.right_margin == pytest.approx(Mm(156), abs=2000)
    assert page.page_height - page.top_margin - page.bottom_margin == pytest.approx(Mm(225), abs=2000)
    grid = page._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_22_lines_of_28_characters_fit(word) -> None:
    body = word.styles["Body Text"]
    spacing = int(body.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert body.font.size == Pt(16)
    assert Mm(156).pt // (16 + spacing) == 28
    assert Mm(225).pt // body.paragraph_format.line_spacing.pt == 22
    assert body.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("Heading 4", "仿宋_GB2312", 16),
        ("Body Text", "仿宋_GB2312", 16),
    ],
)
def test_types_are_those_of_official_documents(word, style: str, font: str, points: int) -> None:
    made = word.styles[style]
    fonts = made.element.rPr.find(qn("w:rFonts"))
    assert (fonts.get(qn("w:eastAsia")), made.font.name, made.font.size) == (font, LATIN_FONT, Pt(points))
    assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_fonts_name_what_may_stand_in_for_them(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        table = archive.read("word/fontTable.xml").decode()
        styles = archive.read("word/styles.xml").decode()
    assert re.search(r'w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong', table)
    assert re.search(r'w:name="方正小标宋简体"><w:altName w:val="FZXiaoBiaoSong-B05S', table)
    assert 'w:eastAsia="zh-CN"' in styles


def test_properties_stand_in_the_order_that_word_wants(word) -> None:
    order = ["keepNext", "pBdr", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing", "ind", "jc", "outlineLvl"]
    for style in word.styles:
        properties = getattr(style.element, "pPr", None)
        if properties is not None:
            named = [etree.QName(child).localname for child in properties]
            known = [order.index(name) for name in named if name in order]
            assert known == sorted(known), style.name


def test_all_text_stands_in_its_order(word, summary: SummaryDocument) -> None:
    found = texts(word)
    assert found[0] == "2017年度城市国际合作情况总结"
    wanted = [
        b.full if not isinstance(b, Paragraph) else b.text for _, b in summary.blocks() if not hasattr(b, "label")
    ]
    positions = [found.index(text) for text in wanted]
    assert positions == sorted(positions)
    assert found.index("某市人民政府外事办公室") < found.index("附件1") < found.index("2017年新增项目一览")


def test_headings_are_real_ones(word) -> None:
    styled = {paragraph.text: paragraph.style.name for paragraph in word.paragraphs}
    assert styled["一、总体情况"] == "Heading 1"
    assert styled["（一）合作规模"] == "Heading 2"
    assert styled["1.占比"] == "Heading 3"
    assert styled["（1）实际与基准"] == "Heading 4"


def test_captions_are_numbered_without_a_gap_by_fields(word, path: Path) -> None:
    captions = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "Caption" and paragraph.text]
    for kind, count in (("表", 2), ("图", 5)):
        own = [text for text in captions if text.startswith(kind)]
        assert [text.split("　")[0] for text in own] == [f"{kind}{number}" for number in range(1, count + 1)]
    with zipfile.ZipFile(path) as archive:
        body = archive.read("word/document.xml").decode()
    assert body.count(" SEQ 表 ") == 2
    assert body.count(" SEQ 图 ") == 5


def test_every_cell_of_a_table_is_there_and_its_head_repeats(word, summary: SummaryDocument) -> None:
    for made, table in zip(word.tables, summary.tables(), strict=True):
        rows = list(made.rows)
        assert [cell.text for cell in rows[0].cells] == [column.head for column in table.columns]
        assert rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        for row, cells in zip(rows[1:], table.printed, strict=True):
            assert [cell.text for cell in row.cells] == [text_of(cell) for cell in cells]


def test_a_cut_annex_says_so(word) -> None:
    assert len(word.tables[1].rows) == 31
    assert "共40项，此处列出前30项，其余见电子表格附件。" in texts(word)


def test_every_figure_is_read_back_by_its_bookmark(path: Path, summary: SummaryDocument) -> None:
    printed = {
        run.name for _, b in summary.blocks() if isinstance(b, Paragraph) for run in b.runs if not isinstance(run, str)
    }
    printed |= {
        run.name for t in summary.tables() for row in t.printed for c in row for run in c if not isinstance(run, str)
    }
    assert read_figures(path) == {name: summary.figures[name].shown for name in printed}


def test_bookmarks_are_unique_and_closed(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    starts = [(mark.get(f"{W}id"), mark.get(f"{W}name")) for mark in root.iter(f"{W}bookmarkStart")]
    ends = [mark.get(f"{W}id") for mark in root.iter(f"{W}bookmarkEnd")]
    assert sorted(id_ for id_, _ in starts) == sorted(ends)
    names = [name for _, name in starts]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name) for name in names)
    assert "y2017_agreements" in names
    assert "y2017_agreements__2" in names


def test_a_figure_that_was_typed_over_is_read_as_it_stands(path: Path, tmp_path: Path) -> None:
    edited = Document(str(path))
    mark = next(one for one in edited.element.body.iter(f"{W}bookmarkStart") if one.get(f"{W}name") == "y2017_new")
    run = mark.getnext()
    run.find(f"{W}t").text = "1"
    second = etree.fromstring(etree.tostring(run))
    second.find(f"{W}t").text = "8"
    run.addnext(second)
    gone = next(one for one in edited.element.body.iter(f"{W}bookmarkStart") if one.get(f"{W}name") == "y2017_stock")
    gone.getparent().remove(gone)
    edited.save(str(tmp_path / "edited.docx"))
    found = read_figures(tmp_path / "edited.docx")
    assert found["y2017_new"] == "18"
    assert "y2017_stock" not in found


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04broken"])
def test_what_is_no_word_file_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    with pytest.raises(InputError, match="file_damaged"):
        read_figures(path)


def test_pictures_are_fine_enough_and_named(word) -> None:
    assert len(word.inline_shapes) == 5
    for shape in word.inline_shapes:
        assert shape._inline.docPr.get("descr").startswith("图")
        assert shape.width == pytest.approx(Mm(156), abs=20_000)
    images = [part for part in word.part.package.iter_parts() if part.content_type == "image/png"]
    for part in images:
        with Image.open(io.BytesIO(part.blob)) as image:
            assert image.width == pytest.approx(156 / 25.4 * 200, abs=2)


def test_page_numbers_are_dashed_and_change_sides(word) -> None:
    section = word.sections[0]
    assert word.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert odd.text == even.text == "— 1 —"
    assert (odd.alignment, even.alignment) == (2, 0)
    assert "PAGE" in odd._p.xml
    assert 'w:sz w:val="28"' in odd._p.xml
    assert section.header.paragraphs[0].text == "示例数据，不作正式统计"


def test_a_wide_annex_lies_across(word) -> None:
    assert [section.page_width > section.page_height for section in word.sections] == [False, True]


def test_no_english_and_no_missing_number_stand_in_the_chinese_file(word) -> None:
    whole = "\n".join([*texts(word), *(cell.text for table in word.tables for row in table.rows for cell in row.cells)])
    assert not re.search(r"[A-Za-z]{2}", whole)
    assert "nan" not in whole.lower()


def test_the_plain_layout_has_its_own_page_and_type(summary: SummaryDocument, tmp_path: Path) -> None:
    write_word(replace(summary, layout="plain"), tmp_path / "a.docx", pictures=False)
    word = Document(str(tmp_path / "a.docx"))
    assert word.sections[0].left_margin == pytest.approx(Mm(25), abs=700)
    assert word.styles["Body Text"].font.size == Pt(12)
    assert not word.settings.odd_and_even_pages_header_footer
    assert len(word.inline_shapes) == 0


def test_a_stopped_run_leaves_the_old_file(summary: SummaryDocument, tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 4:
            raise UserError("cancelled")

    path = tmp_path / "a.docx"
    path.write_bytes(b"old")
    with pytest.raises(UserError, match="cancelled"):
        write_word(summary, path, progress=stop)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


def test_a_file_open_elsewhere_is_not_touched(summary: SummaryDocument, tmp_path: Path) -> None:
    path = tmp_path / "summary.docx"
    path.write_bytes(b"old")
    (tmp_path / "~$mmary.docx").write_bytes(b"")
    with pytest.raises(InputError, match="file_in_use"):
        write_word(summary, path, pictures=False)
    assert path.read_bytes() == b"old"
