"""Concentration as a Lorenz curve: how much lies in how few units."""

from matplotlib.figure import Figure

from bri_desktop.analysis.measures import lorenz as lorenz_points
from bri_desktop.analysis.model import StatsResult
from bri_desktop.charts.canvas import MARGIN, ChartTheme, Heading, Sheet, Size
from bri_desktop.i18n import tr

SIDE = 260
AXIS_NOTE = 44


def lorenz(
    result: StatsResult, theme: ChartTheme, size: Size | None = None, *, heading: Heading | None = None
) -> Figure:
    """Return the curve of the units of a table, with their number on the axis; empty where nothing is counted."""
    sheet = Sheet(theme, size or Size(320), heading or Heading(), SIDE)
    top = sheet.top + 8
    left = MARGIN + sheet.text_width("100%", theme.axis_px) + 8
    side = min(sheet.width - MARGIN - 8 - left, sheet.height - sheet.bottom - AXIS_NOTE - top)
    axes = sheet.axes(left, top, left + side, top + side)
    axes.set(xlim=(0, 100), ylim=(0, 100))
    axes.set_xticks([0, 50, 100], ["0", "50", "100%"])
    axes.set_yticks([0, 50, 100], ["0", "50", "100%"])
    axes.grid(color=theme.grid, lw=0.72)
    sheet.ticks(axes)
    axes.plot([0, 100], [0, 100], color=theme.baseline, lw=0.9, ls=(0, (4, 3)))
    sheet.text(
        left + 0.30 * side, top + 0.56 * side, tr("Equality"), px=theme.small_px, colour=theme.secondary, align="right"
    )
    amounts = [row.weight for row in result.rows if row.is_unit]
    points = lorenz_points(amounts)
    if points is not None:
        x, y = [100 * a for a, _ in points], [100 * b for _, b in points]
        axes.fill_between(x, y, x, color=theme.tint, lw=0)
        axes.plot(x, y, color=theme.series[0], lw=1.8, gid="lorenz", clip_on=False, solid_joinstyle="round")
    note = tr("Across: {n} units; up: entries, cumulated", n=len(amounts))
    sheet.text(left, top + side + 34, note, px=theme.axis_px, colour=theme.secondary)
    return sheet.figure
