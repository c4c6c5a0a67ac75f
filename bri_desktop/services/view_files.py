"""Saved views as a file that one computer gives to another, and how many records each finds."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.db.listing import Listing, count_listed
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError, UserError, Where
from bri_desktop.domain.filter import parse_filter
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.excel.writer import replace_file
from bri_desktop.services.filters import read_filter
from bri_desktop.services.project_groups import GROUPINGS
from bri_desktop.services.view_items import TakenViews, View
from bri_desktop.services.views import VIEWS, list_views, save_view

FORMAT = "bri-desktop views"
VERSION = 1
MOST_BYTES, MOST_VIEWS, LONGEST = 4_000_000, 1_000, 20_000
_NUMBER = re.compile(r" \(\d+\)$")
SORTED_BY = frozenset({*FIELD_BY_CODE, "start", "key", "version"})


def count_views(session: Session) -> dict[str, int | None]:
    """Return name -> how many projects each saved view finds; ``None`` for a filter that cannot be read any more."""
    return {view.name: _count(session, view) for view in list_views(session)}


def _count(session: Session, view: View) -> int | None:
    try:
        return count_listed(session, Listing(read_filter(session, view.filter)))
    except UserError:
        return None


def export_views(session: Session, path: Path) -> int:
    """Write all saved views to a JSON file; return how many. Raises what writing a file raises."""
    views = [
        {"name": view.name, "filter": view.filter, "columns": view.columns, "sort": view.sort, "group": view.group,
         "frozen": view.frozen}
        for view in list_views(session)
    ]  # fmt: skip
    text = json.dumps({"format": FORMAT, "version": VERSION, "views": views}, ensure_ascii=False, indent=1)
    with replace_file(path) as (stream, _):
        stream.write(text.encode())
    return len(views)


def import_views(session: Session, path: Path) -> TakenViews:
    """Add the views of a file; one whose name is taken by another view gets a name of its own.

    ``InputError``: ``file_unreadable``, ``views_file_wrong`` for a file that holds no views or a filter that cannot be
    read (``name`` says in which view): nothing is taken in then.
    """
    known = {view.name: view for view in list_views(session)}
    added: list[str] = []
    renamed: list[tuple[str, str]] = []
    already = 0
    for view in _read(path):
        if any(replace(other, name=view.name) == view and _NUMBER.sub("", name) == view.name
               for name, other in known.items()):  # fmt: skip
            already += 1
            continue
        name = _free(view.name, known)
        if name != view.name:
            renamed.append((view.name, name))
        known[name] = replace(view, name=name)
        save_view(session, known[name])
        added.append(name)
    return TakenViews(tuple(added), tuple(renamed), already, Changes(VIEWS) if added else Changes())


def _free(name: str, known: Mapping[str, View]) -> str:
    number, found = 2, name
    while found in known:
        found, number = f"{name} ({number})", number + 1
    return found


def _read(path: Path) -> list[View]:
    where = Where(file=path.name)
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except OSError as error:
        raise InputError("file_unreadable", where=where) from error
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError("views_file_wrong", where=where) from error
    views = found.get("views") if isinstance(found, dict) and found.get("format") == FORMAT else None
    if not isinstance(views, list) or len(views) > MOST_VIEWS:
        raise InputError("views_file_wrong", where=where)
    return [_view(one, where) for one in views]


def _view(plain: Any, where: Where) -> View:
    name, text = (plain.get(key) if isinstance(plain, dict) else None for key in ("name", "filter"))
    if not (isinstance(name, str) and name.strip() and isinstance(text, str) and len(name) + len(text) <= LONGEST):
        raise InputError("views_file_wrong", where=where)
    try:
        parse_filter(text)
    except InputError as error:
        raise InputError("views_file_filter", where=where, name=name[:60]) from error
    columns = tuple(key for key in _list(plain.get("columns")) if isinstance(key, str))
    sort = tuple((str(one[0]), bool(one[1])) for one in _list(plain.get("sort")) if _is_order(one))
    group, frozen = plain.get("group"), plain.get("frozen")
    return View(
        name.strip(), text, columns, sort, group if group in GROUPINGS else "",
        min(max(frozen, 0), len(FIELD_BY_CODE)) if isinstance(frozen, int) else 0,
    )  # fmt: skip


def _is_order(one: Any) -> bool:
    return isinstance(one, list) and len(one) == 2 and isinstance(one[0], str) and one[0] in SORTED_BY


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
