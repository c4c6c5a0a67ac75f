"""Pages of a PDF as pixels: for the preview in the window, and for the pictures of a Word file.

PDFium serves one thread at a time, so every call of the process goes through one lock.
"""

import io
import threading
from dataclasses import dataclass
from typing import Any

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from bri_desktop.reports import fonts
from bri_desktop.reports.board import Board
from bri_desktop.reports.paper import DOTS_PER_INCH

_PDFIUM = threading.Lock()


@dataclass(frozen=True, slots=True)
class PageImage:
    """Pixels of a page, four bytes each (blue, green, red, unused), rows of ``stride`` bytes from the top."""

    data: bytes
    width: int
    height: int
    stride: int


def draw_page(data: bytes, page: int, scale: float) -> PageImage:
    """Return a page (from 0) of a PDF, ``scale`` pixels a point."""
    with _PDFIUM:
        document = pypdfium2.PdfDocument(data)
        try:
            bitmap: Any = document[page].render(scale=scale, prefer_bgrx=True, rev_byteorder=False)
            return PageImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
        finally:
            document.close()


def draw_first_page(data: bytes, side: int) -> PageImage | None:
    """Return the first page of a PDF at most ``side`` pixels wide and high; ``None`` where it cannot be read."""
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            return None
        try:
            scale = side / max(*document[0].get_size(), 1.0)
            bitmap: Any = document[0].render(scale=scale, prefer_bgrx=True, rev_byteorder=False)
            return PageImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
        except (pypdfium2.PdfiumError, IndexError):
            return None
        finally:
            document.close()


def picture_png(board: Board) -> bytes:
    """Return a picture as PNG of 200 dots an inch."""
    buffer = io.BytesIO()
    fonts.face_of("sans")
    canvas: Any = Canvas(buffer, pagesize=(board.width, board.height), initialFontName=fonts.SANS)
    board.put(canvas, 0, 0)
    canvas.showPage()
    canvas.save()
    with _PDFIUM:
        document = pypdfium2.PdfDocument(buffer.getvalue())
        try:
            image = document[0].render(scale=DOTS_PER_INCH / 72).to_pil()
            out = io.BytesIO()
            image.save(out, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
            return out.getvalue()
        finally:
            document.close()
