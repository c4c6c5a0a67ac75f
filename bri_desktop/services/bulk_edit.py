"""One field of many projects set, cleared, added to or taken from: what would become of each, then one act."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.db.projects import CHUNK, ProjectStore, StoredProject
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import FieldProblem
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import differences
from bri_desktop.domain.validation import validate
from bri_desktop.domain.vocabulary import FIELD_BY_CODE, FIELDS, PROJECT_KEY, key_of
from bri_desktop.services.history import TOUCHED, Journal
from bri_desktop.services.places import PlaceChoice, named_places
from bri_desktop.services.projects import InvalidProjectError, Saved, check, get_project, today, update_project
from bri_desktop.services.reference import mode_of
from bri_desktop.services.safekeeping import back_up_before

SET, CLEAR, ADD, REMOVE = "set", "clear", "add", "remove"
CHANGED, UNCHANGED, REFUSED = "changed", "unchanged", "refused"
LISTED = 2_000
"""So many records of a preview are listed; all are counted."""

SEVERAL = frozenset({"codes", "places", "organisations", "texts"})
"""Kinds of fields with several values: these can be added to."""
BULK_FIELDS = tuple(field.code for field in FIELDS if field.code not in ("code", "outcomes"))
"""What can be set on many: a code is had once, results are those of one project."""
ALWAYS_THERE = frozenset({"title", "visibility"})
MODE_OF_PAIRS = "sister_city"


@dataclass(frozen=True, slots=True)
class BulkEdit:
    """What is to be done to ``field``: ``how`` is set, clear, add or remove; ``value`` as in a draft."""

    field: str
    how: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What becomes of one project: its values before and after, the other fields that go along, or why it stays."""

    id: int
    code: str
    title: str
    verdict: str
    before: Any
    after: Any
    along: tuple[str, ...] = ()
    problems: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What would become of each: ``lines`` holds the refused first; ``versions`` those that would be written."""

    edit: BulkEdit
    lines: tuple[BulkLine, ...]
    counts: Mapping[str, int]
    versions: Mapping[int, int]
    names: Mapping[str, PlaceChoice]


@dataclass(frozen=True, slots=True)
class BulkDone:
    """How many were changed, and how many were left because somebody changed them since the preview."""

    changed: int
    left: int
    changes: Changes


def ways_of(field: str) -> tuple[str, ...]:
    """Return what can be done to a field."""
    several = (ADD, REMOVE) if FIELD_BY_CODE[field].kind in SEVERAL else ()
    return (SET, *several) if field in ALWAYS_THERE else (SET, *several, CLEAR)


def preview_bulk(session: Session, ids: Sequence[int], edit: BulkEdit, language: str) -> BulkPreview:
    """Return what an edit would do to the projects of ``ids``; those in the bin are left out."""
    work = _Work(session, edit)
    lines: dict[str, list[BulkLine]] = {REFUSED: [], CHANGED: [], UNCHANGED: []}
    counts: Counter[str] = Counter()
    versions: dict[int, int] = {}
    for start in range(0, len(ids), CHUNK):
        for stored in work.store.read(ids[start : start + CHUNK]).values():
            if stored.deleted:
                continue
            line = work.line(stored)
            counts[line.verdict] += 1
            if line.verdict == CHANGED:
                versions[stored.id] = stored.version
            if len(lines[line.verdict]) < LISTED:
                lines[line.verdict].append(line)
    listed = tuple(line for verdict in lines.values() for line in verdict)[:LISTED]
    return BulkPreview(edit, listed, counts, versions, _names(session, edit.field, listed, language))


def apply_bulk(session: Session, preview: BulkPreview) -> BulkDone:
    """Do what a preview showed, as one act with a copy of the ledger before it; ``DatabaseRefusedError`` where that
    copy cannot be made. What was changed since the preview, or breaks a rule by now, is left."""
    ids = list(preview.versions)
    if not ids:
        return BulkDone(0, 0, Changes(frozenset()))
    if len(ids) > 1:
        back_up_before(session, "edit")
    work, journal = _Work(session, preview.edit), Journal(session, "edit")
    touched: list[int] = []
    for start in range(0, len(ids), CHUNK):
        edited = []
        for stored in work.store.read(ids[start : start + CHUNK]).values():
            if stored.deleted or stored.version != preview.versions[stored.id]:
                continue
            after = work.after(stored.draft)
            if after != stored.draft and not work.problems(stored, after):
                edited.append((stored, after))
        work.store.update_many(edited)
        journal.updated_many((stored.id, differences(stored.draft, draft)) for stored, draft in edited)
        touched += [stored.id for stored, _ in edited]
    keys = frozenset(key_of(PROJECT_KEY, number) for number in touched)
    return BulkDone(len(touched), len(ids) - len(touched), Changes(TOUCHED, keys))


def edit_cell(session: Session, key: str, edit: BulkEdit, *, seen_version: int) -> Saved:
    """Change one field of one project; what :func:`update_project` raises, for rules of modes too."""
    stored = get_project(session, key).stored
    work = _Work(session, edit)
    after = work.after(stored.draft)
    if problems := work.problems(stored, after):
        raise InvalidProjectError(problems)
    return update_project(session, key, after, seen_version=seen_version)


class _Work:
    """What an edit makes of one project after the other."""

    def __init__(self, session: Session, edit: BulkEdit) -> None:
        self._session = session
        self._edit = edit
        self._today = today()
        self._modes: dict[str, str | None] = {}
        self.store = ProjectStore(session)

    def line(self, stored: StoredProject) -> BulkLine:
        """Return what becomes of a project."""
        field, before = self._edit.field, stored.draft
        after = self.after(before)
        problems = () if after == before else self.problems(stored, after)
        verdict = REFUSED if problems else UNCHANGED if after == before else CHANGED
        along = tuple(name for name in differences(before, after) if name != field)
        values = (getattr(before, field), getattr(after, field))
        return BulkLine(stored.id, before.code or stored.key, before.title or "", verdict, *values, along, problems)

    def after(self, draft: ProjectDraft) -> ProjectDraft:
        """Return what a project becomes; what only its former mode has goes with that."""
        field = self._edit.field
        after = replace(draft, **{field: self._value(getattr(draft, field))})
        if field == "mode" and after.mode != draft.mode:
            if after.submode and self._mode_of(after.submode) != after.mode:
                after = replace(after, submode=None)
            if after.mode != MODE_OF_PAIRS:
                after = replace(after, pair_kind=None)
        if field == "submode" and after.submode and not after.mode:
            after = replace(after, mode=self._mode_of(after.submode))
        return self.store.canonical(after)

    def problems(self, stored: StoredProject, after: ProjectDraft) -> tuple[FieldProblem, ...]:
        """Return the rules that a project would break and did not break before."""
        known = validate(stored.draft, today=self._today)
        found = [one for one in validate(after, today=self._today) if one not in known]
        if self._edit.field == "parent":
            found += [one for one in self._of_parent(stored, after) if one.field == "parent"]
        if self._edit.field == "submode" and after.submode and self._mode_of(after.submode) != after.mode:
            found.append(FieldProblem("submode", "submode_of_other_mode"))
        if self._edit.field == "pair_kind" and after.pair_kind and after.mode != MODE_OF_PAIRS:
            found.append(FieldProblem("pair_kind", "pair_kind_needs_mode"))
        return tuple(found)

    def _of_parent(self, stored: StoredProject, after: ProjectDraft) -> Sequence[FieldProblem]:
        try:
            check(self._session, after, stored.id)
        except InvalidProjectError as error:
            return error.problems
        return ()

    def _value(self, before: Any) -> Any:
        edit = self._edit
        if edit.how == CLEAR:
            return () if FIELD_BY_CODE[edit.field].kind in SEVERAL else None
        if edit.how == ADD:
            return tuple(dict.fromkeys((*before, *edit.value)))
        if edit.how == REMOVE:
            return tuple(one for one in before if one not in edit.value)
        return edit.value

    def _mode_of(self, submode: str) -> str | None:
        if submode not in self._modes:
            self._modes[submode] = mode_of(self._session, submode)
        return self._modes[submode]


def _names(session: Session, field: str, lines: Sequence[BulkLine], language: str) -> dict[str, PlaceChoice]:
    if FIELD_BY_CODE[field].kind != "places":
        return {}
    keys = dict.fromkeys(key for line in lines for key in (*line.before, *line.after))
    return {place.key: place for place in named_places(session, list(keys), language)}
