"""Record sheets as a Word file that an office edits on: one table a record, the same rows as on the PDF."""

import datetime
import io
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from bri_desktop.excel.sheet_text import clean
from bri_desktop.excel.writer import replace_archive
from bri_desktop.i18n import tr
from bri_desktop.reports.paper import LATIN_FONT, OFFICIAL, TypeStyle
from bri_desktop.reports.record_sheet import MARGINS_MM, PAGE_MM, Photo, RecordSheet
from bri_desktop.reports.record_sheet_fit import (
    HEIGHT,
    HINT,
    KIND,
    LABEL,
    LABEL_WIDTH,
    PAD,
    PHOTO,
    TITLE,
    VALUE,
    WIDTH,
    Cell,
    FittedSheet,
    Row,
    fit_sheet,
)
from bri_desktop.reports.record_sheet_pdf import Progress
from bri_desktop.reports.word_styles import font_of, lay_out

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

TWIPS = 20
SHADE = "F3F5F7"
STYLES = {"Sheet Kind": KIND, "Sheet Title": TITLE, "Sheet Hint": HINT, "Sheet Label": LABEL, "Sheet Text": VALUE}
"""Paragraph styles of the file."""


def write_sheets_word(sheets: Sequence[RecordSheet], path: Path, progress: Progress | None = None) -> None:
    """Write records to one Word file, each on a page of its own; where it fails or is stopped nothing remains.

    Raises ``InputError`` file_unwritable, file_in_use, disk_full; ``UserError`` font_missing; what ``progress`` raises.
    """
    writer = _Writer(sheets[0])
    for number, sheet in enumerate(sheets):
        writer.put(fit_sheet(sheet), is_first=number == 0)
        if progress is not None:
            progress(number + 1, len(sheets))
    packed = io.BytesIO()
    writer.word.save(packed)
    with replace_archive(path) as stream:
        stream.write(packed.getbuffer())


class _Writer:
    def __init__(self, first: RecordSheet) -> None:
        self.word: WordDocument = Document()
        lay_out(self.word, OFFICIAL, "official", first.language)
        self.word.settings.odd_and_even_pages_header_footer = False
        self._page()
        for name, style in STYLES.items():
            self._style(name, style)
        properties = self.word.core_properties
        properties.title, properties.author, properties.comments = first.name[:255], "", ""
        properties.created = properties.modified = datetime.datetime.now(datetime.UTC)
        foot = self.word.sections[0].footer.paragraphs[0]
        foot.style, foot.alignment = self.word.styles["Sheet Hint"], WD_ALIGN_PARAGRAPH.RIGHT
        foot.add_run(clean(first.foot))

    def _page(self) -> None:
        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
        above, below, left, right = (Mm(margin) for margin in MARGINS_MM)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = above, below, left, right
        section.header_distance = section.footer_distance = Mm(9)
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is not None:
            section._sectPr.remove(grid)

    def _style(self, name: str, wish: TypeStyle) -> None:
        style: Any = self.word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.name, style.font.size, style.font.color.rgb = LATIN_FONT, Pt(wish.size), RGBColor(0, 0, 0)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font_of("official", wish.role))
        shape = style.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing = Pt(wish.line)
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER if wish.centred else WD_ALIGN_PARAGRAPH.LEFT

    def put(self, fitted: FittedSheet, *, is_first: bool) -> None:
        """Write the page of a record and what is behind it."""
        sheet = fitted.sheet
        kind = self._add(sheet.kind, "Sheet Kind")
        kind.paragraph_format.page_break_before = not is_first
        self._add(fitted.title, "Sheet Title")
        self._add(
            "    ".join(text for text in (sheet.subtitle, sheet.mark and f"【{sheet.mark}】") if text), "Sheet Hint"
        )
        self._table(fitted.rows, sheet)
        if fitted.note:
            self._add(fitted.note, "Sheet Hint").alignment = WD_ALIGN_PARAGRAPH.LEFT
        if fitted.behind:
            more = self._add(tr("{title} (continued)", title=fitted.title), "Sheet Title")
            more.paragraph_format.page_break_before = True
            self._table(fitted.behind, sheet)

    def _add(self, text: str, style: str) -> Any:
        return self.word.add_paragraph(clean(text), style=style)

    def _table(self, rows: Sequence[Row], sheet: RecordSheet) -> None:
        beside = [row for row in rows if row.beside_photo]
        stretch = max(PHOTO[1] - sum(row.height for row in beside), 0.0) / len(beside) if beside else 0.0
        edges = _edges(rows)
        before = [Row(()), *rows]
        parts = "".join(_row(row, last, stretch, edges) for row, last in zip(rows, before, strict=False))
        columns = zip([0, *edges], edges, strict=False)
        grid = "".join(f'<w:gridCol w:w="{end - start}"/>' for start, end in columns)
        table = parse_xml(f"<w:tbl {nsdecls('w')}>{_properties()}<w:tblGrid>{grid}</w:tblGrid>{parts}</w:tbl>")
        body: Any = self.word.element.body
        body.insert(len(body) - 1, table)
        if beside and sheet.photo:
            self._photo(table, sheet.photo, sum(row.height + stretch for row in beside))
        # A table at the end of a page needs a paragraph behind it, which must not open another page.
        self._add("", "Sheet Hint").paragraph_format.line_spacing = Pt(1)

    def _photo(self, table: Any, photo: Photo, height: float) -> None:
        cell = table.findall(qn("w:tr"))[0].findall(qn("w:tc"))[-1]
        paragraph = Paragraph(cell.find(qn("w:p")), self.word._body)
        width, tall = photo.size_in(PHOTO[0] - 2 * PAD, height - 2 * PAD)
        made = paragraph.add_run().add_picture(io.BytesIO(photo.data), width=Pt(width), height=Pt(tall))
        made._inline.docPr.set("descr", clean(photo.name))


