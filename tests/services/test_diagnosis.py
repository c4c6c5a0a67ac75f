"""The eight panels, the statistics of ties and activities, comparison and poor input, through the command line."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from some_projects import add, project
from sqlalchemy import select

from bri_desktop import i18n
from bri_desktop.__main__ import main
from bri_desktop.analysis.diagnosis import CODES
from bri_desktop.db.database import Database
from bri_desktop.db.measure_models import ApprovalCase, ApprovalEvent, ApprovalProcedure, ApprovalStep, Risk
from bri_desktop.db.models import Activity, Pair, Project
from bri_desktop.services.diagnosis import diagnosis, to_json
from bri_desktop.services.views import View, save_view

Run = Callable[..., tuple[int, Any]]
TODAY = datetime.date(2020, 6, 30)
EUROPE = ("co:FR", "co:BY", "co:DE", "co:IT", "co:CZ", "co:PL")


@pytest.fixture
def run(ledger: Database, ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs one command and returns (exit status, JSON)."""

    def command(*arguments: object) -> tuple[int, Any]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return status, json.loads(captured.out, parse_constant=lambda text: pytest.fail(f"{text} in the JSON"))

    return command


def ties(ledger: Database, countries: tuple[str, ...]) -> None:
    """Store an official tie of Shanghai with a place of each country, signed in 2015."""
    drafts = []
    for number, country in enumerate(countries):
        home = "cn:310000" if number >= len(countries) // 2 else "cn:320500"
        drafts.append(
            project(
                f"结好{number}",
                status="active",
                signed="2015-01-02",
                domestic_places=(home,),
                foreign_places=(country,),
                pair_kind="sister",
                nature="exchange",
                domain="people",
                mode="sister_city",
            )
        )
    add(ledger, *drafts)


def panels(ledger: Database, year: int = 2019) -> dict[str, Any]:
    with ledger.read() as session:
        found = diagnosis(session, year=year, today=TODAY)
    return {panel.code: panel for panel in found}


def sentences(ledger: Database) -> dict[str, str]:
    with ledger.read() as session:
        value = to_json(diagnosis(session, year=2019, today=TODAY))
    return {panel["code"]: panel["sentence"] for panel in value["panels"]}


def test_an_empty_ledger_says_that_there_is_too_little(run: Run) -> None:
    status, value = run("diagnose", "--year", 2019)
    assert status == 0
    assert [panel["code"] for panel in value["panels"]] == list(CODES)
    for panel in value["panels"]:
        assert {"code", "sentence", "n", "figures", "enough"} <= panel.keys()
        assert (panel["enough"], panel["n"]) == (False, 0)
        assert panel["sentence"].endswith("。") and panel["sentence"].count("。") == 1


@pytest.mark.parametrize(
    "drafts",
    [
        [project("只有一个", status="active", signed="2015", foreign_places=("co:JP",))],
        [project(f"未注日期{n}", foreign_places=("co:JP",)) for n in range(9)],
        [project(f"都在亚洲{n}", status="active", signed="2015", foreign_places=("co:JP",)) for n in range(9)],
    ],
    ids=["one record", "all undated", "all in one continent"],
)
def test_poor_ledgers_still_answer(run: Run, ledger: Database, drafts: list[Any]) -> None:
    add(ledger, *drafts)
    for arguments in (
        ("diagnose", "--year", 2019, "--records"),
        ("stats", "--year", 2019, "--by", "continent"),
        ("stats", "--span", "2014-2019", "--by", "country,domain", "--measure", "lorenz", "--measure", "yoy"),
        ("stats", "--year", 2019, "--measure", "uncertainty", "--measure", "concentration", "--measure", "quality"),
    ):
        status, value = run(*arguments)
        assert status == 0
    assert value["total"] == (0 if "未注日期" in drafts[0].title else len(drafts))


