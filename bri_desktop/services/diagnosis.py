"""The diagnosis of a ledger: everything the eight panels are made from, read once, and their JSON."""

import datetime
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from bri_desktop.analysis.counting import leaves, timeline
from bri_desktop.analysis.diagnosis import Grounds, Panel, diagnose
from bri_desktop.analysis.further import Asked, Extras
from bri_desktop.analysis.model import StatsRequest
from bri_desktop.db.reference import read_table
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.vocabulary import PAIR_KEY, PROJECT_KEY, key_of
from bri_desktop.services.diagnosis_words import lever_text, sentence, title
from bri_desktop.services.measure_tables import read_index_tables
from bri_desktop.services.statistics import entries_of, facts_of
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.statistics_kinds import pair_mask
from bri_desktop.services.statistics_options import read_options

FIRST_YEAR, LAST_YEAR = 1900, 2200
REPORTED: Mapping[str, tuple[str, ...]] = {
    "imbalance_region": (
        "sister_city_by_continent",
        "sister_city_share_continent",
        "sister_city_pairs_total",
        "sister_city_pairs_bri",
        "sister_city_share_bri",
    ),
    "imbalance_level": ("finance_integration_tier", "finance_integration_tier_share"),
    "statistics_missing": ("sister_cities_of_city", "new_pairs_in_period"),
}
"""Which figures of the report stand beside a panel."""


def diagnosis(
    session: Session,
    *,
    year: int | None = None,
    filter_text: str = "",
    today: datetime.date | None = None,
    cache: StatisticsCache | None = None,
) -> tuple[Panel, ...]:
    """Return the eight panels at the end of ``year`` (default: this year, up to today)."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError("option_unknown", value=year, known=f"{FIRST_YEAR}-{LAST_YEAR}")
    return diagnose(read_grounds(session, year, filter_text, today or datetime.date.today(), cache))


def read_grounds(
    session: Session, year: int | None, filter_text: str, today: datetime.date, cache: StatisticsCache | None
) -> Grounds:
    """Return what the panels are made from."""
    kept = cache or StatisticsCache()
    data, passing = kept.data(session), kept.selected(session, filter_text)
    selected = np.ones(len(data.projects), np.bool_) if passing is None else passing
    options, of_year = read_options(session), year or today.year
    extras = Extras(
        facts=facts_of(session, kept),
        thresholds=options.thresholds,
        profile_weights=options.profile,
        index=kept.once("index", lambda: read_index_tables(session, options)),
    )
    lives = timeline(data.projects, data.codes["status"])
    counted = leaves(data.projects.parent, selected)
    request = StatsRequest(today, year=of_year)
    asked = Asked(request, data, extras, lives, selected, counted, lives.stock(of_year) & counted)
    pairs, activities = (entries_of(session, kind, kept) for kind in ("pair", "activity"))
    own = pairs.selected(data, passing)
    official = pair_mask(pairs.data, "sister")
    dated = activities.data.projects.start // 10000 <= of_year
    within = activities.selected(data, passing)
    return Grounds(
        year=of_year,
        today=today,
        asked=asked,
        pairs=pairs.data,
        official=official if own is None else official & own,
        activities=activities.data,
        chosen_activities=dated if within is None else dated & within,
    )


def report_figures(code: str) -> list[dict[str, str]]:
    """Return what the report itself says on a complaint: dated values of the whole country, to compare with only.

    Some contradict each other, which is the report's own point on missing statistics.
    """
    return [row for row in read_table("report_figures") if row["figure"] in REPORTED.get(code, ())]


def to_json(panels: Sequence[Panel], *, records: bool = False) -> dict[str, Any]:
    """Return the object that ``diagnose --json`` prints; ``records`` names those behind each figure."""
    return {"panels": [_panel(panel, records) for panel in panels]}


def _panel(panel: Panel, records: bool) -> dict[str, Any]:
    plain: dict[str, Any] = {"code": panel.code, "title": title(panel.code), "sentence": sentence(panel)}
    plain |= {"n": panel.n, "figures": dict(panel.figures), "enough": panel.enough, "year": panel.year}
    plain["trend"] = [{"year": p.year, "value": p.value, "n": p.n} for p in panel.trend]
    plain |= {"trend_figure": panel.trend_figure, "report": report_figures(panel.code)}
    plain["levers"] = [
        {"kind": lever.kind, "key": lever.key, "label": lever.label, "value": lever.value, "text": lever_text(lever)}
        for lever in panel.levers
    ]
    if records:
        keys = {"project": PROJECT_KEY, "pair": PAIR_KEY, "approval": "C"}
        record_key = partial(key_of, keys[panel.record_kind])
        plain["records"] = {name: [record_key(id_) for id_ in ids] for name, ids in panel.records.items()}
    return plain
