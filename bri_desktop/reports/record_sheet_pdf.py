"""Record sheets as PDF: a page each, in the fonts and by the line breaking of the program's other documents."""

import io
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bri_desktop.excel.writer import replace_file
from bri_desktop.i18n import tr
from bri_desktop.reports import fonts
from bri_desktop.reports.paper import INK, MM, TypeStyle
from bri_desktop.reports.pdf_blocks import Pen
from bri_desktop.reports.record_sheet import MARGINS_MM, PAGE_MM, Photo, RecordSheet
from bri_desktop.reports.record_sheet_fit import (
    FEWEST_LINES,
    FOOT,
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
    lines_of,
)
from bri_desktop.reports.typeset import Line

Progress = Callable[[int, int], None]
"""Told how many sheets of how many are done; it raises to stop the work."""
LEFT, TOP = MARGINS_MM[2] * MM, (PAGE_MM[1] - MARGINS_MM[0]) * MM
BOTTOM = TOP - HEIGHT
SHADE = "#F3F5F7"
OUTER, INNER = 1.0, 0.5


def write_sheets_pdf(sheets: Sequence[RecordSheet], path: Path, progress: Progress | None = None) -> int:
    """Write records to one PDF, each on a page of its own; return the number of pages.

    Raises ``InputError`` file_unwritable, file_in_use, disk_full; ``UserError`` font_missing; what ``progress`` raises.
    """
    data, pages = print_sheets(sheets, progress)
    with replace_file(path) as (stream, _):
        stream.write(data)
    return pages


def print_sheets(sheets: Sequence[RecordSheet], progress: Progress | None = None) -> tuple[bytes, int]:
    """Return records as PDF, and the number of its pages."""
    buffer = io.BytesIO()
    fonts.face_of("body")
    canvas: Any = Canvas(buffer, pagesize=(PAGE_MM[0] * MM, PAGE_MM[1] * MM), initialFontName=fonts.SERIF)
    canvas.setTitle(sheets[0].name if len(sheets) == 1 else sheets[0].kind)
    canvas.setCreator("")
    press = _Press(canvas)
    for number, sheet in enumerate(sheets):
        press.put(fit_sheet(sheet))
        if progress is not None:
            progress(number + 1, len(sheets))
    canvas.save()
    return buffer.getvalue(), press.pages


