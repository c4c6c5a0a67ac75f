"""The first rows of the ledger and its code lists, as a start shows them before the services are loaded."""

from dataclasses import dataclass
from pathlib import Path

from bri_desktop.db.first_look import first_look
from bri_desktop.domain.codebook import CodeBook, CodeLabel
from bri_desktop.services.project_items import ProjectItem, with_places


@dataclass(frozen=True, slots=True)
class FirstItems:
    """The first projects in the usual order; ``is_all`` tells whether there are no more."""

    items: tuple[ProjectItem, ...]
    is_all: bool


def first_codebook(path: Path) -> CodeBook:
    """Return every code list with its labels, the office's own codes among them, and labels of those deleted."""
    with first_look(path) as look:
        deleted = (
            CodeLabel(row["list"], row["code"], row["name_zh"], row["name_en"], row["parent"])
            for row in look.deleted_codes()
        )
        return CodeBook((CodeLabel(*row) for row in look.codes()), deleted)


def first_items(path: Path, count: int) -> FirstItems:
    """Return the newest ``count`` projects of the ledger at ``path``."""
    with first_look(path) as look:
        ids = look.newest(count + 1)
        stored = look.projects(ids[:count])
        keys = {key for one in stored for key in (*one.draft.domestic_places, *one.draft.foreign_places)}
        places = look.places(sorted(keys))
        countries = look.countries(sorted({place.country for place in places.values()}))
        items = tuple(with_places(one, places, countries) for one in stored)
    return FirstItems(items, len(ids) <= count)
