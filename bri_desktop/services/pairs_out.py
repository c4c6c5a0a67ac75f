"""Ties as a sheet of their own, laid out as offices keep it and as the importer reads a ledger of ties."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Agreement, Project
from bri_desktop.db.places import index_for, read_places
from bri_desktop.domain.vocabulary import PAIR_KEY, number_of
from bri_desktop.excel.writer import ExportColumn, write_ledger
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.services.intake_pairs import PAIR_TITLES
from bri_desktop.services.ledger_out import place_text
from bri_desktop.services.projects import country_names
from bri_desktop.services.reference import read_codebook

OF_PROJECTS = ("code", "title", "mode")
"""Columns that are there only where a project of a tie is called otherwise than a ledger of ties would call it."""
OF_PAIRS = ("domestic_places", "foreign_places", "country", "pair_kind", "level", "signed", "ended")
CODE_LISTS = {"mode": "mode", "pair_kind": "pair_kind", "level": "level"}
WIDTHS = {"title": 36, "domestic_places": 18, "foreign_places": 18}

Row = dict[str, str | None]


def export_pairs(session: Session, path: Path, pairs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Write ties, given as ``list --kind pair`` gives them; a tie without a project has the date of its agreement."""
    rows = [_row(session, pair) for pair in pairs]
    _spell_places(session, rows)
    is_plain = all(row["title"] in (None, row["derived"]) for row in rows)
    fields = OF_PAIRS if is_plain else (*OF_PROJECTS, *OF_PAIRS)
    book, spoken = read_codebook(session), language()
    for row in rows:
        row["title"] = row["title"] or row["derived"]
        for field, name in CODE_LISTS.items():
            row[field] = book.label(name, row[field], spoken) or None
    columns = [_column(field) for field in fields]
    written = write_ledger(path, title=tr("Ties"), columns=columns, rows=([row[f] for f in fields] for row in rows))
    return {"rows": written, "columns": list(fields)}


def _column(field: str) -> ExportColumn:
    kind = "date" if field in ("signed", "ended") else "text"
    return ExportColumn(field, field_label(field), WIDTHS.get(field, 14), kind, ())


def _row(session: Session, pair: Mapping[str, Any]) -> Row:
    number = number_of(PAIR_KEY, pair["key"])
    columns = (Project.code, Project.title, Project.mode, Project.level, Project.signed, Project.ended)
    mine = select(*columns).where(Project.pair_id == number, Project.deleted_at.is_(None)).order_by(Project.id)
    project = session.execute(mine.limit(1)).first()
    found: Row = {"pair_kind": pair["kind"], "domestic_places": pair["domestic"]["key"]}
    found["foreign_places"] = pair["foreign"]["key"]
    if project is not None:
        return found | {column.key: getattr(project, column.key) for column in columns}
    dated = select(Agreement.signed).where(Agreement.pair_id == number, Agreement.deleted_at.is_(None))
    signed = session.scalar(dated.where(Agreement.signed.is_not(None)).order_by(Agreement.signed).limit(1))
    empty: Row = dict.fromkeys(OF_PROJECTS)
    return found | empty | {"mode": "sister_city", "level": pair["level"], "signed": signed, "ended": pair["ended"]}


def _spell_places(session: Session, rows: Sequence[Row]) -> None:
    """Put names for the keys of the places, the country beside them, and the title a ledger of ties would give."""
    keys = [str(row[field]) for row in rows for field in ("domestic_places", "foreign_places")]
    places, index, countries = read_places(session, keys), index_for(session), country_names(session)
    spoken = language()
    for row in rows:
        home, abroad = places[str(row["domestic_places"])], places[str(row["foreign_places"])]
        names = [index.display(place.key, "zh_CN") for place in (home, abroad)]
        row["derived"] = f"{names[0]}—{names[1]}{PAIR_TITLES.get(row['pair_kind'] or '', '')}"
        row["domestic_places"] = place_text(index, home, "domestic")
        row["foreign_places"] = place_text(index, abroad, "foreign")
        row["country"] = countries[abroad.country][0 if spoken == "zh_CN" else 1]
