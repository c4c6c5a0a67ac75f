"""Words of approvals: acts, states, what happened in a step, and how long a case has been open."""

from typing import Any

from bri_desktop.domain.approval import APPROVED, DECIDE, REFUSE, REFUSED, RETURN, SKIP, SUBMIT, WITHDRAWN
from bri_desktop.i18n import tr
from bri_desktop.services.approvals import Case
from bri_desktop.ui.shared.cells import ABSENT, Cell, Status, Toned

OLD_DAYS = 30
"""From so many days on an open step is shown in red."""


def act_text(act: str) -> str:
    """Return the verb of an act."""
    verbs = {
        SUBMIT: tr("Submit"),
        RETURN: tr("Send back"),
        DECIDE: tr("Approve"),
        REFUSE: tr("Refuse"),
        SKIP: tr("Skip step"),
    }
    return verbs[act]


def act_hint(act: str) -> str:
    """Return what an act does."""
    hints = {
        SUBMIT: tr("The papers went to this step"),
        RETURN: tr("The papers came back for correction; a reason is needed"),
        DECIDE: tr("This step is done; the next one begins"),
        REFUSE: tr("The approval was refused; a reason is needed, the case is closed"),
        SKIP: tr("This step is not needed here"),
    }
    return hints[act]


def event_text(event: dict[str, Any]) -> str:
    """Return what happened, when, by whom and why."""
    words = {
        "submitted": tr("Submitted"),
        "returned": tr("Sent back"),
        "decided": tr("Approved"),
        "refused": tr("Turned down"),
        "skipped": tr("Skipped"),
    }
    parts = (event["date"], words.get(event["kind"], event["kind"]), event["who"], event["reason"])
    return "  ".join(part for part in parts if part)


def state_text(case: Case) -> str:
    """Return where a case stands, in a word."""
    if case.closed is not None:
        results = {APPROVED: tr("Approved"), REFUSED: tr("Turned down"), WITHDRAWN: tr("Withdrawn")}
        return results.get(case.result or "", tr("Closed"))
    states = {"waiting": tr("To submit"), "submitted": tr("Awaiting decision"), "returned": tr("To submit again")}
    return states.get(case.standing.state, tr("Closed"))


def state_cell(case: Case) -> Status:
    """Return the state with its dot."""
    if case.closed is not None:
        shape, role = ("full", "series_3") if case.result == APPROVED else ("cross", "secondary")
        return Status(state_text(case), shape, role)
    shape, role = {"submitted": ("half", "series_1"), "returned": ("diamond", "warning")}.get(
        case.standing.state, ("hollow", "secondary")
    )
    return Status(state_text(case), shape, role)


def days_text(days: int | None, *, is_working: bool) -> str:
    """Return days, and whether they are working days."""
    if days is None:
        return ABSENT
    return tr("{days} working days", days=f"{days:,}") if is_working else tr("{days} days", days=f"{days:,}")


def age_cell(case: Case) -> Cell | str:
    """Return how long the step has been open; red and bold from :data:`OLD_DAYS` on."""
    text = days_text(case.age_of_step, is_working=case.is_working)
    if case.age_of_step is not None and case.age_of_step >= OLD_DAYS:
        return Toned(text, "error", bold=True)
    return text


def warning_text(country: str) -> str:
    """Return the warning of a formal tie with a country without diplomatic relations."""
    return tr(
        "{country} has no diplomatic relations with China; a formal tie needs them. Please check before going on.",
        country=country,
    )
