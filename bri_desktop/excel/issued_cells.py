"""What stands in the cells of an issued workbook for a record's plain values, and the lists that its words come from.

The same function makes a cell when a workbook is issued and tells, when it comes back, whether the cell was touched:
a cell that holds what :func:`project_cells` gives for the values sent was left alone, whatever it says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from bri_desktop.domain.money import CURRENCIES, HOME_CURRENCY
from bri_desktop.excel.issued_layout import (
    COUNTRY,
    CURRENCY,
    LONG_TEXTS,
    PROJECT,
    Column,
    outcome_key,
    sheet_title,
)
from bri_desktop.excel.sheet_text import MAX_CELL, clean, number_text, shortened, units
from bri_desktop.i18n import language, tr

BETWEEN = "；"
DOMESTIC_PLACES, FOREIGN_PLACES, PARENTS = "place.domestic", "place.foreign", "parent"

Cell = str | Decimal | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of a list: its code, how it is written, and the code above it (mode of a sub-mode, country of a place)."""

    code: str
    label: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Every list of a workbook by name: code -> entry. Names are those of the code lists, and ``currency``,
    ``country`` (ISO code), ``place.domestic``, ``place.foreign`` (place key) and ``parent`` (project key)."""

    lists: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)

    def label(self, name: str, code: str) -> str:
        """Return how a code is written, the code itself where the list does not have it."""
        entry = self.lists.get(name, {}).get(code)
        return entry.label if entry else code

    def parent(self, name: str, code: str) -> str | None:
        """Return the code above ``code``."""
        entry = self.lists.get(name, {}).get(code)
        return entry.parent if entry else None


def currency_entries() -> dict[str, Entry]:
    """Return the currencies as they are written in the chosen language."""
    chinese = language() == "zh_CN"
    names = {code: "人民币" if code == HOME_CURRENCY else words[0] for code, words in CURRENCIES.items()}
    return {code: Entry(code, names[code] if chinese else code) for code in CURRENCIES}


def project_cells(columns: Sequence[Column], key: str, values: Mapping[str, Any], words: Words) -> list[Cell]:
    """Return the cells of a project, one a column; ``values`` is field -> plain value."""
    return [_cell(column, key, values, words) for column in columns]


def outcome_rows(
    columns: Sequence[Column], key: str, values: Mapping[str, Any], words: Words
) -> Iterator[tuple[str, Mapping[str, Any], list[Cell]]]:
    """Give (key, plain values, cells) of each outcome among a project's values."""
    for position, outcome in enumerate(values.get("outcomes") or ()):
        own = outcome_key(key, position)
        named = {PROJECT: values.get("code") or key, "title": values.get("title"), **outcome}
        yield own, outcome, [_cell(column, own, named, words) for column in columns]


def long_texts(columns: Sequence[Column], key: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give (key, header, text) of each text that is too long for a cell."""
    for column in columns:
        text = values.get(column.field)
        if isinstance(text, str) and _is_long(text):
            yield key, column.header, clean(text)


def same_cell(written: Cell, found: object) -> bool:
    """Tell whether a cell as it was read holds what was written into it: numbers by value, texts character by
    character but for line ends and blanks at both ends; an empty text is an empty cell."""
    if isinstance(written, Decimal):
        return _decimal(found) == written
    if isinstance(found, (int, float, Decimal)) and not isinstance(found, bool) and written:
        return _decimal(written) == _decimal(found)
    before = clean(written or "").strip()
    return before == clean("" if found is None else str(found)).strip()


def _cell(column: Column, key: str, values: Mapping[str, Any], words: Words) -> Cell:
    value = values.get(column.part_of or column.field)
    if column.kind == "key":
        return key
    if value is None or value == [] or value == "":
        return None
    match column.kind:
        case "money":
            return _number(value["amount"])
        case "number":
            return _number(value)
        case _ if column.field == CURRENCY:
            return words.label(CURRENCY, value["currency"])
        case _ if column.field == COUNTRY:
            return _countries(value, words)
        case _:
            return _fitted(_text(column, value, words)) or None


def _text(column: Column, value: Any, words: Words) -> str:
    match column.kind:
        case "code":
            return words.label(column.list or "", value)
        case "codes":
            return BETWEEN.join(words.label(column.list or "", code) for code in value)
        case "places":
            name = DOMESTIC_PLACES if column.field == "domestic_places" else FOREIGN_PLACES
            return BETWEEN.join(words.label(name, place) for place in value if not place.startswith("co:"))
        case "organisations" | "texts":
            return BETWEEN.join(value)
        case "project":
            return words.label(PARENTS, value)
    return str(value)


def _countries(places: Sequence[str], words: Words) -> str | None:
    codes = (words.parent(FOREIGN_PLACES, place) for place in places)
    return BETWEEN.join(dict.fromkeys(words.label(COUNTRY, code) for code in codes if code)) or None


def _number(text: str) -> Cell:
    """Return a number that a cell keeps whole as a decimal, any other as text."""
    number = Decimal(text)
    return number if number_text(number) is not None else text


def _is_long(text: str) -> bool:
    return len(text) * 2 > MAX_CELL and units(clean(text)) > MAX_CELL


def _fitted(text: str) -> str:
    if not _is_long(text):
        return clean(text)
    note = tr("… (whole text in the sheet “{sheet}”)", sheet=sheet_title(LONG_TEXTS))
    return shortened(clean(text), MAX_CELL - units(note)) + note


def _decimal(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return Decimal(repr(value) if isinstance(value, float) else str(value).strip())
    except InvalidOperation:
        return None


# -- the sheet of lists ----------------------------------------------------------------------------------------


def list_lines(words: Words) -> Iterator[tuple[str, str, str, str]]:
    """Give the lines of the hidden sheet of lists: name of the list, code, how it is written, code above."""
    for name, entries in words.lists.items():
        for entry in entries.values():
            yield name, entry.code, clean(entry.label), entry.parent or ""


def parse_lists(lines: Iterable[Sequence[object]]) -> Words:
    """Return the words that a sheet of lists holds; lines that are none are left out."""
    lists: dict[str, dict[str, Entry]] = {}
    for line in lines:
        name, code, label, parent = [*("" if cell is None else str(cell) for cell in line[:4]), "", "", "", ""][:4]
        if name and code:
            lists.setdefault(name, {})[code] = Entry(code, label, parent or None)
    return Words(lists)
