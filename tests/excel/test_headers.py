"""What a header means: names, groups, units, and each field at most once."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop import paths
from bri_desktop.domain.folding import fold
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.excel.detect import Column
from bri_desktop.excel.grid import DateCell
from bri_desktop.excel.headers import map_columns, match_header, split_unit, synonyms

FIELDS = paths.resources() / "reference" / "fields.csv"
OTHERS = paths.resources() / "header_synonyms.csv"


def columns(*headers: str) -> list[Column]:
    return [Column(index, chr(65 + index), header) for index, header in enumerate(headers)]


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("项目名称", "title", None),
        ("地区", "domestic_places", None),
        ("城市", "domestic_places", None),
        ("中方城市", "domestic_places", None),
        ("外方城市", "foreign_places", None),
        ("友城", "foreign_places", None),
        ("国别", "country", None),
        ("国家（地区）", "country", None),
        ("国家/地区", "country", None),
        ("大洲", "continent", None),
        ("结好时间", "signed", None),
        ("签署日期", "signed", None),
        ("签署日期（年月日）", "signed", None),
        ("启动时间", "started", None),
        ("合作领域", "domain", None),
        ("合作模式", "mode", None),
        ("投资额(万元)", "amount", "万元"),
        ("投资额（亿美元）", "amount", "亿美元"),
        ("投资额（单位：万元）", "amount", "万元"),
        ("金额/万元", "amount", "万元"),
        ("投资 额\n（万元）", "amount", "万元"),
        ("总投资/亿元", "amount", "亿元"),
        ("Project title", "title", None),
        ("Partner city", "foreign_places", None),
        ("COUNTRY", "country", None),
        ("Total investment (USD million)", "amount", "usd million"),
        ("中方/城市", "domestic_places", None),
        ("外方/城市", "foreign_places", None),
        ("外方/国家", "country", None),
        ("中方/单位", "lead", None),
        ("外方/单位", "partners", None),
        ("签署/日期", "signed", None),
        ("項目名稱", "title", None),
        ("币种", "currency", None),
        ("qzsj", "signed", None),
        ("signed", "signed", None),
        ("主要合作领域（必填）", "domain", None),
        ("联系电话", None, None),
        ("", None, None),
        ("时间", None, None),
    ],
)
def test_header(header: str, field: str | None, unit: str | None) -> None:
    match = match_header(header)
    assert (match.field, match.unit and match.unit.lower()) == (field, unit)


def test_every_header_of_the_reference_table_has_its_field() -> None:
    with FIELDS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    seen: set[str] = set()
    for row in rows:
        for header in [row["code"], row["name_zh"], row["name_en"], *row["headers_seen_zh"].split(";")]:
            if header and fold(header) not in seen:
                seen.add(fold(header))
                assert match_header(header).field == row["code"], header


def test_own_additions_name_fields_and_contradict_nothing() -> None:
    with OTHERS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row["field"] in {*FIELD_BY_CODE, "country", "continent", "currency"}
        assert synonyms()[fold(row["header"])] == row["field"], row
    assert len({fold(row["header"]) for row in rows}) == len(rows)


def test_stroke_inside_a_header_is_no_group() -> None:
    assert match_header("外方/国家/地区", group="外方").field == "country"
    assert match_header("国家/地区").field == "country"


def test_values_of_another_kind_speak_against_a_likely_header() -> None:
    assert match_header("预计签署日期备注", ["2017", DateCell("2018-01-01")]).field == "signed"
    assert match_header("预计签署日期备注", ["双方同意", "另行商定"]).why == "values"


def test_each_field_once() -> None:
    matches = map_columns(columns("名称", "项目名称", "国别", "国家"), {})
    assert [(match.field, match.why) for match in matches] == [
        (None, "duplicate_header"),
        ("title", "name"),
        ("country", "name"),
        (None, "duplicate_header"),
    ]


def test_second_city_beside_the_country_is_the_foreign_one() -> None:
    matches = map_columns(columns("地区", "项目名称", "国别", "城市"), {})
    assert [match.field for match in matches] == ["domestic_places", "title", "country", "foreign_places"]


def test_unit_above_the_table_counts_for_the_amount() -> None:
    above = [Column(0, "A", "项目名称", None, "万元"), Column(1, "B", "投资额", None, "万元")]
    assert [match.unit for match in map_columns(above, {})] == [None, "万元"]


@pytest.mark.parametrize(
    ("header", "parts"),
    [("投资额（万元）", ("投资额", "万元")), ("国家（地区）", ("国家(地区)", None)), ("万元", ("万元", None))],
)
def test_split_unit(header: str, parts: tuple[str, str | None]) -> None:
    assert split_unit(header) == parts


@given(st.lists(st.sampled_from(sorted(synonyms())) | st.text(max_size=8), max_size=12))
def test_no_field_twice_and_none_lost(headers: list[str]) -> None:
    matches = map_columns(columns(*headers), {})
    assert len(matches) == len(headers)
    fields = [match.field for match in matches if match.field]
    assert len(fields) == len(set(fields))
    assert all(0 <= match.confidence <= 1 for match in matches)


def test_the_group_may_stand_behind_its_part() -> None:
    assert match_header("时间/签约", group="时间").field == "signed"
    assert match_header("时间/完成", group="时间").field == "ended"


def test_a_kind_of_tie_is_one_by_its_values() -> None:
    assert match_header("类别", ["友好城市", "友好交流"]).field == "pair_kind"
    assert match_header("类别").field == "pair_kind"
    for header in ("类别", "合作类别"):
        assert (match_header(header, ["经贸类", "园区"]).field, match_header(header, ["经贸类"]).why) == (
            None,
            "values",
        )


def test_the_only_city_of_a_list_without_titles_is_the_foreign_one() -> None:
    assert [match.field for match in map_columns(columns("城市", "国别", "结好时间"), {})][:2] == [
        "foreign_places",
        "country",
    ]
    assert [match.field for match in map_columns(columns("项目名称", "城市", "国别"), {})][1] == "domestic_places"
    assert [match.field for match in map_columns(columns("项目名称", "国别", "城市"), {})][2] == "foreign_places"
    assert map_columns(columns("项目名称", "合作方/国家", "合作方/城市"), {})[2].field == "foreign_places"
