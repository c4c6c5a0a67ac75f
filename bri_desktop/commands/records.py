"""Commands on one record and lists of them."""

from typing import Annotated, Any

import typer

from bri_desktop.commands.base import Filter, app, context


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
    from bri_desktop.services.projects import get_project

    with context.existing().read() as session:
        context.done("history", {"entries": history_of(session, get_project(session, key).key)})
