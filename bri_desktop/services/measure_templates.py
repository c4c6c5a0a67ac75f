"""Empty tables of values, for an office to fill in by Excel and bring back."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.db.reference import read_table
from bri_desktop.domain.errors import InputError
from bri_desktop.excel.writer import ExportColumn, write_ledger
from bri_desktop.i18n import language, tr
from bri_desktop.services.columns import read_reference
from bri_desktop.services.measure_sheets import HEADERS
from bri_desktop.services.measure_tables import HOME
from bri_desktop.services.reference import read_codebook


def write_template(session: Session, table: str, path: Path) -> int:
    """Write an empty table to fill in: ``baseline``, ``index``, ``tiers`` or ``rates``; return its rows.

    Countries, criteria of the report and tiers are filled in, so that only values are to be written.
    """
    rows: list[list[Any]]
    fields: tuple[str, ...]
    countries = [ref for ref in read_reference(session).countries if ref.iso2 != HOME and ref.region_of is None]
    if table == "baseline":
        fields, rows = ("unit", "value", "year", "source"), [[ref.zh, None, None, None] for ref in countries]
    elif table == "tiers":
        fields, rows = ("country", "tier", "year", "source"), [[ref.zh, None, None, None] for ref in countries]
    elif table == "index":
        fields = ("city", "country", "dimension", "criterion", "direction", "year", "value", "source")
        rows = [[None, None, zh, name, None, None, None, None] for zh, name in _report_criteria()]
    elif table == "rates":
        fields, rows = ("currency", "rate", "year", "source"), []
    else:
        raise InputError("option_unknown", value=table, known="baseline, index, tiers, rates")
    tiers = tuple(label.name_zh for label in read_codebook(session).codes("finance_tier"))
    columns = [ExportColumn(name, _header(name), 18, choices=tiers if name == "tier" else ()) for name in fields]
    return write_ledger(path, title=tr("Table of values"), columns=columns, rows=rows)


def _header(name: str) -> str:
    return HEADERS[name][0] if language() == "zh_CN" else HEADERS[name][-1]


def _report_criteria() -> list[tuple[str, str]]:
    rows = read_table("city_index")
    return [(row["dimension_zh"], name) for row in rows for name in row["examples_zh"].split(";")]
