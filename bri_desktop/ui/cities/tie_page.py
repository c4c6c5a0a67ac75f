"""The page of a tie: how it lives, all that is between the two places, and how close they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from bri_desktop.analysis.profile import PARTS, Raw
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.i18n import language, tr
from bri_desktop.label_measure_lists import profile_part
from bri_desktop.services.cities import PairRow, PlaceRow
from bri_desktop.services.city_events import KINDS
from bri_desktop.services.city_pages import TiePage
from bri_desktop.services.pair_life import Anniversary
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui.cities.bar_list import Bar, BarList
from bri_desktop.ui.cities.page_tables import bar_table
from bri_desktop.ui.cities.parts import Figures, beside, column, facts, section, small_table
from bri_desktop.ui.cities.words import kind_word, money_text
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import ABSENT
from bri_desktop.ui.shared.panels import Note
from bri_desktop.ui.shared.plot_cells import Mark, PlotDelegate, Scale
from bri_desktop.ui.shared.table import LedgerTable

OpenPlace = Callable[[PlaceRow], object]


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the profile as it is shown; ``score`` is ``None`` where nothing is known."""

    name: str
    basis: str
    score: float | None
    weight: float
    moves: int | None


def title(pair: PairRow) -> str:
    """Return both places."""
    return f"{pair.domestic.name(language())}—{pair.foreign.name(language())}"


def context(pair: PairRow, codes: CodeBook) -> str:
    """Return country and kind, in grey after the title."""
    return f"{pair.foreign.country_name(language())} · {codes.label('pair_kind', pair.kind, language()) or ABSENT}"


def tie_facts(page: TiePage, codes: CodeBook, open_place: OpenPlace) -> QWidget:
    """Return what is known of the tie itself."""
    pair = page.pair

    def label(name: str, code: str | None) -> str:
        return codes.label(name, code, language()) or ABSENT

    shown = label("pair_life", page.stage)
    if pair.life and pair.life != page.stage:
        shown = tr("{stage} (entered: {entered})", stage=shown, entered=label("pair_life", pair.life))
    pairs: list[tuple[str, str | QWidget]] = [
        (tr("Chinese city"), _place_link(pair.domestic, open_place)),
        (tr("Foreign city"), _place_link(pair.foreign, open_place)),
        (tr("Kind of tie"), label("pair_kind", pair.kind)),
        (tr("Level"), label("level", pair.level)),
        (tr("Stage"), shown),
        (tr("Signed"), pair.signed or ABSENT),
        (tr("Last event"), tr("a project goes on") if page.is_running else page.last or ABSENT),
        (tr("Next anniversary"), anniversary_text(page.anniversary)),
    ]
    if pair.ended:
        pairs.append((tr("Ended"), pair.ended))
    if page.note:
        pairs.append((tr("Note"), page.note))
    return facts(pairs)


def _place_link(place: PlaceRow, open_place: OpenPlace) -> QWidget:
    return buttons.button(place.name(language()), lambda: open_place(place), kind=buttons.SMALL_LINK)


def anniversary_text(found: Anniversary | None) -> str:
    """Return years, date, and the days that are left."""
    if found is None:
        return ABSENT
    text = tr("{years} years on {date}", years=found.years, date=found.date)
    return f"{text} {tr('({days} days)', days=f'{found.days:,}')}" if found.days is not None else text


def stage_note(page: TiePage) -> str:
    """Return why the tie is dormant; empty for any other stage."""
    if page.stage != "dormant":
        return ""
    return tr(
        "Dormant: nothing between the two places since {date}, for {years} years or more.",
        date=page.last or ABSENT,
        years=page.rules.dormant_years,
    )


def expiry_note(page: TiePage) -> QWidget | None:
    """Return the warning of agreements that run out or have run out; ``None`` without any."""
    if not page.expiring:
        return None
    several = "、".join(f"{event.title} {event.end}".strip() for event in page.expiring)
    return Note(tr("Expired or about to expire: {agreements}", agreements=several), "warning")


def totals(page: TiePage, open_projects: Callable[[], object]) -> QWidget:
    """Return how much there is of each kind, and the sums of money."""
    ids = tuple(sorted(event.id for event in page.events if event.kind == "project"))
    bars = [
        Bar(kind_word(kind), f"{page.counts[kind]:,}", float(page.counts[kind]), ids=ids if kind == "project" else ())
        for kind in KINDS
    ]
    sums = [
        Bar(tr("Project amounts"), money_text(page.money)),
        Bar(tr("Amounts of outcomes"), money_text(page.outcome_money)),
    ]
    counts, money = BarList(tr("Totals"), bars), BarList(tr("Amounts"), sums)
    counts.opened.connect(lambda _bar: open_projects())
    return section(tr("Totals"), counts, money, figures=bar_table(tr("Kind"), tr("Records"), bars))


