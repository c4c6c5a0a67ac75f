"""The sheet that every chart is drawn on: pixels, fonts, colours given by the caller, and keys to find records by.

Sizes are device-independent pixels; ``scale`` 2 draws the same picture twice as fine. No chart knows a colour: the
window's tokens come in as a :class:`ChartTheme`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bri_desktop import paths
from bri_desktop.domain.errors import InputError, UserError, Where

DPI = 100
POINTS = 72 / DPI
MARGIN = 16
KEY_SEPARATOR = "/"
SHIPPED_FONT = "Noto Sans SC"
FALLBACK_FONT = "DejaVu Sans"


@dataclass(frozen=True, slots=True)
class ChartTheme:
    """Colours by role, series colours in order, font families by preference, and the type scale in pixels."""

    surface: str
    text: str
    secondary: str
    hint: str
    line: str
    grid: str
    baseline: str
    tint: str
    series: tuple[str, ...]
    fonts: tuple[str, ...] = ("Noto Sans CJK SC",)
    section_px: int = 14
    body_px: int = 13
    small_px: int = 12
    axis_px: int = 11


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in device-independent pixels; ``height`` ``None`` fits the rows."""

    width: int = 720
    height: int | None = None
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over and under a chart when it is taken out of the window: title, explanation, source."""

    title: str = ""
    subtitle: str = ""
    note: str = ""


@cache
def _installed() -> frozenset[str]:
    for file in sorted((paths.resources() / "fonts").glob("*.[ot]t[fc]")):
        font_manager.fontManager.addfont(str(file))
    return frozenset(font_manager.get_font_names())


def families(theme: ChartTheme) -> list[str]:
    """Return the wished fonts that are here, best first, else the program's own, and the one that always is."""
    wished = [name for name in theme.fonts if name in _installed()]
    return [*(wished or [SHIPPED_FONT]), FALLBACK_FONT]


class Sheet:
    """A figure measured in pixels from its upper left corner, with the heading drawn and the rest free."""

    def __init__(self, theme: ChartTheme, size: Size, heading: Heading, height: int) -> None:
        self.theme = theme
        self.width = size.width
        self.heading = heading
        self.fonts = families(theme)
        self.top = MARGIN + self._heading_height()
        self.bottom = MARGIN + self._note_height()
        self.height = size.height or self.top + height + self.bottom
        self.figure = Figure(
            figsize=(self.width / DPI, self.height / DPI), dpi=DPI * size.scale, facecolor=theme.surface
        )
        self.canvas = FigureCanvasAgg(self.figure)
        self._draw_heading()

    def _wrapped(self, text: str, px: int) -> list[str]:
        return wrap(text, self.width - 2 * MARGIN, px, self.fonts) if text else []

    def _heading_height(self) -> int:
        title = 20 * len(self._wrapped(self.heading.title, self.theme.section_px))
        subtitle = 18 * len(self._wrapped(self.heading.subtitle, self.theme.small_px))
        return title + subtitle + (12 if title or subtitle else 0)

    def _note_height(self) -> int:
        lines = len(self._wrapped(self.heading.note, self.theme.axis_px))
        return 16 * lines + 8 if lines else 0

    def _draw_heading(self) -> None:
        y = MARGIN
        for line in self._wrapped(self.heading.title, self.theme.section_px):
            self.text(MARGIN, y + 10, line, px=self.theme.section_px, bold=True)
            y += 20
        for line in self._wrapped(self.heading.subtitle, self.theme.small_px):
            self.text(MARGIN, y + 9, line, px=self.theme.small_px, colour=self.theme.secondary)
            y += 18
        y = self.height - self.bottom + 8
        for line in self._wrapped(self.heading.note, self.theme.axis_px):
            self.text(MARGIN, y + 8, line, px=self.theme.axis_px, colour=self.theme.hint)
            y += 16

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        px: int | None = None,
        bold: bool = False,
        colour: str | None = None,
        align: str = "left",
        key: str | None = None,
    ) -> None:
        """Write one line whose middle is ``y`` pixels from the top; ``key`` makes it open records."""
        self.figure.text(
            x / self.width,
            1 - y / self.height,
            text,
            ha=align,
            va="center_baseline",
            gid=key,
            picker=key is not None,
            **self.font(px, bold=bold, colour=colour),
        )

    def font(self, px: int | None = None, *, bold: bool = False, colour: str | None = None) -> dict[str, Any]:
        """Return the keywords of a text: family, size, weight and colour."""
        size = (px or self.theme.body_px) * POINTS
        weight = "bold" if bold else "normal"
        return {
            "fontfamily": self.fonts,
            "fontsize": size,
            "fontweight": weight,
            "color": colour or self.theme.text,
            "parse_math": False,
        }

    def rule(self, y: float, colour: str | None = None) -> None:
        """Draw a line of one pixel over the width, ``y`` pixels from the top."""
        at = 1 - y / self.height
        ends = [MARGIN / self.width, 1 - MARGIN / self.width]
        line = matplotlib.lines.Line2D(ends, [at, at], color=colour or self.theme.line, lw=POINTS)
        self.figure.add_artist(line)

    def axes(self, left: float, top: float, right: float, bottom: float) -> Axes:
        """Return bare axes between these pixel edges, counted from the upper left corner."""
        box = (
            left / self.width,
            1 - bottom / self.height,
            (right - left) / self.width,
            (bottom - top) / self.height,
        )
        axes = self.figure.add_axes(box)
        axes.set_facecolor("none")
        axes.tick_params(length=0, pad=6, width=POINTS)
        for side in ("top", "right", "left", "bottom"):
            axes.spines[side].set_visible(False)
        axes.set_axisbelow(True)
        return axes

    def ticks(self, axes: Axes) -> None:
        """Give the tick labels of ``axes`` the axis type."""
        for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            font = self.font(self.theme.axis_px, colour=self.theme.secondary)
            font.pop("parse_math")
            label.set(**font)

    def text_width(self, text: str, px: int | None = None, *, bold: bool = False) -> float:
        """Return the width of a text in pixels."""
        return measure(text, px or self.theme.body_px, tuple(self.fonts), bold=bold)

    def elided(self, text: str, width: float, px: int | None = None) -> str:
        """Return the text, cut at its end with … where it is wider than ``width`` pixels."""
        if self.text_width(text, px) <= width:
            return text
        while text and self.text_width(text + "…", px) > width:
            text = text[:-1]
        return text.rstrip() + "…"


