"""Sections and figures as plain JSON and back: how a frozen year keeps the very document that was declared final."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from bri_desktop.analysis.chart import Chart, MapArc, MapBase, MapGround, Series
from bri_desktop.analysis.georeference import Georeference
from bri_desktop.reports.document import Column, Figure, Heading, Paragraph, Picture, Section, Table

KIND, DECIMAL = "_", "decimal"
CLASSES: Mapping[str, type[Any]] = {
    one.__name__: one
    for one in (
        *(Chart, Series, MapGround, MapArc, MapBase, Georeference),
        *(Column, Figure, Heading, Paragraph, Picture, Section, Table),
    )
}


def to_plain(value: Any) -> Any:
    """Return a value of the document as JSON holds it; values that are the default are left out."""
    if isinstance(value, Decimal):
        return {KIND: DECIMAL, "value": str(value)}
    if is_dataclass(value) and not isinstance(value, type):
        plain: dict[str, Any] = {KIND: type(value).__name__}
        for field in fields(value):
            own = getattr(value, field.name)
            if own != field.default:
                plain[field.name] = to_plain(own)
        return plain
    if isinstance(value, tuple | list):
        return [to_plain(one) for one in value]
    return value


def from_plain(plain: Any) -> Any:
    """Return the value that :func:`to_plain` was given; lists come back as tuples."""
    if isinstance(plain, Mapping):
        kind = plain[KIND]
        if kind == DECIMAL:
            return Decimal(plain["value"])
        return CLASSES[kind](**{name: from_plain(value) for name, value in plain.items() if name != KIND})
    if isinstance(plain, Sequence) and not isinstance(plain, str):
        return tuple(from_plain(one) for one in plain)
    return plain
