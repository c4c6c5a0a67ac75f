"""The examples of the handbook are what the program answers on the ledger that the handbook describes."""

import json
import re
import shlex
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from some_projects import add, project

from bri_desktop import paths
from bri_desktop.__main__ import main
from bri_desktop.analysis.city_index import Criterion
from bri_desktop.analysis.statistics import MEASURES
from bri_desktop.db.database import Database
from bri_desktop.db.measure_models import (
    ApprovalCase,
    ApprovalEvent,
    ApprovalStep,
    ExchangeRate,
    IndexValue,
    Indicator,
    IndicatorValue,
    Risk,
)
from bri_desktop.db.models import Activity
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.services.statistics_options import MeasureOptions, save_options

HANDBOOK = paths.resources().parent / "docs" / "statistics.md"
EXAMPLE = re.compile(r"```sh\nbri-desktop (?P<command>[^\n]+)\n```\n\n```json\n(?P<json>.+?)\n```", re.DOTALL)
EXAMPLES = EXAMPLE.findall(HANDBOOK.read_text(encoding="utf-8"))


def fill(ledger: Database) -> None:
    """Store the ledger of the handbook: two home cities with eight projects each, and a little of everything."""
    drafts = []
    for number in range(16):
        ended = {0: "2017-12-20", 1: "2017-08-31", 2: "2016-05-01"}.get(number)
        drafts.append(
            project(
                f"合作{number}",
                status={0: "completed", 1: "completed", 2: "failed"}.get(number, "active"),
                signed=f"{2014 + number % 3}-03-01",
                ended=ended,
                planned_end="2017-12-31" if number == 0 else "2017-06-30" if number == 1 else None,
                domestic_places=("cn:310000" if number < 8 else "cn:320500",),
                foreign_places=(("co:JP", "co:FR", "co:KE", "co:JP")[number % 4],),
                domain=("trade", "people")[number % 2],
                nature="practical" if number % 3 == 0 else "exchange",
                mode="sister_city",
                pair_kind="sister" if number < 3 else None,
                department="市商务局" if number < 12 else None,
                outcomes=(OutcomeDraft(what="培训", quantity=Decimal(30), unit="人次"),) if number in (3, 4) else (),
            )
        )
    invested = OutcomeDraft(what="投资", amount=Money(Decimal(1_000_000), "USD"))
    drafts[5] = replace(drafts[5], outcomes=(invested,))
    add(ledger, *drafts)
    with ledger.write() as session:
        session.add(Risk(project_id=3, cause="ext_politics"))
        session.add(ExchangeRate(currency="USD", year=2017, rate="6.5"))
        indicator = Indicator(project_id=4, name="能耗", unit="吨", baseline=Decimal(100), target=Decimal(80))
        case = ApprovalCase(project_id=4, title="友城")
        session.add_all([indicator, case])
        session.flush()
        session.add(IndicatorValue(indicator_id=indicator.id, period="2017", actual=Decimal(90)))
        step = ApprovalStep(case_id=case.id, position=1, name="市外办")
        session.add(step)
        session.flush()
        for position, (kind, date) in enumerate((("submitted", "2017-03-06"), ("decided", "2017-03-10"))):
            session.add(ApprovalEvent(step_id=step.id, position=position, kind=kind, date=date))
        session.add(Activity(pair_id=1, kind="visit_in", title="来访", date="2017-05-17", head_count=12))
        for place, value in (("cn:310000", 9.0), ("co:JP", 3.0)):
            for criterion in ("市场活力", "教育水平"):
                session.add(IndexValue(place_key=place, criterion=criterion, year=2017, value=value))
        criteria = (
            Criterion("市场活力", "development", "business_activity"),
            Criterion("教育水平", "development", "human_capital"),
        )
        save_options(session, MeasureOptions(criteria=criteria))


def ask(path: Path, command: str, capsys: pytest.CaptureFixture[str]) -> Any:
    capsys.readouterr()
    assert main(["--db", str(path), *shlex.split(command)]) == 0
    return json.loads(capsys.readouterr().out)


def plain(value: Any) -> Any:
    """Return a value with its numbers to six places, as the handbook prints them."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


def test_every_measure_has_an_example() -> None:
    named = {name for command, _ in EXAMPLES for name in re.findall(r"--measure (\w+)", command)}
    assert set(MEASURES) <= named


def test_the_examples_are_what_the_program_answers(
    ledger: Database, ledger_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(ledger)
    assert EXAMPLES
    for command, text in EXAMPLES:
        shown = json.loads(text)
        found = plain(ask(ledger_path, command, capsys))
        assert {key: found[key] for key in shown} == shown, command
