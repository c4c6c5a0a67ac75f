"""Below the table: the years, the Lorenz curve, and the measures as a plain list."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from bri_desktop.analysis.measures import lorenz
from bri_desktop.analysis.model import StatsResult
from bri_desktop.analysis.names import describe_measure
from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import ABSENT
from bri_desktop.ui.shared.line_chart import Axes, Line, LineChart
from bri_desktop.ui.shared.tokens import Space

SHOWN = ("gini", "gini_normalised", "hhi", "n_eff", "theil", "dissimilarity", "practical_share", "coverage")
PER_CENT = ("coverage",)
THREE_PANELS = 860


def measure_text(code: str, value: Any) -> str:
    """Return a measure as it is shown; a rate with its 95 % interval."""
    if isinstance(value, Mapping):
        if value.get("value") is None:
            return ABSENT
        low, high = 100 * value["low"], 100 * value["high"]
        return tr("{value}% ({low}–{high}%)", value=f"{100 * value['value']:.1f}", low=f"{low:.1f}", high=f"{high:.1f}")
    if value is None:
        return ABSENT
    if code in PER_CENT:
        return f"{100 * value:.1f}%"
    return f"{value:.2f}" if code == "n_eff" else f"{value:.3f}"


def measures_of(result: StatsResult) -> list[tuple[str, str]]:
    """Return (name, value) of the measures that the result has, in order."""
    return [
        (describe_measure(code), measure_text(code, result.measures[code])) for code in SHOWN if code in result.measures
    ]


class LowerPanels(QFrame):
    """Three panels in a row; ``year_opened`` gives the year of a point of the trend."""

    year_opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.trend_title = buttons.label("", "section")
        self.trend = LineChart(tr("By year"))
        self.trend.picked.connect(lambda _line, point: self.year_opened.emit(self._years[point]))
        self._years: tuple[int, ...] = ()
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
        row.addWidget(
            _panel(self.trend_title, buttons.label(tr("A click opens the year's records"), "hint"), self.trend), 4
        )
        row.addWidget(_edge())
        row.addWidget(self.curve_panel, 3)
        row.addWidget(self.curve_edge)
        self.measure_hint = buttons.label("", "hint")
        row.addWidget(_panel(buttons.label(tr("Measures"), "section"), self.measure_hint, listed, stretch=True), 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the curve out where there is no room for three."""
        super().resizeEvent(event)
        has_room = self.width() >= THREE_PANELS
        self.curve_panel.setVisible(has_room)
        self.curve_edge.setVisible(has_room)

    def show_result(self, result: StatsResult, years: StatsResult, title: str) -> None:
        """Show the measures of a result and the totals of the years before it."""
        self._show_years(years, title)
        self._show_curve(result)
        _clear(self.measures)
        self.measure_hint.setText("" if result.n is None else tr("{n} units", n=result.n))
        for number, (name, value) in enumerate(measures_of(result)):
            label, figure = buttons.label(name), buttons.label(value)
            label.setMinimumHeight(26)
            self.measures.addWidget(label, 2 * number, 0)
            self.measures.addWidget(figure, 2 * number, 1, Qt.AlignmentFlag.AlignRight)
            self.measures.addWidget(panels.rule(), 2 * number + 1, 0, 1, 2)

    def _show_years(self, years: StatsResult, title: str) -> None:
        series = years.series
        self._years = tuple(point.year for point in series)
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
        ticks = ((0.0, "0"), (50.0, "50"), (100.0, "100%"))
        lines = [Line(((0.0, 0.0), (100.0, 100.0)), "baseline", "", False, dashed_from=0.0)]
        if points is not None:
            scaled = tuple((100 * x, 100 * y) for x, y in points)
            lines.append(Line(scaled, "series_1", "", has_end=False))
        self.curve.show_lines(lines, Axes((0.0, 100.0), ticks, 100.0))
        self.curve_note.setText(tr("Across: {n} units; up: entries, cumulated", n=len(amounts)))


def _panel(title: QWidget, hint: QWidget, content: QWidget, *, stretch: bool = False) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
    column.setSpacing(Space.INSIDE)
    column.addWidget(title)
    column.addWidget(hint)
    column.addWidget(content, 0 if stretch else 1)
    if stretch:
        column.addStretch(1)
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
