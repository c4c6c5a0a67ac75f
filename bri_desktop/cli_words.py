"""Words for keys and values of results that a terminal shows: what every form of the plain text shares."""

from collections.abc import Mapping
from typing import Any

from bri_desktop.i18n import tr
from bri_desktop.labels import field_label


def key_word(key: str) -> str:
    """Return the word for a key of a result; a field's own name for a field, else the key as it is."""
    words = {
        "key": tr("Record"),
        "rows": tr("Rows"),
        "columns": tr("Columns"),
        "version": tr("Version"),
        "stored": tr("Stored"),
        "table": tr("Table"),
        "name": tr("Name"),
        "years": tr("Years"),
        "year": tr("Year"),
        "problems": tr("Problems"),
        "restored": tr("Restored"),
        "db": tr("Ledger"),
        "schema": tr("Schema"),
        "deleted": tr("Deleted"),
        "moved": tr("Moved"),
        "department": tr("Department"),
        "list": tr("List"),
        "code": tr("Code"),
        "country": tr("Country"),
        "domestic": tr("Domestic place"),
        "foreign": tr("Foreign place"),
        "name_zh": tr("Chinese name"),
        "name_en": tr("English name"),
        "name_local": tr("Local name"),
        "confirmed": tr("Confirmed"),
        "kind": tr("Kind"),
        "life": tr("State"),
        "project": tr("Project"),
        "pair": tr("Tie"),
        "province": tr("Province"),
        "prefecture": tr("Prefecture"),
        "lat": tr("Latitude"),
        "lon": tr("Longitude"),
        "place": tr("Place"),
        "date": tr("Date"),
        "expires": tr("Expires"),
        "signatories": tr("Signatories"),
        "head_count": tr("People"),
        "pictures": tr("Pictures"),
        "ok": tr("In order"),
        "items": tr("Entries"),
        "path": tr("File"),
        "counts": tr("Counts"),
        "attachments": tr("Attachments"),
        "lacking": tr("Missing"),
        "recovery_key": tr("Recovery key"),
        "set_aside": tr("Set aside in"),
        "copy": tr("Copy"),
        "verdict": tr("Verdict"),
        "reason": tr("Why"),
        "at": tr("Time"),
        "size": tr("Size"),
        "message": tr("Finding"),
        "mended": tr("Mended"),
        "owner": tr("Of record"),
        "folder": tr("In folder"),
        "sha256": "SHA-256",
        "added_at": tr("Added on"),
        "note": tr("Remark"),
        "level": tr("Level"),
        "summary": tr("Summary"),
        "ended": tr("Ended on"),
        "added": tr("Added"),
        "already": tr("There already"),
        "keys": tr("Records"),
    }
    return words.get(key) or field_label(key)


def plain(value: Any) -> str:
    """Return a value of a result as text: lists in one line, records one a line, dates and amounts as written."""
    if isinstance(value, list):
        if not any(isinstance(part, list | Mapping) for part in value):
            return tr(", ").join(map(plain, value)) or "—"
        return "".join(f"\n  {plain(part)}" for part in value)
    if isinstance(value, Mapping):
        if value.keys() == {"value", "precision"}:
            return str(value["value"])
        if value.keys() == {"amount", "currency"}:
            return f"{value['amount']} {value['currency']}"
        parts = [(key, part) for key, part in value.items() if part not in (None, [], "")]
        return tr("; ").join(f"{key_word(key)} {plain(part)}" for key, part in parts)
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return "—" if value is None else str(value)


def field_word(code: str) -> str:
    """Return the name of a field, of a part of an outcome with its place: 成果 2 数量."""
    first, *rest = code.split(".")
    return " ".join([field_label(first), *rest[:1], *map(field_label, rest[1:])])
