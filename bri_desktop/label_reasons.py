"""The words for what speaks for or against two records being one."""

from collections.abc import Callable, Mapping
from typing import Any

from bri_desktop.i18n import tr

Values = Mapping[str, Any]

REASONS: Mapping[str, Callable[[Values], str]] = {
    "same_title": lambda v: tr("same title"),
    "same_tie": lambda v: tr("the same tie of two cities"),
    "titles_alike": lambda v: tr("titles {percent} % alike", percent=v["percent"]),
    "titles_differ": lambda v: tr("different titles"),
    "same_places": lambda v: tr("same places"),
    "some_domestic": lambda v: tr("domestic places overlap"),
    "some_foreign": lambda v: tr("foreign places overlap"),
    "coarser_domestic": lambda v: tr("one names only the province"),
    "coarser_foreign": lambda v: tr("one names only the country"),
    "no_domestic": lambda v: tr("a domestic place is missing"),
    "no_foreign": lambda v: tr("a foreign place is missing"),
    "other_domestic": lambda v: tr("other domestic place"),
    "other_foreign": lambda v: tr("other foreign place"),
    "same_day": lambda v: tr("same day {date}", date=v["date"]),
    "same_month": lambda v: tr("same month {date}", date=v["date"]),
    "same_year": lambda v: tr("same year {date}", date=v["date"]),
    "other_month": lambda v: tr("other date ({left}, {right})", left=v["left"], right=v["right"]),
    "other_year": lambda v: tr("other year ({left}, {right})", left=v["left"], right=v["right"]),
    "other_number": lambda v: tr("other number ({left} / {right})", left=v["left"] or "—", right=v["right"] or "—"),
    "other_word": lambda v: tr("opposed words ({words})", words=v["words"]),
    "same_amount": lambda v: tr("same amount"),
    "other_amount": lambda v: tr("other amount"),
    "shared_partner": lambda v: tr("shared partner"),
    "other_partners": lambda v: tr("other partners"),
    "other_mode": lambda v: tr("other mode"),
    "other_kind": lambda v: tr("other kind of tie"),
}
"""What speaks for or against two records being one, by the codes of ``domain.match``."""
