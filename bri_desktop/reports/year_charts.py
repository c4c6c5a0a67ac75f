"""The sheet under a section's tables: where each figure stands in it, and the native charts that read those cells."""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bri_desktop.analysis.chart import Chart
from bri_desktop.excel.sheet_text import clean
from bri_desktop.reports.board import between
from bri_desktop.reports.document import Figure, Picture, Runs
from bri_desktop.reports.drawing import PALE, draw_chart
from bri_desktop.reports.pages import picture_png
from bri_desktop.reports.paper import INK
from bri_desktop.reports.year_cells import Cell

CHART_WIDTH, CHART_HEIGHT, ROW_HEIGHT = 640, 300, 20
CHART_ROWS = CHART_HEIGHT // ROW_HEIGHT + 1
POINTS_OF_PIXEL = 0.75
KINDS: Mapping[str, str] = {"columns": "column", "bars": "bar", "lines": "line", "paired": "bar"}
TABLE_STYLE = "Table Style Light 9"

FormatOf = Callable[[str, str, bool], Any]
"""Number format, alignment and weight -> the workbook's format."""


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """Rows (from 0) of the labels and values, the column of the labels, and the column of each series."""

    first: int
    last: int
    columns: tuple[int, ...]


@dataclass(slots=True)
class Ground:
    """A sheet with what was written where."""

    book: Any
    sheet: Any
    name: str
    widths: dict[int, int] = field(default_factory=dict)
    figures: dict[str, tuple[int, int]] = field(default_factory=dict)

    def write_table(
        self, top: int, heads: Sequence[str], rows: Sequence[Sequence[Cell]], format_of: FormatOf, aligns: Sequence[str]
    ) -> None:
        """Write a real table whose head is at row ``top``."""
        for number, row in enumerate(rows, top + 1):
            self.write_row(number, row, format_of, aligns)
        for column, head in enumerate(heads):
            self._widen(column, head)
        above = self.book.add_format({"bold": True, "bottom": 1, "bg_color": INK.tint, "align": "center"})
        columns = [{"header": head, "header_format": above} for head in heads]
        last = top + max(1, len(rows))
        self.sheet.add_table(top, 0, last, len(heads) - 1, {"columns": columns, "style": TABLE_STYLE})

    def write_row(
        self, row: int, cells: Sequence[Cell], format_of: FormatOf, aligns: Sequence[str], *, bold: bool = False
    ) -> None:
        """Write cells from the first column on."""
        for column, cell in enumerate(cells):
            align = aligns[column] if column < len(aligns) else ""
            style = format_of(cell.pattern, align, bold)
            if cell.value is None:
                self.sheet.write_blank(row, column, None, style)
            elif isinstance(cell.value, str):
                self.sheet.write_string(row, column, clean(cell.value), style)
            else:
                self.sheet.write_number(row, column, cell.value, style)
            self._widen(column, cell.value if isinstance(cell.value, str) else f"{cell.value or 0:,.2f}")

    def _widen(self, column: int, text: str) -> None:
        wide = sum(2 if ord(char) > 0x2E7F else 1 for char in text)
        self.widths[column] = max(self.widths.get(column, 0), wide)

    def note(self, row: int, cells: Sequence[Runs]) -> None:
        """Remember where the figures of a row stand."""
        for column, runs in enumerate(cells):
            if len(runs) == 1 and isinstance(runs[0], Figure):
                self.figures.setdefault(runs[0].name, (row, column))

    def found(self, chart: Chart) -> ChartPlace | None:
        """Return where the numbers of a chart stand already, in whole columns one under the other."""
        places = []
        for one in chart.series:
            cells = [self.figures.get(name) if name else None for name in one.figures]
            if len(cells) != len(chart.labels) or any(cell is None for cell in cells):
                return None
            known = [cell for cell in cells if cell is not None]
            rows = [row for row, _ in known]
            columns = {column for _, column in known}
            if len(columns) != 1 or rows != list(range(rows[0], rows[0] + len(rows))):
                return None
            places.append((rows[0], rows[-1], columns.pop()))
        if not places or len({place[:2] for place in places}) != 1:
            return None
        return ChartPlace(places[0][0], places[0][1], tuple(column for _, _, column in places))

    def data_place(self, top: int, chart: Chart) -> ChartPlace:
        """Return where the numbers of a chart stand in a table of its own whose head is at ``top``."""
        return ChartPlace(top + 1, top + len(chart.labels), tuple(range(1, len(chart.series) + 1)))