def test_regions_by_hand(ledger: Database) -> None:
    ties(ledger, EUROPE + EUROPE[:2] + ("co:JP", "co:KE"))  # 8 of 10 in Europe
    panel = panels(ledger)["imbalance_region"]
    assert (panel.n, panel.enough, panel.record_kind) == (10, True, "pair")
    rows = {row["key"]: row for row in panel.figures["continents"]}
    assert rows["europe"]["count"] == 8
    europe = rows["europe"]["baseline_share"]
    assert rows["europe"]["gap"] == pytest.approx(10 * europe - 8)
    assert panel.levers[0].kind == "continent" and panel.levers[0].key == "africa"
    assert len(panel.records["europe"]) == 8 and panel.records["africa"] == (10,)
    text = sentences(ledger)["imbalance_region"]
    assert text.startswith("2019 年末，10 对正式友好城市中，欧洲占 80.0%（95% 区间 49.0%～94.3%），而其国家数只占 ")
    assert "缺口最大的是非洲" in text
    assert [point.n for point in panel.trend][-2:] == [10, 10]
    assert panel.trend[0].year == 2015


def test_nothing_is_claimed_within_the_interval(ledger: Database) -> None:
    countries = ("co:JP", "co:KR", "co:FR", "co:DE", "co:KE", "co:ZA", "co:BR", "co:US", "co:NZ", "co:EG")
    ties(ledger, countries)
    assert "尚不能认定" in sentences(ledger)["imbalance_region"]


def test_practical_work_by_hand(ledger: Database) -> None:
    ties(ledger, EUROPE + EUROPE)
    panel = panels(ledger)["exchange_over_practical"]
    assert panel.figures["practical_share"]["value"] == 0
    text = sentences(ledger)["exchange_over_practical"]
    assert text == (
        "2019 年末，已归类的 12 个项目中，务实合作占 0.0%（95% 区间 0.0%～24.2%），少于交流交往；"
        "有 2 个城市交流较多而无务实项目。"
    )
    assert {(lever.kind, lever.value, len(lever.ids)) for lever in panel.levers} == {("city", 6.0, 6)}


def test_likeness_of_home_cities(ledger: Database) -> None:
    ties(ledger, ("co:FR",) * 16)
    panel = panels(ledger)["homogeneous"]
    assert (panel.n, panel.figures["mean"]) == (16, 1.0)
    assert panel.levers[0].kind == "alike" and len(panel.levers[0].ids) == 16
    assert panel.levers[-1].kind == "duplication"
    concentrated = panels(ledger)["unsystematic"]
    assert [(lever.kind, lever.value) for lever in concentrated.levers] == [("concentrated", 1.0)] * 2


def test_approvals_by_hand(ledger: Database, run: Run) -> None:
    with ledger.write() as session:
        procedure = ApprovalProcedure(name="友城", steps=[])
        session.add(procedure)
        session.flush()
        for _ in range(8):
            case = ApprovalCase(procedure_id=procedure.id, title="案")
            session.add(case)
            session.flush()
            for position, (name, first, last) in enumerate(
                (("市外办", "2019-06-03", "2019-06-05"), ("省外办", "2019-06-05", "2019-06-13"))
            ):
                step = ApprovalStep(case_id=case.id, position=position, name=name)
                session.add(step)
                session.flush()
                events = (("submitted", first), ("decided", last))
                for n, (kind, date) in enumerate(events):
                    session.add(ApprovalEvent(step_id=step.id, position=n, kind=kind, date=date))
    assert sentences(ledger)["approval"] == (
        "已办结的 8 件审批，用时中位数 7 个工作日，九成在 7 以内；最慢的环节是“省外办”，占总用时 71.4%；共退回 0 次。"
    )
    _, figures = run("stats", "--year", 2019, "--measure", "approval")
    assert figures["measures"]["approval"]["bottleneck"] == {"procedure": "友城", "step": "省外办"}


