"""What is edited over a page of the room: a tie, the rules and weights of all ties, the profile of a park, a label."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from bri_desktop.domain.errors import UserError
from bri_desktop.domain.mode_profile import PROFILES
from bri_desktop.i18n import tr
from bri_desktop.services.city_labels import set_label
from bri_desktop.services.city_pages import PlacePage, TiePage
from bri_desktop.services.measure_registry import profile_group, set_weights
from bri_desktop.services.mode_pages import ModePage
from bri_desktop.services.mode_profiles import save_profile
from bri_desktop.services.pair_acts import PairDraft, edit_pair
from bri_desktop.services.pair_life import TieRules, save_rules
from bri_desktop.ui.cities.forms import Form
from bri_desktop.ui.cities.profile_form import ProfileForm
from bri_desktop.ui.cities.tie_forms import LabelForm, RulesForm, TieForm, WeightsForm
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext

Found = TiePage | PlacePage | ModePage


class RoomForms(QFrame):
    """A page with at most one form over it, right under its head."""

    def __init__(self, context: WindowContext, parent: QWidget | None, today: datetime.date | None) -> None:
        super().__init__(parent)
        self.context = context
        self._today = today
        self.page: Found | None = None
        self.form: Form | None = None
        self.back_button: QPushButton = buttons.button(tr("Back"), self.back, icon="chevron-left")
        self.back_button.setToolTip(f"{tr('Back')}  Esc, Alt+←")
        self.edit_button: QPushButton = buttons.button(tr("Edit"), self.edit, icon="pencil")
        self.rules_button: QPushButton = buttons.button(tr("Rules"), self.edit_rules, icon="settings")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    @property
    def today(self) -> datetime.date:
        """The day of the figures."""
        return self._today or datetime.date.today()

    def back(self) -> None:
        """Close the form; further back is the room's."""
        self.close_form()

    def edit(self) -> None:
        """Edit the tie, the profile of the park or mechanism, or the type of the city in view."""
        if not self.edit_button.isEnabled():
            return
        if isinstance(self.page, ModePage):
            row = self.page.row
            profile = ProfileForm(PROFILES[row.mode], row.profile, self.context.codes)
            profile.saved.connect(partial(self._save_profile, row.id, profile.seen))
            self._show_form(profile)
            next(iter(profile.fields.values())).editor.setFocus()
        elif isinstance(self.page, PlacePage) and self.page.place is not None:
            label = LabelForm(self.page.ecosystem, self.context.codes)
            label.saved.connect(partial(self._write, set_label, self.page.place.key))
            self._show_form(label)
            label.type.setFocus()
        elif isinstance(self.page, TiePage):
            form = TieForm(self.page, self.context.codes)
            form.saved.connect(partial(self._save_tie, self.page.pair.id, form.version))
            self._show_form(form)
            form.kind.setFocus()

    def edit_rules(self) -> None:
        """Edit the rules of all ties."""
        if isinstance(self.page, TiePage):
            form = RulesForm(self.page.rules)
            form.saved.connect(self._save_rules)
            self._show_form(form)
            form.years.setFocus()

    def edit_weights(self) -> None:
        """Edit the weights of the profile."""
        if isinstance(self.page, TiePage):
            form = WeightsForm(profile_group(self.page.closeness.weights))
            form.saved.connect(self._save_weights)
            self._show_form(form)
            next(iter(form.boxes.values())).setFocus()

    def _show_form(self, form: Form) -> None:
        self.close_form()
        self.form = form
        form.closed.connect(self.close_form)
        self._column.insertWidget(1, form)

    def close_form(self) -> None:
        """Take the form away; nothing of it is stored."""
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
            self.back_button.setFocus()

    def _save_tie(self, pair: int, version: int, draft: PairDraft) -> None:
        self._write(edit_pair, pair, draft, version)

    def _save_profile(self, project: int, seen: dict[str, Any], values: dict[str, Any]) -> None:
        self._write(partial(save_profile, today=self.today), project, values, seen)

    def _save_rules(self, rules: TieRules) -> None:
        self._write(save_rules, rules)

    def _save_weights(self, weights: dict[str, float]) -> None:
        self._write(set_weights, "profile", weights)

    def _write(self, work: Callable[..., Any], *args: object) -> None:
        self.context.runner.write(
            work, *args, done=lambda _changes: self.close_form(), failed=self._on_refused, initiator=self
        )

    def _on_refused(self, error: UserError) -> None:
        if self.form is not None:
            self.form.tell(error)
