"""The office's own codes beside the built-in ones: added, renamed, ordered and deleted, each as an act to take back.

Built-in codes are never changed. Own codes stand after them, so that number keys and habits stay, and have
identifiers that no later built-in code can have.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.code_uses import count_uses, projects_using, rows_using
from bri_desktop.db.models import Code, HistoryEntry, SavedView
from bri_desktop.db.projects import CHUNK, ProjectStore
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.codebook import OWN, own_code, own_number
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.folding import fold
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import differences
from bri_desktop.services.code_history import enter, move_rows, plain_code
from bri_desktop.services.code_labels import CODE_KIND
from bri_desktop.services.history import TOUCHED, Journal
from bri_desktop.services.reference import read_codebook

LISTS = (
    "mode", "submode", "nature", "status", "domain", "field", "corridor", "level", "policy_step", "outcome_class",
    "pair_kind", "pair_life", "agreement_kind", "activity_kind", "actor", "cause", "ecosystem",
)  # fmt: skip
"""The lists an office can add to, in the order they are shown. What others define (goals of the United Nations,
continents, income groups) and what the program's rules decide by (visibility, levels of places) stays as it is."""

PARENTS: Mapping[str, str] = {"submode": "mode", "status": "status", "cause": "cause"}
"""List -> the list in which each of its own codes has a parent: the mode of a sub-mode; the built-in status or cause
as which an own one counts."""

