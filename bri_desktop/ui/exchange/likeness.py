"""Questions whether a row is a record or another row: their answers, one by one or many at once, and their reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bri_desktop.i18n import tr
from bri_desktop.labels import reason_text
from bri_desktop.services.exchange import ImportOptions
from bri_desktop.services.intake_judge import ASIDE, DUPLICATE_CODES, OTHER, SAME, SAME_ROW, Decision, token_of
from bri_desktop.services.intake_row import RowProblem

INSTEAD, SKIP = "instead", "skip"
DECIDED = frozenset({SAME, SAME_ROW, INSTEAD, OTHER, SKIP, ASIDE})
"""The kinds of answers of this module."""

RowSpot = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer as a button: its word, its kind, and the key of the record it names."""

    text: str
    kind: str
    key: str = ""


def asks_of_likeness(problem: RowProblem) -> bool:
    """Tell whether a problem is a question of this kind."""
    return problem.code in DUPLICATE_CODES


def score_of(problem: RowProblem) -> int:
    """Return the likeness that a question names; what matches by its code or title and places counts as sure."""
    return int(problem.values.get("score", 100))


def choices_of(problem: RowProblem) -> list[Choice]:
    """Return the answers to a question, the likeliest first."""
    values = problem.values
    aside = Choice(tr("Keep aside"), ASIDE)
    skip = Choice(tr("Leave this row out"), SKIP)
    if problem.code == "possible_duplicate_row":
        row = values["row"]
        this = Choice(tr("Same: row {row} stands", row=row), SAME_ROW)
        that = Choice(tr("Same: this row stands"), INSTEAD)
        return [this, that, Choice(tr("Another project"), OTHER), aside]
    if problem.code == "code_taken" and values.get("record"):
        key = str(values["record"])
        return [Choice(tr("Update {key} without the code", key=key), SAME, key), skip, aside]
    keys = [str(values["key"]), *map(str, values.get("others", ()))]
    same = [Choice(tr("Same: update {key}", key=key), SAME, key) for key in keys[:3]]
    other = tr("Another project, new code") if problem.code == "code_taken" else tr("Another project")
    return [*same, Choice(other, OTHER), skip, aside]


def decided(options: ImportOptions, problem: RowProblem, spot: RowSpot, kind: str, key: str) -> ImportOptions:
    """Return the options with the question about row ``spot`` answered."""
    decisions = dict(options.decisions)
    if kind == SKIP:
        return replace(options, left_out=options.left_out | {spot})
    if kind == INSTEAD:
        decisions.pop(spot, None)
        decisions[_other_row(problem)] = Decision(SAME_ROW, spot=spot)
    elif kind == SAME_ROW:
        decisions[spot] = Decision(SAME_ROW, spot=_other_row(problem))
    elif kind == SAME:
        decisions[spot] = Decision(SAME, key=key or str(problem.values["key"]))
    elif kind == OTHER:
        before = decisions.get(spot)
        than = before.than if before and before.kind == OTHER else frozenset()
        decisions[spot] = Decision(OTHER, than=than | _asked_of(problem))
    else:
        decisions[spot] = Decision(ASIDE)
    return replace(options, decisions=decisions)


def _other_row(problem: RowProblem) -> RowSpot:
    return str(problem.values["sheet"]), int(problem.values["row"])


def _asked_of(problem: RowProblem) -> frozenset[str]:
    if problem.code == "possible_duplicate_row":
        return frozenset({token_of(_other_row(problem))})
    return frozenset({str(problem.values["key"]), *map(str, problem.values.get("others", ()))})


def is_put_aside(decisions: Mapping[RowSpot, Decision], spot: RowSpot) -> bool:
    """Tell whether a row was said to be kept aside: it is not asked again."""
    decision = decisions.get(spot)
    return decision is not None and decision.kind == ASIDE


def reasons_line(values: Mapping[str, Any]) -> str:
    """Return the score and its reasons in one line: what speaks for it, then what against; ``""`` without any."""
    reasons: Sequence[Mapping[str, Any]] = values.get("reasons", ())
    if not reasons:
        return ""
    pro = [reason_text(one["code"], one["values"]) for one in reasons if not one["against"]]
    against = [reason_text(one["code"], one["values"]) for one in reasons if one["against"]]
    said = tr("{score} % alike: {reasons}", score=values["score"], reasons=tr(", ").join(pro))
    return said + (tr("; but {reasons}", reasons=tr(", ").join(against)) if against else "")
