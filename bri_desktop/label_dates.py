"""What is said of a date that cannot be read: what the cell holds where that can be told, and how to write it."""

from collections.abc import Mapping
from typing import Any

from bri_desktop.i18n import language, tr


def date_unreadable(values: Mapping[str, Any]) -> str:
    """Return the sentence: of a day that became a number, of dates inside other words, or of none at all."""
    if values.get("serial"):
        return tr(
            "A spreadsheet counts days by such numbers, and this one is {day}; write it that way.",
            day=values["serial"],
        )
    inside = [_written(one) for one in values.get("inside") or ()]
    if len(inside) == 1:
        return tr(
            "Only {date} can be read from this; write the date meant, such as 2017-05-17, 2017-05 or 2017.",
            date=inside[0],
        )
    if inside:
        return tr("Several dates stand here ({dates}); write the one meant.", dates=tr(", ").join(inside))
    return tr("This is not readable as a date; write it such as 2017-05-17, 2017-05 or 2017.")


def _written(date: str) -> str:
    if language() == "en":
        return date
    return "".join(f"{int(part)}{unit}" for part, unit in zip(date.split("-"), "年月日", strict=False))
