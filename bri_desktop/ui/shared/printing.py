"""Printing what a page shows: one picture on one sheet of A4, as large as it fits, with its title and the day."""

from collections.abc import Callable
from datetime import date
from typing import cast

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import paint, tokens
from bri_desktop.ui.shared.tokens import FONT_FAMILIES, SECTION, SMALL, Scheme
from bri_desktop.ui.style_sheet import style_sheet

MARGIN = 15.0
"""Millimetres of white around the sheet."""
SHARPNESS = 2.0
POINTS = 9.0
TITLE_POINTS = 14.0


def drawn(widget: QWidget) -> QImage:
    """Return a widget as it is shown, twice as fine."""
    image = QImage(widget.size() * SHARPNESS, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SHARPNESS)
    widget.render(image)
    return image


def on_paper(draw: Callable[[], None]) -> None:
    """Draw in the light colours, whatever those of the screen are; the window itself is not drawn meanwhile."""
    before = tokens.scheme()
    if before is Scheme.LIGHT:
        draw()
        return
    application = cast(QApplication, QApplication.instance())
    targets: list[QApplication | QWidget] = [application, *application.topLevelWidgets()]
    dressed = [target for target in targets if target.styleSheet()]
    sheets_before, palette_before = [target.styleSheet() for target in dressed], application.palette()
    tokens.activate(Scheme.LIGHT)
    application.setPalette(paint.palette(Scheme.LIGHT))
    for target in dressed:
        target.setStyleSheet(style_sheet(tokens.colours()))
    try:
        draw()
    finally:
        tokens.activate(before)
        application.setPalette(palette_before)
        for target, sheet_before in zip(dressed, sheets_before, strict=True):
            target.setStyleSheet(sheet_before)


def drawn_on_paper(widget: QWidget) -> QImage:
    """Return a widget in the light colours, twice as fine."""
    images: list[QImage] = []
    on_paper(lambda: images.append(drawn(widget)))
    return images[0]


def print_picture(parent: QWidget, picture: QImage, title: str) -> bool:
    """Ask for a printer and print; tell whether it was printed."""
    printer = sheet(wide=picture.width() > picture.height())
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(tr("Print"))
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    draw_sheet(printer, picture, title)
    return True


def paper_font() -> QFont:
    """Return the font of tables on paper: in points, for a printer has more pixels than a screen."""
    made = QFont(list(FONT_FAMILIES))
    made.setPointSizeF(POINTS)
    return made


def sheet(*, wide: bool, margin: float = MARGIN) -> QPrinter:
    """Return a printer set to A4, lying where the picture is ``wide``; a document has margins of its own."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    turned = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
    margins = QMarginsF(margin, margin, margin, margin)
    size = QPageSize(QPageSize.PageSizeId.A4)
    printer.setPageLayout(QPageLayout(size, turned, margins, QPageLayout.Unit.Millimeter))
    return printer


def draw_sheet(printer: QPrinter, picture: QImage, title: str) -> None:
    """Draw title, picture and day onto the sheet of ``printer``."""
    painter = QPainter(printer)
    page = QRectF(0, 0, printer.pageRect(QPrinter.Unit.DevicePixel).width(), 0)
    page.setHeight(printer.pageRect(QPrinter.Unit.DevicePixel).height())
    point = printer.resolution() / 72
    head, foot = 2.2 * TITLE_POINTS * point, 2 * POINTS * point
    for style, points, line, text in (
        (SECTION, TITLE_POINTS, QRectF(0, 0, page.width(), head), title),
        (SMALL, POINTS, QRectF(0, page.height() - foot, page.width(), foot), date.today().isoformat()),
    ):
        font = QFont(paint.font(style))  # of one's own: the window draws with the other one
        font.setPixelSize(round(points * point))
        painter.setFont(font)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    room = page.adjusted(0, head, 0, -foot)
    shown = QSizeF(picture.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    painter.drawImage(QRectF(room.topLeft(), shown), picture)
    painter.end()
