"""Commands that take ledgers in and give them out."""

from pathlib import Path
from typing import Annotated

import typer

from bri_desktop.commands.base import ATTENTION, DONE, Filter, app, context, one_of


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

    one_of(update_by, ("code", "title"))
    one_of(new_places, ("ask", "accept"))
    if pair_kind is not None:
        one_of(pair_kind, ("sister", "friendly", "intent", "grassroots"))
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
