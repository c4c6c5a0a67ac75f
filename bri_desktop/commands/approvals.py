"""Commands on approvals: procedures, and the acts that lead a case through its steps."""

import datetime
from typing import Annotated

import typer

from bri_desktop.commands.base import app, context
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.vocabulary import number_of

Day = Annotated[str | None, typer.Option("--date", help="Of today where none is given")]


@app.command()
def procedures() -> None:
    """List the approval procedures with their steps."""
    from bri_desktop.services import approval_procedures

    with context.existing().read() as session:
        several = [procedure.to_json() for procedure in approval_procedures.procedures(session)]
    context.done("procedures", {"procedures": several})


@app.command(name="approval-open")
def approval_open(
    key: str,
    procedure: Annotated[str | None, typer.Option(help="Name of the procedure; the first where none is given")] = None,
    date: Day = None,
) -> None:
    """Begin the approval of a project or a tie."""
    from bri_desktop.services.approvals import open_case

    with context.existing().write() as session:
        case = open_case(session, key, procedure=procedure, opened=date)
    context.done("approval", case.to_json())


@app.command(name="approval-act")
def approval_act(
    case: str,
    act: Annotated[str, typer.Argument(help="submit, return, decide, refuse or skip")],
    date: Day = None,
    by: Annotated[str | None, typer.Option(help="Who acted")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; needed to return or refuse")] = None,
) -> None:
    """Submit, return, decide, refuse or skip the step an approval is in."""
    from bri_desktop.services import approvals
    from bri_desktop.services.approval_store import PREFIX

    number = number_of(PREFIX, case)
    if number is None:
        raise InputError("record_unknown", where=Where(key=case), key=case)
    with context.existing().write() as session:
        day = date or datetime.date.today().isoformat()
        approvals.act(session, number, act, date=day, who=by, reason=reason)
        done = approvals.get_case(session, number)
    context.done("approval", done.to_json())
