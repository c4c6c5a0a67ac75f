"""The command line: thin commands over the services, the same values as in the window.

Every command is a function of a ``Context``; what it returns is printed as one JSON object or as plain lines.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from bri_desktop import i18n
from bri_desktop.arguments import GlobalOptions
from bri_desktop.cli_text import render
from bri_desktop.db.database import Database, open_database, schema_version
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, UserError
from bri_desktop.labels import error_sentence, sentence

DONE, ATTENTION, WRONG_USE, REFUSED = 0, 1, 2, 3

log = logging.getLogger(__name__)
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@dataclass(slots=True)
class Context:
    """The options of this call and what it came to."""

    options: GlobalOptions = field(default_factory=GlobalOptions)
    status: int = DONE

    def database(self) -> Database:
        """Open the ledger, made where there is none yet."""
        return open_database(self.options.database)

    def existing(self) -> Database:
        """Open the ledger to read from; a mistyped path is told, not made into an empty ledger."""
        return open_database(self.options.database, create=self.options.db is None)

    def done(self, name: str, value: Mapping[str, Any], status: int = DONE) -> None:
        """Print what a command came to."""
        self.status = status
        text = json.dumps(value, ensure_ascii=False) if self.options.json else render(name, value)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


context = Context()


def run(options: GlobalOptions, arguments: list[str]) -> int:
    """Run one command; return the exit status. No traceback leaves without ``--debug``."""
    i18n.set_language(options.language)
    context.options, context.status = options, DONE
    try:
        if options.fault:
            raise InputError("usage", detail=options.fault)
        app(args=arguments, prog_name="bri-desktop", standalone_mode=False)
    except TyperException as error:
        return _fail(InputError("usage", detail=error.format_message()), WRONG_USE)
    except (typer.Abort, KeyboardInterrupt):
        return _fail(InputError("cancelled"), WRONG_USE)
    except UserError as error:
        return _fail(error, REFUSED if isinstance(error, DatabaseRefusedError) else WRONG_USE)
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback reaches a user
        return _unexpected(error)
    return context.status


def _fail(error: UserError, status: int) -> int:
    if context.options.debug:
        traceback.print_exc()
    message = error_sentence(error)
    where = {name: value for name in ("file", "sheet", "cell", "field", "key") if (value := getattr(error.where, name))}
    fault: dict[str, Any] = {"error": {"code": error.code, "message": message, "where": where or None}}
    problems = getattr(error, "problems", ())
    if problems:
        fault["problems"] = [
            {"field": p.field, "code": p.code, "message": sentence(p.code, p.values)} for p in problems
        ]
    if context.options.json:
        sys.stdout.write(json.dumps(fault, ensure_ascii=False) + "\n")
    else:
        lines = [message, *(f"  {p['field']}: {p['message']}" for p in fault.get("problems", ()))]
        sys.stderr.write("\n".join(lines) + "\n")
    return status


def _reader_left() -> int:
    """Whoever read our output has gone (``| head``): nothing more to say, and nothing went wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return context.status


def _unexpected(error: Exception) -> int:
    log.error("unexpected error", exc_info=error)
    if context.options.debug:
        traceback.print_exc()
    return _fail(UserError("unexpected", detail=type(error).__name__), REFUSED)


Filter = Annotated[str, typer.Option("--filter", help="Such as: mode = sister_city and signed >= 2010")]


@app.command()
def init() -> None:
    """Make a new ledger with the reference data."""
    path = context.options.database
    context.database().close()
    context.done("init", {"db": str(path), "schema": schema_version(path)})


@app.command()
def demo() -> None:
    """Take the sample ledger into an empty database, through the ordinary importer."""
    from bri_desktop.services.sample import load_sample

    database = context.database()
    report = load_sample(database)
    context.done("import", report.to_json(), ATTENTION if report.needs_attention else DONE)


@app.command()
def inspect(book: Path) -> None:
    """Show what the importer sees in a workbook; nothing is written."""
    from bri_desktop.excel.reader import read
    from bri_desktop.services.intake_sheets import recognise

    with read(book) as grid:
        context.done("inspect", {"sheets": [sheet.to_json() for sheet in recognise(grid)]})


