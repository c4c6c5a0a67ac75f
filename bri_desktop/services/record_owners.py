"""Which project, tie or organisation a written name means: by key, by code, by title or by its two places."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Organisation, Pair, Project
from bri_desktop.db.places import index_for
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.folding import fold
from bri_desktop.domain.vocabulary import ORGANISATION_KEY, PAIR_KEY, PROJECT_KEY, key_of, number_of
from bri_desktop.services.projects import find_ids
from bri_desktop.services.record_list import pair_name

ENDS = re.compile(r"\s*(?:—+|--+|－|–|~|～| - |与|和)\s*")
SUGGESTED = 8


class OwnerFinder:
    """Finds owners within one session; the names of ties are read once."""

    def __init__(self, session: Session, owners: Sequence[str]) -> None:
        self.session, self.owners = session, tuple(owners)
        self._pairs: dict[str, list[int]] | None = None

    def find(self, text: str) -> str:
        """Return the key of what is meant.

        Raises ``ValueProblemError``: ``owner_missing``, ``owner_unknown``, ``owner_ambiguous`` with the keys as
        ``offers``.
        """
        written = text.strip()
        if not written:
            raise ValueProblemError("owner_missing", text)
        found = self._by_key(written) or self._by_name(written)
        if not found:
            raise ValueProblemError("owner_unknown", text)
        if len(found) > 1:
            raise ValueProblemError("owner_ambiguous", text, offers=tuple(found[:SUGGESTED]), count=len(found))
        return found[0]

    def _by_key(self, text: str) -> list[str]:
        models: dict[str, tuple[str, Any]] = {
            "project": (PROJECT_KEY, Project),
            "pair": (PAIR_KEY, Pair),
            "organisation": (ORGANISATION_KEY, Organisation),
        }
        for name in self.owners:
            prefix, model = models[name]
            number = number_of(prefix, text)
            row = self.session.get(model, number) if number is not None else None
            if row is not None and row.deleted_at is None:
                return [key_of(prefix, row.id)]
        return []

    def _by_name(self, text: str) -> list[str]:
        found: list[str] = []
        if "project" in self.owners:
            alive = select(Project.id).where(Project.deleted_at.is_(None))
            coded = list(self.session.scalars(alive.where(Project.code == text)))
            titled = coded or list(self.session.scalars(alive.where(Project.title == text)))
            found += [key_of(PROJECT_KEY, number) for number in titled or self._folded(text)]
        if "pair" in self.owners and not found:
            found += [key_of(PAIR_KEY, number) for number in self._of_pairs(text)]
        if "organisation" in self.owners and not found:
            same = (Organisation.folded == fold(text), Organisation.deleted_at.is_(None))
            found += [
                key_of(ORGANISATION_KEY, number)
                for number in self.session.scalars(select(Organisation.id).where(*same))
            ]
        return found

    def _folded(self, text: str) -> list[int]:
        """Return the projects whose title is the same but for spaces, signs and traditional characters."""
        wanted = fold(text)
        if len(wanted) < 2:
            return []
        ids = find_ids(self.session, search=text, limit=50)
        rows = self.session.execute(select(Project.id, Project.title).where(Project.id.in_(ids)))
        return [number for number, title in rows if fold(title) == wanted]

    def _of_pairs(self, text: str) -> list[int]:
        if self._pairs is None:
            self._pairs = {}
            for pair in self.session.scalars(select(Pair).where(Pair.deleted_at.is_(None))):
                self._pairs.setdefault(fold(pair_name(pair)), []).append(pair.id)
        named = self._pairs.get(fold(text), [])
        return named or self._by_ends(text)

    def _by_ends(self, text: str) -> list[int]:
        ends = ENDS.split(text.strip())
        if len(ends) != 2:
            return []
        index = index_for(self.session)
        keys = [index.resolve(end).key for end in ends]
        if None in keys:
            return []
        return [
            pair.id
            for pair in self.session.scalars(select(Pair).where(Pair.deleted_at.is_(None)))
            if [pair.domestic.key, pair.foreign.key] == keys
        ]


def suggest_owners(session: Session, text: str) -> list[tuple[str, str, str]]:
    """Return (key, name, context) of projects and ties that what is typed may mean, best first."""
    wanted = fold(text)
    if not wanted:
        return []
    found: list[tuple[str, str, str]] = []
    for pair in session.scalars(select(Pair).where(Pair.deleted_at.is_(None))):
        if wanted in fold(pair_name(pair)) and len(found) < SUGGESTED // 2:
            found.append((key_of(PAIR_KEY, pair.id), pair_name(pair), key_of(PAIR_KEY, pair.id)))
    ids = find_ids(session, search=text, limit=SUGGESTED)
    rows = session.execute(select(Project.id, Project.title, Project.code).where(Project.id.in_(ids)))
    found += [(key_of(PROJECT_KEY, number), title, code or key_of(PROJECT_KEY, number)) for number, title, code in rows]
    return found[:SUGGESTED]
