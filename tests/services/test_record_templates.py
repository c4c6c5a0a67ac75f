"""Templates of projects: what they keep, by which name, and what a new project begins with."""

from decimal import Decimal

import pytest

from bri_desktop.db.database import Database
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.services.record_templates import (
    begin_from,
    delete_template,
    list_templates,
    rename_template,
    save_template,
)

VISIT = ProjectDraft(
    code="Z-1", title="赴布拉格访问", mode="exchange_mechanism", status="completed", signed=PartialDate("2019-05"),
    domestic_places=("cn:310000",), foreign_places=("gn:3067696",), department="市外办", tags=("出访",),
    amount=Money(Decimal(200_000), "CNY"), results="签署备忘录", outcomes=(OutcomeDraft(what="备忘录"),),
)  # fmt: skip


def names(ledger: Database) -> list[str]:
    with ledger.read() as session:
        return [one.name for one in list_templates(session)]


def test_a_template_keeps_what_others_of_the_kind_have_too(ledger: Database) -> None:
    with ledger.write() as session:
        save_template(session, " 出访  团组 ", VISIT)
    with ledger.read() as session:
        (template,) = list_templates(session)
        begun = begin_from(session, template.id, "zh_CN")
    assert template.name == "出访 团组"
    assert begun.draft == ProjectDraft(
        title="赴布拉格访问", mode="exchange_mechanism", domestic_places=("cn:310000",), department="市外办",
        foreign_places=("gn:3067696",), tags=("出访",), amount=Money(Decimal(200_000), "CNY"),
    )  # fmt: skip
    assert begun.names["gn:3067696"].name == "布拉格"


def test_a_name_is_had_once_and_saving_replaces(ledger: Database) -> None:
    with ledger.write() as session:
        save_template(session, "甲", VISIT)
        save_template(session, "乙", VISIT)
        save_template(session, "甲", ProjectDraft(title="另一个"))
    assert names(ledger) == ["乙", "甲"] or names(ledger) == ["甲", "乙"]
    with ledger.read() as session:
        ids = {one.name: one.id for one in list_templates(session)}
        assert begin_from(session, ids["甲"], "zh_CN").draft == ProjectDraft(title="另一个")
    with ledger.write() as session, pytest.raises(InputError, match="template_name_taken"):
        rename_template(session, ids["甲"], "乙")
    with ledger.write() as session:
        rename_template(session, ids["甲"], "丙")
        delete_template(session, ids["乙"])
    assert names(ledger) == ["丙"]
    with ledger.write() as session, pytest.raises(InputError, match="template_unknown"):
        delete_template(session, ids["乙"])


@pytest.mark.parametrize(("name", "code"), [("  ", "template_name_needed"), ("长" * 61, "template_name_long")])
def test_a_name_that_cannot_be_is_refused(ledger: Database, name: str, code: str) -> None:
    with ledger.write() as session, pytest.raises(InputError, match=code):
        save_template(session, name, VISIT)
