"""Commands that count."""

from typing import Annotated

import typer

from bri_desktop.commands.base import Filter, app, context


@app.command()
def stats(
    year: Annotated[int | None, typer.Option(help="At the end of this year; default today")] = None,
    span: Annotated[str | None, typer.Option(help="Every year of A-B")] = None,
    count: Annotated[str, typer.Option(help="stock, flow, ended, active or pipeline")] = "stock",
    by: Annotated[str | None, typer.Option(help="DIM or DIM,DIM")] = None,
    measure: Annotated[list[str] | None, typer.Option(help="gini, hhi, theil …")] = None,
    baseline: Annotated[str | None, typer.Option(help="equal, countries or bri")] = None,
    filter_: Filter = "",
    records: Annotated[bool, typer.Option("--records", help="Name the records behind each row")] = False,
) -> None:
    """Count projects by a dimension, with measures of imbalance."""
    from bri_desktop.services.statistics import make_request, statistics, to_json

    request = make_request(
        count=count, year=year, span=span, by=by, measures=measure or (), baseline=baseline, records=records
    )
    with context.existing().read() as session:
        result = statistics(session, request, filter_text=filter_)
    context.done("stats", to_json(result))
