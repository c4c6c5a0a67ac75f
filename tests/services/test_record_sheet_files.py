"""项目卡 and 友城档案 as files: what stands in them, how they are called, and what is refused."""

from pathlib import Path

import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from sqlalchemy import select

from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.database import Database
from bri_desktop.db.models import Pair, Place
from bri_desktop.domain.errors import InputError
from bri_desktop.services.approvals import open_case
from bri_desktop.services.attachments import add_attachments, store_files
from bri_desktop.services.hanging import add_record
from bri_desktop.services.record_sheet_facts import project_sheet
from bri_desktop.services.record_sheet_out import MOST_AT_ONCE, write_folder, write_sheets
from bri_desktop.services.record_sheet_tie import tie_sheet
from bri_desktop.services.reference import read_codebook
from tests.services.some_projects import add, project


@pytest.fixture
def keys(ledger: Database) -> tuple[str, str]:
    """Store a project and a tie with what hangs on them; return their keys."""
    where = {"domestic_places": ("cn:310000",), "foreign_places": ("co:FR",)}
    (project_key,) = add(ledger, project("中欧班列", code="2020-001", visibility="internal", **where))
    with ledger.write() as session:
        places = {key: session.scalar(select(Place).where(Place.key == key)) for key in ("cn:310000", "co:FR")}
        tie = Pair(
            domestic=places["cn:310000"], foreign=places["co:FR"], kind="sister", life="signed", note="多年往来。"
        )
        session.add(tie)
        session.flush()
        tie_key = f"T{tie.id}"
        for owner in (project_key, tie_key):
            add_record(session, "agreement", owner, {"title": "备忘录", "signed": "2010-05-17"})
            add_record(session, "contact", owner, {"name": "张三", "position": "处长", "phone": "021-60000000"})
            add_record(session, "follow_up", owner, {"what": "答复来函", "due": "2030-01-15"})
            add_record(session, "follow_up", owner, {"what": "已办之事", "due": "2020-01-15", "done": "2020-01-10"})
            open_case(session, owner)
    return project_key, tie_key


def text_of(path: Path) -> list[str]:
    with PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_the_page_of_a_project_tells_what_hangs_on_it_but_no_telephone(
    ledger: Database, ledger_path: Path, keys: tuple[str, str], tmp_path: Path
) -> None:
    with ledger.read() as session:
        written = write_sheets(session, ledger_path, ["2020-001"], tmp_path / "a.pdf", office="某市外办")
    assert written.records == 1
    (text,) = text_of(tmp_path / "a.pdf")
    for word in (
        "项目卡",
        "中欧班列",
        "2020-001",
        "备忘录",
        "2010-05-17",
        "张三 处长",
        "答复来函",
        "意向书",
        "内部",
        "某市外办",
    ):
        assert word in text
    assert "60000000" not in text and "已办之事" not in text


def test_the_file_of_a_tie_tells_its_places_stage_and_agreements(
    ledger: Database, ledger_path: Path, keys: tuple[str, str]
) -> None:
    with ledger.read() as session:
        made = tie_sheet(session, read_codebook(session), AttachmentFolder(folder_beside(ledger_path)), keys[1])
    facts = {fact.label: fact.text for fact in made.facts}
    assert made.kind == "友城档案" and made.title == "上海市—法国"
    assert facts["结好类别"] == "友好城市" and facts["签署日期"] == "2010-05-17" and facts["项目"] == "0"
    assert made.texts[0].text == "多年往来。"
    assert [part.title for part in made.parts] == ["协议"]
    assert [text.label for text in made.below] == ["审批", "待办", "联系人"]


def test_the_first_picture_that_can_be_read_stands_on_the_page(
    ledger: Database, ledger_path: Path, keys: tuple[str, str], tmp_path: Path
) -> None:
    folder = AttachmentFolder(folder_beside(ledger_path))
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    Image.new("RGB", (60, 40), "blue").save(tmp_path / "b.png")
    contents, _ = store_files(folder, [tmp_path / "a.jpg", tmp_path / "b.png"])
    with ledger.write() as session:
        add_attachments(session, keys[0], contents)
    with ledger.read() as session:
        made = project_sheet(session, read_codebook(session), folder, keys[0])
        assert made.photo is not None and (made.photo.name, made.photo.width) == ("b.png", 60)
        folder.path_of(contents[1].sha256).unlink()
        assert project_sheet(session, read_codebook(session), folder, keys[0]).photo is None


def test_a_folder_takes_a_file_for_each_record_and_keeps_those_that_are_there(
    ledger: Database, ledger_path: Path, keys: tuple[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "cards"
    with ledger.read() as session:
        write_folder(session, ledger_path, keys, out, ".pdf")
        write_folder(session, ledger_path, keys[:1], out, ".pdf")
    names = sorted(path.name for path in out.iterdir())
    assert names == ["友城档案 上海市—法国.pdf", "项目卡 中欧班列 (2).pdf", "项目卡 中欧班列.pdf"]


@pytest.mark.parametrize(
    ("wanted", "name", "code"),
    [
        (["P1"], "a.txt", "record_sheet_type"),
        ([], "a.pdf", "record_sheet_none"),
        (["P99"], "a.pdf", "record_unknown"),
        ([f"P{number}" for number in range(MOST_AT_ONCE + 1)], "a.pdf", "record_sheet_many"),
        (["P1"], "none/a.pdf", "folder_missing"),
    ],
)
def test_what_cannot_be_written_is_told_and_leaves_no_file(
    ledger: Database, ledger_path: Path, keys: tuple[str, str], tmp_path: Path, wanted: list[str], name: str, code: str
) -> None:
    with ledger.read() as session, pytest.raises(InputError) as caught:
        write_sheets(session, ledger_path, wanted, tmp_path / name)
    assert caught.value.code == code
    assert not list(tmp_path.glob("a.*"))
