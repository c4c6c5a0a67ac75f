"""The tables of values that the office has brought, as one list: what there is, what it takes in, what goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bri_desktop.analysis.city_index import INDEXES, check_weights
from bri_desktop.analysis.profile import EQUAL_WEIGHTS
from bri_desktop.db.measure_models import BaselineTable, BaselineValue, CountryTier, ExchangeRate, IndexValue
from bri_desktop.db.models import Change, HistoryEntry
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.excel.reader import read
from bri_desktop.services.history import Undone, undo_change
from bri_desktop.services.measure_tables import (
    DELETE,
    IMPORT,
    TABLES,
    TableReport,
    delete_baseline,
    import_baseline,
    import_index,
    import_rates,
    import_tiers,
)
from bri_desktop.services.row_history import noted
from bri_desktop.services.statistics_options import (
    SET,
    THRESHOLDS,
    MeasureOptions,
    default_index_weights,
    index_dimensions,
    read_options,
    save_options,
    with_weights,
)

KINDS = ("baseline", "tiers", "rates", "index")
ACTS = (IMPORT, DELETE, SET)
OF_TABLE = {"baseline_table": "baseline", "baseline_value": "baseline", "country_tier": "tiers"}
OF_TABLE |= {"exchange_rate": "rates", "index_value": "index"}
BY_YEAR: dict[str, Any] = {"tiers": CountryTier, "rates": ExchangeRate, "index": IndexValue}


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One table: its kind, name (of a baseline), dimension, year, source and number of values."""

    kind: str
    name: str
    dimension: str | None
    year: int | None
    source: str | None
    rows: int


@dataclass(frozen=True, slots=True)
class TableAct:
    """Something done to the tables: ``action`` is import, deletion or setting; ``table`` one of :data:`KINDS` or
    ``weights``; ``name`` that of a baseline."""

    change: int
    at: str
    action: str
    table: str
    name: str


@dataclass(frozen=True, slots=True)
class WeightGroup:
    """Weights in per cent that add up to 100: of ``profile`` or of an index; part -> (zh, en, weight, default)."""

    name: str
    parts: tuple[tuple[str, str, str, float, float], ...]


def list_tables(session: Session) -> tuple[TableInfo, ...]:
    """Return the tables: baselines by name, then tiers, rates and index values, one a year, the latest first."""
    counts = select(BaselineValue.baseline_id, func.count()).group_by(BaselineValue.baseline_id)
    sizes: dict[int, int] = dict(session.execute(counts).tuples().all())
    found = [
        TableInfo("baseline", row.name, row.dimension, row.year, row.source, sizes.get(row.id, 0))
        for row in session.scalars(select(BaselineTable).order_by(BaselineTable.name))
    ]
    for kind, table in BY_YEAR.items():
        of_year = select(table.year, func.max(table.source), func.count()).group_by(table.year)
        rows = session.execute(of_year.order_by(table.year.desc()))
        found += [TableInfo(kind, "", None, year, source, size) for year, source, size in rows]
    return tuple(found)


def import_table(
    session: Session,
    kind: str,
    path: Path,
    *,
    name: str = "",
    year: int | None = None,
    dimension: str = "country",
    source: str | None = None,
) -> TableReport:
    """Read a workbook or CSV and store its values as the kind of table asked for.

    Raises ``InputError`` for a kind there is not, and what the reader and the import of that kind raise.
    """
    if kind not in KINDS:
        raise InputError("option_unknown", value=kind, known=", ".join(KINDS))
    with read(path) as grid:
        if kind == "baseline":
            return import_baseline(session, grid, name=name.strip(), year=year, dimension=dimension, source=source)
        store = {"tiers": import_tiers, "rates": import_rates, "index": import_index}[kind]
        return store(session, grid, year=year, source=source)


def delete_table(session: Session, table: TableInfo) -> Changes:
    """Forget a table; ``InputError`` ``option_unknown`` for a baseline there is not."""
    if table.kind == "baseline":
        return delete_baseline(session, table.name)
    values = BY_YEAR[table.kind]
    with noted(session, DELETE, (values, values.year == table.year)):
        session.execute(delete(values).where(values.year == table.year))
    return Changes(TABLES)


def last_act(session: Session) -> TableAct | None:
    """Return the latest act on tables or weights that still stands; ``None`` where there is none."""
    query = select(Change.id, Change.at, Change.action).where(Change.action.in_(ACTS), Change.undone_by_id.is_(None))
    row = session.execute(query.order_by(Change.id.desc()).limit(1)).first()
    if row is None:
        return None
    entries = session.scalars(
        select(HistoryEntry).where(HistoryEntry.change_id == row.id).order_by(HistoryEntry.id)
    ).all()
    tables = [OF_TABLE[entry.kind] for entry in entries if entry.kind in OF_TABLE]
    rows = [one for entry in entries for side in (entry.before, entry.after) for one in (side or {}).get("rows", ())]
    name = next((str(one["name"]) for one in rows if "name" in one), "")
    return TableAct(row.id, row.at, row.action, tables[0] if tables else "weights", name)


def undo_last_act(session: Session) -> Undone:
    """Take back the latest act on tables or weights; ``InputError`` ``nothing_to_undo`` where there is none."""
    act = last_act(session)
    if act is None:
        raise InputError("nothing_to_undo")
    return undo_change(session, act.change)


def weight_groups(session: Session) -> tuple[WeightGroup, ...]:
    """Return the weights of the profile and of both indexes, as they are set and as they come."""
    options, defaults = read_options(session), default_index_weights()
    groups = [profile_group(options.profile)]
    for name in INDEXES:
        own = tuple(
            (item.code, item.zh, item.en, options.index[name].get(item.code, 0.0), defaults[name][item.code])
            for item in index_dimensions()[name]
        )
        groups.append(WeightGroup(name, own))
    return tuple(groups)


def profile_group(weights: Mapping[str, float]) -> WeightGroup:
    """Return the weights of the profile as a group."""
    return WeightGroup(
        "profile", tuple((code, code, code, weights[code], EQUAL_WEIGHTS[code]) for code in EQUAL_WEIGHTS)
    )


def set_thresholds(session: Session, limits: dict[str, float]) -> Changes:
    """Store other thresholds; ``InputError`` ``threshold_unusable`` for one that is not above zero."""
    return save_options(session, with_weights(read_options(session), THRESHOLDS, limits))


def set_weights(session: Session, name: str, weights: dict[str, float]) -> Changes:
    """Store other weights; ``InputError`` ``weights_wrong`` where they do not add up to 100."""
    check_weights(weights, name)
    options: MeasureOptions = with_weights(read_options(session), name, weights)
    return save_options(session, options)
