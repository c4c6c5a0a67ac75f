"""What the ledger writes, the ledger reads again without a change: .xlsx, .csv and .ods, in both languages."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from some_projects import add, item, project
from some_workbooks import counts, take, told
from sqlalchemy import select

from bri_desktop import i18n
from bri_desktop.db.database import Database
from bri_desktop.db.models import Code
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.services.ledger_out import export_projects

KINDS = ("xlsx", "csv", "ods")
TRICKY: dict[str, dict[str, Any]] = {
    "formula": {"title": "=1+1", "note": "+86 10", "summary": "-5", "source": "@SUM(A1)"},
    "zeros": {"title": "007", "code": "0001", "note": "00.10"},
    "lines": {"title": "第一行\n第二行", "note": "er sagte \"ja\", dann; 'nein'", "summary": "a  b"},
    "apostrophe": {"title": "'=1", "note": "'"},
    "dates": {"signed": "2017", "started": "2017-05", "ended": "2017-05-17", "planned_start": "2030"},
    "money": {"amount": "200000000 USD"},
    "exact": {"amount": "0.0001", "note": "1e5"},
    "large": {"amount": "900000000000000 JPY"},
    "codes": {"domain": "people", "domains": ("policy", "trade"), "status": "active", "level": "municipal"},
    "sdg": {"sdg": ("16", "9", "1"), "fields": ()},
    "company": {
        "partners": ("Foo Co., Ltd.", "ABB/西门子", "甲、乙联合体"),
        "lead": "Bar, Inc.",
        "department": "商务局/口岸办",
    },
    "tags": {"tags": ("重点", "a,b")},
    "places": {"domestic_places": ("cn:440600", "cn:310000"), "foreign_places": ("gn:2988507", "co:DE")},
    "country": {"foreign_places": ("co:JP",)},
    "region": {"foreign_places": ("cn:810000",)},
    "county": {"domestic_places": ("cn:320106",), "foreign_places": ("co:JP",)},
    "pair": {
        "domestic_places": ("cn:310000",),
        "foreign_places": ("co:JP",),
        "pair_kind": "sister",
        "mode": "sister_city",
        "submode": None,
        "signed": "1974-04-18",
    },
    "internal": {"visibility": "internal"},
    "outcomes": {
        "outcomes": (
            OutcomeDraft(what="培训学员", quantity=Decimal(22000), unit="人次"),
            OutcomeDraft(what="收购股份", quantity=Decimal("20.5"), unit="%"),
        )
    },
    "html": {"title": "<b>&amp;</b>", "note": "_x000D_ 原样"},
    "wide": {"title": "全角ＡＢＣ　１２３", "note": "𠮷野家 😀"},
}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", TRICKY)
def test_a_written_ledger_reads_as_unchanged(
    ledger: Database, tmp_path: Path, kind: str, name: str, language: str
) -> None:
    i18n.set_language(language)
    (key,) = add(ledger, project(**TRICKY[name]))
    before = item(ledger, key).draft
    path = tmp_path / f"ledger.{kind}"
    with ledger.read() as session:
        assert export_projects(session, path)["rows"] == 1
    report = take(ledger, path, dry=True)
    changed = [outcome.changed for outcome in report.outcomes if outcome.changed]
    assert (counts(report), told(report), changed) == ({"unchanged": 1}, [], [])
    take(ledger, path)
    assert item(ledger, key).draft == before


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_label_of_every_list_is_read_back(ledger: Database, tmp_path: Path, language: str) -> None:
    i18n.set_language(language)
    with ledger.read() as session:
        codes: dict[str, list[str]] = {}
        for row in session.scalars(select(Code).order_by(Code.list, Code.position)):
            codes.setdefault(row.list, []).append(row.code)
    one = {name: codes[name] for name in ("mode", "submode", "nature", "status", "domain", "level", "policy_step")}
    drafts = [project(f"{name} {code}", **{name: code}) for name, known in one.items() for code in known]
    with ledger.read() as session:
        above = dict(session.execute(select(Code.code, Code.parent).where(Code.list == "submode")).tuples().all())
    drafts = [replace(draft, mode=above[draft.submode]) if draft.submode else draft for draft in drafts]
    many = {"fields": "field", "sdg": "sdg", "corridors": "corridor"}
    drafts += [project(name, **{name: tuple(codes[listed])}) for name, listed in many.items()]
    drafts += [project(f"{name} {code}", **{name: (code,)}) for name, listed in many.items() for code in codes[listed]]
    add(ledger, *drafts)
    path = tmp_path / "all.csv"
    with ledger.read() as session:
        export_projects(session, path)
    report = take(ledger, path, dry=True)
    changed = [outcome.changed for outcome in report.outcomes if outcome.changed]
    assert (told(report), changed) == ([], [])
    assert counts(report) == {"unchanged": len(drafts)}
