"""Names of places that the ledger only counts for, such as the prefecture of a county that it names."""

import csv
from collections.abc import Iterator

from bri_desktop import paths
from bri_desktop.db.gazetteer import FILE


def gazetteer_names(keys: frozenset[str]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (key, level, country, Chinese name, English name) of those places of the gazetteer, without loading it."""
    if not keys:
        return
    starts = tuple(f"{key}," for key in keys)
    with (paths.resources() / FILE).open(encoding="utf-8", newline="") as file:
        for row in csv.reader(line for line in file if line.startswith(starts)):
            yield row[0], row[1], row[2], row[4], row[5]
