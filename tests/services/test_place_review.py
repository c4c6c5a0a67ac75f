"""Written place names: found, asked with candidates, decided once for each name under its country, taken back."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from some_workbooks import counts, ledger_book, take

from bri_desktop.db.database import Database
from bri_desktop.db.gazetteer import load_index
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.place_rules import delete_rules, list_rules
from bri_desktop.services.projects import find_ids, read_items

EXACT = {
    "苏州": "cn:320500", "苏州市": "cn:320500", "蘇州": "cn:320500", "Suzhou, Jiangsu": "cn:320500",
    "江苏苏州": "cn:320500", "Ｓｕｚｈｏｕ，江苏": "cn:320500", "宿州": "cn:341300", "台州": "cn:331000",
    "泰州": "cn:321200", "Taizhou, Zhejiang": "cn:331000", "宜春": "cn:360900", "伊春": "cn:230700",
    "Wuxi – Binhu": "cn:320211", "无锡滨湖": "cn:320211", "滨湖区": "cn:320211",
}  # fmt: skip
AMBIGUOUS = {
    "Suzhou": {"cn:320500", "cn:341300"},
    "Ｓｕｚｈｏｕ": {"cn:320500", "cn:341300"},
    "Taizhou": {"cn:331000", "cn:321200"},
    "Yichun": {"cn:360900", "cn:230700"},
}
FOREIGN = [
    ("Praha", "Prague"), ("布拉格", "Prague"), ("漢堡", "Hamburg"), ("München", "慕尼黑"), ("東京都", "Tokyo"),
    ("汉城", "首尔"), ("西贡", "胡志明市"), ("Bombay", "孟买"), ("Rangoon", "仰光"), ("Ｋｙｉｖ", "基辅"),
]  # fmt: skip


def drafts_of(ledger: Database) -> list[ProjectDraft]:
    """Return every project by its id."""
    with ledger.read() as session:
        return [item.draft for item in read_items(session, sorted(find_ids(session)))]


@pytest.mark.parametrize("written", EXACT)
def test_a_chinese_place_in_any_writing_is_found(written: str) -> None:
    assert load_index().resolve(written, side="domestic").key == EXACT[written]


@pytest.mark.parametrize("written", AMBIGUOUS)
def test_namesakes_are_asked_with_their_candidates(written: str) -> None:
    match = load_index().resolve(written, side="domestic")
    assert match.status == "ambiguous"
    assert {candidate.key for candidate in match.candidates} == AMBIGUOUS[written]


@pytest.mark.parametrize(("written", "other"), FOREIGN)
def test_local_old_and_traditional_names_are_one_place(written: str, other: str) -> None:
    index = load_index()
    assert index.resolve(written, side="foreign").key == index.resolve(other, side="foreign").key is not None


def test_the_country_beside_it_decides() -> None:
    index = load_index()
    assert index.resolve("圣何塞", side="foreign").status == "ambiguous"
    found = index.resolve("圣何塞", side="foreign", country="CR")
    entry = index.get(found.key or "")
    assert entry is not None and entry.country == "CR"


def test_a_decision_is_kept_for_the_name_and_can_be_taken_back(ledger: Database, tmp_path: Path) -> None:
    rows = [{"项目名称": name, "中方城市": "Suzhou", "国家": "日本"} for name in ("甲", "乙")]
    path = ledger_book(tmp_path / "a.xlsx", *rows)
    assert counts(take(ledger, path, dry=True)) == {"pending": 2}
    assert counts(take(ledger, path, place_keys={("Suzhou", ""): "cn:341300"})) == {"created": 2}
    assert {draft.domestic_places for draft in drafts_of(ledger)} == {("cn:341300",)}
    again = ledger_book(tmp_path / "b.xlsx", {"项目名称": "丙", "中方城市": "ＳＵＺＨＯＵ", "国家": "日本"})
    assert counts(take(ledger, again, dry=True)) == {"created": 1}
    with ledger.write() as session:
        (rule,) = list_rules(session)
        assert (rule.text, rule.country, rule.place.key, rule.place.name) == ("suzhou", "", "cn:341300", "宿州市")
        delete_rules(session, [rule.id])
        assert list_rules(session) == []
        with pytest.raises(InputError, match="rule_unknown"):
            delete_rules(session, [rule.id])
    assert counts(take(ledger, again, dry=True)) == {"pending": 1}
    assert {draft.domestic_places for draft in drafts_of(ledger)} == {("cn:341300",)}


def test_two_countries_are_two_questions(ledger: Database, tmp_path: Path) -> None:
    rows = [
        {"项目名称": f"项目{n}", "外方城市": "新月湾镇", "国家": country}
        for n, country in enumerate(("菲律宾", "日本"))
    ]
    path = ledger_book(tmp_path / "a.xlsx", *rows)
    report = take(ledger, path, place_keys={("新月湾镇", "PH"): "new:PH:新月湾镇"})
    assert counts(report) == {"created": 1, "pending": 1}
    assert [problem.values["country"] for problem in report.problems] == ["JP"]


NAMES = st.sampled_from([*EXACT, *AMBIGUOUS, *(written for written, _ in FOREIGN)])


@given(NAMES, st.sampled_from(["", " ", "\u3000", "\u200b"]), st.sampled_from(["", " ", "\n"]))
def test_blanks_around_a_name_change_nothing(name: str, before: str, after: str) -> None:
    index = load_index()
    plain, padded = index.resolve(name), index.resolve(before + name + after)
    assert (plain.status, plain.key) == (padded.status, padded.key)


@settings(max_examples=40)
@given(st.text(max_size=12), st.sampled_from([None, "domestic", "foreign"]))
def test_whatever_is_written_is_found_asked_or_unknown(text: str, side: str | None) -> None:
    match = load_index().resolve(text, side=side)
    assert match.status in ("exact", "ambiguous", "unknown")
    assert (match.key is not None) == (match.status == "exact")
    if match.status == "ambiguous":
        assert len(match.candidates) > 1
