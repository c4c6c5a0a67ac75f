"""The code lists and countries of ``resources/reference``, as a new database carries them."""

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bri_desktop import paths
from bri_desktop.db.models import Code, Country, Meta

SOURCE = "resources/reference"
SHIPPED = ("code", "country")
"""Tables whose built-in rows come with the program."""

CONTINENTS = {
    "亚洲": "asia",
    "欧洲": "europe",
    "非洲": "africa",
    "北美洲": "north_america",
    "南美洲": "south_america",
    "大洋洲": "oceania",
}


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of one shipped reference table."""
    file: Path = paths.resources() / "reference" / f"{name}.csv"
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def province_names() -> dict[str, tuple[str, str]]:
    """Return adcode -> Chinese and English short name, in order; 中国香港、中国澳门、中国台湾 never without 中国."""
    regions = {row["name_en"].removesuffix(", China"): row for row in read_table("countries") if row["region_of"]}
    found = {}
    for row in read_table("provinces"):
        region = regions.get(row["name_en"])
        zh, en = (region["name_zh"], region["name_en"]) if region else (row["short_zh"], row["name_en"])
        found[row["adcode"]] = (zh, en)
    return found


def load_reference(session: Session, *, created: str) -> None:
    """Fill an empty database with every built-in code list and country."""
    session.execute(insert(Code), list(builtin_codes()))
    session.execute(insert(Country), list(_countries()))
    session.execute(insert(Meta), [{"name": "created", "value": created}])


def renew_codes(session: Session) -> None:
    """Bring the built-in codes of an older ledger to those of now; the office's own are left as they are."""
    own = (Code.builtin.is_(False),)
    kept = set(session.execute(select(Code.list, Code.code).where(*own)).tuples())
    for values in builtin_codes():
        if (values["list"], values["code"]) not in kept:
            session.merge(Code(**values))
    session.flush()


def complete(connection: sqlite3.Connection, table: str) -> None:
    """Add the built-in rows that one of the ``SHIPPED`` tables no longer has, in a ledger that lost them."""
    rows = {"code": builtin_codes, "country": _countries}[table]()
    for row in rows:
        marks = ", ".join(f":{name}" for name in row)
        connection.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({marks})", row)


def builtin_codes() -> Iterator[dict[str, Any]]:
    """Give each built-in code once, as a row of the ``code`` table."""
    for row in read_table("codes"):
        yield _code(row["kind"], row["code"], int(row["order"]), row)
    for position, row in enumerate(read_table("cooperation_modes"), start=1):
        yield _code("submode" if row["parent"] else "mode", row["code"], position, row, parent=row["parent"] or None)
    for table, name in (
        ("domains", "domain"),
        ("corridors", "corridor"),
        ("actors", "actor"),
        ("sustainability_fields", "field"),
        ("forum_outcome_classes", "outcome_class"),
        ("ecosystem_types", "ecosystem"),
    ):
        for position, row in enumerate(read_table(table), start=1):
            yield _code(name, row["code"], position, row)
    for row in read_table("policy_alignment_steps"):
        yield _code("policy_step", row["order"], int(row["order"]), row)
    yield from _sdg_codes()


def _sdg_codes() -> Iterator[dict[str, Any]]:
    goals = {int(row["sdg"]): row["goal_zh"] for row in read_table("sdg_alignment")}
    for number, (name_zh, name_en) in enumerate(SDG_GOALS, start=1):
        yield {
            "list": "sdg",
            "code": str(number),
            "position": number,
            "name_zh": goals.get(number, name_zh),
            "name_en": name_en,
            "parent": None,
            "builtin": True,
            "source": SOURCE,
        }


def _code(name: str, code: str, position: int, row: dict[str, str], parent: str | None = None) -> dict[str, Any]:
    return {
        "list": name,
        "code": code,
        "position": position,
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "parent": parent,
        "builtin": True,
        "source": row.get("section") or SOURCE,
    }


def _countries() -> Iterator[dict[str, Any]]:
    for row in read_table("countries"):
        yield _country(row)


def _country(row: dict[str, str]) -> dict[str, Any]:
    return {
        "iso2": row["iso2"],
        "iso3": row["iso3"],
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "continent": CONTINENTS[row["continent_zh"]],
        "continent5_zh": row["continent5_zh"],
        "subregion": row["un_subregion"],
        "region_of": row["region_of"] or None,
        "diplomatic_relations": row["diplomatic_relations"] or None,
        "bri_from": int(row["bri_from"]) if row["bri_from"] else None,
        "bri_until": int(row["bri_until"]) if row["bri_until"] else None,
        "builtin": True,
    }


SDG_GOALS = (
    ("无贫穷", "No poverty"),
    ("零饥饿", "Zero hunger"),
    ("良好健康与福祉", "Good health and well-being"),
    ("优质教育", "Quality education"),
    ("性别平等", "Gender equality"),
    ("清洁饮水和卫生设施", "Clean water and sanitation"),
    ("经济适用的清洁能源", "Affordable and clean energy"),
    ("体面工作和经济增长", "Decent work and economic growth"),
    ("产业、创新和基础设施", "Industry, innovation and infrastructure"),
    ("减少不平等", "Reduced inequalities"),
    ("可持续城市和社区", "Sustainable cities and communities"),
    ("负责任消费和生产", "Responsible consumption and production"),
    ("气候行动", "Climate action"),
    ("水下生物", "Life below water"),
    ("陆地生物", "Life on land"),
    ("和平、正义与强大机构", "Peace, justice and strong institutions"),
    ("促进目标实现的伙伴关系", "Partnerships for the goals"),
)
