"""The standard map picture as base: kept beside the ledger, placed, taken back, and what cannot be placed."""

from pathlib import Path

import pytest

from bri_desktop.analysis.georeference import PLATE_CARREE, ControlPoint
from bri_desktop.db.database import Database
from bri_desktop.domain.errors import InputError
from bri_desktop.services.base_map import (
    BaseMap,
    approval_number,
    picture_path,
    read_base_map,
    remove_base_map,
    save_base_map,
    store_picture,
)
from bri_desktop.services.history import undo_last

POINTS = (ControlPoint(100, 50, 0, 40), ControlPoint(300, 150, 100, -10))


def base(sha256: str, number: str = "GS(2023)2767号") -> BaseMap:
    return BaseMap(sha256, "世界.png", 400, 200, number, PLATE_CARREE, POINTS)


def load(ledger: Database, folder: Path, data: bytes, number: str = "GS(2023)2767号") -> BaseMap:
    picture = folder / "世界.png"
    picture.write_bytes(data)
    content = store_picture(ledger.path, picture)
    with ledger.write() as session:
        save_base_map(session, base(content.sha256, number), content)
    return base(content.sha256, number)


def now(ledger: Database) -> BaseMap | None:
    with ledger.read() as session:
        return read_base_map(session)


def test_a_picture_is_loaded_replaced_removed_and_taken_back(ledger: Database, tmp_path: Path) -> None:
    first = load(ledger, tmp_path, b"one")
    assert now(ledger) == first
    assert picture_path(ledger.path, first).read_bytes() == b"one"
    assert first.reference().place(50, 15) == pytest.approx((200, 100))
    second = load(ledger, tmp_path, b"two", "京S(2024)013号")
    assert now(ledger) == second
    with ledger.write() as session:
        assert remove_base_map(session).kinds == {"base_map", "history"}
        assert not remove_base_map(session).kinds
    for expected in (second, first, None):
        assert now(ledger) == (None if expected is second else second if expected is first else first)
        with ledger.write() as session:
            undo_last(session)
        assert now(ledger) == expected


def test_a_picture_that_is_gone_or_changed_is_told(ledger: Database, tmp_path: Path) -> None:
    found = load(ledger, tmp_path, b"one")
    path = picture_path(ledger.path, found)
    path.chmod(0o600)
    path.write_bytes(b"onf")
    with pytest.raises(InputError, match="map_picture_missing"):
        picture_path(ledger.path, found)
    path.unlink()
    with pytest.raises(InputError, match="map_picture_missing"):
        picture_path(ledger.path, found)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("GS(2023)2767号", "GS(2023)2767号"),
        ("审图号：GS（2020）4392 号", "GS(2020)4392号"),
        ("京s(2024)013号", "京S(2024)013号"),
        ("gs(2016)2923号", "GS(2016)2923号"),
    ],
)
def test_approval_numbers(written: str, plain: str) -> None:
    assert approval_number(written) == plain


@pytest.mark.parametrize("written", ["", "无", "2767号", "GS(23)1号", "GS(2023)号"])
def test_a_map_without_an_approval_number_is_no_standard_map(ledger: Database, tmp_path: Path, written: str) -> None:
    with pytest.raises(InputError, match="map_number_needed"):
        load(ledger, tmp_path, b"one", written)
    assert now(ledger) is None
