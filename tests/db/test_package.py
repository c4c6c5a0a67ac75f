"""A backup in one file comes back to equal content, with its attachments; a damaged or foreign one changes nothing."""

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_files import everything

from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.check import check_file
from bri_desktop.db.database import Database
from bri_desktop.db.package import LEDGER, pack, unpack
from bri_desktop.db.record_models import Attachment
from bri_desktop.db.sealed import MAGIC, seal, unseal
from bri_desktop.domain.errors import InputError, UserError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.projects import create_project

SCAN = b"%PDF-1.7 " + bytes(range(256)) * 40


@pytest.fixture
def filled(ledger: Database, tmp_path: Path) -> Path:
    """Return a ledger with one project and one attachment."""
    source = tmp_path / "协议 扫描.pdf"
    source.write_bytes(SCAN)
    content = AttachmentFolder(folder_beside(ledger.path)).put(source)
    with ledger.write() as session:
        create_project(session, ProjectDraft(title="港口合作"))
        session.add(
            Attachment(
                kind="project",
                record_id=1,
                name=content.name,
                sha256=content.sha256,
                size=content.size,
                added_at="2026-11-23T08:00:00Z",
            )
        )
    ledger.close()
    return ledger.path


def test_it_comes_back_to_equal_content(filled: Path, tmp_path: Path) -> None:
    packed = pack(filled, tmp_path / "全部.bribackup")
    assert (packed.attachments, packed.lacking, packed.counts["project"]) == (1, (), 1)
    assert packed.path.stat().st_mode & 0o777 == 0o600
    target = tmp_path / "别处" / "ledger.db"
    target.parent.mkdir()
    unpack(packed.path, target)
    assert everything(target) == everything(filled)
    assert check_file(target) == []
    (content,) = [path for path in folder_beside(target).rglob("*") if path.is_file()]
    assert content.read_bytes() == SCAN


@pytest.mark.parametrize("which", ["password", "recovery"])
def test_under_a_password_it_opens_by_it_and_by_the_printed_key(filled: Path, tmp_path: Path, which: str) -> None:
    packed = pack(filled, tmp_path / "全部.bribackup", password="外办 2026")
    assert packed.recovery_key is not None
    assert "港口合作".encode() not in packed.path.read_bytes()
    secret = "外办 2026" if which == "password" else packed.recovery_key.lower().replace("-", " ")
    unpack(packed.path, tmp_path / "back.db", secret)
    assert everything(tmp_path / "back.db") == everything(filled)


@pytest.mark.parametrize(("secret", "code"), [(None, "password_needed"), ("外办 2025", "password_wrong")])
def test_without_the_password_nothing_is_written(filled: Path, tmp_path: Path, secret: str | None, code: str) -> None:
    pack(filled, tmp_path / "全部.bribackup", password="外办 2026")
    with pytest.raises(InputError) as caught:
        unpack(tmp_path / "全部.bribackup", tmp_path / "back.db", secret)
    assert caught.value.code == code
    assert not (tmp_path / "back.db").exists()


def test_a_missing_attachment_is_said_and_the_rest_kept(filled: Path, tmp_path: Path) -> None:
    (content,) = [path for path in folder_beside(filled).rglob("*") if path.is_file()]
    content.unlink()
    packed = pack(filled, tmp_path / "全部.bribackup")
    assert (packed.attachments, len(packed.lacking)) == (0, 1)
    unpack(packed.path, tmp_path / "back.db")
    assert everything(tmp_path / "back.db") == everything(filled)


def test_an_existing_file_is_not_written_over_by_unpacking(filled: Path, tmp_path: Path) -> None:
    pack(filled, tmp_path / "全部.bribackup")
    before = filled.read_bytes()
    with pytest.raises(InputError) as caught:
        unpack(tmp_path / "全部.bribackup", filled)
    assert caught.value.code == "file_exists"
    assert filled.read_bytes() == before


def test_a_backup_that_cannot_be_written_leaves_the_old_one(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "全部.bribackup"
    target.mkdir()
    with pytest.raises(InputError) as caught:
        pack(filled, target)
    assert caught.value.code == "file_unwritable"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.parametrize("password", [None, "外办"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_damaged_backup_gives_one_error_and_no_file(
    filled: Path, tmp_path: Path, password: str | None, part: float
) -> None:
    packed = pack(filled, tmp_path / "全部.bribackup", password=password)
    data = bytearray(packed.path.read_bytes())
    data[int(len(data) * part)] ^= 0x10
    packed.path.write_bytes(data)
    with pytest.raises(UserError) as caught:
        unpack(packed.path, tmp_path / "back.db", password)
    assert caught.value.code in ("package_damaged", "sealed_damaged", "password_wrong")
    assert not (tmp_path / "back.db").exists()


def test_an_archive_of_something_else_is_no_backup(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.bribackup", "w") as archive:
        archive.writestr("读我.txt", "不是备份")
    with pytest.raises(InputError) as caught:
        unpack(tmp_path / "x.bribackup", tmp_path / "back.db")
    assert caught.value.code == "package_damaged"


def test_a_name_that_leads_out_of_the_folder_is_not_followed(filled: Path, tmp_path: Path) -> None:
    """Only the ledger and contents named by their own digest are taken from an archive."""
    packed = pack(filled, tmp_path / "全部.bribackup")
    with zipfile.ZipFile(packed.path) as archive:
        ledger, manifest = archive.read(LEDGER), json.loads(archive.read("manifest.json"))
    manifest["files"] = {LEDGER: manifest["files"][LEDGER], "attachments/../../../evil": "0" * 64}
    with zipfile.ZipFile(tmp_path / "evil.bribackup", "w") as archive:
        archive.writestr(LEDGER, ledger)
        archive.writestr("attachments/../../../evil", b"x")
        archive.writestr("manifest.json", json.dumps(manifest))
    target = tmp_path / "a" / "b" / "back.db"
    target.parent.mkdir(parents=True)
    unpack(tmp_path / "evil.bribackup", target)
    assert sorted(path.name for path in tmp_path.rglob("evil")) == []


@settings(max_examples=15)
@given(
    data=st.binary(max_size=300),
    blocks=st.integers(0, 2),
    place=st.floats(0, 1, exclude_max=True),
    bit=st.integers(0, 7),
)
def test_no_byte_of_a_sealed_file_can_change_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, blocks: int, place: float, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("sealed")
    clear, closed, back = folder / "clear", folder / "closed", folder / "back"
    clear.write_bytes(b"\x07" * (1 << 20) * blocks + data)
    key = seal(clear, closed, "密码")
    unseal(closed, back, key)
    assert back.read_bytes() == clear.read_bytes()
    written = bytearray(closed.read_bytes())
    written[int(len(written) * place)] ^= 1 << bit
    closed.write_bytes(written)
    with pytest.raises(InputError) as caught:
        unseal(closed, back, "密码")
    assert caught.value.code in ("sealed_damaged", "password_wrong")


def test_a_sealed_file_that_was_cut_at_a_block_is_refused(tmp_path: Path) -> None:
    clear, closed = tmp_path / "clear", tmp_path / "closed"
    clear.write_bytes(b"\x07" * (2 << 20))
    seal(clear, closed, "密码")
    data = closed.read_bytes()
    closed.write_bytes(data[: len(data) - (1 << 20) - 16])
    with pytest.raises(InputError) as caught:
        unseal(closed, tmp_path / "back", "密码")
    assert caught.value.code == "sealed_damaged"
    assert data.startswith(MAGIC)
