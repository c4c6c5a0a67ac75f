"""What becomes of a row that reads well: new, an update, unchanged, the same as another row, or a question.

A question can be answered: the same record, another project, the same as that row. An answer names what it was asked
of, so that something like it which came up afterwards is asked again and never passed over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bri_desktop.db.projects import ProjectStore, StoredProject
from bri_desktop.domain.match import Likeness
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import differences
from bri_desktop.domain.validation import validate
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.services.history import Journal
from bri_desktop.services.intake_match import Known, Matcher, Spot, content_of
from bri_desktop.services.intake_row import PENDING, REFUSED, REFUSING, ReadRow, RowProblem, as_text
from bri_desktop.services.projects import today

LEFT_OUT = "left_out"
"""The seventh word beside the verdicts: a row that a person left out; it counts as no row of the file's data."""
SAME, SAME_ROW, OTHER, ASIDE = "same", "same_row", "other", "aside"
Changed = Mapping[str, tuple[Any, Any]]
DUPLICATE_CODES = frozenset({"possible_duplicate", "possible_duplicate_row", "code_taken"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of a row that may be another one.

    ``same``: the record ``key``; ``same_row``: the row ``spot`` of this file; ``other``: another project than those
    of ``than`` (record keys, or ``sheet!row``); ``aside``: kept aside, and not asked again in this import.
    """

    kind: str
    key: str = ""
    spot: Spot | None = None
    than: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of one row: its verdict, its record, its changes as field -> (old, new) plain values."""

    sheet: str
    number: int
    verdict: str
    key: str | None = None
    changed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: tuple[RowProblem, ...] = ()
    same_as_row: int | None = None


def token_of(spot: Spot) -> str:
    """Return how a decision names a row."""
    return f"{spot[0]}!{spot[1]}"


class Judge:
    """Gives the verdicts of one import; with a journal it also takes down the updates, for :meth:`write`."""

    def __init__(
        self,
        store: ProjectStore,
        matcher: Matcher,
        journal: Journal | None,
        decisions: Mapping[Spot, Decision],
        left_out: frozenset[Spot],
    ) -> None:
        self.store = store
        self.matcher = matcher
        self.journal = journal
        self.decisions = decisions
        self.left_out = left_out
        self._held: dict[int, StoredProject] = {}
        self._waiting: dict[int, tuple[StoredProject, ProjectDraft, Changed]] = {}

    def look_up(self, drafts: Sequence[ProjectDraft]) -> None:
        """Read what the ledger has for the rows that come next."""
        self.matcher.look_up(drafts)
        self._held = self.store.read(sorted({known.id for draft in drafts for known in self.matcher.records(draft)}))

    def write(self) -> None:
        """Write the updates since the last call."""
        if self._waiting and self.journal is not None:
            self.store.update_many([(stored, merged) for stored, merged, _ in self._waiting.values()])
            self.journal.updated_many((number, changed) for number, (_, _, changed) in self._waiting.items())
            self._held = {number: one for number, one in self._held.items() if number not in self._waiting}
        self._waiting.clear()

    def _stored(self, ids: Iterable[int]) -> dict[int, StoredProject]:
        """Return the records as they are after the updates so far."""
        wanted = list(ids)
        if not self._waiting.keys().isdisjoint(wanted):
            self.write()
        self._held |= self.store.read([number for number in wanted if number not in self._held])
        return {number: self._held[number] for number in wanted if number in self._held}

    def decide(self, sheet: str, row: ReadRow) -> tuple[RowOutcome, ReadRow]:
        """Return what becomes of a row, and the row as it is then written: without a code that it may not have."""
        spot = (sheet, row.number)
        if spot in self.left_out:
            return RowOutcome(sheet, row.number, LEFT_OUT), row
        if row.verdict:
            return RowOutcome(sheet, row.number, row.verdict, problems=row.problems), row
        decision = self.decisions.get(spot)
        if decision and decision.kind == SAME_ROW and decision.spot and decision.spot not in self.left_out:
            return RowOutcome(sheet, row.number, "duplicates", same_as_row=decision.spot[1]), row
        if decision and decision.kind == SAME:
            outcome = self._same(sheet, row, decision.key)
            if outcome is not None:
                return outcome, row
        than = decision.than if decision and decision.kind == OTHER else frozenset()
        row = self._without_taken_code(row, than)
        outcome = self._second(sheet, row, than)
        if outcome is None:
            self.matcher.remember(spot, row.draft)
            outcome = self._against_records(sheet, row, than)
        return outcome, row

    # -- answers -----------------------------------------------------------------------------------------------

    def _same(self, sheet: str, row: ReadRow, key: str) -> RowOutcome | None:
        """Return the row as an update of the record it was said to be; ``None`` where that is gone."""
        number = number_of(PROJECT_KEY, key)
        stored = self._stored([number]).get(number) if number is not None else None
        if stored is None or stored.deleted:
            return None
        self.matcher.remember((sheet, row.number), row.draft)
        first = self.matcher.claim(stored.id, (sheet, row.number))
        if first != (sheet, row.number):
            return self._unsure(sheet, row, "possible_duplicate_row", {"row": first[1], "sheet": first[0]})
        if self.matcher.holder(row.draft.code) not in (None, stored.id):
            row = _without_code(row)
        return self._update(sheet, row, Known(stored.id, None))

    def _without_taken_code(self, row: ReadRow, than: frozenset[str]) -> ReadRow:
        """Take the code off a row that is another project than the one which has it."""
        holder = self.matcher.holder(row.draft.code)
        return _without_code(row) if holder is not None and key_of(PROJECT_KEY, holder) in than else row

    # -- questions ---------------------------------------------------------------------------------------------

    def _second(self, sheet: str, row: ReadRow, than: frozenset[str]) -> RowOutcome | None:
        """Return what becomes of a row that an earlier row of the file names already."""
        earlier = self.matcher.earlier_row(row.draft)
        if earlier is not None and token_of(earlier.spot) not in than:
            if earlier.content == content_of(row.draft):
                return RowOutcome(sheet, row.number, "duplicates", same_as_row=earlier.spot[1])
            return self._of_row(sheet, row, earlier.spot)
        rival = self.matcher.rival_row(row.draft)
        if rival is not None and token_of(rival.spot) not in than:
            return self._of_row(sheet, row, rival.spot)
        return None

    def _against_records(self, sheet: str, row: ReadRow, than: frozenset[str]) -> RowOutcome:
        records = [known for known in self.matcher.records(row.draft) if key_of(PROJECT_KEY, known.id) not in than]
        if records:
            return self._of_records(sheet, row, records)
        rival = self.matcher.rival(row.draft)
        if rival is not None and key_of(PROJECT_KEY, rival.id) not in than:
            return self._of_record(sheet, row, "possible_duplicate", [rival.id])
        holder = self.matcher.holder(row.draft.code)
        if holder is not None:
            return self._of_record(sheet, row, "code_taken", [holder])
        alike = [(n, found) for n, found in self.matcher.alike(row.draft) if key_of(PROJECT_KEY, n) not in than]
        if alike:
            return self._of_record(sheet, row, "possible_duplicate", [n for n, _ in alike], alike[0][1])
        for spot, found in self.matcher.alike_rows((sheet, row.number), row.draft):
            if not self._told_from(spot, than):
                return self._of_row(sheet, row, spot, found)
        twin = self.matcher.twin_row((sheet, row.number), row.draft) if row.draft.code else None
        if twin is not None and not self._told_from(twin, than):
            return self._of_row(sheet, row, twin)
        return RowOutcome(sheet, row.number, "created")

    def _told_from(self, spot: Spot, than: frozenset[str]) -> bool:
        """Tell whether an answer said that it is another project than this row, or than the record that it is."""
        record = self.matcher.record_at(spot)
        return token_of(spot) in than or (record is not None and key_of(PROJECT_KEY, record) in than)

    def _of_records(self, sheet: str, row: ReadRow, records: list[Known]) -> RowOutcome:
        """Return the verdict on the records that a row names; of several, the one it would leave as it is."""
        if len(records) > 1:
            stored = self._stored(known.id for known in records)
            kept = [known for known in records if not differences(stored[known.id].draft, _merged(stored, known, row))]
            if len(kept) != 1:
                return self._of_record(sheet, row, "possible_duplicate", [known.id for known in records])
            records = kept
        first = self.matcher.claim(records[0].id, (sheet, row.number))
        if first != (sheet, row.number):
            return self._of_row(sheet, row, first)
        return self._update(sheet, row, records[0])

    def _of_record(
        self, sheet: str, row: ReadRow, code: str, ids: list[int], found: Likeness | None = None
    ) -> RowOutcome:
        found = found or self.matcher.compared(ids[0], row.draft)
        keys = [key_of(PROJECT_KEY, number) for number in ids]
        return self._unsure(sheet, row, code, {"key": keys[0], "others": tuple(keys[1:]), **_told(found)})

    def _of_row(self, sheet: str, row: ReadRow, spot: Spot, found: Likeness | None = None) -> RowOutcome:
        found = found or self.matcher.compared_row(spot, row.draft)
        values = {"row": spot[1], "sheet": spot[0], **_told(found)}
        return self._unsure(sheet, row, "possible_duplicate_row", values)

    def _unsure(self, sheet: str, row: ReadRow, code: str, values: Mapping[str, Any]) -> RowOutcome:
        cell = row.cell("code" if code == "code_taken" else "title")
        problem = RowProblem(sheet, cell, "title", row.draft.title or "", code, PENDING, values)
        return RowOutcome(sheet, row.number, PENDING, problems=(problem,))

    # -- updates -----------------------------------------------------------------------------------------------

    def _update(self, sheet: str, row: ReadRow, known: Known) -> RowOutcome:
        stored = self._stored([known.id])[known.id]
        merged = _merged({known.id: stored}, known, row)
        holder = self.matcher.holder(merged.code)
        if holder not in (None, stored.id):
            values = {"key": key_of(PROJECT_KEY, holder or 0), "others": (), "record": stored.key}
            return self._unsure(sheet, row, "code_taken", values)
        changed = differences(stored.draft, merged)
        if not changed:
            return RowOutcome(sheet, row.number, "unchanged", key=stored.key)
        problems = validate(merged, today=today())
        if problems:
            first = problems[0]
            text = as_text(getattr(merged, first.field))
            verdict = REFUSED if first.code in REFUSING else PENDING
            problem = RowProblem(sheet, row.cell(first.field), first.field, text, first.code, verdict, first.values)
            return RowOutcome(sheet, row.number, verdict, key=stored.key, problems=(problem,))
        if self.journal is not None:
            self._waiting[stored.id] = (stored, merged, changed)
        return RowOutcome(sheet, row.number, "updated", key=stored.key, changed=changed)


def _without_code(row: ReadRow) -> ReadRow:
    return replace(row, draft=replace(row.draft, code=None), given=row.given - {"code"})


def _told(found: Likeness | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {"score": found.score, "reasons": tuple(reason.to_json() for reason in found.reasons)}


def _merged(stored: Mapping[int, Any], known: Known, row: ReadRow) -> ProjectDraft:
    """Return the record with what the row says: blank cells leave it as it is."""
    draft: ProjectDraft = stored[known.id].draft
    values = {name: _value(draft, row.draft, name) for name in row.given}
    if row.adds_note and draft.note and row.draft.note:
        values["note"] = _joined(draft.note, row.draft.note)
    return replace(draft, **values)


def _joined(stored: str, added: str) -> str:
    """Put below a note what other columns of the file say and it does not say yet."""
    known = stored.splitlines()
    return "\n".join([stored, *(line for line in added.splitlines() if line not in known)])


def _value(stored: ProjectDraft, draft: ProjectDraft, name: str) -> Any:
    """Return what the row says of a field; the same members in another order are what is stored."""
    old, new = getattr(stored, name), getattr(draft, name)
    same = name != "outcomes" and isinstance(new, tuple) and len(old) == len(new) and set(old) == set(new)
    return old if same else new
