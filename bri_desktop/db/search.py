"""The search in the folded text of the projects: an index of neighbouring characters, which only SQLite has here.

A scan of all texts takes longer than a keystroke may, and SQLite's own index of three characters finds nothing for
two Chinese ones. So every pair of neighbouring characters is a token of an FTS5 table without positions and without
a copy of the text. What it finds for one or two characters is exact; for more it is a candidate, whose text is read
again. Texts of a long import are left out at first and noted as gaps, which are scanned until they are filled: the
import is not slower for the index, and a search in between is still right.

A change of :func:`pairs` needs a migration that empties the index and notes everything as a gap.
"""

import sqlite3
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    table,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from bri_desktop.db.models import Project, ProjectSearch, SearchGap, table_of
from bri_desktop.domain.folding import fold

INDEX = "search_index"
TABLES = frozenset(INDEX + suffix for suffix in ("", "_data", "_idx", "_config"))
"""The index as SQLite keeps it: no tables of the models."""
AT_ONCE = 50
"""So many texts are indexed with the write that brings them; more become a gap."""
FILLED_AT_ONCE = REPLACED_AT_ONCE = 500
EXACT = 2

_UNITS = "I"
_ENCODING = f"utf-32-{sys.byteorder[0]}e"
_SPACE = ord(" ")
_INDEX = table(INDEX, column("rowid"), column("pairs"), column(INDEX))


def search_words(search: str) -> list[str]:
    """Return the folded words that all have to be found."""
    return [folded for word in search.split() if (folded := fold(word))]


def pairs(text: str) -> str:
    """Return the pairs of neighbouring characters of each word, and its last character alone: ``ab bc c ``."""
    units = array(_UNITS, (text + " ").encode(_ENCODING))
    spread = array(_UNITS, (_SPACE,)) * (3 * len(units) - 3)
    spread[0::3], spread[1::3] = units[:-1], units[1:]
    return spread.tobytes().decode(_ENCODING)


# -- finding -------------------------------------------------------------------------------------------------------


def found_by_index(words: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a project holds every one of ``words``: the quick one where few do."""
    if not words:
        return true()
    longer = [found_by_reading(word) for word in words if len(word) > EXACT]
    return and_(Project.id.in_(_candidates(words)), *longer)


def found_by_reading(word: str) -> ColumnElement[bool]:
    """Return the condition that a project holds ``word``, told from its text: the quick one where many do."""
    text = select(ProjectSearch.text).where(ProjectSearch.project_id == Project.id).scalar_subquery()
    return func.coalesce(func.instr(text, word), 0) > 0


def few_holding(session: Session, words: Sequence[str], most: int) -> list[int] | None:
    """Return every id that may hold all ``words``, or ``None`` where there are more than ``most`` of them."""
    query = _candidates(words).limit(most + 1)
    found = list(session.connection().execute(query).scalars())
    return found if len(found) <= most else None


def _candidates(words: Sequence[str]) -> CompoundSelect[tuple[int]]:
    expression = " ".join(map(_expression, words))
    indexed = select(_INDEX.c.rowid).where(literal_column(INDEX).op("MATCH")(expression))
    unindexed = (
        select(ProjectSearch.project_id)
        .join(SearchGap, ProjectSearch.project_id.between(SearchGap.first_id, SearchGap.last_id))
        .where(*(func.instr(ProjectSearch.text, word) > 0 for word in words))
    )
    return union_all(indexed, unindexed)


def _expression(word: str) -> str:
    if len(word) == 1:
        return f'"{word}" *'
    return " ".join(f'"{first}{second}"' for first, second in pairwise(word))


# -- keeping in step -----------------------------------------------------------------------------------------------


def take_up(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Index new texts, given as rows of ``project_search`` with rising ids, or note them as a gap."""
    if len(rows) <= AT_ONCE:
        _enter(session, ((row["project_id"], row["text"]) for row in rows))
        return
    first, last = rows[0]["project_id"], rows[-1]["project_id"]
    longer = session.connection().execute(update(SearchGap).where(SearchGap.last_id == first - 1).values(last_id=last))
    if longer.rowcount == 0:
        session.add(SearchGap(first_id=first, last_id=last))
        session.flush()


def replace(session: Session, project_id: int, text: str) -> None:
    """Store another text of a project and index it in place of the old one."""
    replace_many(session, {project_id: text})


def replace_many(session: Session, texts: Mapping[int, str]) -> None:
    """Store other texts of projects, by id, and index each in place of the old one; texts in a gap stay there."""
    ids = list(texts)
    for start in range(0, len(ids), REPLACED_AT_ONCE):
        _replace(session, {project_id: texts[project_id] for project_id in ids[start : start + REPLACED_AT_ONCE]})


def _replace(session: Session, texts: Mapping[int, str]) -> None:
    table, connection = table_of(ProjectSearch), session.connection()
    known = select(table.c.project_id, table.c.text).where(table.c.project_id.in_(list(texts)))
    old = dict(connection.execute(known).tuples().all())
    new = {project_id: text for project_id, text in texts.items() if old.get(project_id) != text}
    if not new:
        return
    turned = [{"own": project_id, "to": text} for project_id, text in new.items() if project_id in old]
    made = [{"project_id": project_id, "text": text} for project_id, text in new.items() if project_id not in old]
    if turned:
        changing = update(table).where(table.c.project_id == bindparam("own")).values(text=bindparam("to"))
        connection.execute(changing, turned)
    if made:
        connection.execute(insert(table), made)
    gaps = session.execute(select(SearchGap.first_id, SearchGap.last_id)).tuples().all()
    indexed = [project_id for project_id in new if not any(first <= project_id <= last for first, last in gaps)]
    leaving = [{INDEX: "delete", "rowid": one, "pairs": pairs(old[one])} for one in indexed if one in old]
    if leaving:
        connection.execute(insert(_INDEX), leaving)
    _enter(session, ((project_id, new[project_id]) for project_id in indexed))


def fill(session: Session, count: int = FILLED_AT_ONCE) -> bool:
    """Index up to ``count`` texts of the first gap; tell whether any gap is left."""
    gap = session.execute(select(SearchGap.first_id, SearchGap.last_id).order_by(SearchGap.first_id)).first()
    if gap is None:
        return False
    texts = select(ProjectSearch.project_id, ProjectSearch.text).order_by(ProjectSearch.project_id).limit(count)
    rows = session.execute(texts.where(ProjectSearch.project_id.between(*gap))).tuples().all()
    _enter(session, rows)
    own = SearchGap.first_id == gap.first_id
    if len(rows) == count and rows[-1][0] < gap.last_id:
        session.execute(update(SearchGap).where(own).values(first_id=rows[-1][0] + 1))
        return True
    session.execute(delete(SearchGap).where(own))
    return session.scalar(select(exists().where(SearchGap.first_id > 0))) or False


def begin_anew(connection: sqlite3.Connection) -> None:
    """Empty the index and note every text as a gap, within a transaction; :func:`fill` makes it again."""
    connection.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('delete-all')")
    connection.execute("DELETE FROM search_gap")
    connection.execute(
        "INSERT INTO search_gap (first_id, last_id) SELECT min(project_id), max(project_id) FROM project_search "
        "HAVING count(*) > 0"
    )


def _enter(session: Session, rows: Iterable[tuple[int, str]]) -> None:
    entries = [{"rowid": project_id, "pairs": pairs(text)} for project_id, text in rows]
    if entries:
        session.execute(insert(_INDEX), entries)