def test_ends_and_causes(ledger: Database) -> None:
    states = ["completed"] * 6 + ["failed"] * 2 + ["terminated"]
    add(
        ledger,
        *(
            project(
                f"项目{n}",
                status=state,
                signed="2014",
                ended="2018-05-01",
                planned_end="2017-12-31",
                mode="demonstration_park",
            )
            for n, state in enumerate(states)
        ),
    )
    with ledger.write() as session:
        failed = session.scalar(select(Project.id).where(Project.status == "failed"))
        session.add(Risk(project_id=failed, cause="ext_politics"))
    assert sentences(ledger)["uncertainty"] == (
        "2015—2019 年结束的 9 个项目中，终止或失败 3 个，占 33.3%（95% 区间 12.1%～64.6%）；"
        "应到期的 9 个中，延期或逾期未结 6 个，占 66.7%；延期天数中位数 121 天；"
        "记明原因的 1 个中，有外部原因的占 100.0%。"
    )
    panel = panels(ledger)["uncertainty"]
    assert [(lever.kind, lever.value) for lever in panel.levers] == [("mode", 9.0)]
    assert len(panel.records["failed"]) == 2


def test_records_to_chase(ledger: Database) -> None:
    add(ledger, *(project(f"项目{n}", department="市商务局", status="idea", source="台账") for n in range(9)))
    panel = panels(ledger)["statistics_missing"]
    assert panel.levers[0].kind == "department" and panel.levers[0].label == "市商务局"
    assert len(panel.levers[0].ids) == 9
    assert {lever.key for lever in panel.levers if lever.kind == "field"} <= {
        *("mode", "nature", "domain", "level", "domestic_places", "foreign_places", "amount")
    }
    assert "空缺最多的部门是市商务局" in sentences(ledger)["statistics_missing"]


def test_sentences_in_english(ledger: Database) -> None:
    ties(ledger, EUROPE + EUROPE)
    i18n.set_language("en")
    for text in sentences(ledger).values():
        assert text.endswith(".") and not any("一" <= char <= "鿿" for char in text.replace("上海市", ""))


def test_a_year_there_is_not(run: Run) -> None:
    status, value = run("diagnose", "--year", 20190)
    assert (status, value["error"]["code"]) == (2, "year_out_of_range")


# -- other kinds of record -----------------------------------------------------------------------------------------


def test_official_ties_are_signed_and_not_ended(run: Run, ledger: Database) -> None:
    ties(ledger, ("co:FR", "co:JP", "co:KR"))
    add(
        ledger,
        project(
            "友好",
            status="active",
            signed="2016",
            domestic_places=("cn:310000",),
            foreign_places=("co:BR",),
            pair_kind="friendly",
        ),
    )
    with ledger.write() as session:
        over = session.scalars(select(Pair).order_by(Pair.id)).all()[0]
        over.ended, over.life = "2018-03", "ended"
    _, figures = run("stats", "--kind", "pair", "--year", 2019, "--by", "country", "--records")
    rows = {row["key"]: row["records"] for row in figures["rows"] if row["count"]}
    assert (figures["kind"], figures["total"], rows) == ("pair", 2, {"JP": ["T2"], "KR": ["T3"]})
    assert run("stats", "--kind", "pair", "--year", 2017)[1]["total"] == 3
    assert run("stats", "--kind", "pair", "--year", 2018, "--count", "ended")[1]["total"] == 1
    assert run("stats", "--kind", "pair", "--year", 2019, "--pair-kind", "all")[1]["total"] == 3
    by_kind = run("stats", "--kind", "pair", "--year", 2019, "--by", "pair_kind")[1]
    assert {row["key"]: row["count"] for row in by_kind["rows"] if row["count"]} == {"sister": 2, "friendly": 1}
    filtered = run("stats", "--kind", "pair", "--year", 2019, "--filter", "country = JP")[1]
    assert filtered["total"] == 1
    assert run("stats", "--kind", "pair", "--pair-kind", "cousin")[1]["error"]["code"] == "option_unknown"
    assert run("stats", "--kind", "pair", "--measure", "quality")[1]["error"]["code"] == "measure_of_projects"