def add_chart(ground: Ground, row: int, picture: Picture, place: ChartPlace) -> None:
    """Put the native chart of a picture at ``row``."""
    kind = KINDS[picture.chart.kind]
    made = ground.book.add_chart({"type": kind})
    colours = iter(INK.series)
    for order, (one, column) in enumerate(zip(picture.chart.series, place.columns, strict=True)):
        colour = INK.past if one.baseline else next(colours, INK.baseline)
        series: dict[str, Any] = {
            "name": clean(one.name),
            "categories": [ground.name, place.first, 0, place.last, 0],
            "values": [ground.name, place.first, column, place.last, column],
            "data_labels": {"value": True, "num_format": number_pattern(picture.chart), "font": {"size": 8}},
        }
        if kind == "line":
            series["data_labels"]["position"] = "above"
            dash = "dash" if one.baseline else ("solid", "long_dash", "round_dot")[min(order, 2)]
            series["line"] = {"color": colour, "width": 1.75, "dash_type": dash}
            series["marker"] = {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"color": colour}}
        else:
            # Pale with an edge, so that grey print tells the second series from the first.
            is_pale = order == 1 and not one.baseline
            series["fill"] = {"color": between(INK.paper, colour, PALE) if is_pale else colour}
            series["border"] = {"color": colour}
        made.add_series(series)
    made.set_title({"name": clean(f"{picture.label}　{picture.caption}"), "name_font": {"size": 12}})
    made.set_legend({"position": "bottom"} if len(picture.chart.series) > 1 else {"none": True})
    values: dict[str, Any] = {"min": 0, "major_gridlines": {"visible": True, "line": {"color": INK.grid}}}
    if picture.chart.percent:
        values["num_format"] = "0%"
    if kind == "bar":
        # Every name is printed: a reader of the sheet leaves out each second one where it is short of room.
        made.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}})
        made.set_x_axis(values)
    else:
        made.set_y_axis(values)
    if kind == "line":
        made.set_x_axis({"interval_unit": 1})
    made.set_size({"width": CHART_WIDTH, "height": CHART_HEIGHT})
    ground.sheet.insert_chart(row, 0, made, {"description": clean(picture.caption)})


def number_pattern(chart: Chart) -> str:
    """Return the number format of the values of a chart, with as many decimals as are printed of it."""
    decimals = "." * bool(chart.decimals) + "0" * chart.decimals
    return f"0{decimals}%" if chart.percent else f"#,##0{decimals}"


def add_image(ground: Ground, row: int, picture: Picture) -> int:
    """Put a picture that no native chart can draw (a map) at ``row``; return the rows that it covers."""
    board = draw_chart(picture.chart, CHART_WIDTH * POINTS_OF_PIXEL)
    image = io.BytesIO(picture_png(board))
    options = {"image_data": image, "description": clean(picture.caption), "object_position": 2}
    ground.sheet.insert_image(row, 0, "map.png", options)
    return math.ceil(board.height / POINTS_OF_PIXEL / ROW_HEIGHT) + 1


def heat_range(ground: Ground, top: int, rows: int, columns: int) -> None:
    """Tint the cells of a matrix whose head is at ``top`` by their number."""
    if rows:
        scale = {"type": "2_color_scale", "min_color": INK.paper, "max_color": INK.series[0]}
        ground.sheet.conditional_format(top + 1, 1, top + rows, columns - 1, scale)
