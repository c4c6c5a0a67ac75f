"""A picture for the page of a record: turned upright, made small, and put into a format that Word and PDF take."""

import io
from pathlib import Path

from PIL import Image, ImageOps

from bri_desktop.reports.record_sheet import Photo

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"})
MOST_PIXELS = 50_000_000
SIDE = 900
"""Pixels of its longer side on the page: 300 dots an inch over the room of the picture, and a little more."""


def read_photo(path: Path, name: str) -> Photo | None:
    """Return the picture in a file, ``None`` where it is none, is very large or cannot be read."""
    if Path(name).suffix.lower() not in ENDINGS:
        return None
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            opened.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((SIDE, SIDE))
            return _packed(upright, name)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        # What the library raises for files that are damaged, cut off or only named like a picture.
        return None


def _packed(picture: Image.Image, name: str) -> Photo:
    """Return a picture as JPEG on white."""
    flat = Image.new("RGB", picture.size, "white")
    seen = picture.convert("RGBA")
    flat.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=88)
    return Photo(out.getvalue(), flat.width, flat.height, name)
