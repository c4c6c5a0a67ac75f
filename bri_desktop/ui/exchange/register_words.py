"""Words and signs of the register of issued workbooks."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

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
from bri_desktop.services.issuing import Issued
from bri_desktop.ui.exchange.wording import local_time
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.cells import ABSENT, Cell, Named, Toned, Verdict
from bri_desktop.ui.shared.chips import Term
from bri_desktop.ui.shared.tokens import BODY_BOLD, Size, Space

ALL = "all"
NAMED = 4
"""So many issued files are named in the note."""
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
        RETURNED: lambda: tr("To be merged"),
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
    elif entry.state == RETURNED and entry.damage:
        text, icon, role = tr("Damaged, to be merged"), "triangle-alert", "warning"
    elif entry.state == MERGED and entry.undecided:
        text, icon, role = tr("Merged, {count} open", count=f"{entry.undecided:,}"), "triangle-alert", "warning"
    return Verdict(text, icon, role, bold=entry.state in (OVERDUE, RETURNED))


def state_width() -> int:
    """Return the width of the widest state, its icon counted in."""
    words = [*map(state_word, LOOKS), tr("Damaged, to be merged"), tr("Merged, {count} open", count=88)]
    return _widest(words) + Size.SMALL_ICON + Space.BETWEEN


def due_width() -> int:
    """Return the width of a workbook that is long overdue."""
    return _widest([tr("{days} days overdue", days=888), tr("{days} days late", days=888)])


def returned_width() -> int:
    """Return the width of a day with how many times."""
    return _widest([f"2026-12-28 {tr('{count} times', count=8)}"])


def _widest(texts: Sequence[str]) -> int:
    return max(map(paint.metrics(BODY_BOLD).horizontalAdvance, texts)) + 2 * Space.BETWEEN


def due_cell(entry: RegisterEntry) -> Cell | str:
    """Return the days left until the due day, the days late in red; of what came back only how late it was."""
    if entry.returned_at is not None and entry.late:
        return Toned(tr("{days} days late", days=f"{entry.late:,}"), "secondary")
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


def merged_cell(entry: RegisterEntry) -> Cell | str:
    """Return when it was merged last."""
    return Toned(ABSENT, "hint") if entry.merged_at is None else local_time(entry.merged_at)[:10]


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


def issued_sentence(made: Sequence[Issued]) -> str:
    """Return what was issued: how many, the first files, and which department got an empty table."""
    files = tr(", ").join(f"{one.number} {Path(one.file_name).stem}" for one in made[:NAMED])
    more = "…" if len(made) > NAMED else ""
    rows = f"{sum(one.rows for one in made):,}"
    text = tr("{count} workbooks issued with {rows} rows: {files}", count=len(made), rows=rows, files=files + more)
    empty = [one.number for one in made if not one.rows]
    if empty:
        text += tr("; without a project, as an empty table: {numbers}", numbers=tr(", ").join(empty))
    return text + tr(".")


def failed_sentence(failed: Sequence[tuple[str, str]]) -> str | None:
    """Return one sentence for each cause: the departments, and why their workbook was not issued."""
    causes: dict[str, list[str]] = {}
    for department, why in failed:
        causes.setdefault(why, []).append(department)
    lines = [tr("Not issued: {names}. {why}", names=tr(", ").join(names), why=why) for why, names in causes.items()]
    return "\n".join(lines) or None
