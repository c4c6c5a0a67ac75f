"""What the panel reads of one project: its fields, its history, and the names of all places in either."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bri_desktop.i18n import language
from bri_desktop.services.frozen_marks import FrozenMark, frozen_marks
from bri_desktop.services.history import history_of
from bri_desktop.services.places import PlaceChoice, named_places
from bri_desktop.services.projects import ProjectItem, get_project
from bri_desktop.ui.projects.history_view import place_keys


@dataclass(frozen=True, slots=True)
class Record:
    """What the panel reads of one project."""

    item: ProjectItem
    names: Mapping[str, PlaceChoice]
    history: list[dict[str, Any]]
    frozen: tuple[FrozenMark, ...] = ()


def read_record(session: Any, key: str) -> Record:
    """Return a project with its history and the names of all places in either."""
    item, history = get_project(session, key), history_of(session, key)
    keys = [*item.draft.domestic_places, *item.draft.foreign_places, *place_keys(history)]
    names = {place.key: place for place in named_places(session, list(dict.fromkeys(keys)), language())}
    return Record(item, names, history, frozen_marks(session, "project", int(key[1:])))
