"""Long tables in groups: a head over the rows of each, which can be folded away; the rows are read as they are seen."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from bri_desktop.ui.shared.cells import ID_ROLE, Cell, Heading
from bri_desktop.ui.shared.model import Column, Index, Role, WindowedModel

R = TypeVar("R")


@dataclass(frozen=True, slots=True, eq=False)
class GroupHead:
    """The head of a group: ``key`` names it also after a change, ``detail`` says how many rows and their sums."""

    key: str
    title: str
    detail: str
    ids: tuple[Any, ...]

    @property
    def plain(self) -> str:
        """Name and detail."""
        return f"{self.title}  {self.detail}"


class GroupedModel(WindowedModel[R]):
    """A model that can show its rows in groups; without groups it is the plain one."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        fetch: Callable[[Sequence[Any], Callable[[Mapping[Any, R]], None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, lambda ids, arrived: fetch(without_heads(ids), arrived), parent)
        self.heads: tuple[GroupHead, ...] = ()
        self._head_rows: list[int] = []
        self._folded: set[str] = set()

    def records(self) -> Sequence[Any]:
        """Return the ids of all rows in order, those folded away too."""
        return [key for head in self.heads for key in head.ids] if self.heads else self.ids()

    def show_groups(self, heads: Sequence[GroupHead], *, is_new: bool = False) -> None:
        """Show rows in groups; those folded before stay so unless the groups are of another kind."""
        self.heads = tuple(heads)
        if is_new:
            self._folded.clear()
        self._lay()

    def show_plain(self, ids: Sequence[Any], rows: Mapping[Any, R] | None = None) -> None:
        """Show rows without groups."""
        self.heads = ()
        self.set_ids(ids, rows)

    def head_at(self, row: int) -> GroupHead | None:
        """Return the head that a row is, or ``None`` for a record."""
        found = self.id_at(row) if 0 <= row < self.rowCount() else None
        return found if isinstance(found, GroupHead) else None

    def heads_among(self, first: int, last: int) -> int:
        """Return how many of the rows ``first`` to ``last`` are heads."""
        return bisect_right(self._head_rows, last) - bisect_left(self._head_rows, first) if self.heads else 0

    def is_folded(self, head: GroupHead) -> bool:
        """Tell whether the rows of a group are folded away."""
        return head.key in self._folded

    def fold(self, heads: Sequence[GroupHead], *, away: bool) -> None:
        """Fold the rows of groups away, or show them again."""
        keys = {head.key for head in heads}
        self._folded = self._folded | keys if away else self._folded - keys
        self._lay()

    def unfold_for(self, key: Any) -> None:
        """Show the group again in which a record is folded away."""
        self.fold([head for head in self.heads if self.is_folded(head) and key in head.ids], away=False)

    def _lay(self) -> None:
        shown: list[Any] = []
        self._head_rows = []
        for head in self.heads:
            self._head_rows.append(len(shown))
            shown.append(head)
            if not self.is_folded(head):
                shown += head.ids
        self.set_ids(shown)

    def content(self, row: int, column: int) -> tuple[Cell | str | None, bool]:
        """Return what is drawn in a cell; of a head the delegate draws the whole row."""
        head = self.head_at(row)
        return super().content(row, column) if head is None else (Heading(head.title, head.detail), False)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a row holds; a head says its name in every column, as screen readers ask for any."""
        head = self.head_at(index.row()) if index.isValid() else None
        if head is None:
            return super().data(index, role)
        if role in (Role.DisplayRole, Role.AccessibleTextRole, Role.ToolTipRole):
            return head.plain
        return head if role == ID_ROLE else None


def without_heads(ids: Sequence[Any]) -> list[Any]:
    """Return the ids of records alone."""
    return [key for key in ids if not isinstance(key, GroupHead)]
