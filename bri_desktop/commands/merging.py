"""Commands that take returned workbooks in and answer them."""

from pathlib import Path
from typing import Annotated

import typer

from bri_desktop.commands.base import ATTENTION, DONE, app, context, one_of
from bri_desktop.i18n import tr


@app.command()
def merge(
    book: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, write nothing")] = False,
    prefer: Annotated[str | None, typer.Option(help="ours or theirs, where both sides changed a value")] = None,
    accept_damage: Annotated[bool, typer.Option("--accept-damage", help="Merge in spite of what is broken")] = False,
) -> None:
    """Take in a returned workbook, cell by cell against what was sent."""
    from bri_desktop.collection import few_pauses
    from bri_desktop.excel.reader import read
    from bri_desktop.services.exchange import file_digest
    from bri_desktop.services.issuing import issued_words
    from bri_desktop.services.merging import plan_merge
    from bri_desktop.services.merging_apply import apply_merge, preview_merge
    from bri_desktop.services.merging_arrival import note_return
    from bri_desktop.services.merging_plan import MergeDecisions
    from bri_desktop.services.merging_words import cell_words

    if prefer is not None:
        one_of(prefer, ("ours", "theirs"))
    decisions = MergeDecisions(prefer=prefer, accept_damage=accept_damage)
    with few_pauses(), read(book) as grid:
        database = context.existing()
        sha256 = file_digest(book)
        with database.read() as session:
            plan = plan_merge(session, grid, sha256=sha256)
    is_stopped = bool(plan.damage) and not accept_damage
    report = preview_merge(plan, decisions)
    if not dry_run:
        with few_pauses(), database.write() as session:
            note_return(session, plan, book)
            report = report if is_stopped else apply_merge(session, plan, decisions)
    value = report.to_json()
    if not context.options.json:
        with database.read() as session:
            words = issued_words(session, include_internal=True)
        value |= {"written": report.written, "stopped": report.stopped}
        for name, cells in (("conflicts", report.conflicts), ("cleared", report.cleared)):
            value[name] = [cell.to_json() | {"words": cell_words(cell, words)} for cell in cells]
        for cell in value["cleared"]:
            cell["words"]["returned"] = tr("emptied")
    context.done("merge", value, ATTENTION if report.needs_attention else DONE)


@app.command()
def annotate(book: Path, out: Path) -> None:
    """Write the department's own workbook with a verdict on every cell that is not as it was sent."""
    from bri_desktop.collection import few_pauses
    from bri_desktop.excel.reader import read
    from bri_desktop.services.exchange import file_digest
    from bri_desktop.services.merging import plan_merge
    from bri_desktop.services.merging_answer import write_answer

    with few_pauses(), read(book) as grid, context.existing().read() as session:
        cells = write_answer(session, plan_merge(session, grid, sha256=file_digest(book)), book, out)
    context.done("annotate", {"cells": cells})
