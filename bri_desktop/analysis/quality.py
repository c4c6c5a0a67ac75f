"""How complete and how tended the records are (信息统计困难), by department and field."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from bri_desktop.analysis.counting import has_status, pack_day
from bri_desktop.analysis.facts import Care, Facts
from bri_desktop.analysis.model import BoolArray, StatsData
from bri_desktop.domain.vocabulary import ALIVE, ENDED, PIPELINE

FIELDS = (
    "mode",
    "nature",
    "status",
    "domain",
    "level",
    "domestic_places",
    "foreign_places",
    "department",
    "start",
    "amount",
    "outcomes",
    "source",
)
"""The fields that the figures rest on. A start is expected of what was begun, a result of what is in
implementation or later; every other field of every project."""

UNTOUCHED_MONTHS = 12


@dataclass(frozen=True, slots=True)
class DepartmentQuality:
    """A department (key ``None``: none is named): cells filled of those expected, the same by field, records not
    touched for twelve months, probable duplicates, workbooks issued and not returned, and of them overdue."""

    key: str | None
    label: str
    records: int
    completeness: float | None
    fields: Mapping[str, float | None]
    missing: Mapping[str, int]
    untouched: int
    duplicates: int
    outstanding: int
    overdue: int


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """All departments, the least complete first; ``fields`` over all of them. ``masks``: field, untouched,
    duplicates -> entries."""

    records: int
    completeness: float | None
    fields: Mapping[str, float | None]
    missing: Mapping[str, int]
    untouched: int
    duplicate_groups: int
    duplicates: int
    pending: int
    refused: int
    outstanding: int
    overdue: int
    departments: tuple[DepartmentQuality, ...]
    masks: Mapping[str, BoolArray] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints."""
        names = ("records", "completeness", "untouched", "duplicate_groups", "duplicates", "pending", "refused")
        plain: dict[str, Any] = {name: getattr(self, name) for name in (*names, "outstanding", "overdue")}
        plain |= {"fields": dict(self.fields), "missing": dict(self.missing)}
        return plain | {"departments": [asdict(department) for department in self.departments]}


def expected(data: StatsData, selected: BoolArray) -> dict[str, BoolArray]:
    """Return field -> which entries should have it."""
    codes, status = data.codes["status"], data.projects.status
    begun = selected & ~has_status(status, codes, PIPELINE)
    later = selected & has_status(status, codes, (*ALIVE[1:], *ENDED))
    return {name: {"start": begun, "outcomes": later}.get(name, selected) for name in FIELDS}


def quality(data: StatsData, facts: Facts, selected: BoolArray, today: datetime.date, no_department: str) -> Quality:
    """Return the quality of the ``selected`` records; ``no_department`` words those that name none."""
    care, wanted = facts.care, expected(data, selected)
    empty = {name: wanted[name] & ~_filled(care, name, len(data.projects)) for name in FIELDS}
    masks = {**{f"no_{name}": mask for name, mask in empty.items()}, **_neglected(data, care, selected, today)}
    department = data.projects.department + 1
    size = len(data.organisations) + 1

    def by_department(mask: BoolArray) -> list[int]:
        return [int(n) for n in np.bincount(department[mask], minlength=size)]

    records = by_department(selected)
    wants = {name: by_department(mask) for name, mask in wanted.items()}
    lacks = {name: by_department(mask) for name, mask in empty.items()}
    others = {name: by_department(masks[name]) for name in ("untouched", "duplicates")}
    out, late = _outstanding(care, size, today)
    rows = [
        DepartmentQuality(
            key=data.organisations[n - 1].key if n else None,
            label=data.organisations[n - 1].name if n else no_department,
            records=records[n],
            completeness=_rate(sum(w[n] for w in wants.values()), sum(m[n] for m in lacks.values())),
            fields={name: _rate(wants[name][n], lacks[name][n]) for name in FIELDS},
            missing={name: lacks[name][n] for name in FIELDS},
            untouched=others["untouched"][n],
            duplicates=others["duplicates"][n],
            outstanding=out[n],
            overdue=late[n],
        )
        for n in range(size)
        if records[n] or out[n]
    ]
    rows.sort(key=lambda row: (row.completeness is None, row.completeness or 0.0, -row.records, row.label))
    return Quality(
        records=sum(records),
        completeness=_rate(sum(map(sum, wants.values())), sum(map(sum, lacks.values()))),
        fields={name: _rate(sum(wants[name]), sum(lacks[name])) for name in FIELDS},
        missing={name: sum(lacks[name]) for name in FIELDS},
        untouched=sum(others["untouched"]),
        duplicate_groups=sum(any(selected[n] for n in group) for group in care.twins),
        duplicates=sum(others["duplicates"]),
        pending=sum(row.verdict == "pending" for row in care.aside),
        refused=sum(row.verdict == "refused" for row in care.aside),
        outstanding=sum(out),
        overdue=sum(late),
        departments=tuple(rows),
        masks=masks,
    )


def _rate(wanted: int, missing: int) -> float | None:
    return (wanted - missing) / wanted if wanted else None


def _filled(care: Care, name: str, entries: int) -> BoolArray:
    found = care.filled.get(name)
    return np.zeros(entries, np.bool_) if found is None else found.astype(np.bool_)


def _neglected(data: StatsData, care: Care, selected: BoolArray, today: datetime.date) -> dict[str, BoolArray]:
    """Return what is alive or coming and was not touched for twelve months, and the probable duplicates."""
    limit = pack_day(today) - 10000 * UNTOUCHED_MONTHS // 12
    over = has_status(data.projects.status, data.codes["status"], ENDED)
    untouched = np.zeros(len(selected), np.bool_)
    if care.touched.size:
        untouched = selected & ~over & (care.touched < limit)
    twins = np.zeros(len(selected), np.bool_)
    twins[[n for group in care.twins for n in group]] = True
    return {"untouched": untouched, "duplicates": twins & selected}


def _outstanding(care: Care, size: int, today: datetime.date) -> tuple[list[int], list[int]]:
    out, late = [0] * size, [0] * size
    for book in care.issued:
        if not book.returned:
            out[book.department + 1] += 1
            late[book.department + 1] += 0 < book.due < pack_day(today)
    return out, late
