"""Damage of a workbook: each kind by hand, and no alarm on what honest hands do to realistic columns."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_desktop.domain.damage import (
    ColumnPair,
    agreement,
    find_column_damage,
    keys_detached,
    match_lost,
    repeated_keys,
)

STATUSES = ["构想", "意向", "审批", "签约", "实施", "中止", "完成", "终止", "失败"]
MODES = ["友好城市", "示范园区", "交流机制"]


def ledger(rows: int, seed: int = 1) -> dict[str, list[Any]]:
    """Return columns such as a ledger has: unique, of a few words, near-constant, empty, sparse."""
    chance = random.Random(seed)
    years = sorted(chance.randint(1985, 2018) for _ in range(rows))
    return {
        "title": [f"项目{number}号合作" for number in range(rows)],
        "status": [chance.choice(STATUSES) for _ in range(rows)],
        "mode": [chance.choices(MODES, [8, 1, 1])[0] for _ in range(rows)],
        "visibility": ["公开" if chance.random() > 0.03 else "内部" for _ in range(rows)],
        "signed": [f"{year}-{chance.randint(1, 12):02d}" for year in years],
        "started": [None if chance.random() < 0.6 else str(chance.randint(1985, 2018)) for _ in range(rows)],
        "amount": [None if chance.random() < 0.5 else str(chance.randint(1, 5000) * 10) for _ in range(rows)],
        "note": [None] * rows,
    }


CLOSED = {"status", "mode", "visibility"}


def pairs(issued: dict[str, list[Any]], returned: dict[str, list[Any]]) -> list[ColumnPair]:
    return [ColumnPair(name, issued[name], returned[name], name in CLOSED) for name in issued]


def told(issued: dict[str, list[Any]], returned: dict[str, list[Any]], order: Sequence[int] | None = None) -> list[Any]:
    rows = len(issued["title"])
    found = find_column_damage(pairs(issued, returned), order if order is not None else range(rows))
    return [(one.kind, one.fields, one.by) for one in found]


# -- sorted alone -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["title", "status", "mode", "signed", "amount", "started"])
@pytest.mark.parametrize("down", [False, True])
def test_a_column_sorted_alone(name: str, down: bool) -> None:
    issued = ledger(60)
    values = sorted(issued[name], key=lambda value: (value is None, value or ""), reverse=down)
    returned = {**issued, name: values}
    if values == issued[name]:
        return
    assert [(kind, fields) for kind, fields, _ in told(issued, returned)] == [("column_sorted", (name,))]


def test_a_column_sorted_alone_in_a_small_ledger() -> None:
    issued = {"title": ["丙", "甲", "乙", "丁"], "amount": ["30", "10", "20", "40"]}
    returned = {**issued, "amount": ["10", "20", "30", "40"]}
    assert told(issued, returned) == [("column_sorted", ("amount",), 0)]


def test_a_column_sorted_alone_and_then_filled_in() -> None:
    issued = ledger(80)
    returned = {**issued, "title": sorted(issued["title"], reverse=True)}
    returned["title"][3] = "改写的标题"
    assert told(issued, returned)[0][:2] == ("column_sorted", ("title",))


def test_columns_sorted_together_without_the_others_are_told_as_one() -> None:
    issued = ledger(60)
    order = sorted(range(60), key=lambda row: issued["status"][row])
    returned = {**issued, **{name: [issued[name][row] for row in order] for name in ("title", "status", "signed")}}
    ((kind, fields, _),) = told(issued, returned)
    assert (kind, set(fields)) == ("column_sorted", {"title", "status", "signed"})


# -- shifted ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [-7, -1, 1, 2, 7])
@pytest.mark.parametrize("name", ["title", "signed"])
def test_a_shifted_paste(name: str, by: int) -> None:
    issued = ledger(60)
    column = list(issued[name])
    for row in range(20, 40):
        column[row] = issued[name][row - by]
    assert told(issued, {**issued, name: column}) == [("block_shifted", (name,), by)]


def test_one_cell_inserted_shifts_all_below() -> None:
    issued = ledger(40)
    column = [*issued["title"][:10], None, *issued["title"][10:-1]]
    ((kind, fields, by),) = told(issued, {**issued, "title": column})
    assert (kind, fields, by) == ("block_shifted", ("title",), 1)


def test_three_cells_pasted_a_row_too_low_are_a_shift_and_two_are_not() -> None:
    issued = ledger(60)
    for count, kinds in ((3, [("block_shifted", ("title",), 1)]), (2, [])):
        column = list(issued["title"])
        column[21 : 21 + count] = issued["title"][20 : 20 + count]
        assert told(issued, {**issued, "title": column}) == kinds


def test_a_shifted_block_of_several_columns_is_told_as_one() -> None:
    issued = ledger(60)
    returned = {**issued}
    for name in ("title", "signed", "amount"):
        returned[name] = [issued[name][row - 3 if 15 <= row < 45 else row] for row in range(60)]
    ((kind, fields, by),) = told(issued, returned)
    assert (kind, by) == ("block_shifted", 3)
    assert {"title", "signed"} <= set(fields)


# -- no false alarm -----------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(st.integers(3, 150), st.integers(0, 10_000), st.floats(0, 0.9), st.booleans())
def test_honest_edits_raise_no_alarm(rows: int, seed: int, share: float, sort: bool) -> None:
    issued = ledger(rows, seed)
    chance = random.Random(seed + 1)
    fresh = {
        "title": lambda row: f"{issued['title'][row]}（二期）",
        "status": lambda row: chance.choice(STATUSES),
        "mode": lambda row: chance.choice(MODES),
        "visibility": lambda row: chance.choice(["公开", "内部"]),
        "signed": lambda row: f"{chance.randint(1985, 2018)}-{chance.randint(1, 12):02d}",
        "started": lambda row: str(chance.randint(1985, 2018)),
        "amount": lambda row: str(chance.randint(1, 50_000)),
        "note": lambda row: chance.choice(["已核", "待核", f"见{row}号文"]),
    }
    edited = chance.sample(sorted(fresh), 4)
    returned = {
        name: [
            fresh[name](row) if name in edited and chance.random() < share else value
            for row, value in enumerate(values)
        ]
        for name, values in issued.items()
    }
    order = list(range(rows))
    if sort:
        by = chance.choice(sorted(fresh))
        order.sort(key=lambda row: (returned[by][row] is None, returned[by][row] or ""))
    moved = [{name: [side[name][row] for row in order] for name in side} for side in (issued, returned)]
    assert told(moved[0], moved[1], order) == []


@pytest.mark.parametrize("value", ["实施", None])
def test_a_column_filled_down_is_no_damage(value: Any) -> None:
    issued = ledger(80)
    assert told(issued, {**issued, "status": [value] * 80}) == []
    assert told(issued, {**issued, "note": ["已核"] * 80}) == []


def test_a_few_exchanged_words_are_no_damage() -> None:
    issued = {"title": [f"项目{n}" for n in range(50)], "visibility": ["公开"] * 46 + ["内部"] * 4}
    returned = {**issued, "visibility": ["内部"] * 4 + ["公开"] * 46}
    assert told(issued, returned) == []


def test_two_exchanged_values_are_no_damage() -> None:
    issued = ledger(30)
    column = list(issued["title"])
    column[3], column[9] = column[9], column[3]
    assert told(issued, {**issued, "title": column}) == []


# -- keys ---------------------------------------------------------------------------------------------------------


def test_repeated_keys() -> None:
    assert repeated_keys(["P1", "P2", None, "P1", None]) == {"P1": [0, 3]}
    assert agreement(["a", None, "b"], ["a", None, "c"]) == 1


def test_rows_sorted_without_their_keys() -> None:
    issued = list("abcdefgh")
    assert keys_detached(issued, list("hgfedcba"))
    assert keys_detached(issued, [*"hgfedcb", "x"])
    assert not keys_detached(issued, issued)
    assert not keys_detached(issued, [*"abcdefg", "x"])
    assert not keys_detached(issued, [f"{one}2" for one in issued])


def test_rows_find_the_keys_they_lost() -> None:
    lost = {"P1": ("甲", 1, 2), "P2": ("乙", 1, 2), "P3": ("甲", 5, 6), "P4": ("丁", 7, 8)}
    rows = [("甲", 5, 9), ("乙", 1, 2), ("新", 1, 2), ("甲", 1, 3)]
    assert match_lost(lost, rows, [row[0] for row in rows]) == {1: "P2", 0: "P3", 3: "P1"}


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 2)), max_size=8))
def test_no_key_is_found_twice(rows: list[Any]) -> None:
    lost = {"P1": ("甲", 1), "P2": ("甲", 2), "P3": ("乙", 0)}
    found = match_lost(lost, rows, [row[0] for row in rows])
    assert len(set(found.values())) == len(found)
