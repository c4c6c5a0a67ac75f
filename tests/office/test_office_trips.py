"""Round trips through LibreOffice, where the run asks for them and the program is there: ``BRI_TEST_OFFICE=1``."""

import importlib
import os
import shutil
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "script"
TRIPS = ("ledger", "cells", "issued") if os.environ.get("BRI_TEST_OFFICE") and shutil.which("soffice") else ()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "trip" in metafunc.fixturenames:
        metafunc.parametrize("trip", TRIPS or [None], ids=TRIPS or ["not asked for"])


def test_nothing_changes(trip: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if trip is None:
        return
    monkeypatch.syspath_prepend(str(SCRIPTS))
    trips = importlib.import_module("office_trips")
    assert list(trips.TRIPS[trip](tmp_path, 2_000 if trip == "cells" else 40)) == []
