"""What the records of the user of this computer lack for the figures: one line a field, with the records behind it."""

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bri_desktop.analysis.model import BoolArray, Links, StatsData
from bri_desktop.analysis.quality import expected
from bri_desktop.db.actor import system_user
from bri_desktop.db.compact import int_columns
from bri_desktop.db.models import Change, HistoryEntry
from bri_desktop.services.due import Due
from bri_desktop.services.history import KIND
from bri_desktop.services.statistics_cache import StatisticsCache

GAPS = ("domestic_places", "foreign_places", "mode", "nature", "status", "domain", "department", "start", "outcomes")
"""The fields that are asked for: those that the figures rest on and that every office has."""


def read_gaps(session: Session, *, cache: StatisticsCache | None = None) -> tuple[Due, ...]:
    """Return a line for each field that records of mine lack, the field that most of them lack first.

    Mine is what this user logged or took in. ``title`` is the code of the field, ``number`` how many records.
    """
    data = (cache or StatisticsCache()).data(session)
    mine = np.isin(data.projects.id, _logged_by_me(session)) if len(data.projects) else np.zeros(0, np.bool_)
    if not mine.any():
        return ()
    wanted = expected(data, mine)
    lacking = {name: data.projects.id[wanted[name] & ~_has(data, name)].tolist() for name in GAPS}
    lines = [Due("gap", name, "", len(ids), project_ids=tuple(ids)) for name, ids in lacking.items() if ids]
    return tuple(sorted(lines, key=lambda line: -line.number))


def _logged_by_me(session: Session) -> np.typing.NDArray[np.int32]:
    user = system_user()
    who = or_(Change.who == user, Change.who.startswith(f"{user} ", autoescape=True),
              Change.who.startswith(f"{user}（", autoescape=True))  # fmt: skip
    mine = select(Change.id).where(who)
    query = select(HistoryEntry.record_id).where(HistoryEntry.change_id.in_(mine), HistoryEntry.kind == KIND)
    return int_columns(session, query.where(HistoryEntry.action == "create"))[0]


def _has(data: StatsData, name: str) -> BoolArray:
    projects = data.projects
    linked = {"domestic_places": data.domestic, "foreign_places": data.foreign}
    if name in linked:
        return _linked(linked[name], len(projects))
    if name == "start":
        return projects.start > 0
    return projects.has_outcome if name == "outcomes" else getattr(projects, name) >= 0


def _linked(links: Links, entries: int) -> BoolArray:
    return np.bincount(links.project, minlength=entries) > 0
