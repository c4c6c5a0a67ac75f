"""Values that the office brings by Excel: baselines, the city index, tiers of countries, exchange rates."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bri_desktop.analysis.baselines import BUILT_IN
from bri_desktop.analysis.city_index import City, Criterion
from bri_desktop.analysis.dimensions import DIMENSIONS, scope_of
from bri_desktop.analysis.dimensions import dimension as units_of
from bri_desktop.analysis.further import IndexTables
from bri_desktop.analysis.model import StatsRequest
from bri_desktop.db.database import now
from bri_desktop.db.measure_models import BaselineTable, BaselineValue, CountryTier, ExchangeRate, IndexValue
from bri_desktop.db.models import Base, table_of
from bri_desktop.db.places import index_for
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError, ValueProblemError, Where
from bri_desktop.domain.folding import fold
from bri_desktop.domain.money import parse_currency
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.domain.place_names import PlaceEntry
from bri_desktop.excel.grid import Grid
from bri_desktop.i18n import language
from bri_desktop.services.columns import read_reference
from bri_desktop.services.measure_sheets import TableProblem, Written, number, problem, read_rows, year_of
from bri_desktop.services.reference import read_codebook
from bri_desktop.services.row_history import noted
from bri_desktop.services.statistics_options import (
    MeasureOptions,
    index_dimensions,
    read_options,
    store_options,
    weighted_dimensions,
)

TABLES = frozenset({"measure_table"})
IMPORT, DELETE = "import_table", "delete_table"
"""What the history calls bringing a table and forgetting one."""
LOWER_IS_BETTER = frozenset(map(fold, ("越低越好", "负向", "逆向", "低", "lower", "lower is better")))
CRITERION_LENGTH = 40
HOME = "CN"


@dataclass(frozen=True, slots=True)
class TableReport:
    """What became of a table: rows read, values stored, those left out with their reasons, the years touched."""

    table: str
    name: str
    rows: int
    stored: int
    years: tuple[int, ...] = ()
    problems: tuple[TableProblem, ...] = ()
    changes: Changes = field(default_factory=lambda: Changes(TABLES))

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        plain = {"table": self.table, "name": self.name, "rows": self.rows, "stored": self.stored}
        return plain | {"years": list(self.years), "problems": [item.to_json() for item in self.problems]}


@dataclass(slots=True)
class _Intake:
    """Collects the values of a table and what is wrong with single rows."""

    values: dict[Any, dict[str, Any]] = field(default_factory=dict)
    problems: list[TableProblem] = field(default_factory=list)

    @contextmanager
    def row(self, written: Written, at: str) -> Iterator[None]:
        """Enter what is wrong with a row under the field ``at``, and go on."""
        try:
            yield
        except ValueProblemError as error:
            where = "year" if error.code in ("year_unreadable", "year_other") and "year" in written.values else at
            self.problems.append(problem(written, where, error.code))

    def put(self, key: Any, values: dict[str, Any]) -> None:
        """Take a value in; a second one under the same key is refused, never silently the winner."""
        if key in self.values:
            raise ValueProblemError("value_twice", key)
        self.values[key] = values


# -- baselines ---------------------------------------------------------------------------------------------------


def import_baseline(
    session: Session, grid: Grid, *, name: str, year: int | None, dimension: str = "country", source: str | None = None
) -> TableReport:
    """Store a table that shares are compared with, in place of one of the same name.

    A table is of one year: the one asked for, else the one that its rows name; rows that name none are of it too.
    Unknown units, unreadable values and rows of another year are told and left out. Raises ``InputError``:
    ``baseline_name_taken`` for a built-in name, ``option_unknown`` for a dimension, ``baseline_years_several`` where
    rows name several years and none was asked for, ``baseline_year_absent`` where all rows are of other years,
    ``baseline_zero_sum`` where nothing above zero is left.
    """
    if not name.strip() or name in BUILT_IN:
        raise InputError("baseline_name_taken", name=name)
    if dimension not in DIMENSIONS:
        raise InputError("option_unknown", value=dimension, known=", ".join(DIMENSIONS))
    intake, find = _Intake(), _unit_finder(session, dimension)
    rows = read_rows(grid, ("unit", "value"), ("year", "source"))
    year = _one_year(rows, year, grid)
    for written in rows:
        with intake.row(written, "unit"):
            if written.text("year") and year_of(written, year) != year:
                raise ValueProblemError("year_other", written.text("year"))
            key = find(written.text("unit"))
            if key is None:
                raise ValueProblemError("unit_unknown", written.text("unit"))
            with intake.row(written, "value"):
                intake.put(key, {"key": key, "value": _not_negative(number(written, "value"))})
    if sum(item["value"] for item in intake.values.values()) <= 0:
        raise InputError("baseline_zero_sum", where=Where(file=grid.path.name), refused=len(intake.problems))
    spoken = next((row.text("source") for row in rows if row.text("source")), None)
    _store_baseline(session, name, year, dimension, source or spoken, list(intake.values.values()))
    years = () if year is None else (year,)
    return TableReport("baseline", name, len(rows), len(intake.values), years, tuple(intake.problems))


def _one_year(rows: Sequence[Written], asked: int | None, grid: Grid) -> int | None:
    """Return the year of a baseline; years that cannot be read are told with their rows."""
    named = set()
    for written in rows:
        with suppress(ValueProblemError):
            if written.text("year"):
                named.add(year_of(written, None))
    known = "、".join(map(str, sorted(named)))
    if asked is None and len(named) > 1:
        raise InputError("baseline_years_several", where=Where(file=grid.path.name), years=known)
    if asked is not None and named and asked not in named and all(written.text("year") for written in rows):
        raise InputError("baseline_year_absent", where=Where(file=grid.path.name), year=asked, years=known)
    return next(iter(named), None) if asked is None else asked


def _store_baseline(
    session: Session,
    name: str,
    year: int | None,
    dimension: str,
    source: str | None,
    values: Sequence[dict[str, Any]],
) -> None:
    with noted(session, IMPORT, *_rows_of_baseline(name)):
        row = session.scalar(select(BaselineTable).where(BaselineTable.name == name))
        if row is None:
            row = BaselineTable(name=name)
            session.add(row)
        row.dimension, row.year, row.source, row.imported_at = dimension, year, source, now()
        session.flush()
        session.execute(delete(BaselineValue).where(BaselineValue.baseline_id == row.id))
        session.execute(insert(table_of(BaselineValue)), [{**value, "baseline_id": row.id} for value in values])


def _rows_of_baseline(name: str) -> tuple[tuple[type[Base], Any], ...]:
    """Return what a baseline consists of."""
    mine = select(BaselineTable.id).where(BaselineTable.name == name)
    return (BaselineTable, BaselineTable.name == name), (BaselineValue, BaselineValue.baseline_id.in_(mine))


def _not_negative(value: float) -> float:
    if value < 0:
        raise ValueProblemError("value_negative", value)
    return value


def _unit_finder(session: Session, dimension: str) -> Callable[[str], str | None]:
    """Return a look-up of the unit of ``dimension`` that a written name, code or key means."""
    if dimension == "country":
        places = index_for(session)
        return lambda text: places.country_of(text) or country_code(places, text)
    request = StatsRequest(datetime.date.today(), regions_of_china=True)
    units = units_of(dimension, read_reference(session).empty(), scope_of(request, None)).units
    names = {fold(text): unit.code for unit in units for text in (unit.zh, unit.en, unit.code) if text}
    codes = read_codebook(session)
    return lambda text: names.get(fold(text)) or names.get(fold(text).removesuffix("省")) or codes.find(dimension, text)


def country_code(places: PlaceIndex, text: str) -> str | None:
    upper = text.strip().upper()
    return upper if places.get(f"co:{upper}") is not None else None


def list_baselines(session: Session) -> list[dict[str, Any]]:
    """Return the baselines that can be chosen: the built-in ones and those of the office."""
    built_in = [{"name": name, "dimension": None, "year": None, "units": None, "source": None} for name in BUILT_IN]
    counts: dict[int, int] = {}
    for owner in session.scalars(select(BaselineValue.baseline_id)):
        counts[owner] = counts.get(owner, 0) + 1
    own = [
        {
            "name": row.name,
            "dimension": row.dimension,
            "year": row.year,
            "units": counts.get(row.id, 0),
            "source": row.source,
        }
        for row in session.scalars(select(BaselineTable).order_by(BaselineTable.name))
    ]
    return [*built_in, *own]


def delete_baseline(session: Session, name: str) -> Changes:
    """Forget a table of the office; ``InputError`` ``option_unknown`` for one there is not."""
    row = session.scalar(select(BaselineTable).where(BaselineTable.name == name))
    if row is None:
        known = "、".join(session.scalars(select(BaselineTable.name).order_by(BaselineTable.name)))
        raise InputError("option_unknown", value=name, known=known)
    with noted(session, DELETE, *_rows_of_baseline(name)):
        session.execute(delete(BaselineValue).where(BaselineValue.baseline_id == row.id))
        session.delete(row)
    return Changes(TABLES)


# -- city index --------------------------------------------------------------------------------------------------


def import_index(session: Session, grid: Grid, *, year: int | None, source: str | None = None) -> TableReport:
    """Store values of criteria of cities, a row each: city, dimension, criterion, value; year and direction as given.

    A value of the same city, criterion and year is replaced. Unknown cities and dimensions are told and left out.
    """
    intake, places = _Intake(), index_for(session)
    rows = read_rows(grid, ("city", "dimension", "criterion", "value"), ("country", "year", "direction", "source"))
    criteria: dict[str, Criterion] = {item.code: item for item in read_options(session).criteria}
    for written in rows:
        with intake.row(written, "city"):
            place = _city(places, written)
            with intake.row(written, "criterion"):
                criterion = _criterion(written, criteria)
                with intake.row(written, "value"):
                    of_year = year_of(written, year)
                    values = {"place_key": place, "criterion": criterion.code, "year": of_year}
                    values |= {"value": number(written, "value"), "source": written.text("source") or source}
                    intake.put((place, criterion.code, of_year), values)
                    criteria[criterion.code] = criterion
    _require_some(intake, grid)
    years = tuple(sorted({of_year for _, _, of_year in intake.values}))
    with noted(session, IMPORT, (IndexValue, IndexValue.year.in_(years))) as change:
        for place, code, of_year in intake.values:
            session.execute(
                delete(IndexValue).where(
                    IndexValue.place_key == place, IndexValue.criterion == code, IndexValue.year == of_year
                )
            )
        session.execute(insert(table_of(IndexValue)), list(intake.values.values()))
        store_options(session, replace(read_options(session), criteria=tuple(criteria.values())), change)
    return TableReport("index", "", len(rows), len(intake.values), years, tuple(intake.problems))


def _require_some(intake: _Intake, grid: Grid) -> None:
    if not intake.values:
        raise InputError("table_nothing_usable", where=Where(file=grid.path.name), refused=len(intake.problems))


def _city(places: PlaceIndex, written: Written) -> str:
    country = places.country_of(written.text("country")) if written.text("country") else None
    match = places.resolve(written.text("city"), country=country)
    if match.status == "ambiguous":
        raise ValueProblemError("place_ambiguous", match.text)
    if match.key is None:
        raise ValueProblemError("place_unknown", match.text)
    return match.key


def _criterion(written: Written, known: Mapping[str, Criterion]) -> Criterion:
    name = written.text("criterion")
    if not name or len(name) > CRITERION_LENGTH:
        raise ValueProblemError("criterion_unusable", name)
    wanted = fold(written.text("dimension"))
    for index, several in index_dimensions().items():
        for item in several:
            if wanted in (fold(item.code), fold(item.zh), fold(item.en)):
                lower = fold(written.text("direction")) in LOWER_IS_BETTER
                found = Criterion(name, index, item.code, lower)
                if name in known and (known[name].index, known[name].dimension) != (index, item.code):
                    raise ValueProblemError("criterion_elsewhere", name)
                return found
    raise ValueProblemError("dimension_unknown", written.text("dimension"))


def read_index_tables(session: Session, options: MeasureOptions) -> IndexTables:
    """Return the values of the city index with the weights that are set."""
    rows = session.scalars(select(IndexValue)).all()
    if not rows:
        return IndexTables(weighted_dimensions(options), options.criteria)
    values: dict[int, dict[str, dict[str, float]]] = {}
    for row in rows:
        values.setdefault(row.year, {}).setdefault(row.criterion, {})[row.place_key] = row.value
    places = index_for(session)
    cities = [_city_of(places.get(key), key) for key in sorted({row.place_key for row in rows})]
    return IndexTables(weighted_dimensions(options), options.criteria, tuple(cities), values)


def _city_of(entry: PlaceEntry | None, key: str) -> City:
    name = entry.name(language()) if entry else key
    return City(key, name, domestic=entry is not None and entry.country == HOME)


# -- tiers and rates ---------------------------------------------------------------------------------------------


def import_tiers(session: Session, grid: Grid, *, year: int | None, source: str | None = None) -> TableReport:
    """Store the tier of countries in a published classification of a year, in place of those of that year."""
    intake, places, codes = _Intake(), index_for(session), read_codebook(session)
    rows = read_rows(grid, ("country", "tier"), ("year", "source"))
    for written in rows:
        with intake.row(written, "country"):
            country = places.country_of(written.text("country")) or country_code(places, written.text("country"))
            if country is None:
                raise ValueProblemError("country_unknown", written.text("country"))
            with intake.row(written, "tier"):
                tier = codes.find("finance_tier", written.text("tier"))
                if tier is None:
                    raise ValueProblemError("code_unknown", written.text("tier"))
                values = {"country": country, "year": year_of(written, year), "tier": tier}
                intake.put((country, values["year"]), values | {"source": written.text("source") or source})
    _require_some(intake, grid)
    years = tuple(sorted({of_year for _, of_year in intake.values}))
    with noted(session, IMPORT, (CountryTier, CountryTier.year.in_(years))):
        session.execute(delete(CountryTier).where(CountryTier.year.in_(years)))
        session.execute(insert(table_of(CountryTier)), list(intake.values.values()))
    return TableReport("tiers", "", len(rows), len(intake.values), years, tuple(intake.problems))


def import_rates(session: Session, grid: Grid, *, year: int | None, source: str | None = None) -> TableReport:
    """Store yuan for one unit of a currency in a year; a rate of the same currency and year is replaced."""
    intake = _Intake()
    rows = read_rows(grid, ("currency", "rate"), ("year", "source"))
    for written in rows:
        with intake.row(written, "currency"):
            currency = parse_currency(written.text("currency"))
            with intake.row(written, "rate"):
                rate = number(written, "rate")
                if rate <= 0:
                    raise ValueProblemError("rate_not_positive", rate)
                values = {"currency": currency, "year": year_of(written, year), "rate": f"{rate:.10g}"}
                intake.put((currency, values["year"]), values | {"source": written.text("source") or source})
    _require_some(intake, grid)
    years = tuple(sorted({of_year for _, of_year in intake.values}))
    with noted(session, IMPORT, (ExchangeRate, ExchangeRate.year.in_(years))):
        for currency, of_year in intake.values:
            session.execute(delete(ExchangeRate).where(ExchangeRate.currency == currency, ExchangeRate.year == of_year))
        session.execute(insert(table_of(ExchangeRate)), list(intake.values.values()))
    return TableReport("rates", "", len(rows), len(intake.values), years, tuple(intake.problems))
