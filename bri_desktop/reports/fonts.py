"""The fonts that the program's own PDF embeds: those of the office where the machine has them, else the shipped ones.

Only TrueType outlines can be embedded; the shipped files are such. A character that no font has is printed as 〓, the
sign that printers set for it, so that nothing is left out unseen.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from bri_desktop import paths
from bri_desktop.domain.errors import UserError, Where
from bri_desktop.reports.paper import Role

SERIF, SANS = "NotoSerifSC", "NotoSansSC"
SHIPPED = {SERIF: "NotoSerifSC-Regular.ttf", SANS: "NotoSansSC-Regular.ttf"}
STAND_INS: dict[Role, str] = {"title": SERIF, "heading": SANS, "kai": SERIF, "body": SERIF, "sans": SANS}
OFFICE_FILES: dict[Role, tuple[str, ...]] = {
    "title": ("FZXBSJW.TTF", "FZXBSJW--GB1-0.TTF", "FZXiaoBiaoSong-B05S.ttf", "方正小标宋简体.ttf"),
    "heading": ("simhei.ttf",),
    "kai": ("simkai.ttf", "楷体_GB2312.ttf"),
    "body": ("simfang.ttf", "仿宋_GB2312.ttf"),
}
"""File names under which an office's fonts are installed; case does not matter."""
ABSENT_CHARACTER = "〓"
NORMAL_SPACES = {"\u00a0": " ", "\u202f": " ", "\t": " "}


@dataclass(frozen=True, slots=True)
class Face:
    """A registered font. ``is_own`` says that it is the office's; a stand-in's title is made bolder."""

    name: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that one font has."""

    font: str
    text: str


@cache
def face_of(role: Role) -> Face:
    """Return the face of a role; raise ``UserError`` font_missing where the shipped file is gone."""
    _register_shipped()
    name = f"Office-{role}"
    if any(_register(name, file) for file in _office_files(role)):
        return Face(name, is_own=True)
    return Face(STAND_INS[role], is_own=False)


def pieces_of(role: Role, text: str) -> list[Piece]:
    """Return a text in parts that one font each can print."""
    first = face_of(role).name
    if _covered(first).issuperset(map(ord, text)) and "\u00a0" not in text:
        return [Piece(first, text)] if text else []
    chosen = [first, STAND_INS[role], SANS, SERIF]
    covers = [_covered(name) for name in chosen]
    found: list[Piece] = []
    for raw in text:
        char = NORMAL_SPACES.get(raw, raw)
        font = next((name for name, cover in zip(chosen, covers, strict=True) if ord(char) in cover), None)
        if font is None:
            font, char = STAND_INS[role], ABSENT_CHARACTER
        if found and found[-1].font == font:
            found[-1] = Piece(font, found[-1].text + char)
        else:
            found.append(Piece(font, char))
    return found


def width_of(role: Role, text: str) -> float:
    """Return the width of a text at the size of one point."""
    return sum(_advance(role, char) for char in text)


@cache
def _advance(role: Role, char: str) -> float:
    piece = pieces_of(role, char)[0]
    return float(pdfmetrics.stringWidth(piece.text, piece.font, 1000)) / 1000


@cache
def _register_shipped() -> None:
    for name, shipped in SHIPPED.items():
        if not _register(name, paths.resources() / "fonts" / shipped):
            raise UserError("font_missing", where=Where(file=shipped))


def _register(name: str, file: Path) -> bool:
    """Make a font known to the PDF library; tell whether it can be embedded."""
    try:
        pdfmetrics.registerFont(TTFont(name, str(file)))
    except (TTFError, OSError):
        return False
    return True


@cache
def _covered(name: str) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(name).face.charToGlyph)


def font_folders() -> Iterator[Path]:
    """Return the folders in which this system keeps fonts."""
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
        yield Path(os.environ.get("LOCALAPPDATA", str(home))) / "Microsoft/Windows/Fonts"
    else:
        yield from (
            home / ".fonts",
            home / ".local/share/fonts",
            Path("/usr/local/share/fonts"),
            Path("/usr/share/fonts"),
        )


def _office_files(role: Role) -> Iterator[Path]:
    """Return the files of an office's font that are there."""
    wanted = {name.lower() for name in OFFICE_FILES.get(role, ())}
    if wanted:
        yield from (path for path in _font_files() if path.name.lower() in wanted)


@cache
def _font_files() -> tuple[Path, ...]:
    return tuple(
        Path(root, name)
        for folder in font_folders()
        for root, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith(".ttf")
    )
