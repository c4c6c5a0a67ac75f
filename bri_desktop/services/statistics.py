"""Figures of the ledger: columns from the database, measures from ``analysis``, kept until something changes."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.analysis.baselines import BUILT_IN
from bri_desktop.analysis.facts import Facts
from bri_desktop.analysis.further import FURTHER, Extras
from bri_desktop.analysis.model import COUNTS, BoolArray, StatsData, StatsRequest, StatsResult
from bri_desktop.analysis.names import describe_measure
from bri_desktop.analysis.statistics import compute
from bri_desktop.db.measure_models import BaselineTable
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.vocabulary import key_of
from bri_desktop.services.measure_tables import read_index_tables
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.statistics_facts import read_facts, read_outcomes, read_rates
from bri_desktop.services.statistics_kinds import KEYS, KINDS, PAIR_KINDS, Entries, pair_mask, read_entries
from bri_desktop.services.statistics_options import read_options

ALL_PAIRS = "all"


def statistics(
    session: Session,
    request: StatsRequest,
    *,
    filter_text: str = "",
    pair_kind: str | None = None,
    cache: StatisticsCache | None = None,
) -> StatsResult:
    """Return the figures of ``request`` over the records that belong to the projects which pass the filter.

    Ties are the official ones (``sister``) unless another ``pair_kind`` or ``all`` is asked for.
    """
    kept = cache or StatisticsCache()
    if request.kind == "project":
        data, selected = kept.data(session), kept.selected(session, filter_text)
    else:
        data, selected = _other_kind(session, request, filter_text, pair_kind, kept)
    extras = read_extras(session, request, filter_text, kept)
    return compute(request, data, selected, extras)


def _other_kind(
    session: Session, request: StatsRequest, filter_text: str, pair_kind: str | None, kept: StatisticsCache
) -> tuple[StatsData, BoolArray | None]:
    own = [name for name in request.measures if name in FURTHER and name != "volume"]
    if own:
        raise InputError("measure_of_projects", measure=describe_measure(own[0]))
    entries = entries_of(session, request.kind, kept)
    selected = entries.selected(kept.data(session), kept.selected(session, filter_text))
    if request.kind != "pair":
        return entries.data, selected
    official = pair_mask(entries.data, pair_kind or (ALL_PAIRS if "pair_kind" in request.by else PAIR_KINDS[0]))
    return entries.data, official if selected is None else official & selected


def entries_of(session: Session, kind: str, kept: StatisticsCache) -> Entries:
    """Return the entries of a kind, read once."""
    data = kept.data(session)
    reference, hidden = kept.reference(session), kept.hidden(session)
    found: Entries = kept.once(("kind", kind), lambda: read_entries(session, kind, reference, data, hidden))
    return found


def facts_of(session: Session, kept: StatisticsCache) -> Facts:
    """Return what the measures read beside the columns, read once."""
    data = kept.data(session)
    found: Facts = kept.once("facts", lambda: read_facts(session, data, kept.hidden(session)))
    return found


def read_extras(session: Session, request: StatsRequest, filter_text: str, kept: StatisticsCache) -> Extras:
    """Return what the measures asked for need beside the columns; nothing is read that none of them needs."""
    wanted = set(request.measures) & set(FURTHER)
    if not wanted:
        return Extras()
    options = read_options(session)
    kinds = {}
    if "volume" in wanted:
        passing = kept.selected(session, filter_text)
        for kind in KINDS:
            entries = entries_of(session, kind, kept)
            selected = entries.selected(kept.data(session), passing)
            if kind == "pair":
                official = pair_mask(entries.data, PAIR_KINDS[0])
                selected = official if selected is None else official & selected
            kinds[kind] = (entries.data, selected)
    facts = facts_of(session, kept) if wanted - {"volume", "index", "outcomes"} else Facts()
    if "outcomes" in wanted:
        data = kept.data(session)
        facts = replace(
            facts, rates=read_rates(session), outcomes=kept.once("outcomes", partial(read_outcomes, session, data))
        )
    index = kept.once("index", lambda: read_index_tables(session, options)) if "index" in wanted else None
    return Extras(
        facts=facts,
        thresholds=options.thresholds,
        profile_weights=options.profile,
        kinds=kinds,
        **({"index": index} if index else {}),
    )


def make_request(
    *,
    count: str = "stock",
    year: int | None = None,
    span: str | None = None,
    by: str | None = None,
    measures: Sequence[str] = (),
    baseline: str | None = None,
    records: bool = False,
    regions_of_china: bool = False,
    kind: str = "project",
    today: datetime.date | None = None,
) -> StatsRequest:
    """Return a request from written options; ``InputError`` names the option that is not possible."""
    for value, known in ((count, COUNTS), (kind, KINDS)):
        if value not in known:
            raise InputError("option_unknown", value=value, known=", ".join(known))
    if year is not None and span:
        raise InputError("usage", detail="--year, --span")
    return StatsRequest(
        today=today or datetime.date.today(),
        count=next(code for code in COUNTS if code == count),
        year=year,
        span=_span(span),
        by=tuple(part.strip() for part in by.split(",")) if by else (),
        measures=tuple(measures),
        baseline=baseline,
        regions_of_china=regions_of_china,
        records=records,
        kind=kind,
    )


def check_baseline_name(session: Session, name: str | None) -> None:
    """Raise ``InputError`` ``option_unknown`` for a baseline that is neither built in nor brought by the office."""
    if name is None or name in BUILT_IN:
        return
    own = session.scalars(select(BaselineTable.name).order_by(BaselineTable.name)).all()
    if name not in own:
        raise InputError("option_unknown", value=name, known=", ".join((*BUILT_IN, *own)))


def _span(text: str | None) -> tuple[int, int] | None:
    if not text:
        return None
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and int(first) <= int(last)):
        raise InputError("option_unknown", value=text, known="2010-2017")
    return int(first), int(last)


def to_json(result: StatsResult) -> dict[str, Any]:
    """Return the object that ``stats --json`` prints."""
    return result.to_json(partial(key_of, KEYS[result.kind]))
