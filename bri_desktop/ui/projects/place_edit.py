"""Places of the form: completion read off the GUI thread, and a new place where the gazetteer has none."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from bri_desktop import labels
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
    place_elsewhere,
)
from bri_desktop.ui.shared.chip_fields import Picked, PlaceEdit
from bri_desktop.ui.shared.completion import Suggestion
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.tokens import Size

NEW = "new:"

Found = tuple[list[PlaceChoice], PlaceChoice | None]
"""The places of one side, and the one of that very name on the other side, where this side has none."""


def find_places(session: Any, text: str, side: str, language: str) -> Found:
    """Return what is offered for a typed text, and what it names on the wrong side."""
    return complete_places(session, text, side, language), place_elsewhere(session, text, side, language)


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
        self._asked = self._entered = ""
        self._elsewhere: PlaceChoice | None = None
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

    def wrong_side(self) -> str:
        """Return in words that what was typed names a place of the other side; empty where it does not."""
        place = self._elsewhere
        if place is None or self._naming or not self.entry.text().strip():
            return ""
        if self._side == "domestic":
            field = labels.field_label("foreign_places")
            return tr(
                "“{name}” lies abroad ({context}); enter it in “{field}”.",
                name=place.name,
                context=place.context,
                field=field,
            )
        field = labels.field_label("domestic_places")
        return tr("“{name}” lies in China; enter it in “{field}”.", name=place.name, field=field)

    # -- typing ------------------------------------------------------------------------------------------------

    def _on_typed(self) -> None:
        text = self.entry.text().strip()
        self._elsewhere = None
        self.unresolved_changed.emit()
        if self._naming:
            self._offer_countries(text)
        elif not text or not self.entry.hasFocus():
            self._popup.show_suggestions([])
        else:
            self._asked = text
            self._context.runner.read(
                find_places, text, self._side, language(), done=self._on_found, initiator=self,
                replaces=("projects.places", id(self)),
            )  # fmt: skip

    def _on_found(self, read: Found) -> None:
        found, self._elsewhere = read
        text, self._asked = self.entry.text().strip(), ""
        is_entered, self._entered = bool(text) and self._entered == text, ""
        if is_entered and found and not self._naming:
            self.pick(Picked(found[0].key, found[0].name, found[0].context))
            self.unresolved_changed.emit()
            return
        if self._elsewhere is not None:
            self.unresolved_changed.emit()
        if self._naming or not text or not self.entry.hasFocus():
            return
        offers = [Suggestion(place.key, place.name, place.context) for place in found]
        is_abroad = self._elsewhere is not None and self._side == "domestic"
        if not is_abroad and not any(fold(place.name) == fold(text) for place in found):
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
        is_end = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
        text = self.entry.text().strip()
        if is_end and text and text == self._asked and not self._naming:
            # Typed faster than the places could be read: the first one is taken when they are here.
            self._entered = text
            self._popup.hide()
            event.setAccepted(event.key() != Qt.Key.Key_Tab)
            return
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
