"""Figures over years as lines: from zero, with the first and the last value written at their ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bri_desktop.analysis.model import StatsResult, YearPoint
from bri_desktop.charts.canvas import MARGIN, ChartTheme, Heading, Sheet, Size, gid_of
from bri_desktop.charts.numbers import nice_ticks, plain, spread_out, whole

HEIGHT = 220
MARKERS = ("o", "s", "^", "D")
LABEL_STEP = 18
NAMED = 8
"""Up to so many lines are named at their ends; more would not find room."""


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    keys: tuple[str, ...]
    colour: str
    marker: str | None


def trend(
    result: StatsResult,
    theme: ChartTheme,
    size: Size | None = None,
    *,
    heading: Heading | None = None,
    measure: str | None = None,
) -> Figure:
    """Return the total of each year of a span, or a measure of it; points carry their year as key.

    Years in which the measure is undefined are left out of the line.
    """
    values = [(point, value) for point in result.series if (value := _value(point, measure)) is not None]
    years = tuple(point.year for point, _ in values)
    line = _Line(
        "",
        years,
        tuple(value for _, value in values),
        tuple(str(year) for year in years),
        theme.series[0],
        MARKERS[0],
    )
    return _figure([line], theme, size or Size(460), heading or Heading())


def trend_by_unit(
    result: StatsResult, theme: ChartTheme, size: Size | None = None, *, heading: Heading | None = None
) -> Figure:
    """Return one line a unit of a span's dimension: the largest in the last year in colour, the others grey."""
    by_unit: dict[str, list[Any]] = {}
    for row in result.rows:
        if row.is_unit and len(row.keys) == 2:
            by_unit.setdefault(str(row.keys[1]), []).append(row)
    units = sorted((rows for rows in by_unit.values() if any(row.count for row in rows)), key=_size, reverse=True)
    lines = []
    for position, rows in enumerate(units):
        coloured = position < len(theme.series)
        named = coloured or len(units) <= NAMED
        lines.append(
            _Line(
                rows[0].labels[1] if named else "",
                tuple(int(row.keys[0]) for row in rows),
                tuple(float(row.count) for row in rows),
                tuple(gid_of(row.keys) for row in rows),
                theme.series[position] if coloured else theme.baseline,
                MARKERS[position] if coloured and position < len(MARKERS) else None,
            )
        )
    return _figure(lines, theme, size or Size(720), heading or Heading())


def _size(rows: Sequence[Any]) -> tuple[int, int]:
    return rows[-1].count, sum(row.count for row in rows)


def _value(point: YearPoint, measure: str | None) -> float | None:
    if measure is None:
        return float(point.total)
    value = point.measures.get(measure)
    if isinstance(value, Mapping):
        value = value.get("value")
    return None if value is None else float(value)


def _figure(lines: Sequence[_Line], theme: ChartTheme, size: Size, heading: Heading) -> Figure:
    sheet = Sheet(theme, size, heading, HEIGHT)
    largest = max((value for line in lines for value in line.values), default=0.0)
    ticks = nice_ticks(largest)
    tick_labels = [_tick(value, ticks) for value in ticks]
    left = MARGIN + max(sheet.text_width(text, theme.axis_px) for text in tick_labels) + 8
    ends = [_end(line) for line in lines if _is_named(line)]
    right = sheet.width - MARGIN - max((sheet.text_width(text, bold=True) for text in ends), default=0) - 10
    axes = sheet.axes(left, sheet.top + 8, right, sheet.height - sheet.bottom - 20)
    years = sorted({year for line in lines for year in line.years}) or [0]
    axes.set(xlim=(years[0], max(years[-1], years[0] + 1)), ylim=(0, ticks[-1]))
    axes.set_yticks(ticks, tick_labels)
    shown = year_ticks(years, right - left)
    axes.set_xticks(shown, [str(year) for year in shown] if years != [0] else [""] * len(shown))
    axes.grid(axis="y", color=theme.grid, lw=0.72)
    sheet.ticks(axes)
    for line in reversed(lines):
        _draw(axes, line)
    _name_ends(sheet, axes, lines, ticks[-1])
    return sheet.figure


def _draw(axes: Axes, line: _Line) -> None:
    width = 1.8 if line.marker else 0.9
    axes.plot(line.years, line.values, color=line.colour, lw=width, clip_on=False, solid_joinstyle="round")
    last = len(line.years) - 1
    for position, (year, value) in enumerate(zip(line.years, line.values, strict=True)):
        end = position in (0, last) and line.marker
        axes.plot(
            [year],
            [value],
            line.marker or "o",
            ms=5.5 if end else 2.5,
            color=line.colour,
            gid=line.keys[position],
            picker=6,
            clip_on=False,
        )


def _name_ends(sheet: Sheet, axes: Axes, lines: Sequence[_Line], top: float) -> None:
    """Write each named line's first value over its start, name and last value at its end, none over another."""
    box = axes.get_position()
    upper, height = (1 - box.y1) * sheet.height, box.height * sheet.height
    right, left = box.x1 * sheet.width, box.x0 * sheet.width
    named = [line for line in lines if _is_named(line)]
    wished = [upper + height * (1 - line.values[-1] / top) for line in named]
    # The year labels stand under the axis: the lowest label keeps clear of them.
    for line, y in zip(named, spread_out(wished, LABEL_STEP, upper + height), strict=True):
        bold = line.marker is not None
        sheet.text(right + 10, y, _end(line), bold=bold, colour=line.colour, key=line.keys[-1])
    if len(lines) == 1 and named and len(named[0].values) > 1:
        first, second = named[0].values[:2]
        # On the side of the point from which the line moves away, but never under the axis.
        side = 14 if second > first and first / top > 0.15 else -14
        sheet.text(left + 4, upper + height * (1 - first / top) + side, plain(first), px=sheet.theme.small_px)


def _is_named(line: _Line) -> bool:
    return bool(line.values) and (line.marker is not None or bool(line.label))


def _end(line: _Line) -> str:
    value = plain(line.values[-1])
    return f"{line.label} {value}" if line.label else value


def _tick(value: float, ticks: Sequence[float]) -> str:
    if all(float(tick).is_integer() for tick in ticks):
        return whole(value)
    decimals = next(places for places in range(1, 12) if all(round(t, places) == t for t in ticks) or places == 11)
    return f"{value:.{decimals}f}"


def year_ticks(years: Sequence[int], width: float) -> list[int]:
    """Return the years to write under the axis: first and last always, between them as many as have room."""
    first, last = years[0], years[-1]
    room = max(1, int(width // 56))
    step = next(step for step in (1, 2, 3, 4, 5, 10, 20, 25, 50, 100) if (last - first) / step <= room or step == 100)
    shown = [year for year in range(first, last, step) if (last - year) * width / max(last - first, 1) >= 44]
    return [*(shown or [first] if last > first else []), last]
