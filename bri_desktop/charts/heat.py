"""Two dimensions as a heat map: a table whose cells are tinted by their number, which is written in each."""

from collections.abc import Sequence

from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bri_desktop.analysis.model import StatsResult
from bri_desktop.charts.canvas import MARGIN, ChartTheme, Heading, Sheet, Size, gid_of, wrap
from bri_desktop.charts.cross import Grid, grid_of
from bri_desktop.charts.numbers import whole

ROW = 28
LINE = 16
LINES = 3
FEWEST = 4


def heat_map(
    result: StatsResult, theme: ChartTheme, size: Size | None = None, *, heading: Heading | None = None, top: int = 15
) -> Figure:
    """Return the cross-table of two dimensions, the largest ``top`` units of each and the rest together.

    Fewer columns are shown where their names would not fit; a cell that is one row of the result carries its keys.
    """
    size = size or Size()
    probe = Sheet(theme, size, Heading(), 1)
    for columns in range(top, min(top, FEWEST) - 1, -1):
        grid = grid_of(result, top, columns)
        names = min(max((probe.text_width(head.label) for head in grid.rows), default=0), 0.3 * size.width)
        left = MARGIN + names + 12
        cell = (size.width - MARGIN - left) / max(len(grid.columns), 1)
        px, heads, whole_words = _heads(probe, [head.label for head in grid.columns], cell - 4)
        if whole_words:
            break
    header = LINE * max((len(lines) for lines in heads), default=1) + 12
    sheet = Sheet(theme, size, heading or Heading(), header + ROW * max(len(grid.rows), 1))
    _draw(sheet, result, grid, heads, px, (left, names, cell, header))
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


def _draw(
    sheet: Sheet,
    result: StatsResult,
    grid: Grid,
    heads: Sequence[Sequence[str]],
    px: int,
    measures: tuple[float, float, float, float],
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
    most = grid.highest() or 1
    for down, head in enumerate(grid.rows):
        y = first + (down + 0.5) * step
        sheet.text(MARGIN, y, sheet.elided(head.label, names), colour=theme.text if head.is_unit else theme.secondary)
        for across, other in enumerate(grid.columns):
            found = grid.cells[down][across]
            # The rest and what has no value are no units: their cells are grey and do not stretch the ramp.
            is_unit = head.is_unit and other.is_unit
            colour = theme.surface if not found.count else ramp(found.count / most) if is_unit else theme.grid
            key = gid_of(result.rows[found.positions[0]].keys) if found.count and len(found.positions) == 1 else None
            box = Rectangle((across, down), 1, 1, facecolor=colour, edgecolor=theme.surface, lw=1.5)
            box.set(gid=key, picker=key is not None)
            axes.add_patch(box)
            ink = _ink(theme, colour) if found.count else theme.hint
            middle = left + (across + 0.5) * cell
            sheet.text(middle, y, whole(found.count), px=theme.small_px, colour=ink, align="center")


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
