"""Words and signs of the register of issued workbooks."""

from collections.abc import Callable, Mapping

from bri_desktop.domain.filter import quoted
from bri_desktop.i18n import tr
from bri_desktop.services.issue_register import (
    CLOSED,
    MERGED,
    OUT,
    OVERDUE,
    RETURNED,
    SOON,
    Register,
    RegisterEntry,
)
from bri_desktop.ui.exchange.wording import local_time
from bri_desktop.ui.shared.cells import ABSENT, Cell, Named, Toned, Verdict
from bri_desktop.ui.shared.chips import Term

ALL = "all"
LOOKS: Mapping[str, tuple[str, str]] = {
    OVERDUE: ("circle-alert", "error"),
    SOON: ("triangle-alert", "warning"),
    OUT: ("upload", "secondary"),
    RETURNED: ("download", "series_1"),
    MERGED: ("check", "series_3"),
    CLOSED: ("lock", "secondary"),
}
"""State -> icon and colour role."""


def state_word(state: str) -> str:
    """Return the word for a state."""
    words: Mapping[str, Callable[[], str]] = {
        OVERDUE: lambda: tr("Overdue"),
        SOON: lambda: tr("Due soon"),
        OUT: lambda: tr("Sent out"),
        RETURNED: lambda: tr("Returned"),
        MERGED: lambda: tr("Merged"),
        CLOSED: lambda: tr("Closed"),
    }
    return words[state]()


def state_cell(entry: RegisterEntry) -> Cell:
    """Return the state with its icon; a closed one with the reason in its text."""
    icon, role = LOOKS[entry.state]
    text = state_word(entry.state)
    if entry.state == CLOSED and entry.note:
        text = tr("{state}: {note}", state=text, note=entry.note)
    return Verdict(text, icon, role, bold=entry.state == OVERDUE)


def due_cell(entry: RegisterEntry) -> Cell | str:
    """Return the days left until the due day, the days late in red; nothing where it no longer matters."""
    if entry.days is None or not entry.is_outstanding:
        return Toned(ABSENT, "hint")
    if entry.days < 0:
        return Toned(tr("{days} days overdue", days=f"{-entry.days:,}"), "error", bold=True)
    return tr("today") if entry.days == 0 else tr("{days} days", days=f"{entry.days:,}")


def returned_cell(entry: RegisterEntry) -> Cell | str:
    """Return when it came back, and how many times."""
    if entry.returned_at is None:
        return Toned(ABSENT, "hint")
    times = tr("{count} times", count=entry.returned) if entry.returned > 1 else ""
    return Named(local_time(entry.returned_at)[:10], times)


def department_cell(entry: RegisterEntry) -> Cell:
    """Return the addressee, in grey what it got where that was not everything."""
    if not entry.filter:
        return Named(entry.department)
    is_own = entry.filter == f"department = {quoted(entry.department)}"
    return Named(entry.department, tr("its own projects") if is_own else tr("a choice of projects"))


def terms(register: Register) -> tuple[Term, list[Term]]:
    """Return the whole and its parts, for the equation over the table; states of none are left out."""
    parts = [
        Term(state, state_word(state), register.count(state), icon, role)
        for state, (icon, role) in LOOKS.items()
        if register.count(state)
    ]
    return Term(ALL, tr("All"), len(register.entries)), parts
