"""Three versions of a value: as it was issued, as it is now, as it came back, and what follows from them.

Nothing is decided here that a person would have to decide: a clash and a cleared cell are values of their own, and
``merged`` leaves both as they are now.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from bri_desktop.domain.vocabulary import FIELD_BY_CODE


class Verdict(StrEnum):
    """What a cell of a returned workbook comes to."""

    UNCHANGED = "unchanged"
    THEIRS = "theirs"
    OURS = "ours"
    EQUAL = "equal"
    CLASH = "clash"
    CLEARED = "cleared"
    READ_ONLY = "read_only"
    INVALID = "invalid"


TAKEN = frozenset({Verdict.THEIRS})
ASKED = frozenset({Verdict.CLASH, Verdict.CLEARED})
REFUSED = frozenset({Verdict.READ_ONLY, Verdict.INVALID})


class Unknown(Enum):
    """What was issued where nobody knows it any more: the workbook lost its marks, or the row is new."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN

_SETS = frozenset({"codes", "places", "organisations", "texts"})


@dataclass(frozen=True, slots=True)
class MergedCell:
    """One field of one record: its verdict and the three plain values; ``reason`` is a code with its ``values``."""

    field: str
    verdict: Verdict
    issued: Any
    current: Any
    returned: Any
    reason: str | None = None
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def is_empty(value: Any) -> bool:
    """Tell whether a plain value says nothing: no value, an empty list, a text of blanks."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def same(name: str, first: Any, second: Any) -> bool:
    """Tell whether two plain values of a field mean the same: texts but for line ends and outer blanks, sets in any
    order, every empty value like every other."""
    if first == second:
        return True
    if is_empty(first) or is_empty(second):
        return is_empty(first) and is_empty(second)
    if isinstance(first, str) and isinstance(second, str):
        return _plain_text(first) == _plain_text(second)
    known = FIELD_BY_CODE.get(name)
    if known is not None and known.kind in _SETS:
        return sorted(first) == sorted(second)
    return False


def _plain_text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def decide(name: str, issued: Any, current: Any, returned: Any, *, read_only: bool = False) -> Verdict:
    """Return the verdict on one value. ``issued`` may be :data:`UNKNOWN`: then only an empty side gives way."""
    if issued is UNKNOWN:
        return _without_issue(name, current, returned, read_only)
    if same(name, issued, returned):
        return Verdict.UNCHANGED if same(name, issued, current) else Verdict.OURS
    if same(name, current, returned):
        return Verdict.EQUAL
    if read_only:
        return Verdict.READ_ONLY
    if is_empty(returned):
        return Verdict.CLEARED
    return Verdict.THEIRS if same(name, issued, current) else Verdict.CLASH


def _without_issue(name: str, current: Any, returned: Any, read_only: bool) -> Verdict:
    if same(name, current, returned):
        return Verdict.UNCHANGED
    if is_empty(returned):
        return Verdict.OURS
    if read_only:
        return Verdict.READ_ONLY
    return Verdict.THEIRS if is_empty(current) else Verdict.CLASH


def compare(
    issued: Mapping[str, Any] | None,
    current: Mapping[str, Any],
    returned: Mapping[str, Any],
    *,
    read_only: frozenset[str] = frozenset(),
) -> dict[str, MergedCell]:
    """Return field -> verdict for every field of ``returned``; all three map fields to plain values.

    ``issued`` is ``None`` where it is not known; a field that was not issued counts as unknown by itself.
    """
    found: dict[str, MergedCell] = {}
    for name, value in returned.items():
        before = UNKNOWN if issued is None or name not in issued else issued[name]
        now = current.get(name)
        verdict = decide(name, before, now, value, read_only=name in read_only)
        shown = None if before is UNKNOWN else before
        reason = {Verdict.READ_ONLY: "cell_read_only"}.get(verdict)
        found[name] = MergedCell(name, verdict, shown, now, value, reason)
    return found


def merged(current: Mapping[str, Any], cells: Mapping[str, MergedCell]) -> dict[str, Any]:
    """Return ``current`` with what may be taken without a question."""
    return {**current, **{name: cell.returned for name, cell in cells.items() if cell.verdict in TAKEN}}


def align(issued: Sequence[Mapping[str, Any]], current: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """Return where each issued part of a list stands now, ``None`` where it is gone.

    A part has no key of its own: an unchanged one is found wherever it stands, a changed one at its place or by its
    name (``what``) and class.
    """
    found: list[int | None] = [None] * len(issued)
    free = dict.fromkeys(range(len(current)))
    for agree in (_is_same_part, _is_like_part):
        for position, part in enumerate(issued):
            if found[position] is not None:
                continue
            near = [position] if position in free else []
            for place in (*near, *(place for place in free if place != position)):
                if agree(part, current[place]):
                    found[position] = place
                    del free[place]
                    break
    for position in range(len(found)):
        if found[position] is None and position in free and len(issued) == len(current):
            found[position] = position
            del free[position]
    return found


def _is_same_part(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    return first == second


def _is_like_part(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    names = ("what", "outcome_class")
    return any(first.get(name) is not None for name in names) and all(
        first.get(name) == second.get(name) for name in names
    )
