"""The cells of an exported ledger, made from the rows of the tables: what ledgers say over and over is worded once."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.db.raw_projects import AT, RawProject, read_places_by_id, read_raw
from bri_desktop.db.scaled import from_scaled
from bri_desktop.db.stored import StoredPlace
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.money import HOME_CURRENCY, Money
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.domain.vocabulary import FIELDS, PROJECT_KEY, Field, key_of
from bri_desktop.i18n import language
from bri_desktop.services.projects import country_names

BETWEEN = "；"
Words = Callable[[RawProject], Any]
PlaceText = Callable[[StoredPlace, str, Sequence[str]], str]
"""How a place of a side (``domestic``, ``foreign``) is written beside those countries."""


class LedgerCells:
    """Words the projects of one export."""

    def __init__(
        self,
        session: Session,
        codes: CodeBook,
        place_text: PlaceText,
        outcome_text: Callable[[OutcomeDraft], str],
    ) -> None:
        self.session = session
        self.codes = codes
        self.place_text = place_text
        self.outcome_text = outcome_text
        self._chinese = language() == "zh_CN"
        self._countries = country_names(session)
        self._places: dict[int, StoredPlace] = {}
        self._labels: dict[tuple[str, str], str] = {}
        self._place_texts: dict[tuple[Any, ...], tuple[str | None, str | None]] = {}
        self._words = list(self._columns())

    def rows(self, ids: Sequence[int]) -> Iterator[list[Any]]:
        """Give the cells of each project of ``ids`` that exists, in that order."""
        raw = list(read_raw(self.session, ids))
        self._know_places(raw)
        return ([word(project) for word in self._words] for project in raw)

    def _know_places(self, raw: Sequence[RawProject]) -> None:
        used = {place for one in raw for side in ("domestic", "foreign") for place in one.lists.get(side, ())}
        self._places |= read_places_by_id(self.session, sorted(used - self._places.keys()))

    def _columns(self) -> Iterator[Words]:
        for field in FIELDS:
            yield self._column(field)
            if field.code == "foreign_places":
                yield lambda one: self._placed(one, "foreign")[1]
            if field.code == "amount":
                yield lambda one: one.row[AT["currency"]] if one.row[AT["amount"]] is not None else None

    def _column(self, field: Field) -> Words:
        at = AT.get(field.code, 0)
        match field.kind:
            case "code":
                return self._code(field.list or "", at)
            case "codes":
                return self._codes(field.list or "")
            case "places":
                side = field.code.removesuffix("_places")
                return lambda one: self._placed(one, side)[0]
            case "date":
                return lambda one: one.row[at] or None
            case "money":
                return lambda one: None if one.row[at] is None else from_scaled(one.row[at])
            case "outcomes":
                return self._outcomes
            case "texts" | "organisations":
                name = field.code
                return lambda one: BETWEEN.join(one.lists.get(name, ())) or None
            case "project":
                parent = AT["parent_id"]
                return lambda one: key_of(PROJECT_KEY, one.row[parent]) if one.row[parent] else None
        return lambda one: one.row[at]

    def _label(self, name: str, code: str) -> str:
        found = self._labels.get((name, code))
        if found is None:
            found = self._labels[name, code] = self.codes.label(name, code, language())
        return found

    def _code(self, name: str, at: int) -> Words:
        def word(one: RawProject) -> str | None:
            code = one.row[at]
            return None if code is None else self._label(name, code) or None

        return word

    def _codes(self, name: str) -> Words:
        def word(one: RawProject) -> str | None:
            codes = one.lists.get(name)
            return BETWEEN.join([self._label(name, code) for code in codes]) or None if codes else None

        return word

    def _placed(self, one: RawProject, side: str) -> tuple[str | None, str | None]:
        """Return the words of a side's places and of their countries."""
        ids = one.lists.get(side)
        if not ids:
            return None, None
        key = (side, *ids)
        found = self._place_texts.get(key)
        if found is None:
            places = [self._places[number] for number in ids]
            lands = sorted({place.country for place in places}) if side == "foreign" else []
            texts = [self.place_text(place, side, lands) for place in places if place.level != "country"]
            names = dict.fromkeys(self._countries[place.country][0 if self._chinese else 1] for place in places)
            found = self._place_texts[key] = (BETWEEN.join(texts) or None, BETWEEN.join(names) or None)
        return found

    def _outcomes(self, one: RawProject) -> str | None:
        outcomes = one.lists.get("outcomes")
        if not outcomes:
            return None
        made = (
            OutcomeDraft(what=what, quantity=quantity, unit=unit, amount=_money(amount, currency))
            for what, quantity, unit, amount, currency in outcomes
        )
        return BETWEEN.join(map(self.outcome_text, made)) or None


def _money(amount: Any, currency: str | None) -> Money | None:
    return None if amount is None else Money(amount, currency or HOME_CURRENCY)
