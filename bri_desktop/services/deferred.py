"""Work that the first page hands to the runner: each service is loaded by the thread that runs it, not by the start."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bri_desktop.domain.changes import Changes
    from bri_desktop.domain.codebook import CodeBook
    from bri_desktop.services.history import Undone
    from bri_desktop.services.places import PlaceChoice
    from bri_desktop.services.project_groups import ProjectGroup
    from bri_desktop.services.search_index import Filled
    from bri_desktop.services.view_items import FilterChoice, TakenViews, View


def undo_last(session: "Session") -> "Undone":
    """Take back the latest act on the ledger."""
    from bri_desktop.services import history

    return history.undo_last(session)


def redo_last(session: "Session") -> "Undone":
    """Do again what was taken back last."""
    from bri_desktop.services import redo

    return redo.redo_last(session)


def delete_projects(session: "Session", keys: Sequence[str]) -> "Changes":
    """Put projects into the bin in one act."""
    from bri_desktop.services import projects

    return projects.delete_projects(session, keys)


def restore_projects(session: "Session", keys: Sequence[str]) -> "Changes":
    """Take projects out of the bin in one act."""
    from bri_desktop.services import projects

    return projects.restore_projects(session, keys)


def count_projects(session: "Session") -> int:
    """Return how many projects are in the ledger, the bin left out."""
    from bri_desktop.services import projects

    return projects.count_projects(session)


def is_sample(session: "Session") -> bool:
    """Tell whether the sample was taken into this ledger."""
    from bri_desktop.services import sample_mark

    return sample_mark.is_sample(session)


def read_codebook(session: "Session") -> "CodeBook":
    """Return every code list with its labels."""
    from bri_desktop.services import reference

    return reference.read_codebook(session)


def fill_search_index(session: "Session") -> "Filled":
    """Do the next piece of what an import left to idle moments."""
    from bri_desktop.services import search_index

    return search_index.fill_search_index(session)


def list_views(session: "Session") -> "list[View]":
    """Return the saved views by name."""
    from bri_desktop.services import views

    return views.list_views(session)


def save_view(session: "Session", view: "View") -> "Changes":
    """Store a view; one of the same name is replaced."""
    from bri_desktop.services import views

    return views.save_view(session, view)


def delete_view(session: "Session", name: str) -> "Changes":
    """Forget a view."""
    from bri_desktop.services import views

    return views.delete_view(session, name)


def count_views(session: "Session") -> "dict[str, int | None]":
    """Return how many projects each saved view finds."""
    from bri_desktop.services import view_files

    return view_files.count_views(session)


def export_views(session: "Session", path: Path) -> int:
    """Write all saved views to a file."""
    from bri_desktop.services import view_files

    return view_files.export_views(session, path)


def import_views(session: "Session", path: Path) -> "TakenViews":
    """Add the views of a file."""
    from bri_desktop.services import view_files

    return view_files.import_views(session, path)


def group_projects(session: "Session", ids: Sequence[int], by: str) -> "list[ProjectGroup]":
    """Return the groups of some projects."""
    from bri_desktop.services import project_groups

    return project_groups.group_projects(session, ids, by)


def filter_choices(session: "Session", field: str) -> "list[FilterChoice]":
    """Return what occurs in the ledger for a field, most used first."""
    from bri_desktop.services import views

    return views.filter_choices(session, field)


def named_places(session: "Session", keys: Sequence[str]) -> "list[PlaceChoice]":
    """Return the places of ``keys`` as choices."""
    from bri_desktop.services import places

    return places.named_places(session, keys)
