"""Commands on the code lists: what they hold, and the office's own codes in them."""

from typing import Annotated

import typer

from bri_desktop.commands.base import app, context

Parent = Annotated[str | None, typer.Option(help="Code above it: the mode of a sub-mode, what an own status counts as")]


@app.command()
def codes(list_: Annotated[str | None, typer.Option("--list", help="Only this list")] = None) -> None:
    """Show the code lists an office can add to."""
    from bri_desktop.services.code_lists import read_lists, to_json

    with context.existing().read() as session:
        context.done("codes", to_json(read_lists(session, list_)))


@app.command(name="code-add")
def code_add(
    list_: Annotated[str, typer.Argument(metavar="LIST")],
    name_zh: str,
    name_en: Annotated[str, typer.Option(help="English name")] = "",
    parent: Parent = None,
) -> None:
    """Add a code of the office's own to a list."""
    from bri_desktop.services.code_lists import add_code

    with context.database().write() as session:
        saved = add_code(session, list_, name_zh, name_en, parent)
    context.done("code", {"list": list_, "code": saved.code})


@app.command(name="code-rename")
def code_rename(
    list_: Annotated[str, typer.Argument(metavar="LIST")],
    code: str,
    name_zh: str,
    name_en: Annotated[str | None, typer.Option(help="English name")] = None,
) -> None:
    """Give an own code another name."""
    from bri_desktop.services.code_lists import rename_code

    with context.existing().write() as session:
        saved = rename_code(session, list_, code, name_zh, name_en)
    context.done("code", {"list": list_, "code": saved.code})


@app.command(name="code-move")
def code_move(
    list_: Annotated[str, typer.Argument(metavar="LIST")],
    code: str,
    steps: Annotated[int, typer.Argument(help="Places down; negative is up")],
) -> None:
    """Move an own code among the own codes of its list."""
    from bri_desktop.services.code_lists import move_code

    with context.existing().write() as session:
        saved = move_code(session, list_, code, steps)
    context.done("code", {"list": list_, "code": saved.code})


@app.command(name="code-delete")
def code_delete(
    list_: Annotated[str, typer.Argument(metavar="LIST")],
    code: str,
    into: Annotated[str | None, typer.Option(help="Code that its records are given first")] = None,
) -> None:
    """Delete an own code that no record uses."""
    from bri_desktop.services.code_lists import delete_code

    with context.existing().write() as session:
        saved = delete_code(session, list_, code, into)
    context.done("code", {"list": list_, "code": saved.code})
