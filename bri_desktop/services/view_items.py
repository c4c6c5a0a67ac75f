"""Saved views and the values that conditions are chosen from, as values alone."""

from dataclasses import dataclass

from bri_desktop.domain.changes import Changes


@dataclass(frozen=True, slots=True)
class View:
    """A filter under a name, with the columns shown and the (field, descending) pairs of its order.

    ``group`` is what its rows are grouped by, ``frozen`` how many of its first columns stand still.
    """

    name: str
    filter: str
    columns: tuple[str, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    group: str = ""
    frozen: int = 0


@dataclass(frozen=True, slots=True)
class TakenViews:
    """What a file of views brought: names added, pairs of (name in the file, new name), and how many were there."""

    added: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    already: int
    changes: Changes


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """A value that occurs in the ledger: as the filter names it, as it is shown, and on how many projects."""

    value: str
    name_zh: str
    name_en: str
    count: int

    def name(self, language: str) -> str:
        """The name to show in that language."""
        first, second = (self.name_zh, self.name_en) if language == "zh_CN" else (self.name_en, self.name_zh)
        return first or second or self.value
