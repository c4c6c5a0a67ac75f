"""Words for codes: fields, errors and problems, the same on the screen, in Excel and on the command line."""

from collections.abc import Mapping
from typing import Any

from bri_desktop.domain.errors import UserError, Where
from bri_desktop.i18n import tr
from bri_desktop.label_names import FIELD_LABELS, code_list_label, field_label, record_kind_label, weights_name
from bri_desktop.label_reasons import REASONS
from bri_desktop.label_records import RECORD_SENTENCES
from bri_desktop.label_safety import SAFETY
from bri_desktop.label_sentences import SENTENCES as OTHER_SENTENCES
from bri_desktop.label_settings import setting_label
from bri_desktop.label_tables import table_label

__all__ = [
    "FIELD_LABELS",
    "SENTENCES",
    "code_list_label",
    "error_sentence",
    "field_label",
    "reason_text",
    "record_kind_label",
    "sentence",
    "setting_label",
    "table_label",
    "weights_name",
]

Values = Mapping[str, Any]

SENTENCES = {**OTHER_SENTENCES, **RECORD_SENTENCES, **SAFETY}


def reason_text(code: str, values: Values) -> str:
    """Return a reason of likeness in the chosen language."""
    words = REASONS.get(code)
    return words(values) if words else code


def sentence(code: str, values: Values | None = None) -> str:
    """Return the sentence for an error or problem code."""
    words = SENTENCES.get(code)
    return words(values or {}) if words else code


def error_sentence(error: UserError) -> str:
    """Return what happened and where, in one sentence."""
    place = where_text(error.where)
    text = sentence(error.code, error.values)
    return f"{place}{tr(': ')}{text}" if place else text


def where_text(where: Where) -> str:
    """Return file, sheet and cell as far as they are known."""
    parts = [part for part in (where.file, where.sheet, where.cell) if part]
    if where.field:
        parts.append(field_label(where.field))
    return " ".join(parts)
