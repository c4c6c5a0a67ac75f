"""Filters as SQL against a plain evaluation of the same words, and the search by characters, pinyin and initials."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from some_projects import DOMESTIC, FOREIGN, add, project

from bri_desktop.db.database import Database
from bri_desktop.db.models import ImportBatch
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.filter import All, AnyOf, Comparison, Filter, Not, parse_filter, quoted
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.projects import find_ids, read_items

TITLES = ["港口合作", "友城 100%", "a_b", "back\\slash", 'Quote"d', "城市论坛"]
DATES = [None, "2016", "2017", "2017-05", "2017-05-17", "2018-01-01"]
STATUSES = [None, "signed", "active", "completed"]
STATUS_ZH = {"signed": "签约", "active": "实施", "completed": "完成"}


def some_drafts() -> list[ProjectDraft]:
    """Return 60 projects over every combination that the filters below speak of."""
    return [
        project(
            TITLES[n % 6],
            signed=DATES[n % 5],
            started=DATES[(n // 5) % 3],
            status=STATUSES[(n // 2) % 4],
            domain=[None, "trade", "people"][n % 3],
            domains=("policy",) if n % 4 == 0 else (),
            foreign_places=FOREIGN[n % 4 : n % 4 + n % 3],
            domestic_places=(DOMESTIC[n % 5],) if n % 3 else (),
            amount=[None, "18000000", "0.5 USD", "200000000"][n % 4],
            department=[None, "商务局", "市 外办"][n % 3],
            tags=("重点",) if n % 5 == 0 else (),
            note=[None, "备注"][n % 2],
        )
        for n in range(60)
    ]


COUNTRIES = {"co:JP": "JP", "co:KR": "KR", "co:FR": "FR", "co:BY": "BY", "co:KZ": "KZ", "cn:810000": "HK"}


def date_passes(stored: str | None, operator: str, value: str) -> bool:
    """A date passes at the precision of the one asked for."""
    if stored is None:
        return False
    return {
        "=": stored.startswith(value),
        "~": stored.startswith(value),
        "<": stored < value,
        "<=": stored < value or stored.startswith(value),
        ">": stored > value and not stored.startswith(value),
        ">=": stored >= value,
    }[operator]


def one_passes(draft: ProjectDraft, wanted: Comparison, value: str | None) -> bool:
    field, operator = wanted.field, wanted.operator
    if field in ("signed", "started"):
        date = getattr(draft, field)
        return date is None if value is None else date_passes(date.value if date else None, operator, value)
    if field == "status":
        return draft.status is None if value is None else value in (draft.status, STATUS_ZH.get(draft.status or ""))
    if field == "country":
        found = {COUNTRIES[key] for key in draft.foreign_places}
        return not found if value is None else value in found
    if field == "domains":
        all_domains = {*draft.domains, *([draft.domain] if draft.domain else [])}
        return not all_domains if value is None else value in all_domains
    if field == "tags":
        return not draft.tags if value is None else value in draft.tags
    if field == "amount":
        number = draft.amount.amount if draft.amount else None
        if value is None or number is None:
            return value is None and number is None
        asked = {"1800万": 18_000_000, "0.5": 0.5}[value]
        return {"=": number == asked, "<": number < asked, ">": number > asked, ">=": number >= asked}[operator]
    text = getattr(draft, field)
    if value is None:
        return not text
    return bool(text) and (value.lower() in text.lower() if operator == "~" else text == value)


def passes(draft: ProjectDraft, wanted: Filter) -> bool:
    """Evaluate a filter the plain way."""
    match wanted:
        case All(parts):
            return all(passes(draft, part) for part in parts)
        case AnyOf(parts):
            return any(passes(draft, part) for part in parts)
        case Not(part):
            return not passes(draft, part)
    if wanted.operator == "!=":
        return not passes(draft, Comparison(wanted.field, "=", wanted.values))
    if wanted.operator == "in":
        return any(passes(draft, Comparison(wanted.field, "=", (value,))) for value in wanted.values)
    return one_passes(draft, wanted, wanted.values[0] if wanted.values else None)


def written(field: str, operators: list[str], values: list[str]) -> st.SearchStrategy[str]:
    compared = st.tuples(st.sampled_from(operators), st.sampled_from(values)).map(
        lambda pair: f"{field} {pair[0]} {quoted(pair[1])}"
    )
    inside = st.lists(st.sampled_from(values), min_size=1, max_size=3).map(
        lambda several: f"{field} in ({', '.join(map(quoted, several))})"
    )
    return st.one_of(compared, inside, st.just(f"{field} is empty"))


ORDER = ["=", "!=", "<", "<=", ">", ">="]
LEAVES = st.one_of(
    written("signed", [*ORDER, "~"], ["2016", "2017", "2017-05", "2017-05-17", "2018"]),
    written("started", ORDER, ["2016", "2017-06"]),
    written("status", ["=", "!="], ["signed", "实施", "completed", "failed"]),
    written("country", ["=", "!="], ["JP", "KR", "FR", "HK"]),
    written("domains", ["=", "!="], ["policy", "trade"]),
    written("tags", ["=", "!="], ["重点"]),
    written("amount", ["=", "!=", "<", ">", ">="], ["1800万", "0.5"]),
    written("title", ["=", "!=", "~"], [*TITLES, "%", "_", "\\", "A", "港"]),
    written("note", ["=", "~"], ["备注"]),
    written("department", ["=", "!=", "~"], ["商务局", "市 外办", "局"]),
)
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda text: f"not ({text})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) and ({pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]} or {pair[1]}"),
    ),
    max_leaves=4,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(FILTERS)
def test_sql_finds_what_the_words_mean(ledger: Database, text: str) -> None:
    with ledger.read() as session:
        empty = not find_ids(session)
    if empty:
        add(ledger, *some_drafts())
    with ledger.read() as session:
        drafts = {found.id: found.draft for found in read_items(session, list(range(1, 61)))}
        found = find_ids(session, filter_text=text)
    wanted = parse_filter(text)
    assert sorted(found) == [number for number, draft in drafts.items() if passes(draft, wanted)]


def ids(database: Database, text: str = "", search: str = "") -> list[int]:
    with database.read() as session:
        return sorted(find_ids(session, filter_text=text, search=search))


PLACED: dict[str, Any] = {"domestic_places": ("cn:440600",), "foreign_places": ("co:JP",)}


@pytest.mark.parametrize(
    "text",
    [
        "country = 日本",
        "country = jp",
        "country = Japan",
        "continent = asia",
        "continent = 亚洲",
        "city = 佛山市",
        "city = 佛山",
        "city = cn:440600",
        "city ~ 佛",
        "province = 440000",
        "province = 广东省",
        "province = 广东",
        "prefecture = 440600",
        "prefecture = 佛山市",
        "foreign_places = 日本",
        "pair_kind = sister",
        "pair_kind = 友好城市",
        "year = 1974",
        "start <= 1974-05",
        "signed = 1974年4月",
        "signed <= 1974/4",
        "key = P1",
        "key in (p1, P9)",
        "mode is empty",
        "text = foshan",
        "currency is empty",
        "visibility = 公开",
        "department ~ 外",
        "batch is empty",
    ],
)
def test_each_field_can_be_asked(ledger: Database, text: str) -> None:
    add(ledger, project(signed="1974-04-18", pair_kind="sister", department="市外办", **PLACED))
    add(ledger, project("另一项", mode="exchange_mechanism", visibility="internal", amount="5 USD", signed="2001"))
    with ledger.write() as session:
        session.add(ImportBatch(id=1, file_name="f", sha256="s", at="", counts={}, ignored=[], problems=[]))
        session.flush()
        session.connection().exec_driver_sql("UPDATE project SET batch_id = 1 WHERE id = 2")
    assert ids(ledger, text) == [1]
    assert ids(ledger, f"not ({text})") == [2]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("signed >= morgen", "filter_date"),
        ("signed = 2017-13", "filter_date"),
        ("signed > 20", "filter_date"),
        ("signed = 2010x", "filter_date"),
        ("year = 3", "filter_date"),
        ("amount = abc", "filter_number"),
        ("amount > 0.00001", "filter_number"),
        ("amount < 1e400", "filter_number"),
        ("amount = 99999999999999999999", "filter_number"),
        ("amount ~ 5", "filter_operator"),
        ("status > signed", "filter_operator"),
        ("key > P1", "filter_operator"),
        ("batch > 1", "filter_operator"),
        ("text > a", "filter_operator"),
        ("text is empty", "filter_operator"),
    ],
)
def test_what_cannot_be_asked_is_said(ledger: Database, text: str, code: str) -> None:
    with pytest.raises(InputError) as fault:
        ids(ledger, text)
    assert fault.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "key = P99999999999999999999999",
        "batch = 99999999999999999999",
        "batch = ٣",
        "batch = -1",
        "parent = P99999999999999999999999",
    ],
)
def test_what_no_record_can_have_finds_nothing(ledger: Database, text: str) -> None:
    add(ledger, project())
    assert ids(ledger, text) == []


def test_many_keys_can_be_asked_at_once(ledger: Database) -> None:
    keys = add(ledger, *(project(f"第{n}项") for n in range(5)))
    text = f"key in ({', '.join([*keys, *(f'P{n}' for n in range(100, 3000))])})"
    assert ids(ledger, text) == [1, 2, 3, 4, 5]
    assert ids(ledger, " or ".join(f"key = P{n}" for n in range(5, 2000))) == [5]


@pytest.mark.parametrize(
    "words",
    [
        "港口",
        "港",
        "gangkou",
        "gk",
        "GangKou",
        "foshan",
        "fs",
        "佛山",
        "riben",
        "日本",
        "japan",
        "Japan",
        "市外办",
        "gk riben",
        "佛山 港口",
        "ＦＯＳＨＡＮ",
        "港口合作",
        "tag1",
    ],
)
def test_a_few_characters_find_a_project(ledger: Database, words: str) -> None:
    add(ledger, project("港口合作", department="市外办", tags=("tag1",), **PLACED), project("不相干"))
    assert ids(ledger, search=words) == [1]


def test_every_word_has_to_be_found_and_the_bin_is_left_out(ledger: Database) -> None:
    from bri_desktop.services.projects import delete_projects

    (key, _) = add(ledger, project("港口合作"), project("港口"))
    assert ids(ledger, search="港口 合作") == [1]
    assert ids(ledger, search="港口 没有") == []
    assert ids(ledger, search="  ") == [1, 2]
    with ledger.write() as session:
        delete_projects(session, [key])
    assert ids(ledger, search="合作") == []


def test_an_edit_is_found_at_once(ledger: Database) -> None:
    from bri_desktop.services.projects import edit_fields

    (key,) = add(ledger, project("港口合作"))
    with ledger.write() as session:
        edit_fields(session, [key], {"title": "园区"})
    assert (ids(ledger, search="gangkou"), ids(ledger, search="yuanqu")) == ([], [1])


@pytest.mark.parametrize(
    "field", ["key", "title", "start", "status", "amount", "department", "domestic_places", "version"]
)
def test_every_column_sorts_both_ways_with_the_empty_last(ledger: Database, field: str) -> None:
    add(ledger, *some_drafts())
    with ledger.read() as session:
        up, down = (find_ids(session, sort=[(field, descending)]) for descending in (False, True))
        assert sorted(up) == sorted(down) == list(range(1, 61))
        if field == "start":
            starts = [found.draft.signed or found.draft.started for found in read_items(session, up)]
            known = [start.value for start in starts if start]
            assert starts[len(known) :] == [None] * (60 - len(known))
            assert known == sorted(known)
    with pytest.raises(InputError) as fault, ledger.read() as session:
        find_ids(session, sort=[("nix", False)])
    assert fault.value.code == "sort_unknown_field"


@pytest.mark.parametrize("text", ["mode = 友好城市", "mode = sister_city", "mode in (友城)", 'mode = "Sister city"'])
def test_a_code_is_found_by_every_way_it_is_written(ledger: Database, text: str) -> None:
    (key,) = add(ledger, ProjectDraft(title="友城", mode="sister_city"))
    add(ledger, ProjectDraft(title="园区", mode="demonstration_park"))
    with ledger.read() as session:
        assert [item.key for item in read_items(session, find_ids(session, filter_text=text))] == [key]


@pytest.mark.parametrize(
    "text", ["domain = zzz", "not mode = 友诚", "status in (active, nope)", "country = ZZ", "country = ''"]
)
def test_a_value_that_no_list_knows_is_told(ledger: Database, text: str) -> None:
    with ledger.read() as session, pytest.raises(InputError) as refused:
        find_ids(session, filter_text=text)
    assert refused.value.code == "filter_value"
