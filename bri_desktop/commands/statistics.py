"""Commands that count, compare and diagnose."""

import re
from typing import Annotated, Any

import typer

from bri_desktop import i18n
from bri_desktop.commands.base import Filter, app, context
from bri_desktop.domain.errors import InputError
from bri_desktop.i18n import tr
from bri_desktop.labels import field_label

FIRST_YEAR, LAST_YEAR = 1900, 2100
SPAN = re.compile(r"\d+-\d+")


@app.command()
def stats(
    year: Annotated[int | None, typer.Option(help="At the end of this year; default today")] = None,
    span: Annotated[str | None, typer.Option(help="Every year of A-B")] = None,
    count: Annotated[str, typer.Option(help="stock, flow, ended, active or pipeline")] = "stock",
    by: Annotated[str | None, typer.Option(help="DIM or DIM,DIM")] = None,
    measure: Annotated[list[str] | None, typer.Option(help="gini, hhi, theil …")] = None,
    baseline: Annotated[str | None, typer.Option(help="equal, countries, bri or an imported table")] = None,
    filter_: Filter = "",
    records: Annotated[bool, typer.Option("--records", help="Name the records behind each row")] = False,
    hmt: Annotated[bool, typer.Option("--hmt", help="Take Hong Kong, Macao and Taiwan of China in")] = False,
    kind: Annotated[str, typer.Option(help="project, pair, agreement, activity or outcome")] = "project",
    pair_kind: Annotated[str | None, typer.Option(help="Of ties: sister, friendly, intent, grassroots or all")] = None,
    compare_year: Annotated[int | None, typer.Option(help="Beside this earlier year")] = None,
    compare_view: Annotated[str | None, typer.Option(help="Beside this saved view")] = None,
) -> None:
    """Count projects by a dimension, with measures of imbalance."""
    from bri_desktop.services.statistics import ALL_PAIRS, check_baseline_name, make_request, statistics, to_json
    from bri_desktop.services.statistics_cache import StatisticsCache
    from bri_desktop.services.statistics_compare import compare
    from bri_desktop.services.statistics_kinds import PAIR_KINDS

    _check_years(year, *map(int, span.split("-") if span and SPAN.fullmatch(span) else ()), compare_year)
    request = make_request(
        count=count,
        year=year,
        span=span,
        by=by,
        measures=measure or (),
        baseline=baseline,
        records=records,
        regions_of_china=hmt,
        kind=kind,
    )
    if pair_kind not in (None, ALL_PAIRS, *PAIR_KINDS):
        raise InputError("option_unknown", value=pair_kind, known=", ".join((*PAIR_KINDS, ALL_PAIRS)))
    cache = StatisticsCache()
    with context.existing().read() as session:
        check_baseline_name(session, baseline)
        result = statistics(session, request, filter_text=filter_, pair_kind=pair_kind, cache=cache)
        value = to_json(result)
        if compare_year is not None or compare_view is not None:
            beside = compare(
                session,
                request,
                year=compare_year,
                view=compare_view,
                filter_text=filter_,
                pair_kind=pair_kind,
                cache=cache,
            )
            value["comparison"] = beside.to_json()
        shown = value if context.options.json else value | _in_words(session, result)
    context.done("stats", shown)


def _in_words(session: Any, result: Any) -> dict[str, Any]:
    """Return what the plain text has beside the JSON: the dimensions, and each measure in the words of the window."""
    from bri_desktop.label_measure_lists import measure_list_lines
    from bri_desktop.label_measures import measure_lines
    from bri_desktop.services.reference import read_codebook
    from bri_desktop.services.statistics_options import index_dimensions

    codes, place = read_codebook(session), i18n.language() == "en"
    parts = {name: {one.code: (one.zh, one.en)[place] for one in own} for name, own in index_dimensions().items()}

    def named(list_: str, code: str) -> str:
        if list_ == "field":
            return field_label(code)
        return parts[list_].get(code, code) if list_ in parts else codes.label(list_, code, i18n.language())

    lines = measure_lines(
        result, lambda code: codes.label("outcome_class", code, i18n.language()) or tr("No class named")
    )
    return {"by": result.by, "lines": [*lines, *measure_list_lines(result, named)]}


@app.command()
def diagnose(
    year: Annotated[int | None, typer.Option(help="At the end of this year; default the last whole year")] = None,
    filter_: Filter = "",
    records: Annotated[bool, typer.Option("--records", help="Name the records behind each figure")] = False,
) -> None:
    """Answer the eight complaints of the report with the figures of this ledger."""
    from bri_desktop.services.diagnosis import diagnosis, to_json

    _check_years(year)
    with context.existing().read() as session:
        found = diagnosis(session, year=year, filter_text=filter_)
    context.done("diagnose", to_json(found, records=records))


def _check_years(*years: int | None) -> None:
    """Refuse a year that no ledger can hold, so that a slip of the hand is not answered with zeros."""
    for year in years:
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise InputError("year_out_of_range", year=year, first=FIRST_YEAR, last=LAST_YEAR)
