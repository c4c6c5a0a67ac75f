"""Inserting many rows: straight through the driver, with the statement of a table put together once.

SQLAlchemy takes each row apart and puts it together again, which is half of the time of a long import's writing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from bri_desktop.db.models import Base, table_of

Convert = Callable[[Any], Any]


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, all with the columns of the first one, two or more; the model's defaults are not filled in."""
    if not rows:
        return
    session.flush()
    names = tuple(rows[0])
    sql, order, converts = _statement(model, names)
    pick = itemgetter(*order)
    values: list[tuple[Any, ...]] = [pick(row) for row in rows]
    if converts:
        values = [_converted(row, converts) for row in values]
    session.connection().exec_driver_sql(sql, values)


def _converted(row: tuple[Any, ...], converts: Sequence[tuple[int, Convert]]) -> tuple[Any, ...]:
    cells = list(row)
    for place, convert in converts:
        cells[place] = convert(cells[place])
    return tuple(cells)


@cache
def _statement(model: type[Base], names: tuple[str, ...]) -> tuple[str, Sequence[str], Sequence[tuple[int, Convert]]]:
    """Return the SQL, the columns in the order of its places, and which of them are stored in another form."""
    table, dialect = table_of(model), sqlite.dialect()
    compiled = insert(table).values({name: bindparam(name) for name in names}).compile(dialect=dialect)
    order = tuple(compiled.positiontup or ())
    found = ((place, table.c[name].type.bind_processor(dialect)) for place, name in enumerate(order))
    return str(compiled), order, [(place, convert) for place, convert in found if convert is not None]
