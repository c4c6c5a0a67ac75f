"""Opening the ledger of a window: what happens where it is damaged, newer, read-only, in a bad place or open elsewhere.

Never does an empty ledger take the place of one that cannot be read.
"""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bri_desktop import paths
from bri_desktop.db import lock
from bri_desktop.db.database import HEAD, Database, create_database, open_database, schema_version
from bri_desktop.domain.errors import DatabaseRefusedError, UserError, Where
from bri_desktop.i18n import tr
from bri_desktop.labels import error_sentence
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice
from bri_desktop.ui.settings import Setting, Settings

if TYPE_CHECKING:
    from bri_desktop.db.backup import Copy

T = TypeVar("T")
Told = Callable[[int], None]
ACCEPTED_PLACE = Setting("backups/accepted_place", "")
"""The place of a ledger that the user wants although it is on a network drive or synchronised."""
SHOWN_COPIES = 4
PASSWORD_CODES = ("password_needed", "password_wrong")


@dataclass(slots=True)
class Opened:
    """An open ledger; ``note`` says why it is read-only, ``close_beside`` takes away what was made for it."""

    database: Database
    note: str = ""
    close_beside: Callable[[], None] = field(default=lambda: None)


def open_ledger(path: Path, settings: Settings) -> Opened | None:
    """Open the ledger for a window, with what the user decides where it does not open; ``None``: leave.

    Raises ``UserError`` where nothing can be decided.
    """
    if path.exists() and (holder := lock.holder_of(path)) is not None:
        if holder.is_here and _brought_to_front(path):
            return None
        words = {"user": holder.user, "host": holder.host, "since": holder.since}
        note = tr("Read-only: {user} has it open on {host} since {since}.", **words)
        return Opened(Database(path, read_only=True), note)
    path = _good_place(path, settings)
    if not path.exists() and _copies(path):
        return _rescue(path, DatabaseRefusedError("ledger_gone", where=Where(file=str(path))), settings)
    try:
        _upgraded(path)
        opened = open_database(path)
    except DatabaseRefusedError as error:
        return _refused(path, error, settings)
    if opened.read_only:
        return Opened(opened, tr("Read-only: the file cannot be written."))
    lock.take(path)
    return Opened(opened, close_beside=lambda: lock.release(path))


def _waited(message: str, work: Callable[[Told], T]) -> T:
    """Return what ``work`` returns; the window that says so is loaded when it is needed."""
    from bri_desktop.ui.waiting import wait_for

    return wait_for(message, work)


def _upgraded(path: Path) -> None:
    """Bring an older ledger to the schema of now, which takes a minute for a large one."""
    with suppress(DatabaseRefusedError):
        version = schema_version(path) if path.exists() else None
        if version is None or version >= HEAD:
            return
    message = tr("The ledger is being brought to this version; the old file is kept.")
    _waited(message, lambda _told: open_database(path).close())


def _brought_to_front(path: Path) -> bool:
    from bri_desktop.ui.single import call_first

    return call_first(path)


def _refused(path: Path, error: DatabaseRefusedError, settings: Settings) -> Opened | None:
    if error.code == "database_newer":
        return Opened(Database(path, read_only=True), tr("Read-only: {why}", why=error_sentence(error)))
    if error.code in ("database_unreachable", "database_read_only") and path.is_file():
        return _read_copy(path)
    if error.code in ("database_damaged", "database_not_ledger") and path.is_file():
        return _rescue(path, error, settings)
    raise error


def _read_copy(path: Path) -> Opened:
    """Open a copy of a ledger on a medium that cannot be written: its log needs a place."""
    folder = Path(tempfile.mkdtemp(prefix="bri-read-only-"))
    copy = folder / path.name
    try:
        for suffix in ("", "-wal"):
            source = path.with_name(path.name + suffix)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + suffix))
        opened = open_database(copy, create=False)
    except (OSError, UserError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, UserError):
            raise
        raise DatabaseRefusedError("database_unreachable", where=Where(file=str(path))) from error
    opened.read_only = True
    note = tr("Read-only: the folder of the ledger cannot be written; this is a copy of it.")
    return Opened(opened, note, lambda: shutil.rmtree(folder, ignore_errors=True))


