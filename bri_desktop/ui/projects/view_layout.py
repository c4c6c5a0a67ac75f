"""What a saved view keeps of the table: its columns in their order, those that stand still, order and groups."""

from collections.abc import Mapping, Sequence

from bri_desktop.services.view_items import View
from bri_desktop.ui.settings import Json


def layout_of(view: View, keys: Sequence[str]) -> dict[str, Json]:
    """Return the state of a table with the columns ``keys`` that a view asks for; what it leaves open is left out."""
    state: dict[str, Json] = {}
    if view.columns:
        hidden: list[Json] = [key for key in keys if key not in view.columns]
        state = {"hidden": hidden, "places": [*view.columns, *hidden]}
    if view.sort:
        state["sort"] = [[field, not descending] for field, descending in view.sort]
    return state | {"frozen": view.frozen}


def view_of(
    name: str, text: str, state: Mapping[str, Json], order: Sequence[tuple[str, bool]], group: str = ""
) -> View:
    """Return the view of a filter text and of a table's state, its ``order`` as (column key, ascending)."""
    hidden, places, frozen = state["hidden"], state["places"], state["frozen"]
    columns: list[str] = []
    if isinstance(hidden, list) and isinstance(places, list):
        columns = [str(key) for key in places if key not in hidden]
    sort = tuple((key, not ascending) for key, ascending in order)
    return View(name, text, tuple(columns), sort, group, frozen if isinstance(frozen, int) else 0)
