"""The counting rule of a figure in one sentence, and the notes that belong under it."""

from bri_desktop.analysis.dimensions import DOMESTIC, FOREIGN
from bri_desktop.analysis.model import StatsRequest
from bri_desktop.analysis.places import INCOME_YEARS
from bri_desktop.i18n import tr

SEVERAL = ("domain", "field", "sdg", "outcome_class", "actor")


def sentence(request: StatsRequest, baseline: str | None) -> str:
    """Return one sentence: what is counted, when, how several values are divided, against what."""
    parts = [_counted(request), tr("an umbrella project counts only where none of its parts does")]
    foreign = any(code in FOREIGN or code == "foreign_city" for code in request.by)
    domestic = any(code in DOMESTIC for code in request.by)
    if foreign or domestic:
        parts.append(
            tr("with Hong Kong, Macao and Taiwan of China")
            if request.regions_of_china
            else tr("without Hong Kong, Macao and Taiwan of China")
        )
    parts += _divided(request, foreign=foreign, domestic=domestic)
    if baseline:
        parts.append(tr("baseline: {name}", name=baseline_name(baseline)))
    return tr("; ").join(parts) + tr(".")


def _counted(request: StatsRequest) -> str:
    if request.span:
        return _counted_each_year(request, *request.span)
    year = request.year
    if request.count == "stock" and year is None:
        return tr("Stock on {date}: started on or before that day and not ended by it", date=request.today.isoformat())
    if request.count == "pipeline" and year is None:
        return tr("Pipeline: ideas, intents and cases in approval")
    return _counted_in(request.count, request.today.year if year is None else year)


def _counted_in(count: str, year: int) -> str:
    sentences = {
        "stock": tr("Stock at 31 December {year}: started on or before that day and not ended by it", year=year),
        "flow": tr("Flow of {year}: started in that year", year=year),
        "ended": tr("Ended in {year}: completed, terminated or failed in that year", year=year),
        "active": tr("Active during {year}: alive at any time in that year", year=year),
        "pipeline": tr("Pipeline of {year}: not signed, planned to start in that year", year=year),
    }
    return sentences[count]


def _counted_each_year(request: StatsRequest, first: int, last: int) -> str:
    sentences = {
        "stock": tr("Stock at 31 December of each year {first}–{last}", first=first, last=last),
        "flow": tr("Flow of each year {first}–{last}: started in that year", first=first, last=last),
        "ended": tr("Ended in each year {first}–{last}", first=first, last=last),
        "active": tr("Active during each year {first}–{last}", first=first, last=last),
        "pipeline": tr("Pipeline by planned start in each year {first}–{last}", first=first, last=last),
    }
    return sentences[request.count]


def _divided(request: StatsRequest, *, foreign: bool, domestic: bool) -> list[str]:
    parts = []
    if foreign:
        parts.append(tr("a project with several foreign countries is one in all, shared equally by them"))
    if domestic:
        parts.append(tr("a project with several Chinese places is one in all, shared equally by them"))
    if any(code in SEVERAL for code in request.by):
        parts.append(tr("a project with several values is one in all, shared equally by them"))
    return parts


def baseline_name(baseline: str) -> str:
    """Return what a distribution is held against, in words; a table of the user's has its own name."""
    names = {
        "equal": tr("all units equal"),
        "countries": tr("number of countries of each unit"),
        "bri": tr("Belt and Road partner countries of that year"),
    }
    return names.get(baseline, baseline)


def notes(request: StatsRequest, history_from: int | None = None) -> tuple[str, ...]:
    """Return what has to be said under the figures: income groups that are not of the year asked for, and from when
    on the status of then is known (``history_from``, the year of the first dated change; ``None`` of none)."""
    first, last = request.span or (request.year or request.today.year,) * 2
    said = []
    if first < request.today.year and (request.count == "pipeline" or "status" in request.by):
        said.append(
            tr("No change of status is dated: past years use the present status.")
            if history_from is None
            else tr(
                "Changes of status are dated from {year} on; before that the present status is used.", year=history_from
            )
        )
    if "income" not in request.by:
        return tuple(said)
    if last > INCOME_YEARS[1]:
        said.append(tr("Income groups are known to {year}; later years use those of {year}.", year=INCOME_YEARS[1]))
    if first < INCOME_YEARS[0]:
        said.append(tr("Income groups are known from {year}; earlier years use those of {year}.", year=INCOME_YEARS[0]))
    return tuple(said)
