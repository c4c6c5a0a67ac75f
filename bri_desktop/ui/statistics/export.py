"""Figures taken out of the window: the picture drawn anew for paper, whatever the colours of the screen are."""

import tempfile
from pathlib import Path

from bri_desktop.analysis.model import StatsResult
from bri_desktop.ui.shared import tokens
from bri_desktop.ui.shared.tokens import Scheme

PAIRED_ROWS = 12
SCALE = 2.0


def save_picture(result: StatsResult, title: str, note: str, path: Path) -> Path:
    """Draw the picture of a result as PNG or SVG by the ending of ``path``; return the path.

    Long to import and to draw: for a thread beside the window. Raises ``UserError`` file_unwritable.
    """
    from bri_desktop.charts.bars import ranking
    from bri_desktop.charts.canvas import ChartTheme, Heading, Size, save
    from bri_desktop.charts.dots import paired_dots

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
    units = [row for row in result.rows if row.is_unit]
    is_paired = 1 < len(units) <= PAIRED_ROWS and all(row.baseline_share is not None for row in units)
    draw = paired_dots if is_paired else ranking
    scale = SCALE if path.suffix.lower() == ".png" else 1.0
    save(draw(result, theme, Size(960, None, scale), heading=Heading(title, result.rule, note)), path)
    return path


def picture_bytes(result: StatsResult, title: str, note: str) -> bytes:
    """Return the picture as PNG, for the clipboard."""
    with tempfile.TemporaryDirectory(prefix="bri-picture-") as folder:
        return save_picture(result, title, note, Path(folder, "picture.png")).read_bytes()
