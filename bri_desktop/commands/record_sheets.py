"""The command that writes the one-page sheets of records."""

from pathlib import Path
from typing import Annotated

import typer

from bri_desktop.commands.base import app, context, one_of


@app.command(name="record-sheet")
def record_sheet(
    keys: Annotated[list[str], typer.Argument(metavar="CODE...", help="Codes or keys of projects, keys of ties")],
    out: Annotated[Path, typer.Option(help="A .docx or .pdf file for all, or a folder for a file each")],
    kind: Annotated[str, typer.Option("--as", help="docx or pdf: what a folder is filled with")] = "docx",
    office: Annotated[str, typer.Option("--from", help="The office; default that of the settings")] = "",
) -> None:
    """Write the one-page sheet of projects or ties as Word or PDF."""
    from bri_desktop.services.record_sheet_out import write_folder, write_sheets

    one_of(kind, ("docx", "pdf"))
    database = context.existing()
    with database.read() as session:
        if out.suffix and not out.is_dir():
            written = write_sheets(session, database.path, keys, out, office=office)
        else:
            written = write_folder(session, database.path, keys, out, f".{kind}", office=office)
    context.done("record-sheet", written.to_json())
