"""Places of the form: completion read off the GUI thread, and a new place where the gazetteer has none."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from bri_desktop.domain.folding import fold
from bri_desktop.i18n import language, tr
from bri_desktop.services.places import (
    HOME,
    CountryChoice,
    MadePlace,
    PlaceChoice,
    complete_places,
    create_place,
    list_countries,
)
from bri_desktop.ui.shared.chip_fields import Picked, PlaceEdit
from bri_desktop.ui.shared.completion import Suggestion
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.tokens import Size

NEW = "new:"


class LedgerPlaceEdit(PlaceEdit):
    """Places of one side (``domestic`` or ``foreign``).

    A name without a place is offered as a new one; a foreign one is then asked for its country in the same line.
    """

    unresolved_changed = Signal()

    def __init__(self, context: WindowContext, side: str, placeholder: str = "") -> None:
        super().__init__(lambda _text: (), placeholder)
        self._context = context
        self._side = side
        self._naming = ""
        self._countries: Sequence[CountryChoice] = ()
        self._hint = placeholder

    @property
    def naming(self) -> str:
        """The new place whose country is being asked for, or nothing."""
        return self._naming

    def set_places(self, places: Sequence[PlaceChoice]) -> None:
        """Show places by name, with their context as tooltip."""
        self._stop_naming()
        self.set_picked([Picked(place.key, place.name, place.context) for place in places])

    def unresolved(self) -> str:
        """Return what was typed but names no place yet, the name of a new place among it."""
        return self._naming or self.entry.text().strip()

    # -- typing ------------------------------------------------------------------------------------------------

    def _on_typed(self) -> None:
        text = self.entry.text().strip()
        self.unresolved_changed.emit()
        if self._naming:
            self._offer_countries(text)
        elif not text or not self.entry.hasFocus():
            self._popup.show_suggestions([])
        else:
            self._context.runner.read(
                complete_places, text, self._side, language(), done=self._on_found, initiator=self,
                replaces=("projects.places", id(self)),
            )  # fmt: skip

    def _on_found(self, found: list[PlaceChoice]) -> None:
        text = self.entry.text().strip()
        if self._naming or not text or not self.entry.hasFocus():
            return
        offers = [Suggestion(place.key, place.name, place.context) for place in found]
        if not any(fold(place.name) == fold(text) for place in found):
            offers.append(Suggestion(NEW + text, tr("New place “{name}”", name=text), ""))
        self._popup.show_suggestions(offers)

    def _on_chosen(self, suggestion: Suggestion) -> None:
        if self._naming:
            self._make(self._naming, suggestion.key)
        elif suggestion.key.startswith(NEW):
            self._begin_naming(suggestion.key.removeprefix(NEW))
        else:
            super()._on_chosen(suggestion)

    def _on_key(self, event: QKeyEvent) -> None:
        super()._on_key(event)
        if self._naming and not event.isAccepted() and event.key() == Qt.Key.Key_Escape:
            self._stop_naming()
            event.accept()

    # -- a new place -------------------------------------------------------------------------------------------

    def _begin_naming(self, name: str) -> None:
        if self._side == "domestic":
            self._make(name, HOME)
            return
        self._naming = name
        self.entry.clear()
        self.entry.setPlaceholderText(tr("Country or region of “{name}”", name=name))
        self.setMinimumHeight(Size.CONTROL)
        if not self._countries:
            self._context.runner.read(list_countries, done=self._keep_countries, initiator=self)
        self.unresolved_changed.emit()

    def _keep_countries(self, countries: list[CountryChoice]) -> None:
        self._countries = [country for country in countries if country.iso2 != HOME]
        if self._naming and self.entry.text().strip():
            self._offer_countries(self.entry.text().strip())

    def _offer_countries(self, text: str) -> None:
        wanted = fold(text)
        found = [c for c in self._countries if any(wanted in fold(name) for name in (c.name_zh, c.name_en, c.iso2))]
        found.sort(key=lambda c: not (fold(c.name_zh).startswith(wanted) or fold(c.name_en).startswith(wanted)))
        self._popup.show_suggestions(
            [Suggestion(c.iso2, c.name(language()), c.name_en if language() == "zh_CN" else "") for c in found]
        )

    def _make(self, name: str, country: str) -> None:
        self._context.runner.write(create_place, name, country, language(), done=self._on_made, initiator=self)

    def _on_made(self, made: MadePlace) -> None:
        self._stop_naming()
        self.pick(Picked(made.choice.key, made.choice.name, made.choice.context))

    def _stop_naming(self) -> None:
        self._naming = ""
        self.entry.clear()
        self._show_placeholder()
        self.unresolved_changed.emit()
