"""The yearly summary: figures by hand, its words, editions, sections and what it refuses."""

import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from some_projects import add, project
from year_ledger import LATIN, SHANGHAI, TODAY, YEAR, fill, line, prose, small, summary, table, texts

from bri_desktop import i18n
from bri_desktop.__main__ import main
from bri_desktop.db.database import Database
from bri_desktop.domain.errors import InputError, UserError
from bri_desktop.labels import error_sentence
from bri_desktop.reports.document import Heading, Paragraph, Picture, Table, text_of
from bri_desktop.services.sample import load_sample
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.year import SECTIONS, SummaryOptions, make_draft, printed_figures, summary_document

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(ledger: Database, ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs one command and returns (exit status, JSON)."""

    def command(*arguments: object) -> tuple[int, Any]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return status, json.loads(captured.out or captured.err)

    return command


def test_figures_by_hand(ledger: Database) -> None:
    fill(ledger)
    figures = summary(ledger).values()
    wanted = {"stock": 6, "stock_y1": 4, "flow": 3, "flow_y1": 2, "ended": 1, "ended_y1": 0}
    assert {name: figures[name] for name in wanted} == wanted
    assert figures["stock_change"] == 2 and figures["flow_change"] == 1
    assert figures["flow_yoy"] == 0.5
    assert (figures["pipeline"], figures["undated"]) == (1, 1)
    assert figures["countries"] == 5  # KZ, FR, JP, KE, DE
    assert {code: figures[f"mode_{code}"] for code in ("demonstration_park", "exchange_mechanism")} == {
        "demonstration_park": 3,
        "exchange_mechanism": 3,
    }
    assert figures["continent_asia"] == 3 and figures["continent_europe"] == 3 and figures["continent_africa"] == 1


def test_the_words_of_the_overview(ledger: Database) -> None:
    fill(ledger)
    text = prose(summary(ledger), "overview")
    assert "截至2017年12月31日，在册合作项目6项，比上年（4项）增加2项，增长50.0%；涉及5个国家。" in text
    assert "全年新增合作项目3项，比上年（2项）增加1项，增长50.0%。全年结束合作项目1项。" in text
    assert "上年末4项，加本年新增3项，减本年结束1项，年末为6项。" in text
    assert "另有未签约（构想、意向、审批）的1项；起始日期不明的1项，不计入上述数字。" in text


def test_the_words_of_a_spread(ledger: Database) -> None:
    fill(ledger)
    document = summary(ledger)
    assert prose(document, "mode").startswith(
        "按合作模式分，园区示范型和交流机制型（各3项，各占50.0%）并列；"
        "新增项目中，依次为交流机制型（2项）、园区示范型（1项）。"
    )
    assert line(document, "mode_table", "园区示范型") == ["园区示范型", "3", "50.0%", "1", "2", "+1"]
    assert line(document, "mode_table", "合计") == ["合计", "6", "—", "3", "4", "+2"]
    assert prose(document, "city").startswith("按境内城市分，依次为上海市（4项，占66.7%）、佛山市（2项，占33.3%）；")


def test_every_cell_equals_stats(ledger: Database, run: Run) -> None:
    fill(ledger)
    document = summary(ledger)
    for code, dim in (("mode", "mode"), ("domain", "domain"), ("city", "prefecture"), ("continent", "continent")):
        for name, arguments in (
            ("", ("--year", YEAR)),
            ("_flow", ("--year", YEAR, "--count", "flow")),
            ("_y1", ("--year", YEAR - 1)),
        ):
            _, value = run("stats", *arguments, "--by", dim)
            for row in value["rows"]:
                key = (row["key"] or "unfilled").replace("cn:", "cn_")
                figure = document.figures.get(f"{code}_{key}{name}")
                assert (figure.value if figure else 0) == row["count"], (code, key, name)
                share = document.figures.get(f"{code}_{key}_share")
                if not name and row["key"] and share is not None:
                    assert share.shown == f"{row['share_shown']:.1f}%"
                    assert share.value == row["share"]


def test_a_decline_and_a_zero(ledger: Database) -> None:
    fill(ledger, *small()[:4])
    text = prose(summary(ledger), "overview")
    assert "在册合作项目3项，比上年（4项）减少1项，下降25.0%" in text
    assert "全年没有新增项目，比上年（2项）减少2项，下降100.0%。" in text
    later = prose(summary(ledger, 2018, today=datetime.date(2019, 2, 1)), "overview")
    assert "在册合作项目3项，与上年持平" in later
    assert "全年没有新增项目，上年同为0。全年没有项目结束。" in later


def test_the_first_year_has_nothing_to_be_compared_with(ledger: Database) -> None:
    fill(ledger, *small()[:1])
    document = summary(ledger, 2015)
    text = prose(document, "overview")
    assert "在册合作项目1项，台账没有上年记录，不作同比" in text
    assert "按合作模式分，均为园区示范型（1项，占100.0%）" in prose(document, "mode")
    # No column of dashes, and no line of them.
    assert line(document, "overview_main", "年末在册项目") == ["年末在册项目", "项", "1"]
    assert [column.title for column in table(document, "mode_table").columns] == ["合作模式", "年末", "占比", "新增"]
    shown = table(document, "overview_main")
    assert not shown.note and all(text_of(row[2]) != "—" for row in shown.rows)
    assert not [one for one in document.pictures() if one.name == "overview_course"]


def test_the_year_under_way_says_so(ledger: Database) -> None:
    fill(ledger)
    assert "截至2018年3月1日（本年尚未结束），在册合作项目6项" in prose(summary(ledger, 2018), "overview")


def test_numbers_run_without_a_gap_whatever_is_chosen(ledger: Database) -> None:
    fill(ledger)
    for sections in ((), ("mode", "overview", "city", "domain", "new_projects"), ("rules", "overview")):
        document = summary(ledger, sections=sections)
        for kind, word in ((Table, "表"), (Picture, "图")):
            labels = [block.label for _, block in document.blocks() if isinstance(block, kind)]
            assert labels == [f"{word}{n}" for n in range(1, len(labels) + 1)]
        assert all(section.blocks for section in document.sections)
    chosen = summary(ledger, sections=("mode", "overview", "city", "domain", "new_projects"))
    heads = [block.full for _, block in chosen.blocks() if isinstance(block, Heading)]
    assert heads == [
        "一、合作布局",
        "（一）合作模式",
        "二、总体情况",
        "三、合作布局",
        "（一）境内城市",
        "（二）合作领域",
    ]
    assert [section.label for section in chosen.sections if section.annex] == ["附件"]
    assert chosen.annex_lines == ("附件：2017年新增项目清单",)
    every = summary(ledger)
    assert [section.label for section in every.sections if section.annex][:2] == ["附件1", "附件2"]
    assert every.annex_lines[:2] == ("附件：1．2017年新增项目清单", "2．2017年结束项目清单")


def test_english(ledger: Database) -> None:
    fill(ledger)
    document = summary(ledger, language="en")
    assert i18n.language() == "zh_CN"
    assert document.title == "Summary of city cooperation abroad in 2017"
    assert (
        "By 2017-12-31, 6 cooperation projects stood on the books, 2 more than the year before (4), up 50.0%"
        in prose(document, "overview")
    )
    assert [block.full for _, block in document.blocks() if isinstance(block, Heading)][:3] == [
        "1. Overview",
        "2. Layout of cooperation",
        "2.1 Modes of cooperation",
    ]
    han = [text for text in texts(document) if any("一" <= char <= "鿿" for char in text)]
    own = {"乙论坛", "戊园区", "己论坛", "庚论坛", "辛意向"}
    assert set(han) <= own


@pytest.mark.parametrize("edition", ["internal", "submission"])
def test_no_english_in_the_chinese_sample(ledger: Database, edition: str) -> None:
    load_sample(ledger)
    document = summary(ledger, 2017, edition=edition, span=3, sections=SECTIONS, today=datetime.date(2026, 11, 23))
    everything = list(texts(document))
    assert document.mark == "示例数据，不作正式统计"
    wrong = [text for text in everything if LATIN.search(text) and not text.endswith(".xlsx")]
    assert wrong == []
    assert [
        text for text in everything if "nan" in text or "None" in text or "\ue000" in text or "\ue002" in text
    ] == []


def test_every_figure_has_its_records_and_a_rule(ledger: Database) -> None:
    load_sample(ledger)
    options = SummaryOptions(2017, sections=SECTIONS, span=5)
    with ledger.read() as session:
        draft = make_draft(session, options, datetime.date(2026, 11, 23), StatisticsCache())
        printed = printed_figures(draft.sections, draft.figures)
        changes = ("_change", "_difference", "_points")
        counts = {name: one for name, one in printed.items() if type(one.value) is int and not name.endswith(changes)}
        # Cities, countries and cells are counted by the projects that name them.
        exempt = ("problem_", "map_home", "map_abroad", "map_missing", "foreign_cities", "countries")
        for name, figure in counts.items():
            if name.startswith(exempt) or name.endswith("_q"):
                continue
            assert name in draft.sources, name
            assert len(set(draft.sources[name].ids())) == figure.value, name
    assert len(counts) > 150
    bare = [name for name in printed if name not in draft.sources]
    assert all(re.fullmatch(r"continent_\w+_countries|problem_imbalance_\w+_1_\w+", name) for name in bare), bare
    for name, source in draft.sources.items():
        # The way is taken long after the session is gone.
        assert source.ids() or not printed.get(name) or not printed[name].value, name
    assert [name for name, figure in printed.items() if not figure.rule] == []


def test_a_figure_has_one_name_in_every_language(ledger: Database) -> None:
    load_sample(ledger)
    options: dict[str, Any] = {"sections": SECTIONS, "today": datetime.date(2026, 11, 23)}
    chinese, english = (summary(ledger, 2017, language=spoken, **options) for spoken in ("zh_CN", "en"))
    assert chinese.values() == english.values()


def test_figure_names_fit_a_bookmark(ledger: Database) -> None:
    load_sample(ledger)
    document = summary(ledger, 2017, sections=SECTIONS, span=5, today=datetime.date(2026, 11, 23))
    for name in document.figures:
        assert name.isascii() and name.replace("_", "").isalnum() and name[0].isalpha() and len(name) <= 36
    assert len({name.lower() for name in document.figures}) == len(document.figures)


def test_the_submitted_edition_has_no_internal_record(ledger: Database, run: Run) -> None:
    fill(ledger)
    secret = project(
        "绝不外报的项目",
        status="active",
        signed="2017-05-05",
        domain="trade",
        mode="sister_city",
        pair_kind="sister",
        domestic_places=SHANGHAI,
        foreign_places=("co:BR",),
        visibility="internal",
        department="市保密办",
    )
    open_tie = project(
        "公开结好",
        status="active",
        signed="2017-06-06",
        mode="sister_city",
        pair_kind="sister",
        domestic_places=SHANGHAI,
        foreign_places=("co:IT",),
        department="市商务局",
    )
    add(ledger, secret, open_tie)
    inside, outside = summary(ledger), summary(ledger, edition="submission", sections=SECTIONS)
    assert (inside.figures["stock"].value, outside.figures["stock"].value) == (8, 7)
    assert (inside.figures["sister"].value, outside.figures["sister"].value) == (2, 1)
    said = "".join(texts(outside))
    assert "绝不外报" not in said and "巴西" not in said and "市保密办" not in said and "市商务局" not in said
    assert "绝不外报的项目" in "".join(texts(inside)) and "市商务局" in "".join(texts(inside))
    assert "各项数字均不含内部记录。" in said
    for dim in ("mode", "continent", "domain"):
        _, value = run("stats", "--year", YEAR, "--by", dim, "--filter", "visibility = public")
        for row in value["rows"]:
            figure = outside.figures.get(f"{dim}_{row['key'] or 'unfilled'}")
            assert (figure.value if figure else 0) == row["count"]
    assert "空缺最多的部门" in prose(inside, "problems") and "空缺最多的部门" not in prose(outside, "problems")
    codes = [section.code for section in summary(ledger, edition="submission").sections]
    assert "problems" not in codes and "quality" not in codes


def test_several_years_beside_each_other(ledger: Database, run: Run) -> None:
    fill(ledger)
    document = summary(ledger, span=3)
    assert document.years == (2015, 2016, 2017)
    assert document.title == "2015—2017年城市国际合作情况总结"
    assert line(document, "comparison_years", "年末在册项目") == ["年末在册项目", "项", "2", "4", "6", "+73.2%"]
    assert line(document, "comparison_years", "本年结束项目")[2:] == ["0", "0", "1", "—"]
    _, value = run("stats", "--span", "2015-2017", "--count", "flow")
    row = line(document, "comparison_years", "本年新增项目")
    assert row[2:5] == [str(point["total"]) for point in value["series"]]
    assert not [one for one in summary(ledger).sections if one.code == "comparison"]


def test_long_annexes_are_cut_on_paper_and_say_so(ledger: Database) -> None:
    add(ledger, *(project(f"项目{n}", status="active", signed="2017-03") for n in range(310)))
    annex = table(summary(ledger, sections=("new_projects",)), "new_projects_table")
    assert (len(annex.rows), len(annex.printed)) == (310, 300)
    assert annex.cut_note == "本表列前300行，共310行，其余见本总结的电子表格。"


@pytest.mark.parametrize(
    ("year", "options", "code"),
    [
        (1900, {}, "year_out_of_range"),
        (2019, {}, "year_out_of_range"),
        (2001, {}, "year_before_data"),
        (YEAR, {"sections": ("overview", "weather")}, "option_unknown"),
        (YEAR, {"sections": ("overview", "overview")}, "section_twice"),
        (YEAR, {"edition": "secret"}, "option_unknown"),
        (YEAR, {"span": 2}, "option_unknown"),
        (YEAR, {"layout": "wide"}, "option_unknown"),
    ],
)
def test_poor_requests_are_refused_in_one_sentence(
    ledger: Database, year: int, options: dict[str, Any], code: str
) -> None:
    fill(ledger)
    with pytest.raises(InputError) as refused:
        summary(ledger, year, **options)
    assert refused.value.code == code
    assert error_sentence(refused.value).count("。") == 1


def test_an_empty_ledger_has_no_summary(ledger: Database) -> None:
    with pytest.raises(InputError) as refused:
        summary(ledger)
    assert refused.value.code == "ledger_without_years"


def test_progress_is_told_and_a_stop_is_heard(ledger: Database) -> None:
    fill(ledger)
    told: list[tuple[int, int]] = []
    with ledger.read() as session:
        options = SummaryOptions(YEAR)
        summary_document(session, options, today=TODAY, progress=lambda done, total: told.append((done, total)))
        with pytest.raises(UserError) as stopped:
            summary_document(session, options, today=TODAY, cancelled=lambda: len(told) > 0)
    assert told[-1][0] == told[-1][1] and told == sorted(told)
    assert stopped.value.code == "cancelled"


def test_a_document_is_plain_text_and_figures(ledger: Database) -> None:
    fill(ledger)
    document = summary(ledger)
    for _, block in document.blocks():
        if isinstance(block, Paragraph):
            for run in block.runs:
                if not isinstance(run, str):
                    assert document.figures[run.name] == run
