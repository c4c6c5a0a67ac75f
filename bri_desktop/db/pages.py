"""The pages of an SQLite file read one by one, for files whose tree of pages no longer holds together.

SQLite reads a table from its first page downwards: with that page, or the first one of the file, all rows are out of
its reach though they are still there. The format is the one of https://www.sqlite.org/fileformat2.html; what does not
fit it is left out, never raised.
"""

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

MAGIC = b"SQLite format 3\0"
USUAL_SIZE = 4096
"""Bytes of a page where the first page cannot tell."""
FILE_HEADER = 100
TABLE_NODE, TABLE_LEAF, INDEX_NODE, INDEX_LEAF = 5, 13, 2, 10
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_BROKEN = (IndexError, ValueError, struct.error)

Value = None | int | float | str | bytes


@dataclass(frozen=True, slots=True)
class Record:
    """The values stored for a row, fewer than there are columns where the last ones were added later.

    ``row`` is the number of the row, ``None`` in an index and in a table without numbers.
    """

    row: int | None
    values: tuple[Value, ...]


class PageFile:
    """The pages of a file and of the log beside it, by number from 1; to be used in a ``with``."""

    def __init__(self, path: Path) -> None:
        self._handle = path.open("rb")
        length = path.stat().st_size
        self._data = mmap.mmap(self._handle.fileno(), 0, access=mmap.ACCESS_READ) if length else b""
        head = bytes(self._data[:FILE_HEADER])
        self.size, self._usable = _sizes(head)
        self._logged = _logged_pages(path.with_name(path.name + "-wal"), self.size)
        self.count = max(length // self.size, *self._logged, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(self._data, mmap.mmap):
            self._data.close()
        self._handle.close()

    def kind(self, number: int) -> int:
        """Return which of the four kinds a page says it is, 0 for any other page."""
        page = self._page(number)
        kind = page[_start(number)] if page else 0
        return kind if kind in (TABLE_NODE, TABLE_LEAF, INDEX_NODE, INDEX_LEAF) else 0

    def children(self, number: int) -> list[int]:
        """Return the pages that a node points at, those that do not exist included."""
        page = self._page(number)
        found = [struct.unpack_from(">I", page, cell)[0] for cell in self._cells(number) if cell + 4 <= len(page)]
        return [*found, struct.unpack_from(">I", page, _start(number) + 8)[0]]

    def records(self, number: int) -> Iterator[Record]:
        """Yield the records of a leaf, or those between the children of a node of an index."""
        page, kind = self._page(number), self.kind(number)
        if kind in (0, TABLE_NODE):
            return
        for cell in self._cells(number):
            try:
                yield self._record(page, cell + 4 if kind == INDEX_NODE else cell, kind)
            except _BROKEN:
                continue

    def _page(self, number: int) -> bytes:
        """Return the bytes of a page, none where the file ends before its end."""
        if number in self._logged:
            return self._logged[number]
        page = bytes(self._data[(number - 1) * self.size : number * self.size]) if number > 0 else b""
        return page if len(page) == self.size else b""

    def _cells(self, number: int) -> list[int]:
        page, start = self._page(number), _start(number)
        (count,) = struct.unpack_from(">H", page, start + 3)
        first = start + (12 if self.kind(number) in (TABLE_NODE, INDEX_NODE) else 8)
        count = min(count, (len(page) - first) // 2)
        return [cell for cell in struct.unpack_from(f">{count}H", page, first) if first < cell < len(page)]

    def _record(self, page: bytes, at: int, kind: int) -> Record:
        length, at = _varint(page, at)
        row = None
        if kind == TABLE_LEAF:
            row, at = _varint(page, at)
            row -= (row >> 63) << 64
        local = self._local(length, kind)
        payload = page[at : at + local]
        if local < length:
            (further,) = struct.unpack_from(">I", page, at + local)
            payload += self._overflow(further, length - local)
        if len(payload) != length:
            raise ValueError("the record goes on where there is nothing")
        return Record(row, tuple(_values(payload)))

    def _local(self, length: int, kind: int) -> int:
        """Return how many bytes of a record lie in its page; the others follow in pages of their own."""
        least = (self._usable - 12) * 32 // 255 - 23
        most = self._usable - 35 if kind == TABLE_LEAF else (self._usable - 12) * 64 // 255 - 23
        if length <= most:
            return length
        wanted = least + (length - least) % (self._usable - 4)
        return wanted if wanted <= most else least

    def _overflow(self, number: int, length: int) -> bytes:
        parts: list[bytes] = []
        passed = set()
        while length > 0 and number and number not in passed:
            passed.add(number)
            page = self._page(number)
            (number,) = struct.unpack_from(">I", page)
            parts.append(page[4 : 4 + min(length, self._usable - 4)])
            length -= len(parts[-1])
        return b"".join(parts)


def _start(number: int) -> int:
    return FILE_HEADER if number == 1 else 0


def _sizes(head: bytes) -> tuple[int, int]:
    """Return the bytes of a page, and how many of them are used."""
    if head.startswith(MAGIC) and len(head) == FILE_HEADER:
        (size,) = struct.unpack_from(">H", head, 16)
        size = 65536 if size == 1 else size
        if size >= 512 and size & (size - 1) == 0 and size - head[20] >= 480:
            return size, size - head[20]
    return USUAL_SIZE, USUAL_SIZE


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for count in range(8):
        byte = data[at + count]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    return value << 8 | data[at + 8], at + 9


def _values(payload: bytes) -> Iterator[Value]:
    end, at = _varint(payload, 0)
    start = end
    while at < end:
        kind, at = _varint(payload, at)
        length = _length(kind)
        data = payload[start : start + length]
        if len(data) != length:
            raise ValueError("a value goes on behind its record")
        yield _value(kind, data)
        start += length


def _length(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    if kind in (10, 11):
        raise ValueError("a kind of value that is not in use")
    return 8 if kind == 7 else _INTEGERS.get(kind, 0)


def _value(kind: int, data: bytes) -> Value:
    if kind >= 12:
        return data.decode("utf-8", "surrogateescape") if kind % 2 else data
    if kind == 7:
        return float(struct.unpack(">d", data)[0])
    return int.from_bytes(data, "big", signed=True) if kind in _INTEGERS else {0: None, 8: 0, 9: 1}[kind]


# -- the log beside the file ---------------------------------------------------------------------------------------


def _logged_pages(path: Path, size: int) -> dict[int, bytes]:
    """Return the pages of the last whole writes in the log that were not yet taken over into the file."""
    data = path.read_bytes() if path.exists() else b""
    if len(data) < _WAL_HEADER:
        return {}
    magic, _version, logged_size = struct.unpack_from(">III", data)
    if magic not in _WAL_MAGIC or logged_size != size:
        return {}
    order = ">" if magic & 1 else "<"
    salts, state = data[16:24], _checked(data[:24], (0, 0), order)
    done: dict[int, bytes] = {}
    written: dict[int, bytes] = {}
    for at in range(_WAL_HEADER, len(data) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        number, committed = struct.unpack_from(">II", data, at)
        page = data[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
        state = _checked(page, _checked(data[at : at + 8], state, order), order)
        if data[at + 8 : at + 16] != salts or struct.unpack_from(">II", data, at + 16) != state:
            break
        written[number] = page
        if committed:
            done.update(written)
            written.clear()
    return done


def _checked(data: bytes, state: tuple[int, int], order: str) -> tuple[int, int]:
    """Return the checksum of the log, gone on with over ``data``."""
    first, second = state
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for one, two in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return first, second
