"""The content of attachments: files beside the ledger under their SHA-256, the same content once.

A content is written beside its place, brought to the disk, read again and only then given its name; it is never
changed afterwards. Nothing here is ever executed: what is opened is a read-only copy under a harmless name.
"""

import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bri_desktop.domain.errors import InputError, Where
from bri_desktop.system import replace

BLOCK = 1 << 20
NAME_BYTES = 180
"""So many bytes of UTF-8 a name keeps: file systems take 255."""
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
PASSED_OVER = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
PROGRAMS = frozenset({
    ".exe", ".com", ".scr", ".pif", ".bat", ".cmd", ".ps1", ".psm1", ".vbs", ".vbe", ".js", ".jse", ".wsf",
    ".wsh", ".msi", ".msp", ".hta", ".cpl", ".jar", ".reg", ".lnk", ".url", ".inf", ".desktop", ".sh", ".bash",
    ".run", ".bin", ".appimage", ".py", ".pyw", ".rb", ".pl", ".command", ".app", ".apk", ".deb", ".rpm",
    ".scf", ".gadget", ".msc", ".chm", ".hlp", ".application", ".xll", ".wll", ".action", ".workflow", ".scpt",
    ".dll", ".so", ".sys", ".svg", ".svgz", ".html", ".htm", ".mht", ".mhtml", ".xhtml", ".iso", ".img",
    ".vhd", ".vhdx", ".website", ".search-ms", ".settingcontent-ms", ".library-ms", ".appref-ms", ".diagcab",
    ".xbap",
})  # fmt: skip
"""Endings that a system runs, or that run what is in them: saved on wish, never opened by a click."""

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Content:
    """A file that was stored: its name, the folder it lay in under the one dropped, digest, size in bytes."""

    name: str
    folder: str | None
    sha256: str
    size: int


def folder_beside(ledger: Path) -> Path:
    """Return where the contents of a ledger lie: ``<stem>.attachments`` beside it."""
    return ledger.with_name(f"{ledger.stem}.attachments")


def safe_name(name: str) -> str:
    """Return a name that every system takes and that shows its true ending; never empty."""
    plain = _TURNING.sub("", unicodedata.normalize("NFC", name))
    plain = _FORBIDDEN.sub("_", plain).strip(" .") or "_"
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if not stem or len(ending) > 16:
        stem, dot, ending = plain, "", ""
    room = NAME_BYTES - len(f"{dot}{ending}".encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending


def is_program(name: str) -> bool:
    """Tell whether a system would run a file of that name, or what is in it."""
    return Path(name.rstrip(" .")).suffix.lower() in PROGRAMS


class AttachmentFolder:
    """The contents of one ledger."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, sha256: str) -> Path:
        """Return where a content lies, or would."""
        return self.root / sha256[:2] / sha256[2:]

    def put(self, source: Path, *, folder: str | None = None, progress: Progress | None = None) -> Content:
        """Store the content of a file and return it; one that is there and whole already is not written again.

        Raises ``InputError``: ``attachment_unreadable`` (gone, a folder, no permission), ``disk_full``,
        ``attachment_unwritable``. ``progress`` gets (bytes done, bytes).
        """
        where = Where(file=source.name)
        try:
            opened = source.open("rb")
        except OSError as error:
            raise InputError("attachment_unreadable", where=where) from error
        with opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise InputError("attachment_unreadable", where=where)
            return self._store(opened, source, folder, progress)

    def _store(self, opened: IO[bytes], source: Path, folder: str | None, progress: Progress | None) -> Content:
        where = Where(file=source.name)
        temporary: Path | None = None
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            temporary = self.root / f".{secrets.token_hex(8)}.part"
            sha256, size = self._copy(opened, temporary, where, progress)
            target = self.path_of(sha256)
            if self._is_whole(target, sha256):
                return Content(safe_name(source.name), folder, sha256, size)
            if digest_of(temporary) != sha256:
                raise OSError(errno.EIO, "what was written reads otherwise")
            target.parent.mkdir(exist_ok=True)
            temporary.chmod(0o400)
            replace(temporary, target)
            _sync(target.parent)
            _sync(self.root)
            return Content(safe_name(source.name), folder, sha256, size)
        except OSError as error:
            code = "disk_full" if error.errno in _NO_SPACE else "attachment_unwritable"
            raise InputError(code, where=where) from error
        finally:
            if temporary is not None:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)

    def _copy(self, opened: IO[bytes], target: Path, where: Where, progress: Progress | None) -> tuple[str, int]:
        """Copy what is open to a new file on the disk; return its digest and size."""
        digest, size, total = hashlib.sha256(), 0, os.fstat(opened.fileno()).st_size
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(target, flags, 0o600), "wb") as written:
            while block := _read(opened, where):
                written.write(block)
                digest.update(block)
                size += len(block)
                if progress is not None:
                    progress(size, max(total, size))
            written.flush()
            os.fsync(written.fileno())
        return digest.hexdigest(), size

    def _is_whole(self, target: Path, sha256: str) -> bool:
        try:
            return digest_of(target) == sha256
        except OSError:
            return False

    def glance(self, sha256: str, size: int) -> str:
        """Return ``whole``, ``missing``, ``changed`` or ``unreadable``, by name and size alone: what a list shows."""
        try:
            found = self.path_of(sha256).stat()
        except FileNotFoundError:
            return "missing"
        except OSError:
            return "unreadable"
        return "whole" if stat.S_ISREG(found.st_mode) and found.st_size == size else "changed"

    def state(self, sha256: str) -> str:
        """Return ``whole``, ``missing``, ``changed`` or ``unreadable``; reads the content."""
        try:
            return "whole" if digest_of(self.path_of(sha256)) == sha256 else "changed"
        except FileNotFoundError:
            return "missing"
        except OSError:
            return "unreadable"

    def copy_out(self, sha256: str, target: Path) -> None:
        """Write a read-only copy of a content that is whole.

        Raises ``InputError`` ``attachment_missing``, ``attachment_changed``, ``attachment_unreadable``,
        ``file_unwritable``.
        """
        state = self.state(sha256)
        if state != "whole":
            raise InputError(f"attachment_{state}", where=Where(file=target.name))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target.chmod(0o600)
            shutil.copyfile(self.path_of(sha256), target)
            target.chmod(0o400)
        except OSError as error:
            raise InputError("file_unwritable", where=Where(file=target.name)) from error

    def stored(self) -> Iterator[tuple[str, int]]:
        """Yield (digest by its name, size) of every content that lies here."""
        for part in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(part.iterdir()):
                yield part.name + path.name, path.stat().st_size


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content; ``OSError`` where it cannot be read."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def files_of(several: list[Path]) -> Iterator[tuple[Path, str | None]]:
    """Yield (file, folder it lay in) of files and folders; what systems and office programs leave behind is not.

    Links are not followed; ``folder`` is the path from the dropped folder on, ``/`` between its parts.
    """
    for path in several:
        if path.is_dir() and not path.is_symlink():
            for found in sorted(path.rglob("*")):
                if found.is_file() and not found.is_symlink() and not _is_passed_over(found.name):
                    yield found, found.parent.relative_to(path.parent).as_posix()
        elif not _is_passed_over(path.name):
            yield path, None


def _is_passed_over(name: str) -> bool:
    return name.lower() in PASSED_OVER or name.startswith(("~$", ".~lock."))


def _read(opened: IO[bytes], where: Where) -> bytes:
    try:
        return opened.read(BLOCK)
    except OSError as error:
        raise InputError("attachment_unreadable", where=where) from error


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
