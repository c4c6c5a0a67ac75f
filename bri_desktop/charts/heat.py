"""Two dimensions as a heat map: a table whose cells are tinted by their number, which is written in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bri_desktop.analysis.model import StatsResult, StatsRow
from bri_desktop.charts.canvas import MARGIN, ChartTheme, Heading, Sheet, Size, gid_of, wrap
from bri_desktop.charts.numbers import whole
from bri_desktop.i18n import tr

ROW = 28
LINE = 16
LINES = 3
FEWEST = 4


@dataclass(frozen=True, slots=True)
class _Grid:
    rows: tuple[tuple[str | None, str], ...]
    columns: tuple[tuple[str | None, str], ...]
    cells: dict[tuple[str | None, str | None], StatsRow]
    left_out: int


def heat_map(
    result: StatsResult, theme: ChartTheme, size: Size | None = None, *, heading: Heading | None = None, top: int = 15
) -> Figure:
    """Return the cross-table of two dimensions, the largest ``top`` units of each; cells carry their row's keys.

    Fewer columns are shown where their names would not fit; how many entries lie elsewhere is said below.
    """
    size = size or Size()
    probe = Sheet(theme, size, Heading(), 1)
    for columns in range(top, min(top, FEWEST) - 1, -1):
        grid = _grid(result, top, columns)
        names = min(max((probe.text_width(label) for _, label in grid.rows), default=0), 0.3 * size.width)
        left = MARGIN + names + 12
        cell = (size.width - MARGIN - left) / max(len(grid.columns), 1)
        px, heads, whole_words = _heads(probe, [label for _, label in grid.columns], cell - 4)
        if whole_words:
            break
    header = LINE * max((len(lines) for lines in heads), default=1) + 12
    sheet = Sheet(theme, size, _with_rest(heading or Heading(), grid.left_out), header + ROW * max(len(grid.rows), 1))
    _draw(sheet, grid, heads, px, (left, names, cell, header))
    return sheet.figure


def _heads(sheet: Sheet, labels: Sequence[str], width: float) -> tuple[int, list[list[str]], bool]:
    """Return the type size and the lines over each column, smaller where a word would be wider than its column, and
    whether that was enough; else they are cut."""
    px, lines, fits = sheet.theme.small_px, list[list[str]](), True
    for px in (sheet.theme.small_px, sheet.theme.axis_px):
        lines = [wrap(label, width, px, sheet.fonts)[:LINES] for label in labels]
        fits = all(sheet.text_width(line, px) <= width for part in lines for line in part)
        if fits:
            break
    return px, [[sheet.elided(line, width, px) for line in part] for part in lines], fits


def _with_rest(heading: Heading, left_out: int) -> Heading:
    """Say under the picture how many entries lie in units that are not shown."""
    if not left_out:
        return heading
    said = tr("Not shown: smaller units with {n} in all", n=f"{left_out:,}")
    return Heading(heading.title, heading.subtitle, tr("; ").join(filter(None, (heading.note, said))))


def _grid(result: StatsResult, top: int, across: int) -> _Grid:
    cells = {(row.keys[-2], row.keys[-1]): row for row in result.rows}
    rows, columns = _units(result.rows, 0, top), _units(result.rows, 1, across)
    shown = {(one, other) for one, _ in rows for other, _ in columns}
    left_out = result.distinct([row for keys, row in cells.items() if keys not in shown and row.count])
    return _Grid(tuple(rows), tuple(columns), cells, left_out)


def _units(rows: Sequence[StatsRow], part: int, top: int) -> list[tuple[str | None, str]]:
    """Return the units to show in their own order; what has no value only where there is some."""
    totals: dict[tuple[str | None, str], int] = {}
    for row in rows:
        unit = (row.keys[part], row.labels[part])
        totals[unit] = totals.get(unit, 0) + row.count
    kept = {unit: total for unit, total in totals.items() if unit[0] is not None or total}
    units = [unit for unit in kept if unit[0] is not None]
    largest = set(sorted(units, key=lambda unit: -kept[unit])[:top])
    return [*(unit for unit in units if unit in largest), *(unit for unit in kept if unit[0] is None)]


def _draw(
    sheet: Sheet, grid: _Grid, heads: Sequence[Sequence[str]], px: int, measures: tuple[float, float, float, float]
) -> None:
    left, names, cell, header = measures
    theme = sheet.theme
    first = sheet.top + header
    step = (sheet.height - first - sheet.bottom) / max(len(grid.rows), 1)
    for number, lines in enumerate(heads):
        for position, line in enumerate(lines):
            y = first - 8 - LINE * (len(lines) - position - 0.5)
            middle = left + (number + 0.5) * cell
            sheet.text(middle, y, line, px=px, colour=theme.secondary, align="center")
    axes = sheet.axes(left, first, left + cell * len(grid.columns), first + step * len(grid.rows))
    axes.set(xlim=(0, len(grid.columns) or 1), ylim=(len(grid.rows) or 1, 0), xticks=[], yticks=[])
    ramp = LinearSegmentedColormap.from_list("ramp", [theme.tint, theme.series[0]])
    most = max((row.count for row in grid.cells.values() if row.is_unit), default=0) or 1
    for down, (row_key, label) in enumerate(grid.rows):
        y = first + (down + 0.5) * step
        sheet.text(MARGIN, y, sheet.elided(label, names), colour=theme.secondary if row_key is None else theme.text)
        for across, (column_key, _) in enumerate(grid.columns):
            row = grid.cells.get((row_key, column_key))
            count = row.count if row else 0
            # What has no value is no unit: its cells are grey and do not stretch the ramp.
            colour = theme.surface if not row or not count else ramp(count / most) if row.is_unit else theme.grid
            key = gid_of(row.keys) if row and count else None
            box = Rectangle((across, down), 1, 1, facecolor=colour, edgecolor=theme.surface, lw=1.5)
            box.set(gid=key, picker=key is not None)
            axes.add_patch(box)
            ink = _ink(theme, colour) if count else theme.hint
            middle = left + (across + 0.5) * cell
            sheet.text(middle, y, whole(count), px=theme.small_px, colour=ink, align="center")


def _ink(theme: ChartTheme, colour: str | tuple[float, float, float, float]) -> str:
    """Return of the text and the surface colour the one that stands out more."""
    ground = _luminance(colour)

    def contrast(ink: str) -> float:
        light, dark = sorted((_luminance(ink), ground), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    return max((theme.text, theme.surface), key=contrast)


def _luminance(colour: str | tuple[float, float, float, float]) -> float:
    """Return the relative luminance 0–1 (WCAG 2)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
