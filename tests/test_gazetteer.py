"""The shipped gazetteer: every place has the right owner, the report's places are found, the tables agree."""

import csv
import time
from collections import Counter
from dataclasses import replace

import pytest

from bri_desktop import paths
from bri_desktop.db.gazetteer import load_entries, load_index
from bri_desktop.domain.pinyin import search_keys
from bri_desktop.domain.place import CHINA, forms_of
from bri_desktop.domain.place_names import LEVELS

ENTRIES = load_entries()
INDEX = load_index()

SOUTH_TIBET = [(27.0, 29.6, 91.5, 93.85), (27.86, 29.6, 91.5, 97.5)]
"""South, north, west, east in degrees: two boxes that leave out the plain of Assam."""

NORTH_EAST_NAMES = {
    "Itanagar", "Naharlagun", "Along", "Tezu", "Tawang", "Bomdila", "Ziro", "Pasighat", "Seppa", "Roing", "Namsai",
}  # fmt: skip


def _reference(name: str) -> list[dict[str, str]]:
    with (paths.resources() / "reference" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


COUNTRIES = {row["iso2"]: row for row in _reference("countries.csv")}


# -- owners ---------------------------------------------------------------------------------------------------------


def test_every_country_is_in_the_reference_list() -> None:
    assert {entry.country for entry in ENTRIES} - set(COUNTRIES) == set()
    assert "XK" not in {entry.country for entry in ENTRIES}


def test_every_country_is_a_place_and_the_regions_of_china_are_none() -> None:
    keys = {entry.key for entry in ENTRIES if entry.level == "country"}
    assert keys == {f"co:{code}" for code, row in COUNTRIES.items() if not row["region_of"]}
    assert not keys & {"co:HK", "co:MO", "co:TW"}


def test_regions_of_china_are_named_as_such() -> None:
    names = {key: INDEX.get(key) for key in ("cn:810000", "cn:820000", "cn:710000")}
    assert [entry.name_zh for entry in names.values() if entry] == ["中国香港", "中国澳门", "中国台湾"]
    assert [entry.name_en for entry in names.values() if entry] == ["Hong Kong, China", "Macao, China", "Taiwan, China"]
    assert [entry.country for entry in names.values() if entry] == ["HK", "MO", "TW"]


def test_places_of_china_come_from_the_reviewed_units_only() -> None:
    assert [entry.key for entry in ENTRIES if entry.country in CHINA and entry.key.startswith("gn:")] == []
    taiwan = {entry.name_zh for entry in ENTRIES if entry.country == "TW"}
    assert {"台北市", "高雄市", "台中市", "台南市", "新北市"} <= taiwan
    assert INDEX.get("cn:350527") is not None, "金门县 is a county of 泉州市"


def test_south_tibet_is_not_abroad() -> None:
    found = [
        entry.name_en
        for entry in ENTRIES
        if entry.country == "IN" and entry.lat is not None and entry.lon is not None
        for south, north, west, east in SOUTH_TIBET
        if south <= entry.lat <= north and west <= entry.lon <= east
    ]
    assert found == []
    assert not {entry.name_en for entry in ENTRIES if entry.country == "IN"} & NORTH_EAST_NAMES
    assert not [entry for entry in ENTRIES if "Arunachal" in entry.name_en or "阿鲁纳恰尔" in entry.name_zh]


def test_islands_of_china_are_china() -> None:
    for name in ("南海诸岛", "西沙群岛", "南沙群岛", "中沙群岛", "东沙群岛", "黄岩岛", "钓鱼岛", "钓鱼岛及其附属岛屿"):
        match = INDEX.resolve(name, side="domestic")
        assert match.key, name
        entry = INDEX.get(match.key)
        assert entry is not None
        assert entry.country == "CN", name
    for word in ("尖阁", "Senkaku", "Paracel", "Spratly", "Hoàng Sa", "Trường Sa", "Kalayaan", "Scarborough Shoal"):
        assert not [entry for entry in ENTRIES if word in f"{entry.name_zh};{entry.name_en};{entry.aliases}"], word


def test_no_foreign_place_lies_among_the_islands() -> None:
    seas = {"VN": (6.0, 22.0, 110.0), "PH": (4.5, 22.0, 110.0), "MY": (7.5, 22.0, 110.0)}
    for entry in ENTRIES:
        if entry.country in seas and entry.lat is not None and entry.lon is not None:
            south, north, west = seas[entry.country]
            assert not (south <= entry.lat <= north and west <= entry.lon <= 116.5), entry.name_en


def test_disputed_codes_of_the_source_are_settled() -> None:
    assert INDEX.resolve("Pristina", country="RS").status == "exact"
    malvinas = [entry for entry in ENTRIES if -53 < (entry.lat or 0) < -51 and -62 < (entry.lon or 0) < -57]
    assert malvinas == []
    assert not [entry for entry in ENTRIES if "El Aaiún" in entry.name_en or "Laayoune" in entry.name_en]


# -- shape ----------------------------------------------------------------------------------------------------------


def test_keys_levels_and_parents() -> None:
    assert [key for key, count in Counter(entry.key for entry in ENTRIES).items() if count > 1] == []
    assert {entry.level for entry in ENTRIES} <= set(LEVELS)
    assert {row["code"] for row in _reference("codes.csv") if row["kind"] == "place_level"} == set(LEVELS)
    assert [entry.key for entry in ENTRIES if entry.parent and INDEX.get(entry.parent) is None] == []
    assert [entry.key for entry in ENTRIES if not entry.parent and entry.level != "country"] == []
    assert [entry.key for entry in ENTRIES if not (entry.name_zh or entry.name_en)] == []


def test_every_prefecture_is_there_once() -> None:
    mainland = [entry for entry in ENTRIES if entry.country == "CN" and entry.key.startswith("cn:")]
    levels = Counter(entry.level for entry in mainland)
    assert (levels["province"], levels["prefecture"]) == (31, 333)
    names = {entry.key: entry.name_zh for entry in ENTRIES}
    for row in _reference("provinces.csv"):
        assert names[f"cn:{row['adcode']}"] in (row["name_zh"], f"中国{row['short_zh']}")


def test_coordinates_are_degrees_on_earth() -> None:
    for entry in ENTRIES:
        if entry.lat is not None and entry.lon is not None:
            assert -90 <= entry.lat <= 90, entry
            assert -180 <= entry.lon <= 180, entry
    without = [entry.key for entry in ENTRIES if entry.lat is None and entry.level in ("province", "prefecture")]
    assert without == []


def test_precomputed_names_agree_with_the_rules() -> None:
    wrong = [entry.key for entry in ENTRIES if forms_of(replace(entry, forms=None)) != entry.forms]
    assert wrong == []


def test_precomputed_pinyin_agrees() -> None:
    for entry in ENTRIES:
        assert tuple(entry.pinyin.split()[:2]) == (search_keys(entry.name_zh) if entry.name_zh else ()), entry.key


# -- answers --------------------------------------------------------------------------------------------------------

FOREIGN_IN_REPORT = {
    "乌兰巴托": "MN", "赤塔": "RU", "阿拉木图": "KZ", "塔什干": "UZ", "德黑兰": "IR", "伊斯坦布尔": "TR",
    "安卡拉": "TR",
    "华沙": "PL", "柏林": "DE", "卡拉奇": "PK", "拉合尔": "PK", "伊斯兰堡": "PK", "白沙瓦": "PK", "瓜达尔港": "PK",
    "瓜达尔市": "PK", "仰光": "MM", "内比都": "MM", "曼德勒": "MM", "达卡": "BD", "加尔各答": "IN", "新德里": "IN",
    "河内": "VN", "曼谷": "TH", "新加坡": "SG", "布城": "MY", "雅加达": "ID", "吉姆普尔": "PK", "卡西姆港": "PK",
    "莫斯科": "RU", "喀山": "RU", "亚马尔": "RU", "安格连": "UZ", "帕普": "UZ", "吉大港": "BD", "东京都": "JP",
    "爱丁堡": "GB", "苏格兰": "GB", "迪拜": "AE", "维也纳": "AT", "米兰": "IT", "特拉维夫": "IL", "萨希瓦尔": "PK",
    "塔科特": "PK", "哈维连": "PK", "苏库尔市": "PK", "木尔坦": "PK", "穆尔坦": "PK", "信德省": "PK",
    "费萨拉巴德": "PK",
    "巴黎": "FR", "伦敦": "GB", "松德堡市": "DK", "勒阿佛尔市": "FR", "勒兰西市": "FR", "老挝万象市": "LA",
    "捷克布拉格市": "CZ", "白俄罗斯明斯克市": "BY", "索非亚市": "BG", "伊尔库茨克州": "RU", "布里亚特共和国": "RU",
    "希腊雅典市": "GR", "比雷埃夫市": "GR", "意大利佛罗伦萨市": "IT", "法国奥罗阿大区": "FR", "爱尔兰科克市": "IE",
    "日惹": "ID", "昆士兰州": "AU", "布拉格市第一区": "CZ", "赫拉德茨—克拉洛韦": "CZ", "赫拉德茨·克拉洛维": "CZ",
    "加德满都市": "NP", "比什凯克": "KG", "布达佩斯第十五区": "HU", "印尼民丹岛市": "ID", "德国黑森州": "DE",
    "德国法兰克福": "DE", "马尼拉": "PH", "菲律宾塔贡市": "PH", "巴拉望省": "PH", "大雅台市": "PH", "西哈努克省": "KH",
    "西哈努克港经济特区": "KH", "西港特区": "KH", "匈牙利中欧商贸物流园": "HU", "中白商贸物流园": "BY",
}  # fmt: skip

DOMESTIC_IN_REPORT = {
    "海盐县": "330424", "长宁区": "310105", "上海市宝山区": "310113", "无锡": "320200", "滨湖区": "320211",
    "西宁市": "630100", "临沂市": "371300", "海口市": "460100", "襄阳市": "420600", "沈阳市": "210100",
    "义乌": "330782",
    "平潭": "350128", "凭祥": "451481", "靖西": "451081", "雷山县": "522634", "连云港": "320700", "湟源": "630123",
    "呼和浩特": "150100", "乌鲁木齐": "650100", "喀什": "653100", "钦州": "450700", "同江": "230881", "黑河": "231100",
    "满洲里": "150781", "若羌": "652824", "且末": "652825", "北京市": "110000", "重庆": "500000", "长安": "610100",
    "澳门": "820000", "滨海新区": "120116", "四川省成都市": "510100", "贵阳市": "520100", "钱塘区": "330114",
}  # fmt: skip


@pytest.mark.parametrize(("name", "country"), FOREIGN_IN_REPORT.items())
def test_foreign_places_of_the_report(name: str, country: str) -> None:
    match = INDEX.resolve(name, side="foreign")
    assert match.status == "exact", match
    found = INDEX.get(match.key or "")
    assert found is not None
    assert found.country == country


@pytest.mark.parametrize(("name", "adcode"), DOMESTIC_IN_REPORT.items())
def test_domestic_places_of_the_report(name: str, adcode: str) -> None:
    assert INDEX.resolve(name, side="domestic").key == f"cn:{adcode}"


def test_misprint_of_the_report_is_not_guessed() -> None:
    assert INDEX.resolve("列特", side="foreign").status == "unknown"


PARKS_IN_REPORT = ["佛山新城", "苏州工业园区", "中新天津生态城", "青岛中德生态园", "下沙开发区", "佛山中德工业园"]


@pytest.mark.parametrize("name", PARKS_IN_REPORT)
def test_parks_of_the_report_count_for_their_city(name: str) -> None:
    key = INDEX.resolve(name, side="domestic").key
    assert key is not None
    assert INDEX.prefecture_of(key) is not None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("渥太華", "渥太华"), ("紐約", "纽约"), ("杜拜", "迪拜"), ("雪梨", "悉尼"), ("München", "慕尼黑"),
        ("海参崴", "符拉迪沃斯托克"), ("Kiev", "基辅"), ("三藩市", "旧金山"), ("橫濱市", "横滨"), ("横浜", "横滨"),
        ("漢城", "首尔"), ("Saigon", "胡志明市"), ("西贡", "胡志明市"),
    ],
)  # fmt: skip
def test_other_spellings_of_well_known_cities(written: str, name: str) -> None:
    match = INDEX.resolve(written, side="foreign")
    assert match.key, match
    assert INDEX.display(match.key, "zh_CN") == name


