"""The names of office and user: in the ledger, in every change by window or command line, and taken back."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bri_desktop.__main__ import main
from bri_desktop.db.actor import system_user
from bri_desktop.db.database import Database, open_database
from bri_desktop.db.models import Change
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.history import history_of, undo_last
from bri_desktop.services.office import (
    Office,
    Reminders,
    read_office,
    read_reminders,
    restore_defaults,
    save_office,
    save_reminders,
    save_setting,
)
from bri_desktop.services.pair_life import TieRules, read_rules
from bri_desktop.services.projects import create_project


@pytest.fixture
def ledger(ledger_path: Path) -> Any:
    database = open_database(ledger_path)
    yield database
    database.close()


def last_actor(database: Database) -> str | None:
    with database.read() as session:
        return session.scalar(select(Change.who).order_by(Change.id.desc()))


def test_every_change_says_user_name_and_office(ledger: Database) -> None:
    user = system_user()
    with ledger.write() as session:
        create_project(session, ProjectDraft(title="一"))
    assert last_actor(ledger) == user
    with ledger.write() as session:
        save_office(session, Office("  某市　外办 ", "", "王芳"))
    with ledger.write() as session:
        create_project(session, ProjectDraft(title="二"))
    assert last_actor(ledger) == f"{user} 王芳（某市 外办）"
    with ledger.read() as session:
        assert [entry["who"] for entry in history_of(session, "P2")] == [f"{user} 王芳（某市 外办）"]
    with ledger.write() as session:
        save_setting(session, "own_name", "")
        create_project(session, ProjectDraft(title="三"))
    assert last_actor(ledger) == f"{user}（某市 外办）"


def test_two_ledgers_keep_their_own_names(ledger: Database, tmp_path: Path) -> None:
    other = open_database(tmp_path / "other.db")
    with ledger.write() as session, other.write() as beside:
        save_office(session, Office("甲办"))
        save_office(beside, Office("乙办"))
    for database, office in ((ledger, "甲办"), (other, "乙办")):
        with database.write() as session:
            create_project(session, ProjectDraft(title="一"))
        assert last_actor(database) == f"{system_user()}（{office}）"
    other.close()


def test_settings_are_checked_and_can_be_taken_back(ledger: Database) -> None:
    with ledger.write() as session:
        save_office(session, Office("某市外办", "青岛"))
    with ledger.read() as session:
        assert read_office(session) == Office("某市外办", "cn:370200", "")
    for name, value, code in (
        ("name", "办" * 61, "text_too_long"),
        ("home_city", "没有这座城", "place_unknown_key"),
        ("visit_days", 731, "days_wrong"),
        ("approval_days", 0, "days_wrong"),
        ("dormant_years", 0, "dormant_years_wrong"),
        ("dispersed", 0.0, "threshold_unusable"),
        ("nix", 1, "option_unknown"),
    ):
        with pytest.raises(InputError) as refused, ledger.write() as session:
            save_setting(session, name, value)
        assert refused.value.code == code
    with ledger.write() as session:
        undo_last(session)
    with ledger.read() as session:
        assert read_office(session) == Office()


def test_all_rules_go_back_in_one_act(ledger: Database) -> None:
    with ledger.write() as session:
        save_reminders(session, Reminders(expiring_days=30, visit_days=0))
        save_setting(session, "every_five", True)
        save_office(session, Office("某市外办"))
    with ledger.write() as session:
        restore_defaults(session)
    with ledger.read() as session:
        assert (read_reminders(session), read_rules(session)) == (Reminders(), TieRules())
        assert read_office(session).name == "某市外办"
    with ledger.write() as session:
        undo_last(session)
    with ledger.read() as session:
        assert (read_reminders(session), read_rules(session).every_five) == (Reminders(30, visit_days=0), True)


def test_the_command_line_sets_and_enters_the_same(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def say(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), *arguments])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    status, text = say("settings", "name=某市外办", "home_city=青岛", "every_five=是", "dispersed=0.5")
    assert status == 0 and "单位名称：某市外办" in text and "所在城市：青岛市" in text
    assert say("add", "title=一")[0] == 0
    entries = json.loads(say("history", "P1", "--json")[1])["entries"]
    assert entries[0]["who"] == f"{system_user()}（某市外办）"
    assert say("settings", "visit_days=很多") == (2, "请填整数，如 12。\n")
    assert say("settings", "foo=1")[0] == 2 and say("settings", "every_five=也许")[0] == 2
    found = json.loads(say("settings", "--defaults", "dispersed=", "--json")[1])["settings"]
    assert (found["name"], found["home_city"], found["every_five"], found["dispersed"]) == (
        "某市外办",
        "cn:370200",
        False,
        0.75,
    )
