"""The row over the table: what is searched for, the conditions as chips, saved views and columns."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.deferred import named_places
from bri_desktop.services.view_items import View
from bri_desktop.ui.projects.conditions import (
    AnyCondition,
    Place,
    TextCondition,
    at,
    combined,
    conditions_of,
    join_other,
    negate,
    place_of,
    put,
)
from bri_desktop.ui.projects.filter_chips import chips_of, place_keys
from bri_desktop.ui.projects.view_menu import ViewMenu
from bri_desktop.ui.shared.chips import ChipBar, Condition, Joint
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.panels import Band
from bri_desktop.ui.shared.search_box import SearchBox
from bri_desktop.ui.shared.tokens import Size

if TYPE_CHECKING:
    from bri_desktop.services.places import PlaceChoice
    from bri_desktop.ui.projects.condition_popup import ConditionPopup

RECORDS, BIN = "records", "bin"


class FilterBar(Band):
    """What the table shows: a search, conditions that combine, and perhaps a set of records or the bin."""

    changed = Signal()
    """Something else is to be shown."""
    view_chosen = Signal(object)
    """A saved ``View`` was chosen; its filter is taken up already."""
    view_wanted = Signal(str)
    """The present view is to be saved under this name."""
    said = Signal(str)

    def __init__(self, context: WindowContext, *more: QWidget) -> None:
        super().__init__("surface-band", Size.FILTER_ROW)
        self._context = context
        self._conditions: list[AnyCondition] = []
        self._names: dict[str, str] = {}
        self._records: RecordSet | None = None
        self._is_bin = False
        self._changing: Place | None = None
        self.view_name = ""
        self.search_box = SearchBox(tr("Name, pinyin, initials"), "Ctrl+F")
        self.search_box.setFixedWidth(Size.FILTER)
        self.search_box.searched.connect(lambda _text: self.changed.emit())
        self.chips = ChipBar()
        self.chips.removed.connect(self._on_removed)
        self.chips.opened.connect(self._on_opened)
        self.chips.add_requested.connect(self.add_condition)
        self.chips.cleared.connect(self.clear)
        self.chips.turned.connect(self._on_turned)
        self.chips.joined.connect(self._on_joined)
        self.views = ViewMenu(context, self)
        self.views.chosen.connect(self.choose_view)
        self.views.bin_wanted.connect(self.show_bin)
        self.views.view_wanted.connect(self.view_wanted)
        self.views.changed.connect(self._on_views_changed)
        self.views.said.connect(self.said)
        self.add(self.search_box)
        self.add(self.chips, 1)
        for widget in (self.views.button, *more):
            self.add(widget)

    @cached_property
    def popup(self) -> "ConditionPopup":
        """The window that asks for a condition, made when it is first wanted."""
        from bri_desktop.ui.projects.condition_popup import ConditionPopup

        made = ConditionPopup(self._context, self)
        made.chosen.connect(self._on_chosen)
        return made

    # -- what is to be shown -----------------------------------------------------------------------------------

    @property
    def search(self) -> str:
        """The words searched for."""
        return self.search_box.text().strip()

    @property
    def filter_text(self) -> str:
        """The conditions in the filter language."""
        return combined(self._conditions)

    @property
    def records(self) -> RecordSet | None:
        """The records of a figure, where only those are shown."""
        return self._records

    @property
    def is_bin(self) -> bool:
        """Tell whether the bin is shown."""
        return self._is_bin

    @property
    def is_narrowed(self) -> bool:
        """Tell whether not the whole ledger is shown."""
        return bool(self.search or self._conditions or self._records or self._is_bin)

    def show_records(self, records: RecordSet) -> None:
        """Show exactly these records, named by a chip."""
        self._reset()
        self._records = records
        self._show()

    def show_filter(self, text: str) -> None:
        """Show what a filter text finds, as chips; raises what :func:`parse_filter` raises."""
        conditions = conditions_of(text)
        self._reset()
        self._conditions = conditions
        self._show()

    def show_bin(self) -> None:
        """Show what was deleted."""
        self._reset()
        self._is_bin = True
        self._show()

    def clear(self) -> None:
        """Show the whole ledger."""
        self._reset()
        self._show()

    def _reset(self) -> None:
        self._conditions, self._records, self._is_bin, self.view_name = [], None, False, ""
        self.search_box.set_text_silently("")

    def _show(self) -> None:
        self._show_chips()
        self._name_places()
        self.changed.emit()

    def _show_chips(self) -> None:
        shown: list[Condition | Joint] = []
        if self._records is not None:
            shown.append(Condition(RECORDS, tr("Records"), self._records.title))
        if self._is_bin:
            shown.append(Condition(BIN, "", tr("Bin")))
        shown += chips_of(self._conditions, self._context.codes, self._names)
        self.chips.set_conditions(shown)
        self.chips.add_button.setVisible(not self._is_bin)
        self.search_box.setEnabled(not self._is_bin)
        self.views.button.setText(self.view_name or tr("Views"))

    def _name_places(self) -> None:
        """Read the names of place keys that a filter text brought along."""
        keys = [key for key in place_keys(self._conditions) if key not in self._names]
        if keys:
            self._context.runner.read(named_places, keys, done=self._on_named, initiator=self)

    def _on_named(self, places: "list[PlaceChoice]") -> None:
        self._names |= {place.key: place.name for place in places}
        self._show_chips()

    # -- conditions --------------------------------------------------------------------------------------------

    def add_condition(self) -> None:
        """Open the window that asks for a condition; its filter text is that of all conditions."""
        self._changing = None
        self.popup.open_at(self._below(self.chips.add_button), whole=self.filter_text)

    def _on_opened(self, key: str) -> None:
        if key[0].isdigit():
            self._changing = place_of(key)
            chip = next(chip for chip in self.chips.chips() if chip.condition.key == key)
            self.popup.open_at(self._below(chip), at(self._conditions, self._changing))

    def _on_chosen(self, condition: AnyCondition, names: Mapping[str, str]) -> None:
        self._names |= names
        several: list[AnyCondition] = [condition]
        if isinstance(condition, TextCondition):
            several = conditions_of(condition.text)
        if self._changing is not None:
            self._conditions = put(self._conditions, self._changing, several)
        elif isinstance(condition, TextCondition):
            self._conditions = several
        else:
            self._conditions.append(condition)
        self._changing = None
        self._show()

    def _on_turned(self, key: str) -> None:
        place = place_of(key)
        self._conditions = put(self._conditions, place, [negate(at(self._conditions, place))])
        self._show()

    def _on_joined(self, key: str) -> None:
        self._conditions = join_other(self._conditions, place_of(key))
        self._show()

    def _on_removed(self, key: str) -> None:
        if key == RECORDS:
            self._records = None
        elif key == BIN:
            self._is_bin = False
        else:
            self._conditions = put(self._conditions, place_of(key), [])
        self._show()

    def _below(self, widget: QWidget) -> QPoint:
        return widget.mapToGlobal(QPoint(0, widget.height() + 2))

    # -- saved views -------------------------------------------------------------------------------------------

    def choose_view(self, view: View) -> None:
        """Show a saved view."""
        conditions = conditions_of(view.filter)
        self._reset()
        self._conditions, self.view_name = conditions, view.name
        self.view_chosen.emit(view)
        self._show()

    def save_view(self, view: View) -> None:
        """Store the present view."""
        self.view_name = view.name
        self.views.save(view)

    def _on_views_changed(self, deleted: str) -> None:
        if deleted == self.view_name:
            self.view_name = ""
        self.views.button.setText(self.view_name or tr("Views"))
