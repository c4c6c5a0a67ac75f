"""The page of the diagnosis: eight complaints at the left, the chosen one argued at the right."""

import datetime
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.analysis.diagnosis import CODES, Lever, Panel
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.diagnosis import diagnosis
from bri_desktop.services.diagnosis_words import lever_text, sentence, title
from bri_desktop.services.record_links import project_ids
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui.diagnosis.complaints import ComplaintList
from bri_desktop.ui.diagnosis.lower import LowerPart
from bri_desktop.ui.diagnosis.picture_table import HeatMap, PictureTable
from bri_desktop.ui.diagnosis.pictures import Picture, PictureRow, matrix_of, picture_of, values_of, wanted
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.panels import EmptyState, Note
from bri_desktop.ui.shared.plot_cells import Legend
from bri_desktop.ui.shared.taking_out import Shown, TakingOut
from bri_desktop.ui.shared.tokens import Space

OLDEST_CHOICE = 30
ROOMY = 1000
SCROLL_BAR = 8
UPPER, LOWER = 430, 240
LOW_WINDOW, LOWER_IN_IT = 600, 184
NOW = ""
LISTED = ("project", "pair", "agreement", "activity", "outcome")
"""Kinds that have lists of their own."""
KINDS = frozenset({"project", "pair", "place", "agreement", "outcome", "approval", "activity", "batch", "code"})
KINDS |= {"measure_table", "measure_options"}


def read_panels(session: Any, year: int | None, today: datetime.date, cache: StatisticsCache) -> tuple[Panel, ...]:
    """Return the eight panels, on a reader."""
    return diagnosis(session, year=year, today=today, cache=cache)


