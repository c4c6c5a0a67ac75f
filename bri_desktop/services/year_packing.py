"""What a frozen year keeps, packed small: plain values, and the numbers of the records behind each figure."""

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.year_models import FrozenYear
from bri_desktop.services.year_book import FrozenFigures, Source

INSIDE = "internal"
OUTSIDE = " submission"
"""Ends the name of a figure whose records are others in the submitted edition; alone, it says that they were kept."""


def pack(value: Any) -> str:
    """Return plain JSON, packed as text."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b85encode(zlib.compress(written, 6)).decode()


def unpack(text: str) -> Any:
    """Return what :func:`pack` was given."""
    return json.loads(zlib.decompress(base64.b85decode(text)))


def members_of(
    internal: Mapping[str, tuple[str, Sequence[int]]], submitted: Mapping[str, tuple[str, Sequence[int]]]
) -> dict[str, tuple[str, Sequence[int]]]:
    """Return the records behind the figures of both editions: those of the submitted one where they are others."""
    found = dict(internal)
    found[OUTSIDE] = ("", ())
    for name in dict.fromkeys((*internal, *submitted)):
        own = submitted.get(name, ("", ()))
        if name not in internal or own[0] != internal[name][0] or set(own[1]) != set(internal[name][1]):
            found[f"{name}{OUTSIDE}"] = own
    return found


def pack_members(members: Mapping[str, tuple[str, Sequence[int]]]) -> str:
    """Return figure -> (kind, record numbers) as text: the differences of sorted numbers, which pack small."""
    places: dict[str, list[Any]] = {}
    parts, at = [], 0
    for name, (kind, ids) in members.items():
        numbers = np.unique(np.fromiter(ids, np.int64, len(ids)))
        parts.append(np.diff(numbers, prepend=0).astype(np.int32))
        places[name] = [kind, at, numbers.size]
        at += numbers.size
    whole = np.concatenate(parts) if parts else np.empty(0, np.int32)
    body = base64.b85encode(zlib.compress(whole.astype("<i4").tobytes(), 6)).decode()
    return pack({"places": places, "body": body})


class Members:
    """The records behind each figure of a frozen year; taken apart when the first one is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, list[Any]] | None = None
        self._whole: npt.NDArray[np.int32] = np.empty(0, np.int32)

    def _unpacked(self) -> dict[str, list[Any]]:
        if self._places is None:
            stored = unpack(self._text)
            self._whole = np.frombuffer(zlib.decompress(base64.b85decode(stored["body"])), "<i4")
            self._places = stored["places"]
        return self._places

    def _place(self, name: str, edition: str) -> list[Any]:
        """Return kind, start and size of what was kept; a year frozen by an older version has no submitted edition."""
        places, nothing = self._unpacked(), ["", 0, 0]
        if edition == INSIDE:
            return places.get(name, nothing)
        own = places.get(f"{name}{OUTSIDE}")
        return own if own is not None else places.get(name, nothing) if OUTSIDE in places else nothing

    def kind(self, name: str, edition: str = INSIDE) -> str:
        """Return the kind of the records of a figure, "" where none were kept."""
        return str(self._place(name, edition)[0])

    def ids(self, name: str, edition: str = INSIDE) -> tuple[int, ...]:
        """Return the record numbers of a figure."""
        _, at, size = self._place(name, edition)
        return tuple(np.cumsum(self._whole[at : at + size], dtype=np.int64).tolist())

    def way(self, name: str, edition: str = INSIDE) -> Source | None:
        """Return the way to the records of a figure; ``None`` where none were kept."""
        kind = self.kind(name, edition)
        return Source(kind, partial(self.ids, name, edition)) if kind else None


def unpack_members(text: str, edition: str = INSIDE) -> Callable[[str], tuple[str, tuple[int, ...]]]:
    """Return a look-up of the kind and record numbers behind a figure; ``("", ())`` for one that has none."""
    members = Members(text)
    return lambda name: (members.kind(name, edition), members.ids(name, edition))


def read_frozen(session: Session, years: Sequence[int], edition: str) -> dict[int, FrozenFigures]:
    """Return the figures of those years that were declared final, in one edition."""
    columns = (FrozenYear.year, FrozenYear.figures, FrozenYear.members)
    rows = session.execute(select(*columns).where(FrozenYear.year.in_(years)))
    return {
        year: FrozenFigures(figures[edition], partial(Members(members).way, edition=edition))
        for year, figures, members in rows
    }
