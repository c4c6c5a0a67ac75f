"""Rows that were pasted twice: spans of a table between repeated headers, and how much of each stood there before."""

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 2


@dataclass(slots=True)
class Span:
    """The rows of a table up to a repeated header, and how many of them stand further up already."""

    first_row: int
    rows: int = 0
    copies: int = 0

    def count(self, row: int, seen: set[int]) -> None:
        """Count a row by a number of its content; ``seen`` are those of the rows above."""
        self.rows += 1
        self.copies += row in seen
        seen.add(row)

    @property
    def is_copy(self) -> bool:
        """Whether nearly all of its rows were there before."""
        return self.copies >= FEWEST and self.copies * 5 >= self.rows * 4


def grouped(spans: Sequence[Span]) -> list[list[Span]]:
    """Return the spans in groups: each copy by itself; headers repeated on printed pages part nothing."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and not span.is_copy and not groups[-1][-1].is_copy:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups
