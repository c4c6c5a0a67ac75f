"""Commands that keep a ledger safe: backups, restoring, checking, mending."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bri_desktop.commands.base import ATTENTION, DONE, app, context
from bri_desktop.db.database import open_database
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.labels import sentence
from bri_desktop.services.checking import CheckReport, Finding, check_ledger, repair_ledger
from bri_desktop.services.safekeeping import Copy, back_up_now, copies, look_through, pack

PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="A file whose first line is the password or recovery key")
]


@app.command()
def backup(out: Annotated[Path | None, typer.Argument()] = None, password_file: PasswordFile = None) -> None:
    """Copy the ledger; with a name, into one file with all attachments."""
    path = _ledger()
    if out is None:
        kept = back_up_now(path, "asked")
        if kept is None:
            raise InputError("backup_empty", where=Where(file=str(path)))
        copy = next(copy for copy in copies(path) if copy.path == kept)
        context.done("backup", {"ok": copy.verdict in ("whole", "checked"), **_copy_json(copy)})
        return
    packed = pack(path, out, password=_secret(password_file))
    value = {"ok": not packed.lacking, "path": str(packed.path), "counts": packed.counts}
    value |= {"attachments": packed.attachments, "lacking": list(packed.lacking), "recovery_key": packed.recovery_key}
    context.done("backup", value, ATTENTION if packed.lacking else DONE)


@app.command()
def backups(verify: Annotated[bool, typer.Option("--verify", help="Look each of them through now")] = False) -> None:
    """List the copies that the program made by itself."""
    path = _ledger()
    found = copies(path)
    if verify:
        for copy in found:
            look_through(copy)
        found = copies(path)
    damaged = any(copy.verdict == "damaged" for copy in found)
    context.done(
        "backups", {"ok": not damaged, "items": [_copy_json(copy) for copy in found]}, ATTENTION if damaged else DONE
    )


@app.command()
def restore(
    file: Path,
    password_file: PasswordFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; nothing is written")] = False,
) -> None:
    """Put the ledger of a backup in the place of the present one, which is kept under another name."""
    from bri_desktop.services.restoring import differences, discard, prepare, put_in_place

    path = context.options.database
    new = prepare(file, path, _secret(password_file))
    try:
        changed = differences(path, new) if path.exists() else []
        restored = None if dry_run else put_in_place(new, path)
    finally:
        discard(new)
    kept = str(restored.kept) if restored and restored.kept else None
    lacking = restored.lacking if restored else 0
    rows = [
        {"kind": one.kind, "back": one.back, "gone": one.gone, "changed": one.changed, "keys": list(one.keys)}
        for one in changed
    ]
    value = {"ok": not lacking, "written": not dry_run, "kept": kept, "lacking": lacking, "differences": rows}
    context.done("restore", value, ATTENTION if lacking else DONE)


@app.command()
def check(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended, after a copy")] = False,
) -> None:
    """Look the ledger and its attachments through, row by row."""
    path = _existing()
    report = repair_ledger(path) if repair else check_ledger(path)
    context.done("check", _report_json(report), DONE if report.ok else ATTENTION)


@app.command()
def salvage() -> None:
    """Make a new ledger of all that can be read of a damaged one, which is kept."""
    from bri_desktop.services.restoring import salvage_ledger

    restored, accounts = salvage_ledger(_existing())
    tables = [
        {
            "table": account.table,
            "saved": account.saved,
            "changed": account.changed,
            "from_copy": account.from_copy,
            "lost": account.lost,
            "unlinked": account.unlinked,
            "is_sure": account.is_sure,
        }
        for account in accounts
        if account.saved or account.changed or account.from_copy or account.lost or not account.is_sure
    ]
    ok = not any(account.lost or account.changed or account.unlinked or not account.is_sure for account in accounts)
    context.done("salvage", {"ok": ok, "kept": str(restored.kept), "tables": tables}, DONE if ok else ATTENTION)


@app.command()
def dispose(
    keys: Annotated[list[str] | None, typer.Argument()] = None,
    why: Annotated[str, typer.Option("--why", help="The reason; it stands in the list of what was removed")] = "",
) -> None:
    """Remove deleted projects for good: from tables, history, attachments and free pages; without one, these alone."""
    from bri_desktop.services.disposal import clear_traces, dispose_for_good

    if not keys:
        clear_traces(_ledger())
        context.done("dispose", {"records": 0, "rows": 0, "contents": 0, "cleared": True, "held": {}})
        return
    with context.existing().write() as session:
        disposed = dispose_for_good(session, keys, why)
    held = {
        "frozen_years": list(disposed.held.frozen_years),
        "backups": [{"path": str(path), "until": until.isoformat()} for path, until in disposed.held.copies],
        "put_aside": [str(path) for path in disposed.held.kept],
        "waiting_rows": disposed.held.waiting,
    }
    counts = {"records": disposed.records, "rows": disposed.rows, "contents": len(disposed.contents)}
    value = {**counts, "cleared": disposed.is_cleared, "held": held}
    context.done("dispose", value, ATTENTION if any(held.values()) or not disposed.is_cleared else DONE)


@app.command()
def disposals() -> None:
    """List what was removed for good, when, by whom and why."""
    from bri_desktop.services.disposal import disposals as listed

    with context.existing().read() as session:
        items = listed(session)
    context.done("disposals", {"total": len(items), "items": items})


def _ledger() -> Path:
    """Return the path of a ledger that opens, upgraded to this schema."""
    path = _existing()
    open_database(path, create=False).close()
    return path


def _existing() -> Path:
    path = context.options.database
    if not path.exists():
        raise InputError("database_missing", where=Where(file=str(path)))
    return path


def _secret(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, UnicodeDecodeError, IndexError) as error:
        raise InputError("file_unreadable", where=Where(file=str(file))) from error


def _copy_json(copy: Copy) -> dict[str, Any]:
    return {
        "path": str(copy.path),
        "at": copy.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "why": copy.why,
        "size": copy.size,
        "counts": copy.counts,
        "verdict": copy.verdict,
        "lacking": copy.lacking,
    }


def _report_json(report: CheckReport) -> dict[str, Any]:
    return {
        "ok": report.ok,
        "rows": report.rows,
        "problems": [_finding_json(finding) for finding in report.findings],
        "set_aside": str(report.aside) if report.aside else None,
        "copy": str(report.copy) if report.copy else None,
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    values = {"key": finding.key, "name": finding.name, "row": finding.row, "table": finding.table}
    return {
        "code": finding.code,
        **values,
        "message": sentence(finding.code, {**values, "detail": finding.detail}),
        "mended": finding.mended,
    }
