"""Fields given as written text (``signed=2017年5月``): the command line's way to log and change a project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bri_desktop.db.places import index_for
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.services.intake_row import MappedColumn, ReadingRules, RowProblem, RowReader
from bri_desktop.services.projects import today
from bri_desktop.services.reference import known_names, project_finder, read_codebook

READABLE = (*FIELD_BY_CODE, "country")


@dataclass(frozen=True, slots=True)
class WrittenFields:
    """What assignments say: the fields set, the fields cleared, and what could not be read."""

    draft: ProjectDraft
    given: frozenset[str]
    cleared: frozenset[str]
    problems: tuple[RowProblem, ...]

    def onto(self, stored: ProjectDraft) -> ProjectDraft:
        """Return ``stored`` with the given fields set and the cleared ones empty."""
        values = {name: getattr(self.draft, name) for name in self.given}
        empty = ProjectDraft()
        return replace(stored, **values, **{name: getattr(empty, name) for name in self.cleared - self.given})


def split_assignments(texts: Sequence[str]) -> dict[str, str]:
    """Return field -> written value of ``FIELD=VALUE`` words."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError("assignment_unreadable", text=text)
        if name not in READABLE:
            raise InputError("field_unknown", field=name)
        found[name] = value
    return found


def read_written(session: Session, assignments: Mapping[str, str], *, new: bool) -> WrittenFields:
    """Return the typed values of written ones; a new project is also checked as a whole."""
    names = list(assignments)
    columns = [MappedColumn(number, name, name, name) for number, name in enumerate(names)]
    names_known, finder = known_names(session), project_finder(session)
    rules = ReadingRules("", columns, read_codebook(session), index_for(session), names_known, finder, today())
    row = RowReader(rules).read(0, [assignments[name] for name in names])
    draft = row.draft
    given = row.given & _touched(names)
    problems = tuple(p for p in row.problems if new or p.field in assignments)
    cleared = frozenset(name for name in names if not assignments[name].strip() and name in FIELD_BY_CODE)
    return WrittenFields(draft, given, cleared, tuple(replace(p, cell="", sheet="") for p in problems))


def _touched(names: Sequence[str]) -> frozenset[str]:
    also = {"country": {"foreign_places"}, "domain": {"domains"}, "mode": {"submode"}, "submode": {"mode"}}
    return frozenset(names).union(*(also.get(name, set()) for name in names))
