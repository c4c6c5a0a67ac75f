"""Wide reads without an object for each row: what the statistics need of a hundred thousand projects at once."""

from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bri_desktop.db.collection import no_collection

IntColumn = npt.NDArray[np.int32]


def text_columns(session: Session, query: Select[Any]) -> list[tuple[Any, ...]]:
    """Return the result of ``query`` by columns, as the driver gives it (no conversion of dates or decimals)."""
    with no_collection():
        result = session.connection().execute(query)
        rows = result.cursor.fetchall() if result.cursor is not None else []
        return list(zip(*rows, strict=True)) if rows else [() for _ in query.selected_columns]


def int_columns(session: Session, query: Select[Any]) -> list[IntColumn]:
    """Return the columns of whole numbers of ``query``; none may be null.

    Each comes as one text from the database: a third of the time of a row at a time.
    """
    inner = query.subquery()
    row = session.connection().execute(select(*(func.group_concat(column) for column in inner.c))).one()
    if row[0] is None:
        return [np.empty(0, np.int32) for _ in inner.c]
    return [np.fromstring(str(text), dtype=np.int32, sep=",") for text in row]
