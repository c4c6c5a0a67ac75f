"""Make the shipped tables of simplified characters and of readings from public dictionaries.

Run by hand when a dictionary changes, never by the program:

    python -m pip install opencc pypinyin
    python script/make_characters.py

Writes ``resources/t2s.csv`` and ``resources/pinyin.csv``. They come from OpenCC (Apache 2.0) and pypinyin (MIT).
"""

import csv
import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pypinyin.pinyin_dict import pinyin_dict

ROOT = Path(__file__).resolve().parents[1]
RESOURCES = ROOT / "resources"
sys.path.insert(0, str(ROOT))

JAPANESE_EXTRA = {"渋": "涩", "澁": "涩", "栃": "枥", "戸": "户", "鉄": "铁", "嶋": "岛", "﨑": "崎"}
"""Japanese forms that the dictionary leaves alone."""


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, header: list[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a CSV file with a header; the old one stays until the new one is whole."""
    made = path.with_suffix(".new")
    with made.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    made.replace(path)


@cache
def converter(name: str) -> Any:
    """Return OpenCC's converter of that name; each takes long to load."""
    import opencc

    return opencc.OpenCC(name)


def simplified_characters() -> dict[str, str]:
    """Return character -> simplified character, of traditional, Hong Kong, Taiwan and Japanese forms.

    A Japanese form that is a Chinese character of its own (欠, 予, 芸) stays as it is.
    """
    steps = [converter(name) for name in ("t2s", "hk2s", "tw2s")]
    japanese = converter("jp2t")
    table = dict(JAPANESE_EXTRA)
    for char in map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))):
        simple = next((step.convert(char) for step in steps if step.convert(char) != char), char)
        if simple == char and not _in_gb2312(char):
            simple = steps[0].convert(japanese.convert(char))
        if simple != char and len(simple) == 1:
            table.setdefault(char, simple)
    return {char: _end_of_chain(table, char) for char in table if _end_of_chain(table, char) != char}


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _end_of_chain(table: dict[str, str], char: str) -> str:
    seen = {char}
    while table.get(char, char) not in seen:
        char = table[char]
        seen.add(char)
    return char


def usual_readings() -> dict[str, str]:
    """Return syllable without tone -> the characters that are usually read so."""
    from bri_desktop.domain.folding import fold  # reads the first table, which is written before

    readings: dict[str, list[str]] = {}
    for code in sorted(pinyin_dict):
        char, syllable = chr(code), _toneless(pinyin_dict[code].split(",")[0])
        if 0x3000 < code < 0xA000 and re.fullmatch("[a-z]+", syllable) and fold(char) == char:
            readings.setdefault(syllable, []).append(char)
    return {syllable: "".join(chars) for syllable, chars in sorted(readings.items())}


def _toneless(syllable: str) -> str:
    plain = unicodedata.normalize("NFD", syllable.replace("ü", "v")).replace("u\u0308", "v")
    return re.sub("[\u0300-\u036f]", "", plain)


if __name__ == "__main__":
    write(RESOURCES / "t2s.csv", ["traditional", "simplified"], sorted(simplified_characters().items()))
    write(RESOURCES / "pinyin.csv", ["syllable", "characters"], usual_readings().items())