@pytest.mark.parametrize("name", ["Suzhou", "Taizhou", "Yichun", "吉林", "朝阳", "鼓楼区", "通州"])
def test_ambiguous_at_home(name: str) -> None:
    assert INDEX.resolve(name, side="domestic").status == "ambiguous"


@pytest.mark.parametrize("name", ["San José", "Valencia", "伯明翰", "海德拉巴", "西哈努克", "卢森堡"])
def test_ambiguous_abroad(name: str) -> None:
    assert INDEX.resolve(name, side="foreign").status == "ambiguous"


def test_every_mainland_city_is_found_by_its_name_without_the_suffix() -> None:
    asked = []
    for entry in ENTRIES:
        if entry.country == "CN" and entry.level in ("province", "prefecture"):
            assert INDEX.resolve(entry.name_zh, side="domestic").key == entry.key
            short = entry.name_zh.removesuffix("市").removesuffix("省")
            if INDEX.resolve(short, side="domestic").key != entry.key:
                asked.append(short)
    assert sorted(asked) == ["吉林", "吉林", "朝阳"]


def test_every_country_with_relations_is_found_by_both_names() -> None:
    for code, row in COUNTRIES.items():
        assert INDEX.country_of(row["name_zh"]) == code
        assert INDEX.country_of(row["name_en"]) == code


def test_capitals_have_chinese_names() -> None:
    with (paths.resources() / "place_curation" / "foreign_cities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 1500
    assert [row for row in rows if not row["name_zh"]] == []
    large = [entry for entry in ENTRIES if entry.country not in CHINA and entry.population >= 3_000_000]
    assert [entry.name_en for entry in large if not entry.name_zh] == []


# -- speed ----------------------------------------------------------------------------------------------------------


def test_offers_come_while_typing() -> None:
    INDEX.complete("s")
    for prefix in ("苏", "wx", "wuxi", "san", "b", "圣", "Hradec"):
        start = time.process_time()
        assert INDEX.complete(prefix), prefix
        assert time.process_time() - start < 0.1, "under 5 ms were measured on an idle machine"
    assert INDEX.complete("wx", side="domestic")[0].name_zh == "无锡市"
    assert INDEX.complete("cq", side="domestic")[0].name_zh == "重庆市"
    assert INDEX.complete("松德", side="foreign")[0].country == "DK"


def test_a_repeated_name_is_answered_from_memory() -> None:
    assert INDEX.resolve("四川省成都市", side="domestic") is INDEX.resolve("四川省成都市", side="domestic")
