"""The right side of the first page: this year against last year, the cumulative line, the latest imports."""

import datetime
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from bri_desktop.i18n import language, tr
from bri_desktop.services.agenda import Agenda, Cumulative, Figure, RecentImport, RecentRecord
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import ABSENT, ID_ROLE, Cell, Link, Named, Toned
from bri_desktop.ui.shared.line_chart import Axes, Line, LineChart
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import Size, Space

WIDTH = 376
SCROLL_BAR = 12
MINUS = "−"


def unit(code: str) -> str:
    """Return the measure word after a name; English has none."""
    words = {"projects": "项", "papers": "份", "pairs": "对", "events": "场"}
    return words[code] if language() == "zh_CN" else ""


def figure_name(code: str) -> tuple[str, str]:
    """Return name and unit of a figure."""
    names = {
        "projects": (tr("New projects"), unit("projects")),
        "agreements": (tr("Agreements signed"), unit("papers")),
        "pairs": (tr("New sister-city pairs"), unit("pairs")),
        "activities": (tr("Activities"), unit("events")),
        "outcomes": (tr("With counted results"), unit("projects")),
        "practical": (tr("Practical share"), "%"),
    }
    return names[code]


def figure_rule(code: str) -> str:
    """Return how a figure is counted."""
    rules = {
        "projects": tr("Projects started from 1 January to the day; ideas, intents and cases in approval left out"),
        "agreements": tr("Agreements signed in that time; a project's own signing where it has no agreement"),
        "pairs": tr("Formal sister cities by their first signing; friendly and grass-roots ties are not counted"),
        "activities": tr("Activities that began in that time"),
        "outcomes": tr("Of the stock on that day, those with a counted result in the ledger"),
        "practical": tr("Of the stock on that day: practical ÷ (exchange + practical)"),
    }
    return rules[code]


def number(code: str, value: float | None) -> str:
    """Return a figure as it is shown."""
    if value is None:
        return ABSENT
    return f"{value:.1f}" if code == "practical" else f"{value:,.0f}"


def signed_number(code: str, value: float | None) -> str:
    """Return a difference with its sign."""
    if value is None:
        return ABSENT
    shown = number(code, abs(value))
    if not float(shown.replace(",", "")):
        return "0"
    return f"+{shown}" if value > 0 else f"{MINUS}{shown}"


class FigureTable(LedgerTable[Figure]):
    """This year and last year; a click on a number opens its records."""

    figure_opened = Signal(object, bool)
    """The figure, and whether last year's number was meant."""

    def __init__(self) -> None:
        self._figures: dict[str, Figure] = {}
        self._years = ("", "")
        columns: list[Column[Figure]] = [
            Column(
                key="name",
                title=tr("Measure"),
                cell=lambda row: Named(*figure_name(row.code)),
                width=136,
                stretch=True,
                is_sortable=False,
                tooltip=lambda row: figure_rule(row.code),
            ),
            self._number_column("now", 60, lambda row: Toned(number(row.code, row.now), "text", bold=True)),
            self._number_column("before", 80, lambda row: Toned(number(row.code, row.before), "secondary")),
            self._number_column("change", 54, lambda row: signed_number(row.code, row.difference)),
        ]
        model = _FigureModel(columns, lambda ids, arrived: arrived({key: self._figures[key] for key in ids}))
        super().__init__(tr("This year and last year"), model)
        self._model = model
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header.setSectionsMovable(False)
        self.clicked.connect(self._on_clicked)
        self.opened.connect(lambda code: self.figure_opened.emit(self._figures[code], False))

    @staticmethod
    def _number_column(key: str, width: int, cell: Callable[[Figure], Cell | str]) -> Column[Figure]:
        return Column(key=key, title="", cell=cell, width=width, is_right=True, is_sortable=False)

    def show_figures(self, figures: Sequence[Figure], year: int) -> None:
        """Show the figures of ``year`` against the year before."""
        self._figures = {figure.code: figure for figure in figures}
        self._model.titles = ("", str(year), tr("{year} YTD", year=year - 1), tr("Change"))
        self.show_ids(list(self._figures), self._figures)
        self.setFixedHeight(Size.TABLE_HEADER + 1 + Size.ROW * len(self._figures))

    def _on_clicked(self, index: QModelIndex) -> None:
        figure = self._figures[index.data(ID_ROLE)]
        if index.column() in (1, 2):
            self.figure_opened.emit(figure, index.column() == 2)


