"""A backup that the user asks for: one self-contained file with the ledger and all its attachments.

It is a zip archive, which any system opens: ``manifest.json`` (what is in it, with digests), ``ledger.db``,
``attachments/…``. It counts only once it was read again as a whole; under a password it is sealed after that.
"""

import hashlib
import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.backup import attachments_in, counts_of
from bri_desktop.db.check import check_file
from bri_desktop.db.database import now
from bri_desktop.db.faults import fault_code
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, Where
from bri_desktop.system import replace

FORMAT = 1
ENDING = ".bribackup"
LEDGER, MANIFEST, CONTENTS = "ledger.db", "manifest.json", "attachments/"
BLOCK = 1 << 20

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Packed:
    """What a package holds: made when, of which schema, rows by table, attachments, those that were lacking."""

    path: Path
    made_at: str
    schema: str
    counts: dict[str, int]
    attachments: int
    lacking: tuple[str, ...]
    recovery_key: str | None = None


def pack(ledger: Path, target: Path, *, password: str | None = None, told: Told | None = None) -> Packed:
    """Write the ledger as it is committed, with its attachments, to ``target``, verified before it takes its name.

    Raises ``DatabaseRefusedError`` where the ledger cannot be read whole, ``InputError`` ``file_unwritable`` or
    ``disk_full``; a file that was there before stays as it was.
    """
    where = Where(file=str(target))
    try:
        with TemporaryDirectory(prefix=".", suffix=".part", dir=target.parent) as folder:
            copy, archive = Path(folder, LEDGER), Path(folder, "archive")
            _copy_ledger(ledger, copy)
            packed = _archive(copy, AttachmentFolder(folder_beside(ledger)), archive, target, told)
            _verify(archive)
            recovery = _sealed(archive, Path(folder, "sealed"), password) if password else None
            with archive.open("rb+") as handle:
                os.fsync(handle.fileno())
            archive.chmod(0o600)
            replace(archive, target)
    except sqlite3.Error as error:
        raise DatabaseRefusedError(fault_code(str(error), ledger), where=Where(file=str(ledger))) from error
    except OSError as error:
        code = "disk_full" if fault_code("unable to open", target) == "disk_full" else "file_unwritable"
        raise InputError(code, where=where) from error
    return Packed(target, packed.made_at, packed.schema, packed.counts, packed.attachments, packed.lacking, recovery)


def _copy_ledger(ledger: Path, copy: Path) -> None:
    with closing(sqlite3.connect(ledger)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    if check_file(copy):
        raise DatabaseRefusedError("database_damaged", where=Where(file=str(ledger)))


def _archive(copy: Path, contents: AttachmentFolder, archive: Path, target: Path, told: Told | None) -> Packed:
    files: dict[str, str] = {}
    lacking: list[str] = []
    named = attachments_in(copy)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as packed:
        files[LEDGER] = _add(packed, copy, LEDGER)
        for number, sha256 in enumerate(named, 1):
            try:
                files[CONTENTS + sha256] = _add(packed, contents.path_of(sha256), CONTENTS + sha256)
            except FileNotFoundError:
                lacking.append(sha256)
            if told is not None:
                told(number, len(named))
        with closing(sqlite3.connect(copy)) as connection:
            counts = counts_of(connection)
            (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        made_at = now()
        manifest = {"format": FORMAT, "made_at": made_at, "schema": schema, "counts": counts, "files": files}
        packed.writestr(MANIFEST, json.dumps({**manifest, "lacking": lacking}))
    return Packed(target, made_at, schema, counts, len(files) - 1, tuple(lacking))


def _add(packed: zipfile.ZipFile, path: Path, name: str) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, packed.open(name, "w", force_zip64=True) as written:
        while block := source.read(BLOCK):
            digest.update(block)
            written.write(block)
    return digest.hexdigest()


def _sealed(archive: Path, sealed: Path, password: str) -> str:
    from bri_desktop.db.sealed import seal, unseal

    key = seal(archive, sealed, password)
    opened = archive.with_name("opened")
    unseal(sealed, opened, key)
    if _digest(opened) != _digest(archive):
        raise OSError("what was sealed opens otherwise")
    opened.unlink()
    sealed.replace(archive)
    return key


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


# -- opening -------------------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path, secret: str | None = None) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """Open a package, by its password or recovery key where it is sealed, and give it with its manifest.

    Raises ``InputError``: ``password_needed``, ``password_wrong``, ``sealed_damaged``, ``package_damaged``.
    """
    from bri_desktop.db.sealed import is_sealed

    try:
        sealed = is_sealed(path)
    except OSError as error:
        raise InputError("file_unreadable", where=Where(file=str(path))) from error
    if not sealed:
        with _archive_at(path, path) as found:
            yield found
        return
    if not secret:
        raise InputError("password_needed", where=Where(file=path.name))
    with TemporaryDirectory(prefix="bri-package-") as folder:
        from bri_desktop.db.sealed import unseal

        clear = Path(folder, "archive")
        unseal(path, clear, secret)
        with _archive_at(clear, path) as found:
            yield found


@contextmanager
def _archive_at(archive: Path, shown: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    where = Where(file=shown.name)
    try:
        packed = zipfile.ZipFile(archive)
        with packed:
            manifest = json.loads(packed.read(MANIFEST))
            if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
                raise InputError("package_damaged", where=where)
            yield packed, manifest
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, NotImplementedError, EOFError) as error:
        raise InputError("package_damaged", where=where) from error


def unpack(path: Path, target: Path, secret: str | None = None) -> dict[str, Any]:
    """Write the ledger of a package to ``target``, its attachments beside it, each compared with its digest.

    Nothing that is at ``target`` already is touched (``InputError`` ``file_exists``). Returns the manifest.
    """
    contents = folder_beside(target)
    if target.exists():
        raise InputError("file_exists", where=Where(file=str(target)))
    with opened(path, secret) as (packed, manifest):
        for name, sha256 in dict(manifest["files"]).items():
            if name == LEDGER:
                _extract(packed, name, target, sha256)
            elif name.startswith(CONTENTS) and name == CONTENTS + sha256:
                place = AttachmentFolder(contents).path_of(sha256)
                if not place.exists():
                    place.parent.mkdir(parents=True, exist_ok=True)
                    _extract(packed, name, place, sha256)
    if check_file(target):
        target.unlink()
        raise InputError("package_damaged", where=Where(file=path.name))
    return manifest


def _extract(packed: zipfile.ZipFile, name: str, target: Path, sha256: str) -> None:
    temporary = target.with_name(f".{target.name}.part")
    digest = hashlib.sha256()
    try:
        with packed.open(name) as source, temporary.open("wb") as written:
            temporary.chmod(0o600)
            while block := source.read(BLOCK):
                digest.update(block)
                written.write(block)
            written.flush()
            os.fsync(written.fileno())
        if digest.hexdigest() != sha256:
            raise zipfile.BadZipFile(name)
        replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def _verify(archive: Path) -> None:
    """Read a package again as a whole, each part against its digest."""
    with _archive_at(archive, archive) as (packed, manifest):
        for name, sha256 in manifest["files"].items():
            _compare(packed, name, sha256)


def _compare(packed: zipfile.ZipFile, name: str, sha256: str) -> None:
    digest = hashlib.sha256()
    with packed.open(name) as source:
        while block := source.read(BLOCK):
            digest.update(block)
    if digest.hexdigest() != sha256:
        raise zipfile.BadZipFile(name)
