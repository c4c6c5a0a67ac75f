"""The home city: one Chinese place, completed from the gazetteer while it is typed."""

from bri_desktop.i18n import language, tr
from bri_desktop.services.places import PlaceChoice, complete_places
from bri_desktop.ui.shared.chip_fields import PlaceEdit
from bri_desktop.ui.shared.completion import Suggestion
from bri_desktop.ui.shared.context import WindowContext


class CityEdit(PlaceEdit):
    """One place, or none."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__(lambda _text: (), tr("Name, pinyin or initials"), most=1)
        self._context = context

    def _on_typed(self) -> None:
        text = self.unresolved()
        if not text or not self.entry.hasFocus():
            self._popup.show_suggestions([])
            return
        self._context.runner.read(
            complete_places, text, "domestic", language(), done=self._on_found, initiator=self,
            replaces=("settings.city", id(self)),
        )  # fmt: skip

    def _on_found(self, found: list[PlaceChoice]) -> None:
        if self.unresolved() and self.entry.hasFocus():
            self._popup.show_suggestions([Suggestion(place.key, place.name, place.context) for place in found])
