"""The first page: what is due at the left, this year's figures at the right, three doors while the ledger is empty."""

import datetime
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop.domain.changes import Changes
from bri_desktop.i18n import language, tr
from bri_desktop.services.agenda import Agenda, Figure, agenda
from bri_desktop.services.due import Due
from bri_desktop.services.gaps import read_gaps
from bri_desktop.services.record_due import finish_follow_up
from bri_desktop.ui import dialogs
from bri_desktop.ui.agenda.due_table import DueTable, group_title, what
from bri_desktop.ui.agenda.panel import WIDTH, FiguresPanel, figure_name
from bri_desktop.ui.agenda.reminding import Reminding
from bri_desktop.ui.settings import Setting
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.panels import Door, EmptyState, Note
from bri_desktop.ui.shared.tokens import Space

NOTICE_READ = Setting("agenda/notice_read", False)
EXCHANGE_PAGE = "exchange"
ITEM_OF = {
    "follow_up": "follow_up",
    "visit": "activity",
    "expiring": "agreement",
    "anniversary": "activity",
    "edition": "activity",
}
"""Kind of what is due -> the kind of record by which it is settled."""
DAY = len("2026-11-23")
KINDS = {
    "project",
    "pair",
    "approval",
    "follow_up",
    "batch",
    "pending",
    "agreement",
    "activity",
    "place",
    "issued",
    "returned",
    "office",
    "tie_rules",
}


def long_date(day: datetime.date) -> str:
    """Return a day with its weekday."""
    weekdays = (
        tr("Monday"),
        tr("Tuesday"),
        tr("Wednesday"),
        tr("Thursday"),
        tr("Friday"),
        tr("Saturday"),
        tr("Sunday"),
    )
    shown = f"{day.year}年{day.month}月{day.day}日" if language() == "zh_CN" else day.strftime("%d %B %Y").lstrip("0")
    return f"{shown} {weekdays[day.weekday()]}"


