"""What a tie of two cities is called where its row has no title."""

from collections.abc import Callable

from bri_desktop.domain.project import ProjectDraft

PAIR_TITLES = {"sister": "友好城市", "friendly": "友好交流城市", "intent": "友好意向", "grassroots": "基层友好"}


def pair_title(draft: ProjectDraft, kind: str, name_of: Callable[[str], str]) -> str | None:
    """Return the two places by name and the kind of their tie, ``None`` where a place is missing."""
    if not draft.domestic_places or not draft.foreign_places:
        return None
    names = [name_of(key) for key in (draft.domestic_places[0], draft.foreign_places[0])]
    return f"{names[0]}—{names[1]}{PAIR_TITLES.get(kind, '')}"
