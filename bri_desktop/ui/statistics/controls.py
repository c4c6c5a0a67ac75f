"""What is counted, when, by what, against what: the choices over the page, and the request they stand for."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox

from bri_desktop.analysis.model import COUNTS, Count, StatsRequest
from bri_desktop.i18n import tr
from bri_desktop.label_measures import kind_name
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.statistics.groupings import GROUPINGS, baselines, grouping_name
from bri_desktop.ui.statistics.reading import Asked, Offers
from bri_desktop.ui.statistics.words import as_filter, count_name, short_baseline

OLDEST_CHOICE = 30
"""So many years back a year can be chosen."""
NONE = ""
KIND_CODES = (
    "project",
    "pair:sister",
    "pair:friendly",
    "pair:intent",
    "pair:grassroots",
    "pair:all",
    "agreement",
    "activity",
    "outcome",
)
TOPS = (10, 15, 30)
YEAR, VIEW = "year:", "view:"


@dataclass(frozen=True, slots=True)
class When:
    """The year chosen (``None``: today) and the first of a span that ends with it (``None``: no span)."""

    year: int | None
    first: int | None

    def span(self, today: datetime.date) -> tuple[int, int] | None:
        """Return the span asked for."""
        return None if self.first is None else (self.first, self.year or today.year)


class Controls(QObject):
    """The choices; ``changed`` when the figures have to be counted again."""

    changed = Signal()

    def __init__(self, today: datetime.date, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self._offers = Offers()
        self._grouping = ""
        self._is_figures = True
        self.kind = ChoiceButton(tr("Object"))
        self.count = ChoiceButton(tr("Counted"))
        self.year = ChoiceButton(tr("Year"))
        self.since = ChoiceButton(tr("Since"))
        self.second = ChoiceButton(tr("Cross"))
        self.top = ChoiceButton(tr("Listed"))
        self.baseline = ChoiceButton(tr("Baseline"))
        self.compared = ChoiceButton(tr("Versus"))
        self.regions = QCheckBox(tr("With Hong Kong, Macao, Taiwan of China"))
        self._fill()
        for choice in (self.kind, self.count, self.second, self.top, self.baseline, self.compared):
            choice.chosen.connect(lambda _code: self._on_chosen())
        self.year.chosen.connect(lambda _code: self._on_year())
        self.since.chosen.connect(lambda _code: self._on_chosen())
        self.regions.toggled.connect(lambda _on: self.changed.emit())

    def ask(self, typed: str) -> Asked:
        """Return what the choices and the filter mean."""
        when, (kind, _, pair_kind) = self.when(), self.kind.code().partition(":")
        span, second, compared = when.span(self.today), self.second.code(), self.compared.code()
        by = (self._grouping, second) if second and self.second.isEnabled() else (self._grouping,)
        if not self.compared.isEnabled():
            compared = NONE
        request = StatsRequest(
            today=self.today,
            count=_count(self.count.code()),
            year=None if span else when.year,
            span=span,
            by=by,
            baseline=self.baseline.code() if len(by) == 1 else None,
            regions_of_china=self.regions.isChecked(),
            kind=kind,
        )
        return Asked(
            request,
            as_filter(typed),
            pair_kind or None,
            int(compared.removeprefix(YEAR)) if compared.startswith(YEAR) else None,
            compared.removeprefix(VIEW) if compared.startswith(VIEW) else None,
            int(self.top.code()),
        )

    def when(self) -> When:
        """Return the year and the begin of the span."""
        year, since = self.year.code(), self.since.code()
        return When(int(year) if year else None, int(since) if since else None)

    def show_for(self, *, is_figures: bool, is_counted: bool, is_dated: bool) -> None:
        """Show the choices that mean something: for a table, for other counted figures, for something of a year."""
        self._is_figures = is_figures
        for choice in (self.kind, self.count, self.since):
            choice.setVisible(is_counted)
        self.year.setVisible(is_dated)
        self.regions.setVisible(is_counted)
        self._enable()

    def set_grouping(self, code: str) -> None:
        """Offer what fits another dimension, without a signal; what was chosen stays where it still fits."""
        self._grouping = code
        self._offer_baselines()
        self._offer_second()
        self._enable()

    def set_offers(self, offers: Offers) -> None:
        """Offer other baselines of the office and other saved views, without a signal."""
        self._offers = offers
        self._offer_baselines()
        self._offer_compared()

    def set_today(self, today: datetime.date) -> None:
        """Count up to another day."""
        if today.year != self.today.year:
            self.today = today
            self._offer_years()
        self.today = today

    # --- what is offered ------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        self.kind.set_choices([(code, kind_name(code)) for code in KIND_CODES], KIND_CODES[0])
        self.count.set_choices([(code, count_name(code)) for code in COUNTS], "stock")
        self.top.set_choices([(str(n), tr("first {n}", n=n)) for n in TOPS], str(TOPS[1]))
        self._offer_years()
        self._offer_second()
        self._offer_compared()

    def _years(self, before: int) -> list[str]:
        return [str(year) for year in range(before, self.today.year - OLDEST_CHOICE, -1)]

    def _offer_years(self) -> None:
        years = [(year, year) for year in self._years(self.today.year)]
        self.year.set_choices([(NONE, tr("up to today")), *years], self.year.code())
        self._offer_since()

    def _offer_since(self) -> None:
        years = self._years((self.when().year or self.today.year) - 1)
        kept = self.since.code() if self.since.code() in years else NONE
        self.since.set_choices([(NONE, tr("one year only")), *((year, year) for year in years)], kept)

    def _offer_second(self) -> None:
        codes = [code for code in GROUPINGS if code != self._grouping]
        kept = self.second.code() if self.second.code() in codes else NONE
        self.second.set_choices([(NONE, tr("none")), *((code, grouping_name(code)) for code in codes)], kept)

    def _offer_baselines(self) -> None:
        offered = [(name, short_baseline(name)) for name in baselines(self._grouping)] if self._grouping else []
        own = [(name, year) for name, dimension, year in self._offers.baselines if dimension == self._grouping]
        offered += [(name, f"{name} {year}" if year else name) for name, year in own]
        if not offered:
            return
        before, codes = self.baseline.code(), [code for code, _ in offered]
        kept = before if before in codes and before != "equal" else codes[0]
        self.baseline.set_choices(offered, kept)
        self._enable()

    def _offer_compared(self) -> None:
        years = self._years((self.when().year or self.today.year + 1) - 1)
        choices = [(NONE, tr("none")), *((YEAR + year, year) for year in years)]
        choices += [(VIEW + name, tr("View {name}", name=name)) for name in self._offers.views]
        kept = self.compared.code() if self.compared.code() in [code for code, _ in choices] else NONE
        self.compared.set_choices(choices, kept)

    def _enable(self) -> None:
        is_span = bool(self.since.code())
        is_two = bool(self.second.code()) and not is_span
        self.second.setEnabled(not is_span)
        self.compared.setEnabled(not is_span)
        is_cross = is_span or (is_two and not self.compared.code())
        is_one = not is_cross and not is_two and not self.compared.code()
        self.second.setVisible(self._is_figures)
        self.compared.setVisible(self._is_figures)
        self.top.setVisible(is_cross and self._is_figures)
        self.baseline.setVisible(is_one and self._is_figures)
        self.baseline.setEnabled(len(self.baseline.codes()) > 1)

    def _on_year(self) -> None:
        self._offer_since()
        self._offer_compared()
        self._on_chosen()

    def _on_chosen(self) -> None:
        self._enable()
        self.changed.emit()

    def widgets_of_head(self) -> Sequence[ChoiceButton]:
        """Return the choices that stand beside the title."""
        return (self.kind, self.count, self.year, self.since)

    def widgets_of_band(self) -> Sequence[ChoiceButton | QCheckBox]:
        """Return the choices that stand over the figures."""
        return (self.second, self.top, self.compared, self.baseline, self.regions)


def _count(code: str) -> Count:
    return next(count for count in COUNTS if count == code)
