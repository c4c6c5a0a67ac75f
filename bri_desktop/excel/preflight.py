"""What a file really is, and whether it may be opened: decided by its content before any parser sees it.

Only the directory of an archive and the first bytes of its parts are looked at here, so that a file made to use up
memory or time is refused at once. The pass over the cells is in ``parts`` and runs in the child process.
"""

import codecs
import enum
import mmap
import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from bri_desktop.domain.errors import InputError, Where

MAX_PARTS = 10_000
MAX_RATIO = 150
RATIO_FROM = 32 * 1024 * 1024
MAX_SMALL_PART = 64 * 1024 * 1024
HEAD = 64 * 1024
_PROLOG_LIMIT = 1024 * 1024

_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MAGIC = (
    (b"%PDF", "pdf"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"BM", "image"),
    (b"II*\x00", "image"), (b"MM\x00*", "image"), (b"{\\rtf", "rtf"), (b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"), (b"SQLite format 3\x00", "database"), (b"MZ", "program"), (b"\x7fELF", "program"),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Document security programs of Chinese offices leave these in front of every file they have sealed.
_SEALED = (b"%TSD-Header", b"E-SafeNet", b"\x62\x14\x23\x65")
_BIFF_STARTS = tuple(bytes((0x09, version)) for version in (0x00, 0x02, 0x04, 0x08))
_HTML = re.compile(rb"\s*(?:<!doctype\s+html|<html|<head|<body|<table|<meta|<style)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FIRST_ELEMENT = re.compile(r"<[A-Za-z_]")
_MAIN_TYPES = (
    ("spreadsheetml.sheet.main", "xlsx"), ("spreadsheetml.template.main", "xlsx"),
    ("ms-excel.sheet.macroenabled.main", "xlsm"), ("ms-excel.template.macroenabled.main", "xlsm"),
    ("ms-excel.addin.macroenabled.main", "xlsm"), ("ms-excel.sheet.binary.macroenabled.main", "xlsb"),
    ("wordprocessingml", "docx"), ("ms-word", "docx"), ("presentationml", "pptx"), ("ms-powerpoint", "pptx"),
)  # fmt: skip


class Kind(enum.StrEnum):
    """The kinds of file that can be read."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


def identify(path: Path) -> Kind:
    """Return the kind of file by its content, whatever its name says.

    Raises :class:`InputError`: ``file_missing``, ``file_unreadable``, ``file_empty``, ``file_encrypted``,
    ``file_not_workbook`` (``found`` says what it is), ``file_damaged``, ``file_too_large``, ``file_dtd``,
    ``file_bad_parts`` (``part``).
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except FileNotFoundError as error:
        raise _refused("file_missing", path) from error
    except OSError as error:
        raise _refused("file_unreadable", path) from error
    if not head:
        raise _refused("file_empty", path)
    if head.startswith(_SEALED):
        raise _refused("file_encrypted", path)
    if head.startswith(b"PK"):
        return _archive(path)
    if head.startswith(_OLE):
        return _compound(path)
    if head[:2] in _BIFF_STARTS and len(head) > 8 and head[2] < 0x20 and head[3] == 0:
        return Kind.XLS
    return _plain(path, head)


def _refused(code: str, path: Path, **values: object) -> InputError:
    return InputError(code, where=Where(file=path.name), **values)


def _plain(path: Path, head: bytes) -> Kind:
    """Tell a text table from everything else that is neither an archive nor a compound file."""
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    text = head.removeprefix(codecs.BOM_UTF8)
    if _HTML.match(text):
        found = "html"
    elif text[:13].lower() == b"mime-version:":
        found = "mht"
    elif text.lstrip()[:5] == b"<?xml":
        found = "html" if b"<html" in text.lower() else "xml"
    elif found is None and not head.startswith(_BOMS) and _has_controls(head):
        found = "binary"
    if found is not None:
        raise _refused("file_not_workbook", path, found=found)
    if not text.strip(b" \t\r\n\x1a"):
        raise _refused("file_empty", path)
    return Kind.CSV


def _has_controls(head: bytes) -> bool:
    return any(byte < 0x20 and byte not in b"\t\r\n\x0b\x0c\x1a\x1c\x1d\x1e\x1f" for byte in set(head))


def _compound(path: Path) -> Kind:
    """Tell an old workbook from an encrypted one and from other compound files, by the names of its streams."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:

        def has(name: str) -> bool:
            return data.find(name.encode("utf-16-le") + b"\0\0") >= 0

        if has("EncryptedPackage"):
            raise _refused("file_encrypted", path)
        if has("Workbook") or has("Book") or has("WORKBOOK") or has("BOOK"):
            return Kind.XLS
        for name, found in (("WordDocument", "doc"), ("PowerPoint Document", "ppt")):
            if has(name):
                raise _refused("file_not_workbook", path, found=found)
    raise _refused("file_damaged", path)


def _archive(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(path, archive)
            kind = _archive_kind(path, archive)
            _check_prologs(path, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _refused("file_damaged", path) from error
    return kind


def _check_directory(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse what an honest workbook never has: see the table in the safety notes of the handbook."""
    infos = archive.infolist()
    if not infos:
        raise _refused("file_empty", path)
    if len(infos) > MAX_PARTS:
        raise _refused("file_too_large", path)
    seen: set[str] = set()
    for info in infos:
        name = info.filename.replace("\\", "/").lower()
        if name in seen or ".." in PurePosixPath(name).parts or re.match(r"[a-z]:", name):
            raise _refused("file_bad_parts", path, part=info.filename)
        seen.add(name)
        if info.flag_bits & 1:
            raise _refused("file_encrypted", path)
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise _refused("file_too_large", path)


def names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return folded part name (lower case, forward strokes, no leading one) -> name in the archive."""
    return {info.filename.replace("\\", "/").lstrip("/").lower(): info.filename for info in archive.infolist()}


def _archive_kind(path: Path, archive: zipfile.ZipFile) -> Kind:
    known = names(archive)
    if "mimetype" in known and "content.xml" in known:
        return _open_document(path, archive, known)
    types = b""
    if "[content_types].xml" in known:
        types = _small(path, archive, known["[content_types].xml"])
    text = types.decode("utf-8", "replace").lower()
    found = next((kind for mark, kind in _MAIN_TYPES if mark in text), None)
    if found is None:
        found = "xlsx" if "xl/workbook.xml" in known else "xlsb" if "xl/workbook.bin" in known else "zip"
    if found not in set(Kind):
        raise _refused("file_not_workbook", path, found=found)
    return Kind(found)


def _open_document(path: Path, archive: zipfile.ZipFile, known: dict[str, str]) -> Kind:
    mimetype = _small(path, archive, known["mimetype"]).decode("ascii", "replace").strip()
    if "opendocument.spreadsheet" not in mimetype:
        found = "odt" if "text" in mimetype else "odp" if "presentation" in mimetype else "zip"
        raise _refused("file_not_workbook", path, found=found)
    manifest = known.get("meta-inf/manifest.xml")
    if manifest is not None and b"encryption-data" in _small(path, archive, manifest):
        raise _refused("file_encrypted", path)
    return Kind.ODS


def _small(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MAX_SMALL_PART:
        raise _refused("file_too_large", path)
    return archive.read(name)


def _check_prologs(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse a document type definition in any part: it may expand without end, and no workbook needs one."""
    for info in archive.infolist():
        if not info.filename.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(info) as stream:
            head = stream.read(4096)
            while head and not _FIRST_ELEMENT.search(_decoded(head)):
                more = stream.read(HEAD)
                if len(head) > _PROLOG_LIMIT:
                    raise _refused("file_damaged", path)
                if not more:
                    break
                head += more
        text = _decoded(head)
        start = _FIRST_ELEMENT.search(text)
        if "<!DOCTYPE" in text[: start.start() if start else None].upper():
            raise _refused("file_dtd", path, part=info.filename)


def _decoded(head: bytes) -> str:
    """Return the start of a part as text without comments, which may hide what follows them."""
    encoding = "latin-1"
    if head.startswith(_BOMS):
        encoding = "utf-16"
    elif head[:4] in (b"<\0?\0", b"<\0!\0"):
        encoding = "utf-16-le"
    elif head[:4] in (b"\0<\0?", b"\0<\0!"):
        encoding = "utf-16-be"
    return _COMMENT.sub("", head.decode(encoding, "replace"))
