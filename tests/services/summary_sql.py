"""What no statistics command prints, worked out in SQL from the file alone: what falls due, anniversaries, rates, the
cities on the map. Nothing of the program is asked but how ``stats`` groups by city."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

YEARS_OF_ANNIVERSARY, YEARS_OF_SLEEP = 10, 5
COUNTS_FOR_NOW = ("idea", "intent", "approval")

TIES = """
    SELECT p.id, p.kind, (SELECT min(d) FROM (
        SELECT a.signed AS d FROM agreement a WHERE a.deleted_at IS NULL AND (a.pair_id = p.id OR a.project_id IN
            (SELECT id FROM project WHERE pair_id = p.id AND deleted_at IS NULL))
        UNION SELECT start FROM project WHERE pair_id = p.id AND deleted_at IS NULL) WHERE d IS NOT NULL) AS signed
    FROM pair p
    WHERE p.deleted_at IS NULL AND p.ended IS NULL AND coalesce(p.life, 'signed') <> 'intent' AND signed < :after
"""
LAST_MOVE = """
    SELECT max(d) FROM (
        SELECT signed AS d FROM agreement WHERE deleted_at IS NULL AND (pair_id = :tie OR project_id IN own)
        UNION ALL SELECT date FROM activity WHERE deleted_at IS NULL AND (pair_id = :tie OR project_id IN own)
        UNION ALL SELECT date FROM outcome WHERE project_id IN own
        UNION ALL SELECT CASE WHEN status = 'active' AND coalesce(mode, '') <> 'sister_city' AND ended IS NULL
            AND start < :after THEN :after ELSE coalesce(ended, start) END FROM project WHERE id IN own)
    WHERE d <= :after
"""
AGREEMENTS = """
    SELECT a.id, coalesce(a.pair_id, p.pair_id) FROM agreement a LEFT JOIN project p ON p.id = a.project_id
    WHERE a.deleted_at IS NULL AND a.ended IS NULL AND p.deleted_at IS NULL
        AND substr(a.expires, 1, 4) BETWEEN :first AND :last
"""


def by_sql(path: Path, stats: Callable[..., dict[str, Any]], year: int) -> dict[str, Any]:
    """Return figure -> value for the summary of ``year`` inside the office."""
    file = sqlite3.connect(path)
    file.row_factory = sqlite3.Row
    try:
        return {**_ties(file, year), **_due(file, year), **_lists(file, year), **_map(file, stats, year)}
    finally:
        file.close()


def _standing(file: sqlite3.Connection, year: int) -> list[sqlite3.Row]:
    return file.execute(TIES, {"after": str(year + 1)}).fetchall()


def _jubilees(rows: list[sqlite3.Row], year: int) -> int:
    ages = [year - int(row["signed"][:4]) for row in rows]
    return sum(age > 0 and age % YEARS_OF_ANNIVERSARY == 0 for age in ages)


def _ties(file: sqlite3.Connection, year: int) -> dict[str, int]:
    rows = _standing(file, year)
    known = {row["id"] for row in rows}
    sleeping = 0
    for row in rows:
        own = "WITH own AS (SELECT id FROM project WHERE pair_id = :tie AND deleted_at IS NULL) "
        last = file.execute(own + LAST_MOVE, {"tie": row["id"], "after": str(year + 1)}).fetchone()[0]
        sleeping += last is None or last < f"{year - YEARS_OF_SLEEP}-12-31"
    ending = {tie for _, tie in file.execute(AGREEMENTS, {"first": str(year), "last": str(year + 1)}) if tie in known}
    found = {"ties_anniversary": _jubilees(rows, year), "ties_dormant": sleeping, "ties_expiring": len(ending)}
    return found | {"due_anniversary": _jubilees(rows, year + 1)}


def _due(file: sqlite3.Connection, year: int) -> dict[str, int]:
    following = str(year + 1)
    marks = ", ".join("?" * len(COUNTS_FOR_NOW))
    begin = f"SELECT count(*) FROM project WHERE deleted_at IS NULL AND status IN ({marks}) AND planned_start LIKE ?"
    end = """SELECT count(*) FROM project WHERE deleted_at IS NULL AND planned_end LIKE ? AND start < ?
        AND ended IS NULL AND status NOT IN ('completed', 'terminated', 'failed')"""
    waiting = "SELECT count(*) FROM follow_up WHERE deleted_at IS NULL AND done IS NULL AND due LIKE ?"
    agreements = file.execute(AGREEMENTS, {"first": following, "last": following}).fetchall()
    return {
        "due_begin": file.execute(begin, (*COUNTS_FOR_NOW, f"{following}%")).fetchone()[0],
        "due_end": file.execute(end, (f"{following}%", following)).fetchone()[0],
        "due_expiring": len(agreements),
        "due_follow_up": file.execute(waiting, (f"{following}%",)).fetchone()[0],
    }


def _lists(file: sqlite3.Connection, year: int) -> dict[str, Any]:
    listed = """SELECT count(*) FROM outcome o JOIN project p ON p.id = o.project_id WHERE p.deleted_at IS NULL
        AND (o.date LIKE :year OR o.date IS NULL AND p.start LIKE :year)"""
    rates = file.execute("SELECT currency, rate FROM exchange_rate WHERE year = ?", (year,))
    found: dict[str, Any] = {f"rate_{row['currency'].lower()}": row["rate"] for row in rates}
    return found | {"outcomes_listed": file.execute(listed, {"year": f"{year}%"}).fetchone()[0]}


def _map(file: sqlite3.Connection, stats: Callable[..., dict[str, Any]], year: int) -> dict[str, int]:
    placed = {row["key"] for row in file.execute("SELECT key FROM place WHERE lon IS NOT NULL AND lat IS NOT NULL")}
    cities = {
        name: {
            row["key"]
            for row in stats("--year", year, "--by", dim)["rows"]
            if row["key"] and row["count"] and not row["key"].startswith("co:")
        }
        for name, dim in (("map_home", "city"), ("map_abroad", "foreign_city"))
    }
    missing = sum(len(keys - placed) for keys in cities.values())
    located = {row["id"] for row in file.execute("SELECT id FROM place WHERE lon IS NOT NULL AND lat IS NOT NULL")}
    ends = {row["id"]: (row["domestic_id"], row["foreign_id"]) for row in file.execute("SELECT * FROM pair")}
    drawn = [row for row in _standing(file, year) if set(ends[row["id"]]) <= located]
    sister = sum(row["kind"] == "sister" for row in drawn)
    found = {name: len(keys & placed) for name, keys in cities.items()}
    return found | {"map_missing": missing, "map_sister": sister, "map_others": len(drawn) - sister}
