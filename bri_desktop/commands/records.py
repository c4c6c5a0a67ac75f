"""Commands on one record and lists of them."""

from typing import Annotated, Any

import typer

from bri_desktop.commands.base import Filter, Why, app, context
from bri_desktop.commands.spoken import kind_of, spoken


@app.command(name="list")
def list_(
    kind: Annotated[
        str, typer.Option(help="project, pair, place, organisation, agreement, activity, outcome, approval, risk …")
    ] = "project",
    filter_: Filter = "",
    search: Annotated[str, typer.Option(help="Chinese, pinyin, initials or English")] = "",
    limit: Annotated[int | None, typer.Option(help="At most so many items", min=0)] = None,
) -> None:
    """List records."""
    from bri_desktop.services.records import list_records

    with context.existing().read() as session:
        value = list_records(session, kind, filter_text=filter_, search=search, limit=limit)
        if not context.options.json:
            value = value | {"items": spoken(session, kind, value["items"])}
    context.done("list", value)


@app.command()
def show(key: str) -> None:
    """Show one record."""
    from bri_desktop.services.records import show_record

    with context.existing().read() as session:
        value = show_record(session, key)
        if not context.options.json:
            (value,) = spoken(session, kind_of(value["key"]), [value])
    context.done("show", value)


@app.command()
def add(
    assignments: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...")],
    kind: Annotated[str, typer.Option(help="project, or agreement, activity, outcome, indicator, risk …")] = "project",
    to: Annotated[str | None, typer.Option(help="Key, code or title of what it belongs to")] = None,
) -> None:
    """Log a project, or what belongs to one."""
    if kind != "project":
        from bri_desktop.services.record_acts import add_written

        with context.existing().write() as session:
            made = add_written(session, kind, to, assignments)
        context.done("saved", {"key": made.key, "version": made.version, "problems": []})
        return
    from bri_desktop.services.projects import create_project
    from bri_desktop.services.written import read_written, split_assignments

    values = split_assignments(assignments)
    with context.database().write() as session:
        written = read_written(session, values, new=True)
        _stop_at(written.problems)
        saved = create_project(session, written.draft)
    context.done("saved", {"key": saved.key, "version": saved.version, "problems": []})


@app.command()
def edit(key: str, assignments: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...")], why: Why = "") -> None:
    """Change fields of a record; an empty value clears one."""
    from bri_desktop.services.projects import get_project, update_project
    from bri_desktop.services.reasons import giving_reason
    from bri_desktop.services.record_acts import edit_written
    from bri_desktop.services.written import read_written, split_assignments

    with giving_reason(why), context.existing().write() as session:
        done = edit_written(session, key, assignments)
    if done is not None:
        context.done("saved", {"key": done.key, "version": done.version, "problems": []})
        return
    values = split_assignments(assignments)
    with giving_reason(why), context.existing().write() as session:
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
def delete(key: str, why: Why = "") -> None:
    """Put a record into the bin."""
    from bri_desktop.services.projects import delete_projects, get_project
    from bri_desktop.services.reasons import giving_reason
    from bri_desktop.services.record_acts import delete_by_key

    with giving_reason(why), context.existing().write() as session:
        done = delete_by_key(session, key)
        if done is not None:
            context.done("saved", {"key": done[0], "version": done[1], "problems": []})
            return
        item = get_project(session, key)
        delete_projects(session, [item.key])
    context.done("saved", {"key": item.key, "version": item.stored.version + 1, "problems": []})


@app.command()
def history(key: str) -> None:
    """Show what was changed in a record and in what hangs on it, latest first."""
    from bri_desktop.services.history import history_of
    from bri_desktop.services.projects import get_project
    from bri_desktop.services.record_acts import kind_of_key

    with context.existing().read() as session:
        is_own = kind_of_key(session, key) is not None or key[:1].upper() == "T"
        context.done("history", {"entries": history_of(session, key if is_own else get_project(session, key).key)})
