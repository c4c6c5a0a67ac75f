"""Under the picture: the course of the figure over the years, and what would change it most."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from bri_desktop.analysis.diagnosis import Lever, Panel, TrendPoint
from bri_desktop.charts.numbers import whole
from bri_desktop.i18n import tr
from bri_desktop.services.diagnosis_words import lever_text
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.line_chart import Axes, Line, LineChart
from bri_desktop.ui.shared.tokens import Size, Space

SHARES = frozenset({"broken", "practical_share", "dissimilarity", "mean"})
"""Figures between 0 and 1, drawn in per cent."""
COUNTS = frozenset({"records"})


def trend_title(panel: Panel) -> str:
    """Return what the line follows."""
    titles = {
        "dissimilarity": tr("Share that would have to move for parity, %"),
        "broken": tr("Terminated or failed of what ended, %"),
        "median_countries": tr("Effective partner countries of the city in the middle"),
        "mean": tr("Mean similarity, %"),
        "median_total": tr("Days of an approval in the middle"),
        "practical_share": tr("Practical share, %"),
        "records": tr("Projects begun"),
    }
    return titles[panel.trend_figure]


class LowerPart(QFrame):
    """Trend and levers; ``lever_opened`` gives the lever whose records are wanted."""

    lever_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.trend_title = buttons.label("", "section", wrap=True)
        self.trend_note = buttons.label("", "hint", wrap=True)
        self.trend = LineChart(tr("By year"))
        self.lever_title = buttons.label(tr("What would change it most"), "section", wrap=True)
        self._levers = QVBoxLayout()
        self._levers.setContentsMargins(0, 0, 0, 0)
        self._levers.setSpacing(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(_column(self.trend_title, self.trend_note, self.trend), 1)
        edge = QFrame()
        edge.setProperty("kind", "side")
        edge.setFixedWidth(1)
        row.addWidget(edge)
        row.addWidget(_column(self.lever_title, self._scroll()), 1)

    def _scroll(self) -> QScrollArea:
        listed = QFrame()
        listed.setProperty("kind", "surface")
        outer = QVBoxLayout(listed)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._levers)
        outer.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(listed)
        return area

    def show_panel(self, panel: Panel) -> None:
        """Show another panel."""
        self._show_trend(panel)
        while self._levers.count():
            item = self._levers.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        levers = panel.levers if panel.enough else ()
        for lever in levers:
            self._levers.addWidget(self._line(lever))
        if not levers:
            self._levers.addWidget(buttons.label(tr("Nothing stands out."), "hint"))

    def _line(self, lever: Lever) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 1, 0, 1)
        row.addWidget(buttons.label(lever_text(lever), wrap=True), 1)
        if lever.ids:
            text = tr("View {count} records", count=f"{len(lever.ids):,}")
            button = buttons.button(text, lambda: self.lever_opened.emit(lever), kind=buttons.SMALL_LINK)
            button.setAccessibleDescription(lever_text(lever))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        made.setMinimumHeight(Size.CONTROL)
        return made

    def _show_trend(self, panel: Panel) -> None:
        known = [point for point in panel.trend if point.value is not None]
        self.trend_title.setText(trend_title(panel))
        self.trend.setVisible(len(known) > 1)
        self.trend_note.setText(_note(panel.trend, known))
        if len(known) < 2:
            return
        factor = 100.0 if panel.trend_figure in SHARES else 1.0
        points = tuple((float(point.year), factor * (point.value or 0.0)) for point in known)
        first, last = known[0].year, known[-1].year
        step = max(1, (last - first) // 4)
        ticks = tuple((float(year), str(year)) for year in reversed(range(last, first - 1, -step)))
        ends = [
            whole(value) if panel.trend_figure in COUNTS else f"{value:.1f}" for _, value in (points[0], points[-1])
        ]
        self.trend.show_lines(
            [Line(points, "series_1", ends[1], start_label=ends[0])], Axes((float(first), float(last)), ticks)
        )


def _note(trend: Sequence[TrendPoint], known: Sequence[TrendPoint]) -> str:
    if len(known) < 2:
        return tr("Fewer than two years have records enough for a line.")
    if len(known) == len(trend):
        return tr("{first}–{last}", first=known[0].year, last=known[-1].year)
    return tr("{first}–{last}; years with too few records are left out", first=known[0].year, last=known[-1].year)


def _column(*widgets: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
    column.setSpacing(Space.INSIDE)
    for widget in widgets[:-1]:
        column.addWidget(widget)
    column.addWidget(widgets[-1], 1)
    column.addStretch(0)
    return made
