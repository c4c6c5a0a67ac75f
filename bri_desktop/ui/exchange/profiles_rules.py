"""名称规则: which written place name was decided to be which place; each decision can be taken back."""

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.folding import fold
from bri_desktop.i18n import language, tr
from bri_desktop.services.place_rules import RememberedName, delete_rules, list_rules
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.rooms import Room
from bri_desktop.ui.exchange.wording import local_time
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import Named, Toned
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import Band, EmptyState, Note
from bri_desktop.ui.shared.search_box import SearchBox
from bri_desktop.ui.shared.tokens import Size, Space


class RulesRoom(Room):
    """The decisions, latest first, with a filter and the button that takes them back."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._rules: Sequence[RememberedName] = ()
        self.error = Note("", "error")
        self.error.hide()
        self.filter = SearchBox(tr("Find a name or place"))
        self.filter.searched.connect(lambda _text: self._show_rules())
        self.count = buttons.label("", "hint")
        self.take_back_button = buttons.button(tr("Take back"), self.take_back, icon="undo-2", kind=buttons.SMALL)
        self.table = _rule_table()
        self.table.selection_changed.connect(self._say)
        self.empty = EmptyState(tr("No place name was decided yet; decisions of the import preview are kept here."))
        self.band = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        for widget in (self.filter, self.count):
            self.band.add(widget)
        self.band.add_stretch()
        self.band.add(buttons.label(tr("Records stay as they are; the name is asked about again."), "hint"))
        self.band.add(self.take_back_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.error, self.band):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        self._on_rules([])

    def activate(self) -> None:
        """Read the decisions."""
        self._context.runner.read(
            list_rules, language(), done=self._on_rules, failed=self._on_failed, initiator=self,
            replaces=(id(self), "list"),
        )  # fmt: skip

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read the decisions again."""
        if "place" in changes.kinds:
            self.activate()

    def take_back(self) -> None:
        """Forget the selected decisions."""
        ids = [rule.id for rule in self.table.selected()]
        if ids:
            self._context.runner.write(
                delete_rules, ids, done=lambda _changes: None, failed=self._on_failed, initiator=self
            )

    def _on_rules(self, rules: Sequence[RememberedName]) -> None:
        self._rules = rules
        for widget in (self.band, self.table):
            widget.setVisible(bool(rules))
        self.empty.setVisible(not rules)
        self._show_rules()

    def _show_rules(self) -> None:
        wanted = fold(self.filter.text())
        rows = [rule for rule in self._rules if wanted in fold(f"{rule.text}{rule.place.name}{rule.place.context}")]
        self.table.show_rows(rows)
        self.count.setText(tr("{count} decisions", count=f"{len(rows):,}"))

    def _say(self) -> None:
        self.take_back_button.setEnabled(bool(self.table.selected()))

    def _on_failed(self, error: UserError) -> None:
        self.error.set_text(labels.error_sentence(error))
        self.error.show()
        self.activate()


def _rule_table() -> ListTable[RememberedName]:
    columns = [
        ListColumn[RememberedName](tr("Written name"), lambda rule: rule.text, 200),
        ListColumn[RememberedName](
            tr("Country beside it"), lambda rule: rule.country_name or Toned(tr("any"), "hint"), 140
        ),
        ListColumn[RememberedName](
            tr("Is the place"), lambda rule: Named(rule.place.name, rule.place.context), 280, stretch=True
        ),
        ListColumn[RememberedName](tr("Decided"), lambda rule: local_time(rule.decided_at), 140),
    ]
    made = ListTable(tr("Remembered place names"), columns)
    made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    return made