@app.command(name="import")
def import_(
    book: Path,
    sheet: Annotated[list[str] | None, typer.Option(help="Only this sheet; may be given several times")] = None,
    map_: Annotated[list[str] | None, typer.Option("--map", help="FIELD=HEADER")] = None,
    update_by: Annotated[str, typer.Option(help="code or title: what names the record of a row")] = "code",
    new_places: Annotated[str, typer.Option(help="ask or accept")] = "ask",
    pair_kind: Annotated[str | None, typer.Option(help="Kind of tie of a ledger of pairs")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, write nothing")] = False,
    atomic: Annotated[bool, typer.Option("--atomic", help="Nothing is written where a row is not ready")] = False,
) -> None:
    """Take in a ledger."""
    from bri_desktop.excel.reader import read
    from bri_desktop.services.exchange import ImportOptions, file_digest, import_grid, plan_import
    from bri_desktop.services.intake_sheets import chosen_sheets

    _one_of(update_by, ("code", "title"))
    _one_of(new_places, ("ask", "accept"))
    if pair_kind is not None:
        _one_of(pair_kind, ("sister", "friendly", "intent", "grassroots"))
    options = ImportOptions(update_by=update_by, new_places=new_places, pair_kind=pair_kind, atomic=atomic)
    with read(book) as grid:
        sheets = chosen_sheets(grid, names=sheet or [], mapped=map_ or [])
        database = context.database()
        if dry_run:
            with database.read() as session:
                report = plan_import(session, grid, sheets, options)
        else:
            report = import_grid(database, grid, sheets, options, sha256=file_digest(book))
    context.done("import", report.to_json(), ATTENTION if report.needs_attention else DONE)


def _one_of(value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputError("option_unknown", value=value, known=", ".join(known))


@app.command()
def undo(batch: int) -> None:
    """Take an import back, field by field; what was edited since stays."""
    from bri_desktop.services.history import undo_batch

    with context.existing().write() as session:
        undone = undo_batch(session, batch)
    context.done("undo", undone.to_json())


@app.command()
def export(
    out: Path,
    view: Annotated[str | None, typer.Option(help="A saved view")] = None,
    filter_: Filter = "",
    kind: Annotated[str, typer.Option(help="project, pair, place …")] = "project",
) -> None:
    """Write the ledger to .xlsx, .csv or .ods."""
    from bri_desktop.services.ledger_out import export_projects, export_records

    with context.existing().read() as session:
        if kind == "project":
            result = export_projects(session, out, filter_text=filter_, view=view)
        else:
            result = export_records(session, out, kind, filter_text=filter_)
    context.done("export", result)


@app.command(name="list")
def list_(
    kind: Annotated[
        str, typer.Option(help="project, pair, place, organisation, agreement, activity, outcome")
    ] = "project",
    filter_: Filter = "",
    search: Annotated[str, typer.Option(help="Chinese, pinyin, initials or English")] = "",
    limit: Annotated[int | None, typer.Option(help="At most so many items", min=0)] = None,
) -> None:
    """List records."""
    from bri_desktop.services.records import list_records

    with context.existing().read() as session:
        context.done("list", list_records(session, kind, filter_text=filter_, search=search, limit=limit))


@app.command()
def show(key: str) -> None:
    """Show one record."""
    from bri_desktop.services.records import show_record

    with context.existing().read() as session:
        context.done("show", show_record(session, key))


@app.command()
def add(assignments: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...")]) -> None:
    """Log a project."""
    from bri_desktop.services.projects import create_project
    from bri_desktop.services.written import read_written, split_assignments

    values = split_assignments(assignments)
    with context.database().write() as session:
        written = read_written(session, values, new=True)
        _stop_at(written.problems)
        saved = create_project(session, written.draft)
    context.done("saved", {"key": saved.key, "version": saved.version, "problems": []})


@app.command()
def edit(key: str, assignments: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...")]) -> None:
    """Change fields of a project; an empty value clears one."""
    from bri_desktop.services.projects import get_project, update_project
    from bri_desktop.services.written import read_written, split_assignments

    values = split_assignments(assignments)
    with context.existing().write() as session:
        item = get_project(session, key)
        written = read_written(session, values, new=False)
        _stop_at(written.problems)
        saved = update_project(session, item.key, written.onto(item.draft), seen_version=item.stored.version)
    context.done("saved", {"key": saved.key, "version": saved.version, "problems": []})


def _stop_at(problems: tuple[Any, ...]) -> None:
    if problems:
        from bri_desktop.services.projects import InvalidProjectError

        raise InvalidProjectError(problems)


@app.command()
def delete(key: str) -> None:
    """Put a project into the bin."""
    from bri_desktop.services.projects import delete_projects, get_project

    with context.existing().write() as session:
        item = get_project(session, key)
        delete_projects(session, [item.key])
    context.done("saved", {"key": item.key, "version": item.stored.version + 1, "problems": []})


@app.command()
def history(key: str) -> None:
    """Show what was changed in a project, latest first."""
    from bri_desktop.services.history import history_of

    with context.existing().read() as session:
        context.done("history", {"entries": history_of(session, key)})


@app.command()
def stats(
    year: Annotated[int | None, typer.Option(help="At the end of this year; default today")] = None,
    span: Annotated[str | None, typer.Option(help="Every year of A-B")] = None,
    count: Annotated[str, typer.Option(help="stock, flow, ended, active or pipeline")] = "stock",
    by: Annotated[str | None, typer.Option(help="DIM or DIM,DIM")] = None,
    measure: Annotated[list[str] | None, typer.Option(help="gini, hhi, theil …")] = None,
    baseline: Annotated[str | None, typer.Option(help="equal, countries or bri")] = None,
    filter_: Filter = "",
    records: Annotated[bool, typer.Option("--records", help="Name the records behind each row")] = False,
) -> None:
    """Count projects by a dimension, with measures of imbalance."""
    from bri_desktop.services.statistics import make_request, statistics, to_json

    request = make_request(
        count=count, year=year, span=span, by=by, measures=measure or (), baseline=baseline, records=records
    )
    with context.existing().read() as session:
        result = statistics(session, request, filter_text=filter_)
    context.done("stats", to_json(result))


@app.command()
def tour(
    out: Path,
    dark: Annotated[bool, typer.Option("--dark", help="The dark theme")] = False,
    size: Annotated[str, typer.Option(help="Window size")] = "1366x768",
    scale: Annotated[float, typer.Option(help="Scale of the screen")] = 1.0,
) -> None:
    """Save a picture of every page, with the sample data in a temporary database."""
    from bri_desktop.tour import take_tour

    pictures = take_tour(out, language=context.options.language, dark=dark, size=size, scale=scale)
    context.done("tour", {"pictures": [str(picture) for picture in pictures]})


@app.command()
def bench(
    rows: Annotated[int, typer.Option(help="Projects in the ledger", min=100)] = 100_000,
    only: Annotated[str | None, typer.Option(help="Only this figure")] = None,
) -> None:
    """Measure speed and memory, each beside a peer in the same run."""
    from bri_desktop.bench import run_bench

    context.done("bench", {"figures": [figure.to_json() for figure in run_bench(rows, only)]})
