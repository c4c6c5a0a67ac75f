"""The pages of a park and of a mechanism, each with its own figures, and the list of both."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QWidget

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.mode_profile import PARK
from bri_desktop.domain.money import Money, format_money
from bri_desktop.domain.record import money_from_plain
from bri_desktop.domain.record_kinds import Plain
from bri_desktop.i18n import language, tr
from bri_desktop.services.city_events import Event
from bri_desktop.services.mode_figures import ParkFigures, Rhythm
from bri_desktop.services.mode_pages import MODES, Member, ModePage, ModeRow
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui.cities.bar_list import Bar, BarList
from bri_desktop.ui.cities.listing import Listing, search_text
from bri_desktop.ui.cities.page_tables import bar_table
from bri_desktop.ui.cities.parts import Figures, beside, column, facts, section, small_table, stacked
from bri_desktop.ui.cities.words import BETWEEN, amount_text, event_name, kind_word, money_text
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import ABSENT, Cell, status_cell
from bri_desktop.ui.shared.model import Column

OpenIds = Callable[[str, Sequence[int]], object]
COUNTRIES_SHOWN = 6


def context(page: ModePage, codes: CodeBook) -> str:
    """Return mode and sub-mode, in grey after the title."""
    return _mode_text(page.row, codes)


def _mode_text(row: ModeRow, codes: CodeBook) -> str:
    parts = (codes.label("mode", row.mode, language()), codes.label("submode", row.submode, language()))
    return " · ".join(part for part in parts if part)


def mode_facts(page: ModePage, codes: CodeBook, open_country: Callable[[str], object]) -> QWidget:
    """Return the figures of a park, or those of a mechanism."""
    row = page.row
    status = codes.label("status", row.status, language()) or ABSENT
    pairs: list[tuple[str, str | QWidget]] = [
        (tr("Status"), status),
        (tr("Start"), row.start or ABSENT),
        (tr("Responsible department"), page.department or ABSENT),
        (tr("Lead actor"), page.lead or ABSENT),
    ]
    outcomes = tr("{count} recorded", count=f"{page.counts['outcome']:,}")
    if page.park is not None:
        pairs += [
            *_park_profile(row.profile, page.park),
            (tr("Phases and projects inside"), f"{page.counts['project']:,}"),
            (tr("Partners named in projects"), f"{len(page.members):,}"),
            (tr("Planned or agreed amount"), format_money(row.money, language()) if row.money else ABSENT),
            (tr("Sum of the projects inside"), money_text(page.money)),
            (tr("Outcomes of it"), outcomes),
            (tr("Amounts of outcomes"), money_text(page.outcome_money)),
        ]
    elif page.rhythm is not None:
        heads = ABSENT if page.heads is None else f"{page.heads:,}"
        pairs += [
            *_mechanism_profile(row.profile, page.rhythm),
            (tr("Editions"), f"{len(page.editions):,}"),
            (tr("Last edition"), page.last_edition or ABSENT),
            (tr("Between editions"), _months(page.months_between)),
            (tr("Members named in projects"), f"{len(page.members):,}"),
            (tr("Participants recorded"), heads),
            (tr("Outcomes of it"), outcomes),
        ]
    if len(page.countries) == 1:
        code, zh, en = page.countries[0]
        link = buttons.button(en if language() == "en" else zh, lambda: open_country(code), kind=buttons.SMALL_LINK)
        pairs.append((tr("Country or region"), link))
    else:
        pairs.append((tr("Countries and regions"), _countries(page)))
    return facts(pairs)


def _park_profile(profile: Plain, figures: ParkFigures) -> list[tuple[str, str | QWidget]]:
    """Return what the profile of a park says and what follows from it, each figure beside what it is made of."""
    built = "" if figures.built is None else tr("{share}% built", share=f"{100 * figures.built:.0f}")
    area = "" if profile["area"] is None else tr("{area} km²", area=profile["area"])
    whole = money_from_plain(profile["investment"])
    money = "" if whole is None else format_money(whole, language())
    each = "" if figures.investment is None else a_km2(format_money(rounded(figures.investment), language()))
    return [
        (tr("Operator"), profile["operator"] or ABSENT),
        (tr("Area"), _joined(area, built)),
        (tr("Companies inside"), _joined(_count(profile["tenants"]), _density(figures.tenants))),
        (tr("Jobs"), _joined(_count(profile["jobs"]), _density(figures.jobs))),
        (tr("Total investment"), _joined(money, each)),
        (tr("Phase"), profile["phase"] or ABSENT),
        (tr("Industries"), profile["industries"] or ABSENT),
        (tr("Figures as of"), profile["as_of"] or ABSENT),
    ]


def _mechanism_profile(profile: Plain, rhythm: Rhythm) -> list[tuple[str, str | QWidget]]:
    """Return what the profile of a mechanism says and how its editions keep to the interval."""
    interval, number = profile["interval_months"], profile["latest_edition"]
    kept = tr("{on_time} of {count} on schedule", on_time=rhythm.on_time, count=rhythm.intervals)
    every = "" if interval is None else tr("every {months} months", months=interval)
    hint = tr("by the interval") if rhythm.is_computed else ""
    return [
        (tr("Secretariat"), profile["secretariat"] or ABSENT),
        (tr("Latest edition No."), ABSENT if number is None else f"{number:,}"),
        (tr("Interval"), _joined(every, kept if rhythm.intervals else "")),
        (tr("Next edition on"), _joined(rhythm.next_date or "", hint)),
        (tr("Number of members"), _joined(_count(profile["members"]), profile["member_names"] or "")),
        (tr("Figures as of"), profile["as_of"] or ABSENT),
    ]


def rounded(money: Money) -> Money:
    """Return an amount with four digits that count: a quotient is no more exact than that."""
    step = 10 ** max(0, money.amount.adjusted() - 3)
    return Money(Decimal(round(money.amount / step) * step) if step > 1 else money.amount, money.currency)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part) or ABSENT


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _density(value: float | None) -> str:
    return "" if value is None else a_km2(f"{value:,.1f}")


def a_km2(figure: str) -> str:
    """Return a figure as one of a square kilometre."""
    return tr("{figure} a km²", figure=figure)


def _countries(page: ModePage) -> str:
    names = [en if language() == "en" else zh for _, zh, en in page.countries]
    if not names:
        return ABSENT
    shown = BETWEEN.join(names[:COUNTRIES_SHOWN])
    return f"{len(names)}: {shown}{'…' if len(names) > COUNTRIES_SHOWN else ''}"


def _months(value: float | None) -> str:
    return ABSENT if value is None else tr("{months} months on average", months=f"{value:.1f}")


def mode_body(page: ModePage, codes: CodeBook, open_event: Callable[[Event], object], open_ids: OpenIds) -> QWidget:
    """Return editions or phases beside members and money by year."""
    right = stacked([_members(page, codes, open_ids), _money(page, open_ids)])
    return beside(_editions(page, codes, open_event), right, stretches=(3, 2))


def _editions(page: ModePage, codes: CodeBook, open_event: Callable[[Event], object]) -> QWidget:
    name = tr("Phases and projects inside") if page.row.mode == PARK else tr("Editions")
    if not page.editions:
        hint = tr("None yet: give projects this one as their umbrella project, or log an activity of it.")
        return section(name, buttons.label(hint, "hint", wrap=True))

    def status(event: Event) -> Cell | str:
        text = codes.label("status", event.status, language())
        return status_cell(event.status, text) if event.status and text else ABSENT

    columns = [
        column("date", tr("Date"), lambda event: event.start or ABSENT, 92),
        column("name", tr("Name"), lambda event: event_name(codes, event), 200, stretch=True),
        column("kind", tr("Kind"), lambda event: kind_word(event.kind), 64, priority=2),
        column("status", tr("Status"), status, 84, priority=3),
        column("amount", tr("Quantity or amount"), amount_text, 110, is_right=True, priority=1),
    ]
    return section(name, small_table(name, columns, page.editions, open_event))


def _members(page: ModePage, codes: CodeBook, open_ids: OpenIds) -> QWidget:
    name = tr("Tenants and partners") if page.row.mode == PARK else tr("Members")
    if not page.members:
        return section(name, buttons.label(tr("None recorded yet."), "hint"))

    def bar(member: Member) -> Bar:
        kind = codes.label("actor", member.kind, language()) or ""
        return Bar(member.name, f"{len(member.ids):,}", float(len(member.ids)), context=kind, ids=member.ids)

    bars = [bar(member) for member in page.members]
    shown = BarList(name, bars, name_part=0.7)
    shown.opened.connect(lambda found: open_ids(found.name, found.ids))
    figures = bar_table(name, tr("Projects"), bars)
    return section(name, shown, context=tr("by the projects that name them"), figures=figures)


def _money(page: ModePage, open_ids: OpenIds) -> QWidget:
    name = tr("Amounts by year of start")
    if not page.years:
        return section(name, buttons.label(tr("No amounts recorded yet."), "hint"))
    currencies = {money.currency for year in page.years for money in year.sums}
    is_one = len(currencies) == 1
    bars = [
        Bar(
            str(year.year) if year.year else tr("undated"),
            money_text(year.sums),
            float(year.sums[0].amount) if is_one else None,
            ids=year.ids,
        )
        for year in page.years
    ]
    shown = BarList(name, bars, name_part=0.25)
    shown.opened.connect(lambda bar: open_ids(bar.name, bar.ids))
    return section(name, shown, figures=money_table(page))


def money_table(page: ModePage) -> Figures:
    """Return the amounts by year of start, a column a currency, in whole units."""
    currencies = sorted({money.currency for year in page.years for money in year.sums})
    rows: list[list[str | float | None]] = []
    for year in page.years:
        sums = {money.currency: float(money.amount) for money in year.sums}
        rows.append([str(year.year) if year.year else tr("undated"), *(sums.get(code) for code in currencies)])
    heads = [tr("Year"), *currencies]
    return Figures(heads, rows, NativeChart(tuple(range(1, len(heads))), "column"))


def mode_listing(codes: CodeBook) -> Listing[ModeRow]:
    """Return the list of parks and mechanisms."""
    code = language()

    def place(name: str, value: str | None) -> int:
        known = [entry.code for entry in codes.codes(name)]
        return known.index(value) if value in known else len(known)

    def status(row: ModeRow) -> Cell | str:
        text = codes.label("status", row.status, code)
        return status_cell(row.status, text) if row.status and text else ABSENT

    columns: list[Column[Any]] = [
        column("title", tr("Park or mechanism"), lambda row: row.title, 300, stretch=True, is_sortable=True),
        column("mode", tr("Mode"), lambda row: _mode_text(row, codes) or ABSENT, 170, is_sortable=True),
        column("status", tr("Status"), status, 90, priority=2, is_sortable=True),
        column("start", tr("Start"), lambda row: row.start or ABSENT, 96, is_right=True, is_sortable=True),
        column("parts", tr("Projects inside"), lambda row: f"{row.parts:,}", 90, is_right=True, is_sortable=True),
        column(
            "partners", tr("Partners"), lambda row: f"{row.partners:,}", 80, is_right=True, priority=3, is_sortable=True
        ),
        column("amount", tr("Amount"), _amount, 120, is_right=True, priority=1, is_sortable=True),
        column("by", tr("Operator or secretariat"), _by, 180, priority=4, is_sortable=True),
        column("size", tr("Area, interval"), _size, 110, is_right=True, priority=5, is_sortable=True),
    ]
    return Listing(
        tr("Parks and mechanisms"),
        tr("Filter: name"),
        columns,
        lambda row: search_text(row.title, _mode_text(row, codes), _by(row)),
        {
            "title": lambda row: search_text(row.title),
            "mode": lambda row: 100 * MODES.index(row.mode) + place("submode", row.submode),
            "status": lambda row: place("status", row.status),
            "start": lambda row: row.start or "",
            "parts": lambda row: row.parts,
            "partners": lambda row: row.partners,
            "amount": lambda row: int(row.money.amount) if row.money else -1,
            "by": lambda row: search_text(_by(row)),
            "size": _size_order,
        },
        tr("Double click or Enter opens the page"),
    )


def _by(row: ModeRow) -> str:
    return row.profile.get("operator") or row.profile.get("secretariat") or ABSENT


def _size(row: ModeRow) -> str:
    area, interval = row.profile.get("area"), row.profile.get("interval_months")
    if area is not None:
        return tr("{area} km²", area=area)
    return ABSENT if interval is None else tr("every {months} months", months=interval)


def _size_order(row: ModeRow) -> int:
    return round(1000 * float(row.profile.get("area") or row.profile.get("interval_months") or -1))


def _amount(row: ModeRow) -> str:
    return format_money(row.money, language()) if row.money else ABSENT
