"""The page of figures: a grouping at the left, what is counted at the top, table with plot, totals, years, measures."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSplitter, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.analysis.model import Count, StatsRequest, StatsResult
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.statistics import statistics
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.tables_out import write_table
from bri_desktop.ui import dialogs
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.panels import Note
from bri_desktop.ui.shared.search_box import SearchBox
from bri_desktop.ui.shared.tokens import Space
from bri_desktop.ui.statistics.choice import ChoiceButton
from bri_desktop.ui.statistics.export import picture_bytes, save_picture
from bri_desktop.ui.statistics.groupings import WIDTH, GroupingList, baselines, grouping_name
from bri_desktop.ui.statistics.lower import LowerPanels
from bri_desktop.ui.statistics.table import Legend, StatisticsTable
from bri_desktop.ui.statistics.totals import Part, TotalsBand
from bri_desktop.ui.statistics.words import as_filter, count_name, finding, short_baseline

YEARS_BACK = 11
OLDEST_CHOICE = 30
"""So many years back a year can be chosen."""
NOW = ""
TYPING_MILLISECONDS = 300
FIRST_GROUPING = "continent"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the controls say."""

    request: StatsRequest
    filter_text: str = ""

    def over_years(self) -> "Asked":
        """Return the same over the years that end with the one asked for."""
        last = self.request.year or self.request.today.year
        span = (last - YEARS_BACK, last)
        return replace(self, request=replace(self.request, year=None, span=span, by=(), baseline=None))

    def of_year(self, year: int) -> "Asked":
        """Return the total of one year."""
        return replace(self, request=replace(self.request, year=year, by=(), baseline=None))


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures asked for and those of the years before."""

    result: StatsResult
    years: StatsResult


def read_answer(session: Any, asked: Asked, cache: StatisticsCache) -> Answer:
    """Compute both, on a reader."""
    years = asked.over_years()
    return Answer(
        statistics(session, asked.request, filter_text=asked.filter_text, cache=cache),
        statistics(session, years.request, filter_text=years.filter_text, cache=cache),
    )


def read_total(session: Any, asked: Asked, cache: StatisticsCache) -> StatsResult:
    """Compute one total, on a reader."""
    return statistics(session, asked.request, filter_text=asked.filter_text, cache=cache)


class StatisticsPage(Page):
    """统计分析."""

    def __init__(
        self, context: WindowContext, parent: QWidget | None = None, *, today: datetime.date | None = None
    ) -> None:
        super().__init__(tr("Statistics"), "", parent, searchable=False)
        self.context = context
        self._today = today
        self._is_stale = True
        self.answer: Answer | None = None
        self.asked: Asked | None = None
        self.count_choice = ChoiceButton(tr("Counted"))
        self.year_choice = ChoiceButton(tr("Year"))
        self.baseline_choice = ChoiceButton(tr("Baseline"))
        self.filter_box = SearchBox(tr("Filter"))
        self.groupings = GroupingList()
        self.finding = buttons.label("", "finding", wrap=True)
        self.rule = buttons.label("", "hint", wrap=True)
        self.problem = Note("", "error")
        self.table = StatisticsTable()
        self.legend = Legend()
        self.totals = TotalsBand()
        self.below = LowerPanels()
        self._make_head()
        self._make_body()
        self._connect()
        self.groupings.choose(FIRST_GROUPING)

    @property
    def today(self) -> datetime.date:
        """The day of the figures."""
        return self._today or datetime.date.today()

    def activate(self) -> None:
        """Compute what is out of date; a new day is."""
        is_new_day = self.asked is not None and self.asked.request.today != self.today
        if self._is_stale or self.answer is None or is_new_day:
            self._read()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Compute again; whoever tells of the change has made the cache forget."""
        if changes.kinds and not changes.kinds & {"project", "pair", "place", "agreement", "outcome"}:
            return
        self._is_stale = True
        if self.isVisible():
            self._read()

    # --- parts ----------------------------------------------------------------------------------------------------

    def _make_head(self) -> None:
        counts: Sequence[Count] = ("stock", "flow", "ended", "active", "pipeline")
        self.count_choice.set_choices([(code, count_name(code)) for code in counts], "stock")
        this_year = self.today.year
        years = [str(year) for year in range(this_year, this_year - OLDEST_CHOICE, -1)]
        self.year_choice.set_choices([(NOW, tr("up to today")), *((year, year) for year in years)], NOW)
        for control in (self.count_choice, self.year_choice, self.baseline_choice):
            self.add_beside_title(control)
        self.add_action(buttons.button(tr("Copy picture"), self.copy_picture, icon="copy"))
        menu = QMenu(self)
        menu.addAction(tr("Copy table"), self.copy_table)
        menu.addAction(tr("Table as Excel…"), self.save_table)
        menu.addAction(tr("Picture as PNG…"), partial(self.save_picture, "png"))
        menu.addAction(tr("Picture as SVG…"), partial(self.save_picture, "svg"))
        self.add_action(buttons.menu_button(tr("Export"), menu, icon="upload"))

    def _make_body(self) -> None:
        upper = QFrame()
        upper.setProperty("kind", "surface")
        heading = QVBoxLayout()
        heading.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
        heading.setSpacing(Space.INSIDE)
        first = QHBoxLayout()
        first.addWidget(self.finding, 1)
        first.addWidget(self.legend, 0, Qt.AlignmentFlag.AlignBottom)
        heading.addLayout(first)
        heading.addWidget(self.rule)
        heading.addWidget(self.problem)
        self.problem.hide()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(heading)
        column.addWidget(self.table, 1)
        column.addWidget(self.totals)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(upper)
        split.addWidget(self.below)
        split.setStretchFactor(0, 1)
        split.setSizes([420, 250])
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side())
        row.addWidget(split, 1)
        self.body.addLayout(row, 1)

    def _side(self) -> QFrame:
        side = QFrame()
        side.setObjectName("navigation_frame")
        side.setFixedWidth(WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, Space.BETWEEN, 1, 0)
        column.setSpacing(Space.INSIDE)
        above = QHBoxLayout()
        above.setContentsMargins(Space.BETWEEN, 0, Space.BETWEEN, 0)
        above.addWidget(self.filter_box)
        column.addLayout(above)
        column.addWidget(self.groupings, 1)
        return side

    def _connect(self) -> None:
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MILLISECONDS)
        self._typing.timeout.connect(self._read)
        self.filter_box.searched.connect(lambda _text: self._typing.start())
        self.groupings.chosen.connect(self._on_grouping)
        for choice in (self.count_choice, self.year_choice, self.baseline_choice):
            choice.chosen.connect(lambda _code: self._read())
        self.table.figure_opened.connect(self._open_row)
        self.totals.part_opened.connect(self._open_part)
        self.below.year_opened.connect(self._open_year)

    def _on_grouping(self, code: str) -> None:
        offered = baselines(code)
        before = self.baseline_choice.code()
        kept = before if before in offered and before != "equal" else offered[0]
        self.baseline_choice.set_choices([(name, short_baseline(name)) for name in offered], kept)
        self.baseline_choice.setEnabled(len(offered) > 1)
        self._read()

    # --- reading --------------------------------------------------------------------------------------------------

    def _ask(self) -> Asked:
        year = self.year_choice.code()
        request = StatsRequest(
            today=self.today,
            count=_count(self.count_choice.code()),
            year=int(year) if year else None,
            by=(self.groupings.code(),),
            baseline=self.baseline_choice.code(),
        )
        return Asked(request, as_filter(self.filter_box.text()))

    def _read(self) -> None:
        if not self.isVisible():
            self._is_stale = True
            return
        self._is_stale = False
        asked = self._ask()
        self.context.runner.read(
            read_answer,
            asked,
            self.context.statistics,
            done=partial(self._show, asked),
            failed=self._on_failed,
            initiator=self,
            replaces=(id(self), "figures"),
        )

    def _show(self, asked: Asked, answer: Answer) -> None:
        self.asked, self.answer = asked, answer
        result = answer.result
        self.problem.hide()
        self.finding.setText(finding(result))
        self.rule.setText(" ".join((result.rule, *result.notes)))
        self.table.show_result(result)
        self.totals.show_result(result)
        self.below.show_result(result, answer.years, count_name(result.count))

    def _on_failed(self, error: UserError) -> None:
        self.problem.set_text(labels.error_sentence(error))
        self.problem.show()

    # --- opening --------------------------------------------------------------------------------------------------

    def _title(self, unit: str) -> str:
        assert self.asked is not None
        year = self.asked.request.year
        when = str(year) if year else self.asked.request.today.isoformat()
        return f"{count_name(self.asked.request.count)} {when} · {unit}"

    def _open_row(self, position: int) -> None:
        row = self.table.stats_row(position)
        if self.answer is not None and row is not None and row.count:
            ids = tuple(id_ for id_, _ in self.answer.result.members.of(position))
            self.context.open_records(RecordSet(self._title(row.label), ids))

    def _open_part(self, part: Part) -> None:
        self.context.open_records(RecordSet(self._title(part.text.lstrip("=+ ")), part.ids))

    def _open_year(self, year: int) -> None:
        if self.asked is None:
            return
        asked = self.asked.of_year(year)
        title = f"{count_name(asked.request.count)} {year}"

        def opened(result: StatsResult) -> None:
            if result.total:
                self.context.open_records(RecordSet(title, result.members.group("total")))

        self.context.runner.read(read_total, asked, self.context.statistics, done=opened, initiator=self)

    # --- taking out -----------------------------------------------------------------------------------------------

    def heading_text(self) -> str:
        """Return the title of the picture."""
        return self._title(grouping_name(self.groupings.code()))

    def copy_table(self) -> None:
        """Put the table on the clipboard, for a spreadsheet."""
        if self.answer is not None:
            QGuiApplication.clipboard().setText(self.table.text())

    def copy_picture(self) -> None:
        """Put the picture on the clipboard, when it is drawn."""
        if self.answer is None:
            return

        def drawn(png: bytes) -> None:
            QGuiApplication.clipboard().setImage(QImage.fromData(png))

        result = self.answer.result
        self.context.runner.compute(
            picture_bytes, result, self.heading_text(), self._note(), done=drawn, initiator=self
        )

    def save_table(self) -> None:
        """Ask for a place and write the table there."""
        if self.answer is None:
            return
        path = self._ask_path("xlsx")
        if path is None:
            return
        heads, rows = self.table.values()
        self.context.runner.compute(
            write_table, path, grouping_name(self.groupings.code()), heads, rows, done=self._on_saved, initiator=self
        )

    def save_picture(self, kind: str) -> None:
        """Ask for a place and draw the picture there."""
        if self.answer is None:
            return
        path = self._ask_path(kind)
        if path is None:
            return
        self.context.runner.compute(
            save_picture,
            self.answer.result,
            self.heading_text(),
            self._note(),
            path,
            done=self._on_saved,
            initiator=self,
        )

    def _ask_path(self, kind: str) -> Path | None:
        suggestion = Path(f"{self.heading_text().replace(' · ', ' ')}.{kind}")
        path = dialogs.choose_save_file(self, tr("Save"), f"{kind.upper()} (*.{kind})", suggestion=suggestion)
        if path is None or path.suffix.lower() == f".{kind}":
            return path
        return path.with_name(f"{path.name}.{kind}")

    def _on_saved(self, saved: Path) -> None:
        self.status_changed.emit(tr("Saved: {file}", file=saved.name))

    def _note(self) -> str:
        return tr("As of {date}", date=self.today.isoformat())


def _count(code: str) -> Count:
    known: dict[str, Count] = {
        "stock": "stock",
        "flow": "flow",
        "ended": "ended",
        "active": "active",
        "pipeline": "pipeline",
    }
    return known[code]
