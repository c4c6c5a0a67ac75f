"""Figures taken out of the window: the picture drawn anew for paper, whatever the colours of the screen are."""

import tempfile
from pathlib import Path

from bri_desktop.analysis.model import StatsResult
from bri_desktop.ui.shared import tokens
from bri_desktop.ui.shared.tokens import Scheme

PAIRED_ROWS = 12
SCALE = 2.0


def save_picture(result: StatsResult, title: str, note: str, path: Path, top: int = 15) -> Path:
    """Draw the picture of a result as PNG or SVG by the ending of ``path``; return the path.

    ``top`` units of a cross-table are drawn by themselves. Long to import and to draw: for a thread beside the window.
    Raises ``UserError`` file_unwritable.
    """
    from bri_desktop.charts.bars import ranking
    from bri_desktop.charts.canvas import ChartTheme, Heading, Size, save
    from bri_desktop.charts.dots import paired_dots
    from bri_desktop.charts.heat import heat_map

    colours = tokens.colours(Scheme.LIGHT)
    theme = ChartTheme(
        surface=colours.surface,
        text=colours.text,
        secondary=colours.secondary,
        hint=colours.hint,
        line=colours.line,
        grid=colours.grid,
        baseline=colours.baseline,
        tint=colours.tint,
        series=(colours.series_1, colours.series_2, colours.series_3, colours.series_4),
        fonts=tokens.FONT_FAMILIES,
    )
    scale = SCALE if path.suffix.lower() == ".png" else 1.0
    size, heading = Size(960, None, scale), Heading(title, result.rule, note)
    if len(result.by) == 2 or result.span:
        save(heat_map(result, theme, size, heading=heading, top=top), path)
        return path
    units = [row for row in result.rows if row.is_unit]
    is_paired = 1 < len(units) <= PAIRED_ROWS and all(row.baseline_share is not None for row in units)
    draw = paired_dots if is_paired else ranking
    save(draw(result, theme, size, heading=heading), path)
    return path


def picture_bytes(result: StatsResult, title: str, note: str, top: int = 15) -> bytes:
    """Return the picture as PNG, for the clipboard."""
    with tempfile.TemporaryDirectory(prefix="bri-picture-") as folder:
        return save_picture(result, title, note, Path(folder, "picture.png"), top).read_bytes()
