"""A picture of the summary as vectors: drawn once, put into the PDF as it is and into Word at 200 dots an inch.

Pure functions of :class:`Chart`; measures are points, the colours are those of print. Numbers stand at their marks, so
that no picture needs a legend where a label fits, and each can be checked against the figures.
"""

from collections.abc import Sequence

from bri_desktop.analysis.chart import Chart, Series
from bri_desktop.charts.numbers import ABSENT, nice_ticks, spread_out
from bri_desktop.reports.board import SIZE, Board, between, fitted, width_of
from bri_desktop.reports.map_drawing import draw_map
from bri_desktop.reports.paper import INK

SMALL = 9.0
UPRIGHT_HEIGHT = 170.0
LOW_HEIGHT = 88.0
ROW = 20.0
PAIRED_ROW = 20.0
LEGEND = 20.0
FOOT = 18.0
NOTHING = 1e-9
PALE = 0.35
"""How much of its colour the second series of columns is filled with."""
DASHES: tuple[Sequence[float], ...] = ((), (6, 2), (2, 2))
"""How the lines of several series differ where there is no colour."""
PAD = 6.0
MOST_ROWS = 24
"""A picture of more rows would not fit on a page with its caption; the table beside it has them all."""


def draw_chart(chart: Chart, width: float) -> Board:
    """Return the picture of a chart, ``width`` points wide and as high as its rows need.

    Raises ``UserError`` font_missing where the shipped fonts are gone.
    """
    draw = {"columns": _columns, "bars": _bars, "lines": _lines, "paired": _paired, "heat": _heat, "map": draw_map}
    return draw[chart.kind](chart, width)


# --- parts --------------------------------------------------------------------------------------------------------


def written(chart: Chart, value: float | None) -> str:
    """Return a value as it stands in the picture."""
    if value is None:
        return ABSENT
    text = f"{100 * value:.{chart.decimals}f}%" if chart.percent else f"{value:,.{chart.decimals}f}"
    return text.replace("-", "−")


def _colours(series: Sequence[Series]) -> list[str]:
    """Return a colour for each series: grey for what others are compared with, and for all after the fourth."""
    rest = iter(INK.series)
    return [INK.baseline if one.baseline else next(rest, INK.baseline) for one in series]


def _fill(series: Series, place: int, colour: str) -> str:
    """Return what a column is filled with: the second series pale, the third empty, so that grey print tells them."""
    if series.baseline:
        return INK.paper
    return between(INK.paper, colour, (1.0, PALE, 0.0)[min(place, 2)])


def _values(chart: Chart) -> list[float]:
    """Return the values that set the scale; what is next to nothing counts as nothing."""
    return [value if abs(value) > NOTHING else 0.0 for one in chart.series for value in one.values if value is not None]


def _widest(texts: Sequence[str], most: float, size: float = SIZE) -> float:
    return min(max((width_of(text, size) for text in texts), default=0.0), most)


def _legend(board: Board, chart: Chart, x: float = 0.0, *, dots: bool = False) -> None:
    """Name the series in one line at the top, and the unit at its end."""
    y = board.height - LEGEND / 2
    if len(chart.series) > 1:
        for place, (one, colour) in enumerate(zip(chart.series, _colours(chart.series), strict=True)):
            if dots:
                _dot(board, x + 4, y, one, colour)
            else:
                board.box(x, y - 4, 8, 8, fill=_fill(one, place, colour), edge=colour)
            name = fitted(one.name, board.width / len(chart.series) - 40, SMALL)
            board.text(x + 12, y, name, size=SMALL, colour=INK.secondary)
            x += 12 + width_of(name, SMALL) + 16
    if chart.unit:
        board.text(board.width, y, chart.unit, size=SMALL, colour=INK.secondary, align="right")


def _axis(board: Board, chart: Chart, right: float, top: float) -> tuple[float, float]:
    """Draw the value axis with its grid from the foot to ``top``; return the left edge and the points of one unit."""
    factor = 100 if chart.percent else 1
    values = _values(chart)
    ticks = nice_ticks(factor * max(values, default=0.0))
    # In a low picture every other one, from zero to the last.
    if (top - FOOT) / (len(ticks) - 1) < 2 * SMALL and len(ticks) % 2:
        ticks = ticks[::2]
    step = ticks[1]
    decimals = 0 if step.is_integer() else 1 if (10 * step).is_integer() else 2
    texts = [f"{tick:,.{decimals}f}{'%' if chart.percent else ''}" for tick in ticks]
    left = _widest(texts, right, SMALL) + PAD
    scale = (top - FOOT) / ticks[-1] * factor
    for tick, text in zip(ticks, texts, strict=True):
        y = FOOT + tick / factor * scale
        board.line(left, y, right, y, INK.baseline if tick == 0 else INK.grid)
        board.text(left - PAD, y, text, size=SMALL, colour=INK.secondary, align="right")
    return left, scale