class WorkbenchPage(Page):
    """工作台."""

    def __init__(
        self, context: WindowContext, parent: QWidget | None = None, *, today: datetime.date | None = None
    ) -> None:
        super().__init__(tr("Workbench"), "", parent)
        self.context = context
        self._fixed_today = today
        self._is_stale = True
        self.agenda: Agenda | None = None
        self.gaps: tuple[Due, ...] = ()
        self.calendar_button = buttons.button(tr("Dates to a calendar"), self.save_calendar, icon="calendar")
        self.add_action(self.calendar_button)
        self.add_action(buttons.button(tr("Import"), self._import, icon="download"))
        self.new_button = buttons.button(tr("New project"), self._new_project, icon="plus", kind=buttons.PRIMARY)
        self.add_action(self.new_button)
        self.notice = self._notice()
        self.due = DueTable()
        self.due.chosen.connect(self.open_item)
        self.due.settled.connect(self.settle)
        self.nothing_due = EmptyState(tr("Nothing is due."))
        self.left = QStackedWidget()
        self.left.addWidget(self.due)
        self.left.addWidget(self.nothing_due)
        self.panel = FiguresPanel()
        self.panel.figure_opened.connect(self._on_figure)
        self.panel.imports_opened.connect(partial(self._show_page, EXCHANGE_PAGE))
        self.panel.record_opened.connect(lambda key: self.context.open_record(key))
        self.doors = self._doors()
        self.stack = QStackedWidget()
        self.stack.addWidget(self._full())
        self.stack.addWidget(self.doors)
        self.reminding = Reminding(context)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.reminding)
        self.body.addWidget(self.stack, 1)
        self.set_subtitle(long_date(self.today))

    @property
    def today(self) -> datetime.date:
        """The day of the figures."""
        return self._fixed_today or datetime.date.today()

    def activate(self) -> None:
        """Read what is out of date; a new day is."""
        if self._is_stale or self.agenda is None or self.agenda.today != self.today:
            self._read()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read again."""
        if changes.kinds & KINDS or not changes.kinds:
            self._is_stale = True
            if self.isVisible():
                self._read()

    def _read(self) -> None:
        self._is_stale = False
        work = partial(agenda, cache=self.context.statistics)
        self.context.runner.read(work, self.today, done=self._show, initiator=self, replaces=(id(self), "agenda"))

    def _show(self, found: Agenda) -> None:
        self.agenda = found
        self.set_subtitle(long_date(found.today))
        self.stack.setCurrentIndex(1 if found.is_empty else 0)
        self._show_due()
        self.panel.show_agenda(found)
        work = partial(read_gaps, cache=self.context.statistics)
        self.context.runner.read(work, done=self._show_gaps, initiator=self, replaces=(id(self), "gaps"))

    def _show_gaps(self, found: tuple[Due, ...]) -> None:
        if found != self.gaps:
            self.gaps = found
            self._show_due()

    def _show_due(self) -> None:
        """Show what is due and, after it, what my records lack."""
        due = (*(self.agenda.due if self.agenda else ()), *self.gaps)
        self.left.setCurrentIndex(0 if due else 1)
        self.due.show_due(due, self.today.year)
        self.count_changed.emit(len(due))

    def _full(self) -> QWidget:
        made = QWidget()
        made.setProperty("kind", "surface")
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.left, 1)
        side = QScrollArea()
        side.setWidgetResizable(True)
        side.setAccessibleName(tr("Figures of this year"))
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFixedWidth(WIDTH)
        side.setWidget(self.panel)
        row.addWidget(side)
        return made

    def _doors(self) -> EmptyState:
        return EmptyState(
            tr("The ledger is empty. How do you want to begin?"),
            [
                Door(tr("Import a ledger"), "download", tr("Excel, WPS or CSV; looked through first"), self._import),
                Door(tr("New project"), "plus", tr("Enter one by hand"), self._new_project),
                Door(tr("Load the sample"), "bookmark", tr("Cases from the report, to try things"), self._load_sample),
            ],
        )

    def _notice(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        note = Note(
            tr("Classified information must not be entered. The ledger stays on this computer; nothing is sent."),
            "warning",
        )
        note.set_links([("read", tr("Understood"))])
        note.link_clicked.connect(lambda _code: self._on_notice_read())
        column.addWidget(note)
        made.setVisible(not self.context.settings.get(NOTICE_READ))
        return made

    def _on_notice_read(self) -> None:
        self.context.settings.set(NOTICE_READ, True)
        self.notice.hide()

    def settle(self, item: Due) -> None:
        """Do what settles an item: a follow-up is done at once (Ctrl+Z takes it back), the list of whom to remind is
        written, the rest opens at its act."""
        if item.kind == "outstanding":
            self.reminding.write(self.today)
            return
        if item.kind != "follow_up":
            self.open_item(item)
            return
        done = partial(self._on_finished, item)
        self.context.runner.write(finish_follow_up, item.record, self.today, done=done, initiator=None)

    def _on_finished(self, item: Due, _changes: object) -> None:
        self.status_changed.emit(tr("Done: {what}. Ctrl+Z takes it back.", what=item.title))

    def open_item(self, item: Due) -> None:
        """Open what an item is about, where it is settled."""
        if item.kind == "outstanding":
            self.context.show_register()
        elif item.kind == "pending":
            self._show_page(EXCHANGE_PAGE)
        elif item.kind == "approval":
            self.context.open_approval(item.key)
        elif item.kind in ITEM_OF and item.owner:
            self.context.open_item(item.owner, ITEM_OF[item.kind], item.record)
        elif item.project_ids:
            self.context.open_records(RecordSet(what(item), item.project_ids))

    def _on_figure(self, figure: Figure, is_before: bool) -> None:
        ids = figure.before_ids if is_before else figure.now_ids
        if ids:
            year = self.today.year - is_before
            self.context.open_records(RecordSet(f"{figure_name(figure.code)[0]} {year}", ids))

    def save_calendar(self) -> None:
        """Write the dates that are known to the day as an .ics file."""
        items = [item for item in (self.agenda.due if self.agenda else ()) if len(item.due or "") == DAY]
        if not items:
            dialogs.tell(self, tr("No date of the list is known to the day."))
            return
        name = tr("City cooperation")
        path = dialogs.choose_save_file(
            self, tr("Dates to a calendar"), "iCalendar (*.ics)", suggestion=Path(f"{name}.ics")
        )
        if path is not None:
            self.context.runner.compute(_write_calendar, path, items, name, done=self._on_calendar, initiator=self)

    def _on_calendar(self, count: int) -> None:
        self.status_changed.emit(tr("{count} dates written.", count=count))

    def _show_page(self, code: str) -> None:
        self.context.show_page(code)

    def _import(self) -> None:
        self.context.import_files(())

    def _new_project(self) -> None:
        self.context.new_project()

    def _load_sample(self) -> None:
        self.context.load_sample()


def _calendar_title(item: Due) -> str:
    return f"{what(item)}（{group_title(item.kind)}）"


def _write_calendar(path: Path, items: Sequence[Due], name: str) -> int:
    from bri_desktop.services.agenda_out import write_dates

    return write_dates(path, items, _calendar_title, name)
