"""The map of a summary: the sketch inside the office, the standard map wherever the office has loaded one."""

import datetime
from pathlib import Path

import pytest
from PIL import Image
from some_projects import add, project
from year_ledger import YEAR, prose, summary

from bri_desktop.analysis.chart import Chart
from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.database import Database
from bri_desktop.reports.document import SummaryDocument
from bri_desktop.reports.word import write_word
from bri_desktop.services.base_map import BaseMap, remove_base_map, save_base_map, store_picture
from bri_desktop.services.year_figures import open_figure
from bri_desktop.services.year_freezing import freeze

TODAY = datetime.date(2018, 3, 1)
NUMBER = "GS(2023)2767号"


@pytest.fixture
def cities(ledger: Database) -> list[str]:
    """Two projects of Shanghai and Prague, one with a whole country only."""
    own = {"status": "active", "domestic_places": ("cn:310000",)}
    return add(
        ledger,
        project("甲", signed="2016-05-01", foreign_places=("gn:3067696",), **own),
        project("乙", signed="2017-05-01", foreign_places=("gn:3067696",), **own),
        project("丙", signed="2017-06-01", foreign_places=("co:FR",), **own),
    )


def load_map(ledger: Database, folder: Path) -> None:
    picture = folder / "standard.png"
    Image.new("RGB", (720, 360), "#FFEE99").save(picture)
    content = store_picture(ledger.path, picture)
    base = BaseMap(content.sha256, content.name, 720, 360, NUMBER, "extent", (), (-180.0, 180.0, -90.0, 90.0))
    with ledger.write() as session:
        save_base_map(session, base, content)


def map_of(document: SummaryDocument) -> Chart | None:
    return next((one.chart for one in document.pictures() if one.chart.kind == "map"), None)


def made(ledger: Database, edition: str = "internal") -> SummaryDocument:
    return summary(ledger, edition=edition, today=TODAY, sections=("overview", "map"))


def test_the_sketch_stands_only_inside_the_office(ledger: Database, cities: list[str]) -> None:
    document = made(ledger)
    chart = map_of(document)
    assert chart is not None and chart.ground is not None and chart.ground.base is None
    assert dict(zip(chart.labels, chart.series[0].values, strict=True)) == {"上海市": 3.0, "布拉格": 2.0}
    assert "标出年末有在册项目的城市：境内1个（方块），境外1个（圆点）。" in prose(document, "map")
    assert next(one for one in document.pictures() if one.chart is chart).caption == "合作城市分布示意图"
    assert map_of(made(ledger, "submission")) is None
    with ledger.read() as session:
        opened = open_figure(session, "map_abroad", YEAR, today=TODAY)
    assert opened.keys == tuple(cities[:2]) and opened.figure.rule


def test_a_standard_map_stands_in_both_editions_with_its_number(
    ledger: Database, cities: list[str], tmp_path: Path
) -> None:
    load_map(ledger, tmp_path)
    for edition in ("internal", "submission"):
        document = made(ledger, edition)
        chart = map_of(document)
        assert chart is not None and chart.ground is not None and chart.ground.base is not None
        assert (chart.ground.base.number, Path(chart.ground.base.file).is_file()) == (NUMBER, True)
        assert "示意" not in next(one for one in document.pictures() if one.chart is chart).caption
    write_word(document, tmp_path / "a.docx")
    with ledger.write() as session:
        remove_base_map(session)
    assert map_of(made(ledger, "submission")) is None


def test_a_frozen_map_finds_its_picture_again_or_goes_without(
    ledger: Database, cities: list[str], tmp_path: Path
) -> None:
    load_map(ledger, tmp_path)
    freeze(ledger, YEAR, today=TODAY)
    before = map_of(made(ledger, "submission"))
    assert before is not None and before.ground is not None and before.ground.base is not None
    assert Path(before.ground.base.file).is_file()
    folder = AttachmentFolder(folder_beside(ledger.path))
    picture = folder.path_of(before.ground.base.sha256)
    picture.chmod(0o600)
    picture.unlink()
    assert map_of(made(ledger, "submission")) is None
    inside = map_of(made(ledger))
    assert inside is not None and inside.ground is not None and inside.ground.base is None
