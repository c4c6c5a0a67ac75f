"""Commands that make a ledger."""

from bri_desktop.commands.base import ATTENTION, DONE, app, context
from bri_desktop.db.database import schema_version


@app.command()
def init() -> None:
    """Make a new ledger with the reference data."""
    path = context.options.database
    context.database().close()
    context.done("init", {"db": str(path), "schema": schema_version(path)})


@app.command()
def demo() -> None:
    """Take the sample ledger into an empty database, through the ordinary importer."""
    from bri_desktop.services.sample import load_sample

    database = context.database()
    report = load_sample(database)
    context.done("import", report.to_json(), ATTENTION if report.needs_attention else DONE)