FIRST_OWN = 1001
LONGEST_NAME = 40
SEPARATORS = frozenset(",，;；、\t\r\n")
"""What parts the values of a cell: a name with one of these would be read back as two."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code with its uses: ``used`` records of the ledger, ``other`` rows in the bin and past dated changes."""

    list: str
    code: str
    name_zh: str
    name_en: str
    parent: str | None
    builtin: bool
    position: int
    used: int
    other: int

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``codes --json`` prints."""
        names = ("code", "name_zh", "name_en", "builtin", "parent", "position", "used", "other")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class SavedCode:
    """The code that was written and what to read again."""

    code: str
    changes: Changes


def read_lists(session: Session, name: str | None = None) -> dict[str, tuple[CodeRow, ...]]:
    """Return list -> its codes in order, of every extensible list or of one; ``InputError`` code_list_unknown."""
    if name is not None:
        _require_list(name)
    return {one: _read_list(session, one) for one in (LISTS if name is None else (name,))}


def _read_list(session: Session, name: str) -> tuple[CodeRow, ...]:
    live, other = count_uses(session, name)
    rows = session.scalars(select(Code).where(Code.list == name).order_by(Code.position, Code.code))
    return tuple(
        CodeRow(
            list=name,
            code=row.code,
            name_zh=row.name_zh,
            name_en=row.name_en,
            parent=row.parent,
            builtin=row.builtin,
            position=place,
            used=live[row.code],
            other=other[row.code],
        )
        for place, row in enumerate(rows, start=1)
    )


def to_json(lists: Mapping[str, tuple[CodeRow, ...]]) -> dict[str, Any]:
    """Return the object that ``codes --json`` prints."""
    return {"lists": [{"list": name, "codes": [row.to_json() for row in rows]} for name, rows in lists.items()]}


def add_code(session: Session, name: str, name_zh: str, name_en: str = "", parent: str | None = None) -> SavedCode:
    """Add a code to a list; ``parent`` as :data:`PARENTS` says.

    ``InputError`` code_list_unknown, code_name_needed, code_name_unusable, code_name_taken, code_parent_needed,
    code_parent_unknown.
    """
    _require_list(name)
    names = _checked_names(session, name, name_zh, name_en)
    last = session.scalar(select(func.max(Code.position)).where(Code.list == name)) or 0
    row = Code(
        list=name,
        code=own_code(_next_number(session)),
        position=max(FIRST_OWN, last + 1),
        name_zh=names[0],
        name_en=names[1],
        parent=_checked_parent(session, name, parent),
        builtin=False,
    )
    session.add(row)
    session.flush()
    enter(session, Journal(session, "code-add").change_id, "create", None, plain_code(row))
    return _saved(row.code)


def rename_code(session: Session, name: str, code: str, name_zh: str, name_en: str | None = None) -> SavedCode:
    """Give an own code other names; ``None`` leaves the English one.

    ``InputError`` as :func:`add_code`, and code_builtin or code_missing.
    """
    row = _own_row(session, name, code)
    before = plain_code(row)
    row.name_zh, row.name_en = _checked_names(
        session, name, name_zh, row.name_en if name_en is None else name_en, own=code
    )
    if plain_code(row) != before:
        session.flush()
        enter(session, Journal(session, "code-rename").change_id, "update", before, plain_code(row))
    return _saved(code)


def move_code(session: Session, name: str, code: str, steps: int) -> SavedCode:
    """Move an own code down by ``steps`` places among the own codes of its list, up where they are negative."""
    row = _own_row(session, name, code)
    own = (Code.list == name, Code.builtin.is_(False))
    rows = list(session.scalars(select(Code).where(*own).order_by(Code.position, Code.code)))
    before = {other.code: plain_code(other) for other in rows}
    places = [other.position for other in rows]
    start = rows.index(row)
    rows.insert(min(max(start + steps, 0), len(rows) - 1), rows.pop(start))
    for other, position in zip(rows, places, strict=True):
        other.position = position
    session.flush()
    moved = [other for other in rows if plain_code(other) != before[other.code]]
    if moved:
        change = Journal(session, "code-order").change_id
        for other in moved:
            enter(session, change, "update", before[other.code], plain_code(other))
    return _saved(code)


def delete_code(session: Session, name: str, code: str, into: str | None = None) -> SavedCode:
    """Delete an own code; its records are given ``into``, another code of the list, first.

    ``InputError`` code_in_use without ``into``, code_in_view, code_is_parent, code_missing, code_builtin.
    """
    row = _own_row(session, name, code)
    if into is not None and (into == code or session.get(Code, (name, into)) is None):
        raise InputError("code_missing", name=into, list=name)
    _refuse_where_named(session, row)
    projects, rows = projects_using(session, name, code), list(rows_using(session, name, code))
    if into is None and (projects or rows):
        raise InputError("code_in_use", name=row.name_zh, count=len(projects) + sum(len(ids) for _, ids in rows))
    journal = Journal(session, "code-delete")
    if into is not None:
        _move_projects(session, journal, projects, {code: into}, name)
        for use, ids in rows:
            move_rows(session, journal.change_id, use, ids, code, into)
    enter(session, journal.change_id, "delete", plain_code(row), None)
    session.delete(row)
    session.flush()
    return _saved(code)


def _move_projects(session: Session, journal: Journal, ids: list[int], other: Mapping[str, str], name: str) -> None:
    store = ProjectStore(session)
    for start in range(0, len(ids), CHUNK):
        read = store.read(ids[start : start + CHUNK]).values()
        moved = [(stored, _moved(stored.draft, name, other)) for stored in read]
        store.update_many(moved, taking_back=True)
        journal.updated_many((stored.id, differences(stored.draft, draft)) for stored, draft in moved)


def _moved(draft: ProjectDraft, name: str, other: Mapping[str, str]) -> ProjectDraft:
    """Return a draft with one code for another in every field of that list."""
    several = {"domain": "domains", "field": "fields", "corridor": "corridors", "sdg": "sdg"}.get(name)
    values: dict[str, Any] = {}
    if several is not None:
        values[several] = tuple(dict.fromkeys(other.get(code, code) for code in getattr(draft, several)))
    if name == "outcome_class":
        values["outcomes"] = tuple(
            replace(one, outcome_class=other.get(one.outcome_class or "", one.outcome_class)) for one in draft.outcomes
        )
    elif name not in ("field", "corridor", "sdg"):
        values[name] = other.get(getattr(draft, name) or "", getattr(draft, name))
    if name == "domain":
        values["domains"] = tuple(code for code in values["domains"] if code != values["domain"])
    return replace(draft, **values)


def _refuse_where_named(session: Session, row: Code) -> None:
    for view in session.scalars(select(SavedView).where(SavedView.filter.contains(row.code, autoescape=True))):
        raise InputError("code_in_view", name=row.name_zh, view=view.name)
    for below, above in PARENTS.items():
        if above == row.list:
            child = session.scalar(select(Code).where(Code.list == below, Code.parent == row.code).limit(1))
            if child is not None:
                raise InputError("code_is_parent", name=row.name_zh, child=child.name_zh)


def _require_list(name: str) -> None:
    if name not in LISTS:
        raise InputError("code_list_unknown", list=name, known=", ".join(LISTS))


def _own_row(session: Session, name: str, code: str) -> Code:
    _require_list(name)
    row = session.get(Code, (name, code))
    if row is None:
        raise InputError("code_missing", name=code, list=name)
    if row.builtin:
        raise InputError("code_builtin", name=row.name_zh)
    return row


def _next_number(session: Session) -> int:
    """Return a number that no own code has or had."""
    codes = session.scalars(select(Code.code).where(Code.code.startswith(OWN, autoescape=True)))
    past = session.scalar(select(func.max(HistoryEntry.record_id)).where(HistoryEntry.kind == CODE_KIND))
    return max([past or 0, *map(own_number, codes)]) + 1


def _checked_names(session: Session, name: str, zh: str, en: str, own: str | None = None) -> tuple[str, str]:
    names = (" ".join(zh.split(" ")).strip(), " ".join(en.split(" ")).strip())
    if not fold(names[0]):
        raise InputError("code_name_needed")
    book = read_codebook(session)
    for text in filter(None, names):
        if len(text) > LONGEST_NAME or SEPARATORS & set(text) or not fold(text):
            raise InputError("code_name_unusable", text=text[:LONGEST_NAME], longest=LONGEST_NAME)
        taken = book.named(name, text)
        if taken is not None and taken != own:
            raise InputError("code_name_taken", text=text, name=book.label(name, taken, "zh_CN"))
    return names


def _checked_parent(session: Session, name: str, parent: str | None) -> str | None:
    above = PARENTS.get(name)
    if above is None:
        if parent is not None:
            raise InputError("code_parent_unused", list=name)
        return None
    known = {label.code: label for label in read_codebook(session).codes(above)}
    offers = {code: label.name_zh for code, label in known.items() if above != name or not code.startswith(OWN)}
    if not parent:
        raise InputError("code_parent_needed", known=_listed(offers))
    wanted = parent if parent in offers else next((code for code, zh in offers.items() if fold(zh) == fold(parent)), "")
    if not wanted:
        raise InputError("code_parent_unknown", parent=parent, known=_listed(offers))
    return wanted


def _listed(offers: Mapping[str, str]) -> str:
    return ", ".join(f"{code} ({zh})" for code, zh in offers.items())


def _saved(code: str) -> SavedCode:
    return SavedCode(code, Changes(TOUCHED | {CODE_KIND}, frozenset({code})))
