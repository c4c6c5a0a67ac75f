"""Sheets of what hangs on records, written with the keys of everything, and the headers by which they are read."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.folding import fold
from bri_desktop.domain.record_kinds import OUTCOME, RecordField, RecordKind
from bri_desktop.domain.record_written import show_value
from bri_desktop.excel.writer import ExportColumn, write_ledger
from bri_desktop.i18n import LANGUAGES, language, speaking
from bri_desktop.labels import field_label, record_kind_label
from bri_desktop.services.hanging import kind_of
from bri_desktop.services.projects import find_ids
from bri_desktop.services.record_list import RecordRow, list_ids, read_rows, record_key
from bri_desktop.services.reference import read_codebook

ROWS_AT_ONCE = 500
OWNER_FIELDS = ("owner_key", "owner_code", "owner")
PERSONAL = ("phone", "email")
MORE_HEADERS: Mapping[str, tuple[str, ...]] = {
    "owner": ("项目", "项目名称", "所属项目", "友城", "结好关系", "project", "tie"),
    "owner_code": ("项目编号", "编号", "project code", "code"),
    "owner_key": ("所属记录号", "项目记录号", "owner key"),
    "key": ("记录号", "key"),
    "title": ("名称", "标题"),
    "kind": ("类型", "种类", "类别"),
    "signed": ("签署时间", "签约日期"),
    "expires": ("到期日", "有效期至"),
    "date": ("日期", "时间"),
    "what": ("内容", "事项"),
    "name": ("名称", "姓名"),
    "currency": ("币种", "货币"),
    "due": ("期限", "截止日期"),
}


def export_kind(
    session: Session,
    path: Path,
    kind: str,
    *,
    ids: Sequence[int] | None = None,
    filter_text: str = "",
    with_personal: bool = True,
) -> dict[str, Any]:
    """Write the records of a kind, those of ``ids`` or of the projects that pass a filter, to .xlsx, .csv or .ods.

    ``with_personal`` false leaves out telephone and mail of contacts.
    """
    described = kind_of(kind)
    projects = find_ids(session, filter_text=filter_text) if filter_text.strip() else None
    wanted = list_ids(session, kind, projects=projects) if ids is None else list(ids)
    codes = read_codebook(session)
    fields = [one for one in described.fields if with_personal or one.code not in PERSONAL]
    columns = _columns(described, fields, codes)
    rows = _rows_out(session, described, fields, wanted, codes)
    written = write_ledger(path, title=record_kind_label(kind), columns=columns, rows=rows)
    return {"rows": written, "columns": [column.field for column in columns]}


def _columns(kind: RecordKind, fields: Sequence[RecordField], codes: CodeBook) -> list[ExportColumn]:
    columns = [ExportColumn("key", header_of(kind, "key"), 10)]
    if kind.owners:
        columns += [ExportColumn(name, header_of(kind, name), 14 if name != "owner" else 30) for name in OWNER_FIELDS]
    for one in fields:
        choices = tuple(code.label(language()) for code in codes.codes(one.list or "")) if one.kind == "code" else ()
        kind_of_cell = {"date": "date", "money": "money", "number": "money", "count": "int"}.get(one.kind, "text")
        columns.append(
            ExportColumn(one.code, header_of(kind, one.code), max(one.width // 7, 10), kind_of_cell, choices)
        )
        if one.kind == "money":
            columns.append(ExportColumn("currency", field_label("currency"), 8))
    return columns


def header_of(kind: RecordKind, name: str) -> str:
    """Return the header of a column in the chosen language."""
    if name == "key":
        return field_label("record_key")
    if name in OWNER_FIELDS:
        return field_label(name)
    return field_label(f"{kind.code}.{name}")


def _rows_out(
    session: Session, kind: RecordKind, fields: Sequence[RecordField], ids: Sequence[int], codes: CodeBook
) -> Iterator[list[Any]]:
    for start in range(0, len(ids), ROWS_AT_ONCE):
        for row in read_rows(session, kind.code, ids[start : start + ROWS_AT_ONCE]):
            yield _row_out(row, kind, fields, codes)
        session.expunge_all()


def _row_out(row: RecordRow, kind: RecordKind, fields: Sequence[RecordField], codes: CodeBook) -> list[Any]:
    cells: list[Any] = [None if kind is OUTCOME else record_key(row)]
    if kind.owners:
        cells += [row.owner_key, row.owner_code, row.owner_name or None]
    for one in fields:
        value = row.stored.values.get(one.code)
        if one.kind == "money":
            cells += [Decimal(value["amount"]), value["currency"]] if value else [None, None]
        elif one.kind == "number":
            cells.append(None if value is None else Decimal(value))
        elif one.kind == "count":
            cells.append(value)
        elif one.code in row.shown:
            cells.append(row.shown[one.code])
        else:
            cells.append(show_value(one, value, codes, language()) or None)
    return cells


def headers_of(kind: RecordKind) -> dict[str, str]:
    """Return folded header -> field, in every language, with what offices write beside."""
    found: dict[str, str] = {}
    names = ("key", *(OWNER_FIELDS if kind.owners else ()), *kind.codes)
    for spoken in LANGUAGES:
        with speaking(spoken):
            for name in names:
                found.setdefault(fold(header_of(kind, name)), name)
            if any(one.kind == "money" for one in kind.fields):
                found.setdefault(fold(field_label("currency")), "currency")
    for name in (*names, "currency"):
        for text in (name, *MORE_HEADERS.get(name, ())):
            found.setdefault(fold(text), name)
    return found
