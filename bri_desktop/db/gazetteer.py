"""The shipped gazetteer, read once: ``resources/gazetteer.csv`` as places, with the folded names precomputed."""

import csv
import gc
from functools import cache

from bri_desktop import paths
from bri_desktop.collection import no_collection
from bri_desktop.domain.place import PlaceEntry, PlaceIndex
from bri_desktop.domain.place_names import Forms

FILE = "gazetteer.csv"


@cache
def load_entries() -> tuple[PlaceEntry, ...]:
    """Return the places of the gazetteer in the order of the file."""
    with no_collection(), (paths.resources() / FILE).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return tuple(map(_entry, rows))


@cache
def load_index() -> PlaceIndex:
    """Return the index over the shipped gazetteer alone, without the office's own places."""
    with no_collection():
        index = PlaceIndex(load_entries())
    gc.freeze()  # they live as long as the program, so that no later collection need look at them
    return index


def _entry(row: list[str]) -> PlaceEntry:
    key, level, country, parent, name_zh, name_en, name_local, aliases, lat, lon, population, pinyin, forms = row
    return PlaceEntry(
        key,
        level,
        country,
        parent,
        name_zh,
        name_en,
        name_local,
        tuple(aliases.split(";")) if aliases else (),
        float(lat) if lat else None,
        float(lon) if lon else None,
        int(population or 0),
        pinyin,
        _forms(forms),
    )


def _forms(text: str) -> Forms:
    full, _, short = text.partition("|")
    return tuple(full.split(";")) if full else (), tuple(short.split(";")) if short else ()
