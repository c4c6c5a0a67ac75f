"""The ledger as a file that this program, and any office, can read again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
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
from bri_desktop.domain.vocabulary import FIELDS, Field
from bri_desktop.excel.writer import ExportColumn, write_ledger
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.services.projects import ProjectItem, find_ids, read_items
from bri_desktop.services.records import list_records
from bri_desktop.services.reference import read_codebook

ITEMS_AT_ONCE = 2_000
BETWEEN = "；"
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
    for start in range(0, len(ids), ITEMS_AT_ONCE):
        for item in read_items(session, ids[start : start + ITEMS_AT_ONCE]):
            yield ledger_row(item, codes, places)
        session.expunge_all()
        if progress:
            progress(min(start + ITEMS_AT_ONCE, len(ids)), len(ids))


def ledger_row(item: ProjectItem, codes: CodeBook, places: PlaceIndex) -> list[Any]:
    """Return the cells of one project, in the order of :func:`ledger_columns`."""
    row: list[Any] = []
    for field in FIELDS:
        row.append(_cell(item, field, codes, places))
        if field.code == "foreign_places":
            names = (item.country_name(place, language()) for place in item.foreign)
            row.append(BETWEEN.join(dict.fromkeys(names)) or None)
        if field.code == "amount":
            row.append(item.draft.amount.currency if item.draft.amount else None)
    return row


def place_text(index: PlaceIndex, place: StoredPlace, side: str) -> str:
    """Return a place's name, with what it lies in where the name alone would mean another place or several."""
    spoken = language()
    text = place.name(spoken)
    country = place.country if side == "foreign" else None
    for above in index.ancestors(place.key):
        if index.resolve(text, country=country, side=side).key == place.key:
            return text
        if above.key != place.key:
            text = f"{above.name(spoken)}{text}" if spoken == "zh_CN" else f"{text}, {above.name(spoken)}"
    return text if index.resolve(text, country=country, side=side).key == place.key else place.name(spoken)


def _cell(item: ProjectItem, field: Field, codes: CodeBook, index: PlaceIndex) -> Any:
    value = getattr(item.draft, field.code)
    match field.kind:
        case "code":
            return codes.label(field.list or "", value, language()) or None
        case "codes":
            return BETWEEN.join(codes.label(field.list or "", code, language()) for code in value) or None
        case "places":
            side = field.code.removesuffix("_places")
            places = item.domestic if side == "domestic" else item.foreign
            return BETWEEN.join(place_text(index, p, side) for p in places if p.level != "country") or None
        case "date":
            return value.value if value else None
        case "money":
            return value.amount if value else None
        case "outcomes":
            return BETWEEN.join(outcome_text(outcome) for outcome in value) or None
        case "texts" | "organisations":
            return BETWEEN.join(value) or None
    return value


def outcome_text(outcome: OutcomeDraft) -> str:
    """Return an outcome in the written form that the import reads: what, then number and unit or money."""
    if outcome.amount is not None:
        money = outcome.amount
        word = MONEY_WORDS.get(money.currency, money.currency)
        return f"{outcome.what or ''} {plain(money.amount)}{word}".strip()
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


def export_records(session: Session, path: Path, kind: str, *, filter_text: str = "") -> dict[str, Any]:
    """Write the records of another kind, a column a key."""
    if path.suffix.lower() not in (".xlsx", ".csv", ".ods"):
        raise InputError("file_type_unknown")
    if kind == "pair":
        from bri_desktop.services.pairs_out import export_pairs

        return export_pairs(session, path, list_records(session, kind, filter_text=filter_text)["items"])
    items = list_records(session, kind, filter_text=filter_text)["items"]
    names = list(items[0]) if items else ["key"]
    columns = [ExportColumn(name, field_label(name), 18, "text", ()) for name in names]
    rows = ([_flat(item[name]) for name in names] for item in items)
    return {"rows": write_ledger(path, title=kind, columns=columns, rows=rows), "columns": names}


def _flat(value: Any) -> Any:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part is not None)
    return value if value is None else str(value)