class _FigureModel(WindowedModel[Figure]):
    """Heads of two columns name the years."""

    titles: Sequence[str] = ()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the title of a column."""
        if role == Qt.ItemDataRole.DisplayRole and section and self.titles:
            return self.titles[section]
        return super().headerData(section, orientation, role)


class ImportTable(LedgerTable[RecentImport]):
    """The latest files that were taken in."""

    def __init__(self) -> None:
        self._imports: dict[int, RecentImport] = {}
        columns: list[Column[RecentImport]] = [
            Column(
                key="file", title=tr("File"), cell=lambda row: row.file_name, width=130, stretch=True, is_sortable=False
            ),
            Column(key="rows", title=tr("Rows"), cell=_rows, width=60, is_right=True, is_sortable=False),
            Column(key="at", title=tr("Date"), cell=_local_day, width=64, is_right=True, is_sortable=False),
            Column(key="state", title=tr("State"), cell=_state, width=88, is_sortable=False),
        ]
        model = WindowedModel(columns, lambda ids, arrived: arrived({key: self._imports[key] for key in ids}))
        super().__init__(tr("Latest imports"), model)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.header.setSectionsMovable(False)

    def show_imports(self, imports: Sequence[RecentImport]) -> None:
        """Show other files."""
        self._imports = {row.batch: row for row in imports}
        self.show_ids(list(self._imports), self._imports)


class RecordTable(LedgerTable[RecentRecord]):
    """The projects that were logged or changed last."""

    def __init__(self) -> None:
        self._records: dict[str, RecentRecord] = {}
        columns: list[Column[RecentRecord]] = [
            Column(
                key="title", title=tr("Project"), cell=lambda row: Link(row.title), width=200, stretch=True,
                is_sortable=False,
            ),
            Column(key="at", title=tr("Changed"), cell=_local_time, width=88, is_right=True, is_sortable=False),
        ]  # fmt: skip
        model = WindowedModel(columns, lambda ids, arrived: arrived({key: self._records[key] for key in ids}))
        super().__init__(tr("Latest records"), model)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header.setSectionsMovable(False)

    def show_records(self, records: Sequence[RecentRecord]) -> None:
        """Show other records."""
        self._records = {row.key: row for row in records}
        self.show_ids(list(self._records), self._records)
        self.setFixedHeight(Size.TABLE_HEADER + 1 + Size.ROW * max(1, len(self._records)))


def _local_time(row: RecentRecord) -> Cell | str:
    instant = datetime.datetime.fromisoformat(row.at).astimezone()
    is_today = instant.date() == datetime.datetime.now().astimezone().date()
    return Toned(instant.strftime("%H:%M" if is_today else "%m-%d"), "secondary")


def _rows(row: RecentImport) -> str:
    return f"{sum(row.counts.values()):,}"


def _local_day(row: RecentImport) -> str:
    instant = datetime.datetime.fromisoformat(row.at).astimezone()
    return instant.strftime("%m-%d")


def _state(row: RecentImport) -> Cell | str:
    if row.undone:
        return Toned(tr("undone"), "secondary")
    if row.waiting:
        return Link(tr("{count} to decide", count=row.waiting))
    return Toned(tr("taken in"), "secondary")


class FiguresPanel(QFrame):
    """The whole right side."""

    figure_opened = Signal(object, bool)
    imports_opened = Signal()
    record_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "side")
        self.setMinimumWidth(WIDTH - SCROLL_BAR)
        self.table = FigureTable()
        self.table.figure_opened.connect(self.figure_opened)
        self.span = buttons.label("", "hint")
        self.chart = LineChart(tr("New projects, added up"))
        self.chart.setFixedHeight(132)
        self.unplaced = buttons.label("", "hint", wrap=True)
        self.records = RecordTable()
        self.records.row_delegate.link_clicked.connect(lambda index: self.record_opened.emit(index.data(ID_ROLE)))
        self.records.opened.connect(lambda key: self.record_opened.emit(key))
        self.imports = ImportTable()
        self.imports.setMinimumHeight(3 * Size.ROW)
        self.imports.row_delegate.link_clicked.connect(lambda _index: self.imports_opened.emit())
        self.imports.opened.connect(lambda _batch: self.imports_opened.emit())
        upper = QVBoxLayout()
        upper.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.BETWEEN)
        upper.setSpacing(Space.BETWEEN)
        head = QHBoxLayout()
        head.setSpacing(Space.SECTION)
        head.addWidget(buttons.label(tr("Year to date"), "section"))
        head.addWidget(self.span)
        head.addStretch(1)
        upper.addLayout(head)
        upper.addWidget(self.table)
        upper.addWidget(buttons.label(tr("New projects, added up"), "hint"))
        upper.addWidget(self.chart)
        upper.addWidget(self.unplaced)
        lower = QVBoxLayout()
        lower.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
        lower.setSpacing(Space.BETWEEN)
        lower.addWidget(buttons.label(tr("Latest records"), "section"))
        lower.addWidget(self.records)
        lower.addWidget(buttons.label(tr("Latest imports"), "section"))
        lower.addWidget(self.imports, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper)
        column.addWidget(panels.rule())
        column.addLayout(lower, 1)

    def show_agenda(self, found: Agenda) -> None:
        """Show the figures of a day."""
        self.span.setText(tr("both 1 January to {month}/{day}", month=found.today.month, day=found.today.day))
        self.table.show_figures(found.figures, found.today.year)
        self._show_cumulative(found.cumulative, found.today)
        self.records.show_records(found.records)
        self.imports.show_imports(found.imports)

    def _show_cumulative(self, lines: Cumulative, today: datetime.date) -> None:
        place = lines.same_day[0]
        self.chart.show_lines(
            [
                Line(lines.before, "baseline", str(today.year - 1), False, dashed_from=place, mark=lines.same_day),
                Line(lines.now, "series_1", str(today.year)),
            ],
            Axes((0.0, 12.0), tuple((month, month_name(month + 1)) for month in (0, 3, 6, 9)), None, True, "", place),
        )
        left_out = len(lines.unplaced) + len(lines.unplaced_before)
        self.unplaced.setVisible(bool(left_out))
        self.unplaced.setText(
            tr(
                "Not compared, the day is not known: {now} this year, {before} last year",
                now=len(lines.unplaced),
                before=len(lines.unplaced_before),
            )
        )


def month_name(month: int) -> str:
    """Return a month for the axis."""
    names: Mapping[int, str] = {1: tr("Jan"), 4: tr("Apr"), 7: tr("Jul"), 10: tr("Oct")}
    return names[month]
