"""The rows of a file so far are kept small, and say what a plain list of them would."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.db.gazetteer import load_index
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services import intake_seen
from bri_desktop.services.intake_seen import Known, PackedRows, SeenRows, Spots
from bri_desktop.services.traits import Atlas

spots = st.lists(st.tuples(st.sampled_from(["甲", "乙"]), st.integers(1, 9)), max_size=30)
dates = st.sampled_from([None, PartialDate("2015"), PartialDate("2015-06-07")])
drafts = st.builds(
    ProjectDraft,
    title=st.none() | st.text(max_size=12),
    mode=st.sampled_from([None, "sister_city"]),
    pair_kind=st.sampled_from([None, "sister"]),
    signed=dates,
    started=dates,
    amount=st.sampled_from([None, Money(Decimal("1.2345"), "USD")]),
    domestic_places=st.lists(st.sampled_from(["cn:310000", "cn:110000"]), unique=True).map(tuple),
    foreign_places=st.lists(st.sampled_from(["gn:3067696", "co:JP"]), unique=True).map(tuple),
    partners=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    summary=st.sampled_from([None, "不比较"]),
)
ATLAS = Atlas(load_index())


@given(spots)
def test_a_row_is_found_by_its_number_and_a_number_by_its_row(rows: list[tuple[str, int]]) -> None:
    held = Spots()
    assert [held.add(spot) for spot in rows] == list(range(len(rows)))
    assert [held[number] for number in range(len(held))] == rows
    last = {spot: number for number, spot in enumerate(rows)}
    for spot in [(sheet, row) for sheet in ("甲", "乙", "丙") for row in range(11)]:
        assert held.number(spot) == last.get(spot)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "", "A-1", "A-2"]),
            st.integers(-(2**63), 2**63 - 1) | st.integers(1, 3),
            st.sampled_from([None, "2015", "2015-06-07"]),
            st.integers(-(2**63), 2**63 - 1),
        ),
        max_size=20,
    )
)
def test_earlier_rows_are_told_by_code_and_by_fingerprint(rows: list[tuple[str | None, int, str | None, int]]) -> None:
    seen, plain = SeenRows(), []
    for number, (code, print_, start, content) in enumerate(rows, 1):
        known = Known(0, start, content, ("表", number))
        seen.remember(known, code, print_)
        plain.append((code, print_, known))
    for code in ("A-1", "A-2", "", None):
        first = next((known for own, _, known in plain if code and own == code), None)
        assert seen.of_code(code) == first
    for print_ in {print_ for _, print_, _, _ in rows} | {7}:
        assert seen.of_print(print_) == [known for _, own, known in plain if own == print_]


@given(st.lists(drafts, min_size=1, max_size=12), st.integers(1, 5))
def test_what_is_compared_of_a_row_comes_back(rows: list[ProjectDraft], at_once: int) -> None:
    usual, intake_seen.PACKED_AT_ONCE = intake_seen.PACKED_AT_ONCE, at_once
    try:
        packed = PackedRows()
        for draft in rows:
            packed.add(draft)
        for number in [*range(len(rows)), *reversed(range(len(rows)))]:
            assert ATLAS.traits(packed[number]) == ATLAS.traits(rows[number])
    finally:
        intake_seen.PACKED_AT_ONCE = usual
