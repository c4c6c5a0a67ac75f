"""Lists of places, ties, parks and mechanisms with a map; a row opens its page, its link the projects behind it."""

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from bri_desktop.domain.changes import Changes
from bri_desktop.i18n import language, tr
from bri_desktop.services.cities import (
    PairRow,
    PlaceRow,
    pair_project_ids,
    place_project_ids,
    read_pairs,
    read_places,
)
from bri_desktop.services.map_data import MapData, read_map
from bri_desktop.services.measure_tables import TABLES
from bri_desktop.services.mode_pages import ModeRow, read_modes
from bri_desktop.services.pair_life import RULES
from bri_desktop.services.statistics_options import OPTIONS
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui import dialogs
from bri_desktop.ui.cities.listing import Listing, search_text
from bri_desktop.ui.cities.map_view import MapView
from bri_desktop.ui.cities.mode_acts import ModeActs
from bri_desktop.ui.cities.mode_page import mode_listing
from bri_desktop.ui.cities.room import DetailRoom, Target
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import ABSENT, Cell, Link, Named, Toned
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.model import Column
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.record_weights import WEIGHT
from bri_desktop.ui.shared.taking_out import Shown, TakingOut

KINDS = {"project", "place", "pair", "agreement", "activity", "outcome", "organisation", "batch", "profile", "base_map"}
DETAIL_KINDS = KINDS | RULES | OPTIONS | TABLES

COUNTS = (WEIGHT, "projects", "parts", "partners")
"""Columns of the lists that count something."""
CHARTED = 30
"""So many rows of a list stand in its chart."""
Lists = tuple[tuple[PlaceRow, ...], tuple[PairRow, ...], MapData, tuple[ModeRow, ...]]


def read_lists(session: Any) -> Lists:
    """Return places, pairs, the map, parks and mechanisms, on a reader."""
    return read_places(session), read_pairs(session), read_map(session), read_modes(session)


def place_name(place: PlaceRow) -> str:
    """Return the name of a place."""
    return place.name(language())


def pair_title(pair: PairRow) -> str:
    """Return both places of a tie."""
    return f"{place_name(pair.domestic)}—{place_name(pair.foreign)}"


