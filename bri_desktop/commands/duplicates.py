"""Commands on records that may be one."""

from typing import Annotated

import typer

from bri_desktop.commands.base import ATTENTION, DONE, app, context


@app.command()
def duplicates(
    limit: Annotated[int | None, typer.Option(help="At most so many pairs", min=1)] = None,
    min_score: Annotated[int, typer.Option(help="Likeness from here on, 0 to 100", min=1, max=100)] = 70,
) -> None:
    """List pairs of records that may be one, with what speaks for it and against."""
    from bri_desktop.labels import reason_text
    from bri_desktop.services.duplicates import find_pairs

    with context.existing().read() as session:
        pairs = [pair.to_json() for pair in find_pairs(session, least=min_score, limit=limit)]
    for reason in (reason for pair in pairs for reason in pair["reasons"]):
        reason["text"] = reason_text(reason["code"], reason["values"])
    context.done("duplicates", {"pairs": pairs}, ATTENTION if pairs else DONE)


@app.command(name="merge-records")
def merge_records(
    keep: str,
    other: str,
    take: Annotated[list[str] | None, typer.Option(help="FIELD=left, FIELD=right or FIELD=both")] = None,
) -> None:
    """Make one record of two: KEEP takes in OTHER, which goes to the bin; one undo restores both."""
    from bri_desktop.services import duplicates as service
    from bri_desktop.services.projects import get_project

    choices = service.read_choices(take or [])
    with context.existing().write() as session:
        keys = [get_project(session, key).key for key in (keep, other)]
        merged = service.merge_records(session, [service.MergeWish(keys[0], keys[1], choices)])
    context.done("saved", {"key": merged.key, "version": merged.version, "moved": merged.moved, "problems": []})


@app.command()
def distinct(
    left: str,
    right: str,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the decision back")] = False,
) -> None:
    """Remember that two records which look alike are different."""
    from bri_desktop.services.distinct import forget_distinct, remember_distinct
    from bri_desktop.services.projects import get_project

    with context.existing().write() as session:
        pair = (get_project(session, left).key, get_project(session, right).key)
        (forget_distinct if revoke else remember_distinct)(session, [pair])
    context.done("distinct", {"left": pair[0], "right": pair[1], "distinct": not revoke})
