"""The row over the table: what is searched for, the conditions as chips, saved views and columns."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton, QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.deferred import delete_view, list_views, named_places, save_view
from bri_desktop.services.view_items import View
from bri_desktop.ui.projects.conditions import (
    AnyCondition,
    FieldCondition,
    combined,
    conditions_of,
    field_words,
    value_words,
)
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.chips import ChipBar, Condition
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

    def __init__(self, context: WindowContext, columns: QPushButton) -> None:
        super().__init__("surface-band", Size.FILTER_ROW)
        self._context = context
        self._conditions: list[AnyCondition] = []
        self._names: dict[str, str] = {}
        self._records: RecordSet | None = None
        self._is_bin = False
        self._changing: int | None = None
        self.view_name = ""
        self.search_box = SearchBox(tr("Name, pinyin, initials"), "Ctrl+F")
        self.search_box.setFixedWidth(Size.FILTER)
        self.search_box.searched.connect(lambda _text: self.changed.emit())
        self.chips = ChipBar()
        self.chips.removed.connect(self._on_removed)
        self.chips.opened.connect(self._on_opened)
        self.chips.add_requested.connect(self.add_condition)
        self.chips.cleared.connect(self.clear)
        self._views = QMenu(self)
        self._views.aboutToShow.connect(self._fill_views)
        self._view_list: list[View] = []
        self.views_button = buttons.menu_button(tr("Views"), self._views, icon="bookmark")
        for widget, stretch in ((self.search_box, 0), (self.chips, 1), (self.views_button, 0), (columns, 0)):
            self.add(widget, stretch)

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
        shown: list[Condition] = []
        if self._records is not None:
            shown.append(Condition(RECORDS, tr("Records"), self._records.title))
        if self._is_bin:
            shown.append(Condition(BIN, "", tr("Bin")))
        for number, condition in enumerate(self._conditions):
            words = value_words(condition, self._context.codes, self._names)
            shown.append(Condition(str(number), field_words(condition), words))
        self.chips.set_conditions(shown)
        self.chips.add_button.setVisible(not self._is_bin)
        self.search_box.setEnabled(not self._is_bin)
        self.views_button.setText(self.view_name or tr("Views"))

    def _name_places(self) -> None:
        """Read the names of place keys that a filter text brought along."""
        fields = [c for c in self._conditions if isinstance(c, FieldCondition)]
        keys = [v for c in fields for v in c.values if ":" in v and v not in self._names]
        if keys:
            self._context.runner.read(named_places, keys, done=self._on_named, initiator=self)

    def _on_named(self, places: "list[PlaceChoice]") -> None:
        self._names |= {place.key: place.name for place in places}
        self._show_chips()

    # -- conditions --------------------------------------------------------------------------------------------

    def add_condition(self) -> None:
        """Open the window that asks for a condition."""
        self._changing = None
        self.popup.open_at(self._below(self.chips.add_button))

    def _on_opened(self, key: str) -> None:
        if key.isdigit():
            self._changing = int(key)
            chip = next(chip for chip in self.chips.chips() if chip.condition.key == key)
            self.popup.open_at(self._below(chip), self._conditions[int(key)])

    def _on_chosen(self, condition: AnyCondition, names: Mapping[str, str]) -> None:
        self._names |= names
        if self._changing is not None and self._changing < len(self._conditions):
            self._conditions[self._changing] = condition
        else:
            self._conditions.append(condition)
        self._show()

    def _on_removed(self, key: str) -> None:
        if key == RECORDS:
            self._records = None
        elif key == BIN:
            self._is_bin = False
        else:
            del self._conditions[int(key)]
        self._show()

    def _below(self, widget: QWidget) -> QPoint:
        return widget.mapToGlobal(QPoint(0, widget.height() + 2))

    # -- saved views -------------------------------------------------------------------------------------------

    def read_views(self) -> None:
        """Read the saved views again."""
        self._context.runner.read(list_views, done=self._keep_views, initiator=self, replaces="projects.views")

    def _keep_views(self, views: list[View]) -> None:
        self._view_list = views

    def views(self) -> list[View]:
        """Return the saved views."""
        return list(self._view_list)

    def _fill_views(self) -> None:
        self._views.clear()
        for view in self._view_list:
            action = self._views.addAction(view.name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, view=view: self.choose_view(view))
        if self._view_list:
            self._views.addSeparator()
        self._views.addAction(tr("Save this view…"), self._ask_name)
        delete = self._views.addMenu(tr("Delete view"))
        delete.setEnabled(bool(self._view_list))
        for view in self._view_list:
            action = delete.addAction(view.name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, name=view.name: self._delete(name))
        self._views.addSeparator()
        self._views.addAction(tr("Bin"), self.show_bin)

    def choose_view(self, view: View) -> None:
        """Show a saved view."""
        conditions = conditions_of(view.filter)
        self._reset()
        self._conditions, self.view_name = conditions, view.name
        self.view_chosen.emit(view)
        self._show()

    def _ask_name(self) -> None:
        name, accepted = QInputDialog.getText(self, tr("Save this view…"), tr("Name of the view"), text=self.view_name)
        if accepted and name.strip():
            self.view_wanted.emit(name.strip())

    def save_view(self, view: View) -> None:
        """Store the present view."""
        self.view_name = view.name
        self._context.runner.write(save_view, view, done=self._on_views_changed, initiator=self)

    def _delete(self, name: str) -> None:
        if name == self.view_name:
            self.view_name = ""
        self._context.runner.write(delete_view, name, done=self._on_views_changed, initiator=self)

    def _on_views_changed(self, _changes: object) -> None:
        self.views_button.setText(self.view_name or tr("Views"))
        self.read_views()
