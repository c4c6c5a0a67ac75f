"""Small pictures of attached files, made beside the window: of pictures and of the first pages of PDFs."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"})
LARGEST_SIDE = 20_000
LARGEST_MEGABYTES = 128


def thumbnail(path: Path, name: str, side: int) -> QImage:
    """Return a picture at most ``side`` pixels wide and high; a null one where the file shows none."""
    ending = Path(name).suffix.lower()
    if ending == ".pdf":
        from bri_desktop.services.first_page import first_page

        page = first_page(path, side)
        if page is None:
            return QImage()
        return QImage(page.data, page.width, page.height, page.stride, QImage.Format.Format_RGB32).copy()
    return _picture(path, side) if ending in PICTURES else QImage()


def _picture(path: Path, side: int) -> QImage:
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    reader.setAllocationLimit(LARGEST_MEGABYTES)
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > LARGEST_SIDE:
        return QImage()
    reader.setScaledSize(size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
