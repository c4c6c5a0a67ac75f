"""Below the table: the years, the Lorenz curve, and the measures as a plain list."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from bri_desktop.analysis.measures import lorenz
from bri_desktop.analysis.model import StatsResult
from bri_desktop.analysis.names import describe_measure
from bri_desktop.i18n import tr
from bri_desktop.label_measures import number_text, rate_text, unknown_text
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import ABSENT
from bri_desktop.ui.shared.line_chart import Axes, Line, LineChart
from bri_desktop.ui.shared.taking_out import Shown
from bri_desktop.ui.shared.tokens import Space

SHOWN = ("gini", "gini_normalised", "hhi", "n_eff", "theil", "dissimilarity", "practical_share", "coverage")
PER_CENT = ("coverage",)
LINE_CHART = NativeChart((1,), "line")
THREE_PANELS = 860


def measure_text(code: str, value: Any) -> str:
    """Return a measure as it is shown; a rate with its 95 % interval."""
    if isinstance(value, Mapping):
        return rate_text(value)
    if value is None:
        return ABSENT
    if code in PER_CENT:
        return f"{100 * value:.1f}%"
    return number_text(value, places=2 if code == "n_eff" else 3)


def equation_text(years: StatsResult) -> str:
    """Return the stock equation of the last year: what was there, came, ended, is there."""
    point = years.series[-1]
    before = point.stock - point.flow + point.ended + point.ended_unknown
    unknown = unknown_text(point.ended_unknown)
    return tr(
        "End of {before_year}: {before} + new {flow} − ended {ended}{unknown} = end of {year}: {stock}",
        before_year=point.year - 1,
        before=f"{before:,}",
        flow=f"{point.flow:,}",
        ended=f"{point.ended:,}",
        unknown=unknown,
        year=point.year,
        stock=f"{point.stock:,}",
    )


def measures_of(result: StatsResult) -> list[tuple[str, str]]:
    """Return (name, value) of the measures that the result has, in order."""
    return [
        (describe_measure(code), measure_text(code, result.measures[code])) for code in SHOWN if code in result.measures
    ]


class LowerPanels(QFrame):
    """Three panels in a row; ``year_opened`` gives the year of a point of the trend."""

    year_opened = Signal(int)
    all_measures_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.trend_title = buttons.label("", "section")
        self.trend = LineChart(tr("By year"))
        self.trend.picked.connect(lambda _line, point: self.year_opened.emit(self._years[point]))
        self._years: tuple[int, ...] = ()
        self._totals: tuple[int, ...] = ()
        self._units: tuple[tuple[str, float], ...] = ()
        self.equation = buttons.label("", "hint", wrap=True)
        self.curve = LineChart(tr("Lorenz curve"))
        self.curve_note = buttons.label("", "hint")
        self.curve_panel = _panel(buttons.label(tr("Lorenz curve"), "section"), self.curve_note, self.curve)
        self.curve_edge = _edge()
        self.measures = QGridLayout()
        self.measures.setContentsMargins(0, 0, 0, 0)
        self.measures.setVerticalSpacing(0)
        self.measures.setColumnStretch(0, 1)
        listed = QWidget()
        listed.setLayout(self.measures)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(_panel(self.trend_title, self.equation, self.trend), 4)
        row.addWidget(_edge())
        row.addWidget(self.curve_panel, 3)
        row.addWidget(self.curve_edge)
        self.measure_hint = buttons.label("", "hint")
        self.all_button = buttons.button(tr("All measures"), self.all_measures_wanted.emit, kind=buttons.SMALL_LINK)
        panel = _panel(buttons.label(tr("Measures"), "section"), self.measure_hint, _scrolled(listed, self.all_button))
        row.addWidget(panel, 4)
        self._has_curve = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the curve out where there is no room for three."""
        super().resizeEvent(event)
        self._place_curve()

    def _place_curve(self) -> None:
        is_shown = self._has_curve and self.width() >= THREE_PANELS
        self.curve_panel.setVisible(is_shown)
        self.curve_edge.setVisible(is_shown)

    def show_result(self, result: StatsResult, years: StatsResult, title: str) -> None:
        """Show the measures of a result and the totals of the years before it."""
        self._show_years(years, title)
        self._has_curve = len(result.by) == 1 and result.span is None and bool(result.n) and result.total > 0
        self._units = ()
        if self._has_curve:
            self._show_curve(result)
        self._place_curve()
        _clear(self.measures)
        self.measure_hint.setText("" if result.n is None else tr("{n} units", n=result.n))
        for number, (name, value) in enumerate(measures_of(result)):
            label, figure = buttons.label(name, wrap=True), buttons.label(value)
            label.setMinimumHeight(26)
            self.measures.addWidget(label, 2 * number, 0)
            self.measures.addWidget(figure, 2 * number, 1, Qt.AlignmentFlag.AlignRight)
            self.measures.addWidget(panels.rule(), 2 * number + 1, 0, 1, 2)

    def trend_shown(self, title: str) -> Shown | None:
        """Return the years as what can be taken out."""
        if not any(self._totals):
            return None
        rows: list[list[str | float | None]] = [
            [str(year), total] for year, total in zip(self._years, self._totals, strict=True)
        ]
        name = f"{title} {tr('By year')}"
        return Shown(name, self.equation.text(), [tr("Year"), tr("Entries")], rows, LINE_CHART, self.trend)

    def curve_shown(self, title: str) -> Shown | None:
        """Return the Lorenz curve as what can be taken out: units from the smallest, both cumulated in per cent."""
        points = lorenz([weight for _, weight in self._units]) if self._units else None
        if points is None:
            return None
        rows: list[list[str | float | None]] = [
            [name, weight, 100 * x, 100 * y] for (name, weight), (x, y) in zip(self._units, points[1:], strict=True)
        ]
        heads = [tr("Unit"), tr("Shared out"), tr("Units, cumulated %"), tr("Entries, cumulated %")]
        name = f"{title} {tr('Lorenz curve')}"
        return Shown(name, self.curve_note.text(), heads, rows, NativeChart((2, 3), "line"), self.curve)

    def _show_years(self, years: StatsResult, title: str) -> None:
        series = years.series
        self._years = tuple(point.year for point in series)
        self._totals = tuple(point.total for point in series)
        self.equation.setText(equation_text(years))
        points = tuple((float(point.year), float(point.total)) for point in series)
        first, last = self._years[0], self._years[-1]
        self.trend_title.setText(tr("{what}, {first}–{last}", what=title, first=first, last=last))
        step = max(1, (last - first) // 4)
        ticks = tuple((float(year), str(year)) for year in reversed(range(last, first - 1, -step)))
        label = f"{series[-1].total:,}"
        axes = Axes((float(first), float(last)), ticks, None, True)
        self.trend.show_lines(
            [Line(points, "series_1", label, start_label=f"{series[0].total:,}")], axes, is_pickable=True
        )

    def _show_curve(self, result: StatsResult) -> None:
        amounts = [row.weight for row in result.rows if row.is_unit]
        points = lorenz(amounts) if result.n else None
        self._units = tuple(sorted(((row.label, row.weight) for row in result.rows if row.is_unit), key=_amount))
        ticks = ((0.0, "0"), (50.0, "50"), (100.0, "100%"))
        lines = [Line(((0.0, 0.0), (100.0, 100.0)), "baseline", "", False, dashed_from=0.0)]
        if points is not None:
            scaled = tuple((100 * x, 100 * y) for x, y in points)
            lines.append(Line(scaled, "series_1", "", has_end=False))
        self.curve.show_lines(lines, Axes((0.0, 100.0), ticks, 100.0))
        self.curve_note.setText(tr("Across: {n} units; up: entries, cumulated", n=len(amounts)))


def _amount(unit: tuple[str, float]) -> float:
    return unit[1]


def _scrolled(*widgets: QWidget) -> QScrollArea:
    """Return widgets under one another that scroll where a window is low."""
    inner = QFrame()
    inner.setProperty("kind", "surface")
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.INSIDE)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area


def _panel(title: QWidget, hint: QWidget, content: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
    column.setSpacing(Space.INSIDE)
    column.addWidget(title)
    column.addWidget(hint)
    column.addWidget(content, 1)
    return made


def _edge() -> QFrame:
    made = QFrame()
    made.setProperty("kind", "side")
    made.setFixedWidth(1)
    return made


def _clear(grid: QGridLayout) -> None:
    while grid.count():
        item = grid.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
