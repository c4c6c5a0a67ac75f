"""Which record a row of a file is, and whether an earlier row of the same file was it already.

A code or the same title and places settle it. Only a row that nothing settles is compared by likeness.
"""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Project
from bri_desktop.db.projects import CHUNK, fingerprint
from bri_desktop.domain.lookalikes import Lookalikes
from bri_desktop.domain.match import PROBABLE, Likeness, Traits, likeness
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.intake_seen import Known as Known
from bri_desktop.services.intake_seen import PackedRows, SeenRows, Spots
from bri_desktop.services.intake_seen import Spot as Spot
from bri_desktop.services.traits import Atlas, read_traits

_values_of = attrgetter(*(one.name for one in fields(ProjectDraft) if one.name != "code"))


def start_of(draft: ProjectDraft) -> str | None:
    """Return the date by which two projects of one name are told apart."""
    start = draft.signed or draft.started
    return start.value if start else None


def compatible(first: str | None, second: str | None) -> bool:
    """Tell whether two dates can be the same one: one is missing, or one is the other, known less exactly."""
    return first is None or second is None or first.startswith(second) or second.startswith(first)


def narrow(candidates: Sequence[Known], start: str | None) -> list[Known]:
    """Return those of ``candidates`` that fit the date; an exact date leaves out the merely compatible ones."""
    exact = [known for known in candidates if known.start == start]
    return exact or [known for known in candidates if compatible(known.start, start)]


