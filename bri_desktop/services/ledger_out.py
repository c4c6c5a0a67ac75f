"""The ledger as a file that this program, and any office, can read again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import SavedView
from bri_desktop.db.places import StoredPlace, index_for
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.domain.record_kinds import KINDS as RECORD_KINDS
from bri_desktop.domain.vocabulary import FIELDS
from bri_desktop.domain.written import NOT_COUNTED
from bri_desktop.excel.writer import ExportColumn, write_ledger
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.services.ledger_cells import LedgerCells
from bri_desktop.services.mode_profile_sheets import SHEETS, export_profiles
from bri_desktop.services.projects import find_ids
from bri_desktop.services.records import list_records
from bri_desktop.services.reference import read_codebook

ITEMS_AT_ONCE = 2_000
WIDTHS = {"title": 36, "summary": 40, "results": 40, "outcomes": 30, "source": 24, "note": 24}
KINDS = {"date": "date", "money": "money"}


def export_projects(
    session: Session,
    path: Path,
    *,
    filter_text: str = "",
    view: str | None = None,
    ids: Sequence[int] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Write the projects that pass, or those of ``ids`` in their order, to ``.xlsx``, ``.csv`` or ``.ods``."""
    if path.suffix.lower() not in (".xlsx", ".csv", ".ods"):
        raise InputError("file_type_unknown")
    if view is not None:
        filter_text = _view_filter(session, view)
    wanted = find_ids(session, filter_text=filter_text) if ids is None else ids
    codes = read_codebook(session)
    columns = ledger_columns(codes)
    rows = _rows(session, wanted, codes, progress)
    written = write_ledger(path, title=tr("Project ledger"), columns=columns, rows=rows)
    return {"rows": written, "columns": [column.field for column in columns]}


def _view_filter(session: Session, name: str) -> str:
    view = session.scalar(select(SavedView).where(SavedView.name == name))
    if view is None:
        known = list(session.scalars(select(SavedView.name).order_by(SavedView.name)))
        if not known:
            raise InputError("view_none", name=name)
        raise InputError("view_unknown", name=name, known="、".join(known))
    return view.filter


def ledger_columns(codes: CodeBook) -> list[ExportColumn]:
    """Return the columns of an exported ledger: every field, with country and currency beside theirs."""
    columns: list[ExportColumn] = []
    for field in FIELDS:
        choices = (
            tuple(c.label(language()) for c in codes.codes(field.list)) if field.kind == "code" and field.list else ()
        )
        kind = KINDS.get(field.kind, "text")
        columns.append(ExportColumn(field.code, field_label(field.code), WIDTHS.get(field.code, 14), kind, choices))
        if field.code == "foreign_places":
            columns.append(ExportColumn("country", field_label("country"), 14, "text", ()))
        if field.code == "amount":
            columns.append(ExportColumn("currency", field_label("currency"), 8, "text", ()))
    return columns


def _rows(
    session: Session, ids: Sequence[int], codes: CodeBook, progress: Callable[[int, int], None] | None
) -> Iterator[list[Any]]:
    places = index_for(session)
    cells = LedgerCells(session, codes, partial(place_text, places), outcome_text)
    for start in range(0, len(ids), ITEMS_AT_ONCE):
        yield from cells.rows(ids[start : start + ITEMS_AT_ONCE])
        session.expunge_all()
        if progress:
            progress(min(start + ITEMS_AT_ONCE, len(ids)), len(ids))


def place_text(index: PlaceIndex, place: StoredPlace, side: str, countries: Sequence[str] = ()) -> str:
    """Return how a place is written so that it is found again beside ``countries`` (its own, where none are given).

    Its name, with what it lies in where the name alone would mean another place or several, in the other language
    where that helps, and with its key where no name does.
    """
    lands: Sequence[str | None] = (countries or (place.country,)) if side == "foreign" else (None,)
    spoken = language()
    for wording in (spoken, "en" if spoken == "zh_CN" else "zh_CN"):
        for text in _longer_names(index, place, wording):
            if {index.resolve(text, country=land, side=side).key for land in lands} - {None} == {place.key}:
                return text
    return f"{place.name(spoken)} [{place.key}]"


def _longer_names(index: PlaceIndex, place: StoredPlace, wording: str) -> Iterator[str]:
    text = place.name(wording)
    yield text
    for above in index.ancestors(place.key):
        if above.key != place.key:
            text = f"{above.name(wording)}{text}" if wording == "zh_CN" else f"{text}, {above.name(wording)}"
            yield text


def outcome_text(outcome: OutcomeDraft) -> str:
    """Return an outcome in the written form that the import reads: what, then number and unit or money."""
    if outcome.amount is not None:
        money = outcome.amount
        word = MONEY_WORDS.get(money.currency, money.currency)
        return f"{outcome.what or ''} {plain(money.amount)}{word}".strip()
    if outcome.quantity is None and not outcome.unit:
        return f"{outcome.what or ''}{NOT_COUNTED}"
    number = "" if outcome.quantity is None else plain(outcome.quantity)
    return f"{outcome.what or ''} {number}{outcome.unit or ''}".strip()


MONEY_WORDS: Mapping[str, str] = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "JPY": "日元",
    "GBP": "英镑",
    "HKD": "港元",
}


def plain(number: Decimal) -> str:
    """Return a decimal without exponent or trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def export_records(
    session: Session, path: Path, kind: str, *, filter_text: str = "", with_personal: bool = True
) -> dict[str, Any]:
    """Write the records of another kind, a column a key; ``with_personal`` false leaves out telephone and mail."""
    if path.suffix.lower() not in (".xlsx", ".csv", ".ods"):
        raise InputError("file_type_unknown")
    if kind == "pair":
        from bri_desktop.services.pairs_out import export_pairs

        return export_pairs(session, path, list_records(session, kind, filter_text=filter_text)["items"])
    if kind in SHEETS:
        return export_profiles(session, path, kind, filter_text=filter_text)
    if kind in RECORD_KINDS:
        from bri_desktop.services.record_sheets_out import export_kind

        return export_kind(session, path, kind, filter_text=filter_text, with_personal=with_personal)
    items = list_records(session, kind, filter_text=filter_text)["items"]
    names = list(items[0]) if items else ["key"]
    columns = [ExportColumn(name, field_label(name), 18, "text", ()) for name in names]
    rows = ([_flat(item[name]) for name in names] for item in items)
    return {"rows": write_ledger(path, title=kind, columns=columns, rows=rows), "columns": names}


def _flat(value: Any) -> Any:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part is not None)
    return value if value is None else str(value)
