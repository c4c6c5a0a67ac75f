"""Finding another place while typing, and making a new one with its level, country and what it lies in."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from bri_desktop.i18n import language, tr
from bri_desktop.services.intake_row import PlaceFacts
from bri_desktop.services.places import PlaceChoice, complete_places, level_of_name
from bri_desktop.ui.exchange.answers import CHINA, Answer, countries_asked
from bri_desktop.ui.exchange.combo import Combo
from bri_desktop.ui.exchange.mapping_decisions import Decision, new_place_key
from bri_desktop.ui.exchange.wording import Names
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.completion import CompletionPopup, Suggestion
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.search_box import ComposingLineEdit
from bri_desktop.ui.shared.tokens import Space


class PlaceSearchEdit(ComposingLineEdit):
    """Completes places of one side off the GUI thread; ``picked`` gives the key of the one chosen."""

    picked = Signal(str, str)

    def __init__(self, context: WindowContext, hint: str) -> None:
        super().__init__()
        self._context = context
        self.side = "foreign"
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self._popup = CompletionPopup(self)
        self._popup.chosen.connect(self._on_chosen)
        self.textEdited.connect(lambda _text: self._ask())

    def composition_ended(self) -> None:
        """Look for what was composed."""
        self._ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the list have its keys."""
        if not self._popup.handle_key(event):
            super().keyPressEvent(event)

    def _ask(self) -> None:
        text = self.text().strip()
        if not text or self.is_composing:
            self._popup.show_suggestions([])
            return
        self._context.runner.read(
            complete_places, text, self.side, language(), done=self._on_found, initiator=self,
            replaces=("exchange.places", id(self)),
        )  # fmt: skip

    def _on_found(self, found: Sequence[PlaceChoice]) -> None:
        if self.text().strip() and self.isVisible():
            self._popup.show_suggestions([Suggestion(one.key, one.name, one.context) for one in found])

    def _on_chosen(self, suggestion: Suggestion) -> None:
        self.setText(suggestion.name)
        self.picked.emit(suggestion.key, suggestion.name)


class NewPlaceForm(QWidget):
    """Asks what is to be known of a place before it is made; ``made`` gives the answer."""

    made = Signal(object)

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._decision: Decision | None = None
        self._parent_key = ""
        self.level = Combo(tr("Level"))
        self.country = Combo(tr("Country or region"))
        self.parent_edit = PlaceSearchEdit(context, tr("lies in (may stay empty)"))
        self.parent_edit.picked.connect(self._on_parent)
        self.make_button = buttons.button(tr("Create and use"), self._on_make, kind=buttons.SMALL)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(Space.SECTION)
        form.setVerticalSpacing(Space.INSIDE)
        form.addRow(tr("Level"), self.level)
        form.addRow(tr("Country or region"), self.country)
        form.addRow(tr("Lies in"), self.parent_edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self.make_button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_decision(self, decision: Decision, names: Names) -> None:
        """Begin with the name of a decision: its level by its ending, its country by its row."""
        self._decision, self._parent_key = decision, ""
        self.parent_edit.clear()
        self.parent_edit.side = decision.side
        self.level.clear()
        for label in names.codes.codes("place_level"):
            if label.code != "country":
                self.level.addItem(names.code("place_level", label.code), label.code)
        self.level.setCurrentIndex(max(0, self.level.findData(level_of_name(decision.text))))
        asked = countries_asked(decision.question.problem)
        codes = [CHINA] if decision.side == "domestic" else [*asked, *sorted(set(names.countries) - {*asked, CHINA})]
        self.country.clear()
        if len(asked) != 1 and decision.side == "foreign":
            self.country.addItem(tr("Please choose"), "")
        for code in codes:
            self.country.addItem(names.country(code), code)

    def _on_parent(self, key: str, _name: str) -> None:
        self._parent_key = key

    def _on_make(self) -> None:
        country = str(self.country.currentData() or "")
        if self._decision is None or not country:
            self.country.setFocus()
            self.country.showPopup()
            return
        parent = self._parent_key if self.parent_edit.text().strip() else ""
        facts = PlaceFacts(str(self.level.currentData()), parent)
        self.made.emit(Answer("place", new_place_key(self._decision.text, country), facts))
