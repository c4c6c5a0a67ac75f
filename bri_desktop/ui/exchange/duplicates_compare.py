"""Two records side by side: each field with both values and which of them the merged record takes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from bri_desktop.domain.record import FIELD_CODES, to_plain
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.services.duplicates import BOTH, JOINED_TEXTS, LEFT, RIGHT, SEVERAL, SideBySide, usual_choice
from bri_desktop.services.projects import ProjectItem
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.wording import Names
from bri_desktop.ui.shared.cells import ABSENT, Cell, Toned
from bri_desktop.ui.shared.tokens import Size

KEYS = {Qt.Key.Key_1: LEFT, Qt.Key.Key_2: RIGHT, Qt.Key.Key_3: BOTH}
LEFT_COLUMN, RIGHT_COLUMN, CHOICE_COLUMN = 1, 2, 3

LINK_WORDS: Mapping[str, Callable[[], str]] = {
    "agreement": lambda: tr("Agreements"),
    "activity": lambda: tr("Activities"),
    "approval_case": lambda: tr("Approvals"),
    "risk": lambda: tr("Risks"),
    "indicator": lambda: tr("Indicators"),
    "project_status": lambda: tr("Changes of status"),
}


@dataclass(frozen=True, slots=True)
class CompareRow:
    """A field with its two values as texts; ``choice`` is empty where both sides say the same."""

    field: str
    label: str
    left: str
    right: str
    choice: str
    several: bool = False


def compare_rows(pair: SideBySide, choices: Mapping[str, str], names: Names) -> list[CompareRow]:
    """Return the fields that differ, then those that agree, then what hangs on the records."""
    differing: list[CompareRow] = []
    agreeing: list[CompareRow] = []
    for field in FIELD_CODES:
        mine, theirs = getattr(pair.left.draft, field), getattr(pair.right.draft, field)
        left, right = _text(pair.left, field, names), _text(pair.right, field, names)
        if not left and not right:
            continue
        several = field in SEVERAL or field in JOINED_TEXTS
        if field in pair.differing:
            choice = choices.get(field) or usual_choice(field, mine, theirs)
            differing.append(CompareRow(field, field_label(field), left, right, choice, several))
        else:
            agreeing.append(CompareRow(field, field_label(field), left, right, ""))
    return [*differing, *agreeing, *_link_rows(pair)]


def _link_rows(pair: SideBySide) -> list[CompareRow]:
    tables = dict.fromkeys([*pair.left_links, *pair.right_links])
    return [
        CompareRow(
            "",
            LINK_WORDS[table]() if table in LINK_WORDS else tr("Other entries"),
            str(pair.left_links.get(table, 0)),
            str(pair.right_links.get(table, 0)),
            BOTH,
        )
        for table in tables
    ]


def _text(item: ProjectItem, field: str, names: Names) -> str:
    if field in ("domestic_places", "foreign_places"):
        places = item.domestic if field == "domestic_places" else item.foreign
        return tr(", ").join(place.name(language()) for place in places)
    return names.value(field, to_plain(field, getattr(item.draft, field)))


class CompareTable(ListTable[CompareRow]):
    """The comparison; a click on a value or the keys 1, 2, 3 choose it. ``chosen`` tells field and choice."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = [
            ListColumn[CompareRow](tr("Field"), _field_cell, 128),
            ListColumn[CompareRow](
                tr("1 Record kept"), lambda row: _value_cell(row, row.left, LEFT), 320, stretch=True
            ),
            ListColumn[CompareRow](
                tr("2 Other record"), lambda row: _value_cell(row, row.right, RIGHT), 200, stretch=True
            ),
            ListColumn[CompareRow](tr("Taken"), _choice_cell, 96),
        ]
        super().__init__(tr("Two records side by side"), columns, row=Size.ROW_INTAKE, parent=parent)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self, index: QModelIndex) -> None:
        row = self.rows.rows[index.row()]
        choices = {LEFT_COLUMN: LEFT, RIGHT_COLUMN: RIGHT}
        if index.column() in choices:
            self._choose(row, choices[index.column()])
        elif index.column() == CHOICE_COLUMN:
            order = [LEFT, RIGHT, BOTH] if row.several else [LEFT, RIGHT]
            at = order.index(row.choice) if row.choice in order else -1
            self._choose(row, order[(at + 1) % len(order)])

    def _choose(self, row: CompareRow, choice: str) -> None:
        if row.field and row.choice and (choice != BOTH or row.several):
            self.chosen.emit(row.field, choice)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by number."""
        choice = KEYS.get(Qt.Key(event.key()))
        if choice is None:
            super().keyPressEvent(event)
            return
        for row in self.selected():
            self._choose(row, choice)

    def show_compared(self, rows: Sequence[CompareRow]) -> None:
        """Show other rows, keeping the place."""
        at = self.currentIndex().row()
        self.show_rows(rows)
        if 0 <= at < len(rows):
            self.setCurrentIndex(self.rows.index(at, 0))


def _field_cell(row: CompareRow) -> Cell | str:
    return Toned(row.label, "text", bold=True) if row.choice and row.field else Toned(row.label, "secondary")


def _value_cell(row: CompareRow, text: str, side: str) -> Cell | str:
    if not row.choice or not row.field:
        return Toned(text or ABSENT, "hint")
    taken = row.choice in (side, BOTH)
    return Toned(text or ABSENT, "series_1" if taken and text else "hint", bold=taken and bool(text))


def _choice_cell(row: CompareRow) -> Cell | str:
    if not row.choice:
        return Toned(tr("the same"), "hint")
    words = {LEFT: lambda: tr("1 kept"), RIGHT: lambda: tr("2 other"), BOTH: lambda: tr("3 both")}
    return words[row.choice]() if row.field else Toned(tr("all follow"), "secondary")
