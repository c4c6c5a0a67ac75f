"""The page of figures: what is counted at the top, by what at the left; figures, measures, city index and tables."""

import datetime
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.analysis.model import StatsResult
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.label_measures import kind_name
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.flow import FlowBox
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.panels import Band, Note
from bri_desktop.ui.shared.search_box import SearchBox
from bri_desktop.ui.shared.taking_out import Shown, TakingOut
from bri_desktop.ui.shared.tokens import Size, Space
from bri_desktop.ui.statistics.controls import Controls
from bri_desktop.ui.statistics.figures import Figures
from bri_desktop.ui.statistics.groupings import WIDTH, GroupingList, grouping_name
from bri_desktop.ui.statistics.index_room import IndexRoom
from bri_desktop.ui.statistics.measures_room import MeasuresRoom
from bri_desktop.ui.statistics.opening import Opener
from bri_desktop.ui.statistics.reading import Answer, Asked, Offers, read_answer, read_offers, read_total
from bri_desktop.ui.statistics.tables_room import TablesRoom
from bri_desktop.ui.statistics.words import count_name

TYPING_MILLISECONDS = 300
ROOMY = 1000
FIRST_GROUPING = "continent"
FIGURES, MEASURES, INDEX, TABLES = range(4)
KINDS = frozenset(
    {"project", "pair", "place", "agreement", "outcome", "activity", "measure_table", "measure_options", "code", "view"}
)


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
        self.controls = Controls(self.today, self)
        self.filter_box = SearchBox(tr("Filter"))
        self.groupings = GroupingList()
        self.problem = Note("", "error")
        self.problem.hide()
        self.opener = Opener(lambda records: context.open_records(records))
        self.figures = Figures(self.opener, self._title)
        self.measures = MeasuresRoom(context)
        self._is_narrow = False
        self.index = IndexRoom(context)
        self.tables = TablesRoom(context)
        parts = ((tr("By year"), partial(self._part, 0)), (tr("Lorenz curve"), partial(self._part, 1)))
        self.taking_out = TakingOut(self, context.runner, self.shown, parts)
        self._make_head()
        self._make_body()
        self.taking_out.saved.connect(self.status_changed)
        self.groupings.choose(FIRST_GROUPING)
        self.controls.set_grouping(FIRST_GROUPING)
        self._connect()

    @property
    def today(self) -> datetime.date:
        """The day of the figures."""
        return self._today or datetime.date.today()

    def activate(self) -> None:
        """Compute what is out of date; a new day is."""
        is_new_day = self.asked is not None and self.asked.request.today != self.today
        if self._is_stale or self.answer is None or is_new_day:
            self.controls.set_today(self.today)
            self._read(again=True)
        elif self.tabs.currentIndex() == TABLES:
            self.tables.activate()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Compute again; whoever tells of the change has made the cache forget."""
        if changes.kinds and not changes.kinds & KINDS:
            return
        self._is_stale = True
        if self.isVisible():
            self._read(again=True)

    # --- parts ----------------------------------------------------------------------------------------------------

    def _make_head(self) -> None:
        for control in self.controls.widgets_of_head():
            self.add_beside_title(control)
        copy = buttons.button(tr("Copy picture"), self.taking_out.copy_picture, icon="copy")
        print_ = buttons.button(tr("Print"), self.taking_out.print_picture, icon="printer")
        self._also_in_menu = copy, print_
        self.add_action(copy)
        self.add_action(buttons.menu_button(tr("Export"), self.taking_out.menu, icon="upload"))
        self.add_action(print_)

    def _make_body(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName(tr("Parts of the statistics"))
        for text in (tr("Figures"), tr("All measures"), tr("City index"), tr("Tables, weights")):
            self.tabs.addTab(text)
        self.strip = Band("surface-band", Size.FILTER_ROW, Space.BETWEEN + 2)
        self.strip.add(self.tabs)
        self.strip.add_stretch()
        self.choices = FlowBox()
        for control in self.controls.widgets_of_band():
            self.choices.add(control)
        self.strip.add(self.choices)
        self.stack = QStackedWidget()
        for room in (self.figures, self.measures, self.index, self.tables):
            self.stack.addWidget(room)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.problem)
        right.addWidget(self.stack, 1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.side = self._side()
        row.addWidget(self.side)
        row.addLayout(right, 1)
        self.body.addWidget(self.strip)
        self.body.addLayout(row, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the choices have no room beside the title, the tabs go there and the choices fill lines below."""
        super().resizeEvent(event)
        is_narrow = self.width() < ROOMY
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        for button in self._also_in_menu:
            button.setVisible(not is_narrow)
        for at, control in enumerate(self.controls.widgets_of_head()):
            is_hidden = control.isHidden()
            if is_narrow:
                self.choices.insert(at, control)
            else:
                self.choices.give(control)
                self.add_beside_title(control)
            control.setVisible(not is_hidden)
        if is_narrow:
            self.add_beside_title(self.tabs)
        else:
            self.strip.row.insertWidget(0, self.tabs)
        self.tabs.show()
        self._show_strip()

    def _show_strip(self) -> None:
        """Leave an empty strip out."""
        has_any = any(not control.isHidden() for control in self.choices.widgets())
        self.strip.setVisible(has_any or not self._is_narrow)

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
        self.controls.changed.connect(self._read)
        self.tabs.currentChanged.connect(self._on_tab)
        self.figures.year_opened.connect(self._open_year)
        self.figures.all_measures_wanted.connect(lambda: self.tabs.setCurrentIndex(MEASURES))
        self.index.tables_wanted.connect(lambda: self.tabs.setCurrentIndex(TABLES))

    def _on_grouping(self, code: str) -> None:
        self.controls.set_grouping(code)
        self._read()

    def _on_tab(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self.side.setVisible(place in (FIGURES, MEASURES))
        is_counted = place in (FIGURES, MEASURES)
        self.controls.show_for(is_figures=place == FIGURES, is_counted=is_counted, is_dated=place != TABLES)
        self._show_strip()
        self._show_room()

    # --- reading --------------------------------------------------------------------------------------------------

    def _read(self, *, again: bool = False) -> None:
        self._is_stale = False
        asked = self.controls.ask(self.filter_box.text())
        if again:
            self.context.runner.read(read_offers, done=self._on_offers, initiator=self)
        self.context.runner.read(
            read_answer,
            asked,
            self.context.statistics,
            done=partial(self._show, asked),
            failed=self._on_failed,
            initiator=self,
            replaces=(id(self), "figures"),
        )
        self._show_room(again=again)

    def _on_offers(self, offers: Offers) -> None:
        self.controls.set_offers(offers)

    def _show(self, asked: Asked, answer: Answer) -> None:
        self.asked, self.answer = asked, answer
        self.problem.hide()
        self.figures.show_answer(asked, answer)

    def _show_room(self, *, again: bool = False) -> None:
        """Read what the room that is shown needs for what is asked now."""
        asked, place = self.controls.ask(self.filter_box.text()), self.tabs.currentIndex()
        if place == MEASURES:
            self.measures.show_asked(asked, self._heading_of(asked), again=again)
        elif place == INDEX:
            self.index.show_asked(asked)
        elif place == TABLES:
            self.tables.activate()

    def _on_failed(self, error: UserError) -> None:
        self.problem.set_text(labels.error_sentence(error))
        self.problem.show()

    # --- opening --------------------------------------------------------------------------------------------------

    def _title(self, unit: str) -> str:
        assert self.asked is not None
        return _title_of(self.asked, unit)

    def _heading_of(self, asked: Asked) -> str:
        return _title_of(asked, " × ".join(grouping_name(code) for code in asked.request.by))

    def heading_text(self) -> str:
        """Return the title of the picture."""
        return self._heading_of(self.asked) if self.asked is not None else ""

    def _open_year(self, year: int) -> None:
        if self.asked is None:
            return
        asked = self.asked.of_year(year)

        def opened(result: StatsResult) -> None:
            self.opener.open(_title_of(asked, ""), asked.request.kind, result.members.group("total"))

        self.context.runner.read(read_total, asked, self.context.statistics, done=opened, initiator=self)

    # --- taking out -----------------------------------------------------------------------------------------------

    def shown(self) -> Shown | None:
        """Return what the page shows, for the clipboard, files and the printer."""
        place = self.tabs.currentIndex()
        if place == FIGURES:
            return self.figures.shown(self.heading_text(), self._note()) if self.answer is not None else None
        rooms = {MEASURES: self.measures.shown, INDEX: self.index.shown, TABLES: self.tables.shown}
        return rooms[place]()

    def copy_table(self) -> None:
        """Put the table on the clipboard, for a spreadsheet."""
        self.taking_out.copy_table()

    def copy_picture(self) -> None:
        """Put the picture on the clipboard, when it is drawn."""
        self.taking_out.copy_picture()

    def save_table(self) -> None:
        """Ask for a place and write the table there."""
        self.taking_out.save_table()

    def save_picture(self, kind: str) -> None:
        """Ask for a place and draw the picture there."""
        self.taking_out.save_picture(kind)

    def _part(self, number: int) -> Shown | None:
        if self.answer is None:
            return None
        below, title = self.figures.below, self.heading_text()
        return below.curve_shown(title) if number else below.trend_shown(title)

    def _note(self) -> str:
        return tr("As of {date}", date=self.today.isoformat())


def _title_of(asked: Asked, unit: str) -> str:
    """Return what figures are of: kind (of others than projects), what is counted, when, and the unit."""
    request = asked.request
    when = str(request.year) if request.year else request.today.isoformat()
    if request.span:
        when = f"{request.span[0]}—{request.span[1]}"
    kind = f"{request.kind}:{asked.pair_kind}" if asked.pair_kind else request.kind
    parts = [] if request.kind == "project" else [kind_name(kind)]
    parts.append(f"{count_name(request.count)} {when}")
    return " · ".join([*parts, unit] if unit else parts)
