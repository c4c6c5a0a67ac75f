"""Commands that load the window: pictures of every page, speed and memory."""

from pathlib import Path
from typing import Annotated

import typer

from bri_desktop.commands.base import app, context


@app.command()
def tour(
    out: Path,
    dark: Annotated[bool, typer.Option("--dark", help="The dark theme")] = False,
    size: Annotated[str, typer.Option(help="Window size")] = "1366x768",
    scale: Annotated[float, typer.Option(help="Scale of the screen")] = 1.0,
) -> None:
    """Save a picture of every page, with the sample data in a temporary database."""
    from bri_desktop.tour import take_tour

    pictures = take_tour(out, language=context.options.language, dark=dark, size=size, scale=scale)
    context.done("tour", {"pictures": [str(picture) for picture in pictures]})


@app.command()
def bench(
    rows: Annotated[
        list[int] | None, typer.Option(help="Projects in the ledger; several for several sizes", min=100)
    ] = None,
    only: Annotated[str | None, typer.Option(help="Only this figure")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the figures into this page, between its marks")] = None,
) -> None:
    """Measure speed and memory, each beside a peer in the same run."""
    import datetime

    from bri_desktop.bench import run_bench
    from bri_desktop.bench_page import check_page, write_page

    if markdown is not None:
        check_page(markdown)
    figures = [figure.to_json() for figure in run_bench(rows or (100_000,), only)]
    if markdown is not None:
        write_page(markdown, figures, datetime.date.today())
    context.done("bench", {"figures": figures})