# -- a damaged ledger ----------------------------------------------------------------------------------------------


def _rescue(path: Path, error: DatabaseRefusedError, settings: Settings) -> Opened | None:
    """Offer the verified copies, the newest first, and saving what can be read."""
    from bri_desktop.services.restoring import salvage_ledger
    from bri_desktop.ui.salvage_words import account_text

    found = _copies(path)
    choices = [
        Choice(str(number), tr("Restore the backup of {time}", time=copy.at.astimezone().strftime("%Y-%m-%d %H:%M")))
        for number, copy in enumerate(found)
    ]
    choices.append(Choice("file", tr("Restore from a file")))
    choices.append(Choice("salvage", tr("Save what can be read")) if path.exists() else Choice("new", tr("New ledger")))
    choices.append(Choice("leave", tr("Leave")))
    detail = tr("The damaged file is kept in any case. Nothing is put in its place without your choice.")
    while True:
        choice = dialogs.ask(None, error_sentence(error), choices, detail=detail)
        try:
            if choice is None or choice == "leave":
                return None
            if choice == "new":
                create_database(path)
            elif choice == "salvage":
                message = tr("What can be read is being saved into a new ledger.")
                _restored, accounts = _waited(message, lambda told: salvage_ledger(path, told))
                dialogs.tell(None, tr("What can be read is in a new ledger."), detail=account_text(accounts))
            elif choice == "file":
                if not _restored_from_file(path):
                    continue
            else:
                _restore(found[int(choice)].path, path)
            return open_ledger(path, settings)
        except UserError as failed:
            detail = error_sentence(failed)


def _restored_from_file(path: Path) -> bool:
    """Let a file be chosen and put its ledger in the place; ``False`` where the user turned away."""
    file = dialogs.choose_open_file(None, tr("Restore from a file"), "*.bribackup *.db")
    secret = None
    while file is not None:
        try:
            _restore(file, path, secret)
        except UserError as error:
            if error.code not in PASSWORD_CODES:
                raise
            secret = dialogs.ask_secret(None, error_sentence(error))
            if secret is None:
                return False
        else:
            return True
    return False


def _restore(file: Path, path: Path, secret: str | None = None) -> None:
    from bri_desktop.services.restoring import restore

    _waited(tr("The ledger is being restored."), lambda _told: restore(file, path, secret))


def _copies(path: Path) -> "list[Copy]":
    """Return the newest copies that count; the folder is looked at before anything is loaded for it."""
    if not path.with_name(f"{path.stem}.backups").is_dir():
        return []
    from bri_desktop.db.backup import copies

    return [copy for copy in copies(path) if copy.verdict != "damaged"][:SHOWN_COPIES]


# -- a bad place ---------------------------------------------------------------------------------------------------


def _good_place(path: Path, settings: Settings) -> Path:
    """Warn of a network drive or a synchronised folder and offer a place on this computer."""
    from bri_desktop.db.whereabouts import is_on_network, synced_by

    if settings.get(ACCEPTED_PLACE) == str(path.parent):
        return path
    program = synced_by(path)
    if program is None and not is_on_network(path):
        return path
    local = paths.data_folder() / path.name
    question = (
        tr("The ledger lies in a folder that {program} synchronises: entries can be lost there.", program=program)
        if program
        else tr("The ledger lies on a network drive: entries can be lost there.")
    )
    choices = [Choice("stay", tr("Work there all the same"))]
    if not local.exists():
        choices.insert(0, Choice("local", tr("Copy it to this computer and work there")))
    choice = dialogs.ask(None, question, choices, detail=str(path))
    if choice == "local":
        return _moved(path, local)
    settings.set(ACCEPTED_PLACE, str(path.parent))
    settings.save()
    return path


def _moved(path: Path, local: Path) -> Path:
    """Copy a ledger with its attachments to this computer; what was there stays where it is."""
    if path.exists():
        _waited(tr("The ledger is being copied to this computer."), lambda _told: _copy_whole(path, local))
    return local


def _copy_whole(path: Path, local: Path) -> None:
    from bri_desktop.db.package import pack, unpack

    with tempfile.TemporaryDirectory(prefix="bri-move-") as folder:
        local.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unpack(pack(path, Path(folder, "whole.bribackup")).path, local)
