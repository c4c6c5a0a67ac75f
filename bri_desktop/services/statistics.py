"""Figures of the ledger: columns from the database, measures from ``analysis``, kept until something changes."""

import datetime
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.analysis.model import COUNTS, StatsRequest, StatsResult
from bri_desktop.analysis.statistics import compute
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of
from bri_desktop.services.statistics_cache import StatisticsCache

BASELINES = ("equal", "countries", "bri")
record_key = partial(key_of, PROJECT_KEY)


def statistics(
    session: Session, request: StatsRequest, *, filter_text: str = "", cache: StatisticsCache | None = None
) -> StatsResult:
    """Return the figures of ``request`` over the projects that pass the filter."""
    return compute(request, (cache or StatisticsCache()).data(session, filter_text))


def make_request(
    *,
    count: str = "stock",
    year: int | None = None,
    span: str | None = None,
    by: str | None = None,
    measures: Sequence[str] = (),
    baseline: str | None = None,
    records: bool = False,
    today: datetime.date | None = None,
) -> StatsRequest:
    """Return a request from written options; ``InputError`` names the option that is not possible."""
    if count not in COUNTS:
        raise InputError("option_unknown", value=count, known=", ".join(COUNTS))
    if year is not None and span:
        raise InputError("usage", detail="--year, --span")
    if baseline is not None and baseline not in BASELINES:
        raise InputError("option_unknown", value=baseline, known=", ".join(BASELINES))
    return StatsRequest(
        today=today or datetime.date.today(),
        count=count,
        year=year,
        span=_span(span),
        by=tuple(part.strip() for part in by.split(",")) if by else (),
        measures=tuple(measures),
        baseline=baseline,
        records=records,
    )


def _span(text: str | None) -> tuple[int, int] | None:
    if not text:
        return None
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and int(first) <= int(last)):
        raise InputError("option_unknown", value=text, known="2010-2017")
    return int(first), int(last)


def to_json(result: StatsResult) -> dict[str, Any]:
    """Return the object that ``stats --json`` prints."""
    return result.to_json(record_key)
