"""A pass over the XML of an OpenDocument sheet, for what the fast reader leaves out, and its first rows a second time.

Left out are hidden rows and columns, merged cells, formulas that were never calculated. The first rows are read from
the values that the file keeps beside the texts. A large file is only gone through where it bears such marks: most
have none.
"""

import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from bri_desktop.domain.errors import InputError
from bri_desktop.excel.grid import NOT_CALCULATED
from bri_desktop.excel.parts import MAX_FOUND, MAX_LISTED, MAX_MERGED, SheetScan
from bri_desktop.excel.spool import MAX_COLUMNS

SAMPLE_ROWS = 100
SMALL = 8 * 2**20
_MARKS = (b"visibility=", b"table:formula=", b"-spanned=")
NOT_COMPARED = ("?", "")
"""Stands in a sample for a cell on which the second reader has no opinion."""
_STARTS = (b"<table:table ", b"<table:table>")
_END = b"</table:table>"
_HIDING = frozenset({"collapse", "filter"})
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_BLOCK = 1024 * 1024


@dataclass(slots=True)
class OdsSheet:
    """What one sheet says: ``scan``, and its first rows by number."""

    scan: SheetScan = field(default_factory=SheetScan)
    sample: dict[int, list[Any]] = field(default_factory=dict)


def scan_book(archive: zipfile.ZipFile) -> dict[str, OdsSheet]:
    """Return sheet name -> what stands in it; nothing for a large file without marks, or one that is no XML.

    Raises :class:`InputError` ``file_damaged`` where a sheet is never closed: the fast reader then waits for ever.
    """
    is_marked, is_open = _looked_over(archive)
    if is_open:
        raise InputError("file_damaged")
    if archive.getinfo("content.xml").file_size > SMALL and not is_marked:
        return {}
    reader = _Reader()
    try:
        with archive.open("content.xml") as stream:
            reader.parser.ParseFile(stream)
    except (expat.ExpatError, ValueError):
        return {}
    return reader.sheets


def _looked_over(archive: zipfile.ZipFile) -> tuple[bool, bool]:
    """Tell whether something stands in the file that the fast reader leaves out, and whether it ends within a sheet."""
    is_marked = is_open = False
    rest = b""
    with archive.open("content.xml") as stream:
        while block := stream.read(_BLOCK):
            block = rest + block
            is_marked = is_marked or any(mark in block for mark in _MARKS)
            start, end = max(block.rfind(mark) for mark in _STARTS), block.rfind(_END)
            if start >= 0 or end >= 0:
                is_open = start > end
            rest = block[-64:]
    return is_marked, is_open


class _Reader:
    """Follows the elements of a document; inside a comment on a cell nothing is read."""

    def __init__(self) -> None:
        self.sheets: dict[str, OdsSheet] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._sheet = OdsSheet()
        self._row = self._column = self._repeat = self._row_repeat = 0
        self._row_hidden = self._row_filled = False
        self._cells: list[Any] = []
        self._attributes: dict[str, str] = {}
        self._texts: list[str] | None = None
        self._notes = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._notes or name == "office:annotation":
            self._notes += name == "office:annotation"
        elif name == "table:table":
            self._sheet = self.sheets.setdefault(attributes.get("table:name", ""), OdsSheet())
            self._row = self._column = 0
        elif name == "table:table-column":
            self._add_columns(attributes)
        elif name == "table:table-row":
            self._row_repeat = _number(attributes, "table:number-rows-repeated")
            self._row_hidden = attributes.get("table:visibility") in _HIDING
            self._sheet.scan.filtered |= attributes.get("table:visibility") == "filter"
            self._row_filled, self._cells, self._column = False, [], 0
        elif name in _CELLS:
            self._attributes, self._texts = attributes, None
            self._repeat = _number(attributes, "table:number-columns-repeated")
        else:
            self._start_text(name, attributes)

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        if name == "text:p":
            self._texts = [] if self._texts is None else [*self._texts, "\n"]
        elif self._texts is not None and name == "text:s":
            self._texts.append(" " * min(_number(attributes, "text:c"), 1000))
        elif self._texts is not None and name in ("text:tab", "text:line-break"):
            self._texts.append("\t" if name == "text:tab" else "\n")

    def _characters(self, text: str) -> None:
        if self._texts is not None and not self._notes:
            self._texts.append(text)

    def _end(self, name: str) -> None:
        if self._notes:
            self._notes -= name == "office:annotation"
        elif name in _CELLS:
            self._end_cell()
        elif name == "table:table-row":
            if self._row_hidden and self._row_filled:
                self._sheet.scan.hidden_rows += self._row_repeat
            for number in range(self._row + 1, min(self._row + self._row_repeat, SAMPLE_ROWS) + 1):
                self._sheet.sample[number] = list(self._cells)
            self._row += self._row_repeat

    def _end_cell(self) -> None:
        value = _value(self._attributes, self._texts)
        if value is None and "table:formula" in self._attributes and "office:value-type" not in self._attributes:
            self._note_formula()
        self._row_filled |= value is not None
        self._note_merge()
        if value is not None or self._column + self._repeat <= MAX_COLUMNS:
            self._cells += [value] * min(self._repeat, MAX_COLUMNS)
        self._column += self._repeat
        self._texts = None

    def _note_merge(self) -> None:
        rows, columns = (_number(self._attributes, f"table:number-{what}-spanned") for what in ("rows", "columns"))
        if rows * columns == 1:
            return
        if len(self._sheet.scan.merged) >= MAX_MERGED:
            self._sheet.scan.merged_clipped += 1
        else:
            top, left = self._row + 1, self._column + 1
            self._sheet.scan.merged.append((top, left, top + rows - 1, left + columns - 1))

    def _note_formula(self) -> None:
        scan = self._sheet.scan
        self._row_filled = True
        if scan.found >= MAX_FOUND:
            scan.errors_clipped += 1
            return
        scan.found += 1
        scan.errors.setdefault(self._row + 1, {})[self._column + 1] = NOT_CALCULATED

    def _add_columns(self, attributes: dict[str, str]) -> None:
        count = _number(attributes, "table:number-columns-repeated")
        if attributes.get("table:visibility") in _HIDING:
            self._sheet.scan.hidden_columns += range(self._column + 1, self._column + min(count, MAX_LISTED) + 1)
        self._column += count


def _number(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _value(attributes: dict[str, str], texts: list[str] | None) -> Any:
    """Return a cell by the value kept beside its text; a time, which each reader shows its own way, is not compared."""
    kind = attributes.get("office:value-type")
    if kind in ("float", "percentage", "currency") and "office:value" in attributes:
        return float(attributes["office:value"])
    if kind == "boolean":
        return attributes.get("office:boolean-value") == "true"
    if kind == "date" and (moment := attributes.get("office:date-value")):
        return datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
    if kind == "time":
        return NOT_COMPARED
    text = attributes.get("office:string-value") or "".join(texts or ())
    return text or None