@cache
def _scratch() -> Figure:
    figure = Figure(figsize=(1, 1), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


@cache
def measure(text: str, px: int, fonts: tuple[str, ...], *, bold: bool = False) -> float:
    """Return the width of one line in device-independent pixels."""
    artist = _scratch().text(
        0,
        0,
        text,
        fontfamily=list(fonts),
        fontsize=px * POINTS,
        fontweight="bold" if bold else "normal",
        parse_math=False,
    )
    width = float(artist.get_window_extent().width)
    artist.remove()
    return width


def wrap(text: str, width: float, px: int, fonts: Sequence[str]) -> list[str]:
    """Return the lines of a text: broken between words, and between any two Han characters."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and measure((line + piece).rstrip(), px, tuple(fonts)) > width and piece.strip() not in "，。；、）":
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for char in text:
        together = pieces and char < "\u2e80" and pieces[-1][-1] < "\u2e80" and not pieces[-1].endswith(" ")
        if together:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def gid_of(keys: Sequence[str | None]) -> str:
    """Return the name of an artist that opens the row with these keys; it stands as ``id`` in an SVG."""
    return KEY_SEPARATOR.join(key or "" for key in keys)


def keys_of(gid: str) -> tuple[str | None, ...]:
    """Return the row keys of an artist's name."""
    return tuple(part or None for part in gid.split(KEY_SEPARATOR))


def save(figure: Figure, path: Path) -> None:
    """Write a picture as PNG or SVG by the ending of ``path``.

    Raises ``InputError`` option_unknown for another ending, ``UserError`` file_unwritable.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("png", "svg"):
        raise InputError("option_unknown", value=path.suffix, known=".png, .svg", where=Where(file=path.name))
    metadata = {"Date": None} if kind == "svg" else {}
    try:
        with matplotlib.rc_context({"svg.hashsalt": "bri-desktop"}):
            figure.savefig(path, format=kind, dpi="figure", facecolor=figure.get_facecolor(), metadata=metadata)
    except OSError as error:
        raise UserError("file_unwritable", where=Where(file=path.name)) from error
