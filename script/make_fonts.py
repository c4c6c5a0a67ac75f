"""Make the two fonts of ``resources/fonts`` from Noto Serif SC and Noto Sans SC (SIL Open Font License 1.1).

Run by hand when a source changes, never by the program, with the static regular faces that npm's
``@expo-google-fonts/noto-serif-sc`` and ``@expo-google-fonts/noto-sans-sc`` carry, and with Unicode's
``Unihan_OtherMappings.txt`` (as it is, or packed by bzip2), for the list of standard characters:

    python script/make_fonts.py Unihan_OtherMappings.txt.bz2 NotoSerifSC_400Regular.ttf NotoSansSC_400Regular.ttf

What is kept: the 8,105 characters of 通用规范汉字表, GB 2312, their traditional forms, every character of the
program's own texts and lists, Latin letters with marks, and the signs of documents. TrueType outlines, without
hints and without layout rules: what embeds in every PDF, and what matplotlib draws.
"""

import bz2
import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
TARGET = RESOURCES / "fonts"
RANGES = ((0x20, 0x250), (0x370, 0x400), (0x400, 0x460), (0x1E00, 0x1F00), (0x2000, 0x2070), (0x2070, 0x20D0))
SIGNS = ((0x2100, 0x2200), (0x2200, 0x2300), (0x2460, 0x2500), (0x25A0, 0x2600), (0x3000, 0x3040), (0xFF00, 0xFFF0))
KEPT_NAMES = (0, 1, 2, 3, 4, 5, 6, 13, 14)
DROPPED = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "DSIG", "vhea", "vmtx", "VORG")


def standard_characters(unihan: Path) -> set[str]:
    """Return the characters of 通用规范汉字表."""
    data = unihan.read_bytes()
    text = (bz2.decompress(data) if unihan.suffix == ".bz2" else data).decode("utf-8")
    parts = (line.split("\t") for line in text.splitlines() if "\tkTGH\t" in line)
    return {chr(int(part[0].removeprefix("U+"), 16)) for part in parts}


def gb2312() -> set[str]:
    """Return the characters of GB 2312."""
    pairs = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return {char for pair in pairs for char in pair.decode("gb2312", "ignore")}


def traditional(simplified: Iterable[str]) -> set[str]:
    """Return the traditional forms of characters."""
    wanted = set(simplified)
    with (RESOURCES / "t2s.csv").open(encoding="utf-8", newline="") as file:
        return {row["traditional"] for row in csv.DictReader(file) if row["simplified"] in wanted}


def own_characters() -> set[str]:
    """Return every character of the program's texts and lists."""
    files = [*RESOURCES.glob("locale/*/*.json"), *RESOURCES.glob("reference/*.csv"), RESOURCES / "gazetteer.csv"]
    return {char for file in files for char in file.read_text(encoding="utf-8")}


def make(source: Path, characters: set[str], target: Path) -> None:
    """Write the part of a font that has these characters."""
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=list(KEPT_NAMES))
    options.drop_tables += list(DROPPED)
    font = TTFont(source)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in characters])
    subsetter.subset(font)
    font.save(target)
    print(target.name, len(font.getGlyphOrder()), "glyphs", target.stat().st_size, "bytes")


def main() -> None:
    """Write both fonts."""
    unihan, serif, sans = map(Path, sys.argv[1:4])
    characters = standard_characters(unihan) | gb2312()
    characters |= traditional(characters) | own_characters()
    characters |= {chr(code) for first, end in (*RANGES, *SIGNS) for code in range(first, end)}
    TARGET.mkdir(exist_ok=True)
    make(serif, characters, TARGET / "NotoSerifSC-Regular.ttf")
    make(sans, characters, TARGET / "NotoSansSC-Regular.ttf")


if __name__ == "__main__":
    main()
