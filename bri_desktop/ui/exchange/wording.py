"""Words of the import pages: verdicts with their icons, values of records, times and places."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bri_desktop import i18n
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate, format_date
from bri_desktop.domain.money import format_money
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.domain.record import from_plain
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.domain.written import format_outcomes
from bri_desktop.i18n import tr
from bri_desktop.services.exchange import VERDICTS
from bri_desktop.services.intake_judge import LEFT_OUT
from bri_desktop.services.intake_place import NEW_PLACE
from bri_desktop.ui.shared.cells import Verdict

ALL = "all"
CHINA = "CN"
LOOKS: Mapping[str, tuple[str, str]] = {
    "created": ("plus", "series_3"),
    "updated": ("pencil", "series_1"),
    "unchanged": ("equal", "secondary"),
    "duplicates": ("copy", "series_4"),
    "refused": ("x", "error"),
    "pending": ("circle-question-mark", "warning"),
    LEFT_OUT: ("x", "hint"),
}
"""Verdict -> icon and colour role."""


def verdict_word(verdict: str) -> str:
    """Return the word for a verdict."""
    words = {
        "created": lambda: tr("New"),
        "updated": lambda: tr("Updated"),
        "unchanged": lambda: tr("Unchanged"),
        "duplicates": lambda: tr("Duplicate"),
        "refused": lambda: tr("Refused"),
        "pending": lambda: tr("Pending"),
        LEFT_OUT: lambda: tr("Left out"),
    }
    return words[verdict]()


def verdict_cell(verdict: str) -> Verdict:
    """Return the cell of a verdict: icon and word."""
    icon, role = LOOKS[verdict]
    return Verdict(verdict_word(verdict), icon, role, bold=verdict in ("refused", "pending"))


def equation(counts: Mapping[str, int]) -> str:
    """Return the counts as a sum: 48 = 新增 9 + 更新 14 …, verdicts of none left out."""
    parts = [f"{verdict_word(name)} {counts[name]:,}" for name in VERDICTS if counts.get(name)]
    whole = sum(counts.get(name, 0) for name in VERDICTS)
    return f"{whole:,} = " + " + ".join(parts) if parts else f"{whole:,}"


def reason_word(reason: str) -> str:
    """Return why a row of the file is no data."""
    words = {
        "header": lambda: tr("Header"),
        "title": lambda: tr("Title line"),
        "footnote": lambda: tr("Footnote"),
        "total": lambda: tr("Total"),
        "section": lambda: tr("Section heading"),
        "repeated_header": lambda: tr("Repeated header"),
        "row_left_out": lambda: tr("Row left out"),
        "left_out": lambda: tr("Left out by you"),
    }
    return words[reason]() if reason in words else tr("Other line")


def why_word(why: str, confidence: float) -> str:
    """Return by what a column was recognised, with the confidence where it is less than sure."""
    words = {
        "unknown": lambda: tr("not recognised, kept as a note"),
        "row_number": lambda: tr("running number"),
        "record_key": lambda: tr("number of the record, not needed"),
        "chosen": lambda: tr("chosen by you"),
        "profile": lambda: tr("by the profile"),
        "guessed": lambda: tr("recognised afresh in each file"),
        "displaced": lambda: tr("its field was given to another column"),
        "second_amount": lambda: tr("another column is the amount already"),
        "values": lambda: tr("its values do not fit the header"),
        "duplicate_header": lambda: tr("another column has this field"),
        "group": lambda: tr("by the header above"),
        "part": lambda: tr("by a part of its header"),
    }
    word = words.get(why, lambda: tr("by its header"))()
    if why not in ("name", "group", "part") or confidence >= 1:
        return word
    return tr("{why}, {percent} % sure", why=word, percent=round(confidence * 100))


def local_time(at: str) -> str:
    """Return a stored UTC instant in the office's own time, to the minute."""
    return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone().strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class Names:
    """Where names of codes and places are looked up."""

    codes: CodeBook
    places: PlaceIndex
    countries: Mapping[str, tuple[str, str]]

    def country(self, iso2: str) -> str:
        """Return the name of a country or region."""
        names = self.countries.get(iso2)
        return iso2 if names is None else names[0 if i18n.language() == "zh_CN" else 1]

    def place(self, key: str) -> str:
        """Return the name of a place; of one that is to be made, as it is written."""
        return key.rpartition(":")[2] if key.startswith(NEW_PLACE) else self.places.display(key, i18n.language())

    def place_context(self, key: str) -> str:
        """Return the province of a place in China, else what it lies in and its country."""
        entry = self.places.get(key)
        if entry is None:
            return ""
        province = self.places.province_of(key)
        above = self.places.display(province, i18n.language()) if province and province != key else ""
        if entry.country == CHINA:
            return above or self.country(entry.country)
        return tr(", ").join(part for part in (above, self.country(entry.country)) if part)

    def code(self, listed: str, code: str) -> str:
        """Return the label of a code."""
        return self.codes.label(listed, code, i18n.language())

    def value(self, field: str, plain: Any) -> str:
        """Return the plain value of a field as the preview shows it; empty is ``""``."""
        if not plain:
            return ""
        known = FIELD_BY_CODE[field]
        if known.kind in ("code", "codes"):
            codes = [plain] if isinstance(plain, str) else plain
            return tr(", ").join(self.code(known.list or field, code) for code in codes)
        if known.kind == "places":
            return tr(", ").join(self.place(key) for key in plain)
        if known.kind == "money":
            return format_money(from_plain(field, plain), i18n.language())
        if known.kind == "outcomes":
            return format_outcomes(from_plain(field, plain))
        return tr(", ").join(plain) if isinstance(plain, list) else str(plain)


def offer_text(field: str, offer: str) -> str:
    """Return an offered value as its button shows it: dates in words, the rest as written."""
    known = FIELD_BY_CODE.get(field)
    if known is not None and known.kind == "date" and len(offer) in (4, 7, 10) and offer[:4].isdigit():
        return format_date(PartialDate(offer), i18n.language())
    return offer