class _Press:
    """Draws sheets on pages."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.pen = Pen(canvas, PAGE_MM[1] * MM)
        self.pages = 0
        self.y = TOP

    def put(self, fitted: FittedSheet) -> None:
        """Draw the page of a record and what is behind it."""
        sheet = fitted.sheet
        self._begin(sheet)
        self.canvas.bookmarkPage(f"p{self.pages}")
        self.canvas.addOutlineEntry(f"{sheet.title}", f"p{self.pages}", 0)
        self._text(sheet.kind, KIND)
        self._text(fitted.title, TITLE)
        if sheet.subtitle:
            self._text(sheet.subtitle, HINT, most=1)
        else:
            self.y -= HINT.line / 2
        self._table(fitted.rows, sheet)
        if fitted.note:
            self.pen.line(lines_of(fitted.note, HINT, WIDTH)[0], HINT, LEFT, self.y - 11, colour=INK.secondary)
        self._end(sheet)
        if fitted.behind:
            self._begin(sheet)
            self._text(tr("{title} (continued)", title=fitted.title), TITLE)
            self.y -= HINT.line / 2
            self._table(fitted.behind, sheet)
            self._end(sheet)

    def _begin(self, sheet: RecordSheet) -> None:
        self.pages += 1
        self.pen.page = self.pages - 1
        self.y = TOP
        if sheet.mark:
            line = lines_of(sheet.mark, HINT, WIDTH)[0]
            colour = HexColor(INK.text)
            self.canvas.setStrokeColor(colour)
            self.canvas.setLineWidth(INNER)
            self.canvas.rect(LEFT + WIDTH - line.width - 10, TOP - 14, line.width + 10, 16)
            self.pen.line(line, HINT, LEFT + WIDTH - line.width - 5, TOP - 9.5)

    def _end(self, sheet: RecordSheet) -> None:
        if sheet.foot:
            line = lines_of(sheet.foot, HINT, WIDTH)[0]
            self.pen.line(line, HINT, LEFT + WIDTH - line.width, BOTTOM + 2, colour=INK.secondary)
        self.canvas.showPage()

    def _text(self, text: str, style: TypeStyle, *, most: int = 9) -> None:
        for line in lines_of(text, style, WIDTH)[:most]:
            baseline = self.y - style.line / 2 - 0.38 * style.size
            self.pen.line(line, style, LEFT + (WIDTH - line.width) / 2, baseline)
            self.y -= style.line

    def _table(self, rows: Iterable[Row], sheet: RecordSheet) -> None:
        """Draw rows under one another, on further pages where they do not fit."""
        several = list(rows)
        beside = [row for row in several if row.beside_photo]
        stretch = max(PHOTO[1] - sum(row.height for row in beside), 0.0) / len(beside) if beside else 0.0
        first = top = self.y
        group, begun = "", self.y
        for row in several:
            done = 0
            while done < row.line_count:
                if row.group != group:
                    self._name(group, begun)
                    group, begun = row.group, self.y
                lines = self._lines_here(row, row.line_count - done, is_fresh=self.y == top)
                if lines:
                    height = lines * VALUE.line + 2 * PAD + (stretch if row.beside_photo else 0.0)
                    self._row(row, height, slice(done, done + lines), is_new=self.y == begun or not group)
                    done += lines
                else:
                    self._name(group, begun)
                    self._frame(top)
                    top = begun = self._go_on(sheet)
        self._name(group, begun)
        if sheet.photo and beside:
            self._photo(sheet.photo, first, sum(row.height + stretch for row in beside))
        self._frame(top)

    def _name(self, group: str, begun: float) -> None:
        """Write the name of a group at the left of its rows."""
        height = begun - self.y
        if not group or not height:
            return
        cell = Cell(group, LABEL_WIDTH, LABEL, "center", shaded=True)
        below, self.y = self.y, begun
        self._shade(cell, LEFT, height)
        self._cell(cell, LEFT, height, cell.lines)
        self.canvas.line(LEFT, begun, LEFT + LABEL_WIDTH, begun)
        self.canvas.line(LEFT + LABEL_WIDTH, begun, LEFT + LABEL_WIDTH, below)
        self.y = below

    def _lines_here(self, row: Row, wanted: int, *, is_fresh: bool) -> int:
        """Return how many of the lines of a row stand on this page: all, none, or what fits of a very long one."""
        room = int((self.y - BOTTOM - FOOT + 0.5 - 2 * PAD) / VALUE.line)
        if wanted <= room:
            return wanted
        is_long = row.height > HEIGHT / 3
        return room if is_fresh or (is_long and room >= FEWEST_LINES) else 0

    def _go_on(self, sheet: RecordSheet) -> float:
        """Begin a further page; return where the table goes on."""
        self._end(sheet)
        self._begin(sheet)
        self.y -= HINT.line + PAD
        return self.y

    def _frame(self, top: float) -> None:
        self.canvas.setStrokeColor(HexColor(INK.text))
        self.canvas.setLineWidth(OUTER)
        self.canvas.rect(LEFT, self.y, WIDTH, top - self.y)

    def _row(self, row: Row, height: float, lines: slice, *, is_new: bool) -> None:
        start = x = LEFT + (LABEL_WIDTH if row.group else 0.0)
        for cell in row.cells:
            self._shade(cell, x, height)
            self._cell(cell, x, height, cell.lines[lines])
            x += cell.width
        self.canvas.line(LEFT if is_new else start, self.y, x, self.y)
        for right in accumulate(cell.width for cell in row.cells):
            if start + right < LEFT + WIDTH - 1:
                self.canvas.line(start + right, self.y, start + right, self.y - height)
        self.y -= height

    def _shade(self, cell: Cell, x: float, height: float) -> None:
        if cell.shaded:
            self.canvas.setFillColor(HexColor(SHADE))
            self.canvas.rect(x, self.y - height, cell.width, height, stroke=0, fill=1)
        self.canvas.setStrokeColor(HexColor(INK.text))
        self.canvas.setLineWidth(INNER)

    def _cell(self, cell: Cell, x: float, height: float, lines: Sequence[Line]) -> None:
        style = cell.style
        top = self.y - (height - len(lines) * style.line) / 2
        for number, line in enumerate(lines):
            room = cell.width - 2 * PAD - line.width
            shift = PAD + {"left": 0.0, "center": room / 2, "right": room}[cell.align]
            baseline = top - number * style.line - style.line / 2 - 0.38 * style.size
            self.pen.line(line, style, x + shift, baseline)
        self.canvas.setStrokeColor(HexColor(INK.text))
        self.canvas.setLineWidth(INNER)

    def _photo(self, photo: Photo, top: float, height: float) -> None:
        width, tall = photo.size_in(PHOTO[0] - 2 * PAD, height - 2 * PAD)
        x = LEFT + WIDTH - PHOTO[0] + (PHOTO[0] - width) / 2
        y = top - height + (height - tall) / 2
        self.canvas.drawImage(ImageReader(io.BytesIO(photo.data)), x, y, width, tall)
