"""The ties between cities that projects make: one pair for two places and a kind, with its agreement."""

from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import Activity, Agreement, Pair, Project
from bri_desktop.db.places import PlaceStore
from bri_desktop.domain.project import ProjectDraft

AGREEMENT_OF_KIND = {
    "sister": "sister_agreement",
    "friendly": "memorandum",
    "intent": "intent_letter",
    "grassroots": "memorandum",
}


class PairStore:
    """Joins projects to their pairs within one session, and leaves no pair behind that nothing speaks of."""

    def __init__(self, session: Session, places: PlaceStore) -> None:
        self.session = session
        self.places = places
        self._ids: dict[tuple[int, int, str], int] = {}

    def join(self, project_id: int, draft: ProjectDraft, batch_id: int | None) -> None:
        """Give a project its pair, and the agreement that its signing means where it has none."""
        if len(draft.domestic_places) != 1 or len(draft.foreign_places) != 1 or not draft.pair_kind:
            return
        pair_id = self._pair_id(draft, batch_id)
        self.session.execute(update(Project).where(Project.id == project_id).values(pair_id=pair_id))
        mine = select(Agreement.id).where(Agreement.project_id == project_id, Agreement.deleted_at.is_(None)).limit(1)
        if draft.signed and not self.session.scalar(mine):
            agreement = Agreement(project_id=project_id, pair_id=pair_id, signed=draft.signed.value, batch_id=batch_id)
            agreement.kind = AGREEMENT_OF_KIND.get(draft.pair_kind)
            self.session.add(agreement)
            self.session.flush()

    def _pair_id(self, draft: ProjectDraft, batch_id: int | None) -> int:
        domestic, foreign = (self.places.id_of(keys[0]) for keys in (draft.domestic_places, draft.foreign_places))
        wanted = (domestic, foreign, draft.pair_kind or "")
        if wanted not in self._ids:
            pair = self.session.scalar(
                select(Pair).where(
                    Pair.domestic_id == domestic, Pair.foreign_id == foreign, Pair.kind == draft.pair_kind
                )
            )
            if pair is None:
                life = "intent" if draft.pair_kind == "intent" else ("signed" if draft.signed else None)
                pair = Pair(domestic_id=domestic, foreign_id=foreign, kind=draft.pair_kind, life=life)
                pair.level, pair.batch_id = draft.level, batch_id
                self.session.add(pair)
            pair.deleted_at = None
            self.session.flush()
            self._ids[wanted] = pair.id
        return self._ids[wanted]

    def follow(self, project_id: int, old_pair: int | None) -> None:
        """Take the agreements of a project along to the pair it has now; leave the old pair."""
        new_pair = self.session.scalar(select(Project.pair_id).where(Project.id == project_id))
        if new_pair == old_pair:
            return
        mine = (Agreement.project_id == project_id, Agreement.pair_id.is_(old_pair))
        kinds = {pair: self.session.scalar(select(Pair.kind).where(Pair.id == pair)) for pair in (old_pair, new_pair)}
        if kinds[old_pair] and kinds[new_pair]:
            was = AGREEMENT_OF_KIND.get(kinds[old_pair] or "")
            self.session.execute(
                update(Agreement)
                .where(*mine, Agreement.kind == was)
                .values(kind=AGREEMENT_OF_KIND.get(kinds[new_pair] or ""))
            )
        self.session.execute(update(Agreement).where(*mine).values(pair_id=new_pair))
        if old_pair is not None:
            self.settle(old_pair)

    def settle(self, pair_id: int) -> None:
        """Put a pair into the bin where no project, agreement or activity speaks of it; else take it out."""
        spoken_of = any(
            self.session.scalar(select(func.count()).where(table.pair_id == pair_id, table.deleted_at.is_(None)))
            for table in (Project, Agreement, Activity)
        )
        self.session.execute(update(Pair).where(Pair.id == pair_id).values(deleted_at=None if spoken_of else now()))
        if not spoken_of:
            self._ids = {wanted: known for wanted, known in self._ids.items() if known != pair_id}

    def follow_signing(self, project_id: int, new: str | None, old: str | None) -> None:
        """Keep the agreement that came with a project at its date, and ``start`` at the earliest signing."""
        mine = Agreement.project_id == project_id
        if old and old != new:
            of_old: Any = (mine, Agreement.signed == old)
            bare = tuple(getattr(Agreement, name).is_(None) for name in ("title", "expires", "place", "signatories"))
            if new:
                self.session.execute(update(Agreement).where(*of_old).values(signed=new))
            else:
                self.session.execute(delete(Agreement).where(*of_old, *bare))
        earliest = self.session.scalar(select(func.min(Agreement.signed)).where(mine, Agreement.deleted_at.is_(None)))
        if earliest:
            self.session.execute(update(Project).where(Project.id == project_id).values(start=earliest))
