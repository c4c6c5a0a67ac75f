"""The small window behind 添加条件: a field, then its values, or a filter text typed as it is."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bri_desktop import labels
from bri_desktop.domain.dates import parse_date
from bri_desktop.domain.errors import UserError, ValueProblemError
from bri_desktop.domain.filter import parse_filter
from bri_desktop.domain.folding import fold
from bri_desktop.domain.pinyin import search_keys
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.i18n import language, tr
from bri_desktop.services.deferred import filter_choices
from bri_desktop.services.view_items import FilterChoice
from bri_desktop.ui.projects.conditions import (
    CHOSEN,
    RANGE,
    AnyCondition,
    FieldCondition,
    TextCondition,
    condition_label,
)
from bri_desktop.ui.shared import buttons, paint
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.fields import CodeCombo
from bri_desktop.ui.shared.search_box import ComposingLineEdit
from bri_desktop.ui.shared.tokens import Size, Space

TEXT_FILTER = "filter"
LIST_ROWS = 9


class ConditionPopup(QFrame):
    """Emits ``chosen`` with a condition, and the names of the places in it, by key."""

    chosen = Signal(object, object)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(tr("Add condition"))
        self.setFixedWidth(Size.SIDE_LIST + 2 * Space.PAGE)
        self._context = context
        self._names: dict[str, str] = {}
        self._wanted: frozenset[str] = frozenset()
        self._make_parts()
        self._stack.addWidget(self._values_page())
        self._stack.addWidget(self._range_page())
        self._stack.addWidget(self._text_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.SECTION, Space.SECTION, Space.SECTION, Space.SECTION)
        column.setSpacing(Space.BETWEEN)
        column.addWidget(self.field_box)
        column.addWidget(self._stack)
        column.addWidget(self.not_box)
        column.addWidget(self._problem)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.apply_button)
        column.addLayout(row)
        self.field_box.currentIndexChanged.connect(lambda _index: self._on_field())

    def _make_parts(self) -> None:
        choices = [*((field, condition_label(field)) for field in CHOSEN), (TEXT_FILTER, tr("Filter text"))]
        self.field_box = CodeCombo(choices)
        self.field_box.setAccessibleName(tr("Field"))
        self.field_box.set_value(CHOSEN[0])
        self._stack = QStackedWidget()
        self.not_box = QCheckBox(tr("Leave these out (not)"))
        self._problem = buttons.label("", "problem", wrap=True)
        self._problem.hide()
        self.apply_button = buttons.button(tr("Filter by this"), self._apply, kind=buttons.PRIMARY)

    def _values_page(self) -> QWidget:
        page, column = _page()
        self.narrow_box = ComposingLineEdit()
        self.narrow_box.setPlaceholderText(tr("Name, pinyin, initials"))
        self.narrow_box.setAccessibleName(tr("Name, pinyin, initials"))
        self.narrow_box.textChanged.connect(self._narrow)
        self.value_list = QListWidget()
        self.value_list.setAccessibleName(tr("Values"))
        self.value_list.setUniformItemSizes(True)
        self.value_list.setMinimumHeight(LIST_ROWS * Size.SMALL_CONTROL)
        column.addWidget(self.narrow_box)
        column.addWidget(self.value_list)
        return page

    def _range_page(self) -> QWidget:
        page, column = _page()
        row = QHBoxLayout()
        self.from_box, self.to_box = QLineEdit(), QLineEdit()
        for box, text in ((self.from_box, tr("From, such as 2010")), (self.to_box, tr("Up to, such as 2017"))):
            box.setPlaceholderText(text)
            box.setAccessibleName(text)
        row.addWidget(self.from_box)
        row.addWidget(buttons.label("—", "label"))
        row.addWidget(self.to_box)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _text_page(self) -> QWidget:
        page, column = _page()
        self.text_box = ComposingLineEdit()
        self.text_box.setPlaceholderText("mode = sister_city and signed >= 2010")
        self.text_box.setAccessibleName(tr("Filter text"))
        column.addWidget(self.text_box)
        column.addWidget(
            buttons.label(
                tr("Fields by their codes, joined by and, or, not; comparisons =, !=, <, <=, >, >=, ~, in, is empty."),
                "hint",
                wrap=True,
            )
        )
        column.addStretch(1)
        return page

    # -- opening -----------------------------------------------------------------------------------------------

    def open_at(self, at: QPoint, condition: AnyCondition | None = None, *, whole: str = "") -> None:
        """Show the window with its upper left corner at ``at``, filled with a condition that is to be changed.

        ``whole`` is the filter text that stands there where none is.
        """
        self._wanted = frozenset()
        field = str(self.field_box.currentData())
        self.not_box.setChecked(isinstance(condition, FieldCondition) and condition.negated)
        self.text_box.setText(whole if condition is None else condition.text)
        if condition is not None:
            field = self._take_up(condition) if isinstance(condition, FieldCondition) else TEXT_FILTER
        index = self.field_box.findData(field)
        self.field_box.setCurrentIndex(max(index, 0))
        self._on_field()
        self.move(at)
        self.show()
        (self._first_box() if condition else self.field_box).setFocus()

    def _take_up(self, condition: FieldCondition) -> str:
        """Fill in a condition; return the field to show, the filter text where no list fits."""
        if condition.field not in CHOSEN:
            return TEXT_FILTER
        if condition.field == "year" and condition.operator in (RANGE, "in"):
            self.from_box.setText(condition.values[0])
            self.to_box.setText(condition.values[-1])
        elif condition.operator == "in":
            self._wanted = frozenset(condition.values)
        else:
            return TEXT_FILTER
        return condition.field

    def _first_box(self) -> QWidget:
        return (self.narrow_box, self.from_box, self.text_box)[self._stack.currentIndex()]

    def _on_field(self) -> None:
        field = str(self.field_box.currentData())
        self._stack.setCurrentIndex({"year": 1, TEXT_FILTER: 2}.get(field, 0))
        self.not_box.setVisible(field != TEXT_FILTER)
        self._say("")
        if self._stack.currentIndex() == 0:
            self._load_values(field)

    def _load_values(self, field: str) -> None:
        self.narrow_box.clear()
        known = FIELD_BY_CODE.get(field)
        if known is not None and known.list:
            codes = self._context.codes.codes(known.list)
            self._fill([FilterChoice(c.code, c.name_zh, c.name_en, 0) for c in codes])
            return
        self.value_list.clear()
        self._context.runner.read(
            filter_choices, field, done=self._fill, initiator=self, replaces=("projects.choices", id(self))
        )

    def _fill(self, choices: Sequence[FilterChoice]) -> None:
        self.value_list.clear()
        for choice in choices:
            name = choice.name(language())
            self._names[choice.value] = name
            entry = QListWidgetItem(f"{name}  {choice.count}" if choice.count else name)
            entry.setSizeHint(QSize(0, Size.SMALL_CONTROL))
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            wanted = choice.value in self._wanted or name in self._wanted
            entry.setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)
            entry.setData(Qt.ItemDataRole.UserRole, choice.value)
            entry.setData(Qt.ItemDataRole.UserRole + 1, " ".join([fold(name), *search_keys(name)]).replace(" ", ""))
            self.value_list.addItem(entry)
        if self.value_list.count():
            self.value_list.setCurrentRow(0)

    def _narrow(self, text: str) -> None:
        wanted = fold(text).replace(" ", "")
        first = None
        for row in range(self.value_list.count()):
            entry = self.value_list.item(row)
            hidden = wanted not in str(entry.data(Qt.ItemDataRole.UserRole + 1))
            entry.setHidden(hidden)
            first = row if first is None and not hidden else first
        if first is not None:
            self.value_list.setCurrentRow(first)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the surface with its edge."""
        paint.draw_box(QPainter(self), self.rect(), fill=paint.role("surface"), edge=paint.role("button_edge"))

    # -- answering ---------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter filters by what is chosen, Down goes from the box into the list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._apply()
        elif event.key() == Qt.Key.Key_Down and self._stack.currentIndex() == 0:
            self.value_list.setFocus()
        else:
            super().keyPressEvent(event)

    def condition(self) -> AnyCondition | None:
        """Return what is chosen; raise ``UserError`` or ``ValueProblemError`` for what cannot be read."""
        field = str(self.field_box.currentData())
        if field == TEXT_FILTER:
            text = self.text_box.text().strip()
            parse_filter(text)
            return TextCondition(text) if text else None
        negated = self.not_box.isChecked()
        if field == "year":
            first, last = (_date_text(box.text()) for box in (self.from_box, self.to_box))
            return FieldCondition("year", RANGE, (first, last), negated) if first or last else None
        values = self._checked()
        return FieldCondition(field, "in", values, negated) if values else None

    def _checked(self) -> tuple[str, ...]:
        """Return the checked values, or the current one where none is checked."""
        entries = [self.value_list.item(row) for row in range(self.value_list.count())]
        chosen = [entry for entry in entries if entry.checkState() == Qt.CheckState.Checked]
        current = self.value_list.currentItem()
        if not chosen and current is not None and not current.isHidden():
            chosen = [current]
        return tuple(str(entry.data(Qt.ItemDataRole.UserRole)) for entry in chosen)

    def _apply(self) -> None:
        try:
            condition = self.condition()
        except UserError as error:
            self._say(labels.error_sentence(error))
        except ValueProblemError as error:
            self._say(labels.sentence(error.code, error.values))
        else:
            self.hide()
            if condition is not None:
                self.chosen.emit(condition, self._chosen_names(condition))

    def _chosen_names(self, condition: AnyCondition) -> Mapping[str, str]:
        values = condition.values if isinstance(condition, FieldCondition) else ()
        return {value: self._names[value] for value in values if value in self._names}

    def _say(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.setVisible(bool(text))


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.BETWEEN)
    return page, column


def _date_text(text: str) -> str:
    return parse_date(text.strip()).value if text.strip() else ""
