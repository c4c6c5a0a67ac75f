"""What a written place name means: on a small index whose answers are worked out by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.place import PlaceEntry, PlaceIndex, forms_of
from bri_desktop.domain.place_names import strip_suffix, without_kind


def entry(
    key: str, level: str, parent: str, name_zh: str, name_en: str, *aliases: str, country: str = "", population: int = 0
) -> PlaceEntry:
    owner = country or ("CN" if key.startswith("cn:") else parent[3:5] or key[3:5])
    return PlaceEntry(key, level, owner, parent, name_zh, name_en, "", aliases, None, None, population, "")


ENTRIES = [
    entry("co:CN", "country", "", "中国", "China", "中华人民共和国", country="CN"),
    entry("co:CR", "country", "", "哥斯达黎加", "Costa Rica"),
    entry("co:US", "country", "", "美国", "United States", "美利坚合众国", "USA"),
    entry("co:LU", "country", "", "卢森堡", "Luxembourg"),
    entry("co:KH", "country", "", "柬埔寨", "Cambodia"),
    entry("co:DE", "country", "", "德国", "Germany"),
    entry("cn:320000", "province", "co:CN", "江苏省", "Jiangsu"),
    entry("cn:320200", "prefecture", "cn:320000", "无锡市", "Wuxi"),
    entry("cn:320211", "county", "cn:320200", "滨湖区", "Binhu District"),
    entry("cn:320500", "prefecture", "cn:320000", "苏州市", "Suzhou"),
    entry("cn:340000", "province", "co:CN", "安徽省", "Anhui"),
    entry("cn:341300", "prefecture", "cn:340000", "宿州市", "Suzhou"),
    entry("cn:220000", "province", "co:CN", "吉林省", "Jilin"),
    entry("cn:220200", "prefecture", "cn:220000", "吉林市", "Jilin"),
    entry("cn:420600", "prefecture", "co:CN", "襄阳市", "Xiangyang", "襄樊市"),
    entry("cn:532900", "prefecture", "co:CN", "大理白族自治州", "Dali", "大理州"),
    entry("cn:532901", "county", "cn:532900", "大理市", "Dali City"),
    entry("cn:310000", "province", "co:CN", "上海市", "Shanghai"),
    entry("cn:310105", "county", "cn:310000", "长宁区", "Changning District"),
    entry("cn:429004", "county", "cn:420000", "仙桃市", "Xiantao"),
    entry("cn:420000", "province", "co:CN", "湖北省", "Hubei"),
    entry("cn:810000", "province", "co:CN", "中国香港", "Hong Kong, China", "香港", "Hong Kong", country="HK"),
    entry("bri:sip", "park", "cn:320500", "苏州工业园区", "Suzhou Industrial Park", country="CN"),
    entry("gn:1", "prefecture", "co:CR", "圣何塞", "San José", population=335_000),
    entry("gn:2", "prefecture", "co:US", "圣何塞", "San Jose", population=1_000_000),
    entry("gn:3", "prefecture", "co:LU", "卢森堡市", "Luxembourg", "卢森堡", population=76_000),
    entry("iso:KH-18", "province", "co:KH", "西哈努克省", "Preah Sihanouk Province", country="KH"),
    entry("gn:4", "prefecture", "iso:KH-18", "西哈努克市", "Sihanoukville", country="KH", population=90_000),
    entry("gn:5", "prefecture", "co:DE", "柏林", "Berlin", population=3_600_000),
    entry("gn:6", "prefecture", "co:US", "柏林", "Berlin", population=19_000),
]
INDEX = PlaceIndex(ENTRIES)


@pytest.mark.parametrize(
    ("text", "options", "key"),
    [
        ("无锡市", {}, "cn:320200"),
        ("无锡", {}, "cn:320200"),
        ("無錫", {}, "cn:320200"),
        ("Wuxi", {}, "cn:320200"),
        ("wuxi city", {}, "cn:320200"),
        ("江苏无锡", {}, "cn:320200"),
        ("江苏省无锡市", {}, "cn:320200"),
        ("江苏省无锡市滨湖区", {}, "cn:320211"),
        ("Wuxi – Binhu", {}, "cn:320211"),
        ("Binhu, Wuxi, Jiangsu", {}, "cn:320211"),
        ("Suzhou, Jiangsu", {}, "cn:320500"),
        ("Suzhou (Anhui)", {}, "cn:341300"),
        ("吉林市", {}, "cn:220200"),
        ("吉林省", {}, "cn:220000"),
        ("襄樊", {}, "cn:420600"),
        ("大理", {}, "cn:532900"),
        ("大理市", {}, "cn:532901"),
        ("上海长宁", {}, "cn:310105"),
        ("香港", {"side": "foreign"}, "cn:810000"),
        ("香港", {"side": "domestic"}, "cn:810000"),
        ("San Jose", {"country": "CR"}, "gn:1"),
        ("San José, Costa Rica", {}, "gn:1"),
        ("圣何塞（美国）", {}, "gn:2"),
        ("卢森堡", {"country": "LU"}, "gn:3"),
        ("西哈努克省", {}, "iso:KH-18"),
        ("柬埔寨西哈努克市", {}, "gn:4"),
        ("柏林市", {"country": "DE"}, "gn:5"),
        ("柏林", {"side": "foreign"}, "gn:5"),
        ("德国", {}, "co:DE"),
    ],
)
def test_found(text: str, options: dict[str, str], key: str) -> None:
    match = INDEX.resolve(text, **options)
    assert (match.status, match.key) == ("exact", key)


@pytest.mark.parametrize(
    ("text", "options", "keys"),
    [
        ("Suzhou", {}, {"cn:320500", "cn:341300"}),
        ("吉林", {}, {"cn:220000", "cn:220200"}),
        ("San José", {}, {"gn:1", "gn:2"}),
        ("卢森堡", {}, {"co:LU", "gn:3"}),
        ("西哈努克", {}, {"iso:KH-18", "gn:4"}),
    ],
)
def test_two_meanings_are_left_to_the_user(text: str, options: dict[str, str], keys: set[str]) -> None:
    match = INDEX.resolve(text, **options)
    assert (match.status, match.key, {candidate.key for candidate in match.candidates}) == ("ambiguous", None, keys)


def test_unknown_name_offers_what_is_like_it() -> None:
    match = INDEX.resolve("无锡士", side="domestic")
    assert (match.status, match.key) == ("unknown", None)
    assert INDEX.resolve("Wuxii").candidates[0].key == "cn:320200"


def test_name_of_another_country_is_said_so() -> None:
    match = INDEX.resolve("柏林", country="CR")
    assert (match.status, match.reason) == ("unknown", "other_country")
    assert {candidate.key for candidate in match.candidates} == {"gn:5", "gn:6"}


def test_sides_keep_apart() -> None:
    assert INDEX.resolve("无锡", side="foreign").status == "unknown"
    assert INDEX.resolve("圣何塞", side="domestic").status == "unknown"
    assert INDEX.resolve("  ").reason == "empty"


def test_decisions_are_remembered_and_can_be_taken_back() -> None:
    decided = INDEX.extended([], {("sanjose", ""): "gn:1", ("xyz", "US"): "gn:2", ("gone", ""): "own:9"})
    assert (decided.resolve("San José").key, decided.resolve("San José").reason) == ("gn:1", "rule")
    assert decided.resolve("San José", country="US").key == "gn:2"
    assert decided.resolve("xyz", country="US").key == "gn:2"
    assert decided.resolve("xyz").status == "unknown"
    assert decided.resolve("gone").status == "unknown"
    assert INDEX.resolve("San José").status == "ambiguous"


def test_own_places_lie_on_top() -> None:
    own = entry("own:1", "prefecture", "co:DE", "新城", "Neustadt", country="DE")
    assert INDEX.extended([own], {}).resolve("Neustadt").key == "own:1"
    assert INDEX.get("own:1") is None


@pytest.mark.parametrize(
    ("key", "province", "prefecture"),
    [
        ("cn:320211", "cn:320000", "cn:320200"),
        ("cn:320200", "cn:320000", "cn:320200"),
        ("bri:sip", "cn:320000", "cn:320500"),
        ("cn:310000", "cn:310000", "cn:310000"),
        ("cn:310105", "cn:310000", "cn:310000"),
        ("cn:429004", "cn:420000", "cn:429004"),
        ("cn:320000", "cn:320000", None),
        ("cn:810000", "cn:810000", "cn:810000"),
        ("gn:4", "iso:KH-18", "gn:4"),
        ("co:DE", None, None),
        ("nowhere", None, None),
    ],
)
def test_roll_up(key: str, province: str | None, prefecture: str | None) -> None:
    assert (INDEX.province_of(key), INDEX.prefecture_of(key)) == (province, prefecture)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("美国", "US"),
        ("美利坚合众国", "US"),
        ("united states", "US"),
        ("USA", "US"),
        ("US", "US"),
        ("德意志", None),
        ("德国", "DE"),
        ("香港", "HK"),
        ("中国香港", "HK"),
        ("柬埔寨王国", "KH"),
        ("江苏省", None),
        ("", None),
    ],
)
def test_country_of(text: str, country: str | None) -> None:
    assert INDEX.country_of(text) == country


def test_names_and_descriptions() -> None:
    assert INDEX.display("cn:320211", "zh_CN") == "滨湖区"
    assert INDEX.describe("cn:320211", "zh_CN") == "滨湖区（无锡市，江苏省）"
    assert INDEX.describe("gn:1", "en") == "San José (Costa Rica)"
    assert INDEX.display("own:404", "en") == "own:404"
    assert [child.key for child in INDEX.children("cn:320000")] == ["cn:320200", "cn:320500"]


def test_completion_puts_the_whole_word_and_the_larger_city_first() -> None:
    assert [place.key for place in INDEX.complete("San Jos", side="foreign")] == ["gn:2", "gn:1"]
    assert INDEX.complete("无")[0].key == "cn:320200"
    assert [place.key for place in INDEX.complete("柏林", country="US")] == ["gn:6"]
    assert len(INDEX.complete("s", limit=2)) == 2
    assert INDEX.complete("") == []


def test_suffixes() -> None:
    assert strip_suffix("广西壮族自治区")[0] == "广西壮族"
    assert strip_suffix("苏州") == ("", frozenset())
    assert without_kind("Irkutsk Oblast") == "Irkutsk"
    assert without_kind("Republic of Buryatia") == "Buryatia"
    assert without_kind("Berlin") == ""


@given(st.text(), st.sampled_from([None, "domestic", "foreign"]), st.sampled_from([None, "CN", "US", "CR"]))
def test_any_text_gets_one_of_three_answers(text: str, side: str | None, country: str | None) -> None:
    match = INDEX.resolve(text, side=side, country=country)
    assert (match.status == "exact") == (match.key is not None)
    assert match.status in ("exact", "ambiguous", "unknown")
    assert len(match.candidates) >= 2 or match.status != "ambiguous"
    assert INDEX.resolve(text, side=side, country=country) is match


@given(st.sampled_from(ENTRIES))
def test_every_full_name_finds_its_place_or_asks(place: PlaceEntry) -> None:
    match = INDEX.resolve(place.name_zh)
    assert place.key in {match.key, *(candidate.key for candidate in match.candidates)} or match.reason == "dominant"


def test_given_forms_are_taken_as_they_are() -> None:
    made = PlaceIndex([replace(ENTRIES[7], forms=(("别名",), ()))])
    assert made.resolve("别名").key == "cn:320200"
    assert made.resolve("无锡").status == "unknown"
    assert forms_of(ENTRIES[7]) == (("无锡市",), ("wuxi", "无锡"))
