"""What the register offers beside a first issue: issuing again, whom to issue to, and the list of whom to remind."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.exchange_models import IssuedWorkbook
from bri_desktop.db.models import Organisation
from bri_desktop.reports.reminders import Reminder, write_reminders
from bri_desktop.services.issue_register import RegisterEntry, issued_workbook, outstanding
from bri_desktop.services.issuing import (
    Issued,
    Order,
    Progress,
    chosen_ids,
    free_name,
    prepare_issue,
    register_issue,
)
from bri_desktop.services.office import read_office
from bri_desktop.services.views import View, filter_choices, list_views


def order_of(entry: RegisterEntry) -> Order:
    """Return what would issue the records of an entry again, without a due day."""
    return Order(department=entry.department, filter_text=entry.filter, fields=entry.fields)


def reissue(
    session: Session,
    number: str,
    order: Order,
    path: Path,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Issued:
    """Issue in the place of an earlier workbook; that one is closed and its note names the new number."""
    issued_workbook(session, number)
    with prepare_issue(session, order, path, replaces=number, progress=progress, cancelled=cancelled) as prepared:
        return register_issue(session, prepared)


@dataclass(frozen=True, slots=True)
class Addressees:
    """Whom and what a workbook can be issued for: departments (those issued to before come first) and saved views."""

    departments: tuple[str, ...]
    views: tuple[View, ...]


def addressees(session: Session) -> Addressees:
    """Return the departments that workbooks were issued to or that are responsible for projects, most used first."""
    issued = session.scalars(
        select(Organisation.name)
        .join(IssuedWorkbook, IssuedWorkbook.department_id == Organisation.id)
        .where(Organisation.deleted_at.is_(None))
        .group_by(Organisation.id)
        .order_by(func.count().desc(), Organisation.name)
    )
    responsible = (choice.value for choice in filter_choices(session, "department"))
    return Addressees(tuple(dict.fromkeys([*issued, *responsible])), tuple(list_views(session)))


def count_rows(session: Session, orders: Sequence[Order]) -> list[int]:
    """Return how many projects each order would send."""
    return [len(chosen_ids(session, order)) for order in orders]


def remind(session: Session, path: Path, today: datetime.date, *, sender: str = "") -> int:
    """Write the list of whom to remind (``.docx`` or ``.xlsx``) and return how many workbooks stand in it."""
    named = sender or read_office(session).name
    return write_reminders(path, reminders(outstanding(session, today)), today, sender=named)


def remind_in(
    session: Session, folder: Path, name: str, today: datetime.date, *, sender: str = ""
) -> tuple[int, tuple[Path, ...]]:
    """Write the list as Word and as Excel into ``folder``, under free names; return its lines and the files."""
    lines = reminders(outstanding(session, today))
    paths = tuple(free_name(folder / f"{name}{suffix}") for suffix in (".docx", ".xlsx"))
    for path in paths:
        write_reminders(path, lines, today, sender=sender or read_office(session).name)
    return len(lines), paths


def reminders(entries: Sequence[RegisterEntry]) -> list[Reminder]:
    """Return the lines of the list."""
    return [
        Reminder(entry.department, entry.number, entry.issued_at[:10], entry.due, entry.days, entry.rows)
        for entry in entries
    ]
