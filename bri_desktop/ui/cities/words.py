"""How the pages of ties, cities, parks and mechanisms word what is between the places."""

from collections.abc import Iterable, Sequence

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.money import Money, format_money
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of
from bri_desktop.i18n import language, tr
from bri_desktop.services.city_events import KINDS, Event
from bri_desktop.ui.cities.time_line import Lane, TimeItem, year_position
from bri_desktop.ui.shared.cells import ABSENT

BETWEEN = "、"
MANY = 300
"""Above so many of a kind the time line draws bars, and names none of them."""
LISTS = {"agreement": "agreement_kind", "activity": "activity_kind", "outcome": "outcome_class", "project": "mode"}


def kind_word(kind: str) -> str:
    """Return the word for a kind of event."""
    words = {"agreement": tr("Agreement"), "activity": tr("Activity"), "outcome": tr("Outcome")}
    return words.get(kind) or tr("Project")


def in_language(names: tuple[str, str]) -> str:
    """Return the name in the chosen language."""
    return names[language() == "en"]


def money_text(several: Iterable[Money]) -> str:
    """Return sums of several currencies."""
    return BETWEEN.join(format_money(money, language()) for money in several) or ABSENT


def code_word(codes: CodeBook, event: Event) -> str:
    """Return the label of the event's code; empty without one."""
    return codes.label(LISTS[event.kind], event.code, language()) or ""


def event_name(codes: CodeBook, event: Event) -> str:
    """Return what an event is called."""
    return event.title or code_word(codes, event) or kind_word(event.kind)


def event_dates(event: Event) -> str:
    """Return start and end as they are known."""
    if event.start and event.end:
        return f"{event.start} — {event.end}"
    if event.is_running:
        return tr("since {date}", date=event.start)
    return event.start or (f"— {event.end}" if event.end else ABSENT)


def amount_text(event: Event) -> str:
    """Return quantity and money of an event, heads of an activity."""
    parts = []
    if event.quantity is not None:
        parts.append(f"{event.quantity.normalize():,f} {event.unit or ''}".strip())
    if event.money is not None:
        parts.append(format_money(event.money, language()))
    if event.heads is not None:
        parts.append(tr("{count} people", count=f"{event.heads:,}"))
    return BETWEEN.join(parts) or ABSENT


def event_tip(codes: CodeBook, event: Event) -> str:
    """Return one line about an event: kind, name, dates, amount."""
    parts = [code_word(codes, event) or kind_word(event.kind), event.title, event_dates(event), amount_text(event)]
    return " · ".join(part for part in dict.fromkeys(parts) if part and part != ABSENT)


def lanes(codes: CodeBook, events: Sequence[Event], today: float) -> list[Lane]:
    """Return the dated events as lanes of the time line; ``today`` as a fraction of years."""
    found = []
    for kind in KINDS:
        dated = [event for event in events if event.kind == kind and event.start]
        is_dense = len(dated) > MANY
        items = _years(kind, dated) if is_dense else [_item(codes, event, today) for event in dated]
        found.append(Lane(kind, kind_word(kind), tuple(items), is_dense))
    return found


def _years(kind: str, events: Sequence[Event]) -> list[TimeItem]:
    """Return one item a year: so many events are counted, not named."""
    years: dict[str, list[int | None]] = {}
    for event in events:
        years.setdefault((event.start or "")[:4], []).append(event.project)
    return [
        TimeItem(kind, float(year), None, "", "", tuple(sorted({n for n in ids if n is not None})), 1.0, count=len(ids))
        for year, ids in years.items()
    ]


def _item(codes: CodeBook, event: Event, today: float) -> TimeItem:
    start, width = year_position(event.start or "")
    end: float | None = None
    if event.end and event.end != event.start:
        last, last_width = year_position(event.end)
        end = max(last + last_width, start)
    elif event.is_running and start < today:
        end = today
    ids = (event.project,) if event.project is not None else ()
    return TimeItem(
        kind=event.kind,
        start=start,
        end=end,
        text=event_name(codes, event),
        tip=event_tip(codes, event),
        ids=ids,
        width=0.0 if end is not None else width,
        is_open=event.is_running,
        record=(event.pair, event.kind, event.id) if event.project is None and event.pair is not None else None,
    )


def project_key(number: int) -> str:
    """Return the key of a project."""
    return key_of(PROJECT_KEY, number)
