"""Rows of a table with a plot are as high as the plot likes them, where all of them find room."""

from PySide6.QtWidgets import QTableView

from bri_desktop.ui.shared.tokens import Size


def row_height(table: QTableView, rows: int) -> None:
    """Give the rows of ``table`` the height at which ``rows`` of them fill it, within the usual bounds."""
    room = table.viewport().height() // max(rows, 1)
    height = max(Size.ROW, min(Size.ROW_PLOT, room))
    table.verticalHeader().setMinimumSectionSize(height)
    table.verticalHeader().setDefaultSectionSize(height)
