"""The room of the pages: one page at a time with its way back, its forms, and what can be taken out of it."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.vocabulary import PAIR_KEY, key_of
from bri_desktop.i18n import tr
from bri_desktop.services.cities import PlaceRow
from bri_desktop.services.city_events import Event
from bri_desktop.services.city_pages import PlacePage, TiePage, read_country, read_place, read_tie
from bri_desktop.services.mode_pages import ModePage, read_mode
from bri_desktop.ui.cities import mode_page, place_page, tie_page
from bri_desktop.ui.cities.page_tables import record_table, year_table
from bri_desktop.ui.cities.parts import Section, event_list, latest, section
from bri_desktop.ui.cities.room_forms import Found, RoomForms
from bri_desktop.ui.cities.tie_records import TieRecords
from bri_desktop.ui.cities.time_line import Lane, TimeItem, TimeLine, year_position
from bri_desktop.ui.cities.words import lanes, project_key
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.flow import FlowBox
from bri_desktop.ui.shared.panels import Band, Note
from bri_desktop.ui.shared.record_sheets import SheetActs
from bri_desktop.ui.shared.taking_out import Shown, TakingOut
from bri_desktop.ui.shared.tokens import Space

Target = tuple[str, int | str]
"""``tie``, ``place`` or ``mode`` with a record number, ``country`` with an ISO code."""
LEAST_TITLE = 176


class DetailRoom(RoomForms):
    """Shows the page of a target; ``left`` says that the way back has reached the lists."""

    left = Signal()
    saved = Signal(str)

    def __init__(
        self, context: WindowContext, parent: QWidget | None = None, *, today: datetime.date | None = None
    ) -> None:
        super().__init__(context, parent, today)
        self.setProperty("kind", "surface")
        self._path: list[tuple[Target, int]] = []
        self.time_line: TimeLine | None = None
        self.title_label = buttons.label("", "section")
        self.context_label = buttons.label("", "hint")
        self.projects_button = buttons.button("", self.open_projects)
        self.records_button = buttons.button(tr("Agreements, activities"), icon="file-text")
        self.sheets = SheetActs(context, self)
        self.sheet_button = buttons.button(tr("Record sheet"), self.write_sheet, icon="printer")
        self.taking_out = TakingOut(self, context.runner, self.shown, ())
        self.taking_out.saved.connect(self.saved)
        self.problem = Note("", "error")
        self.problem.hide()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column.addWidget(self._head())
        self._column.addWidget(self.problem)
        self.records = TieRecords(context, self.area, lambda pair: self.go(("tie", pair)))
        self.records.said.connect(self.saved)
        self.records_button.clicked.connect(self.records.toggle)
        self.sheets.said.connect(self.saved)
        self._column.addWidget(self.records, 1)
        for keys in (QKeySequence(Qt.Key.Key_Escape), QKeySequence("Alt+Left")):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.back)

    def _head(self) -> Band:
        head = Band(margin=Space.PAGE)
        head.add(self.back_button)
        # One over the other, and broken where they are long: beside each other they would narrow the buttons.
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        for label in (self.title_label, self.context_label):
            label.setWordWrap(True)
            label.setMinimumWidth(LEAST_TITLE)
            words.addWidget(label)
        words.addStretch(1)
        head.row.addLayout(words, 1)
        acts = FlowBox()
        for button in self._page_buttons():
            acts.add(button)
        acts.add(buttons.button(tr("Copy picture"), self.taking_out.copy_picture, icon="copy"))
        acts.add(buttons.menu_button(tr("Export"), self.taking_out.menu, icon="upload"))
        head.add(acts)
        return head

    def _page_buttons(self) -> tuple[QPushButton, ...]:
        """Return the acts that only some pages have."""
        return self.projects_button, self.records_button, self.sheet_button, self.edit_button, self.rules_button

    # -- the way ---------------------------------------------------------------------------------------------------

    def go(self, target: Target) -> None:
        """Show the page of a target on top of the one in view."""
        if self._path:
            self._path[-1] = (self._path[-1][0], self.area.verticalScrollBar().value())
        self._path.append((target, 0))
        self.close_form()
        for button in (self.edit_button, self.rules_button):
            button.setEnabled(False)
        self._read()
        self.back_button.setFocus()

    def back(self) -> None:
        """Close the form, else go back to the page before, else to the lists."""
        if self.form is not None:
            self.close_form()
            return
        if self._path:
            self._path.pop()
        if self._path:
            self._read()
        else:
            self.page = None
            self.left.emit()

    def on_changed(self) -> None:
        """Read the page in view again, where there is one."""
        if self._path:
            self._path[-1] = (self._path[-1][0], self.area.verticalScrollBar().value())
            self._read()

    def _read(self) -> None:
        (kind, key), _scroll = self._path[-1]
        readers: dict[str, Callable[..., Found]] = {
            "tie": read_tie,
            "place": read_place,
            "country": read_country,
            "mode": _read_mode,
        }
        self.context.runner.read(
            partial(_with_lanes, readers[kind], self.context.codes),
            key,
            self.today,
            self.context.statistics,
            done=lambda found: self._show(*found),
            failed=self._on_failed,
            initiator=self,
            replaces=(id(self), "page"),
        )

    def _on_failed(self, error: UserError) -> None:
        self.page = None
        self.problem.set_text(labels.error_sentence(error))
        self.problem.show()
        self.area.setWidget(QWidget())
        for button in self._page_buttons():
            button.hide()
        self.records.show_pair(None)

    def _show(self, page: Found, shown: Sequence[Lane]) -> None:
        self.page = page
        self.problem.hide()
        for button in (self.edit_button, self.rules_button):
            button.setEnabled(True)
        self.edit_button.setVisible(not isinstance(page, PlacePage) or page.place is not None)
        self.rules_button.setVisible(isinstance(page, TiePage))
        self.records_button.setVisible(isinstance(page, TiePage))
        self.sheet_button.setVisible(not isinstance(page, PlacePage))
        title, context = self._titles(page)
        self.title_label.setText(title)
        self.context_label.setText(context)
        self.setAccessibleName(title)
        count = len(self._project_ids())
        self.projects_button.setVisible(count > 0)
        self.projects_button.setText(tr("View {count} projects", count=f"{count:,}"))
        content = QFrame()
        content.setProperty("kind", "surface")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, Space.PAGE)
        column.setSpacing(0)
        for widget in self._widgets(page, shown):
            column.addWidget(widget)
        column.addStretch(1)
        self.area.setWidget(content)
        parts = [(name, partial(self._part, name)) for name in self._figures()]
        self.taking_out.set_parts(parts)
        self.records.show_pair(page.pair.id if isinstance(page, TiePage) else None)
        scroll = self._path[-1][1] if self._path else 0
        QTimer.singleShot(0, self, partial(self._scroll_to, scroll))

    def _scroll_to(self, value: int) -> None:
        self.area.verticalScrollBar().setValue(value)

    def _titles(self, page: Found) -> tuple[str, str]:
        codes = self.context.codes
        if isinstance(page, TiePage):
            return tie_page.title(page.pair), tie_page.context(page.pair, codes)
        if isinstance(page, PlacePage):
            return place_page.title(page), place_page.context(page, codes)
        return page.row.title, mode_page.context(page, codes)

    # -- what is on a page -----------------------------------------------------------------------------------------

    def _widgets(self, page: Found, shown: Sequence[Lane]) -> list[QWidget]:
        codes = self.context.codes
        if isinstance(page, TiePage):
            found = [tie_page.tie_facts(page, codes, self._open_place), *self._tie_notes(page)]
            found += [self._timeline(page.events, shown)]
            found += [tie_page.tie_body(page, self.open_projects, self.edit_weights)]
        elif isinstance(page, PlacePage):
            found = [place_page.place_facts(page, codes, self._open_country)]
            if page.counted:
                found += [place_page.domains(page, self._open_weighed)]
            found += [place_page.groups(page, self._open_ids, lambda key: self.go(("place", key)))]
            ties = place_page.ties(page, codes, lambda pair: self.go(("tie", pair.id)))
            found += [self._timeline(page.events, shown), *([ties] if ties else [])]
        else:
            found = [mode_page.mode_facts(page, codes, self._open_country)]
            found += [mode_page.mode_body(page, codes, self._open_event, self._open_ids)]
            found += [self._timeline(page.events, shown)]
        if page.events:
            listed = len(latest(page.events))
            hint = tr("the latest {count} with a date", count=f"{listed:,}") if listed < len(page.events) else ""
            records = event_list(codes, page.events, self._open_event)
            found.append(section(tr("All records"), records, context=hint))
        return found

    def _tie_notes(self, page: TiePage) -> list[QWidget]:
        notes = [tie_page.expiry_note(page)]
        dormant = tie_page.stage_note(page)
        notes.append(Note(dormant, "info") if dormant else None)
        made = []
        for note in notes:
            if note is not None:
                frame = QWidget()
                column = QVBoxLayout(frame)
                column.setContentsMargins(Space.PAGE, Space.INSIDE, Space.PAGE, Space.INSIDE)
                column.addWidget(note)
                made.append(frame)
        return made

    def _timeline(self, events: Sequence[Event], shown: Sequence[Lane]) -> QWidget:
        undated = sum(event.start is None for event in events)
        parts: list[QWidget] = []
        self.time_line = None
        if any(lane.items for lane in shown):
            self.time_line = TimeLine(tr("Time line"))
            self.time_line.show_lanes(shown, self.today)
            self.time_line.opened.connect(self._open_item)
            parts.append(self.time_line)
        else:
            parts.append(buttons.label(tr("Nothing with a date is recorded yet."), "hint"))
        hint = tr("{count} without a date are in the list below.", count=f"{undated:,}") if undated else ""
        figures = year_table(events) if self.time_line is not None else None
        return section(tr("Time line"), *parts, context=hint, figures=figures)

    def write_sheet(self) -> None:
        """Write the page of the tie, or of the park or mechanism, as Word or PDF."""
        if isinstance(self.page, TiePage):
            self.sheets.write([key_of(PAIR_KEY, self.page.pair.id)], self.title_label.text())
        elif isinstance(self.page, ModePage):
            self.sheets.write([project_key(self.page.row.id)], self.title_label.text())

    # -- opening ---------------------------------------------------------------------------------------------------

    def _project_ids(self) -> tuple[int, ...]:
        if isinstance(self.page, TiePage):
            return tuple(sorted(event.id for event in self.page.events if event.kind == "project"))
        return self.page.projects if self.page is not None else ()

    def open_projects(self) -> None:
        """Show the projects of the page in the ledger."""
        self._open_ids(self.title_label.text(), self._project_ids())

    def _open_ids(self, title: str, ids: Sequence[int], weights: Mapping[int, float] | None = None) -> None:
        name = self.title_label.text()
        if ids:
            title = title if title == name else f"{name} · {title}"
            self.context.open_records(RecordSet(title, tuple(ids), weights))

    def _open_weighed(self, title: str, weights: Mapping[int, float]) -> None:
        self._open_ids(title, tuple(weights), weights)

    def _open_item(self, item: TimeItem) -> None:
        if item.record is not None:
            self.records.open(*item.record)
        elif len(item.ids) == 1:
            self.context.open_record(project_key(item.ids[0]))
        else:
            self._open_ids(item.tip, item.ids)

    def _open_event(self, event: Event) -> None:
        if event.project is not None:
            self.context.open_record(project_key(event.project))
        elif event.pair is not None:
            self.records.open(event.pair, event.kind, event.id)

    def _open_place(self, place: PlaceRow) -> None:
        self.go(("place", place.id))

    def _open_country(self, country: str) -> None:
        self.go(("country", country))

    # -- taking out ------------------------------------------------------------------------------------------------

    def shown(self) -> Shown | None:
        """Return the page as it is taken out: its picture, every record on it as the table, and its other tables."""
        if self.page is None:
            return None
        heads, rows = record_table(self.context.codes, self.page.events)
        more = [part for name in self._figures() if (part := self._part(name)) is not None]
        name = f"{self.title_label.text()} · {tr('All records')}"
        return Shown(name, self.context_label.text(), heads, rows, None, self.area.widget(), more=more)

    def _figures(self) -> dict[str, Section]:
        """Return the parts of the page that have figures, by name."""
        content = self.area.widget()
        found: Iterable[Section] = content.findChildren(Section)
        return {part.title: part for part in found if part.figures is not None}

    def _part(self, name: str) -> Shown | None:
        part = self._figures().get(name)
        if part is None or part.figures is None:
            return None
        title = f"{self.title_label.text()} · {name}"
        figures = part.figures
        return Shown(title, self.context_label.text(), figures.heads, figures.rows, figures.chart, part)


def _with_lanes(
    read: Callable[..., Found], codes: CodeBook, session: Any, key: int | str, today: datetime.date, cache: object
) -> tuple[Found, list[Lane]]:
    """Return a page with its time line, both on a reader: of thousands of events the window need not count any."""
    page = read(session, key, today, cache)
    return page, lanes(codes, page.events, year_position(today.isoformat())[0])


def _read_mode(session: Any, project: int, today: datetime.date, _cache: object) -> ModePage:
    return read_mode(session, project, today)
