"""What a park or a mechanism has beside the fields of its project: its fields and the rules between them.

Values are plain, as JSON holds them: dates as ISO texts, numbers as decimal texts, money as amount and currency.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import FieldProblem
from bri_desktop.domain.record_kinds import CODE_RANGE, Plain, RecordField, RecordKind
from bri_desktop.domain.validation import precedes

PARK, MECHANISM = "demonstration_park", "exchange_mechanism"
LARGEST_AREA = Decimal(1_000_000)
"""Square kilometres: above that, somebody has written square metres or mu."""
LONGEST_INTERVAL = 600
"""Months from one edition to the next."""

PARK_PROFILE = RecordKind(
    "park_profile",
    "",
    "operator",
    (
        RecordField("operator", "organisation"),
        RecordField("area", "number"),
        RecordField("built_area", "number"),
        RecordField("tenants", "count"),
        RecordField("jobs", "count"),
        RecordField("investment", "money"),
        RecordField("phase"),
        RecordField("industries"),
        RecordField("as_of", "date"),
    ),
    owners=("project",),
    past=("as_of",),
)
MECHANISM_PROFILE = RecordKind(
    "mechanism_profile",
    "",
    "secretariat",
    (
        RecordField("secretariat", "organisation"),
        RecordField("members", "count"),
        RecordField("member_names", "long"),
        RecordField("interval_months", "count"),
        RecordField("latest_edition", "count"),
        RecordField("next_edition", "date"),
        RecordField("as_of", "date"),
    ),
    owners=("project",),
    past=("as_of",),
)
PROFILES: Mapping[str, RecordKind] = {PARK: PARK_PROFILE, MECHANISM: MECHANISM_PROFILE}
"""Mode of a project -> what it has besides."""
PROFILE_KINDS: Mapping[str, RecordKind] = {kind.code: kind for kind in PROFILES.values()}


def empty(kind: RecordKind) -> Plain:
    """Return a profile in which nothing is written."""
    return dict.fromkeys(kind.codes)


def profile_problems(kind: RecordKind, values: Mapping[str, Any], *, today: PartialDate) -> tuple[FieldProblem, ...]:
    """Return what keeps plain values from being stored; empty where nothing does."""
    found = [problem for field in kind.fields if (problem := _of_field(field, values.get(field.code)))]
    area, built = _number(values.get("area")), _number(values.get("built_area"))
    if area is not None and built is not None and built > area:
        found.append(FieldProblem("built_area", "built_above_area", {"area": values["area"]}))
    if values.get("interval_months") is not None and not 1 <= values["interval_months"] <= LONGEST_INTERVAL:
        found.append(FieldProblem("interval_months", "interval_unusable", {"most": LONGEST_INTERVAL}))
    as_of = values.get("as_of")
    if as_of and precedes(today, PartialDate(as_of)):
        found.append(FieldProblem("as_of", "as_of_in_future", {"date": as_of}))
    return tuple(found)


def _of_field(field: RecordField, value: Any) -> FieldProblem | None:
    if isinstance(value, str) and field.kind != "number" and len(value) > field.longest:
        return FieldProblem(field.code, "text_too_long", {"count": len(value), "most": field.longest})
    if field.kind == "count" and isinstance(value, int) and not 0 <= value <= CODE_RANGE:
        return FieldProblem(field.code, "count_unreadable")
    number = _number(value) if field.kind == "number" else None
    if number is not None and not 0 < number <= LARGEST_AREA:
        return FieldProblem(field.code, "area_unusable", {"most": f"{LARGEST_AREA:,}"})
    return None


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
