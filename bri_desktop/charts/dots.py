"""Share against baseline as paired dots in a table: filled is actual, hollow is the baseline, the bar the gap."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bri_desktop.analysis.model import StatsResult, StatsRow
from bri_desktop.analysis.names import dimension_name
from bri_desktop.analysis.rules import baseline_name
from bri_desktop.charts.canvas import MARGIN, ChartTheme, Heading, Sheet, Size, gid_of
from bri_desktop.charts.numbers import is_level, per_cent, short_or_over, times, whole
from bri_desktop.i18n import tr

ROW = 36
HEADER = 48
TOTAL = 32
GAP = 24


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    cells: tuple[str, ...]
    total: str


def paired_dots(
    result: StatsResult, theme: ChartTheme, size: Size | None = None, *, heading: Heading | None = None, top: int = 12
) -> Figure:
    """Return the units of a dimension against its baseline, largest share first; dots carry their row's key."""
    units = [row for row in result.rows if row.is_unit and row.baseline_share is not None]
    rows = sorted(units, key=lambda row: (-(row.share or 0.0), -(row.baseline_share or 0.0)))[:top]
    sheet = Sheet(theme, size or Size(960), heading or Heading(), HEADER + ROW * max(len(rows), 1) + TOTAL)
    before, after = _columns(units, rows)
    _draw(sheet, result, rows, before, after)
    return sheet.figure


