"""Every colour, size and distance of the window: the only module that holds hexadecimal values and pixel numbers.

It is free of Qt, so that figures and style sheets read the same values. Sizes are device-independent pixels.
"""

from dataclasses import dataclass, fields, replace
from enum import StrEnum


class Scheme(StrEnum):
    """Light or dark."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colours:
    """One value (``#RRGGBB``) for each role; ``field_edge`` is at least 3:1 on ``surface``, text roles 4.5:1."""

    window: str
    surface: str
    header: str
    line: str
    button_edge: str
    field_edge: str
    text: str
    secondary: str
    hint: str
    disabled: str
    accent: str
    on_accent: str
    tint: str
    chip_edge: str
    selection: str
    hover: str
    error: str
    error_tint: str
    warning: str
    warning_tint: str
    warning_edge: str
    success: str
    success_tint: str
    series_1: str
    series_2: str
    series_3: str
    series_4: str
    baseline: str
    grid: str


LIGHT = Colours(
    window="#F1F3F5",
    surface="#FFFFFF",
    header="#F7F8FA",
    line="#DEE2E7",
    button_edge="#BFC6CF",
    field_edge="#8B94A0",
    text="#1B2026",
    secondary="#566070",
    hint="#69737F",
    disabled="#8E97A3",
    accent="#1D5C9E",
    on_accent="#FFFFFF",
    tint="#E6EEF7",
    chip_edge="#BCCBDC",
    selection="#D5E4F4",
    hover="#F7F8FA",
    error="#B3261E",
    error_tint="#FCEBE9",
    warning="#7F4E00",
    warning_tint="#FFF4D9",
    warning_edge="#E2C27A",
    success="#1A6648",
    success_tint="#E4F2EB",
    series_1="#0072B2",
    series_2="#BD4F00",
    series_3="#007A58",
    series_4="#8A5F00",
    baseline="#6E7783",
    grid="#E6E9ED",
)

DARK = Colours(
    window="#1B1E22",
    surface="#22262B",
    header="#272C32",
    line="#363C44",
    button_edge="#535C67",
    field_edge="#7B8592",
    text="#E6E9EC",
    secondary="#A9B2BD",
    hint="#98A2AE",
    disabled="#7B8592",
    accent="#7FB3EC",
    on_accent="#10202F",
    tint="#26384C",
    chip_edge="#3F566F",
    selection="#2B4562",
    hover="#272C32",
    error="#FF9C91",
    error_tint="#45241F",
    warning="#EEC06A",
    warning_tint="#3B311B",
    warning_edge="#6B5729",
    success="#80CFA6",
    success_tint="#1F382C",
    series_1="#56B4E9",
    series_2="#F0935A",
    series_3="#3DBE98",
    series_4="#E0B040",
    baseline="#98A2AE",
    grid="#31373E",
)

SAFE_LIGHT = replace(
    LIGHT, error="#7A0F3C", warning="#9A5A00", success="#0058B8", success_tint="#E3EEFB",
    series_3="#0B4D2C", series_4="#4B1260",
)  # fmt: skip
SAFE_DARK = replace(
    DARK, error="#FFC2CF", warning="#E8B400", success="#5BA8FF", success_tint="#1B2F4A",
    series_3="#B9F2CB", series_4="#E047FF",
)  # fmt: skip
"""Verdicts and series that differ in lightness and along blue and yellow, so that no pair rests on red and green."""

ROLES = tuple(role.name for role in fields(Colours))


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """A step of the type scale: glyph size and line height in pixels."""

    px: int
    line: int
    bold: bool = False


PAGE_TITLE = TypeStyle(18, 24, bold=True)
FINDING = TypeStyle(16, 24, bold=True)
SECTION = TypeStyle(14, 20, bold=True)
BODY = TypeStyle(13, 20)
BODY_BOLD = TypeStyle(13, 20, bold=True)
SMALL = TypeStyle(12, 18)
SMALL_BOLD = TypeStyle(12, 18, bold=True)
AXIS = TypeStyle(11, 16)

FONT_FAMILIES = ("Microsoft YaHei UI", "Noto Sans CJK SC", "WenQuanYi Micro Hei")


class Space:
    """Distances on the grid of four."""

    INSIDE = 4
    BETWEEN = 8
    SECTION = 12
    PAGE = 16


class Size:
    """Fixed heights and widths."""

    TITLE_ROW = 48
    NAVIGATION_ROW = 36
    FILTER_ROW = 44
    ACTION_BAR = 44
    STATUS_BAR = 24
    FOOTER = 28
    TABLE_HEADER = 28
    ROW = 28
    ROW_INTAKE = 26
    ROW_MERGE = 32
    ROW_PLOT = 40
    CONTROL = 28
    SMALL_CONTROL = 24
    CHIP = 24
    FIELD_CHIP = 20
    ICON = 16
    SMALL_ICON = 14
    CLOSE_ICON = 12
    DOT = 8
    NAVIGATION = 152
    RECORD_PANEL = 336
    SIDE_LIST = 256
    LABEL = 72
    SEARCH = 264
    FILTER = 208
    POPUP_ROWS = 8
    RADIUS = 3
    LINE = 1
    EDGE = 3
    FOCUS = 2
    NARROW_WINDOW = 1180
    MINIMUM_WINDOW = (960, 600)
    WINDOW = (1366, 736)


@dataclass(slots=True)
class _Active:
    scheme: Scheme = Scheme.LIGHT
    family: str = ""
    is_safe: bool = False


_active = _Active()


def activate(scheme: Scheme) -> None:
    """Make ``scheme`` the one that :func:`colours` returns."""
    _active.scheme = scheme


def use_safe_colours(is_safe: bool) -> None:
    """Use colours that those who do not tell red from green tell apart too."""
    _active.is_safe = is_safe


def use_family(family: str) -> None:
    """Let the window write with a family of the user's choice; ``""`` for those of the program."""
    _active.family = family


def font_families() -> tuple[str, ...]:
    """Return the families in the order in which they are looked for."""
    return (_active.family, *FONT_FAMILIES) if _active.family else FONT_FAMILIES


def scheme() -> Scheme:
    """Return the scheme in use."""
    return _active.scheme


def colours(of: Scheme | None = None) -> Colours:
    """Return the colours of a scheme, by default of the one in use."""
    is_dark = (of or _active.scheme) is Scheme.DARK
    if _active.is_safe:
        return SAFE_DARK if is_dark else SAFE_LIGHT
    return DARK if is_dark else LIGHT
