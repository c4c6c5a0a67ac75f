"""The paper of the yearly summary: page, type, lines and colours, the same for Word and for the program's own PDF.

The official layout is GB/T 9704—2012: A4, 37 mm above and 28 mm at the left of a text area of 156 × 225 mm, with 22
lines of 28 characters. The plain one is for use inside the office. Points are 1/72 inch.
"""

from dataclasses import dataclass, replace
from typing import Literal

Role = Literal["title", "heading", "kai", "body", "sans"]
"""小标宋, 黑体, 楷体, 仿宋, and what tables and pictures are set in."""

MM = 72 / 25.4
UNDER_FIRST = 5
"""Characters before the second and further names of annexes: two of the indent, three of “附件：”."""
DOTS_PER_INCH = 200

BETWEEN = 0.4
"""Room between paragraphs of English text, in parts of a line: they have no indent that would tell them apart."""


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """How a kind of text is set: role of its font, size and line in points, indent of its first line in characters."""

    role: Role
    size: float
    line: float
    indent: int = 0
    bold: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """Page and type of one layout. Margins in mm (above, below, left, right); ``cell`` is the advance of a character
    of body text in points, ``pitch`` that of a line; ``outside`` puts odd page numbers right and even ones left.
    """

    width: float
    height: float
    margins: tuple[float, float, float, float]
    cell: float
    pitch: float
    lines: int
    characters: int
    outside: bool
    number_size: float
    number_drop: float
    title: TypeStyle
    headings: tuple[TypeStyle, TypeStyle, TypeStyle, TypeStyle]
    body: TypeStyle
    caption: TypeStyle
    head: TypeStyle
    cells: TypeStyle
    note: TypeStyle
    label: TypeStyle

    def across(self) -> "Paper":
        """Return the same paper lying: the margin above goes to the left side, as when the sheet is turned."""
        above, below, left, right = self.margins
        return replace(self, width=self.height, height=self.width, margins=(left, right, below, above))

    @property
    def text_width(self) -> float:
        """Width of the text area in points."""
        return (self.width - self.margins[2] - self.margins[3]) * MM

    @property
    def text_height(self) -> float:
        """Height of the text area in points."""
        return (self.height - self.margins[0] - self.margins[1]) * MM


_WIDTH, _HEIGHT = 156 * MM, 225 * MM
_LINE = _HEIGHT / 22
OFFICIAL = Paper(
    width=210,
    height=297,
    margins=(37, 35, 28, 26),
    cell=_WIDTH / 28,
    pitch=_LINE,
    lines=22,
    characters=28,
    outside=True,
    number_size=14,
    number_drop=7,
    title=TypeStyle("title", 22, 36, centred=True),
    headings=(
        TypeStyle("heading", 16, _LINE, 2),
        TypeStyle("kai", 16, _LINE, 2),
        TypeStyle("body", 16, _LINE, 2, bold=True),
        TypeStyle("body", 16, _LINE, 2),
    ),
    body=TypeStyle("body", 16, _LINE, 2),
    caption=TypeStyle("heading", 12, 20, centred=True),
    head=TypeStyle("heading", 10.5, 15),
    cells=TypeStyle("body", 10.5, 15),
    note=TypeStyle("body", 10.5, 16),
    label=TypeStyle("heading", 16, _LINE),
)
PLAIN = Paper(
    width=210,
    height=297,
    margins=(25, 25, 25, 25),
    cell=12,
    pitch=22,
    lines=31,
    characters=37,
    outside=False,
    number_size=10.5,
    number_drop=8,
    title=TypeStyle("heading", 18, 32, centred=True),
    headings=(
        TypeStyle("heading", 14, 26, bold=True),
        TypeStyle("heading", 12, 22, bold=True),
        TypeStyle("heading", 12, 22),
        TypeStyle("body", 12, 22),
    ),
    body=TypeStyle("body", 12, 22, 2),
    caption=TypeStyle("heading", 10.5, 18, centred=True),
    head=TypeStyle("heading", 9, 13),
    cells=TypeStyle("sans", 9, 13),
    note=TypeStyle("sans", 9, 14),
    label=TypeStyle("heading", 12, 22),
)


def paper_of(layout: str) -> Paper:
    """Return the paper of a layout: ``official`` or ``plain``."""
    return OFFICIAL if layout == "official" else PLAIN


WORD_FONTS: dict[tuple[str, Role], str] = {
    ("official", "title"): "方正小标宋简体",
    ("official", "heading"): "黑体",
    ("official", "kai"): "楷体_GB2312",
    ("official", "body"): "仿宋_GB2312",
    ("official", "sans"): "仿宋_GB2312",
    ("plain", "title"): "黑体",
    ("plain", "heading"): "黑体",
    ("plain", "kai"): "楷体",
    ("plain", "body"): "宋体",
    ("plain", "sans"): "宋体",
}
"""The fonts of an office, as Word names them."""

WORD_STAND_INS: dict[str, tuple[str, ...]] = {
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "华文中宋", "Noto Serif CJK SC"),
    "黑体": ("SimHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei"),
    "楷体_GB2312": ("楷体", "KaiTi", "AR PL UKai CN", "Noto Serif CJK SC"),
    "楷体": ("KaiTi", "楷体_GB2312", "AR PL UKai CN", "Noto Serif CJK SC"),
    "仿宋_GB2312": ("仿宋", "FangSong", "Noto Serif CJK SC"),
    "宋体": ("SimSun", "Noto Serif CJK SC"),
}
"""What a machine without those fonts may take, best first."""
LATIN_FONT = "Times New Roman"


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of print: those of the window when it is light; the series also differ in lightness, so that they
    are told apart in grey and by those who do not tell red from green.
    """

    paper: str = "#FFFFFF"
    text: str = "#1B2026"
    secondary: str = "#566070"
    line: str = "#DEE2E7"
    grid: str = "#E6E9ED"
    baseline: str = "#6E7783"
    past: str = "#8E97A3"
    tint: str = "#E6EEF7"
    warning: str = "#7F4E00"
    series: tuple[str, ...] = ("#0072B2", "#8F3300", "#0A4427", "#2A0038")


INK = Ink()
