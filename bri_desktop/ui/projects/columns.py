"""The columns the ledger can show: width, order behind them, and the words of a cell."""

from collections.abc import Callable

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.money import Money, format_money
from bri_desktop.domain.record import FIELD_CODES
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.domain.written import format_outcomes
from bri_desktop.i18n import language
from bri_desktop.labels import field_label
from bri_desktop.services.project_items import ProjectItem
from bri_desktop.ui.shared.cells import ABSENT, Cell, Named, status_cell
from bri_desktop.ui.shared.model import Column

BETWEEN = "、"

UNSORTABLE = frozenset(["domains", "fields", "sdg", "corridors", "partners", "outcomes", "tags", "parent", "pair_kind"])
"""Columns with several values, or a value from elsewhere: there is no order to sort by."""
SHOWN = ("code", "title", "domestic_places", "foreign_places", "mode", "domain", "start", "amount", "status")
WIDTHS = {
    "code": 74, "title": 204, "domestic_places": 74, "foreign_places": 140, "mode": 84, "domain": 70, "start": 90,
    "amount": 90, "status": 66, "department": 120, "lead": 160, "partners": 160, "summary": 240, "results": 240,
    "outcomes": 200, "note": 160, "source": 160, "title_en": 200,
}  # fmt: skip
WIDTHS_EN = {"title": 180, "domestic_places": 116, "mode": 136, "domain": 170, "amount": 150, "status": 128}
"""English labels are longer."""
GROW = {"domestic_places": 36, "foreign_places": 60}
"""A second city is read in full on a wide screen."""
PRIORITY = {"title": 0, "domestic_places": 1, "foreign_places": 2, "status": 3, "start": 4, "code": 5, "mode": 6,
            "amount": 7, "domain": 8}  # fmt: skip
LEAST_PRIORITY = 9


def ledger_columns(codes: CodeBook) -> list[Column[ProjectItem]]:
    """Return every column of the ledger, those shown at first in front."""
    order = (*SHOWN, *(code for code in FIELD_CODES if code not in SHOWN))
    return [_column(code, codes) for code in order]


def _column(code: str, codes: CodeBook) -> Column[ProjectItem]:
    return Column(
        code,
        field_label(code),
        _cell_of(code, codes),
        _width(code),
        is_right=code == "amount",
        is_sortable=code not in UNSORTABLE,
        is_shown=code in SHOWN,
        stretch=code == "title",
        grow=GROW.get(code, 0),
        priority=PRIORITY.get(code, LEAST_PRIORITY),
    )


def _width(code: str) -> int:
    width = WIDTHS.get(code, 96)
    return width if language() == "zh_CN" else WIDTHS_EN.get(code, width)


def _cell_of(code: str, codes: CodeBook) -> Callable[[ProjectItem], Cell | str]:
    def cell(item: ProjectItem) -> Cell | str:
        text = plain_text(item, code, codes) or ABSENT
        if code == "status" and item.draft.status:
            return status_cell(item.draft.status, text)
        if code == "foreign_places" and item.foreign:
            return Named(text, countries_text(item))
        return text

    return cell


def plain_text(item: ProjectItem, code: str, codes: CodeBook) -> str:
    """Return the words of one cell, empty where nothing is entered."""
    draft = item.draft
    if code == "start":
        return start_of(item)
    if code == "mode" and draft.submode:
        return codes.label("submode", draft.submode, language())
    if code in ("domestic_places", "foreign_places"):
        places = item.domestic if code == "domestic_places" else item.foreign
        return BETWEEN.join(place.name(language()) for place in places)
    return value_text(code, getattr(draft, code), codes)


def value_text(code: str, value: object, codes: CodeBook) -> str:
    """Return the words of a field's value, empty for none; place keys stay keys."""
    if value is None or value == ():
        return ""
    field = FIELD_BY_CODE[code]
    match field.kind:
        case "code":
            return codes.label(field.list or "", str(value), language())
        case "codes" if isinstance(value, tuple):
            return BETWEEN.join(codes.label(field.list or "", one, language()) for one in value)
        case "date":
            return str(getattr(value, "value", value))
        case "money":
            return _money(value)
        case "outcomes" if isinstance(value, tuple):
            return format_outcomes(value)
    if isinstance(value, tuple):
        return BETWEEN.join(map(str, value))
    return " ".join(str(value).split())


def _money(value: object) -> str:
    return format_money(value, language()) if isinstance(value, Money) else str(value)


def start_of(item: ProjectItem) -> str:
    """Return the date a project counts from: its signing, else its beginning."""
    first = item.draft.signed or item.draft.started
    return first.value if first else ""


def countries_text(item: ProjectItem) -> str:
    """Return the countries of the foreign places, each once; a place that is a country needs none."""
    names = [item.country_name(place, language()) for place in item.foreign if place.level != "country"]
    return BETWEEN.join(dict.fromkeys(names))
