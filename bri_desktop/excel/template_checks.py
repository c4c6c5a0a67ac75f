"""Drop-downs and checks of an issued workbook, and the hidden sheet whose words they offer.

No formula holds a word of a user: the words stand in cells of the hidden sheet, formulas name ranges only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bri_desktop.excel.issued_cells import DOMESTIC_PLACES, FOREIGN_PLACES, Words, list_lines
from bri_desktop.excel.issued_layout import COUNTRY, CURRENCY, LISTS_SHEET, Column
from bri_desktop.excel.sheet_text import shortened
from bri_desktop.excel.template_text import write_text
from bri_desktop.i18n import tr

MODE_LIST, SUBMODE_LIST = "mode", "submode"
_WORDS_COLUMN, _MODE_COLUMN = "C", 5
_TITLE_LENGTH, _MESSAGE_LENGTH = 32, 255


@dataclass(slots=True)
class Lists:
    """Where the words of each list stand on the hidden sheet: list -> (first row, last row) from 1."""

    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    has_modes: bool = False

    def source(self, name: str) -> str | None:
        """Return the range of a list as a formula, ``None`` for a list without words."""
        if name not in self.ranges:
            return None
        first, last = self.ranges[name]
        return f"={LISTS_SHEET}!${_WORDS_COLUMN}${first}:${_WORDS_COLUMN}${last}"


def write_lists(book: Any, sheet: Any, words: Words) -> Lists:
    """Write every list, and the table that leads from a mode to its sub-modes; the first row stays empty."""
    made = Lists()
    index = _mode_index(words)
    row = 1
    for line in _sorted_lines(words):
        first, _ = made.ranges.get(line[0], (row + 1, 0))
        made.ranges[line[0]] = (first, row + 1)
        for place, text in enumerate(line):
            write_text(sheet, row, place, text)
        if row - 1 < len(index):
            label, offset, count = index[row - 1]
            write_text(sheet, row, _MODE_COLUMN, label)
            sheet.write_number(row, _MODE_COLUMN + 1, offset)
            sheet.write_number(row, _MODE_COLUMN + 2, count)
        row += 1
    if SUBMODE_LIST in made.ranges and index:
        made.has_modes = True
        _name_modes(book, made, len(index))
    return made


def _sorted_lines(words: Words) -> list[tuple[str, str, str, str]]:
    """Return the lines of the lists, sub-modes in the order of their modes so that each has one range."""
    lines = list(list_lines(words))
    modes = list(words.lists.get(MODE_LIST, {}))
    first = {line[0]: place for place, line in reversed(list(enumerate(lines)))}

    def place(line: tuple[str, str, str, str]) -> tuple[int, int]:
        by_mode = modes.index(line[3]) if line[0] == SUBMODE_LIST and line[3] in modes else len(modes)
        return first[line[0]], by_mode if line[0] == SUBMODE_LIST else 0

    return sorted(lines, key=place)


def _mode_index(words: Words) -> list[tuple[str, int, int]]:
    """Return (label, first place from 1 within the sub-modes, how many) of each mode; a mode without has place 0."""
    found: list[tuple[str, int, int]] = []
    start = 1
    submodes = words.lists.get(SUBMODE_LIST, {}).values()
    for mode in words.lists.get(MODE_LIST, {}).values():
        count = sum(entry.parent == mode.code for entry in submodes)
        found.append((mode.label, start if count else 0, max(count, 1)))
        start += count
    return found


def _name_modes(book: Any, lists: Lists, modes: int) -> None:
    first = lists.ranges[SUBMODE_LIST][0]
    for name, column in (("bri_modes", "F"), ("bri_first", "G"), ("bri_count", "H")):
        book.define_name(name, f"={LISTS_SHEET}!${column}$2:${column}${modes + 1}")
    book.define_name("bri_submodes", lists.source(SUBMODE_LIST))
    # A mode without sub-modes has place 0 and is led to the empty cell I1.
    book.define_name("bri_above", f"={LISTS_SHEET}!${_WORDS_COLUMN}${first - 1}")
    book.define_name("bri_none", f"={LISTS_SHEET}!$I$1")


def check_of(column: Column, first_row: int, lists: Lists, by_field: Mapping[str, Column]) -> dict[str, Any] | None:
    """Return the validation of a column as XlsxWriter takes it; ``None`` where anything may stand."""
    if column.kind == "date":
        return _date_check(f"{column.letter}{first_row}")
    if column.kind in ("money", "number"):
        return _number_check(column)
    if column.field == SUBMODE_LIST and lists.has_modes and MODE_LIST in by_field:
        return _listed(_submode_source(f"${by_field[MODE_LIST].letter}{first_row}"), "stop")
    name = {"domestic_places": DOMESTIC_PLACES, "foreign_places": FOREIGN_PLACES}.get(column.field, column.list or "")
    source = lists.source(name)
    if source is None:
        return None
    match column.kind:
        case "code":
            return _listed(source, "stop")
        case "codes":
            return _listed(source, None) | _hint(
                tr("Several values"), tr("Choose from the list; several are parted by a semicolon.")
            )
        case "places":
            return _listed(source, "warning", tr("This place is not in the ledger yet. Is it written right?"))
        case _ if column.field in (COUNTRY, CURRENCY):
            return _listed(source, "warning", tr("This is not in the list. Is it written right?"))
    return None


def _listed(source: str, error: str | None, message: str = "") -> dict[str, Any]:
    check: dict[str, Any] = {"validate": "list", "source": source, "ignore_blank": True}
    if error is None:
        return check | {"show_error": False}
    return check | _error(
        error, message or tr("Please choose from the list; what is missing there goes into the note.")
    )


def _submode_source(mode: str) -> str:
    """Return the formula that offers the sub-modes of the mode in the same row, all of them where it has none yet."""
    place, count = f"INDEX(bri_first,MATCH({mode},bri_modes,0))", f"INDEX(bri_count,MATCH({mode},bri_modes,0))"
    own = f"IF({place}=0,bri_none,OFFSET(bri_above,{place},0,{count},1))"
    return f"=IF(ISNA(MATCH({mode},bri_modes,0)),bri_submodes,{own})"


def _date_check(cell: str) -> dict[str, Any]:
    year = f"VALUE(LEFT({cell},4))"
    formula = f"=OR(ISNUMBER({cell}),IFERROR(AND({year}>=1900,{year}<=2100),FALSE))"
    how = tr("Write a date such as 2017-05-17, 2017-05 or 2017.")
    check = {"validate": "custom", "value": formula, "ignore_blank": True}
    return check | _error("warning", how) | _hint(tr("Date"), how)


def _number_check(column: Column) -> dict[str, Any]:
    money = column.kind == "money"
    how = tr("A number in 元, such as 18000000; or with its unit: 1800万元.") if money else tr("Write a number alone.")
    title = tr("Amount") if money else tr("Quantity")
    check = {"validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True}
    return check | _error("warning", how) | _hint(title, how)


def _error(kind: str, message: str) -> dict[str, Any]:
    title = tr("Please check")
    return {
        "error_type": kind,
        "error_title": shortened(title, _TITLE_LENGTH),
        "error_message": shortened(message, _MESSAGE_LENGTH),
    }


def _hint(title: str, message: str) -> dict[str, Any]:
    return {
        "input_title": shortened(title, _TITLE_LENGTH),
        "input_message": shortened(message, _MESSAGE_LENGTH),
    }
