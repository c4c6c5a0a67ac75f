"""The figures of one request: sentence, rule, table or heat map or then-and-now, what reconciles, years, measures."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop.analysis.model import StatsResult
from bri_desktop.charts.numbers import whole
from bri_desktop.i18n import tr
from bri_desktop.services.statistics_compare import RowChange
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.panels import EmptyState
from bri_desktop.ui.shared.plot_cells import Legend
from bri_desktop.ui.shared.taking_out import Shown
from bri_desktop.ui.shared.tokens import SMALL, Space
from bri_desktop.ui.statistics.changes import ChangeTable, label_of
from bri_desktop.ui.statistics.cross_table import CrossTable
from bri_desktop.ui.statistics.lower import LowerPanels
from bri_desktop.ui.statistics.opening import Opener
from bri_desktop.ui.statistics.reading import Answer, Asked
from bri_desktop.ui.statistics.table import StatisticsTable
from bri_desktop.ui.statistics.totals import Part, TotalsBand
from bri_desktop.ui.statistics.words import change_finding, count_name, cross_finding, finding, span_finding

UPPER, LOWER = 420, 318
LOW_WINDOW, LOWER_IN_IT = 520, 170
NO_LIMIT = 16_777_215


class Figures(QSplitter):
    """The argument of the page; ``year_opened`` gives the year of a point of the trend."""

    year_opened = Signal(int)
    all_measures_wanted = Signal()

    def __init__(self, opener: Opener, title: Callable[[str], str]) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._opener, self._title = opener, title
        self.asked: Asked | None = None
        self.answer: Answer | None = None
        self._is_low = False
        self.finding = buttons.label("", "finding", wrap=True)
        self.rule = buttons.label("", "hint", wrap=True)
        self.rule.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.legend = Legend(tr("Actual share"), tr("Baseline share"))
        self.change_legend = Legend(tr("Now"), tr("Then"))
        self.table = StatisticsTable()
        self.cross = CrossTable()
        self.changes = ChangeTable()
        self.nothing = EmptyState(tr("Choose another year or filter, or open what is in no total below."))
        self.stack = QStackedWidget()
        for view in (self.table, self.cross, self.changes, self.nothing):
            self.stack.addWidget(view)
        self.totals = TotalsBand()
        self.below = LowerPanels()
        self._make_body()
        self._connect()

    def show_answer(self, asked: Asked, answer: Answer) -> None:
        """Show another answer."""
        self.asked, self.answer = asked, answer
        result, comparison, grid = answer.result, answer.comparison, answer.grid
        self.rule.setText(" ".join((result.rule, *_also(result), *result.notes)))
        self.rule.setToolTip(self.rule.text())
        if comparison is not None:
            then = tr("the year {year}", year=asked.compare_year)
            if asked.compare_view is not None:
                then = tr("View {name}", name=asked.compare_view)
            self.finding.setText(change_finding(comparison, then))
            self.changes.show_comparison(comparison)
            has_any = bool(comparison.then.total or comparison.now.total)
            self._show_view(self.changes, has_any=has_any)
        elif grid is not None:
            self.finding.setText(span_finding(result) if result.span else cross_finding(result))
            self.cross.show_grid(grid)
            self._show_view(self.cross, has_any=bool(grid.rows and grid.columns and _any(result)))
        else:
            self.finding.setText(finding(result))
            self.table.show_result(result)
            self._show_view(self.table, has_any=_any(result))
        self.totals.show_result(result)
        self.below.setVisible(any(point.total for point in answer.years.series))
        self.below.show_result(result, answer.years, count_name(result.count))

    def shown(self, title: str, note: str) -> Shown | None:
        """Return what can be taken out of the table; nothing where there is none."""
        view = self.stack.currentWidget()
        if self.answer is None or self.asked is None or view is self.nothing:
            return None
        result = self.answer.result
        if view is self.changes:
            heads, rows = self.changes.values()
            return Shown(title, result.rule, heads, rows, NativeChart((1, 2)), self)
        if view is self.cross:
            heads, rows = self.cross.values()
            columns = tuple(range(1, min(len(heads), 6)))
            return Shown(title, note, heads, rows, NativeChart(columns), self, result, self.asked.top)
        heads, rows = self.table.values()
        both = (heads.index(tr("Actual %")), heads.index(tr("Baseline %"))) if tr("Baseline %") in heads else (1,)
        return Shown(title, note, heads, rows, NativeChart(both), self, result)

    # --- parts ----------------------------------------------------------------------------------------------------

    def _make_body(self) -> None:
        upper = QFrame()
        upper.setProperty("kind", "surface")
        heading = QVBoxLayout()
        heading.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
        heading.setSpacing(Space.INSIDE)
        first = QHBoxLayout()
        first.addWidget(self.finding, 1)
        first.addWidget(self.legend, 0, Qt.AlignmentFlag.AlignBottom)
        first.addWidget(self.change_legend, 0, Qt.AlignmentFlag.AlignBottom)
        heading.addLayout(first)
        heading.addWidget(self.rule)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(heading)
        column.addWidget(self.stack, 1)
        column.addWidget(self.totals)
        self.setChildrenCollapsible(False)
        self.addWidget(upper)
        self.addWidget(self.below)
        self.setStretchFactor(0, 1)
        self.setSizes([UPPER, LOWER])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the table more of a low window, where the rule is told by its first line and whole on hovering."""
        super().resizeEvent(event)
        is_low = self.height() < LOW_WINDOW
        if is_low != self._is_low:
            self._is_low = is_low
            lower = LOWER_IN_IT if is_low else LOWER
            self.rule.setMaximumHeight(SMALL.line if is_low else NO_LIMIT)
            self.setSizes([self.height() - lower, lower])

    def _connect(self) -> None:
        self.table.figure_opened.connect(self._open_row)
        self.table.weight_opened.connect(self._open_weight)
        self.cross.cell_opened.connect(self._open_cell)
        self.cross.line_opened.connect(self._open_line)
        self.changes.part_opened.connect(self._open_change)
        self.totals.part_opened.connect(self._open_part)
        self.below.year_opened.connect(self.year_opened)
        self.below.all_measures_wanted.connect(self.all_measures_wanted)

    def _show_view(self, view: QWidget, *, has_any: bool) -> None:
        self.stack.setCurrentWidget(view if has_any else self.nothing)
        result = self.answer.result if self.answer is not None else None
        has_baseline = result is not None and any(row.baseline_share is not None for row in result.rows)
        self.legend.setVisible(view is self.table and has_any and has_baseline)
        self.change_legend.setVisible(view is self.changes and has_any)

    # --- opening --------------------------------------------------------------------------------------------------

    def _kind(self) -> str:
        return self.answer.result.kind if self.answer is not None else "project"

    def _open_row(self, position: int) -> None:
        row = self.table.stats_row(position)
        if self.answer is not None and row is not None and row.count:
            ids = [id_ for id_, _ in self.answer.result.members.of(position)]
            self._opener.open(self._title(row.label), self._kind(), ids)

    def _open_weight(self, position: int) -> None:
        row = self.table.stats_row(position)
        if self.answer is not None and row is not None and row.count:
            weights = dict(self.answer.result.members.of(position))
            self._opener.open_weighed(self._title(row.label), self._kind(), weights)

    def _open_cell(self, row: int, column: int) -> None:
        if self.answer is None or self.answer.grid is None:
            return
        grid = self.answer.grid
        weights = grid.members(self.answer.result, (row,), (column,))
        name = f"{grid.rows[row].label} × {grid.columns[column].label}"
        self._opener.open_weighed(self._title(name), self._kind(), weights)

    def _open_line(self, row: int, column: int) -> None:
        """Open the total of a row (``column`` -1) or of a column (``row`` -1)."""
        if self.answer is None or self.answer.grid is None:
            return
        grid = self.answer.grid
        if grid.by_year and row < 0:
            self.year_opened.emit(int(grid.columns[column].key or 0))
            return
        rows = range(len(grid.rows)) if row < 0 else (row,)
        columns = range(len(grid.columns)) if column < 0 else (column,)
        ids = grid.members(self.answer.result, rows, tuple(columns))
        name = grid.rows[row].label if column < 0 else grid.columns[column].label
        self._opener.open(self._title(name), self._kind(), ids)

    def _open_change(self, change: RowChange, part: str) -> None:
        if self.answer is None or self.answer.comparison is None:
            return
        names = {
            "came": tr("Came"),
            "went": tr("Went"),
            "stayed": tr("Shared otherwise"),
            "then": tr("Then"),
            "now": tr("Now"),
        }
        if part in ("then", "now"):
            comparison = self.answer.comparison
            ids = _ids_of(comparison.then if part == "then" else comparison.now, change)
        else:
            ids = getattr(change, part)
        self._opener.open(self._title(f"{label_of(change)} · {names[part]}"), self._kind(), ids)

    def _open_part(self, part: Part) -> None:
        self._opener.open(self._title(part.text.lstrip("=+ ")), self._kind(), part.ids())


def _any(result: StatsResult) -> bool:
    return any(row.count for row in result.rows)


def _ids_of(result: StatsResult, change: RowChange) -> tuple[int, ...]:
    """Return the records behind a row of one side of a comparison; none where it had no such row."""
    if not change.keys:
        return result.members.group("total")
    position = next((at for at, row in enumerate(result.rows) if row.keys == change.keys), None)
    return () if position is None else tuple(id_ for id_, _ in result.members.of(position))


def _also(result: StatsResult) -> list[str]:
    """Return what belongs beside the total: umbrella projects, counterparts in the three regions of China."""
    said = []
    if result.with_parents != result.total:
        said.append(tr("With umbrella projects {n}.", n=whole(result.with_parents)))
    if result.hmt:
        said.append(
            tr("Of the total, {n} have a counterpart in Hong Kong, Macao or Taiwan of China.", n=whole(result.hmt))
        )
    return said
