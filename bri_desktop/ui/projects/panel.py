"""The record at the right of the ledger: its form and its history; saving, versions in conflict, unsaved text."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import StaleRecordError, UserError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.i18n import language, tr
from bri_desktop.services.office import home_place
from bri_desktop.services.places import PlaceChoice, named_places
from bri_desktop.services.projects import (
    InvalidProjectError,
    ProjectItem,
    Saved,
    create_project,
    similar_projects,
    update_project,
)
from bri_desktop.services.reasons import with_reason
from bri_desktop.services.views import organisation_names
from bri_desktop.ui.projects.conflict import ConflictView, compare
from bri_desktop.ui.projects.form import ProjectForm
from bri_desktop.ui.projects.history_view import HistoryView, frozen_texts
from bri_desktop.ui.projects.record_read import Record, read_record
from bri_desktop.ui.projects.tabs import RecordTabs, single_timer
from bri_desktop.ui.projects.unsaved import NEW, Unsaved, UnsavedStore
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import Note, SidePanel
from bri_desktop.ui.shared.reason import ReasonField
from bri_desktop.ui.shared.tokens import Space

KEEP_MILLISECONDS = 600
SIMILAR_MILLISECONDS = 250


class RecordPanel(SidePanel):
    """Shows one record, or a new one; what is typed is kept until it is saved or given up."""

    saved = Signal(object, bool)
    """``Saved`` and whether the record is new."""
    record_requested = Signal(str)
    """A similar record is to be shown."""
    sheet_wanted = Signal()
    """The page of the record is to be written as a file."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__("")
        self.hide()
        self.setParent(parent)
        self._context = context
        self._record: Record | None = None
        self._key = NEW
        self._version = 0
        self._is_saving = False
        self._has_begun = False
        self._names: dict[str, PlaceChoice] = {}
        self._unsaved = UnsavedStore(context.settings, str(context.path))
        self.form = ProjectForm(context)
        self.history = HistoryView(context.codes)
        self.conflicts = ConflictView(context.codes)
        self._fact = buttons.label("", "hint")
        self.facts.addWidget(self._fact, 1)
        self.sheet_button = buttons.button(tr("Project card"), self.sheet_wanted.emit, kind=buttons.SMALL_LINK)
        self.sheet_button.setToolTip(f"{tr('Project card')}  Ctrl+Shift+P")
        self.sheet_button.hide()
        self.facts.addWidget(self.sheet_button)
        self.similar = Note()
        self.similar.link_clicked.connect(self.record_requested)
        self.similar.hide()
        self.form.notes.addWidget(self.similar)
        self._make_tabs()
        self._make_bar()
        self._connect()

    def build_ahead(self, count: int) -> bool:
        """Make ``count`` more rows of the form before a record is asked for; tell whether all are there."""
        return self._has_begun or self.form.build(count)

    def _make_tabs(self) -> None:
        self.restored = Note(tr("What you typed before was brought back; it is not saved yet."))
        self.restored.hide()
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.INSIDE)
        column.addWidget(self.conflicts)
        column.addWidget(self.restored)
        column.addWidget(self.form, 1)
        self.tabs = RecordTabs(self._context, top, self.history)
        self.tabs.said.connect(self._on_said)
        self.tabs.currentChanged.connect(lambda _place: self._show_state())
        self.body.addWidget(self.tabs, 1)
        self.reason = ReasonField()
        self.reason.setContentsMargins(Space.PAGE, Space.INSIDE, Space.PAGE, Space.INSIDE)
        self.reason.line.returnPressed.connect(self.save)
        self.body.addWidget(self.reason)

    def _make_bar(self) -> None:
        self.problem_label = buttons.label("", "problem")
        self.state_label = buttons.label("", "hint")
        self.revert_button = buttons.button(tr("Revert"), self.revert)
        self.save_button = buttons.button(tr("Save"), self.save, kind=buttons.PRIMARY)
        self.save_button.setToolTip(f"{tr('Save')}  Ctrl+S")
        for widget in (self.problem_label, self.state_label):
            self.bar.add(widget)
        self.bar.add_stretch()
        self.bar.add(self.revert_button)
        self.bar.add(self.save_button)

    def _order(self) -> None:
        """Let Tab go from the head over the form to the buttons below it."""
        stops = (self.sheet_button, *self.form.stops(), self.reason.line, self.revert_button, self.save_button)
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    def _connect(self) -> None:
        self.form.built.connect(self._order)
        self.form.edited.connect(self._on_edited)
        self.history.restore_wanted.connect(self._restore_state)
        self.form.save_requested.connect(self.save)
        self.conflicts.theirs_taken.connect(self._on_theirs)
        self.conflicts.settled.connect(self._show_state)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.save)
        self._keep_timer = single_timer(self, KEEP_MILLISECONDS, self.keep_unsaved)
        self._similar_timer = single_timer(self, SIMILAR_MILLISECONDS, self._ask_similar)

    # -- what is shown -----------------------------------------------------------------------------------------

    @property
    def key(self) -> str:
        """The key of the record shown; ``new`` or ``copy:P12`` for one that is not stored yet."""
        return self._key

    @property
    def is_new(self) -> bool:
        """Tell whether the record is not stored yet."""
        return self._record is None

    def unsaved_keys(self) -> list[str]:
        """Return the records with unsaved text, the last one at the end."""
        return self._unsaved.keys()

    def open(self, key: str, *, focus: bool = True) -> None:
        """Read a record and show it."""
        self.keep_unsaved()
        self._context.runner.read(
            read_record, key, done=lambda record: self._show_record(record, focus=focus), initiator=self,
            replaces="projects.record",
        )  # fmt: skip

    def open_new(self, draft: ProjectDraft | None = None, names: Mapping[str, PlaceChoice] | None = None,
                 *, key: str = NEW) -> None:  # fmt: skip
        """Begin a new record, empty or from a copy; unsaved text of the same one comes back."""
        self.keep_unsaved()
        self._context.runner.drop("projects.record")
        self._record, self._key, self._version = None, key, 0
        self._names = dict(names or {})
        self._read_names()
        self._context.runner.read(named_places, [], done=lambda _none: None, initiator=self)
        self._begin(ProjectDraft(), tr("New project"))
        if draft is not None:
            self.form.show_over(draft, self._names)
        elif key == NEW:
            self._context.runner.read(
                home_place, language(), done=self._on_home, initiator=self, replaces="projects.home"
            )
        self._bring_back()
        self.form.focus_title()

    def _on_home(self, city: Sequence[PlaceChoice]) -> None:
        """Begin with the home city, unless something was typed meanwhile."""
        if city and self.is_new and self._key == NEW and not self.form.is_changed():
            self._names = {place.key: place for place in city}
            self.form.show_draft(ProjectDraft(domestic_places=tuple(self._names)), self._names)

    def duplicate_of(self, key: str) -> None:
        """Begin a new record with the fields of another, without its code."""
        self.keep_unsaved()
        self._context.runner.read(read_record, key, done=self._copy, initiator=self, replaces="projects.record")

    def _copy(self, record: Record) -> None:
        draft = replace(record.item.draft, code=None)
        self.open_new(draft, record.names, key=f"copy:{record.item.key}")

    def duplicate(self) -> None:
        """Begin a new record with the fields of the one shown, without its code."""
        if self._record is not None:
            draft = replace(self._record.item.draft, code=None)
            self.open_new(draft, self._names, key=f"copy:{self._key}")

    def refresh(self) -> None:
        """Read the record again after a change elsewhere; typed text stays and meets it when it is saved."""
        if self._record is not None and not self.form.is_changed() and not self._is_saving:
            self.open(self._key, focus=False)

    def _show_record(self, record: Record, *, focus: bool) -> None:
        self._record, self._key, self._version = record, record.item.key, record.item.stored.version
        self._names = dict(record.names)
        self._read_names()
        self._begin(record.item.draft, record.item.draft.title or record.item.key)
        self.history.show_entries(record.history, self._names, record.frozen)
        self._fact.setText("   ".join((*self._facts(record.item), *frozen_texts(record.frozen))))
        self._fact.setToolTip(self._fact.text())
        self._bring_back()
        if focus:
            self.form.focus_title()

    def _begin(self, draft: ProjectDraft, title: str) -> None:
        self.conflicts.clear()
        self.restored.hide()
        self.similar.hide()
        self._fact.setText("")
        self.set_title(title)
        self.tabs.show_owner("" if self._record is None else self._key)
        self.sheet_button.setVisible(self._record is not None)
        self.form.show_draft(draft, self._names)
        self._has_begun = True
        self._show_state()

    def _read_names(self) -> None:
        self._context.runner.read(
            organisation_names, done=self.form.set_known_names, initiator=self, replaces="projects.names"
        )

    def _facts(self, item: ProjectItem) -> list[str]:
        draft = item.draft
        status = self._context.codes.label("status", draft.status, language())
        binned = tr("In the bin") if item.stored.deleted else ""
        return [fact for fact in (draft.code, status, draft.department, binned) if fact]

    def _bring_back(self) -> None:
        """Show unsaved text of this record over it, unless it changed meanwhile: then both are compared."""
        unsaved = self._unsaved.get(self._key)
        if unsaved is None:
            return
        stored, version = self.form.start(), self._version
        if unsaved.version != version:
            self.form.show_draft(unsaved.base, self._names)
        self.form.take_raw(unsaved.raw)
        self.restored.show()
        if unsaved.version != version:
            self._meet(stored)

    # -- typing ------------------------------------------------------------------------------------------------

    def _on_edited(self) -> None:
        self._show_state()
        self._keep_timer.start()
        self._similar_timer.start()

    def keep_unsaved(self) -> None:
        """Put what is typed where a crash does not reach it."""
        self._keep_timer.stop()
        if self._is_saving or not self._has_begun:
            return
        if self.form.is_changed():
            self._unsaved.keep(self._key, Unsaved(self._version, self.form.start(), self.form.raw()))
            self.state_label.setText(tr("Draft kept {time}", time=f"{datetime.now():%H:%M}"))
        else:
            self._unsaved.drop(self._key)

    def revert(self) -> None:
        """Give up what was typed and show what is stored."""
        self._unsaved.drop(self._key)
        if self._record is None:
            self._key = NEW
            self._begin(ProjectDraft(), tr("New project"))
            self.form.focus_title()
        else:
            self.form.show_draft(self.form.start(), self._names)
            self._show_state()
            self.open(self._key)

    def _show_state(self) -> None:
        problems = {} if not self.form.is_changed() else self.form.problems()
        count = len(problems) + len(self.conflicts.open_fields())
        self.problem_label.setText(tr("{count} to correct", count=count) if count else "")
        self.problem_label.setVisible(bool(count))
        changed = self.form.is_changed()
        self.save_button.setEnabled(changed and not count and not self._is_saving)
        self.revert_button.setEnabled(changed)
        is_form = self.tabs.currentIndex() == 0
        self.reason.setVisible(is_form and changed and not self.is_new)
        for widget in (self.revert_button, self.save_button):
            widget.setVisible(is_form)
        if not is_form:
            self.state_label.setText(tr("Stored at once; Ctrl+Z takes it back"))
        elif not changed:
            self.state_label.setText("" if self._record is None else tr("No unsaved changes"))

    def _restore_state(self, record: str, change: int) -> None:
        from bri_desktop.services.earlier import restore_state

        def done(_changes: object) -> None:
            self._on_said(tr("This state is back. Ctrl+Z takes it back."))
            self.open(key, focus=False)

        key = self._key
        self._context.runner.write(restore_state, record, change, done=done, failed=self._on_refused, initiator=self)

    def _on_said(self, text: str) -> None:
        self.state_label.setText(text)

    def _ask_similar(self) -> None:
        draft, own = self.form.draft(), None if self._record is None else self._key
        self._context.runner.read(
            lambda session: similar_projects(session, draft, own_key=own), done=self._show_similar, initiator=self,
            replaces="projects.similar",
        )  # fmt: skip

    def _show_similar(self, found: list[ProjectItem]) -> None:
        self.similar.setVisible(bool(found))
        self.similar.set_text(tr("A record of this title and these places is there already:"))
        self.similar.set_links([(one.key, f"{one.draft.code or one.key} {one.draft.title or ''}") for one in found])

    # -- saving ------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Store what is typed, or go to the first field that is wrong."""
        if self._is_saving or not self.form.is_changed() or self.conflicts.open_fields():
            return
        if self.form.focus_first_problem():
            self._show_state()
            return
        draft, key, version, is_new = self.form.draft(), self._key, self._version, self.is_new

        def store(session: Any) -> Saved:
            if is_new:
                return create_project(session, draft)
            return update_project(session, key, draft, seen_version=version)

        self._is_saving = True
        self._keep_timer.stop()
        write = with_reason(store, "" if is_new else self.reason.line.text())
        self._context.runner.write(
            write, done=lambda saved: self._on_saved(saved, key, is_new=is_new), failed=self._on_refused, initiator=self
        )

    def _on_saved(self, saved: Saved, key: str, *, is_new: bool) -> None:
        self._is_saving = False
        self.reason.line.clear()
        self._unsaved.drop(key)
        if self._key == key:
            self.form.rebase(self.form.draft())
            self.open(saved.key, focus=False)
        self.saved.emit(saved, is_new)

    def _on_refused(self, error: UserError) -> None:
        self._is_saving = False
        self.keep_unsaved()
        if isinstance(error, StaleRecordError):
            self._context.runner.read(read_record, self._key, done=self._on_newer, initiator=self)
        elif isinstance(error, InvalidProjectError):
            self.form.tell(error.problems)
            self.form.focus_first_problem()
            self._show_state()
        else:
            self._show_state()
            self.problem_label.setText(labels.error_sentence(error))
            self.problem_label.show()

    def _on_newer(self, record: Record) -> None:
        self._record, self._version = record, record.item.stored.version
        self._names |= record.names
        self.history.show_entries(record.history, self._names, record.frozen)
        self._meet(record.item.draft)

    def _meet(self, theirs: ProjectDraft) -> None:
        """Put what is stored now under what is typed: one side's changes are taken, both sides' are asked for."""
        taken, conflicts = compare(self.form.start(), self.form.draft(), theirs)
        self.form.rebase(theirs)
        for field in taken:
            self.form.show_value(field, getattr(theirs, field), self._names)
        self.conflicts.ask(conflicts, taken, self._names)
        self._show_state()

    def _on_theirs(self, field: str, value: Any) -> None:
        self.form.show_value(field, value, self._names)
        self._show_state()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what is typed, and look for nothing more."""
        super().hideEvent(event)
        self._similar_timer.stop()
        self.keep_unsaved()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc; what is typed is kept."""
        if event.key() == Qt.Key.Key_Escape:
            self.keep_unsaved()
            self.closed.emit()
        else:
            super().keyPressEvent(event)
