"""Umbrella projects in issued workbooks: an internal one leaves no word of itself there."""

import zipfile
from pathlib import Path

import pytest
from some_projects import add, project
from some_returned import merged, planned

from bri_desktop.db.database import Database
from bri_desktop.services.issuing import Order, issue


@pytest.mark.parametrize("internal", [False, True])
def test_the_code_of_an_internal_umbrella_stays_at_home(ledger: Database, tmp_path: Path, internal: bool) -> None:
    (umbrella,) = add(ledger, project("内部总项目", code="NB-77", visibility="internal"))
    add(ledger, project("公开子项目", code="G-1", parent=umbrella))
    path = tmp_path / "issued.xlsx"
    order = Order(department="商务局", fields=("title", "parent"), include_internal=internal)
    with ledger.write() as session:
        issue(session, order, path)
    with zipfile.ZipFile(path) as archive:
        told = any(b"NB-77" in archive.read(name) for name in archive.namelist())
    assert told is internal
    plan = planned(ledger, path)
    assert (plan.rows, plan.damage, plan.problems) == ((), (), ())
    assert merged(ledger, path).batch is None