def _properties() -> str:
    outer, inner = 'w:val="single" w:sz="8" w:space="0" w:color="000000"', 'w:val="single" w:sz="4" w:space="0"'
    sides = "".join(f"<w:{side} {outer}/>" for side in ("top", "left", "bottom", "right"))
    inside = "".join(f'<w:{side} {inner} w:color="000000"/>' for side in ("insideH", "insideV"))
    pad = round(PAD * TWIPS)
    return (
        f'<w:tblPr><w:tblW w:w="{round(WIDTH * TWIPS)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{sides}{inside}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{pad}" w:type="dxa"/><w:right w:w="{pad}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )


def _edges(rows: Sequence[Row]) -> list[int]:
    """Return where cells of the table end, in twips: between any two of these is a column of its grid."""
    return sorted({end for row in rows for end in _ends(row)} | {_twips(WIDTH)})


def _ends(row: Row) -> list[int]:
    """Return where the cells of a row end, its group among them."""
    widths = [*([LABEL_WIDTH] if row.group else []), *(cell.width for cell in row.cells)]
    return [_twips(end) for end in accumulate(widths)]


def _twips(points: float) -> int:
    return round(points * TWIPS)


def _row(row: Row, before: Row, stretch: float, edges: Sequence[int]) -> str:
    height = row.height + (stretch if row.beside_photo else 0.0)
    names = [Cell(row.group, LABEL_WIDTH, LABEL, "center", shaded=True)] if row.group else []
    parts: list[str] = []
    start = 0
    for place, (cell, end) in enumerate(zip([*names, *row.cells], _ends(row), strict=True)):
        merge = _merge(is_first=before.group != row.group) if names and place == 0 else ""
        parts.append(_cell(cell, end - start, _span(edges, start, end) + merge))
        start = end
    if row.beside_photo:
        span = _span(edges, start, _twips(WIDTH)) + _merge(is_first=not before.beside_photo)
        parts.append(_photo_cell(_twips(WIDTH) - start, span))
    whole = "<w:cantSplit/>" if row.height < HEIGHT / 3 else ""
    return (
        f'<w:tr><w:trPr>{whole}<w:trHeight w:val="{_twips(height)}" w:hRule="atLeast"/></w:trPr>{"".join(parts)}</w:tr>'
    )


def _merge(*, is_first: bool) -> str:
    return '<w:vMerge w:val="restart"/>' if is_first else "<w:vMerge/>"


def _span(edges: Sequence[int], start: int, end: int) -> str:
    count = sum(start < edge <= end for edge in edges)
    return f'<w:gridSpan w:val="{count}"/>' if count > 1 else ""


def _photo_cell(width: int, span: str) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>'
        '<w:p><w:pPr><w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="center"/></w:pPr></w:p></w:tc>'
    )


def _cell(cell: Cell, width: int, span: str) -> str:
    style = "SheetLabel" if cell.style is LABEL else "SheetText"
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>' if cell.shaded else ""
    paragraphs = "".join(_paragraph(text, style, cell.align) for text in cell.text.split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraphs}</w:tc>"
    )


def _paragraph(text: str, style: str, align: str) -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/><w:jc w:val="{align}"/></w:pPr>{run}</w:p>'
