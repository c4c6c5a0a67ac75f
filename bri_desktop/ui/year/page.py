"""年度总结: sections at the left, the paper as it will print in the middle, what is behind a figure at the right."""

import datetime
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.i18n import tr
from bri_desktop.services import summary_pages as service
from bri_desktop.services.year import ANNEXES, SECTIONS, SummaryOptions, section_title
from bri_desktop.services.year_prose import apply_template, save_prose
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.panels import Band, EmptyState, ProgressBand
from bri_desktop.ui.shared.tokens import Size
from bri_desktop.ui.year.acts import Acts
from bri_desktop.ui.year.choices import Choices
from bri_desktop.ui.year.foot import Foot
from bri_desktop.ui.year.maker import Maker
from bri_desktop.ui.year.narrow import Narrow
from bri_desktop.ui.year.opening import open_behind
from bri_desktop.ui.year.preview import Preview, Sheets
from bri_desktop.ui.year.sections import SectionList, SectionState
from bri_desktop.ui.year.side import SIDE_WIDTHS, Side

if TYPE_CHECKING:
    from bri_desktop.services.summary_pages import Printed

LEFT_WIDTH, LEAST_LEFT = 232, 208
SETTLE = 400
"""Milliseconds after the last tick or move before the summary is made anew."""


class SummaryPage(Page):
    """The page; it makes the summary anew whenever something it is made of has changed."""

    def __init__(
        self,
        context: WindowContext,
        parent: QWidget | None = None,
        *,
        today: datetime.date | None = None,
        sections: tuple[str, ...] = (),
    ) -> None:
        super().__init__(tr("Yearly report"), "", parent, searchable=False)
        self.context = context
        self._today = today
        self._is_stale = True
        self._sections = sections
        self.desk: service.Desk | None = None
        self.sheets = Sheets()
        self._figures: dict[str, dict[str, service.Figure]] = {}
        self._starts: dict[str, int] = {}
        self._changed: frozenset[str] = frozenset()
        self.choices = Choices(self)
        self.sections = SectionList()
        self.foot = Foot()
        self.templates, self.frozen_label = self.foot.templates, self.foot.frozen_label
        self.preview = Preview(context.runner)
        self.pages_label = buttons.label("", "small")
        self.side = Side()
        self.bar = ProgressBand()
        self.acts = Acts(self, context, self.bar)
        self.maker = Maker(context, self.bar, self.acts.is_busy, self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE)
        self._settle.timeout.connect(self.read)
        self._make_head()
        self._make_body()
        self._join()

    @property
    def today(self) -> datetime.date:
        """The day of the figures."""
        return self._today or datetime.date.today()

    # --- parts ----------------------------------------------------------------------------------------------------

    def _make_head(self) -> None:
        for choice in (self.choices.year, self.choices.edition, self.choices.language):
            self.add_beside_title(choice)
        self.freeze_button = buttons.button(tr("Freeze…"), self._freeze, icon="lock")
        self.add_action(self.freeze_button)
        menu = QMenu(self)
        menu.addAction(tr("PDF…"), partial(self.acts.export, "pdf"))
        menu.addAction(tr("Excel…"), partial(self.acts.export, "xlsx"))
        self.export_button = buttons.menu_button(tr("Export"), menu, icon="upload")
        self.add_action(self.export_button)
        self.word_button = buttons.button(
            tr("Write Word…"), partial(self.acts.export, "docx"), icon="file-text", kind=buttons.PRIMARY
        )
        self.add_action(self.word_button)

    def _make_body(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        left = self._left()
        for part, stretch in ((left, 0), (self._middle(), 1), (self.side, 0)):
            row.addWidget(part, stretch)
        columns = ((left, LEFT_WIDTH, LEAST_LEFT), (self.side, *SIDE_WIDTHS))
        briefly = (self.freeze_button, self.export_button)
        self.narrow = Narrow(self, self.choices, columns, self.pages_label, briefly, self.sections)
        self.body.addLayout(row, 1)
        self.body.addWidget(self.bar)

    def _left(self) -> QWidget:
        left = QFrame()
        left.setObjectName("navigation_frame")
        left.setFixedWidth(LEFT_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sections, 1)
        column.addWidget(self.foot)
        return left

    def _middle(self) -> QWidget:
        band = Band("band", Size.FILTER_ROW)
        band.add(self.choices.layout)
        band.add(self.choices.span)
        band.add_stretch()
        band.add(self.pages_label)
        band.add(self.choices.fit)
        self.stack = QStackedWidget()
        self.empty = EmptyState(tr("Making the summary…"))
        self.stack.addWidget(self.preview)
        self.stack.addWidget(self.empty)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(band)
        column.addWidget(self.stack, 1)
        return middle

    def _join(self) -> None:
        self.choices.changed.connect(self._on_chosen)
        self.choices.edition_changed.connect(self._on_edition)
        self.choices.fit.chosen.connect(self.preview.set_fit)
        self.sections.chosen.connect(self._on_section)
        self.sections.rearranged.connect(self._on_rearranged)
        self.preview.figure_chosen.connect(self.open_figure)
        self.preview.page_changed.connect(lambda _page: self._show_pages())
        self.side.figure.records_wanted.connect(partial(open_behind, self.context, self, self.side.figure.show_problem))
        self.side.changes.figure_wanted.connect(self.open_figure)
        self.side.changes.restate_wanted.connect(self.acts.restate)
        self.side.words.save_wanted.connect(self._save_words)
        self.foot.office_changed.connect(self._on_chosen)
        self.foot.freeze_wanted.connect(self.acts.freeze)
        self.templates.applied.connect(self._apply_template)
        self.templates.saved.connect(self.acts.save_template)
        self.templates.deleted.connect(self.acts.delete_template)
        self.bar.cancelled.connect(self.cancel)
        self.maker.made.connect(self._on_made)
        self.maker.failed.connect(self._show_empty)

    # --- what is asked for ----------------------------------------------------------------------------------------

    def options(self) -> SummaryOptions:
        """Return what is asked for."""
        return replace(self.choices.options(self._sections), office=self.foot.office_name())

    def activate(self) -> None:
        """Make what is out of date."""
        if not self.choices.is_ready():
            self.context.runner.read(service.default_year, self.today, done=self._begin, initiator=self)
        elif self._is_stale:
            self.read()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Make the summary anew; what it is made of are records of every kind, but not the files written."""
        if changes.kinds and changes.kinds <= {"summary_file"}:
            return
        self._is_stale = True
        if self.isVisible() and self.choices.is_ready():
            self._settle.start()

    def is_filled(self) -> bool:
        """Tell whether the page in view is drawn, or it is said why there is none."""
        return self.stack.currentWidget() is self.empty if self.desk is None else self.preview.is_drawn()

    def may_leave(self) -> bool:
        """Keep what is typed, and stop the work."""
        self.side.words.save()
        self.cancel()
        return True

    def _begin(self, year: int) -> None:
        self.choices.set_year(year, self.today.year)
        self._set_sections(self.options().chosen)
        self.read()

    def _freeze(self) -> None:
        """Freeze the year; once more only for a reason."""
        is_frozen = self.desk is not None and self.desk.document.year in self.desk.frozen
        (self.foot.ask_reason if is_frozen else self.acts.freeze)()

    def _set_sections(self, chosen: tuple[str, ...]) -> None:
        self._sections = chosen
        self.sections.set_sections([(code, section_title(code)) for code in SECTIONS], chosen)

    def _on_chosen(self) -> None:
        self.side.words.save()
        self.read()

    def _on_edition(self) -> None:
        self._sections = ()
        self._set_sections(self.options().chosen)
        self._on_chosen()

    def _on_rearranged(self) -> None:
        ticked = self.sections.ticked()
        text = [code for code in ticked if code not in ANNEXES]
        self._sections = (*text, *(code for code in ticked if code in ANNEXES))
        self._settle.start()

    def _apply_template(self, template: service.Template) -> None:
        options = apply_template(self.options(), template)
        self.choices.show(options)
        self._set_sections(options.chosen)
        self.read()

    # --- reading --------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Make the summary anew."""
        self.maker.cancel()
        self._settle.stop()
        self._is_stale = False
        if not self._sections:
            self._show_empty(tr("No section is ticked: tick what is to be printed."))
            return
        self.maker.make(self.options(), self.today)

    def cancel(self) -> None:
        """Stop making the summary, and the act under way."""
        self.maker.cancel()
        self.acts.cancel()

    def _show_empty(self, sentence: str) -> None:
        self.desk = None
        self.stack.removeWidget(self.empty)
        self.empty.deleteLater()
        self.empty = EmptyState(sentence)
        self.stack.addWidget(self.empty)
        self.stack.setCurrentWidget(self.empty)
        self.side.figure.clear_figure()
        self.side.changes.show_standing(None)
        self.pages_label.clear()
        self.frozen_label.clear()
        self.status_changed.emit("")
        self.sections.set_states({})
        self._allow_acts(False)

    def _on_made(self, desk: service.Desk, printed: "Printed") -> None:
        self.desk = desk
        self._figures = service.figures_by_section(desk.document)
        document = desk.document
        self.side.figure.begin(document)
        self.sheets = Sheets(printed.data, printed.sizes, printed.places)
        self._starts = dict(printed.starts)
        self.stack.setCurrentWidget(self.preview)
        self._changed = document.changed
        self.preview.show_sheets(self.sheets, document.changed)
        self._show_states()
        self._show_pages()
        self._show_words()
        self._show_frozen()
        self.templates.show_templates(self.desk.templates)
        self.foot.show_office(document.office)
        self.foot.reason_row.hide()
        self._allow_acts(True)
        self.status_changed.emit(
            tr("{count} figures can be traced to their records", count=f"{len(document.figures):,}")
        )

    def _allow_acts(self, is_allowed: bool) -> None:
        self.word_button.setEnabled(is_allowed)
        self.export_button.setEnabled(is_allowed)
        self.side.words.setVisible(is_allowed)
        is_over = self.options().year < self.today.year
        self.freeze_button.setEnabled(is_allowed and is_over)
        self.freeze_button.setToolTip(tr("Freeze…") if is_over else tr("A year can be frozen when it is over."))

    def _show_states(self) -> None:
        assert self.desk is not None
        changed = self._changed
        self.sections.set_states(
            dict.fromkeys(self._sections, SectionState(empty=True))
            | {
                section.code: SectionState(
                    len(section.changed) or len(changed & set(self._figures[section.code])), section.own
                )
                for section in self.desk.document.sections
            }
        )

    def _show_pages(self) -> None:
        text = tr("Page {page} of {pages}", page=self.preview.page() + 1, pages=self.preview.pages())
        self.pages_label.setText(text if self.preview.pages() else "")

    def _show_frozen(self) -> None:
        assert self.desk is not None
        year = self.desk.document.year
        day = self.desk.frozen.get(year)
        if day is None:
            self.frozen_label.setText(tr("Not frozen: the figures follow the ledger."))
            self.side.changes.show_standing(None)
            return
        self.frozen_label.setText(tr("Frozen on {day}: later corrections do not change the text.", day=day))
        self.context.runner.read(
            service.read_standing,
            year,
            self.desk.document.edition,
            self.today,
            self.context.statistics,
            done=self._on_standing,
            initiator=self,
            replaces=(id(self), "standing"),
        )

    def _on_standing(self, standing: service.Standing | None) -> None:
        """Mark what is otherwise now, whether or not a note was kept on it."""
        if self.desk is None or standing is None or standing.year != self.desk.document.year:
            return
        self._changed = frozenset(change.figure for change in standing.changes)
        self.side.changes.show_standing(standing)
        self.preview.set_changed(self._changed)
        self._show_states()

    # --- sections, words, figures ---------------------------------------------------------------------------------

    def _on_section(self, code: str) -> None:
        self.side.words.save()
        if self.desk is not None and code in self._starts:
            self.preview.show_page(self._starts[code])
        self._show_words()

    def _show_words(self) -> None:
        code = self.sections.code()
        if self.desk is None or not code:
            return
        prose = self.desk.prose.get(code)
        section = next((one for one in self.desk.document.sections if one.code == code), None)
        current = self._figures.get(code, {})
        changed = [
            (name, prose.figures[name][1], current[name].shown if name in current else "—")
            for name in (section.changed if section else ())
            if prose is not None and name in prose.figures
        ]
        self.side.words.show_section(code, self.sections.title_of(code), prose, changed)

    def _save_words(self, code: str, text: str, place: str, version: int) -> None:
        figures = service.figures_in_words(self.desk.document, code) if self.desk is not None else {}
        self.context.runner.write(
            partial(save_prose, place=place, figures=figures, version=version),
            self.options(),
            code,
            text,
            done=lambda _changes: None,
            initiator=self,
        )

    def open_figure(self, name: str) -> None:
        """Show what stands behind a figure."""
        if self.desk is None:
            return
        document = self.desk.document
        figure = document.figures.get(name)
        if figure is None:
            return
        self.preview.choose_figure(name)
        self.side.figure.show_waiting(figure)
        self.context.runner.read(
            service.read_figure,
            name,
            document.year,
            document.edition,
            self.today,
            self.context.statistics,
            done=partial(self._on_figure, figure),
            failed=lambda error: self.side.figure.show_problem(labels.error_sentence(error)),
            initiator=self,
            replaces=(id(self), "figure"),
        )

    def _on_figure(self, printed: service.Figure, opened: service.Opened) -> None:
        if self.desk is not None:
            document = self.desk.document
            rule = printed.rule or opened.figure.rule
            self.side.figure.show_figure(opened, printed, rule, service.note_under(document, printed.name))