def _columns(units: Sequence[StatsRow], rows: Sequence[StatsRow]) -> tuple[_Column, tuple[_Column, ...]]:
    weight = sum(row.weight for row in units)
    whole_list = len(rows) == len(units)
    counts = _Column(tr("Entries"), tuple(whole(row.weight) for row in rows), whole(weight) if whole_list else "")
    hundred = "100.0" if whole_list and weight else ""
    short = sum(row.gap for row in units if row.gap and row.gap > 0)
    gaps = f"{short_or_over(short, weight)} {short_or_over(-short, weight)}" if whole_list and short else ""
    return counts, (
        _Column(tr("Actual %"), tuple(per_cent(row.share_shown) for row in rows), hundred),
        _Column(tr("Baseline %"), tuple(per_cent(_percent(row.baseline_share)) for row in rows), hundred),
        _Column(tr("Times"), tuple(times(row.ratio) for row in rows), ""),
        _Column(tr("Gap"), tuple(short_or_over(row.gap, weight) for row in rows), gaps),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _width(sheet: Sheet, column: _Column) -> float:
    return max(sheet.text_width(text, bold=True) for text in (column.title, *column.cells, column.total))


def _draw(
    sheet: Sheet, result: StatsResult, rows: Sequence[StatsRow], counts: _Column, columns: Sequence[_Column]
) -> None:
    names = min(max((sheet.text_width(row.label) for row in rows), default=0), 0.25 * sheet.width)
    x = MARGIN + names + GAP + _width(sheet, counts)
    left = x + GAP
    step = (sheet.height - sheet.top - sheet.bottom - HEADER - TOTAL) / max(len(rows), 1)
    edges = _right_edges(sheet, columns)
    right = edges[0] - _width(sheet, columns[0]) - GAP
    first, last = sheet.top + HEADER, sheet.top + HEADER + step * len(rows)
    axes = sheet.axes(left, first, right, last)
    _grid(sheet, axes, rows)
    total = sum(row.weight for row in result.rows if row.is_unit)
    for position, row in enumerate(rows):
        y = first + (position + 0.5) * step
        sheet.text(MARGIN, y, sheet.elided(row.label, names), key=gid_of(row.keys))
        _dots(sheet, axes, position + 0.5, row)
        _cells(sheet, y, x, counts.cells[position], columns, edges, position, row, total)
        sheet.rule(first + (position + 1) * step)
    _header(sheet, result, x, left, counts, columns, edges)
    sheet.text(MARGIN, last + TOTAL / 2, tr("Total"), bold=True)
    sheet.text(x, last + TOTAL / 2, counts.total, bold=True, align="right")
    for column, edge in zip(columns, edges, strict=True):
        sheet.text(edge, last + TOTAL / 2, column.total, bold=True, align="right")


def _right_edges(sheet: Sheet, columns: Sequence[_Column]) -> list[float]:
    edges = [float(sheet.width - MARGIN)]
    for column in reversed(columns[1:]):
        edges.insert(0, edges[0] - _width(sheet, column) - GAP)
    return edges


def _grid(sheet: Sheet, axes: Axes, rows: Sequence[StatsRow]) -> None:
    largest = max((100 * max(row.share or 0.0, row.baseline_share or 0.0) for row in rows), default=0.0)
    step = next((step for step in (1, 2, 5, 10, 20) if largest / step <= 6), 20)
    end = max(step, math.ceil(largest / step) * step)
    ticks = list(range(0, end + 1, step))
    axes.set(xlim=(0, end), ylim=(len(rows) or 1, 0), yticks=[])
    axes.set_xticks(ticks, [f"{tick}%" if tick == end else str(tick) for tick in ticks])
    axes.xaxis.tick_top()
    axes.grid(axis="x", color=sheet.theme.grid, lw=0.72)
    axes.tick_params(length=0, pad=5)
    sheet.ticks(axes)


def _dots(sheet: Sheet, axes: Axes, y: float, row: StatsRow) -> None:
    """Draw one pair; the hollow dot lies on top so that it stays seen where both fall together."""
    share, baseline = 100 * (row.share or 0.0), 100 * (row.baseline_share or 0.0)
    colour, key = _colour(sheet.theme, row), gid_of(row.keys)
    axes.plot([baseline, share], [y, y], color=colour, lw=1.8, solid_capstyle="butt", clip_on=False)
    axes.plot([share], [y], "o", ms=8.5, color=colour, mec=colour, gid=key, picker=6, clip_on=False, zorder=3)
    hollow = axes.plot([baseline], [y], "o", ms=7.5, mew=1.4, clip_on=False, zorder=4)[0]
    hollow.set(markerfacecolor=sheet.theme.surface, markeredgecolor=sheet.theme.baseline)


def _colour(theme: ChartTheme, row: StatsRow) -> str:
    return theme.series[1] if row.gap is not None and row.gap > 0 else theme.series[0]


def _cells(
    sheet: Sheet,
    y: float,
    x: float,
    count: str,
    columns: Sequence[_Column],
    edges: Sequence[float],
    position: int,
    row: StatsRow,
    total: float,
) -> None:
    sheet.text(x, y, count, align="right", key=gid_of(row.keys))
    gap = sheet.theme.secondary if is_level(row.gap, total) else _colour(sheet.theme, row)
    colours = (None, sheet.theme.secondary, None, gap)
    for number, (column, edge, colour) in enumerate(zip(columns, edges, colours, strict=True)):
        sheet.text(edge, y, column.cells[position], align="right", bold=number == 3, colour=colour)


def _header(
    sheet: Sheet,
    result: StatsResult,
    x: float,
    left: float,
    counts: _Column,
    columns: Sequence[_Column],
    edges: Sequence[float],
) -> None:
    theme, bottom = sheet.theme, sheet.top + HEADER
    name = dimension_name(result.by[-1]) if result.by else ""
    sheet.text(MARGIN, bottom - 14, name, px=theme.small_px, bold=True, colour=theme.secondary)
    for column, edge in ((counts, x), *zip(columns, edges, strict=True)):
        sheet.text(edge, bottom - 14, column.title, px=theme.small_px, bold=True, colour=theme.secondary, align="right")
    sheet.rule(bottom, theme.baseline)
    # What the two dots mean, in words beside samples of them.
    at, y = left, sheet.top + 10.0
    for word, filled in (
        (tr("Actual share"), True),
        (tr("Baseline: {name}", name=baseline_name(result.baseline or "")), False),
    ):
        dot = sheet.axes(at - 6, y - 6, at + 6, y + 6)
        dot.set(xlim=(-1, 1), ylim=(-1, 1), xticks=[], yticks=[])
        inside, rim = (theme.text, theme.text) if filled else (theme.surface, theme.baseline)
        dot.plot([0], [0], "o", ms=7 if filled else 6, mfc=inside, mec=rim, mew=1.4)
        sheet.text(at + 12, y, word, px=theme.small_px, colour=theme.secondary)
        at += 12 + sheet.text_width(word, theme.small_px) + 24
