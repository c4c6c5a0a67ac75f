"""Commands that take in the values which figures are held against, and set the weights of the office."""

import datetime
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from bri_desktop import i18n
from bri_desktop.commands.base import ATTENTION, DONE, app, context
from bri_desktop.domain.errors import InputError

Year = Annotated[int | None, typer.Option(help="The year of rows that name none")]
Source = Annotated[str | None, typer.Option(help="Where the values come from")]


def _take_in(name: str, book: Path, store: Callable[[Any, Any], Any]) -> None:
    from bri_desktop.excel.reader import read

    with read(book) as grid, context.database().write() as session:
        report = store(session, grid)
    context.done(name, report.to_json(), ATTENTION if report.problems else DONE)


@app.command(name="baseline-import")
def baseline_import(
    book: Path,
    name: Annotated[str, typer.Option(help="What the table is called")],
    year: Annotated[int | None, typer.Option(help="The year of its values")] = None,
    dimension: Annotated[str, typer.Option(help="What its rows are: country, continent, province …")] = "country",
    source: Source = None,
) -> None:
    """Take in a table that shares are compared with: population, trade …"""
    from bri_desktop.services.measure_tables import import_baseline

    _take_in(
        "baseline-import",
        book,
        lambda session, grid: import_baseline(session, grid, name=name, year=year, dimension=dimension, source=source),
    )


@app.command(name="index-import")
def index_import(book: Path, year: Year = None, source: Source = None) -> None:
    """Take in values of the criteria of the city index."""
    from bri_desktop.services.measure_tables import import_index

    _take_in("index-import", book, lambda session, grid: import_index(session, grid, year=year, source=source))


@app.command(name="tiers-import")
def tiers_import(book: Path, year: Year = None, source: Source = None) -> None:
    """Take in the tiers of countries in financial integration."""
    from bri_desktop.services.measure_tables import import_tiers

    _take_in("tiers-import", book, lambda session, grid: import_tiers(session, grid, year=year, source=source))


@app.command(name="rates-import")
def rates_import(book: Path, year: Year = None, source: Source = None) -> None:
    """Take in exchange rates: yuan for one unit of a currency."""
    from bri_desktop.services.measure_tables import import_rates

    _take_in("rates-import", book, lambda session, grid: import_rates(session, grid, year=year, source=source))


@app.command(name="mode-import")
def mode_import(
    book: Path,
    kind: Annotated[str, typer.Option(help="park or mechanism")],
) -> None:
    """Take in a sheet of parks or mechanisms: operator, area, tenants …; secretariat, members, interval …"""
    from bri_desktop.services.mode_profile_sheets import bring_profiles

    with context.database().write() as session:
        report = bring_profiles(session, book, kind, today=datetime.date.today())
    context.done("mode-import", report.to_json(), ATTENTION if report.problems else DONE)


@app.command()
def tables(
    undo: Annotated[bool, typer.Option("--undo", help="Take back the latest act on tables or weights")] = False,
) -> None:
    """List the tables that the office has brought, or take back what was done to them last."""
    from bri_desktop.services.measure_registry import list_tables, undo_last_act

    if undo:
        with context.existing().write() as session:
            undo_last_act(session)
    with context.existing().read() as session:
        context.done("tables", {"tables": [asdict(table) for table in list_tables(session)]})


@app.command(name="measure-template")
def measure_template(table: Annotated[str, typer.Argument(help="baseline, index, tiers or rates")], out: Path) -> None:
    """Write an empty table of values to fill in."""
    from bri_desktop.services.measure_templates import write_template

    with context.existing().read() as session:
        rows = write_template(session, table, out)
    context.done("measure-template", {"rows": rows})


@app.command()
def baselines(delete: Annotated[str | None, typer.Option(help="Forget this table")] = None) -> None:
    """List the baselines: those built in and those the office has brought."""
    from bri_desktop.services.measure_tables import delete_baseline, list_baselines

    if delete is not None:
        with context.existing().write() as session:
            delete_baseline(session, delete)
    with context.existing().read() as session:
        context.done("baselines", {"baselines": list_baselines(session)})


@app.command()
def weights(
    name: Annotated[str | None, typer.Argument(help="profile, development, potential or thresholds")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="PART=PER CENT")] = None,
) -> None:
    """Show or set the weights of the profile and of the city index; they add up to 100."""
    from bri_desktop.services.measure_registry import weight_groups
    from bri_desktop.services.statistics_options import read_options, save_options, with_weights

    if set_ and name is not None:
        written = dict(map(_weight, set_))
        with context.database().write() as session:
            save_options(session, with_weights(read_options(session), name, written))
    elif set_:
        raise InputError("usage", detail="weights NAME --set PART=PER CENT")
    with context.existing().read() as session:
        options = read_options(session)
    known = {"profile": dict(options.profile)} | {key: dict(value) for key, value in options.index.items()}
    known["thresholds"] = asdict(options.thresholds)
    shown = {name: known[name]} if name in known else known
    if context.options.json:
        context.done("weights", shown)
        return
    with context.existing().read() as session:
        groups = [group for group in weight_groups(session) if group.name in shown]
    place = 1 if i18n.language() == "zh_CN" else 2
    parts = {group.name: [[part[0], part[place], part[3]] for part in group.parts] for group in groups}
    context.done("weights", {"groups": parts})


def _weight(text: str) -> tuple[str, float]:
    part, _, value = text.partition("=")
    try:
        return part.strip(), float(value)
    except ValueError as error:
        raise InputError("usage", detail=f"--set {text}") from error