def test_activities_and_agreements_are_counted(run: Run, ledger: Database) -> None:
    ties(ledger, ("co:FR", "co:JP"))
    with ledger.write() as session:
        tie = session.scalars(select(Pair.id).order_by(Pair.id)).all()[1]
        session.add(Activity(project_id=1, kind="visit_out", title="出访", date="2019-05"))
        session.add(Activity(pair_id=tie, kind="visit_in", title="来访", date="2019-06-01"))
        session.add(Activity(pair_id=tie, kind="visit_in", title="来访", date="2018"))
    _, figures = run("stats", "--kind", "activity", "--count", "flow", "--year", 2019, "--by", "country", "--records")
    assert {row["key"]: row["records"] for row in figures["rows"] if row["count"]} == {"FR": ["V1"], "JP": ["V2"]}
    assert figures["measures"]["practical_share"]["n"] == 1  # the nature is that of its project
    _, figures = run("stats", "--measure", "volume", "--year", 2019)
    volume = figures["measures"]["volume"]
    assert {kind: (row["closing"], row["flow"]) for kind, row in volume.items()} == {
        "project": (2, 0),
        "pair": (2, 0),
        "agreement": (volume["agreement"]["closing"], 0),
        "activity": (0, 2),
        "outcome": (0, 0),
    }


def test_counterparts_of_hong_kong_are_apart(run: Run, ledger: Database) -> None:
    add(
        ledger,
        project("港", status="active", signed="2015", foreign_places=("cn:810000",)),
        project("日", status="active", signed="2015", foreign_places=("co:JP",)),
    )
    _, apart = run("stats", "--year", 2019, "--by", "country")
    assert (apart["total"], apart["outside"], apart["hmt"]) == (2, 1, 1)
    assert {row["key"] for row in apart["rows"] if row["count"]} == {"JP"}
    _, within = run("stats", "--year", 2019, "--by", "country", "--hmt")
    assert within["outside"] == 0 and {row["key"] for row in within["rows"] if row["count"]} == {"JP", "HK"}


# -- then and now --------------------------------------------------------------------------------------------------


def test_comparison_names_the_records_that_made_it(run: Run, ledger: Database) -> None:
    add(
        ledger,
        project("去", status="completed", signed="2010", ended="2018", foreign_places=("co:JP",)),
        project("留", status="active", signed="2010", foreign_places=("co:JP",)),
        project("来", status="active", signed="2018", foreign_places=("co:FR",), nature="practical"),
    )
    _, value = run("stats", "--year", 2018, "--by", "continent", "--compare-year", 2017)
    found = value["comparison"]
    assert {k: found["total"][k] for k in ("then", "now", "difference", "came", "went")} == {
        "then": 2,
        "now": 2,
        "difference": 0,
        "came": ["P3"],
        "went": ["P1"],
    }
    rows = {row["key"]: row for row in found["rows"]}
    assert (rows["asia"]["difference"], rows["asia"]["went"], rows["europe"]["came"]) == (-1, ["P1"], ["P3"])
    assert found["measures"]["practical_share"] == {"then": None, "now": 1.0, "difference": None}
    assert found["measures"]["gini"]["difference"] == pytest.approx(
        value["measures"]["gini"] - found["measures"]["gini"]["then"]
    )
    with ledger.write() as session:
        save_view(session, View("日本", "country = JP"))
    _, value = run("stats", "--year", 2018, "--compare-view", "日本")
    assert value["comparison"]["total"]["came"] == ["P3"]
    assert run("stats", "--compare-view", "没有")[1]["error"]["code"] == "option_unknown"
    assert run("stats", "--span", "2017-2018", "--compare-year", 2016)[1]["error"]["code"] == "usage"
