"""The rules a project has to keep, as problems by field."""

from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import FieldProblem
from bri_desktop.domain.project import ProjectDraft

CITY_STATES = frozenset({"co:SG", "co:MC", "co:VA"})

LONGEST_TITLE = 500
"""Characters: what is longer was pasted into the wrong field."""

_ORDERS = (("started", "ended"), ("signed", "ended"), ("planned_start", "planned_end"))


def precedes(first: PartialDate, second: PartialDate) -> bool:
    """Tell whether ``first`` is surely before ``second``: at the coarser precision of the two."""
    length = min(len(first.value), len(second.value))
    return first.value[:length] < second.value[:length]


def is_whole_country(key: str) -> bool:
    """Tell whether a place key is a country that cannot itself be the city of a tie."""
    return key.startswith("co:") and key not in CITY_STATES


def validate(draft: ProjectDraft, *, today: PartialDate) -> tuple[FieldProblem, ...]:
    """Return what keeps ``draft`` from being stored; empty where nothing does."""
    problems: list[FieldProblem] = []
    if not (draft.title or "").strip():
        problems.append(FieldProblem("title", "required"))
    problems.extend(_too_long(draft))
    for earlier, later in _ORDERS:
        first, second = getattr(draft, earlier), getattr(draft, later)
        if first and second and precedes(second, first):
            problems.append(FieldProblem(later, "before_start", {"other": earlier, "date": first.value}))
    problems.extend(
        FieldProblem(field, "date_in_future", {"date": getattr(draft, field).value})
        for field in ("signed", "started", "ended")
        if getattr(draft, field) and precedes(today, getattr(draft, field))
    )
    if draft.domain and draft.domain in draft.domains:
        problems.append(FieldProblem("domains", "same_as_primary"))
    if draft.pair_kind and (len(draft.domestic_places) != 1 or len(draft.foreign_places) != 1):
        problems.append(FieldProblem("pair_kind", "pair_needs_two_places"))
    return tuple(problems)


def _too_long(draft: ProjectDraft) -> list[FieldProblem]:
    counts = {field: len((getattr(draft, field) or "").strip()) for field in ("title", "title_en")}
    return [
        FieldProblem(field, "text_too_long", {"count": count, "most": LONGEST_TITLE})
        for field, count in counts.items()
        if count > LONGEST_TITLE
    ]
