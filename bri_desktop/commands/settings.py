"""What a ledger has to set: the names of office and user, the home city, days ahead, rules and thresholds."""

from typing import Annotated, Any

import typer

from bri_desktop.commands.base import app, context
from bri_desktop.domain.errors import InputError
from bri_desktop.i18n import language

YES, NO = ("1", "yes", "true", "是"), ("0", "no", "false", "否")


@app.command()
def settings(
    values: Annotated[list[str] | None, typer.Argument(help="NAME=VALUE; NAME= goes back to the default")] = None,
    defaults: Annotated[bool, typer.Option("--defaults", help="All rules and days back to their defaults")] = False,
) -> None:
    """Show or set the names of office and user, the home city, days ahead, rules, thresholds."""
    from bri_desktop.services.office import default_settings, plain_settings, read_settings, restore_defaults
    from bri_desktop.services.office import save_setting as save
    from bri_desktop.services.places import named_places

    if values or defaults:
        known = default_settings()
        with context.database().write() as session:
            if defaults:
                restore_defaults(session)
            for written in values or ():
                name, value = _typed(written, known)
                save(session, name, value)
    with context.existing().read() as session:
        shown = plain_settings(read_settings(session))
        if not context.options.json:
            city = named_places(session, [shown["home_city"]], language())
            shown["home_city"] = "".join(place.name for place in city)
    context.done("settings", {"settings": shown})


def _typed(written: str, known: dict[str, Any]) -> tuple[str, Any]:
    name, equals, text = (part.strip() for part in written.partition("="))
    if not equals or name not in known:
        raise InputError("option_unknown", value=written, known=", ".join(known))
    default = known[name]
    if not text:
        return name, default
    if isinstance(default, bool):
        if text.casefold() not in YES + NO:
            raise InputError("option_unknown", value=written, known=f"{name}=1, {name}=0")
        return name, text.casefold() in YES
    if isinstance(default, str):
        return name, text
    try:
        return name, type(default)(text)
    except ValueError as error:
        raise InputError("count_unreadable") from error
