"""Commands that take ledgers in and give them out."""

from pathlib import Path
from typing import Annotated

import typer

from bri_desktop.commands.base import ATTENTION, DONE, Filter, Why, app, context, one_of


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
    map_: Annotated[list[str] | None, typer.Option("--map", help="FIELD=HEADER, or note=HEADER")] = None,
    unit: Annotated[list[str] | None, typer.Option("--unit", help="FIELD=UNIT, such as amount=万元")] = None,
    profile: Annotated[str | None, typer.Option(help="The profile to read the ledger by")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="No profile, even where one fits")] = False,
    remember: Annotated[str | None, typer.Option(help="Keep the layout of this ledger as a profile")] = None,
    update_by: Annotated[str, typer.Option(help="code or title: what names the record of a row")] = "code",
    new_places: Annotated[str, typer.Option(help="ask or accept")] = "ask",
    pair_kind: Annotated[str | None, typer.Option(help="Kind of tie of a ledger of pairs")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, write nothing")] = False,
    atomic: Annotated[bool, typer.Option("--atomic", help="Nothing is written where a row is not ready")] = False,
    as_ledger: Annotated[
        bool, typer.Option("--as-ledger", help="Import a workbook that this program issued, all the same")
    ] = False,
    kind: Annotated[str, typer.Option(help="project, or agreement, activity, outcome, indicator, risk …")] = "project",
) -> None:
    """Take in a ledger."""
    if kind != "project":
        _import_kind(book, kind, dry_run=dry_run, atomic=atomic)
        return
    from bri_desktop.collection import few_pauses
    from bri_desktop.excel.reader import read
    from bri_desktop.services.exchange import ImportOptions, file_digest
    from bri_desktop.services.intake_profile import import_by_profile, refuse_issued, sheets_by_profile

    one_of(update_by, ("code", "title"))
    one_of(new_places, ("ask", "accept"))
    if pair_kind is not None:
        one_of(pair_kind, ("sister", "friendly", "intent", "grassroots"))
    options = ImportOptions(update_by=update_by, new_places=new_places, pair_kind=pair_kind, atomic=atomic)
    with few_pauses(), read(book) as grid:
        if not as_ledger:
            refuse_issued(grid)
        database = context.database()
        wanted = sheets_by_profile(
            database, grid, names=sheet or [], mapped=map_ or [], units=unit or [], profile=profile, plain=plain
        )
        done = import_by_profile(
            database, grid, wanted, options, sha256=file_digest(book), dry_run=dry_run, remember=remember
        )
    context.done("import", done.to_json(), ATTENTION if done.report.needs_attention else DONE)


def _import_kind(book: Path, kind: str, *, dry_run: bool, atomic: bool) -> None:
    from bri_desktop.services.record_import import take_in, what_if

    database = context.database()
    report = what_if(database, book, kind) if dry_run else take_in(database, book, kind, atomic=atomic)
    context.done("import", report.to_json(), ATTENTION if report.needs_attention else DONE)


@app.command()
def pending(
    batch: Annotated[int | None, typer.Option(help="Only the rows of this import")] = None,
) -> None:
    """List the rows that imports kept aside and that wait to be decided."""
    from bri_desktop.services.intake_waiting import list_waiting

    with context.existing().read() as session:
        context.done("pending", list_waiting(session, batch))


@app.command()
def undo(batch: int, why: Why = "") -> None:
    """Take an import back, field by field; what was edited since stays."""
    from bri_desktop.services.history import undo_batch
    from bri_desktop.services.reasons import giving_reason

    with giving_reason(why), context.existing().write() as session:
        undone = undo_batch(session, batch)
    context.done("undo", undone.to_json())


@app.command()
def export(
    out: Path,
    view: Annotated[str | None, typer.Option(help="A saved view")] = None,
    filter_: Filter = "",
    kind: Annotated[str, typer.Option(help="project, pair, place …")] = "project",
    personal: Annotated[
        bool, typer.Option("--personal/--no-personal", help="Telephone and mail of contacts go out too")
    ] = True,
) -> None:
    """Write the ledger to .xlsx, .csv or .ods."""
    from bri_desktop.services.ledger_out import export_projects, export_records

    with context.existing().read() as session:
        if kind == "project":
            result = export_projects(session, out, filter_text=filter_, view=view)
        else:
            result = export_records(session, out, kind, filter_text=filter_, with_personal=personal)
    context.done("export", result)