class DiagnosisPage(Page):
    """不平衡诊断."""

    def __init__(
        self, context: WindowContext, parent: QWidget | None = None, *, today: datetime.date | None = None
    ) -> None:
        super().__init__(tr("Diagnosis"), "", parent, searchable=False)
        self.context = context
        self._today = today
        self._is_stale = True
        self._is_low = False
        self.panels: dict[str, Panel] = {}
        self.table: PictureTable | None = None
        self.year_choice = ChoiceButton(tr("Year"))
        self.complaints = ComplaintList([(code, title(code)) for code in CODES])
        self.finding = buttons.label("", "finding", wrap=True)
        self.basis = buttons.label("", "hint", wrap=True)
        self.problem = Note("", "error")
        self.problem.hide()
        self.below = LowerPart()
        self._make_head()
        self._make_body()
        self.complaints.chosen.connect(lambda _code: self._show_chosen())
        self.year_choice.chosen.connect(lambda _code: self._read())
        self.below.lever_opened.connect(self._open_lever)

    @property
    def today(self) -> datetime.date:
        """The day of the figures."""
        return self._today or datetime.date.today()

    def activate(self) -> None:
        """Compute what is out of date."""
        if self._is_stale or not self.panels:
            self._read()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Compute again; whoever tells of the change has made the cache forget."""
        if changes.kinds and not changes.kinds & KINDS:
            return
        self._is_stale = True
        if self.isVisible():
            self._read()

    # --- parts ----------------------------------------------------------------------------------------------------

    def _make_head(self) -> None:
        years = [str(year) for year in range(self.today.year, self.today.year - OLDEST_CHOICE, -1)]
        self.year_choice.set_choices([(NOW, tr("up to today")), *((year, year) for year in years)], NOW)
        self.add_beside_title(self.year_choice)
        self.taking_out = TakingOut(self, self.context.runner, self.shown, ())
        self.taking_out.saved.connect(self.status_changed)
        self.add_action(buttons.button(tr("Copy picture"), self.taking_out.copy_picture, icon="copy"))
        self.add_action(buttons.menu_button(tr("Export"), self.taking_out.menu, icon="upload"))
        self.add_action(buttons.button(tr("Print"), self.taking_out.print_picture, icon="printer"))

    def _make_body(self) -> None:
        listed = self._listed = QScrollArea()
        listed.setWidgetResizable(True)
        listed.setFrameShape(QFrame.Shape.NoFrame)
        listed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        listed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        listed.setWidget(self.complaints)
        listed.setFixedWidth(self.complaints.width() + SCROLL_BAR)
        self.upper = QFrame()
        self.upper.setProperty("kind", "surface")
        self._picture = QVBoxLayout(self.upper)
        self._picture.setContentsMargins(0, 0, 0, 0)
        self._picture.setSpacing(0)
        self._picture.addWidget(self._heading())
        self.argument = QSplitter(Qt.Orientation.Vertical)
        self.argument.setChildrenCollapsible(False)
        self.argument.addWidget(self.upper)
        self.argument.addWidget(self.below)
        self.argument.setStretchFactor(0, 1)
        self.argument.setSizes([UPPER, LOWER])
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(listed)
        row.addWidget(self.argument, 1)
        self.body.addLayout(row, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the argument more of a small window."""
        super().resizeEvent(event)
        self.complaints.set_narrow(is_narrow=self.width() < ROOMY)
        self._listed.setFixedWidth(self.complaints.width() + SCROLL_BAR)
        is_low = self.height() < LOW_WINDOW
        if is_low != self._is_low:
            self._is_low = is_low
            lower = LOWER_IN_IT if is_low else LOWER
            self.argument.setSizes([self.height() - lower, lower])

    def _heading(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
        column.setSpacing(Space.INSIDE)
        column.addWidget(self.finding)
        self._beside = QHBoxLayout()
        self._beside.addWidget(self.basis, 1)
        column.addLayout(self._beside)
        column.addWidget(self.problem)
        return made

    # --- reading --------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        self._is_stale = False
        year = self.year_choice.code()
        self.context.runner.read(
            read_panels,
            int(year) if year else None,
            self.today,
            self.context.statistics,
            done=self._show,
            failed=self._on_failed,
            initiator=self,
            replaces=(id(self), "panels"),
        )

    def _show(self, panels: Sequence[Panel]) -> None:
        self.problem.hide()
        self.panels = {panel.code: panel for panel in panels}
        for panel in panels:
            self.complaints.entries[panel.code].show_finding(sentence(panel))
        self._show_chosen()

    def _on_failed(self, error: UserError) -> None:
        self.problem.set_text(labels.error_sentence(error))
        self.problem.show()

    def _show_chosen(self) -> None:
        panel = self.panels.get(self.complaints.code())
        if panel is None:
            return
        self._listed.ensureWidgetVisible(self.complaints.entries[panel.code], 0, 0)
        self.finding.setText(sentence(panel))
        picture = picture_of(panel)
        self.basis.setText(" ".join(part for part in (self._basis(panel), picture.note) if part))
        self._clear_picture()
        if panel.enough and picture.rows:
            self._show_picture(panel, picture)
        else:
            self._picture.addWidget(EmptyState(wanted(panel.code)), 1)
        self.below.show_panel(panel)

    def _show_picture(self, panel: Panel, picture: Picture) -> None:
        if picture.legend:
            self._beside.addWidget(Legend(*picture.legend), 0, Qt.AlignmentFlag.AlignBottom)
        self.table = PictureTable(picture)
        self.table.row_opened.connect(self._open_row)
        matrix = matrix_of(panel)
        if matrix is not None:
            self._picture.addWidget(HeatMap(matrix), 3)
        self._picture.addWidget(self.table, 2)

    def _clear_picture(self) -> None:
        """Take the former picture and its legend away; the heading and the basis stay."""
        self.table = None
        for layout in (self._picture, self._beside):
            while layout.count() > 1:
                item = layout.takeAt(1)
                widget = item.widget() if item is not None else None
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()

    def _basis(self, panel: Panel) -> str:
        return tr(
            "Up to {date}; {n} records stand behind this.",
            date=self.today.isoformat() if panel.year == self.today.year else f"{panel.year}-12-31",
            n=f"{panel.n:,}",
        )

    # --- opening --------------------------------------------------------------------------------------------------

    def _panel(self) -> Panel | None:
        return self.panels.get(self.complaints.code())

    def _open_row(self, row: PictureRow) -> None:
        self._open(row.name, row.ids, row.weights)

    def _open_lever(self, lever: Lever) -> None:
        panel = self._panel()
        self._open(lever_text(lever), lever.ids, None if panel is None else panel.weights.get(lever.key))

    def _open(self, what: str, ids: Sequence[int], weights: Mapping[int, float] | None = None) -> None:
        """Open projects and ties as what they are, approvals as the projects that they are about."""
        panel = self._panel()
        if panel is None or not ids:
            return
        shown = f"{title(panel.code)} {panel.year} · {what}"
        if panel.record_kind in LISTED:
            self.context.open_records(RecordSet(shown, tuple(ids), weights, panel.record_kind))
            return
        self.context.runner.read(
            project_ids, panel.record_kind, tuple(ids), done=partial(self._opened, shown), initiator=self
        )

    def _opened(self, what: str, ids: tuple[int, ...]) -> None:
        if ids:
            self.context.open_records(RecordSet(what, ids))

    # --- taking out -----------------------------------------------------------------------------------------------

    def shown(self) -> Shown | None:
        """Return the argument as it is taken out: its picture, and its table with the native chart of it."""
        panel = self._panel()
        if panel is None:
            return None
        heads, rows = values_of(self.table.picture) if self.table is not None else ([], [])
        chart = NativeChart(self.table.picture.charted) if self.table is not None else None
        name = f"{self.title_label.text()} {title(panel.code)} {panel.year}"
        return Shown(name, sentence(panel), heads, rows, chart, self.argument)
