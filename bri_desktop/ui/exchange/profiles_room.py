"""导入方案: the layouts that are remembered, their columns and values, to be read, changed and forgotten."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QSplitter, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.services.intake_row import MappedColumn
from bri_desktop.services.places import CountryChoice, list_countries
from bri_desktop.services.profiles import Profile, ProfileColumn, change_profile, delete_profile, list_profiles
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice
from bri_desktop.ui.exchange.combo import Combo
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.mapping_table import (
    LETTER,
    SAMPLE,
    WHY,
    ChoosingTable,
    Chosen,
    ColumnRow,
    MappingTable,
)
from bri_desktop.ui.exchange.rooms import Room
from bri_desktop.ui.exchange.wording import local_time
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import Cell, Toned
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import Band, EmptyState, Note
from bri_desktop.ui.shared.search_box import ComposingLineEdit
from bri_desktop.ui.shared.tokens import Size, Space

CODE = 2
COUNTRY = "country"
LIST_WIDTH = 470


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A written value and the code it means, with the code's name."""

    field: str
    text: str
    code: str
    name: str


class ProfilesRoom(Room):
    """The table of profiles with the detail of the one that is chosen."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._profile: Profile | None = None
        self._countries: dict[str, str] = {}
        self._make_widgets()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.error)
        column.addWidget(self.empty, 1)
        column.addWidget(self._middle(), 1)
        self._show_profiles([])

    def _make_widgets(self) -> None:
        self.error = Note("", "error")
        self.error.hide()
        self.empty = EmptyState(tr("No profile yet: tick “Remember as profile” when a ledger is imported."))
        self.table = _profile_table()
        self.table.selection_changed.connect(self._on_selected)
        self.name = ComposingLineEdit()
        self.department = ComposingLineEdit()
        self.department.setPlaceholderText(tr("as it is called in the ledger; may stay empty"))
        for edit, text in ((self.name, tr("Name of the profile")), (self.department, tr("Department"))):
            edit.setAccessibleName(text)
            edit.textEdited.connect(lambda _text: self._say())
        self.columns = MappingTable()
        for hidden in (LETTER, SAMPLE, WHY):
            self.columns.setColumnHidden(hidden, True)
        self.columns.header.setSectionResizeMode(1, self.columns.header.ResizeMode.Stretch)
        self.columns.field_chosen.connect(self._on_field)
        self.columns.unit_chosen.connect(self._on_unit)
        self.values = ValueTable()
        self.values.code_chosen.connect(self._on_code)
        self.values.forgotten.connect(self._on_forgotten)
        self.values_title = buttons.label("", "section")
        self.columns_title = buttons.label("", "section")
        self.save_button = buttons.button(tr("Save name"), self._on_save, kind=buttons.SMALL)
        self.delete_button = buttons.button(tr("Forget profile"), self._on_delete, icon="trash-2", kind=buttons.SMALL)

    def _middle(self) -> QSplitter:
        form = QFormLayout()
        form.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
        form.setHorizontalSpacing(Space.SECTION)
        form.setVerticalSpacing(Space.BETWEEN)
        form.addRow(tr("Name of the profile"), self.name)
        form.addRow(tr("Department"), self.department)
        head = QVBoxLayout()
        head.addLayout(form)
        acts = Band("surface-band", Size.NAVIGATION_ROW, Space.PAGE)
        acts.add(self.save_button)
        acts.add(self.delete_button)
        acts.add_stretch()
        self.detail = QWidget()
        column = QVBoxLayout(self.detail)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(acts)
        column.addWidget(_band(self.columns_title))
        column.addWidget(self.columns, 3)
        column.addWidget(_band(self.values_title, tr("Delete takes a value out")))
        column.addWidget(self.values, 2)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.detail)
        self.splitter.setSizes([LIST_WIDTH, 1_000])
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        return self.splitter

    # --- what is shown ----------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Read the profiles, at first the names of countries."""
        if not self._countries:
            self._context.runner.read(list_countries, done=self._keep_countries, initiator=self)
        self._context.runner.read(
            list_profiles, done=self._show_profiles, failed=self._on_failed, initiator=self, replaces=(id(self), "list")
        )

    def _keep_countries(self, countries: Sequence[CountryChoice]) -> None:
        self._countries = {country.iso2: country.name(language()) for country in countries}

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read the profiles again."""
        if "profile" in changes.kinds:
            self.activate()

    def _show_profiles(self, profiles: Sequence[Profile]) -> None:
        name = self._profile.name if self._profile else ""
        self.table.show_rows(profiles)
        self.empty.setVisible(not profiles)
        self.splitter.setVisible(bool(profiles))
        row = next((n for n, one in enumerate(profiles) if one.name == name), 0)
        if profiles:
            self.table.selectRow(row)

    def _on_selected(self) -> None:
        chosen = self.table.selected()
        self._profile = profile = chosen[0] if chosen else None
        self.detail.setEnabled(profile is not None)
        if profile is None:
            return
        self.name.setText(profile.name)
        self.department.setText(profile.department or "")
        rows = [
            ColumnRow(MappedColumn(n, "", one.header, one.field, one.unit, _why(one), 1.0, one.habits), "")
            for n, one in enumerate(profile.columns.values())
        ]
        self.columns.show_rows(rows)
        self.columns_title.setText(tr("Columns {count}", count=len(rows)))
        self.values.show_values(profile, self._context.codes, self._countries)
        self.values_title.setText(tr("Values {count}", count=len(profile.values)))
        self._say()

    def _say(self) -> None:
        profile = self._profile
        edited = profile is not None and (
            self.name.text().strip() != profile.name or self.department.text().strip() != (profile.department or "")
        )
        self.save_button.setEnabled(edited)

    # --- acts -------------------------------------------------------------------------------------------------------

    def _on_save(self) -> None:
        if self._profile is not None:
            department = self.department.text().strip() or None
            self._write(replace(self._profile, name=self.name.text().strip(), department=department))

    def _on_field(self, index: int, field: str) -> None:
        self._set_column(index, lambda column: replace(column, field=field or None, decided=True))

    def _on_unit(self, index: int, unit: str) -> None:
        self._set_column(index, lambda column: replace(column, unit=unit or None))

    def _set_column(self, index: int, change: Callable[[ProfileColumn], ProfileColumn]) -> None:
        profile = self._profile
        if profile is None:
            return
        key = list(profile.columns)[index]
        columns = {**profile.columns, key: change(profile.columns[key])}
        self._write(replace(profile, columns=columns))

    def _on_code(self, field: str, text: str, code: str) -> None:
        if self._profile is not None:
            self._write(replace(self._profile, values={**self._profile.values, (field, text): code}))

    def _on_forgotten(self, field: str, text: str) -> None:
        if self._profile is not None:
            values = {key: code for key, code in self._profile.values.items() if key != (field, text)}
            self._write(replace(self._profile, values=values))

    def _write(self, profile: Profile) -> None:
        if self._profile is None:
            return
        self.error.hide()
        before, self._profile = self._profile.name, profile
        self._context.runner.write(
            change_profile, before, profile, done=lambda _changes: None, failed=self._on_failed, initiator=self
        )

    def _on_delete(self) -> None:
        profile = self._profile
        if profile is None:
            return
        question = tr("Forget the profile “{name}”? Imported records stay as they are.", name=profile.name)
        if dialogs.ask(self, question, [Choice("forget", tr("Forget"), is_destructive=True)]) == "forget":
            self._context.runner.write(
                delete_profile, profile.name, done=lambda _changes: None, failed=self._on_failed, initiator=self
            )

    def _on_failed(self, error: UserError) -> None:
        self.error.set_text(labels.error_sentence(error))
        self.error.show()
        self._profile = None
        self.activate()


class ValueTable(ChoosingTable[ValueRow]):
    """Written values with their codes; a click on a code chooses another, Delete takes a value out."""

    code_chosen = Signal(str, str, str)
    forgotten = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(
            tr("Remembered values"),
            [
                ListColumn[ValueRow](tr("Field"), lambda row: field_label(row.field), 120),
                ListColumn[ValueRow](tr("In the file"), lambda row: row.text, 160, stretch=True),
                ListColumn[ValueRow](tr("Taken as"), _code_cell, 200),
            ],
        )
        self._codes = CodeBook(())

    def show_values(self, profile: Profile, codes: CodeBook, countries: Mapping[str, str]) -> None:
        """Show the values of a profile; ``countries`` are the names of ISO codes."""
        self._codes = codes
        rows = []
        for (field, text), code in profile.values.items():
            known = FIELD_BY_CODE.get(field)
            listed = (known.list if known else None) or field
            name = countries.get(code, code) if field == COUNTRY else codes.label(listed, code, language())
            rows.append(ValueRow(field, text, code, name))
        self.show_rows(sorted(rows, key=lambda row: (row.field, row.text)))

    def choose(self, index: QModelIndex) -> None:
        """Open the codes of the value's list."""
        if not index.isValid() or index.column() != CODE:
            return
        row = self.rows.rows[index.row()]
        known = FIELD_BY_CODE.get(row.field)
        if known is None:
            return
        box = Combo(tr("Code of “{text}”", text=row.text))
        for label in self._codes.codes(known.list or row.field):
            box.addItem(label.label(language()), label.code)
        box.setCurrentIndex(max(0, box.findData(row.code)))
        self.open_choice(box, self.visualRect(index), lambda code: self.code_chosen.emit(row.field, row.text, code))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Forget a value by Delete, choose its code by Enter."""
        chosen = self.selected()
        if chosen and event.key() == Qt.Key.Key_Delete:
            self.forgotten.emit(chosen[0].field, chosen[0].text)
        elif chosen and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.rows.index(self.currentIndex().row(), CODE))
        else:
            super().keyPressEvent(event)


def _code_cell(row: ValueRow) -> Cell | str:
    return Chosen(row.name) if row.field in FIELD_BY_CODE else row.name


def _band(title: QWidget, hint: str = "") -> Band:
    band = Band("surface-band", Size.NAVIGATION_ROW, Space.PAGE)
    band.add(title)
    band.add_stretch()
    band.add(buttons.label(hint, "hint"))
    return band


def _profile_table() -> ListTable[Profile]:
    columns = [
        ListColumn[Profile](tr("Profile"), lambda one: one.name, 140, stretch=True),
        ListColumn[Profile](tr("Department"), lambda one: one.department or Toned("—", "hint"), 88),
        ListColumn[Profile](tr("Columns"), lambda one: str(len(one.columns)), 48, is_right=True),
        ListColumn[Profile](tr("Values"), lambda one: str(len(one.values)), 48, is_right=True),
        ListColumn[Profile](
            tr("Last used"), lambda one: local_time(one.used_at) if one.used_at else Toned(tr("not yet"), "hint"), 128
        ),
    ]
    return ListTable(tr("Profiles"), columns)


def _why(column: ProfileColumn) -> str:
    return "profile" if column.decided else "guessed"