def _dot(board: Board, x: float, y: float, series: Series, colour: str, radius: float = 3.4) -> None:
    board.dot(x, y, radius, fill=INK.paper if series.baseline else colour, edge=colour)


# --- kinds --------------------------------------------------------------------------------------------------------


def _columns(chart: Chart, width: float) -> Board:
    legend = LEGEND if len(chart.series) > 1 or chart.unit else 0.0
    board = Board(width, UPRIGHT_HEIGHT + legend)
    _legend(board, chart)
    left, scale = _axis(board, chart, width, board.height - legend - 14)
    step = (width - left) / max(len(chart.labels), 1)
    thick = min(36.0, 0.76 * step / max(len(chart.series), 1))
    for place, label in enumerate(chart.labels):
        middle = left + (place + 0.5) * step
        chosen = place == chart.highlight
        board.text(middle, FOOT - 10, fitted(label, step - 2, SMALL), size=SMALL, align="middle", bold=chosen)
        x = middle - thick * len(chart.series) / 2
        for order, (one, colour) in enumerate(zip(chart.series, _colours(chart.series), strict=True)):
            is_past = len(chart.series) == 1 and chart.highlight >= 0 and not chosen
            fill = INK.past if is_past else _fill(one, order, colour)
            _column(board, chart, one.values[place], (x, thick, scale), fill, INK.past if is_past else colour)
            x += thick
    return board


def _column(
    board: Board, chart: Chart, value: float | None, at: tuple[float, float, float], fill: str, edge: str
) -> None:
    x, thick, scale = at
    height = (value or 0.0) * scale
    board.box(x + 1, FOOT, thick - 2, height, fill=fill, edge=edge)
    text = written(chart, value)
    size = min(SMALL, SMALL * (thick + 4) / max(width_of(text, SMALL), 1))
    board.text(x + thick / 2, FOOT + height + 7, text, size=size, align="middle")


def _bars(chart: Chart, width: float) -> Board:
    rows = list(zip(chart.labels, chart.series[0].values, strict=True))[:MOST_ROWS]
    legend = LEGEND if chart.unit else 0.0
    board = Board(width, ROW * max(len(rows), 1) + legend)
    if chart.unit:
        board.text(width, board.height - LEGEND / 2, chart.unit, size=SMALL, colour=INK.secondary, align="right")
    names = _widest([label for label, _ in rows], 0.34 * width)
    left = names + PAD
    numbers = _widest([written(chart, value) for _, value in rows], width)
    scale = (width - left - numbers - 2 * PAD) / (max(_values(chart), default=0.0) or 1)
    for place, (label, value) in enumerate(rows):
        y = board.height - legend - (place + 0.5) * ROW
        length = (value or 0.0) * scale
        board.text(names, y, fitted(label, names), align="right", bold=place == chart.highlight)
        board.box(left, y - 5.5, length, 11, fill=INK.series[0])
        board.text(left + length + PAD, y, written(chart, value), bold=True)
    board.line(left, 0, left, board.height - legend, INK.baseline)
    return board


