"""The pages of ties, places, parks and mechanisms as tables: every record on them, and what they count by year."""

from collections.abc import Sequence

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.i18n import tr
from bri_desktop.services.city_events import KINDS, Event
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui.cities.words import amount_text, code_word, event_name, kind_word
from bri_desktop.ui.shared.cells import ABSENT

Cell = str | float | None
Table = tuple[list[str], list[list[Cell]]]


def record_table(codes: CodeBook, events: Sequence[Event]) -> Table:
    """Return heads and rows of all records, in their order."""
    heads = [tr("Date"), tr("Until"), tr("Kind"), tr("What"), tr("Name"), tr("Quantity or amount")]
    rows: list[list[Cell]] = [
        [
            event.start,
            event.end,
            kind_word(event.kind),
            code_word(codes, event) or None,
            event_name(codes, event),
            None if amount_text(event) == ABSENT else amount_text(event),
        ]
        for event in events
    ]
    return heads, rows


def year_table(events: Sequence[Event]) -> tuple[Table, NativeChart]:
    """Return how many records of each kind begin in each year, the years between too, and the chart of it."""
    dated = [(int(event.start[:4]), event.kind) for event in events if event.start]
    years = range(min((year for year, _ in dated), default=0), max((year for year, _ in dated), default=-1) + 1)
    rows: list[list[Cell]] = [
        [str(year), *(float(sum(one == (year, kind) for one in dated)) for kind in KINDS)] for year in years
    ]
    return ([tr("Year"), *(kind_word(kind) for kind in KINDS)], rows), NativeChart(
        tuple(range(1, len(KINDS) + 1)), "line"
    )
