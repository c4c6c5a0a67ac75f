"""What is printed: in the light colours whatever the window has, in fonts of its own, and legible tables."""

from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QTableWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bri_desktop.ui.shared import paint, tokens
from bri_desktop.ui.shared.printing import draw_sheet, drawn, drawn_on_paper, paper_font, sheet
from bri_desktop.ui.shared.taking_out import printed, table_html
from bri_desktop.ui.shared.tokens import SECTION, SMALL, Scheme
from bri_desktop.ui.style_sheet import style_sheet

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    column = QVBoxLayout(made)
    column.addWidget(QLabel("不平衡诊断"))
    column.addWidget(QTableWidget(3, 3))
    made.resize(300, 200)
    made.show()
    return made


def test_a_dark_window_is_printed_light_and_stays_dark(qtbot: QtBot) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    before = (tokens.scheme(), application.styleSheet(), QApplication.palette())
    shown = page(qtbot)
    tokens.activate(Scheme.DARK)
    application.setPalette(paint.palette(Scheme.DARK))
    application.setStyleSheet(style_sheet(tokens.colours()))
    try:
        paper, screen = drawn_on_paper(shown), drawn(shown)
        assert tokens.scheme() is Scheme.DARK
    finally:
        tokens.activate(before[0])
        application.setStyleSheet(before[1])
        application.setPalette(before[2])
    assert paper.size() == screen.size()
    assert paper.pixelColor(4, 4).lightness() > 200 > 60 > screen.pixelColor(4, 4).lightness()
    assert paper.pixelColor(300, 300).lightness() > 200 > 80 > screen.pixelColor(300, 300).lightness()


def test_printing_leaves_the_fonts_of_the_window_alone(qtbot: QtBot, tmp_path: Path) -> None:
    sizes = [QFont(paint.font(style)).pixelSize() for style in (SECTION, SMALL)]
    printer = sheet(wide=True)
    printer.setOutputFileName(str(tmp_path / "图.pdf"))
    draw_sheet(printer, drawn(page(qtbot)), "标题")
    assert [paint.font(style).pixelSize() for style in (SECTION, SMALL)] == sizes


def test_a_table_is_printed_in_nine_points(qtbot: QtBot, tmp_path: Path) -> None:
    document = QTextDocument()
    document.setDefaultFont(paper_font())
    document.setHtml(table_html("Title", "", ["Unit", "Share"], [["Asia", 37.037], ["Europe", None]]))
    printer = sheet(wide=False, margin=0.0)
    printer.setOutputFileName(str(tmp_path / "table.pdf"))
    document.print_(printer)
    with PdfDocument(tmp_path / "table.pdf") as found:
        words = found[0].get_textpage()
        text = words.get_text_range()
        _left, bottom, _right, top = words.get_charbox(text.index("Asia"), loose=True)
    assert 8 < top - bottom < 16  # points: the height of a line of nine
    assert "37.04" in text and "—" in text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, "—"),
        (37.037, "37.04"),
        (3.0, "3"),
        (12345.6, "12,346"),
        (0.70987, "0.7099"),
        ("文", "文"),
        (-2.5, "-2.5"),
    ],
)
def test_numbers_on_paper(cell: str | float | None, text: str) -> None:
    assert printed(cell) == text
