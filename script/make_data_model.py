"""Make ``docs/data-model.md`` from the tables that the program declares, so that the page cannot say another thing.

Run by ``script/data-model`` after every change of a model. What stands outside the two marks of the page is written by
hand and stays. The meaning of a table is the docstring of its model; that of a column the name of the field it
holds, else its line in ``data_model_words.csv`` (a line with ``*`` holds for every table).
"""

import argparse
import csv
import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Column, String, Table, UniqueConstraint

from bri_desktop.db import models, schema
from bri_desktop.db.types import ScaledDecimal
from bri_desktop.db.upgrade import scripts, upgrade_in_place
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.domain.vocabulary import FIELD_BY_CODE

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "data-model.md"
WORDS = ROOT / "script" / "data_model_words.csv"
BEGIN = "<!-- Made by script/data-model, from here to the next mark: change the models, not these lines. -->"
END = "<!-- End of what is made. -->"
AREAS = (
    ("models", "Projects, places, and what came in"),
    ("exchange_models", "The exchange with departments"),
    ("measure_models", "Approvals, risks, and values for the measures"),
    ("record_models", "What hangs on records"),
    ("year_models", "The yearly summary"),
    ("integrity_models", "Digests of rows"),
)
TYPES = {"BIGINT": "integer", "BOOLEAN": "yes or no", "FLOAT": "number", "INTEGER": "integer", "TEXT": "text"}
LEFT_OUT = {"batch_id"}
"""Columns that nearly every table has: in a drawing they would hide the others."""

Since = dict[tuple[str, str], str]
Words = dict[tuple[str, str], str]


def made() -> str:
    """Return what stands between the marks of the page; ``KeyError`` names a column without a meaning."""
    since, words = _since(), read_words()
    parts = []
    for module, title in AREAS:
        own = [mapper for mapper in models.Base.registry.mappers if mapper.class_.__module__.endswith(f".{module}")]
        classes = sorted((mapper.class_ for mapper in own), key=lambda model: _order(model.__tablename__))
        tables = [models.table_of(model) for model in classes]
        parts.append("\n".join([f"## {title}", "", *_diagram(tables)]))
        parts.extend("\n".join(section(model, since, words)) for model in classes)
    return "\n\n".join(parts)


def read_words() -> Words:
    """Return (table, column) -> meaning."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        return {(row["table"], row["column"]): row["meaning"] for row in csv.DictReader(file)}


def _order(name: str) -> int:
    return list(schema.metadata.tables).index(name)


def _since() -> Since:
    """Return (table, column) -> the migration that made it, by letting each one run; the column "" is the table."""
    found: Since = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.db")
        for step in reversed(list(scripts().walk_revisions())):
            upgrade_in_place(path, revision=step.revision)
            with closing(sqlite3.connect(path)) as connection:
                names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
                for (table,) in names:
                    columns = connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
                    for column in ("", *(name for (name,) in columns)):
                        found.setdefault((table, column), step.revision)
    return found


def _diagram(tables: Iterable[Table]) -> list[str]:
    lines = ["```mermaid", "erDiagram"]
    for table in tables:
        for column in table.columns:
            for key in column.foreign_keys if column.name not in LEFT_OUT else ():
                many = "|o" if column.nullable else "||"
                lines.append(f'    {key.column.table.name} {many}--o{{ {table.name} : "{column.name}"')
    return [*lines, "```"] if len(lines) > 2 else []


def section(model: Any, since: Since, words: Words) -> list[str]:
    """Return the lines of one table."""
    table = models.table_of(model)
    lines = [f"### `{table.name}`", "", *_meaning(model), ""]
    lines += ["| column | type | empty | key | since | meaning |", "|---|---|---|---|---|---|"]
    for column in table.columns:
        cells = (
            f"`{column.name}`",
            _type(column),
            "may be" if column.nullable else "",
            _key(column),
            since[table.name, column.name],
            meaning(table.name, column.name, words),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return lines + _rules(table)


def _meaning(model: Any) -> Iterator[str]:
    yield " ".join((model.__doc__ or "").split()).replace("``", "`")


def _type(column: Column[Any]) -> str:
    if isinstance(column.type, ScaledDecimal):
        return "decimal, 4 places"
    if isinstance(column.type, String) and column.type.length:
        return f"text, {column.type.length}"
    name = str(column.type)
    return TYPES.get(name, name)


def _key(column: Column[Any]) -> str:
    parts = ["primary"] if column.primary_key else []
    for key in column.foreign_keys:
        gone = ", goes with it" if key.ondelete == "CASCADE" else ""
        parts.append(f"→ `{key.target_fullname}`{gone}")
    if column.unique:
        parts.append("unique")
    elif column.index:
        parts.append("indexed")
    return "; ".join(parts)


def meaning(table: str, column: str, words: Words) -> str:
    """Return what a column holds, and the code list of its codes; ``KeyError`` where nothing is known of it."""
    text, codes = words.get((table, column)), None
    if table == "project" and column in FIELD_BY_CODE:
        field = FIELD_BY_CODE[column]
        text, codes = text or f"{field.label} · {_chinese()[field.label]}", field.list
    elif table in KINDS and column in KINDS[table].codes:
        codes = KINDS[table].field(column).list
    text = text or words.get(("*", column))
    if text is None:
        raise KeyError(f"{table}.{column} has no meaning in {WORDS.name}")
    return f"{text}; code list `{codes}`" if codes else text


@cache
def _chinese() -> dict[str, str]:
    """Return the Chinese of each label."""
    text = (ROOT / "resources" / "locale" / "zh_CN" / "labels.json").read_text(encoding="utf-8")
    names: dict[str, str] = json.loads(text)
    return names


def _rules(table: Table) -> list[str]:
    """Return what holds for several columns together."""
    unique = [c for c in table.constraints if isinstance(c, UniqueConstraint) and len(c.columns) > 1]
    lines = [f"- unique together: {_names(rule.columns)}" for rule in unique]
    if table.dialect_options["sqlite"]["autoincrement"]:
        lines.append("- numbers are never used again")
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        if len(index.columns) > 1 or not next(iter(index.columns)).index:
            lines.append(f"- {'unique' if index.unique else 'index'} `{index.name}`: {_names(index.columns)}")
    return ["", *sorted(lines)] if lines else []


def _names(columns: Iterable[Column[Any]]) -> str:
    return ", ".join(f"`{column.name}`" for column in columns)


def page(old: str) -> str:
    """Return the page ``old`` with its made part anew; ``ValueError`` where a mark is missing."""
    head, _, rest = old.partition(BEGIN)
    _, mark, tail = rest.partition(END)
    if not mark:
        raise ValueError(f"{PAGE.name} has lost its marks")
    return f"{head}{BEGIN}\n\n{made()}\n\n{END}{tail}"


def main() -> int:
    """Write the page; with ``--check`` only say whether it is as it should be."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--check", action="store_true")
    old = PAGE.read_text(encoding="utf-8")
    new = page(old)
    if parser.parse_args().check:
        return 0 if new == old else 1
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
