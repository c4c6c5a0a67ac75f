"""Printing what a page shows: one picture on one sheet of A4, as large as it fits, with its title and the day."""

from datetime import date

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.tokens import SECTION, SMALL

MARGIN = 15.0
"""Millimetres of white around the sheet."""
SHARPNESS = 2.0
HEAD = 0.06
"""The part of the sheet's height that the title takes."""


def drawn(widget: QWidget) -> QImage:
    """Return a widget as it is shown, twice as fine."""
    image = QImage(widget.size() * SHARPNESS, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SHARPNESS)
    widget.render(image)
    return image


def print_picture(parent: QWidget, picture: QImage, title: str) -> bool:
    """Ask for a printer and print; tell whether it was printed."""
    printer = sheet(wide=picture.width() > picture.height())
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(tr("Print"))
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    draw_sheet(printer, picture, title)
    return True


def sheet(*, wide: bool) -> QPrinter:
    """Return a printer set to A4, lying where the picture is ``wide``."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    turned = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
    margins = QMarginsF(MARGIN, MARGIN, MARGIN, MARGIN)
    size = QPageSize(QPageSize.PageSizeId.A4)
    printer.setPageLayout(QPageLayout(size, turned, margins, QPageLayout.Unit.Millimeter))
    return printer


def draw_sheet(printer: QPrinter, picture: QImage, title: str) -> None:
    """Draw title, picture and day onto the sheet of ``printer``."""
    painter = QPainter(printer)
    page = QRectF(0, 0, printer.pageRect(QPrinter.Unit.DevicePixel).width(), 0)
    page.setHeight(printer.pageRect(QPrinter.Unit.DevicePixel).height())
    head = page.height() * HEAD
    for style, line, text in (
        (SECTION, QRectF(0, 0, page.width(), head), title),
        (SMALL, QRectF(0, page.height() - head / 2, page.width(), head / 2), date.today().isoformat()),
    ):
        font = paint.font(style)
        font.setPixelSize(round(line.height() * 0.5))
        painter.setFont(font)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    room = page.adjusted(0, head, 0, -head)
    shown = QSizeF(picture.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    painter.drawImage(QRectF(room.topLeft(), shown), picture)
    painter.end()
