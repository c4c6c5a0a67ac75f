"""The program's own PDF: real text, embedded fonts, an outline, the grid of official documents, and its failures."""

import datetime
import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from some_summary import chinese_summary

from bri_desktop import paths
from bri_desktop.domain.errors import InputError, UserError
from bri_desktop.reports import fonts
from bri_desktop.reports.document import Column, Paragraph, Section, SummaryDocument, Table, text_of
from bri_desktop.reports.paper import INK, MM, OFFICIAL, PLAIN
from bri_desktop.reports.pdf import Printed, print_pdf, write_pdf
from bri_desktop.reports.pdf_blocks import Place, column_widths, fitted
from bri_desktop.ui.shared.tokens import LIGHT

HAN = re.compile(r"\s")


def pages_of(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    found = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    document.close()
    return found


def bare(text: str) -> str:
    return HAN.sub("", text)


def under(data: bytes, place: Place) -> str:
    """Return the text inside the box of a figure."""
    document = pypdfium2.PdfDocument(data)
    page = document[place.page]
    top = page.get_height() - place.y
    text = page.get_textpage().get_text_bounded(place.x + 1.5, top - place.height, place.x + place.width - 1.5, top)
    document.close()
    return bare(text)


@pytest.fixture(scope="module")
def printed() -> Printed:
    return print_pdf(chinese_summary())


def only(text: str, document: SummaryDocument | None = None) -> SummaryDocument:
    """Return a summary of one paragraph."""
    made = document or chinese_summary()
    return replace(made, sections=(Section("one", "一", (Paragraph((text,)),)),), office="", date="")


def test_every_text_is_extracted_as_it_was_written(printed: Printed) -> None:
    whole = bare("".join(re.sub(r"—\s*\d+\s*—|示例数据，不作正式统计", "", page) for page in pages_of(printed.data)))
    document = chinese_summary()
    for _, block in document.blocks():
        if isinstance(block, Paragraph):
            assert bare(block.text) in whole
    for table in document.tables():
        assert bare(f"{table.label}{table.caption}") in whole
        for row in table.printed:
            for cell in row:
                assert bare(text_of(cell)) in whole
    for picture in document.pictures():
        assert bare(f"{picture.label}{picture.caption}") in whole


def test_common_characters_are_not_taken_for_radicals() -> None:
    """The characters that Kangxi radicals look like are the ones that some writers map wrongly."""
    radicals = "一二人入八几刀力十又口土夕大女子寸小山川工己干广弓心戈手文斗方日月木水火父片牙牛犬玉瓜瓦甘生用田白皮目"
    assert bare(radicals) in bare("".join(pages_of(print_pdf(only(radicals)).data)))


def test_every_figure_lies_where_its_place_says(printed: Printed) -> None:
    figures = chinese_summary().figures
    assert {place.name for place in printed.places} <= set(figures)
    for place in printed.places:
        assert under(printed.data, place) == bare(figures[place.name].shown), place


def test_every_printed_figure_has_a_place(printed: Printed) -> None:
    document = chinese_summary()
    named = {
        run.name for _, b in document.blocks() if isinstance(b, Paragraph) for run in b.runs if not isinstance(run, str)
    }
    named |= {
        run.name for t in document.tables() for row in t.printed for c in row for run in c if not isinstance(run, str)
    }
    assert {place.name for place in printed.places} == named


def test_the_outline_names_headings_and_annexes(printed: Printed) -> None:
    document = pypdfium2.PdfDocument(printed.data)
    outline = [(entry.level, entry.get_title()) for entry in document.get_toc()]
    document.close()
    assert outline == [
        (0, "一、总体情况"),
        (1, "（一）合作规模"),
        (1, "（二）市领导的话"),
        (0, "二、合作区域"),
        (1, "（一）与基准比较"),
        (2, "1.占比"),
        (3, "（1）实际与基准"),
        (0, "三、合作模式"),
        (0, "附件1 2017年新增项目一览"),
    ]


def test_fonts_are_embedded_as_subsets(printed: Printed) -> None:
    names = set(re.findall(rb"/FontName /([A-Z+]*[A-Za-z-]+)", printed.data))
    assert names
    assert all(re.match(rb"[A-Z]{6}\+", name) for name in names)
    assert printed.data.count(b"/FontFile2") >= len(names)
    assert b"Helvetica" not in printed.data
    assert len(printed.data) < 600_000


def test_a_page_holds_22_lines_of_28_characters() -> None:
    pages = pages_of(print_pdf(only("国" * (28 * 60), chinese_summary(mark=""))).data)
    lines = [line for line in pages[1].splitlines() if "国" in line]
    assert [len(line.strip()) for line in lines] == [28] * 22
    assert (OFFICIAL.lines, OFFICIAL.characters) == (22, 28)
    assert OFFICIAL.text_width == pytest.approx(156 * MM)
    assert OFFICIAL.text_height == pytest.approx(225 * MM)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    data = print_pdf(only("国" * (28 * 60))).data
    document = pypdfium2.PdfDocument(data)
    middle = document[0].get_width() / 2
    for number in range(3):
        page = document[number].get_textpage()
        found = page.search("—").get_next()
        assert found is not None
        left = page.get_charbox(found[0])[0]
        assert (left > middle) == (number % 2 == 0)
        assert f"— {number + 1} —" in page.get_text_range()
    document.close()


def test_the_plain_layout_numbers_its_pages_in_the_middle() -> None:
    data = print_pdf(chinese_summary(layout="plain")).data
    assert "—1—" not in bare(pages_of(data)[0])
    assert PLAIN.outside is False


def test_a_long_table_repeats_its_head_and_ends_with_what_was_left_out(printed: Printed) -> None:
    annex = [page for page in pages_of(printed.data) if "届城市青年交流" in page]
    assert len(annex) > 1
    assert all("项目名称" in page and "起始日期" in page for page in annex)
    assert "共40项，此处列出前30项" in annex[-1]
    assert "第30届" in bare(annex[-1])
    assert "第31届" not in bare("".join(annex))


def test_wide_tables_lie_across_and_the_text_stands(printed: Printed) -> None:
    assert printed.sizes[0][0] < printed.sizes[0][1]
    assert printed.sizes[-1][0] > printed.sizes[-1][1]
    assert dict(printed.starts)["annex_new"] == next(n for n, size in enumerate(printed.sizes) if size[0] > size[1])


def test_no_page_is_empty(printed: Printed) -> None:
    assert all(len(bare(page)) > 25 for page in pages_of(printed.data))


def test_the_text_is_signed_before_the_annexes(printed: Printed) -> None:
    pages = [bare(page) for page in pages_of(printed.data)]
    signed = next(number for number, page in enumerate(pages) if "某市人民政府外事办公室2018年1月15日" in page)
    assert signed < dict(printed.starts)["annex_new"]


def test_office_and_date_stay_with_the_names_of_the_annexes() -> None:
    lines = ("附件：1．2017年新增项目清单", "2．2017年结束项目清单")
    pages = [bare(page) for page in pages_of(print_pdf(replace(chinese_summary(), annex_lines=lines)).data)]
    (signed,) = [page for page in pages if "某市人民政府外事办公室2018年1月15日" in page]
    assert all(bare(line) in signed for line in lines)


def test_a_character_that_no_font_has_is_shown_as_such() -> None:
    text = bare("".join(pages_of(print_pdf(only("名字里的𠀋字")).data)))
    assert "名字里的〓字" in text


def test_standard_and_rare_characters_are_there() -> None:
    """Names of places and people need the whole list of standard characters."""
    assert all(piece.text != fonts.ABSENT_CHARACTER for piece in fonts.pieces_of("body", "埇桥赟喆镕渥太華亳鄄儋濮"))


def test_the_colours_of_print_are_those_of_the_light_window() -> None:
    for name in ("text", "secondary", "line", "grid", "baseline", "tint", "warning"):
        assert getattr(INK, name) == getattr(LIGHT, name)
    assert (INK.paper, INK.past) == (LIGHT.surface, LIGHT.disabled)


def test_an_english_summary_is_set_without_a_grid() -> None:
    document = replace(only("The ledger holds 35 projects. " * 30), language="en", title="Summary of 2017", mark="")
    text = " ".join("".join(pages_of(print_pdf(document).data)).split())
    assert "The ledger holds 35 projects. The ledger holds" in text


# --- what goes wrong ----------------------------------------------------------------------------------------------


def stop_after(count: int):
    def told(done: int, _total: int) -> None:
        if done >= count:
            raise UserError("cancelled")

    return told


def test_a_stopped_or_failing_run_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "总结.pdf"
    path.write_bytes(b"old")
    with pytest.raises(UserError, match="cancelled"):
        write_pdf(chinese_summary(), path, progress=stop_after(3))
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder_missing"):
        write_pdf(chinese_summary(), tmp_path / "none" / "a.pdf")


def test_a_missing_font_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forget() -> None:
        for cached in (fonts._register_shipped, fonts.face_of):
            cached.cache_clear()

    forget()
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    with pytest.raises(UserError, match="font_missing"):
        write_pdf(chinese_summary(), tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    forget()
    assert fonts.face_of("body").name


def test_progress_counts_every_block(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    document = chinese_summary()
    write_pdf(document, tmp_path / "a.pdf", progress=lambda done, total: told.append((done, total)))
    total = sum(len(section.blocks) for section in document.sections)
    assert told == [(number, total) for number in range(1, total + 1)]
    assert datetime.date.today() <= datetime.date.fromtimestamp((tmp_path / "a.pdf").stat().st_mtime)


def test_the_fonts_of_an_office_are_taken_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with 仿宋 embeds it; here the shipped sans lies under that name."""
    shipped = paths.resources() / "fonts" / fonts.SHIPPED[fonts.SANS]
    (tmp_path / "SimFang.ttf").write_bytes(shipped.read_bytes())
    (tmp_path / "simkai.ttf").write_bytes(b"broken")
    cached = (fonts.face_of, fonts._font_files, fonts._covered, fonts._advance)
    monkeypatch.setattr(fonts, "font_folders", lambda: iter([tmp_path]))
    for one in cached:
        one.cache_clear()
    assert fonts.face_of("body").is_own
    assert not fonts.face_of("kai").is_own
    assert [piece.font for piece in fonts.pieces_of("body", "国")] == ["Office-body"]
    monkeypatch.undo()
    for one in cached:
        one.cache_clear()


def table_of(*cells: str, width: float = 400.0) -> list[float]:
    """Return the widths of columns of equal weight that hold one text each."""
    columns = tuple(Column("列") for _ in cells)
    made = Table("t", "表1", "表", columns, (tuple((cell,) for cell in cells),))
    paper = replace(OFFICIAL, width=OFFICIAL.width, margins=(37, 35, 0, OFFICIAL.width - width / MM))
    return column_widths(made, paper)


def test_columns_are_wide_enough_for_their_words() -> None:
    plain = table_of("国", "国", "国", "国")
    assert plain == pytest.approx([100] * 4)
    widths = table_of("国", "implementation-of-projects", "国", "国", width=300)
    assert widths[1] == pytest.approx(75)
    assert sum(widths) == pytest.approx(300)


def test_columns_that_do_not_fit_share_what_there_is() -> None:
    widths = table_of(*["implementation"] * 8, width=300)
    assert widths == pytest.approx([300 / 8] * 8)


def annex_of(*texts: str, heads: tuple[str, ...]) -> Table:
    """Return a lying table of one row; the second column holds running text."""
    columns = tuple(Column(head, width=3.4 if place == 1 else 1.3) for place, head in enumerate(heads))
    return Table("t", "表1", "表", columns, (tuple((text,) for text in texts),), wide=True)


def test_running_text_keeps_room_beside_long_words() -> None:
    """An English annex whose title is Chinese: eight words of 60 points and more left it two characters."""
    words = ["implementation", "coordination", "connectivity", "responsible", "Sihanoukville", "200,000,000"] * 2
    texts = ("1", "丝路阳光基金资助留学生到西安高校学习", *words[:8])
    made = annex_of(*texts, heads=("No.", "Project", *["Head"] * 8))
    lying = OFFICIAL.across()
    paper = fitted(made, lying)
    assert (lying.cells.size, paper.cells.size) == (10.5, 9)
    widths = column_widths(made, paper)
    assert sum(widths) == pytest.approx(lying.text_width)
    assert widths[1] > 7 * paper.cells.size
    for word, width in zip(texts[2:], widths[2:], strict=True):
        assert fonts.width_of("body", word) * paper.cells.size < width - 7


def test_a_lying_table_with_room_keeps_its_type_and_its_dates_in_a_line() -> None:
    texts = ("1", "丝路阳光基金资助留学生到西安高校", "2017年12月25日")
    made = annex_of(*texts, heads=("序号", "项目", "起始"))
    lying = OFFICIAL.across()
    assert fitted(made, lying) is lying
    # Five times Word leaves a quarter of a character between a digit and a Han character.
    date = fonts.width_of("body", texts[2]) * 10.5
    assert column_widths(made, lying)[2] >= date + 5 * 10.5 / 4 + 7
