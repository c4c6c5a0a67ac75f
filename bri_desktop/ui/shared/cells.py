"""What a cell of a table can hold beside plain text; models hand these out, ``delegates`` draws them.

Each has a ``plain`` text: what screen readers say and what is copied.
"""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, Qt

CELL_ROLE = Qt.ItemDataRole.UserRole + 1
"""The model's role for one of the values below; absent where the display text is all."""
ID_ROLE = Qt.ItemDataRole.UserRole + 2
"""The id of the row, on every column."""

ABSENT = "—"


@dataclass(frozen=True, slots=True)
class Named:
    """A name with its context in grey: 布拉格 捷克."""

    name: str
    context: str = ""

    @property
    def plain(self) -> str:
        """Name and context."""
        return f"{self.name} {self.context}".strip()


@dataclass(frozen=True, slots=True)
class Status:
    """A status with its dot: ``shape`` as in ``paint.draw_dot``, ``role`` its colour."""

    text: str
    shape: str
    role: str

    @property
    def plain(self) -> str:
        """The word."""
        return self.text


@dataclass(frozen=True, slots=True)
class Verdict:
    """An icon and a word in one colour: 待定, 拒绝."""

    text: str
    icon: str
    role: str
    bold: bool = False

    @property
    def plain(self) -> str:
        """The word."""
        return self.text


@dataclass(frozen=True, slots=True)
class Change:
    """An old value struck through in grey, then the new one in bold."""

    old: str
    new: str

    @property
    def plain(self) -> str:
        """Old and new."""
        return f"{self.old} → {self.new}"


@dataclass(frozen=True, slots=True)
class Framed:
    """A value in a frame, because something is wrong with it: ``severity`` ``warning`` or ``error``."""

    text: str
    severity: str = "warning"

    @property
    def plain(self) -> str:
        """The value."""
        return self.text


@dataclass(frozen=True, slots=True)
class Toned:
    """Text in a role's colour: 逾期 3 天 in ``error`` and bold, an unchanged value in ``secondary``."""

    text: str
    role: str = "secondary"
    bold: bool = False

    @property
    def plain(self) -> str:
        """The text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Link:
    """A verb inside a row; a click on it emits the delegate's ``link_clicked``."""

    text: str

    @property
    def plain(self) -> str:
        """The verb."""
        return self.text


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a group of rows in bold on a ground of its own, with its context in grey; spans its row."""

    name: str
    context: str = ""

    @property
    def plain(self) -> str:
        """Name and context."""
        return f"{self.name} {self.context}".strip()


Cell = Named | Status | Verdict | Change | Framed | Toned | Link | Heading


class CellModel(QAbstractTableModel):
    """A model that answers drawing in one call: roles one by one cost more than the drawing itself."""

    def content(self, row: int, column: int) -> tuple[Cell | str | None, bool]:
        """Return what a cell holds (``None`` while it is not known) and whether it stands at the right."""
        raise NotImplementedError


_STATUS_DOTS: dict[str, tuple[str, str]] = {
    "idea": ("dashed", "secondary"),
    "intent": ("hollow", "text"),
    "approval": ("diamond", "warning"),
    "signed": ("target", "series_1"),
    "active": ("half", "series_1"),
    "suspended": ("bars", "warning"),
    "completed": ("full", "series_3"),
    "terminated": ("cross", "secondary"),
    "failed": ("cross", "error"),
}


def status_cell(code: str, text: str) -> Status:
    """Return the cell of a project's status; a code of the office's own has the hollow dot."""
    shape, role = _STATUS_DOTS.get(code, ("hollow", "secondary"))
    return Status(text, shape, role)
