"""The rules of an approval: which step a case is in, what may be done there, and what that makes of the case.

A case is a list of steps, each {name, optional, events}; an event is {kind, date, who, reason}. Steps follow one
another: the first that is neither decided nor skipped is the one in question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import FieldProblem
from bri_desktop.domain.validation import precedes

SUBMIT, RETURN, DECIDE, SKIP, REFUSE = "submit", "return", "decide", "skip", "refuse"
ACTS = (SUBMIT, RETURN, DECIDE, SKIP, REFUSE)
EVENT_OF = {
    SUBMIT: "submitted",
    RETURN: "returned",
    DECIDE: "decided",
    SKIP: "skipped",
    REFUSE: "refused",
}
APPROVED, REFUSED, WITHDRAWN = "approved", "refused", "withdrawn"
RESULTS = (APPROVED, REFUSED, WITHDRAWN)
LONGEST_REASON = 2_000
LONGEST_STEP = 60

Step = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: ``step`` (position, ``None`` when all are done) and its ``state``: ``waiting`` to be
    submitted, ``submitted`` (a decision is awaited), ``returned`` (to be submitted again) or ``done``.

    ``since`` is the date from which it stands so; ``returned`` how often anything was sent back.
    """

    step: int | None
    state: str
    since: str | None
    returned: int


def standing(steps: Sequence[Step]) -> Standing:
    """Return where a case stands."""
    returned = sum(event["kind"] == "returned" for step in steps for event in step["events"])
    since: str | None = None
    for position, step in enumerate(steps):
        last = step["events"][-1] if step["events"] else None
        if last is None or last["kind"] in ("submitted", "returned", "refused"):
            state = "waiting" if last is None else {"refused": "done"}.get(last["kind"], last["kind"])
            return Standing(position, state, last["date"] if last else since, returned)
        since = last["date"] or since
    return Standing(None, "done", since, returned)


def acts_open(steps: Sequence[Step], *, is_closed: bool) -> tuple[str, ...]:
    """Return what may be done with a case now."""
    now = standing(steps)
    if is_closed or now.step is None or now.state == "done":
        return ()
    if now.state == "submitted":
        return (DECIDE, RETURN, REFUSE)
    is_optional = bool(steps[now.step].get("optional"))
    return (SUBMIT, SKIP) if is_optional and now.state == "waiting" else (SUBMIT,)


def acted(
    steps: Sequence[Step], act: str, *, date: str | None, who: str | None, reason: str | None
) -> tuple[list[Step], str | None]:
    """Return the steps after an act, and the result where it ends the case. The act must be open."""
    now = standing(steps)
    if now.step is None:
        raise ValueError(act)
    event = {"kind": EVENT_OF[act], "date": date, "who": who, "reason": reason}
    after = [dict(step, events=list(step["events"])) for step in steps]
    after[now.step]["events"].append(event)
    if act == REFUSE:
        return after, REFUSED
    return after, APPROVED if standing(after).state == "done" else None


def problems_of_act(
    steps: Sequence[Step], act: str, values: Mapping[str, str | None], *, today: PartialDate
) -> tuple[FieldProblem, ...]:
    """Return what is wrong with an act: no date, one before the last event or later than today, no reason given."""
    found = []
    date, reason = values.get("date"), values.get("reason")
    if not date:
        found.append(FieldProblem("date", "required"))
    elif precedes(today, PartialDate(date)):
        found.append(FieldProblem("date", "later_than_today", {"date": date}))
    else:
        before = last_date(steps)
        if before and precedes(PartialDate(date), PartialDate(before)):
            found.append(FieldProblem("date", "before_last_event", {"date": before}))
    if act in (RETURN, REFUSE) and not (reason or "").strip():
        found.append(FieldProblem("reason", "required"))
    if len(reason or "") > LONGEST_REASON:
        values_ = {"count": len(reason or ""), "most": LONGEST_REASON}
        found.append(FieldProblem("reason", "text_too_long", values_))
    return tuple(found)


def last_date(steps: Sequence[Step]) -> str | None:
    """Return the date of the latest event that has one."""
    return max((event["date"] for step in steps for event in step["events"] if event["date"]), default=None)


def problems_of_steps(steps: Sequence[Mapping[str, Any]]) -> tuple[FieldProblem, ...]:
    """Return what is wrong with the step list of a procedure."""
    names = [str(step.get("name") or "").strip() for step in steps]
    if not names or not all(names):
        return (FieldProblem("steps", "required"),)
    if len(set(names)) < len(names):
        return (FieldProblem("steps", "step_twice", {"name": next(n for n in names if names.count(n) > 1)}),)
    long = next((name for name in names if len(name) > LONGEST_STEP), None)
    if long is not None:
        return (FieldProblem("steps", "text_too_long", {"count": len(long), "most": LONGEST_STEP}),)
    if all(step.get("optional") for step in steps):
        return (FieldProblem("steps", "steps_all_optional"),)
    return ()
