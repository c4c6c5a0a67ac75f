"""The first page of a PDF as a small picture, for the list of attachments."""

from dataclasses import dataclass
from pathlib import Path

LARGEST = 64 * 1024 * 1024
"""Files above so many bytes have no picture."""


@dataclass(frozen=True, slots=True)
class FirstPage:
    """Pixels, four bytes each (blue, green, red, unused), rows of ``stride`` bytes from the top."""

    data: bytes
    width: int
    height: int
    stride: int


def first_page(path: Path, side: int) -> FirstPage | None:
    """Return the first page of a PDF, at most ``side`` pixels wide and high; ``None`` where it cannot be drawn."""
    from bri_desktop.reports.pages import draw_first_page

    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError:
        return None
    drawn = draw_first_page(data, side) if data else None
    return None if drawn is None else FirstPage(drawn.data, drawn.width, drawn.height, drawn.stride)
