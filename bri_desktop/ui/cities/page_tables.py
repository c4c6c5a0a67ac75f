"""The pages of ties, places, parks and mechanisms as tables: every record on them, and what they count by year."""

from collections import Counter
from collections.abc import Sequence

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.i18n import tr
from bri_desktop.services.city_events import KINDS, Event
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui.cities.bar_list import Bar
from bri_desktop.ui.cities.parts import Figures
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


def year_table(events: Sequence[Event]) -> Figures:
    """Return how many records of each kind begin in each year, the years between too."""
    dated = Counter((int(event.start[:4]), event.kind) for event in events if event.start)
    seen = [year for year, _ in dated]
    years = range(min(seen, default=0), max(seen, default=-1) + 1)
    rows: list[list[Cell]] = [[str(year), *(float(dated[year, kind]) for kind in KINDS)] for year in years]
    heads = [tr("Year"), *(kind_word(kind) for kind in KINDS)]
    return Figures(heads, rows, NativeChart(tuple(range(1, len(KINDS) + 1)), "line"))


def bar_table(unit: str, figure: str, bars: Sequence[Bar]) -> Figures:
    """Return bars as a table: name, what stands beside it in grey where anything does, length."""
    has_context = any(bar.context for bar in bars)
    heads = [unit, *([tr("Beside")] if has_context else []), figure]
    rows: list[list[Cell]] = [[bar.name, *([bar.context or None] if has_context else []), bar.value] for bar in bars]
    return Figures(heads, rows, NativeChart((len(heads) - 1,)))
