"""Ties, results, approvals and what falls due, in the summary of a small ledger worked out by hand."""

import datetime
from decimal import Decimal
from typing import Any

from some_projects import add, project
from sqlalchemy import select
from year_ledger import SHANGHAI, YEAR, line, prose, summary, table

from bri_desktop.db.database import Database
from bri_desktop.db.exchange_models import IssuedWorkbook
from bri_desktop.db.measure_models import ApprovalCase, ApprovalEvent, ApprovalProcedure, ApprovalStep, ExchangeRate
from bri_desktop.db.models import Activity, Agreement, Organisation, Pair
from bri_desktop.db.record_models import FollowUp
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.reports.document import text_of


def tie(title: str, foreign: str, signed: str, **values: Any) -> Any:
    return project(
        title,
        status="active",
        signed=signed,
        mode="sister_city",
        pair_kind=values.pop("pair_kind", "sister"),
        nature="exchange",
        domain="people",
        domestic_places=SHANGHAI,
        foreign_places=(foreign,),
        **values,
    )


def pair_of(ledger: Database, number: int) -> int:
    with ledger.read() as session:
        return list(session.scalars(select(Pair.id).order_by(Pair.id)))[number]


def test_ties_by_hand(ledger: Database) -> None:
    add(
        ledger,
        tie("结好甲", "co:FR", "1997-05-04"),
        tie("结好乙", "co:DE", "2007-06"),
        tie("结好丙", "co:IT", "2017-03-03"),
        tie("友好丁", "co:JP", "2016-01", pair_kind="friendly"),
    )
    first, second = pair_of(ledger, 0), pair_of(ledger, 1)
    with ledger.write() as session:
        session.add(Activity(pair_id=first, title="互访", date="2016-10-01"))
        session.add(Agreement(pair_id=second, title="五年计划", signed="2010-01-01", expires="2018-02-28"))
    document = summary(ledger)
    figures = document.values()
    assert [figures[name] for name in ("sister", "sister_y1", "sister_new")] == [3, 2, 1]
    assert prose(document, "ties").startswith(
        "年末有友好城市3对，比上年（2对）增加1对，增长50.0%；全年新结好1对。另有友好交流（合作）城市1对，不计入友好城市。"
    )
    assert line(document, "ties_kinds", "友好交流（合作）城市") == ["友好交流（合作）城市", "1", "0", "0", "1"]
    new = [text_of(row[1]) for row in table(document, "ties_new_table").rows]
    assert new == ["上海市—意大利"]
    jubilees = [[text_of(cell) for cell in row] for row in table(document, "ties_anniversary_table").rows]
    assert jubilees == [
        ["1", "上海市—法国", jubilees[0][2], "1997年5月4日", "20"],
        ["2", "上海市—德国", jubilees[0][2], "2007年6月", "10"],
    ]
    # 德国: the last that happened was the agreement of 2010, more than five years ago; 法国: a visit in 2016.
    assert [text_of(row[1]) for row in table(document, "ties_dormant_table").rows] == ["上海市—德国"]
    assert [text_of(row[4]) for row in table(document, "ties_expiring_table").rows] == ["2018年2月28日"]
    assert (figures["ties_anniversary"], figures["ties_dormant"], figures["ties_expiring"]) == (2, 1, 1)


def test_what_falls_due_next_year(ledger: Database) -> None:
    add(
        ledger,
        tie("结好", "co:FR", "2008-05-04"),
        project("将启动", status="intent", planned_start="2018-06"),
        project("将结束", status="active", signed="2015", planned_end="2018-12-31"),
        project("早结束", status="completed", signed="2015", ended="2016", planned_end="2018"),
    )
    pair = pair_of(ledger, 0)
    with ledger.write() as session:
        session.add(Agreement(pair_id=pair, title="合作协议", signed="2013-01-01", expires="2018-01-01"))
        session.add(FollowUp(pair_id=pair, what="回访", due="2018-09-01"))
        session.add(FollowUp(pair_id=pair, what="已办", due="2018-09-02", done="2018-01-05"))
    document = summary(ledger)
    rows = [[text_of(cell) for cell in row[1:]] for row in table(document, "outlook_table").rows]
    assert rows == [
        ["2018年1月1日", "到期的协议", "合作协议"],
        ["2018年5月4日", "结好周年", "上海市—法国结好10周年"],
        ["2018年6月", "计划开始的项目", "将启动"],
        ["2018年9月1日", "待跟进事项", "回访（上海市—法国）"],
        ["2018年12月31日", "计划结束的项目", "将结束"],
    ]
    names = ("begin", "end", "expiring", "anniversary", "follow_up")
    assert [document.values()[f"due_{name}"] for name in names] == [1, 1, 1, 1, 1]


