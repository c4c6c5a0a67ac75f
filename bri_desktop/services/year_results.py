"""合作成果 and 审批办理: what came of the projects, by class and unit and in each currency, and how approvals went."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bri_desktop.analysis.units import name_of as name_of_unit
from bri_desktop.i18n import tr
from bri_desktop.reports.document import Block, Column, Figure, Runs, Section, Table
from bri_desktop.reports.numbering import see
from bri_desktop.reports.wording import (
    ABSENT,
    Ranked,
    clauses,
    listed,
    mark,
    quantity,
    ranking,
    sentences,
)
from bri_desktop.services.year_book import Book, name_of
from bri_desktop.services.year_sources import ApprovalCases, approval_cases, stock_outcomes

OUTCOME_KIND = "outcome"


def class_names(book: Book) -> Mapping[str | None, str]:
    """Return code of an outcome class -> its name."""
    refs = book.cache.data(book.session).codes.get("outcome_class", ())
    return {ref.code: name_of_unit(ref) for ref in refs} | {None: tr("Not classified")}


def results(book: Book) -> Section:
    """Return 合作成果; without blocks where the projects of the year have none."""
    found = book.ask(measures=("outcomes",))
    totals: Sequence[Mapping[str, Any]] = found.measures["outcomes"]["totals"]
    dated = book.total("outcomes", book.ask("flow", kind=OUTCOME_KIND))
    if not totals and not dated.value:
        return Section("results", tr("Results of cooperation"), ())
    texts = [_recorded(book, totals), _dated(book, dated), _money(book, found.measures["outcomes"]["converted"])]
    blocks: list[Block] = [*book.paragraphs([sentences(texts)])]
    if totals:
        blocks.append(_table(book, totals))
    return Section("results", tr("Results of cooperation"), tuple(blocks))


def _recorded(book: Book, totals: Sequence[Mapping[str, Any]]) -> str:
    number = sum(total["count"] for total in totals)
    recorded = book.count("results_entries", number, stock_outcomes(book).behind())
    if not number:
        return tr("No outcome is recorded of the projects on the books at year end.")
    classes = _largest(book, totals)
    said = [
        tr("recorded of the projects on the books at year end: {outcomes}", outcomes=quantity("outcome", recorded)),
        tr("by class, {classes}", classes=classes) if classes else "",
    ]
    text = clauses(said)
    return sentences(
        [text[:1].upper() + text[1:], tr("Units are never added across; see {table}.", table=see("results_table"))]
    )


def _largest(book: Book, totals: Sequence[Mapping[str, Any]]) -> str:
    names, counts = class_names(book), dict[str, int]()
    for total in totals:
        if total["class"] is not None:
            counts[total["class"]] = counts.get(total["class"], 0) + total["count"]
    behind = stock_outcomes(book).behind
    units = [
        Ranked(names.get(code, code), book.count(name_of("results", code), number, behind(outcome_class=code)))
        for code, number in counts.items()
    ]
    return ranking(units)


def _dated(book: Book, dated: Figure) -> str:
    if not dated.value:
        return tr("None of them is dated in the year.")
    return tr("Dated in the year: {outcomes}.", outcomes=quantity("outcome", dated))


def _money(book: Book, converted: Mapping[str, Any]) -> str:
    """Return the amounts in yuan at the rates of the year, and those for which there is no rate."""
    total = Decimal(converted["total"])
    without = [(item["currency"], Decimal(item["amount"])) for item in converted["without_rate"]]
    parts = []
    if total:
        figure = book.money("results_yuan", total, converted["currency"], stock_outcomes(book).with_money())
        words = tr("amounts come to {amount}", amount=mark(figure))
        if converted["rates"]:
            words = tr("at the rates of {year}, amounts come to {amount}", year=converted["year"], amount=mark(figure))
        parts.append(words)
    if without:
        behind = stock_outcomes(book).behind
        sums = [
            mark(book.money(name_of("results_without_rate", code), value, code, behind(currency=code)))
            for code, value in without
        ]
        parts.append(
            tr("not converted, for want of a rate of {year}: {amounts}", year=converted["year"], amounts=listed(sums))
        )
    text = clauses(parts)
    return text[:1].upper() + text[1:]


def _table(book: Book, totals: Sequence[Mapping[str, Any]]) -> Table:
    names = class_names(book)
    rows = [_line(book, names, total) for total in totals]
    return Table(
        name="results_table",
        label="",
        caption=tr("Outcomes of the projects on the books at the end of {year}, by class and unit", year=book.year),
        columns=(
            Column(tr("Class"), width=2.0),
            Column(tr("Number of entries"), "right"),
            Column(tr("Quantity"), "right", width=1.4),
            Column(tr("Unit of measure"), "center"),
            Column(tr("Amount"), "right", width=2.2),
        ),
        rows=tuple(rows),
        note=tr("Quantities of different units, and amounts of different currencies, are not added."),
    )


def _line(book: Book, names: Mapping[str | None, str], total: Mapping[str, Any]) -> tuple[Runs, ...]:
    code, unit = total["class"], total["unit"]
    base = name_of("results", code or "unclassified", unit or "no_unit")
    way = stock_outcomes(book).behind(outcome_class=code or "", unit=unit or "")
    count = book.count(name_of(base, "n"), total["count"], way)
    value = None if total["quantity"] is None else Decimal(total["quantity"])
    quantities = book.exact(name_of(base, "q"), value, unit or "", way)
    return tuple(
        book.cell(cell)
        for cell in (
            names.get(code, code or ""),
            count,
            quantities,
            unit or ABSENT,
            _amounts(book, base, total),
        )
    )


def _amounts(book: Book, base: str, total: Mapping[str, Any]) -> str:
    own = {"outcome_class": total["class"] or "", "unit": total["unit"] or ""}
    behind = stock_outcomes(book).behind
    figures = [
        book.money(name_of(base, code), Decimal(value), code, behind(**own, currency=code))
        for code, value in total["amounts"].items()
    ]
    return listed([mark(figure) for figure in figures]) or ABSENT


# -- approval ----------------------------------------------------------------------------------------------------


def approval(book: Book) -> Section:
    """Return 审批办理; without blocks where no case was in hand."""
    found = book.ask(measures=("approval",)).measures["approval"]
    if not found["cases"]:
        return Section("approval", tr("How approvals went"), ())
    unit = tr("working days") if found["unit"] == "working_days" else tr("calendar days")
    behind = approval_cases(book)
    cases = book.count("approval_cases", found["cases"], behind.all())
    finished = book.count("approval_finished", found["finished_cases"], behind.finished())
    parts = [tr("in hand in the year: {cases}", cases=quantity("case", cases))]
    if finished.value:
        median = book.number("approval_median", found["median_total"], behind.finished())
        slow = book.number("approval_p90", found["p90_total"], behind.finished())
        parts += [
            tr("finished: {n}", n=mark(finished)),
            tr(
                "half of them took at most {median} {unit}, nine of ten at most {p90}",
                median=mark(median),
                unit=unit,
                p90=mark(slow),
            ),
        ]
    else:
        parts.append(tr("none of them finished"))
    if found["returned"]:
        returned = book.count("approval_returned", found["returned"], behind.all())
        parts.append(tr("papers were sent back {n} times", n=mark(returned)))
    text = clauses(parts)
    blocks: list[Block] = [
        *book.paragraphs([sentences([text[:1].upper() + text[1:], _slowest(book, found, behind)])]),
        _steps(book, found, unit, behind),
    ]
    return Section("approval", tr("How approvals went"), tuple(blocks))


def _slowest(book: Book, found: Mapping[str, Any], behind: ApprovalCases) -> str:
    worst = found["bottleneck"]
    if worst is None:
        return ""
    position = next(
        n
        for n, step in enumerate(found["steps"])
        if (step["procedure"], step["step"]) == (worst["procedure"], worst["step"])
    )
    name, part = name_of("approval_step", position + 1, "share"), found["steps"][position]["share"]
    share = book.share(name, part, source=behind.of_step(position))
    return tr("The step that took most of the time is “{step}”, {share} of it.", step=worst["step"], share=mark(share))


def _steps(book: Book, found: Mapping[str, Any], unit: str, behind: ApprovalCases) -> Table:
    return Table(
        name="approval_steps",
        label="",
        caption=tr("Approval by step, {year}", year=book.year),
        columns=(
            Column(tr("Procedure"), width=1.8),
            Column(tr("Step"), width=1.8),
            Column(tr("Finished"), "right"),
            Column(tr("Median"), "right", unit, 1.2),
            Column(tr("Nine of ten within"), "right", unit, 1.2),
            Column(tr("Open"), "right"),
            Column(tr("Sent back"), "right"),
            Column(tr("Share of time"), "right"),
        ),
        rows=tuple(_step(book, step, position, behind) for position, step in enumerate(found["steps"])),
        note=_unit_note(found),
        wide=True,
    )


def _step(book: Book, step: Mapping[str, Any], position: int, behind: ApprovalCases) -> tuple[Runs, ...]:
    base, way = name_of("approval_step", position + 1), behind.of_step(position)
    cells: Iterable[Figure | str] = (
        step["procedure"],
        step["step"],
        book.count(name_of(base, "finished"), step["finished"], way),
        book.number(name_of(base, "median"), step["median"], way),
        book.number(name_of(base, "p90"), step["p90"], way),
        book.count(name_of(base, "open"), step["open"], behind.open_in(position)),
        book.count(name_of(base, "returned"), step["returned"], way),
        book.share(name_of(base, "share"), step["share"], source=way),
    )
    return tuple(book.cell(cell) for cell in cells)


def _unit_note(found: Mapping[str, Any]) -> str:
    if not found["years_missing"]:
        return ""
    years = tr(", ").join(str(year) for year in found["years_missing"])
    return tr("Calendar days, because the calendar of working days lacks {years}.", years=years)
