"""Commands on the files of records."""

from pathlib import Path
from typing import Annotated

import typer

from bri_desktop.commands.base import ATTENTION, DONE, app, context
from bri_desktop.domain.errors import InputError, Where


@app.command()
def attach(key: str, files: list[Path]) -> None:
    """Keep files or folders beside the ledger and hang them on a record."""
    from bri_desktop.labels import error_sentence
    from bri_desktop.services.attachments import (
        AttachmentFolder,
        add_attachments,
        folder_beside,
        owner_of,
        store_files,
    )

    database = context.existing()
    with database.read() as session:
        owner_of(session, key)
    contents, refused = store_files(AttachmentFolder(folder_beside(database.path)), files)
    with database.write() as session:
        added = add_attachments(session, key, contents)
    problems = [{"file": error.where.file, "code": error.code, "message": error_sentence(error)} for error in refused]
    value = {"keys": list(added.added), "already": added.already, "problems": problems}
    context.done("attach", value, ATTENTION if refused else DONE)


@app.command()
def attachments(
    key: Annotated[str | None, typer.Argument(help="Of one record alone")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Read every content and compare it")] = False,
) -> None:
    """List the files of a record, and what is missing or changed."""
    from bri_desktop.services.attachments import AttachmentFolder, attachments_of, folder_beside, verify_attachments
    from bri_desktop.services.record_json import list_hanging

    database = context.existing()
    folder = AttachmentFolder(folder_beside(database.path))
    with database.read() as session:
        if key is not None:
            items = [row.to_json() for row in attachments_of(session, folder, key)]
        else:
            items = list_hanging(session, "attachment", None)
        damage = [one.to_json() for one in verify_attachments(session, folder)] if verify else []
    value = {"total": len(items), "items": items, "damage": damage}
    context.done("attachments", value, ATTENTION if damage else DONE)


@app.command(name="attachment-save")
def attachment_save(key: str, out: Path) -> None:
    """Write a read-only copy of an attached file."""
    from bri_desktop.services.attachments import AttachmentFolder, attachment_by_key, folder_beside, save_copy

    database = context.existing()
    folder = AttachmentFolder(folder_beside(database.path))
    if out.exists() and not out.is_dir():
        raise InputError("file_exists", where=Where(file=out.name))
    with database.read() as session:
        row = attachment_by_key(session, folder, key)
    context.done("attachment-save", {"file": str(save_copy(folder, row, out)), "size": row.size})
