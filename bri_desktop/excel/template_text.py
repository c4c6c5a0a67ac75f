"""Writing texts into a workbook so that they stay texts, whatever they begin with."""

from typing import Any

from bri_desktop.excel.sheet_text import clean

FONT = {"font_name": "宋体", "font_charset": 134}
"""The font that every copy of WPS and Excel in Chinese has."""


def write_text(sheet: Any, row: int, column: int, text: str, style: Any = None) -> None:
    """Write ``text`` as a string into the cell (both numbers from 0)."""
    sheet.write_string(row, column, clean(text), style)
