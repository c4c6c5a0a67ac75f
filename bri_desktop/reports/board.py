"""What a picture is drawn on: lines, boxes, dots and texts in points, kept until they are put on a page of a PDF."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader

from bri_desktop.reports import fonts
from bri_desktop.reports.paper import INK

SIZE = 10.0
EVEN_ODD = 0
FAUX_BOLD = 0.03
"""Width of the stroke that makes a number bolder, in parts of its size."""


def width_of(text: str, size: float = SIZE) -> float:
    """Return the width of a text of a picture."""
    return fonts.width_of("sans", text) * size


def fitted(text: str, width: float, size: float = SIZE) -> str:
    """Return a text, cut at its end where it is wider than ``width``."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + "…", size) > width:
        text = text[:-1]
    return text + "…"


@dataclass(slots=True)
class Board:
    """A picture of ``width`` × ``height`` points; places are counted from its lower left corner."""

    width: float
    height: float
    _acts: list[Callable[[Any], None]] = field(default_factory=list)

    def put(self, canvas: Any, x: float, y: float) -> None:
        """Draw the picture with its lower left corner at a place of a page."""
        canvas.saveState()
        canvas.translate(x, y)
        for act in self._acts:
            act(canvas)
        canvas.restoreState()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SIZE,
        colour: str = INK.text,
        align: str = "left",
        bold: bool = False,
    ) -> None:
        """Write a line whose middle is at ``y``; ``align`` says which end of it is at ``x``: left, middle, right."""
        left = x - {"left": 0.0, "middle": 0.5, "right": 1.0}[align] * width_of(text, size)

        def act(canvas: Any) -> None:
            writing = canvas.beginText(left, y - 0.36 * size)
            writing.setFillColor(HexColor(colour))
            writing.setTextRenderMode(2 if bold else 0)
            if bold:
                canvas.setStrokeColor(HexColor(colour))
                canvas.setLineWidth(FAUX_BOLD * size)
            for piece in fonts.pieces_of("sans", text):
                writing.setFont(piece.font, size)
                writing.textOut(piece.text)
            writing.setTextRenderMode(0)
            canvas.drawText(writing)

        self._acts.append(act)

    def line(self, x: float, y: float, end_x: float, end_y: float, colour: str, width: float = 0.5) -> None:
        """Draw a straight line."""
        self.path([(x, y), (end_x, end_y)], colour, width)

    def path(
        self, points: Sequence[tuple[float, float]], colour: str, width: float, *, dashes: Sequence[float] = ()
    ) -> None:
        """Draw a line through points."""

        def act(canvas: Any) -> None:
            canvas.setStrokeColor(HexColor(colour))
            canvas.setLineWidth(width)
            canvas.setDash(list(dashes))
            path = canvas.beginPath()
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
            canvas.drawPath(path)
            canvas.setDash([])

        self._acts.append(act)

    def area(self, rings: Sequence[Sequence[tuple[float, float]]], colour: str) -> None:
        """Fill what lies within an odd number of rings."""

        def act(canvas: Any) -> None:
            canvas.setFillColor(HexColor(colour))
            path = canvas.beginPath()
            for ring in rings:
                path.moveTo(*ring[0])
                for point in ring[1:]:
                    path.lineTo(*point)
                path.close()
            canvas.drawPath(path, stroke=0, fill=1, fillMode=EVEN_ODD)

        self._acts.append(act)

    def within(self, x: float, y: float, width: float, height: float, inner: "Board") -> None:
        """Put another picture, of the same measure, and cut it off outside a box."""

        def act(canvas: Any) -> None:
            canvas.saveState()
            path = canvas.beginPath()
            path.rect(x, y, width, height)
            canvas.clipPath(path, stroke=0, fill=0)
            inner.put(canvas, 0, 0)
            canvas.restoreState()

        self._acts.append(act)

    def image(self, x: float, y: float, width: float, height: float, image: Any) -> None:
        """Put a picture of pixels (of Pillow) into a box."""
        self._acts.append(lambda canvas: canvas.drawImage(ImageReader(image), x, y, width, height))

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str | None, edge: str | None = None
    ) -> None:
        """Draw a box with its lower left corner at a place, filled and edged where a colour is given."""

        def act(canvas: Any) -> None:
            _colour(canvas, fill, edge, 0.5)
            canvas.rect(x, y, width, height, stroke=int(edge is not None), fill=int(fill is not None))

        self._acts.append(act)

    def dot(self, x: float, y: float, radius: float, *, fill: str, edge: str, width: float = 1.1) -> None:
        """Draw a dot."""

        def act(canvas: Any) -> None:
            _colour(canvas, fill, edge, width)
            canvas.circle(x, y, radius, stroke=1, fill=1)

        self._acts.append(act)


def _colour(canvas: Any, fill: str | None, edge: str | None, width: float) -> None:
    if fill is not None:
        canvas.setFillColor(HexColor(fill))
    if edge is not None:
        canvas.setStrokeColor(HexColor(edge))
        canvas.setLineWidth(width)


def between(light: str, dark: str, part: float) -> str:
    """Return the colour at ``part`` (0–1) of the way from one to the other."""
    ends = [tuple(int(text[at : at + 2], 16) for at in (1, 3, 5)) for text in (light, dark)]
    mixed = [round(low + part * (high - low)) for low, high in zip(*ends, strict=True)]
    return f"#{mixed[0]:02X}{mixed[1]:02X}{mixed[2]:02X}"
