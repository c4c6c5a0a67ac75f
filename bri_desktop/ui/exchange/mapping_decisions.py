"""What a file leaves open, each thing once with its count: readings of columns, values of no list, places: no widgets.

Made on a worker, because the places that a name may mean are looked for among all there are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bri_desktop import i18n
from bri_desktop.domain.code_likeness import like_codes
from bri_desktop.domain.folding import fold
from bri_desktop.domain.habits import DAY_FIRST, JANUARY, MONTH_FIRST, OCTOBER
from bri_desktop.domain.place import PlaceEntry
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.i18n import tr
from bri_desktop.labels import field_label
from bri_desktop.services.intake_place import NEW_PLACE
from bri_desktop.services.intake_row import SECOND_AMOUNT
from bri_desktop.ui.exchange.answers import (
    COLUMN_CODES,
    PLACE_CODES,
    Answer,
    Offer,
    Question,
    column_offers,
    countries_asked,
)
from bri_desktop.ui.exchange.wording import Names

LEFT = Answer("leave", "")
"""The rows stay pending."""
MOST_COUNTRIES = 4
LIKE_COUNTRY = 60.0
TEN_THOUSAND = 10_000

_TENTH = re.compile(r"\d{4}\.1")
_ORDER = re.compile(r"\d{1,2}\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{4}")


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide: ``kind`` is column, code, country or place; ``text`` what the file says."""

    question: Question
    kind: str
    text: str
    offers: tuple[Offer, ...]
    listed: str | None = None
    """The code list, where the answer is a code."""

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from the others."""
        return self.question.key

    @property
    def field(self) -> str:
        """The field it is about."""
        return self.question.problem.field

    @property
    def rows(self) -> int:
        """In how many cells it stands."""
        return len(self.question.spots)

    @property
    def side(self) -> str:
        """On which side of a tie a place lies."""
        return "domestic" if self.field == "domestic_places" else "foreign"


def decisions_of(questions: Sequence[Question], names: Names) -> list[Decision]:
    """Return what is to be decided before the preview: columns first, then values by count."""
    found: list[Decision] = []
    dates: dict[tuple[str, ...], Question] = {}
    for question in questions:
        code = question.problem.code
        if code in COLUMN_CODES:
            found.append(_of_column(question, column_offers(code)))
        elif code == "code_unknown":
            found.append(_of_code(question, names))
        elif code == "country_unknown":
            found.append(Decision(question, "country", question.problem.value, _countries(question, names)))
        elif code in PLACE_CODES:
            found.append(Decision(question, "place", question.problem.value, _places(question, names)))
        elif code == "date_ambiguous" and (kind := _date_kind(question)):
            _gather(dates, question, kind)
    found += [_of_column(question, _date_offers(question.key[-1])) for question in dates.values()]
    return sorted(found, key=lambda one: (one.kind != "column", one.kind, -one.rows))


def _of_column(question: Question, offers: Sequence[Offer]) -> Decision:
    column = question.first.column
    text = f"{column.letter} {column.header}" if column else question.problem.value
    return Decision(question, "column", text, tuple(offers))


def _gather(dates: dict[tuple[str, ...], Question], question: Question, kind: str) -> None:
    """Put the open dates of one column together."""
    spot = question.first
    if spot.column is None:
        return
    key = ("column", spot.sheet, spot.column.letter, kind)
    before = dates.get(key)
    spots = (*(before.spots if before else ()), *question.spots)
    dates[key] = Question(key, (before or question).problem, spots)


def _date_kind(question: Question) -> str:
    text = question.problem.value.strip()
    if _TENTH.fullmatch(text):
        return "tenth"
    return "order" if _ORDER.fullmatch(text) else ""


def _date_offers(kind: str) -> list[Offer]:
    words = {
        "tenth": {JANUARY: tr("January (2017.1 is 2017-01)"), OCTOBER: tr("October (2017.1 is 2017-10)")},
        "order": {DAY_FIRST: tr("day first (03/04 is 3 April)"), MONTH_FIRST: tr("month first (03/04 is 4 March)")},
    }[kind]
    return [Offer(text, Answer("column", f"{kind}={reading}")) for reading, text in words.items()]


def _of_code(question: Question, names: Names) -> Decision:
    problem = question.problem
    known = FIELD_BY_CODE.get(problem.field)
    listed = str(problem.values.get("list") or (known.list if known else "") or problem.field)
    like = {one.code: one.score for one in like_codes(names.codes, listed, problem.value)}
    codes = [label.code for label in names.codes.codes(listed)]
    codes.sort(key=lambda code: -like.get(code, 0.0))
    offers = [
        Offer(names.code(listed, code), Answer("code", code), tr("similar") if code in like else "") for code in codes
    ]
    return Decision(question, "code", problem.value, tuple(offers), listed)


def _countries(question: Question, names: Names) -> tuple[Offer, ...]:
    wanted = fold(question.problem.value)
    words = {iso2: [fold(name) for name in both if name] for iso2, both in names.countries.items()}
    flat = [(word, iso2) for iso2, each in words.items() for word in each]
    near = process.extract(
        wanted, [word for word, _ in flat], scorer=fuzz.ratio, score_cutoff=LIKE_COUNTRY, limit=2 * MOST_COUNTRIES
    )
    codes = list(dict.fromkeys(flat[place][1] for _, _, place in near))[:MOST_COUNTRIES]
    return tuple(country_offer(iso2, names, tr("similar")) for iso2 in codes)


def country_offer(iso2: str, names: Names, why: str = "") -> Offer:
    """Return the answer that a written country is this one."""
    return Offer(names.country(iso2), Answer("code", iso2), why)


def _places(question: Question, names: Names) -> tuple[Offer, ...]:
    problem = question.problem
    side = "domestic" if problem.field == "domestic_places" else "foreign"
    asked = countries_asked(problem)
    reasons: dict[str, str] = {}
    countries: Sequence[str | None] = asked or [None]
    for country in countries:
        for candidate in names.places.resolve(problem.value, country=country, side=side).candidates:
            reasons.setdefault(candidate.key, candidate.reason)
    keys = dict.fromkeys((*problem.offers, *reasons))
    return tuple(place_offer(key, names, reasons.get(key, "same_name")) for key in keys)


def place_offer(key: str, names: Names, reason: str = "") -> Offer:
    """Return a place as an answer, with what tells it from its namesakes and why it is offered."""
    entry = names.places.get(key)
    parts = [names.place_context(key), _reason_word(reason), *(_facts(entry, names) if entry else ())]
    return Offer(names.place(key), Answer("place", key), " · ".join(part for part in parts if part))


def _facts(entry: PlaceEntry, names: Names) -> list[str]:
    people = entry.population
    if people >= TEN_THOUSAND and i18n.language() == "zh_CN":
        shown = tr("population {count}", count=f"{people / TEN_THOUSAND:,.0f} 万")
    else:
        shown = tr("population {count}", count=f"{people:,}") if people else ""
    return [shown, names.code("place_level", entry.level)]


def _reason_word(reason: str) -> str:
    words = {
        "same_name": lambda: tr("same name"),
        "same_sound": lambda: tr("same sound"),
        "similar": lambda: tr("similar"),
        "other_country": lambda: tr("in another country"),
    }
    return words[reason]() if reason in words else ""


def new_place_key(name: str, country: str) -> str:
    """Return what a place that is still to be made is called in the options."""
    return f"{NEW_PLACE}{country}:{name}"


def topic(decision: Decision) -> str:
    """Return what is asked, in a few words."""
    code = decision.question.problem.code
    if decision.kind != "column":
        return field_label(decision.field)
    if code == "money_unit_needed":
        return tr("unit of the amounts")
    if code == SECOND_AMOUNT:
        return tr("second column of amounts")
    if code == "money_dots":
        return tr("the dot in amounts")
    return tr("writing of dates")


def answer_word(decision: Decision, answer: Answer | None, names: Names) -> str:
    """Return what was decided, ``""`` where nothing was."""
    if answer is None:
        return ""
    if answer == LEFT:
        return tr("left pending")
    if answer.kind == "place" and answer.text.startswith(NEW_PLACE):
        country, _, name = answer.text.removeprefix(NEW_PLACE).partition(":")
        return tr("new place {name} ({country})", name=name, country=names.country(country))
    if answer.kind == "place":
        context = names.place_context(answer.text)
        return f"{names.place(answer.text)} {context}".strip()
    if decision.kind == "country":
        return names.country(answer.text)
    if answer.kind == "code" and decision.listed:
        return names.code(decision.listed, answer.text)
    return next((offer.text for offer in decision.offers if offer.answer == answer), answer.text)
