"""The yearly summary as a Word file that an office edits on: real styles, numbered captions, figures in bookmarks."""

import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from bri_desktop.excel.sheet_text import clean
from bri_desktop.excel.writer import replace_archive
from bri_desktop.reports.document import Block, Heading, Paragraph, Picture, Section, SummaryDocument, Table
from bri_desktop.reports.drawing import draw_chart, written
from bri_desktop.reports.pages import picture_png
from bri_desktop.reports.paper import UNDER_FIRST, paper_of
from bri_desktop.reports.word_parts import Marks, add_caption, add_page_number, add_runs, table_markup
from bri_desktop.reports.word_styles import (
    BODY,
    CAPTION,
    CELL,
    HEAD,
    LABEL,
    NOTE,
    TITLE,
    indent_first,
    lay_out,
    set_page,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

LONGEST_DESCRIPTION = 4_000
Progress = Callable[[int, int], None]
"""Told how many blocks of how many are done; it raises to stop the work."""


def write_word(document: SummaryDocument, path: Path, pictures: bool = True, progress: Progress | None = None) -> None:
    """Write the summary to ``path``; where it fails or is stopped, nothing remains and an old file is as it was.

    Raises ``InputError`` file_unwritable, file_in_use, disk_full; ``UserError`` font_missing; what ``progress`` raises.
    """
    writer = _Writer(document, pictures=pictures)
    total = sum(len(section.blocks) for section in document.sections)
    done = 0
    writer.title()
    for section in document.sections:
        writer.begin(section)
        for block in section.blocks:
            writer.write(block)
            done += 1
            if progress is not None:
                progress(done, total)
    writer.sign()
    # Packed in memory: on a full disk an archive that is written piece by piece cannot even be closed.
    packed = io.BytesIO()
    writer.word.save(packed)
    with replace_archive(path) as stream:
        stream.write(packed.getbuffer())


def described(picture: Picture) -> str:
    """Return a picture in words, for who cannot see it and to trace its numbers: each with the name of its figure."""
    said = [f"{picture.label} {picture.caption}"]
    for series in picture.chart.series:
        for label, value, name in zip(picture.chart.labels, series.values, series.figures, strict=False):
            shown = written(picture.chart, value)
            said.append(" ".join(part for part in (label, series.name, shown, f"[{name}]" if name else "") if part))
    text = said[0]
    for part in said[1:]:
        if len(text) + len(part) > LONGEST_DESCRIPTION:
            break
        text = f"{text}; {part}"
    return text


class _Writer:
    def __init__(self, document: SummaryDocument, *, pictures: bool) -> None:
        self.document = document
        self.pictures = pictures
        self.upright = self.paper = paper_of(document.layout)
        self.marks = Marks()
        self.word: WordDocument = Document()
        lay_out(self.word, self.paper, document.layout, document.language)
        self._properties()
        self._running_lines()
        self.is_signed = False

    def _properties(self) -> None:
        properties = self.word.core_properties
        properties.title, properties.author = self.document.title[:255], self.document.office[:255]
        properties.language = "zh-CN" if self.document.language == "zh_CN" else "en"
        properties.comments = ""
        properties.created = properties.modified = datetime.datetime.now(datetime.UTC)

    def _running_lines(self) -> None:
        """Page numbers, odd at the right and even at the left, and the mark of sample figures."""
        section = self.word.sections[0]
        right, left = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
        self._foot(section.footer, right if self.paper.outside else WD_ALIGN_PARAGRAPH.CENTER)
        if self.paper.outside:
            self._foot(section.even_page_footer, left)
        for head in (section.header, section.even_page_header):
            paragraph = head.paragraphs[0]
            paragraph.alignment = right
            if self.document.mark:
                run: Any = paragraph.add_run(clean(self.document.mark))
                run.font.size = Pt(9)

    def _foot(self, foot: Any, alignment: WD_ALIGN_PARAGRAPH) -> None:
        paragraph = foot.paragraphs[0]
        shape = paragraph.paragraph_format
        paragraph.alignment = alignment
        if self.paper.outside:
            shape.left_indent = shape.right_indent = Pt(self.paper.number_size)
        half_points = round(2 * self.paper.number_size)
        properties = (
            f'<w:rPr {nsdecls("w")}><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/>'
            f'<w:sz w:val="{half_points}"/></w:rPr>'
        )
        add_page_number(paragraph, "—" if self.paper.outside else "", properties)

    # --- what is written ------------------------------------------------------------------------------------------

    def _add(self, text: str, style: str) -> Any:
        return self.word.add_paragraph(clean(text), style=style)

    def title(self) -> None:
        """Write the title, with room over and under it."""
        paragraph = self._add(self.document.title, TITLE)
        room = Pt(self.paper.title.line / 2)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = room

    def begin(self, section: Section) -> None:
        """Start a section; an annex has a page of its own, lying where it has a wide table."""
        if not section.annex:
            return
        self.sign()
        lying = any(isinstance(block, Table) and block.wide for block in section.blocks)
        self.paper = self.upright.across() if lying else self.upright
        set_page(self.word.add_section(WD_SECTION.NEW_PAGE), self.paper)
        self._add(section.label, LABEL)
        title = self._add(section.title, TITLE)
        title.paragraph_format.space_after = Pt(self.paper.title.line / 3)

    def write(self, block: Block) -> None:
        """Write one block."""
        match block:
            case Heading():
                self._add(block.full, f"Heading {block.level}")
            case Paragraph():
                add_runs(self._add("", NOTE if block.kind == "note" else BODY), self.marks, block.runs)
            case Table():
                self._table(block)
            case Picture():
                if self.pictures:
                    self._picture(block)

    def _table(self, table: Table) -> None:
        add_caption(self._add("", CAPTION), table.label, table.caption)
        styles: Any = self.word.styles
        ids = (styles[CELL].style_id, styles[HEAD].style_id)
        body: Any = self.word.element.body
        body.insert(len(body) - 1, table_markup(table, self.paper, self.marks, ids))
        cut = table.cut_note if len(table.printed) < len(table.rows) else ""
        for note in (cut, table.note):
            if note:
                self._add(note, NOTE)
        last = self._add("", NOTE) if not (cut or table.note) else self.word.paragraphs[-1]
        last.paragraph_format.space_after = Pt(6)

    def _picture(self, picture: Picture) -> None:
        paragraph = self._add("", CAPTION)
        shape = paragraph.paragraph_format
        shape.line_spacing, shape.alignment = 1.0, WD_ALIGN_PARAGRAPH.LEFT
        shape.space_before, shape.keep_with_next = Pt(6), True
        png = picture_png(draw_chart(picture.chart, self.paper.text_width))
        made = paragraph.add_run().add_picture(io.BytesIO(png), width=Pt(self.paper.text_width))
        for side in ("distT", "distB", "distL", "distR"):
            made._inline.set(side, "0")
        made._inline.docPr.set("descr", clean(described(picture)))
        caption = self._add("", CAPTION)
        add_caption(caption, picture.label, picture.caption)
        caption.paragraph_format.keep_with_next = bool(picture.note)
        last = self._add(picture.note, NOTE) if picture.note else caption
        last.paragraph_format.space_after = Pt(6)

    def sign(self) -> None:
        """Write which annexes there are, then office and date, at the end of the text, before the first annex."""
        if self.is_signed:
            return
        self.is_signed = True
        for number, text in enumerate(self.document.annex_lines):
            shape = self._add(text, BODY).paragraph_format
            shape.space_before = Pt(self.paper.body.line if number == 0 else 0)
            shape.space_after = Pt(0)
            shape.keep_with_next = True  # office and date never stand on a page alone
            if number and self.document.language == "zh_CN":
                indent_first(shape, self.paper.body.size, UNDER_FIRST)
        signed = [text for text in (self.document.office, self.document.date) if text]
        for number, text in enumerate(signed):
            shape = self._add(text, BODY).paragraph_format
            shape.alignment, shape.first_line_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(0)
            shape.right_indent = Pt(2 * self.paper.body.size)
            shape.space_before = Pt(self.paper.body.line if number == 0 else 0)
            shape.keep_with_next = number < len(signed) - 1