class Matcher:
    """Finds the records of a chunk of rows at once, and remembers the rows of the file.

    Records of ``own_batch`` with an id above ``since`` are rows of this file: they are told apart as rows.
    """

    def __init__(
        self,
        session: Session,
        places: PlaceIndex,
        *,
        by: str = "code",
        own_batch: int | None = None,
        since: int = 0,
    ) -> None:
        self.session = session
        self.since = since
        self.atlas = Atlas(places)
        self.by = by
        self.own_batch = own_batch
        self.seen = SeenRows()
        self._by_code: dict[str, list[Known]] = {}
        self._by_print: dict[int, list[Known]] = {}
        self._holders: dict[str, int] = {}
        self._claimed: dict[int, Spot] = {}
        self._records_at: dict[Spot, int] = {}
        self._records_alike: Lookalikes | None = None
        self._record_traits: dict[int, Traits] = {}
        self._spots, self._rows = Spots(), PackedRows()
        self._rows_alike, self._coded_alike, self._coded_ties = Lookalikes(), Lookalikes(), Lookalikes()
        self._uncoded, self._coded = 0, array("q")
        self._latest: tuple[ProjectDraft | None, Traits | None] = (None, None)

    def look_up(self, drafts: Sequence[ProjectDraft]) -> None:
        """Read what the ledger has for these drafts."""
        codes = sorted({draft.code for draft in drafts if draft.code})
        titles = sorted({draft.title for draft in drafts if draft.title}) if self.by == "title" else []
        prints = sorted({fingerprint(draft) for draft in drafts})
        self._by_code = defaultdict(list)
        self._by_print = defaultdict(list)
        self._holders = {}
        for value, known, own in self._records(Project.code, codes):
            self._holders[value] = known.id
            if self.by == "code" and not own:
                self._by_code[value].append(known)
        for value, known, own in self._records(Project.title, titles):
            if not own:
                self._by_code[value].append(known)
        for number, known, own in self._records(Project.fingerprint, prints):
            if not own:
                self._by_print[number].append(known)

    def holder(self, code: str | None) -> int | None:
        """Return the record that has this code already, made by this import or before."""
        return self._holders.get(code or "")

    def _records(self, column: Any, values: Sequence[Any]) -> list[tuple[Any, Known, bool]]:
        """Return (value, record, whether this import made it)."""
        found: list[tuple[Any, Known, bool]] = []
        for start in range(0, len(values), CHUNK):
            # The bin is left out here: as a condition it makes SQLite walk through the index of all living projects.
            query = select(column, Project.id, Project.start, Project.batch_id, Project.deleted_at)
            rows = self.session.execute(query.where(column.in_(values[start : start + CHUNK])))
            for value, record, date, batch, _ in (row for row in rows if row.deleted_at is None):
                own = batch is not None and batch == self.own_batch and record > self.since
                found.append((value, Known(record, date), own))
        return found

    def _identity(self, draft: ProjectDraft) -> str | None:
        return draft.title if self.by == "title" else draft.code

    def records(self, draft: ProjectDraft) -> list[Known]:
        """Return the records that ``draft`` can be: none, the one, or several that fit equally."""
        identity = self._identity(draft)
        if identity and self._by_code.get(identity):
            return self._by_code[identity]
        if identity and self.by == "title":
            return []
        found = narrow(self._by_print.get(fingerprint(draft), []), start_of(draft))
        if draft.code and found:
            return [known for known in found if not self._has_other_code(known.id, draft.code)]
        return found

    def _has_other_code(self, record: int, code: str) -> bool:
        own = self.session.scalar(select(Project.code).where(Project.id == record))
        return own is not None and own != code

    def earlier_row(self, draft: ProjectDraft) -> Known | None:
        """Return the earlier row of this file that names the same project."""
        if (known := self.seen.of_code(draft.code)) is not None:
            return known
        if draft.code and self.by == "code":
            return None
        rows = narrow(self.seen.of_print(fingerprint(draft)), start_of(draft))
        return rows[0] if rows else None

    def rival(self, draft: ProjectDraft) -> Known | None:
        """Return the record of the same tie under another date: one tie is not made twice."""
        found = self._by_print.get(fingerprint(draft), []) if draft.pair_kind and not draft.code else []
        return found[0] if found else None

    def rival_row(self, draft: ProjectDraft) -> Known | None:
        """Return the earlier row of this file of the same tie under another date."""
        found = self.seen.of_print(fingerprint(draft)) if draft.pair_kind and not draft.code else []
        return found[0] if found else None

    def twin_row(self, spot: Spot, draft: ProjectDraft) -> Spot | None:
        """Return the earlier row of this file that says the same in everything but the code."""
        content = content_of(draft)
        rows = self.seen.of_print(fingerprint(draft))
        return next((known.spot for known in rows if known.content == content and known.spot != spot), None)

    def remember(self, spot: Spot, draft: ProjectDraft) -> None:
        """Keep a row for the rows that follow."""
        known = Known(0, start_of(draft), content_of(draft), spot)
        self.seen.remember(known, draft.code, fingerprint(draft))

    def claim(self, record: int, spot: Spot) -> Spot:
        """Return the first row of this file that was found to be ``record``: this one, or an earlier one."""
        first = self._claimed.setdefault(record, spot)
        if first == spot:
            self._records_at[spot] = record
        return first

    def record_at(self, spot: Spot) -> int | None:
        """Return the record that a row of this file was found to be."""
        return self._records_at.get(spot)

    # -- likeness ----------------------------------------------------------------------------------------------

    def alike(self, draft: ProjectDraft) -> list[tuple[int, Likeness]]:
        """Return (id, likeness) of the records that are probably the same, best first."""
        held = self._held()
        return held.near(self._traits(draft), PROBABLE) if self._record_traits else []

    def alike_rows(self, spot: Spot, draft: ProjectDraft) -> list[tuple[Spot, Likeness]]:
        """Return (row, likeness) of the rows so far that are probably the same, and hold this one for those to come.

        Rows that their file gives different codes are different, unless they are one tie of two cities.
        """
        number = self._spots.add(spot)
        self._rows.add(draft)
        found = self._among_coded(number, draft) if draft.code else self._among_all(number, draft)
        best = sorted(found, key=lambda pair: (-pair[1].score, pair[0]))
        return [(self._spots[number], judged) for number, judged in best]

    def _among_coded(self, number: int, draft: ProjectDraft) -> list[tuple[int, Likeness]]:
        self._coded.append(number)
        found = self._rows_alike.near(self._traits(draft), PROBABLE) if self._uncoded else []
        if draft.pair_kind and (traits := self._traits(draft)).tie is not None:
            found += self._coded_ties.same_ties(traits, PROBABLE)
            self._coded_ties.add(number, traits)
        return found

    def _among_all(self, number: int, draft: ProjectDraft) -> list[tuple[int, Likeness]]:
        self._hold_coded()
        traits = self._traits(draft)
        found = self._rows_alike.near(traits, PROBABLE) + self._coded_alike.near(traits, PROBABLE)
        self._rows_alike.add(number, traits)
        self._uncoded += 1
        return found

    def _hold_coded(self) -> None:
        """Make the rows with a code ready to be found: only a row without one asks for them."""
        for number in self._coded:
            self._coded_alike.add(number, self.atlas.traits(self._rows[number]))
        self._coded = array("q")

    def compared(self, record: int, draft: ProjectDraft) -> Likeness | None:
        """Return how alike a record and a row are that something else brought together."""
        self._held()
        other = self._record_traits.get(record)
        return likeness(other, self._traits(draft)) if other is not None else None

    def compared_row(self, spot: Spot, draft: ProjectDraft) -> Likeness | None:
        """Return how alike a row so far and this one are."""
        number = self._spots.number(spot)
        return None if number is None else likeness(self.atlas.traits(self._rows[number]), self._traits(draft))

    def _traits(self, draft: ProjectDraft) -> Traits:
        known, traits = self._latest
        if known is not draft or traits is None:
            traits = self.atlas.traits(draft)
            self._latest = (draft, traits)
        return traits

    def _held(self) -> Lookalikes:
        """Return the records of the ledger as they were before this import, read at the first question."""
        if self._records_alike is None:
            self._records_alike = Lookalikes()
            for record, traits in read_traits(self.session, self.atlas, but_not_of=self.own_batch, since=self.since):
                self._records_alike.add(record, traits)
                self._record_traits[record] = traits
        return self._records_alike


def content_of(draft: ProjectDraft) -> int:
    """Return a number that rows of the same values share, whatever their code."""
    return hash(_values_of(draft))
