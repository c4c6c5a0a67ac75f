"""The rows of a file so far, kept small: a million of them fit into the memory of an office machine.

Which project an earlier row names is told by its code and its fingerprint, each a number here. What likeness compares
is asked for few of the rows; it lies packed, a thousand rows together.
"""

import json
import zlib
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import ProjectDraft

Spot = tuple[str, int]
"""A row of the file: its sheet and its number."""
NOWHERE: Spot = ("", 0)
PACKED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Known:
    """A record (``id``) or an earlier row (``spot``) that a row is compared with; ``start`` is its date, if any."""

    id: int
    start: str | None
    content: int = 0
    spot: Spot = NOWHERE


class Spots:
    """Rows by a number from 0, in the order they come."""

    def __init__(self) -> None:
        self._sheets: list[str] = []
        self._firsts = array("q")
        self._rows = array("q")
        self._is_rising = True

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, spot: Spot) -> int:
        """Take a row and return its number."""
        sheet, row = spot
        if not self._sheets or self._sheets[-1] != sheet:
            self._sheets.append(sheet)
            self._firsts.append(len(self._rows))
        elif row <= self._rows[-1]:
            self._is_rising = False
        self._rows.append(row)
        return len(self._rows) - 1

    def __getitem__(self, number: int) -> Spot:
        place = bisect_left(self._firsts, number + 1) - 1
        return self._sheets[place], self._rows[number]

    def number(self, spot: Spot) -> int | None:
        """Return the number of a row, the last one where it came several times; ``None`` for another row."""
        sheet, row = spot
        for place in reversed(range(len(self._sheets))):
            if self._sheets[place] != sheet:
                continue
            first = self._firsts[place]
            end = self._firsts[place + 1] if place + 1 < len(self._firsts) else len(self._rows)
            if self._is_rising:
                at = bisect_left(self._rows, row, first, end)
                if at < end and self._rows[at] == row:
                    return at
            else:
                for at in reversed(range(first, end)):
                    if self._rows[at] == row:
                        return at
        return None


class SeenRows:
    """The rows of a file so far, by code and by fingerprint."""

    def __init__(self) -> None:
        self._spots = Spots()
        self._contents = array("q")
        self._starts: list[str | None] = []
        self._known_starts: dict[str, str] = {}
        self._by_code: dict[str, int] = {}
        self._by_print: dict[int, int | list[int]] = {}

    def remember(self, known: Known, code: str | None, print_: int) -> None:
        """Keep a row with its code, if any, and its fingerprint."""
        number = self._spots.add(known.spot)
        self._contents.append(known.content)
        start = known.start
        self._starts.append(None if start is None else self._known_starts.setdefault(start, start))
        if code:
            self._by_code.setdefault(code, number)
        others = self._by_print.setdefault(print_, number)
        if isinstance(others, list):
            others.append(number)
        elif others != number:
            self._by_print[print_] = [others, number]

    def of_code(self, code: str | None) -> Known | None:
        """Return the first row of a code."""
        number = self._by_code.get(code) if code else None
        return None if number is None else self._known(number)

    def of_print(self, print_: int) -> list[Known]:
        """Return the rows of a fingerprint, in their order."""
        found = self._by_print.get(print_)
        if found is None:
            return []
        return [self._known(found)] if isinstance(found, int) else [self._known(number) for number in found]

    def _known(self, number: int) -> Known:
        return Known(0, self._starts[number], self._contents[number], self._spots[number])


class PackedRows:
    """What likeness compares of the rows so far, by their numbers from 0."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._open: list[str] = []
        self._unpacked: tuple[int, list[str]] = (-1, [])

    def add(self, draft: ProjectDraft) -> None:
        """Keep a row."""
        self._open.append(json.dumps(_plain(draft), ensure_ascii=False))
        if len(self._open) == PACKED_AT_ONCE:
            # A newline inside a text is written as two characters, so that one between the rows is no part of them.
            self._packed.append(zlib.compress("\n".join(self._open).encode("utf-8", "surrogatepass"), 1))
            self._open.clear()

    def __getitem__(self, number: int) -> ProjectDraft:
        place, within = divmod(number, PACKED_AT_ONCE)
        if place == len(self._packed):
            return _draft(json.loads(self._open[within]))
        if self._unpacked[0] != place:
            text = zlib.decompress(self._packed[place]).decode("utf-8", "surrogatepass")
            self._unpacked = (place, text.split("\n"))
        return _draft(json.loads(self._unpacked[1][within]))


def _plain(draft: ProjectDraft) -> list[Any]:
    amount = None if draft.amount is None else (str(draft.amount.amount), draft.amount.currency)
    dates = (date.value if date else None for date in (draft.signed, draft.started))
    return [draft.title, draft.mode, draft.pair_kind, *dates, amount, draft.domestic_places, draft.foreign_places,
            draft.partners]  # fmt: skip


def _draft(plain: list[Any]) -> ProjectDraft:
    title, mode, pair_kind, signed, started, amount, domestic, foreign, partners = plain
    return ProjectDraft(
        title=title,
        mode=mode,
        pair_kind=pair_kind,
        signed=PartialDate(signed) if signed else None,
        started=PartialDate(started) if started else None,
        amount=Money(Decimal(amount[0]), amount[1]) if amount else None,
        domestic_places=tuple(domestic),
        foreign_places=tuple(foreign),
        partners=tuple(partners),
    )
