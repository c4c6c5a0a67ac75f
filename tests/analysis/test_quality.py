"""How complete and tended the records are, counted by hand."""

import datetime

import numpy as np
from small_ledger import P, ledger

from bri_desktop.analysis.facts import AsideFact, Care, Facts, IssuedFact
from bri_desktop.analysis.model import ints
from bri_desktop.analysis.quality import FIELDS, quality

TODAY = datetime.date(2020, 6, 30)


def test_quality_by_hand() -> None:
    data = ledger([P("active", "2015", department=0), P("idea"), P("completed", "2015", department=0)])
    filled = {name: ints([1, 1, 1]) for name in FIELDS} | {"level": ints([0, 0, 1]), "outcomes": ints([0, 0, 1])}
    filled |= {"start": ints([1, 0, 1]), "department": ints([1, 0, 1])}
    care = Care(
        filled=filled,
        touched=ints([20190629, 20190630, 20100101]),
        twins=((0, 2),),
        issued=(
            IssuedFact(1, "1", 0, 20200629, False),
            IssuedFact(2, "2", 0, 0, False),
            IssuedFact(3, "3", 1, 0, True),
        ),
        aside=(AsideFact(1, "a.xlsx", "台账", 3, "pending"), AsideFact(2, "a.xlsx", "台账", 4, "refused")),
    )
    found = quality(data, Facts(care=care), np.ones(3, np.bool_), TODAY, "未填")
    # 12 fields; the idea needs neither a start nor an outcome: 12 + 10 + 12 cells.
    assert found.completeness == (34 - 4) / 34
    assert (found.missing["level"], found.missing["outcomes"], found.missing["start"], found.missing["department"]) == (
        2,
        1,
        0,
        1,
    )
    assert found.fields["outcomes"] == 0.5
    assert (found.untouched, found.duplicates, found.duplicate_groups) == (1, 2, 1)  # an ended one need not be touched
    assert (found.pending, found.refused, found.outstanding, found.overdue) == (1, 1, 2, 1)
    none, office = found.departments
    assert (none.key, none.label, none.completeness) == (None, "未填", 8 / 10)
    assert (office.label, office.records, office.outstanding, office.overdue) == ("市商务局", 2, 2, 1)
    assert office.completeness == 22 / 24


def test_no_record_is_no_quality() -> None:
    data = ledger([])
    found = quality(data, Facts(), np.ones(0, np.bool_), TODAY, "未填")
    assert (found.completeness, found.departments, found.fields["mode"]) == (None, (), None)
