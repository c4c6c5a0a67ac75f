"""Commands of the yearly summary: write it, declare a year final, say what changed since, open a figure."""

import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bri_desktop.commands.base import ATTENTION, DONE, app, context, one_of

Edition = Annotated[str, typer.Option(help="internal or submission")]
Year = Annotated[int | None, typer.Option(help="Default: the last whole year")]


def _last_year() -> int:
    return datetime.date.today().year - 1


@app.command()
def report(
    out: Annotated[Path, typer.Argument(help="A .docx, .pdf or .xlsx file")],
    year: Year = None,
    edition: Edition = "internal",
    language: Annotated[str | None, typer.Option(help="zh_CN or en; default that of the command")] = None,
    layout: Annotated[str, typer.Option(help="official or plain")] = "official",
    sections: Annotated[str, typer.Option(help="Which, in this order: overview,mode,…")] = "",
    compare: Annotated[int, typer.Option(help="Years beside each other: 1, 3 or 5")] = 1,
    office: Annotated[str, typer.Option("--from", help="The office that signs the document")] = "",
    template: Annotated[str | None, typer.Option(help="A kept choice of sections")] = None,
    pictures: Annotated[bool, typer.Option("--pictures/--no-pictures", help="Draw the pictures")] = True,
) -> None:
    """Write the yearly summary as Word, PDF or Excel."""
    from bri_desktop.services.year import SummaryOptions, report_json, summary_document
    from bri_desktop.services.year_out import check_ending, note_written, place_for, write_document
    from bri_desktop.services.year_prose import apply_template, get_template

    check_ending(out)
    database = context.existing()
    with database.read() as session:
        options = _options(SummaryOptions, year, edition, language, layout, sections, compare, office)
        if template is not None:
            options = apply_template(options, get_template(session, template))
        document = summary_document(session, options)
        place = place_for(session, document, out)
    write_document(document, place.path, pictures=pictures)
    with database.write() as session:
        note_written(session, document, place.path)
    context.done("report", place.to_json() | report_json(document), ATTENTION if place.kept else DONE)


def _options(
    options: Any,
    year: int | None,
    edition: str,
    language: str | None,
    layout: str,
    sections: str,
    compare: int,
    office: str,
) -> Any:
    return options(
        year=_last_year() if year is None else year,
        edition=edition,
        language=language,
        layout=layout,
        sections=tuple(part.strip() for part in sections.split(",") if part.strip()),
        span=compare,
        office=office,
    )


@app.command()
def freeze(
    year: Year = None,
    note: Annotated[str, typer.Option(help="Why; needed to declare a year final again")] = "",
    again: Annotated[bool, typer.Option("--again", help="Declare a frozen year final anew, with --note")] = False,
) -> None:
    """Declare the figures of a year final and keep them with the records behind them."""
    from bri_desktop.services.year_freezing import freeze as freeze_year

    frozen = freeze_year(context.existing(), _last_year() if year is None else year, note=note, again=again)
    names = ("year", "frozen_at", "who", "version", "note", "figures")
    context.done("freeze", {name: getattr(frozen, name) for name in names})


@app.command()
def restate(
    year: Year = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what changed, keep no note")] = False,
) -> None:
    """Say which figures of a frozen year later corrections have changed, and keep the note."""
    from bri_desktop.services.year_restated import restate as restate_year
    from bri_desktop.services.year_restated import standing

    wanted = _last_year() if year is None else year
    database = context.existing()
    if dry_run:
        with database.read() as session:
            found = standing(session, wanted)
    else:
        found = restate_year(database, wanted)
    context.done("restate", found.to_json(), ATTENTION if found.changes else DONE)


@app.command(name="show-figure")
def show_figure(
    bookmark: Annotated[str, typer.Argument(help="The name of a bookmark in the Word file")],
    year: Annotated[int | None, typer.Option(help="Default: that of the summary written last")] = None,
    edition: Edition = "internal",
) -> None:
    """Show the value of a figure of the summary and the records behind it."""
    from bri_desktop.services.year import EDITIONS
    from bri_desktop.services.year_figures import open_figure
    from bri_desktop.services.year_out import last_year_written

    one_of(edition, EDITIONS)
    with context.existing().read() as session:
        wanted = year if year is not None else last_year_written(session) or _last_year()
        found = open_figure(session, bookmark, wanted, edition=edition)
    context.done("show-figure", found.to_json())


@app.command(name="report-templates")
def report_templates(
    save: Annotated[str | None, typer.Option(help="Keep this choice under a name")] = None,
    sections: Annotated[str, typer.Option(help="Which, in this order: overview,mode,…")] = "",
    edition: Edition = "internal",
    layout: Annotated[str, typer.Option(help="official or plain")] = "official",
    compare: Annotated[int, typer.Option(help="Years beside each other: 1, 3 or 5")] = 1,
    office: Annotated[str, typer.Option("--from", help="The office that signs the document")] = "",
    delete: Annotated[str | None, typer.Option(help="Forget the choice of this name")] = None,
) -> None:
    """List, keep or forget choices of sections for the yearly summary."""
    from bri_desktop.services.year import SummaryOptions, check_options
    from bri_desktop.services.year_prose import delete_template, list_templates, save_template

    database = context.existing()
    if save is not None or delete is not None:
        with database.write() as session:
            if delete is not None:
                delete_template(session, delete)
            if save is not None:
                options = _options(SummaryOptions, None, edition, None, layout, sections, compare, office)
                check_options(options, datetime.date.today())
                save_template(session, save, options)
    with database.read() as session:
        context.done("report-templates", {"templates": [one.to_json() for one in list_templates(session)]})