def _lines(chart: Chart, width: float) -> Board:
    alone = len(chart.series) == 1
    board = Board(width, (LOW_HEIGHT if alone else UPRIGHT_HEIGHT) + LEGEND)
    board.text(0, board.height - LEGEND / 2, chart.unit, size=SMALL, colour=INK.secondary)
    top = board.height - LEGEND - 8
    # One line alone has room for every number at its dot.
    ends = [] if alone else [_end(chart, one) for one in chart.series]
    last = written(chart, _last(chart.series[0])) if alone else ""
    right = width - (width_of(last, SMALL) / 2 if alone else _widest(ends, 0.3 * width, SMALL) + 2 * PAD)
    left, scale = _axis(board, chart, right, top)
    count = len(chart.labels)
    room = PAD + (width_of(written(chart, chart.series[0].values[0]), SMALL) / 2 if alone and count else 0.0)
    step = (right - left - room - PAD) / max(count - 1, 1)
    across = [left + room + place * step for place in range(count)]
    apart = max(1, -(-count * 30 // max(int(right), 1)))
    for place, label in enumerate(chart.labels):
        if (count - 1 - place) % apart == 0:
            board.text(across[place], FOOT - 10, label, size=SMALL, align="middle", bold=place == chart.highlight)
    down = spread_out([top - FOOT - (_last(one) or 0.0) * scale for one in chart.series], 11, top - FOOT)
    for order, (one, colour) in enumerate(zip(chart.series, _colours(chart.series), strict=True)):
        _line(board, one, colour, across, scale, DASHES[min(order, 2)])
        if alone:
            _numbers(board, chart, one, across, scale)
    for colour, text, place_down in zip(_colours(chart.series), ends, down, strict=False):
        board.text(right + PAD, top - place_down, fitted(text, width - right - PAD, SMALL), size=SMALL, colour=colour)
    return board


def _last(series: Series) -> float | None:
    return next((value for value in reversed(series.values) if value is not None), None)


def _end(chart: Chart, series: Series) -> str:
    text = written(chart, _last(series))
    return f"{series.name} {text}" if len(chart.series) > 1 else text


def _line(
    board: Board, series: Series, colour: str, across: Sequence[float], scale: float, dashes: Sequence[float]
) -> None:
    """Draw a line, broken where a value is undefined, and a dot at each value."""
    points = [
        None if value is None else (x, FOOT + value * scale) for x, value in zip(across, series.values, strict=True)
    ]
    part: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            part.append(point)
            continue
        if len(part) > 1:
            board.path(part, colour, 1.3, dashes=(4, 3) if series.baseline else dashes)
        part = []
    for point in points:
        if point is not None:
            _dot(board, *point, series, colour, 2.2)


def _numbers(board: Board, chart: Chart, series: Series, across: Sequence[float], scale: float) -> None:
    """Write each value over its dot, as many as find room, the last one first."""
    free = board.width + 1
    for x, value in reversed(list(zip(across, series.values, strict=True))):
        text = written(chart, value)
        half = width_of(text, SMALL) / 2
        if value is not None and x + half <= free:
            board.text(x, FOOT + value * scale + 8, text, size=SMALL, align="middle", bold=x == across[-1])
            free = x - half - 3


def _paired(chart: Chart, width: float) -> Board:
    """Draw dots in a row for each label, filled or (baseline) hollow, joined by the gap between them."""
    count = min(len(chart.labels), MOST_ROWS)
    board = Board(width, PAIRED_ROW * max(count, 1) + LEGEND)
    names = _widest(chart.labels, 0.3 * width)
    columns = [_widest([written(chart, value) for value in one.values], width) for one in chart.series]
    left, right = names + 2 * PAD, width - sum(columns) - 2 * PAD * len(columns)
    scale = (right - left - PAD) / (max(_values(chart), default=0.0) or 1)
    _legend(board, chart, left, dots=True)
    for row in range(count):
        y = board.height - LEGEND - (row + 0.5) * PAIRED_ROW
        board.text(0, y, fitted(chart.labels[row], names))
        board.line(left, y, right, y, INK.grid)
        known = [value for one in chart.series if (value := one.values[row]) is not None]
        if len(known) > 1:
            board.line(left + min(known) * scale, y, left + max(known) * scale, y, INK.past, 2)
        at = right
        for one, colour, room in zip(chart.series, _colours(chart.series), columns, strict=True):
            value = one.values[row]
            at += room + 2 * PAD
            if value is not None:
                _dot(board, left + value * scale, y, one, colour)
            ink = INK.secondary if one.baseline else INK.text
            board.text(at, y, written(chart, value), align="right", colour=ink, bold=not one.baseline)
    return board


def _heat(chart: Chart, width: float) -> Board:
    rows = chart.series[:MOST_ROWS]
    names = _widest([one.name for one in rows], 0.28 * width)
    left = names + PAD
    board = Board(width, ROW * max(len(rows), 1) + LEGEND)
    cell = (width - left) / max(len(chart.labels), 1)
    for place, label in enumerate(chart.labels):
        shown = fitted(label, cell - 2, SMALL)
        board.text(left + (place + 0.5) * cell, board.height - LEGEND / 2, shown, size=SMALL, align="middle")
    most = max(_values(chart), default=0.0) or 1.0
    for number, one in enumerate(rows):
        y = board.height - LEGEND - (number + 1) * ROW
        board.text(names, y + ROW / 2, fitted(one.name, names), align="right")
        for place, value in enumerate(one.values):
            part = (value or 0.0) / most
            x = left + place * cell
            fill = between(INK.tint, INK.series[0], part) if value else INK.paper
            board.box(x, y, cell, ROW, fill=fill, edge=INK.paper)
            ink = INK.paper if part > 0.55 else INK.text
            board.text(x + cell / 2, y + ROW / 2, written(chart, value), size=SMALL, colour=ink, align="middle")
    return board
