"""One record on one page as a value: 项目卡 of a project, 友城档案 of a tie; Word and PDF render the same one.

What does not fit is cut with a mark and stands in full on the pages behind; ``record_sheet_fit`` decides what.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bri_desktop.reports.document import Align

MARGINS_MM = (18.0, 16.0, 20.0, 20.0)
"""Above, below, left and right: narrower than a letter's, so that a whole record stands on the page."""
PAGE_MM = (210.0, 297.0)
FACT_WEIGHTS = (19.0, 66.0, 19.0, 66.0)
"""Label, value, label, value of a line of facts, in mm."""
PICTURE_MM = (52.0, 39.0)
"""The room of a picture at the upper right, wide and high."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with what is known; a ``wide`` one takes the whole line."""

    label: str
    text: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class LongText:
    """A text of several lines under its label."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class PartColumn:
    """A column of a list: its head and its width as a weight beside the others'."""

    title: str
    weight: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Part:
    """What hangs on the record, of one kind: the most important rows first."""

    title: str
    columns: tuple[PartColumn, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as PNG or JPEG of ``width`` × ``height`` pixels, and what it is called."""

    data: bytes
    width: int
    height: int
    name: str

    def size_in(self, width: float, height: float) -> tuple[float, float]:
        """Return the size that it takes in a room, whole and not stretched."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """The page of one record. ``kind`` is the name of the form (项目卡), ``title`` that of the record.

    ``texts`` stand over the lists, ``below`` under them; ``mark`` stands at the upper right (内部, 示例数据; empty for
    none), ``foot`` says who made the page and when.
    """

    key: str
    kind: str
    title: str
    subtitle: str
    facts: tuple[Fact, ...]
    texts: tuple[LongText, ...]
    parts: tuple[Part, ...]
    below: tuple[LongText, ...]
    language: str
    photo: Photo | None = None
    mark: str = ""
    foot: str = ""

    @property
    def name(self) -> str:
        """How a file or a bookmark of it is called."""
        return f"{self.kind} {self.title}"


def fact_rows(facts: Sequence[Fact]) -> list[tuple[Fact, ...]]:
    """Return the lines of the facts: two beside each other, a wide one alone, and one that is left over."""
    rows: list[tuple[Fact, ...]] = []
    for fact in facts:
        if rows and len(rows[-1]) == 1 and not rows[-1][0].wide and not fact.wide:
            rows[-1] = (rows[-1][0], fact)
        else:
            rows.append((fact,))
    return rows