def closeness(page: TiePage, edit_weights: Callable[[], object]) -> QWidget:
    """Return the profile: each part with what it is made from, its score and its weight."""
    found = page.closeness
    profile = found.profile
    shifts = {item.part: item.most for item in found.sensitivity}
    rows = [
        PartRow(
            name=profile_part(part),
            basis=basis(part, profile.raw),
            score=profile.parts.get(part),
            weight=found.weights[part],
            moves=shifts.get(part) if found.ranked > 1 else None,
        )
        for part in PARTS
    ]
    score = ABSENT if profile.score is None else f"{profile.score:.1f}"
    words = tr("no place: nothing is known")
    if profile.rank is not None and found.ranked == 1:
        words = tr("the only one, so in the middle")
    elif profile.rank is not None:
        words = tr("place {rank} of {count}", rank=profile.rank, count=found.ranked)
    said = tr("{score} of 100, {place}", score=score, place=words)
    table = _part_table(rows)
    link = buttons.button(tr("Change weights"), edit_weights, kind=buttons.SMALL_LINK)
    hint = tr(
        "0 to 100 among {count} ties (the formal ones and this one). Moves: the most places by which any tie moves "
        "when this weight is 20% higher or lower; of this tie at most {own}.",
        count=found.compared,
        own=profile.moves,
    )
    hint_label = buttons.label(hint, "hint", wrap=True)
    return section(tr("Profile of a tie"), table, hint_label, link, context=said, figures=profile_table(rows))


def profile_table(rows: Sequence[PartRow]) -> Figures:
    """Return the parts of the profile with their scores, weights and how far the order moves."""
    heads = [tr("Part of the profile"), tr("Score"), tr("Weight %"), tr("Moves"), tr("Made from")]
    return Figures(heads, [[row.name, row.score, row.weight, row.moves, row.basis] for row in rows], NativeChart((1,)))


def _part_table(rows: list[PartRow]) -> LedgerTable[PartRow]:
    columns = [
        column("name", tr("Part of the profile"), lambda row: row.name, 84),
        column("basis", tr("Made from"), lambda row: row.basis, 200, priority=1),
        column("plot", "", lambda _row: "", 100, stretch=True, priority=2),
        column(
            "score", tr("Score"), lambda row: ABSENT if row.score is None else f"{row.score:.1f}", 48, is_right=True
        ),
        column("weight", tr("Weight %"), lambda row: f"{row.weight:g}", 48, is_right=True),
        column("moves", tr("Moves"), lambda row: ABSENT if row.moves is None else str(row.moves), 48, is_right=True),
    ]
    table = small_table(tr("Profile of a tie"), columns, rows)
    scale = Scale(100.0, 25.0, "")

    def mark(place: object) -> Mark | None:
        score = rows[place].score if isinstance(place, int) else None
        return None if score is None else Mark(score)

    table.setItemDelegateForColumn(2, PlotDelegate(table, lambda: scale, mark))
    return table


def basis(part: str, raw: Raw) -> str:
    """Return what a part is made from, in figures; a dash for what is not known."""
    texts: Mapping[str, Callable[[], str]] = {
        "length": lambda: _known(raw.length, lambda value: tr("{years} years", years=f"{value:.1f}")),
        "breadth": lambda: tr("{count} of 5 domains", count=raw.breadth),
        "depth": lambda: tr(
            "{share} practical, {count} outcomes",
            share=_known(raw.practical, lambda value: f"{100 * value:.0f}%"),
            count=raw.outcomes,
        ),
        "warmth": lambda: tr(
            "level {level}, {heads} visitors",
            level=_known(raw.visit_level, lambda value: f"{value:.1f}"),
            heads=_known(raw.visitors, lambda value: f"{value:,.0f}"),
        ),
        "frequency": lambda: tr("{count} activities a year", count=f"{raw.frequency:.1f}"),
    }
    return texts[part]()


def _known(value: float | None, text: Callable[[float], str]) -> str:
    return ABSENT if value is None else text(value)


def tie_body(page: TiePage, open_projects: Callable[[], object], edit_weights: Callable[[], object]) -> QWidget:
    """Return profile and totals side by side."""
    return beside(closeness(page, edit_weights), totals(page, open_projects), stretches=(2, 1))
