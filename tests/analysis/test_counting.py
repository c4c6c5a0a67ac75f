"""What counts where: the table of counting rules, line by line, and the stock equation for any ledger."""

import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from small_ledger import P, code, codes, ledger

from bri_desktop.analysis.counting import Timeline, flow_to_day, leaves, status_at, stock_equation, timeline, year_end
from bri_desktop.analysis.model import StatsData

TODAY = datetime.date(2026, 11, 23)


def lives(*projects: P) -> Timeline:
    data = ledger(projects)
    return timeline(data.projects, codes()["status"])


def test_three_projects_of_the_handbook() -> None:
    found = lives(
        P(start="2010"), P("completed", "2015", "2017-06"), P("completed", "2017-02", "2017-11"), P("completed", "2018")
    )
    assert found.stock(2017).tolist() == [True, False, False, False]
    assert found.active(2017).tolist() == [True, True, True, False]
    assert found.flow(2017).tolist() == [False, False, True, False]
    assert found.ended(2017).tolist() == [False, True, True, False]


def test_pipeline_never_starts() -> None:
    found = lives(P("idea", planned="2017-03"), P("intent", start="2016-01"), P("approval"))
    assert found.pipeline.all()
    for year in range(2014, 2020):
        assert not (found.stock(year) | found.flow(year) | found.ended(year) | found.active(year)).any()
    assert found.planned(2017).tolist() == [True, False, False]
    assert not found.undated.any()


def test_suspended_is_alive_and_an_end_date_does_not_end_it() -> None:
    found = lives(P("suspended", "2015", "2016"), P("signed", "2015"), P("active", "2015", "2016-05"))
    assert found.stock(2020).all()
    assert not found.ended(2016).any()


def test_ended_without_date_takes_the_change_of_status() -> None:
    changes = [("active", "2014"), ("completed", "2016-05"), ("terminated", "2017")]
    found = lives(P("terminated", "2014", changes=changes))
    assert found.stock(2015).all()
    assert found.ended(2016).all()
    assert not found.stock(2016).any()
    assert not found.ended_unknown.any()


def test_a_change_before_the_project_went_on_does_not_end_it() -> None:
    changes = [("failed", "2015"), ("active", "2016"), ("completed", "2018-02")]
    assert lives(P("completed", "2014", changes=changes)).end_year.tolist() == [2018]


def test_ended_nobody_knows_when_is_in_no_stock() -> None:
    found = lives(P("failed", "2014"))
    assert found.ended_unknown.all()
    assert found.flow(2014).all()
    assert not found.stock(2014).any()
    assert not found.active(2014).any()


def test_undated_is_in_no_year() -> None:
    found = lives(P("active"), P("completed", None, "2016"))
    assert found.undated.all()
    assert not found.ended(2016).any()


def test_without_a_status_the_dates_decide() -> None:
    found = lives(P(None, "2014"), P(None, "2014", "2016"))
    assert found.stock(2016).tolist() == [True, False]


def test_stock_on_a_day() -> None:
    found = lives(P(start="2026-11-23"), P(start="2026-11-24"), P("completed", "2020", "2026-11-23"), P(start="2026"))
    assert found.stock_on(TODAY).tolist() == [True, False, False, True]


def test_flow_to_the_same_day_leaves_out_what_is_not_known_to_the_day() -> None:
    data = ledger([P(start=text) for text in ("2026-11-23", "2026-11-24", "2026-10", "2026-11", "2026", "2025-01-01")])
    compared, left_out = flow_to_day(data.projects, timeline(data.projects, codes()["status"]), TODAY)
    assert compared.tolist() == [True, False, True, False, False, False]
    assert left_out.tolist() == [False, False, False, True, True, False]


def test_status_of_then() -> None:
    data = ledger([P("completed", "2014", "2018", changes=[("signed", "2014"), ("active", "2016-03")])])
    at = [status_at(data.projects, year_end(year))[0] for year in (2013, 2015, 2016)]
    assert at == [code("status", "completed"), code("status", "signed"), code("status", "active")]


def test_umbrella_counts_only_where_no_part_does() -> None:
    # 0 is over 1 and 2; 1 is over 3.
    parent = np.array([-1, 0, 0, 1], np.int32)
    everything = np.ones(4, np.bool_)
    assert leaves(parent, everything).tolist() == [False, False, True, True]
    assert leaves(parent, np.array([True, True, False, False])).tolist() == [False, True, False, False]
    assert leaves(parent, np.array([True, False, False, False])).tolist() == [True, False, False, False]
    # A part of a part that passes is enough.
    assert leaves(parent, np.array([True, False, False, True])).tolist() == [False, False, False, True]


def dates() -> st.SearchStrategy[str | None]:
    year = st.integers(2008, 2024).map(str)
    month = st.tuples(year, st.integers(1, 12)).map(lambda d: f"{d[0]}-{d[1]:02}")
    day = st.tuples(month, st.integers(1, 28)).map(lambda d: f"{d[0]}-{d[1]:02}")
    return st.one_of(st.none(), year, month, day)


statuses = st.one_of(st.none(), st.sampled_from([ref.code for ref in codes()["status"]]))
histories = st.lists(st.tuples(statuses.filter(bool), dates().filter(bool)), max_size=3)
projects = st.builds(P, status=statuses, start=dates(), ended=dates(), planned=dates(), changes=histories)


@given(st.lists(projects, max_size=30))
def test_the_stock_equation_holds(entries: list[P]) -> None:
    data: StatsData = ledger(entries)
    found = timeline(data.projects, codes()["status"])
    everyone = np.ones(len(entries), np.bool_)
    for year in range(2007, 2026):
        sides = stock_equation(found, year, everyone)
        assert sides.opening + sides.flow - sides.ended - sides.ended_unknown == sides.closing
        assert not (found.stock(year) & ~found.active(year)).any()


@given(st.lists(projects, max_size=30))
def test_every_entry_has_one_place(entries: list[P]) -> None:
    found = lives(*entries)
    flows = sum((found.flow(year).astype(int) for year in range(2008, 2025)), np.zeros(len(entries), int))
    assert (flows + found.pipeline + found.undated == 1).all()
