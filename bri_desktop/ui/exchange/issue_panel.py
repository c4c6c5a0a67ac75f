"""发放: to which departments, which projects, which fields, due when; each department gets a file of its own."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.dates import parse_date
from bri_desktop.domain.errors import UserError, ValueProblemError
from bri_desktop.domain.filter import parse_filter, quoted
from bri_desktop.i18n import tr
from bri_desktop.services.issue_acts import Addressees, count_rows, order_of
from bri_desktop.services.issue_register import RegisterEntry
from bri_desktop.services.issuing import Order
from bri_desktop.services.views import View
from bri_desktop.ui import dialogs
from bri_desktop.ui.exchange.combo import Combo
from bri_desktop.ui.exchange.issue_fields import FieldTree
from bri_desktop.ui.settings import Setting
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.date_edit import DateEdit
from bri_desktop.ui.shared.fields import LabeledField, LineEdit
from bri_desktop.ui.shared.issue_folder import FOLDER, issue_folder
from bri_desktop.ui.shared.panels import SidePanel
from bri_desktop.ui.shared.tokens import Size, Space

CONTACT = Setting("issuing/contact", "")
DUE_DAYS = 14
WIDTH = 392
ALL_PROJECTS, OWN_PROJECTS, WRITTEN = "all", "own", "written"
_FEWEST, _LISTED = 2, 7
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def file_name(department: str, day: datetime.date) -> str:
    """Return how the file of a department is called."""
    plain = _NOT_IN_NAMES.sub(" ", department).strip(" .")[:60] or "_"
    return tr("Form_{department}_{day}.xlsx", department=plain, day=f"{day:%Y%m%d}")


class _Names(LineEdit):
    """A name that Enter adds."""

    entered = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add on Enter, unless an input method is composing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.is_composing:
            self.entered.emit(self.text())
        else:
            super().keyPressEvent(event)


class IssuePanel(SidePanel):
    """The orders of one go; ``wanted`` gives them when the button is pressed."""

    wanted = Signal(list)

    def __init__(self, context: WindowContext, *, today: datetime.date) -> None:
        super().__init__(tr("Issue workbooks"), width=WIDTH)
        self._context = context
        self._today = today
        self._replaces: str | None = None
        self._views: tuple[View, ...] = ()
        self.departments = QListWidget()
        self.departments.setProperty("kind", "popup")
        self.departments.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.departments.itemChanged.connect(lambda _item: self._on_changed())
        self.other = _Names(tr("Another department, then Enter"))
        self.other.entered.connect(self.add_department)
        self.scope = Combo(tr("Projects"))
        self.scope.activated.connect(lambda _place: self._on_scope())
        self.filter = LineEdit(tr("Such as: mode = sister_city and signed >= 2010"))
        self.filter.value_changed.connect(self._on_changed)
        self.internal = QCheckBox(tr("Internal projects too"))
        self.internal.toggled.connect(lambda _on: self._on_changed())
        self.count = buttons.label("", "hint", wrap=True)
        self.due = DateEdit(parse_date, _explain, tr("Such as 2026-12-15"))
        self.due.value_changed.connect(self._say)
        self.contact = LineEdit(tr("Name and telephone, printed in the guide"))
        self.folder = buttons.label("", "small")
        self.fields = FieldTree()
        self.go = buttons.button("", self._on_go, icon="upload", kind=buttons.PRIMARY)
        self._fill()
        self.set_choices(Addressees((), ()))
        self.start()

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        form = QWidget()
        form.setProperty("kind", "surface")
        column = QVBoxLayout(form)
        column.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.BETWEEN)
        self.department_field = LabeledField(tr("Send to"), _stacked(self.departments, self.other), required=True)
        self.filter_field = LabeledField("", self.filter)
        self.due_field = LabeledField(tr("Return by"), self.due)
        for field in (
            self.department_field,
            LabeledField(tr("Projects"), self.scope),
            self.filter_field,
            LabeledField("", _stacked(self.internal, self.count)),
            self.due_field,
            LabeledField(tr("Contact"), self.contact),
            LabeledField(tr("Folder"), self._folder_row()),
        ):
            column.addWidget(field)
        column.addWidget(LabeledField(tr("Fields"), self.fields), 1)
        self.fields.setMinimumHeight(8 * Size.ROW_INTAKE)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(form)
        self.body.addWidget(area, 1)
        self.bar.add_stretch()
        self.bar.add(buttons.button(tr("Cancel"), self.closed.emit))
        self.bar.add(self.go)

    def _folder_row(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.BETWEEN)
        row.addWidget(self.folder, 1)
        row.addWidget(buttons.button(tr("Change…"), self.choose_folder, kind=buttons.SMALL))
        return made

    def set_choices(self, choices: Addressees) -> None:
        """Offer the departments and saved views of the ledger; what is ticked stays so."""
        ticked = self.chosen_departments()
        self._views = choices.views
        self._list(dict.fromkeys([*choices.departments, *ticked]), set(ticked))
        before = self.scope.currentData() or ALL_PROJECTS
        self.scope.clear()
        self.scope.addItem(tr("All projects"), ALL_PROJECTS)
        self.scope.addItem(tr("Each department its own projects"), OWN_PROJECTS)
        for view in choices.views:
            self.scope.addItem(tr("View: {name}", name=view.name), f"view {view.name}")
        self.scope.addItem(tr("By a condition"), WRITTEN)
        self.scope.setCurrentIndex(max(0, self.scope.findData(before)))
        self._on_scope()

    def _list(self, names: Iterable[str], ticked: set[str]) -> None:
        self.departments.blockSignals(True)
        self.departments.clear()
        for name in names:
            item = QListWidgetItem(name)
            item.setToolTip(name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if name in ticked else Qt.CheckState.Unchecked)
            self.departments.addItem(item)
        rows = min(max(self.departments.count(), _FEWEST), _LISTED)
        self.departments.setFixedHeight(rows * (self.departments.sizeHintForRow(0) or Size.ROW_INTAKE) + 2 * Size.LINE)
        self.departments.blockSignals(False)

    def start(self, entry: RegisterEntry | None = None) -> None:
        """Begin anew; with an ``entry`` its order is repeated and it will be replaced."""
        self._replaces = entry.number if entry else None
        order = order_of(entry) if entry else None
        self.set_title(
            tr("Issue again in the place of {number}", number=entry.number) if entry else tr("Issue workbooks")
        )
        names = [self.departments.item(row).text() for row in range(self.departments.count())]
        wanted = [order.department] if order else []
        self._list(dict.fromkeys([*wanted, *names]), set(wanted))
        self.other.set_value(None)
        self.scope.setCurrentIndex(self.scope.findData(WRITTEN if order and order.filter_text else ALL_PROJECTS))
        self.filter.set_value(order.filter_text if order else None)
        if order:
            self.fields.set_fields(order.fields)
        self.internal.setChecked(False)
        self.due.choose((self._today + datetime.timedelta(DUE_DAYS)).isoformat())
        self.contact.set_value(self._context.settings.get(CONTACT))
        self._show_folder()
        self._on_scope()

    # -- what is chosen --------------------------------------------------------------------------------------------

    @property
    def replaces(self) -> str | None:
        """The number of the workbook whose place the new one takes."""
        return self._replaces

    def add_department(self, name: str) -> None:
        """Tick a department by its name; one that is not in the list is added at the top."""
        name = name.strip()
        if not name:
            return
        found = self.departments.findItems(name, Qt.MatchFlag.MatchExactly)
        if not found:
            names = [self.departments.item(row).text() for row in range(self.departments.count())]
            self._list([name, *names], {name, *self.chosen_departments()})
        else:
            found[0].setCheckState(Qt.CheckState.Checked)
        self.other.set_value(None)
        self._on_changed()

    def chosen_departments(self) -> list[str]:
        """Return the ticked departments from the top."""
        items = (self.departments.item(row) for row in range(self.departments.count()))
        return [item.text() for item in items if item.checkState() is Qt.CheckState.Checked]

    def orders(self) -> list[Order]:
        """Return an order for each ticked department."""
        base = Order(
            department="",
            fields=self.fields.fields(),
            due=self.due.text().strip() or None,
            contact=self.contact.value() or "",
            include_internal=self.internal.isChecked(),
        )
        return [
            replace(base, department=name, filter_text=self._filter_for(name)) for name in self.chosen_departments()
        ]

    def _filter_for(self, department: str) -> str:
        scope = self.scope.currentData()
        if scope == OWN_PROJECTS:
            return f"department = {quoted(department)}"
        if scope == WRITTEN:
            return self.filter.value() or ""
        return next((view.filter for view in self._views if scope == f"view {view.name}"), "")

    def target_folder(self) -> Path:
        """Return the folder that the files go to."""
        return issue_folder(self._context)

    def choose_folder(self) -> None:
        """Let another folder be chosen; it is remembered."""
        chosen = dialogs.choose_folder(self, tr("Folder for issued workbooks"), folder=self.target_folder())
        if chosen is not None:
            self._context.settings.set(FOLDER, str(chosen))
            self._show_folder()

    # -- what is said ----------------------------------------------------------------------------------------------

    def _show_folder(self) -> None:
        folder = str(self.target_folder())
        metrics = self.folder.fontMetrics()
        self.folder.setText(metrics.elidedText(folder, Qt.TextElideMode.ElideMiddle, WIDTH - 190))
        self.folder.setToolTip(folder)

    def _on_scope(self) -> None:
        self.filter_field.setVisible(self.scope.currentData() == WRITTEN)
        self._on_changed()

    def _on_changed(self) -> None:
        self._say()
        orders = self.orders()
        if not orders or self.filter_field.problem:
            self._context.runner.drop((id(self), "count"))
            self.count.setText("")
            return
        self._context.runner.read(
            count_rows,
            orders,
            done=self._show_counts,
            failed=lambda error: self.count.setText(labels.error_sentence(error)),
            initiator=self,
            replaces=(id(self), "count"),
        )

    def _show_counts(self, counts: Sequence[int]) -> None:
        if self.scope.currentData() == OWN_PROJECTS and len(counts) > 1:
            self.count.setText(tr("{count} projects in all", count=f"{sum(counts):,}"))
        else:
            self.count.setText(tr("{count} projects", count=f"{max(counts, default=0):,}"))

    def _say(self) -> None:
        """Say what is wrong beside its field, and how many files the button makes."""
        count = len(self.chosen_departments())
        self.filter_field.set_problem(self._filter_problem())
        parsed = self.due.parsed()
        part = tr("Please give the day too.") if parsed is not None and parsed.precision != "day" else None
        self.due_field.set_problem(self.due.problem or part)
        is_ready = bool(count) and not self.filter_field.problem and not self.due_field.problem
        self.go.setText(tr("Issue {count} workbooks", count=count) if count else tr("Issue"))
        self.go.setEnabled(is_ready)
        self.go.setToolTip("" if count else tr("No department is chosen."))

    def _filter_problem(self) -> str | None:
        if self.scope.currentData() != WRITTEN:
            return None
        try:
            parse_filter(self.filter.value() or "")
        except UserError as error:
            return labels.error_sentence(error)
        return None

    def _on_go(self) -> None:
        self._context.settings.set(CONTACT, self.contact.value() or "")
        self.wanted.emit(self.orders())


def _explain(error: ValueProblemError) -> str:
    return labels.sentence(error.code, error.values)


def _stacked(*widgets: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.INSIDE)
    for widget in widgets:
        column.addWidget(widget)
    return made
