"""Measures of each row of a table: its own practical share, outcome coverage, uncertainty and delay."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from bri_desktop.analysis.counting import has_status, status_at
from bri_desktop.analysis.dimensions import Dimension
from bri_desktop.analysis.further import Asked
from bri_desktop.analysis.measures import percentile, wilson
from bri_desktop.analysis.model import BoolArray, StatsRow
from bri_desktop.analysis.spread import RESERVED
from bri_desktop.analysis.tables import tally
from bri_desktop.analysis.uncertainty import PLANNED, delay, uncertainty
from bri_desktop.domain.vocabulary import ALIVE, ENDED

ROW_MEASURES = ("practical_share", "coverage", "uncertainty", "delay")


def with_measures(
    rows: Sequence[StatsRow], table: Dimension, wanted: Sequence[str], asked: Asked
) -> tuple[StatsRow, ...]:
    """Return the rows with the measures wanted, each over the distinct records of its row."""
    found: list[dict[str, Any]] = [{} for _ in range(len(table.units) + RESERVED)]
    for name in wanted:
        if name in _BUILDERS:
            for place, value in enumerate(_BUILDERS[name](table, asked)):
                found[place][name] = value
    places: dict[str | None, int] = {ref.code: place + RESERVED for place, ref in enumerate(table.units)}
    return tuple(replace(row, measures=found[places.get(row.keys[-1], 1)]) for row in rows)


def _sizes(table: Dimension, mask: BoolArray) -> list[int]:
    counts: list[int] = tally(table.cells, mask, len(table.units) + RESERVED)[0].tolist()
    return counts


def _practical(table: Dimension, asked: Asked) -> list[Any]:
    codes = [ref.code for ref in asked.data.codes["nature"]]
    nature = asked.data.projects.nature
    practical = _sizes(table, asked.mask & (nature == codes.index("practical")))
    exchange = _sizes(table, asked.mask & (nature == codes.index("exchange")))
    everyone = _sizes(table, asked.mask)
    return [
        asdict(wilson(p, p + e)) | {"unclassified": n - p - e}
        for p, e, n in zip(practical, exchange, everyone, strict=True)
    ]


def _coverage(table: Dimension, asked: Asked) -> list[Any]:
    status = status_at(asked.data.projects, asked.scope.day)
    later = has_status(status, asked.data.codes["status"], (*ALIVE[1:], *ENDED)) & asked.mask
    have = _sizes(table, later & asked.data.projects.has_outcome)
    return [hits / n if n else None for hits, n in zip(have, _sizes(table, later), strict=True)]


def _uncertainty(table: Dimension, asked: Asked) -> list[Any]:
    whole = uncertainty(asked.data, asked.extras.facts, asked.lives, asked.counted, asked.span, asked.request.today)
    sizes: Mapping[str, list[int]] = {name: _sizes(table, mask) for name, mask in whole.masks.items()}
    found = []
    for place in range(len(table.units) + RESERVED):
        ended, planned = sizes["ended"][place], sizes["planned"][place]
        rates = {name: wilson(sizes[name][place], ended) for name in ENDED}
        rates |= {name: wilson(sizes[name][place], planned) for name in PLANNED}
        found.append({"ended": ended, "planned": planned} | {name: asdict(rate) for name, rate in rates.items()})
    return found


def _delay(table: Dimension, asked: Asked) -> list[Any]:
    days = dict(delay(asked.data, asked.lives, asked.counted, asked.span, asked.request.today).days)
    ids = asked.data.projects.id
    has_delay = np.isin(ids, np.array(list(days), np.int32))
    several: list[list[float]] = [[] for _ in range(len(table.units) + RESERVED)]
    chosen = has_delay[table.cells.project]
    for entry, slot in zip(table.cells.project[chosen].tolist(), table.cells.slot[chosen].tolist(), strict=True):
        several[slot].append(float(days[int(ids[entry])]))
    return [{"n": len(own), "median": percentile(own, 50), "p90": percentile(own, 90)} for own in several]


_BUILDERS = {"practical_share": _practical, "coverage": _coverage, "uncertainty": _uncertainty, "delay": _delay}
