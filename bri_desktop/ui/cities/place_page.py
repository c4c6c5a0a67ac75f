"""The page of a city or a country: its projects by kind, its partners, its five domains, its ties."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.i18n import language, tr
from bri_desktop.services.cities import PairRow
from bri_desktop.services.city_pages import Counted, DomainShare, PlacePage, Score
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui.cities.bar_list import Bar, BarList
from bri_desktop.ui.cities.page_tables import bar_table
from bri_desktop.ui.cities.parts import Figures, beside, column, facts, section, small_table, stacked
from bri_desktop.ui.cities.radar import Radar, Spoke
from bri_desktop.ui.cities.words import in_language, money_text
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import ABSENT, Cell, Link, Named

MOST_PARTNERS = 12
OpenIds = Callable[[str, Sequence[int]], object]
OpenWeighed = Callable[[str, Mapping[int, float]], object]


def title(page: PlacePage) -> str:
    """Return the name."""
    return in_language(page.names)


def context(page: PlacePage, codes: CodeBook) -> str:
    """Return country or province and level, in grey after the name."""
    if page.place is None:
        return tr("Country or region")
    first = page.place.province_name(language()) if page.place.is_domestic else in_language(page.country_names)
    level = codes.label("place_level", page.place.level, language())
    return " · ".join(part for part in (first, level) if part and not title(page).startswith(part))


def place_facts(page: PlacePage, codes: CodeBook, open_country: Callable[[str], object]) -> QWidget:
    """Return the sums, the index scores that were imported, and the type that the office has given the city."""
    undated = page.counted - len({number for item in page.groups["year"] for number in item.ids})
    counted = tr("{count} counted, {undated} of them undated", count=f"{page.counted:,}", undated=f"{undated:,}")
    standing = sum(tie.ended is None for tie in page.ties)
    pairs: list[tuple[str, str | QWidget]] = []
    if page.place is not None and not page.place.is_domestic:
        name = in_language(page.country_names)
        link = buttons.button(name, lambda: open_country(page.country), kind=buttons.SMALL_LINK)
        pairs.append((tr("Country or region"), link))
    pairs += [
        (tr("Projects"), counted),
        (tr("Ties"), tr("{count}, {standing} not ended", count=len(page.ties), standing=standing)),
        (tr("Partner places"), f"{len(page.partners):,}"),
        (tr("Project amounts"), money_text(page.money)),
    ]
    pairs += [(_index_name(score.index), _score_text(score)) for score in page.scores]
    if page.ecosystem is not None:
        pairs.append((tr("Ecosystem type"), codes.label("ecosystem", page.ecosystem, language())))
    return facts(pairs)


def _index_name(code: str) -> str:
    return tr("Development index") if code == "development" else tr("Potential index")


def _score_text(score: Score) -> str:
    value = ABSENT if score.score.value is None else f"{score.score.value:.1f}"
    if score.score.rank is None:
        return tr(
            "{value} ({year}), not ranked: {coverage}% covered",
            value=value,
            year=score.year,
            coverage=f"{score.score.coverage:.0f}",
        )
    return tr(
        "{value} ({year}), place {rank} of {count}",
        value=value,
        year=score.year,
        rank=score.score.rank,
        count=score.ranked,
    )


def domains(page: PlacePage, open_weighed: OpenWeighed) -> QWidget:
    """Return the radar of the five domains beside its table; a sentence where no project has a domain."""
    if all(found.share is None for found in page.domains):
        return section(tr("Five domains"), buttons.label(tr("None of its projects has a domain yet."), "hint"))
    radar = Radar(tr("Share of the five domains"), tr("this place"), tr("office"))
    radar.show_spokes([Spoke(in_language(d.names), _cent(d.share), _cent(d.average)) for d in page.domains])
    columns = [
        column("name", tr("Domain"), lambda row: in_language(row.names), 140, stretch=True),
        column("share", tr("Here %"), lambda row: _text(_cent(row.share)), 60, is_right=True),
        column("average", tr("Office %"), lambda row: _text(_cent(row.average)), 60, is_right=True),
        column("gap", tr("Difference"), _difference, 60, is_right=True),
        column("records", tr("Projects"), _records, 128, is_right=True, priority=1),
    ]
    table = small_table(
        tr("Share of the five domains"),
        columns,
        page.domains,
        lambda row: open_weighed(in_language(row.names), row.weights),
    )
    hint = tr(
        "Share of each domain in the projects with a domain; a project of several domains is divided between them. "
        "The office's own average is that of all its projects."
    )
    beside_it = section(tr("Beside the office's average"), table, buttons.label(hint, "hint", wrap=True))
    return beside(section(tr("Five domains"), radar, figures=domain_table(page)), beside_it, stretches=(2, 3))


def domain_table(page: PlacePage) -> Figures:
    """Return the shares of the domains, here and in the whole office, in per cent."""
    heads = [tr("Domain"), tr("Here %"), tr("Office %"), tr("Projects")]
    rows = [[in_language(d.names), _cent(d.share), _cent(d.average), float(len(d.weights))] for d in page.domains]
    return Figures(heads, rows, NativeChart((1, 2), "radar"))


def _cent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _text(value: float | None) -> str:
    return ABSENT if value is None else f"{value:.1f}"


def _difference(row: DomainShare) -> str:
    if row.share is None or row.average is None:
        return ABSENT
    gap = 100 * (row.share - row.average)
    return f"{gap:+.1f}".replace("-", "−") if abs(gap) >= 0.05 else "0.0"


def _records(row: DomainShare) -> Cell | str:
    return Link(tr("View {count} records", count=f"{len(row.ids):,}")) if row.ids else ABSENT


def groups(page: PlacePage, open_ids: OpenIds, open_place: Callable[[int], object]) -> QWidget:
    """Return projects by mode, status and year, and the partners by their projects."""
    by = page.groups
    left = [
        _group(tr("By mode"), by["mode"], page.counted, open_ids),
        _group(tr("By status"), by["status"], page.counted, open_ids),
    ]
    middle = [_group(tr("By year of start"), by["year"], page.counted, open_ids)]
    right = [_places(tr("Partners by projects"), page.partners, open_place)]
    if page.place is None:
        right.insert(0, _places(tr("Places of the country"), page.cities, open_place, is_mixed=False))
    return beside(stacked(left), stacked(middle), stacked(right))


def _group(name: str, items: Sequence[Counted], counted: int, open_ids: OpenIds) -> QWidget:
    classified = len({number for item in items for number in item.ids})
    bars = [Bar(in_language(item.names), f"{len(item.ids):,}", float(len(item.ids)), ids=item.ids) for item in items]
    parts: list[QWidget] = []
    if bars:
        shown = BarList(name, bars)
        shown.opened.connect(lambda bar: open_ids(bar.name, bar.ids))
        parts.append(shown)
    if counted > classified:
        parts.append(buttons.label(tr("{count} without this entry", count=f"{counted - classified:,}"), "hint"))
    return section(name, *parts, figures=bar_table(name, tr("Projects"), bars) if bars else None)


def _places(
    name: str, items: Sequence[Counted], open_place: Callable[[int], object], *, is_mixed: bool = True
) -> QWidget:

    def bar(item: Counted) -> Bar:
        context = _unless_same(in_language(item.context), in_language(item.names)) if is_mixed else ""
        return Bar(in_language(item.names), f"{len(item.ids):,}", float(len(item.ids)), context=context, key=item.key)

    bars = [bar(item) for item in items[:MOST_PARTNERS]]
    if not bars:
        return section(name, buttons.label(tr("None recorded yet."), "hint"))
    shown = BarList(name, bars, name_part=0.6)
    shown.opened.connect(lambda bar: open_place(int(bar.key)))
    rest = len(items) - len(bars)
    figures = bar_table(tr("City"), tr("Projects"), [bar(item) for item in items])
    more = [buttons.label(tr("and {count} more", count=f"{rest:,}"), "hint")] if rest > 0 else []
    return section(name, shown, *more, figures=figures)


def _unless_same(context_text: str, name: str) -> str:
    return "" if context_text == name else context_text


def ties(page: PlacePage, codes: CodeBook, open_tie: Callable[[PairRow], object]) -> QWidget | None:
    """Return the ties as a table; ``None`` without any."""
    if not page.ties:
        return None
    code = language()

    def label(name: str, value: str | None) -> str:
        return codes.label(name, value, code) or ABSENT

    columns = [
        column("domestic", tr("Chinese city"), lambda row: row.domestic.name(code), 150),
        column(
            "foreign",
            tr("Foreign city"),
            lambda row: Named(row.foreign.name(code), row.foreign.country_name(code)),
            220,
            stretch=True,
        ),
        column("kind", tr("Kind of tie"), lambda row: label("pair_kind", row.kind), 200, priority=1),
        column("signed", tr("Signed"), lambda row: row.signed or ABSENT, 96, is_right=True),
        column("ended", tr("Ended"), lambda row: row.ended or ABSENT, 96, is_right=True, priority=2),
        column("open", "", lambda _row: Link(tr("Open the tie")), 96, is_right=True),
    ]
    return section(tr("Ties"), small_table(tr("Ties"), columns, page.ties, open_tie))