def outcome(**values: Any) -> OutcomeDraft:
    amount = values.pop("amount", None)
    number = values.pop("quantity", None)
    return OutcomeDraft(
        outcome_class=values.pop("outcome_class", None),
        what=values.pop("what", "成果"),
        quantity=None if number is None else Decimal(number),
        unit=values.pop("unit", None),
        amount=amount,
        date=None,
        evidence=None,
    )


def test_results_by_class_unit_and_currency(ledger: Database) -> None:
    several = (
        outcome(quantity=120, unit="人次"),
        outcome(quantity=30, unit="人次"),
        outcome(quantity="2.5", unit="公里"),
        outcome(amount=Money(Decimal(1_000_000), "USD")),
        outcome(amount=Money(Decimal(500_000), "EUR")),
        outcome(amount=Money(Decimal(3_000_000), "CNY")),
    )
    add(ledger, project("园区", status="active", signed="2016-02", outcomes=several))
    with ledger.write() as session:
        session.add(ExchangeRate(currency="USD", year=YEAR, rate="6.75"))
    document = summary(ledger)
    figures = document.values()
    rows = [[text_of(cell) for cell in row[1:]] for row in table(document, "results_table").rows]
    assert ["2", "150", "人次", "—"] in rows and ["1", "2.5", "公里", "—"] in rows
    assert ["3", "—", "—", "300万元、50万欧元和100万美元"] in rows
    assert figures["results_yuan"] == "9750000" and figures["results_without_rate_eur"] == "500000"
    text = prose(document, "results")
    assert "年末在册项目共登记成果6条。" in text
    assert "按2017年汇率折算，成果金额合计975万元；缺2017年汇率、未折算的有50万欧元。" in text
    assert line(document, "sources_rates", "美元") == ["美元", "6.75"]


def test_approvals_in_the_year(ledger: Database) -> None:
    add(ledger, project("待批", status="approval"))
    with ledger.write() as session:
        procedure = ApprovalProcedure(name="结好审批", steps=[])
        session.add(procedure)
        session.flush()
        case = ApprovalCase(title="甲", procedure_id=procedure.id, opened="2017-02-06")
        session.add(case)
        session.flush()
        for position, (name, first, last) in enumerate(
            (("市外办", "2017-02-06", "2017-02-08"), ("省外办", "2017-02-08", "2017-02-20"))
        ):
            step = ApprovalStep(case_id=case.id, position=position, name=name)
            session.add(step)
            session.flush()
            session.add(ApprovalEvent(step_id=step.id, position=0, kind="submitted", date=first))
            session.add(ApprovalEvent(step_id=step.id, position=1, kind="decided", date=last))
    add(ledger, project("在册", status="active", signed="2017-01"))
    text = prose(summary(ledger), "approval")
    # 6 to 20 February 2017: ten working days, two of them with the city and eight with the province.
    assert text == (
        "全年办理审批事项1件；办结1件；用时中位数10个工作日，九成不超过10个。"
        "用时最多的环节是“省外办”，占全部用时的80.0%。"
    )


def test_departments_that_have_not_returned(ledger: Database) -> None:
    add(ledger, project("在册", status="active", signed="2017-01", department="市商务局"))
    with ledger.write() as session:
        department = session.scalar(select(Organisation.id).where(Organisation.name == "市商务局"))
        session.add(
            IssuedWorkbook(
                number="2018-001",
                department_id=department,
                fields=[],
                due="2018-02-19",
                issued_at="2018-01-10T08:00:00Z",
                file_name="x.xlsx",
                rows=3,
            )
        )
    document = summary(ledger)
    assert line(document, "quality_outstanding_table", "市商务局") == [
        "市商务局", "2018-001", "2018年1月10日", "2018年2月19日", "10",
    ]  # fmt: skip
    assert "已发放、尚未交回的有工作簿1份；其中逾期1份。" in prose(document, "quality")
    chosen = summary(ledger, edition="submission", sections=("overview", "quality"))
    assert "市商务局" not in prose(chosen, "quality")
    assert not [one for one in chosen.tables() if one.name == "quality_outstanding_table"]


def test_a_year_to_come_is_not_told(ledger: Database) -> None:
    add(ledger, project("在册", status="active", signed="2017-01"))
    text = prose(summary(ledger, today=datetime.date(2018, 1, 2)), "outlook")
    assert text == "台账中没有2018年到期的事项。"