class CitiesPage(Page):
    """城市与友城."""

    def __init__(
        self, context: WindowContext, parent: QWidget | None = None, *, today: datetime.date | None = None
    ) -> None:
        super().__init__(tr("Cities and ties"), "", parent)
        self.context = context
        self._is_stale = True
        self.places = self._places_list()
        self.pairs = self._pairs_list()
        self.places.remember_in(context.settings, "places")
        self.pairs.remember_in(context.settings, "pairs")
        self.modes = mode_listing(context.codes)
        self.modes.remember_in(context.settings, "modes")
        self.mode_acts = ModeActs(context, self, today or datetime.date.today())
        self.mode_acts.said.connect(self.status_changed)
        self.modes.add_action(buttons.menu_button(tr("Sheets of details"), self.mode_acts.menu, icon="table"))
        lists: tuple[Listing[Any], ...] = (self.places, self.pairs, self.modes)
        self.lists_out = [TakingOut(self, context.runner, partial(shown_list, listing), ()) for listing in lists]
        for listing, out in zip(lists, self.lists_out, strict=True):
            out.saved.connect(self.status_changed)
            listing.add_action(buttons.menu_button(tr("Export"), out.menu, icon="upload"))
        self.places.linked.connect(self._open_place)
        self.pairs.linked.connect(self._open_pair)
        self.places.opened.connect(lambda place: self.open_target(("place", place.id)))
        self.pairs.opened.connect(lambda pair: self.open_target(("tie", pair.id)))
        self.modes.opened.connect(lambda mode: self.open_target(("mode", mode.id)))
        self._without_coordinates: tuple[PlaceRow, ...] = ()
        self.map_view = MapView(context)
        self.map_view.place_opened.connect(self._open_place)
        self.map_view.tie_opened.connect(self._open_pair)
        self.map_view.missing_wanted.connect(self._show_missing)
        self.map_view.saved.connect(lambda name: self.status_changed.emit(tr("Saved: {file}", file=name)))
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(tr("Cities and ties"))
        self.tabs.addTab(self.places, tr("Cities"))
        self.tabs.addTab(self.pairs, tr("Ties"))
        self.tabs.addTab(self.modes, tr("Parks and mechanisms"))
        self.tabs.addTab(self.map_view, tr("Map"))
        self.map_view.base_shown.connect(
            lambda has_base: self.tabs.setTabText(3, tr("Standard map") if has_base else tr("Map"))
        )
        self.room = DetailRoom(context, self, today=today)
        self.room.left.connect(self._show_lists)
        self.room.saved.connect(self.status_changed)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.tabs)
        self.stack.addWidget(self.room)
        self.body.addWidget(self.stack, 1)
        self.add_action(buttons.button(tr("New project"), self._new_project, icon="plus", kind=buttons.PRIMARY))

    def activate(self) -> None:
        """Read what is out of date."""
        if self._is_stale:
            self._read()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read again."""
        if changes.kinds & KINDS or not changes.kinds:
            self._is_stale = True
            if self.isVisible():
                self._read()
        if changes.kinds & DETAIL_KINDS or not changes.kinds:
            self.room.on_changed()

    def open_target(self, target: Target) -> None:
        """Open the page of a tie, a place, a country, a park or a mechanism."""
        self.stack.setCurrentWidget(self.room)
        self.room.go(target)

    def open_tie_record(self, pair: int, kind: str, number: int) -> None:
        """Open the page of a tie with one of its records beside it; 0 for the table of its kind."""
        self.stack.setCurrentWidget(self.room)
        self.room.records.open(pair, kind, number)

    def show_ties(self, records: RecordSet) -> None:
        """Show exactly the ties of a figure, in their order."""
        self.stack.setCurrentWidget(self.tabs)
        self.tabs.setCurrentWidget(self.pairs)
        self.pairs.show_records(records)

    def _show_lists(self) -> None:
        """Go back to the list, which stayed as it was."""
        self.stack.setCurrentWidget(self.tabs)
        shown = self.tabs.currentWidget()
        if isinstance(shown, Listing):
            shown.table.setFocus()

    def _read(self) -> None:
        self._is_stale = False
        self.context.runner.read(read_lists, done=self._show, initiator=self, replaces=(id(self), "lists"))

    def _show(self, lists: Lists) -> None:
        places, pairs, on_map, modes = lists
        self.places.show_rows(places)
        self.pairs.show_rows(pairs)
        self.modes.show_rows(modes)
        self.map_view.show_data(on_map)
        self.map_view.read_base()
        self._without_coordinates = on_map.missing
        self.tabs.setTabText(0, tr("Cities {count}", count=f"{len(places):,}"))
        self.tabs.setTabText(1, tr("Ties {count}", count=f"{len(pairs):,}"))
        self.tabs.setTabText(2, tr("Parks and mechanisms {count}", count=f"{len(modes):,}"))
        formal = sum(pair.kind == "sister" and pair.ended is None for pair in pairs)
        self.set_subtitle(tr("{count} formal sister-city ties", count=f"{formal:,}"))

    def _label(self, name: str, code: str | None) -> str:
        return self.context.codes.label(name, code, language()) or ABSENT

    def _places_list(self) -> Listing[PlaceRow]:
        code = language()
        side, level = (72, 110) if code == "zh_CN" else (140, 150)
        columns: list[Column[PlaceRow]] = [
            _column("name", tr("City"), place_name, 200, stretch=True),
            _column("other", tr("Name in English") if code == "zh_CN" else tr("Name in Chinese"), _other_name, 180, 3),
            _column("side", tr("At home or abroad"), _side, side, 4),
            _column("country", tr("Country or region"), lambda row: row.country_name(code), 140),
            _column("province", tr("Province"), lambda row: row.province_name(code) or ABSENT, 110, 2),
            _column("level", tr("Level"), lambda row: self._label("place_level", row.level), level, 5),
            _column("projects", tr("Projects"), _projects, 128, is_right=True),
        ]
        return Listing(
            tr("Cities"),
            tr("Filter: name, pinyin, country"),
            columns,
            lambda row: search_text(*row.names, *row.countries, *row.provinces),
            {
                "name": lambda row: search_text(place_name(row)),
                "other": _other_name,
                "side": lambda row: int(not row.is_domestic),
                "country": lambda row: search_text(row.country_name(code)),
                "province": lambda row: row.province_name(code),
                "level": lambda row: row.level,
                "projects": lambda row: row.projects,
            },
            tr("Double click or Enter opens the page"),
        )

    def _pairs_list(self) -> Listing[PairRow]:
        code = language()
        columns: list[Column[PairRow]] = [
            _column("domestic", tr("Chinese city"), lambda row: place_name(row.domestic), 130),
            _column("foreign", tr("Foreign city"), _foreign, 200, stretch=True),
            _column("kind", tr("Kind of tie"), lambda row: self._label("pair_kind", row.kind), 200, 2),
            _column("level", tr("Level"), lambda row: self._label("level", row.level), 80, 4),
            _column("life", tr("Stage"), lambda row: self._label("pair_life", row.life), 80, 3),
            _column("signed", tr("Signed"), lambda row: row.signed or ABSENT, 96, is_right=True),
            _column("ended", tr("Ended"), _ended, 96, 5, is_right=True),
            _column("projects", tr("Projects"), _projects, 128, is_right=True),
        ]
        return Listing(
            tr("Ties"),
            tr("Filter: either city, country"),
            columns,
            lambda row: search_text(
                *row.domestic.names, *row.domestic.provinces, *row.foreign.names, *row.foreign.countries
            ),
            {
                "domestic": lambda row: search_text(place_name(row.domestic)),
                "foreign": lambda row: search_text(row.foreign.country_name(code), place_name(row.foreign)),
                "kind": lambda row: self._order("pair_kind", row.kind),
                "level": lambda row: self._order("level", row.level),
                "life": lambda row: self._order("pair_life", row.life),
                "signed": lambda row: row.signed or "",
                "ended": lambda row: row.ended or "",
                "projects": lambda row: row.projects,
            },
            tr("Double click or Enter opens the page"),
        )

    def _order(self, name: str, code: str | None) -> int:
        codes = [entry.code for entry in self.context.codes.codes(name)]
        return codes.index(code) if code in codes else len(codes)

    def _open_place(self, place: PlaceRow) -> None:
        self._open(place_name(place), place_project_ids, place.id)

    def _open_pair(self, pair: PairRow) -> None:
        self._open(pair_title(pair), pair_project_ids, pair.id)

    def _show_missing(self) -> None:
        names = sorted({place_name(place) for place in self._without_coordinates})
        dialogs.tell(self, tr("These places are not on the map: {names}", names="、".join(names)))

    def _open(self, title: str, read: Callable[[Any, int], Sequence[int]], record: int) -> None:
        self.context.runner.read(read, record, done=partial(self._show_records, title), initiator=self)

    def _show_records(self, title: str, ids: Sequence[int]) -> None:
        if ids:
            self.context.open_records(RecordSet(title, tuple(ids)))

    def _new_project(self) -> None:
        self.context.new_project()


def shown_list(listing: Listing[Any]) -> Shown | None:
    """Return a list as it is taken out: the rows in view, in the columns that are shown, numbers as numbers."""
    columns = [listing.table.rows.columns[section] for section in listing.table.shown_sections()]
    found = listing.shown()
    if not found:
        return None
    rows = [[taken_out(column.cell(row), column) for column in columns] for row in found]
    weights = listing.weights()
    keys = [column.key for column in columns]
    if weights is not None and WEIGHT in keys:
        for row, written in zip(found, rows, strict=True):
            written[keys.index(WEIGHT)] = weights.get(row.id)
    name = listing.table.accessibleName()
    return Shown(name, listing.hits.text(), [c.title for c in columns], rows, _chart_of(keys), listing)


def _chart_of(keys: Sequence[str]) -> NativeChart | None:
    """Return the chart of the first rows of a list: its counts, against the names at the left."""
    counts = tuple(keys.index(key) for key in COUNTS if key in keys)
    names = (0, 1) if tuple(keys[:2]) == ("domestic", "foreign") else (0, 0)
    return NativeChart(counts, most=CHARTED, names=names) if counts else None


def taken_out(cell: Cell | str, column: Column[Any]) -> str | float | None:
    """Return the value of a cell: without the words of a link, none for a dash."""
    text = cell if isinstance(cell, str) else cell.plain
    if text == ABSENT:
        return None
    digits = "".join(sign for sign in text if sign.isdigit())
    if isinstance(cell, Link):
        return float(digits) if digits else None
    return float(digits) if column.is_right and digits and text.replace(",", "") == digits else text


def _column(
    key: str,
    title: str,
    cell: Callable[[Any], Cell | str],
    width: int,
    priority: int = 0,
    *,
    is_right: bool = False,
    stretch: bool = False,
) -> Column[Any]:
    return Column(key=key, title=title, cell=cell, width=width, is_right=is_right, stretch=stretch, priority=priority)


def _other_name(row: PlaceRow) -> str:
    return row.names[language() == "zh_CN"]


def _side(row: PlaceRow) -> str:
    return tr("at home") if row.is_domestic else tr("abroad")


def _projects(row: PlaceRow | PairRow) -> Cell | str:
    return Link(tr("View {count} records", count=f"{row.projects:,}")) if row.projects else ABSENT


def _foreign(row: PairRow) -> Cell | str:
    return Named(place_name(row.foreign), row.foreign.country_name(language()))


def _ended(row: PairRow) -> Cell | str:
    return Toned(row.ended, "secondary") if row.ended else ABSENT
