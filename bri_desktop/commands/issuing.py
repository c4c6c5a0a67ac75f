"""Commands that send workbooks to departments and say what is still out."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from bri_desktop.commands.base import Filter, app, context


@app.command()
def issue(
    out: Path,
    department: Annotated[str, typer.Option(help="To whom; made where it is not known yet")],
    filter_: Filter = "",
    due: Annotated[str | None, typer.Option(help="To be returned by this day")] = None,
    fields: Annotated[str | None, typer.Option(help="Only these fields: a,b,…")] = None,
    contact: Annotated[str, typer.Option(help="Whom to ask, printed in the guide")] = "",
    internal: Annotated[bool, typer.Option("--internal", help="Internal records too")] = False,
) -> None:
    """Write a workbook for a department and register it."""
    from bri_desktop.services import issuing

    order = issuing.Order(
        department=department,
        filter_text=filter_,
        fields=tuple(name.strip() for name in fields.split(",") if name.strip()) if fields else (),
        due=due,
        contact=contact,
        include_internal=internal,
    )
    made = issuing.issue_apart(context.existing(), order, out)
    context.done("issue", made.to_json())


@app.command()
def issued() -> None:
    """List the workbooks issued: to whom, due when, returned or not."""
    from bri_desktop.services.issue_register import read_register

    with context.existing().read() as session:
        register = read_register(session, datetime.date.today())
    context.done("issued", register.to_json())


@app.command()
def remind(
    out: Path, sender: Annotated[str, typer.Option("--from", help="The office that signs the document")] = ""
) -> None:
    """Write the list of departments that have not returned their workbook, as .docx or .xlsx."""
    from bri_desktop.services import issue_acts

    with context.existing().read() as session:
        count = issue_acts.remind(session, out, datetime.date.today(), sender=sender)
    context.done("remind", {"rows": count})
