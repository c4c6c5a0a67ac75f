"""What the ledger reads for its table, as work for the runner: ids in order, the first rows, counts and sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from bri_desktop.domain.errors import InputError
from bri_desktop.domain.money import Money, format_money
from bri_desktop.i18n import language
from bri_desktop.services.projects import (
    ProjectItem,
    amount_totals,
    binned_ids,
    count_projects,
    find_ids,
    read_items,
)
from bri_desktop.ui.runner import Job, Sessions
from bri_desktop.ui.shared.model import WINDOW_ROWS


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the table is to show; ``sort`` holds (column key, ascending) pairs, none where the order is given."""

    filter_text: str = ""
    search: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    only: tuple[int, ...] | None = None
    is_bin: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The ids in order, the rows of the first window, and how many projects the ledger has."""

    ids: list[int]
    first: Mapping[int, ProjectItem]
    total: int


def find(session: Any, wanted: Wanted) -> Found:
    """Return what is to be shown."""
    ids = binned_ids(session) if wanted.is_bin else _ledger_ids(session, wanted)
    first = {item.id: item for item in read_items(session, ids[:WINDOW_ROWS])}
    return Found(ids, first, count_projects(session))


def _ledger_ids(session: Any, wanted: Wanted) -> list[int]:
    order = [(field, not ascending) for field, ascending in wanted.sort]
    ids = find_ids(session, filter_text=wanted.filter_text, search=wanted.search, sort=order)
    if wanted.only is None:
        return ids
    if wanted.sort:
        among = set(wanted.only)
        return [project_id for project_id in ids if project_id in among]
    found = set(ids)
    return [project_id for project_id in wanted.only if project_id in found]


def items_by_id(session: Any, ids: Sequence[int]) -> dict[int, ProjectItem]:
    """Return the projects of ``ids`` that exist."""
    return {item.id: item for item in read_items(session, ids)}


def sums(session: Any, ids: Sequence[int]) -> list[Money]:
    """Return one exact sum for each currency, the home currency first."""
    totals = amount_totals(session, ids)
    order = sorted(totals, key=lambda currency: (currency != "CNY", currency or ""))
    return [Money(Decimal(totals[currency]), currency) for currency in order if currency]


def sums_text(amounts: Sequence[Money]) -> str:
    """Return sums side by side; currencies are never added."""
    return "；".join(format_money(amount, language()) for amount in amounts)


def export(database: Sessions, path: Path, ids: Sequence[int], job: Job) -> int:
    """Write the projects of ``ids`` to a file; return how many. ``UserError`` ``cancelled`` where it was stopped."""

    def progress(done: int, total: int) -> None:
        if job.is_cancelled():
            raise InputError("cancelled")
        job.report(done, total)

    from bri_desktop.services.ledger_out import export_projects  # the writers of files load when they are needed

    with database.read() as session:
        written = export_projects(session, path, ids=ids, progress=progress)
    return int(written["rows"])
