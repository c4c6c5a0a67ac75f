"""A plain value as a person reads it: names for codes and places, amounts with their currency."""

from typing import Any

from bri_desktop.domain.merge import is_empty
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.excel.issued_cells import BETWEEN, DOMESTIC_PLACES, FOREIGN_PLACES, PARENTS, Words
from bri_desktop.excel.issued_layout import CURRENCY
from bri_desktop.services.merging_plan import OUTCOMES_PREFIX, PlannedCell

_LISTS = {"domestic_places": DOMESTIC_PLACES, "foreign_places": FOREIGN_PLACES, "parent": PARENTS}


def value_words(field: str, value: Any, words: Words) -> str:
    """Return the words for a plain value of a field or of a part of an outcome; ``""`` for none."""
    if is_empty(value):
        return ""
    name = field.rpartition(".")[2] if field.startswith(OUTCOMES_PREFIX) else field
    if isinstance(value, dict):
        return f"{value['amount']} {words.label(CURRENCY, value['currency'])}"
    known = FIELD_BY_CODE.get(name)
    listed = _LISTS.get(name) or (known.list if known else None) or name
    values = value if isinstance(value, list) else [value]
    if values and isinstance(values[0], dict):
        return BETWEEN.join(str(one.get("what") or "") for one in values)
    return BETWEEN.join(words.label(listed, str(one)) for one in values)


def cell_words(cell: PlannedCell, words: Words) -> dict[str, str]:
    """Return the three values of a planned cell in words: ``issued``, ``current``, ``returned``."""
    return {side: value_words(cell.field, getattr(cell, side), words) for side in ("issued", "current", "returned")}
