"""What the ledger reads for its table, as work for the runner: first rows, all ids in order, counts and sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bri_desktop.domain.errors import InputError
from bri_desktop.domain.money import Money, format_money
from bri_desktop.i18n import language
from bri_desktop.services.deferred import count_projects
from bri_desktop.services.first_look import first_items
from bri_desktop.services.project_items import ProjectItem
from bri_desktop.ui.runner import Job, Sessions
from bri_desktop.ui.shared.model import WINDOW_ROWS

NEWEST_FIRST = (("start", False),)
"""The usual order of the ledger, as (column key, ascending) pairs."""


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
    """The first ids in order with their rows; ``is_all`` tells whether there are no more."""

    ids: list[int]
    first: Mapping[int, ProjectItem]
    is_all: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """All ids in order where they were asked for, and how many projects the ledger has."""

    ids: list[int] | None
    total: int


def is_plain(wanted: Wanted) -> bool:
    """Tell whether the whole ledger is to be shown in its usual order."""
    return wanted == Wanted(sort=NEWEST_FIRST)


def find_at_start(path: Path) -> Found:
    """Return the first window of the whole ledger, without what every other read needs to be loaded."""
    found = first_items(path, WINDOW_ROWS)
    return Found([item.id for item in found.items], {item.id: item for item in found.items}, found.is_all)


def find_first(session: Any, wanted: Wanted) -> Found:
    """Return the first window of what is to be shown, without looking at the rest."""
    from bri_desktop.services.projects import find_ids

    if wanted.is_bin or wanted.only is not None:
        return find(session, wanted)
    order = [(field, not ascending) for field, ascending in wanted.sort]
    ids = find_ids(session, filter_text=wanted.filter_text, search=wanted.search, sort=order, limit=WINDOW_ROWS + 1)
    return _with_rows(session, ids[:WINDOW_ROWS], is_all=len(ids) <= WINDOW_ROWS)


def find(session: Any, wanted: Wanted) -> Found:
    """Return all that is to be shown, with the rows of the first window."""
    return _with_rows(session, _all_ids(session, wanted), is_all=True)


def count(session: Any, wanted: Wanted, has_all: bool) -> Counted:
    """Return all ids of what is to be shown, unless the table has them, and the size of the ledger."""
    return Counted(None if has_all else _all_ids(session, wanted), count_projects(session))


def _with_rows(session: Any, ids: list[int], *, is_all: bool) -> Found:
    return Found(ids, items_by_id(session, ids[:WINDOW_ROWS]), is_all)


def _all_ids(session: Any, wanted: Wanted) -> list[int]:
    from bri_desktop.services.projects import binned_ids

    return binned_ids(session) if wanted.is_bin else _ledger_ids(session, wanted)


def _ledger_ids(session: Any, wanted: Wanted) -> list[int]:
    from bri_desktop.services.projects import find_ids

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
    from bri_desktop.services.projects import read_items

    return {item.id: item for item in read_items(session, ids)}


def sums(session: Any, wanted: Wanted) -> list[Money]:
    """Return one exact sum for each currency of what is to be shown, the home currency first."""
    from bri_desktop.services.projects import amount_totals, found_totals

    if wanted.is_bin or wanted.only is not None:
        totals = amount_totals(session, _all_ids(session, wanted))
    else:
        totals = found_totals(session, filter_text=wanted.filter_text, search=wanted.search)
    order = sorted(totals, key=lambda currency: (currency != "CNY", currency or ""))
    return [Money(totals[currency], currency) for currency in order if currency]


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
