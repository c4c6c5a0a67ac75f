"""The yearly summary as PDF, without an office suite: embedded fonts, an outline, real text, pictures as vectors."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from bri_desktop.excel.writer import replace_file
from bri_desktop.reports import fonts
from bri_desktop.reports.document import Block, Heading, Paragraph, Picture, Section, SummaryDocument, Table
from bri_desktop.reports.paper import INK, MM, UNDER_FIRST, TypeStyle, paper_of
from bri_desktop.reports.pdf_blocks import (
    Pen,
    Place,
    Slab,
    gap,
    heading_slabs,
    paragraph_slabs,
    picture_slabs,
    table_slabs,
    text_slabs,
)
from bri_desktop.reports.typeset import set_lines

Progress = Callable[[int, int], None]
"""Told how many blocks of how many are done; it raises to stop the work."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A summary as PDF: its bytes, the size of each page in points, where each figure stands, and the page (from 0)
    on which each section begins."""

    data: bytes
    places: tuple[Place, ...]
    sizes: tuple[tuple[float, float], ...]
    starts: tuple[tuple[str, int], ...]


def write_pdf(document: SummaryDocument, path: Path, pictures: bool = True, progress: Progress | None = None) -> None:
    """Write the summary to ``path``; where it fails or is stopped, nothing remains and an old file is as it was.

    Raises ``InputError`` file_unwritable, file_in_use, disk_full; ``UserError`` font_missing; what ``progress`` raises.
    """
    printed = print_pdf(document, pictures=pictures, progress=progress)
    with replace_file(path) as (stream, _):
        stream.write(printed.data)


def print_pdf(document: SummaryDocument, *, pictures: bool = True, progress: Progress | None = None) -> Printed:
    """Return the summary as PDF."""
    press = _Press(document)
    press.title()
    total = sum(len(section.blocks) for section in document.sections)
    done = 0
    for section in document.sections:
        press.begin(section)
        for block in section.blocks:
            if pictures or not isinstance(block, Picture):
                press.put(press.slabs(block))
            done += 1
            if progress is not None:
                progress(done, total)
    press.sign()
    return press.finish()


class _Press:
    """Lays slabs on pages, one under the other, and begins a new page where one does not fit."""

    def __init__(self, document: SummaryDocument) -> None:
        self.document = document
        self.upright = self.paper = paper_of(document.layout)
        self.is_chinese = document.language == "zh_CN"
        self.cell = self.paper.cell if self.is_chinese else 0.0
        self.buffer = io.BytesIO()
        fonts.face_of("body")
        self.canvas: Any = Canvas(self.buffer, initialFontName=fonts.SERIF, pageCompression=1)
        self.canvas.setTitle(document.title)
        self.canvas.setAuthor(document.office)
        self.canvas.setCreator("")
        self.pen = Pen(self.canvas, 0.0)
        self.starts: list[tuple[str, int]] = []
        self.sizes: list[tuple[float, float]] = []
        self.held: list[Slab] = []
        self.y = 0.0
        self.number = 0
        self.last_depth = -1
        self.is_signed = False
        self._open_page()

    # --- what is put on paper -------------------------------------------------------------------------------------

    def title(self) -> None:
        """Put the title over the first page."""
        style = self.paper.title
        self.y -= style.line / 2
        self.put(text_slabs([self.document.title], style, self.paper, align="center", holds=True))
        self.put([gap(style.line / 2)])

    def begin(self, section: Section) -> None:
        """Start a section; an annex has a page of its own, lying where it has a wide table."""
        if section.annex:
            self.sign()
            self._turn(any(isinstance(block, Table) and block.wide for block in section.blocks))
        elif self.paper is not self.upright:
            self._turn(False)
        self._lay_held()
        self.starts.append((section.code, self.pen.page))
        if section.annex:
            outline = (f"{section.label} {section.title}".strip(), 0)
            self.put(
                text_slabs([section.label], self.paper.label, self.paper, justify=False, holds=True, outline=outline)
            )
            style = self.paper.title
            self.put(text_slabs([section.title], style, self.paper, align="center", holds=True))
            self.put([gap(style.line / 3)])

    def slabs(self, block: Block) -> Iterator[Slab]:
        """Return the slabs of a block."""
        match block:
            case Heading():
                return heading_slabs(block, self.paper, cell=self.cell)
            case Paragraph():
                return paragraph_slabs(block, self.paper, cell=self.cell, justify=self.is_chinese)
            case Table():
                return table_slabs(block, self.paper, justify=self.is_chinese)
            case Picture():
                return picture_slabs(block, self.paper, justify=self.is_chinese)

    def sign(self) -> None:
        """Put which annexes there are, then office and date, at the end of the text, before the first annex."""
        if self.is_signed:
            return
        self.is_signed = True
        self._name_annexes()
        style = replace(self.paper.body, indent=0)
        texts = [text for text in (self.document.office, self.document.date) if text]
        self.put([replace(gap(style.line), holds=bool(texts))])
        for number, text in enumerate(texts):
            holds = number < len(texts) - 1
            # Two characters are left free at the right.
            self.put(text_slabs([text + 2 * "　"], style, self.paper, align="right", holds=holds))

    def _name_annexes(self) -> None:
        lines, signed = self.document.annex_lines, self.document.office or self.document.date
        if lines:
            self.put([gap(self.paper.body.line)])
        for number, text in enumerate(lines):
            indent = (UNDER_FIRST if number else self.paper.body.indent) if self.is_chinese else 0
            style = replace(self.paper.body, indent=indent)
            # Office and date never stand on a page alone.
            holds = number < len(lines) - 1 or bool(signed)
            self.put(text_slabs([text], style, self.paper, cell=self.cell, justify=False, holds=holds))

    def put(self, slabs: Iterable[Slab]) -> None:
        """Lay slabs; those that hold wait for what they stay with."""
        for slab in slabs:
            self.held.append(slab)
            if not slab.holds:
                self._lay_held()

    def finish(self) -> Printed:
        """Close the file."""
        self._lay_held()
        self._close_page()
        self.canvas.save()
        return Printed(self.buffer.getvalue(), tuple(self.pen.places), tuple(self.sizes), tuple(self.starts))

    # --- pages ----------------------------------------------------------------------------------------------------

    def _lay_held(self) -> None:
        held, self.held = self.held, []
        bottom = self.paper.margins[1] * MM - 0.5
        needed = sum(slab.height for slab in held if slab is not held[0] or not slab.is_gap)
        if needed and self.y - needed < bottom and not self._is_fresh():
            self._new_page(held[0].head)
        for slab in held:
            if slab.is_gap and (self._is_fresh() or self.y - slab.height < bottom):
                continue
            if self.y - slab.height < bottom and not self._is_fresh():
                self._new_page(slab.head)
            self._note_outline(slab)
            slab.draw(self.pen, self.paper.margins[2] * MM, self.y)
            self.y -= slab.height

    def _note_outline(self, slab: Slab) -> None:
        if slab.outline is None:
            return
        text, depth = slab.outline
        # A reader refuses an outline that skips a level.
        depth = min(depth, self.last_depth + 1)
        self.last_depth = depth
        key = f"h{len(self.pen.places)}-{self.number}-{self.y:.0f}"
        self.canvas.bookmarkHorizontal(key, 0, self.y)
        self.canvas.addOutlineEntry(text, key, depth, closed=depth > 0)

    def _is_fresh(self) -> bool:
        return self.y >= self._top() - 0.5

    def _top(self) -> float:
        return (self.paper.height - self.paper.margins[0]) * MM

    def _turn(self, lying: bool) -> None:
        """Go on with an upright or a lying sheet, on a new page."""
        self._lay_held()
        self._close_page()
        self.paper = self.upright.across() if lying else self.upright
        self._open_page()

    def _new_page(self, head: Slab | None) -> None:
        self._close_page()
        self._open_page()
        if head is not None:
            head.draw(self.pen, self.paper.margins[2] * MM, self.y)
            self.y -= head.height

    def _open_page(self) -> None:
        self.sizes.append((self.paper.width * MM, self.paper.height * MM))
        self.canvas.setPageSize(self.sizes[-1])
        self.number += 1
        self.pen.page = self.number - 1
        self.pen.page_height = self.paper.height * MM
        self.y = self._top()
        if self.document.mark:
            self._mark()

    def _close_page(self) -> None:
        paper = self.paper
        style = TypeStyle("sans", paper.number_size, paper.number_size)
        text = f"— {self.number} —" if paper.outside else str(self.number)
        line = set_lines([text], lambda part: fonts.width_of("sans", part) * style.size, 999, justify=False)[0]
        left, width = paper.margins[2] * MM, paper.text_width
        if paper.outside:
            x = left + width - line.width - style.size if self.number % 2 else left + style.size
        else:
            x = left + (width - line.width) / 2
        y = (paper.margins[1] - paper.number_drop) * MM - style.size
        self.pen.line(line, style, x, y)
        self.canvas.showPage()

    def _mark(self) -> None:
        """Say at the head of the page that these are no real figures."""
        style = TypeStyle("sans", 9, 12)
        line = set_lines([self.document.mark], lambda text: fonts.width_of("sans", text) * 9, 999, justify=False)[0]
        right = (self.paper.width - self.paper.margins[3]) * MM
        y = self._top() + 5 * MM
        self.canvas.setStrokeColor(HexColor(INK.warning))
        self.canvas.setLineWidth(0.75)
        self.canvas.rect(right - line.width - 12, y - 4.5, line.width + 12, 17)
        self.pen.line(line, style, right - line.width - 6, y, colour=INK.warning)
