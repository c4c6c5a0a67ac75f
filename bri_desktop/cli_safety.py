"""Plain text of what the commands on backups, checking, mending and removing for good came to."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bri_desktop.cli_words import plain
from bri_desktop.i18n import tr
from bri_desktop.labels import record_kind_label, table_label

MEGABYTE = 1 << 20
KEYS_SHOWN = 12


def _copy_why(why: str) -> str:
    words = {
        "start": tr("at the start"),
        "interval": tr("after half an hour of changes"),
        "asked": tr("asked for"),
        "before-import": tr("before an import"),
        "before-merge": tr("before a merge"),
        "before-edit": tr("before many were edited"),
        "before-restore": tr("before restoring"),
    }
    return words.get(why, why)


def _copy_line(value: Mapping[str, Any]) -> str:
    verdicts = {
        "whole": tr("whole: each record compared"),
        "checked": tr("opened, sizes compared"),
        "damaged": tr("damaged: does not count"),
    }
    lacking = tr("whole, but {count} attachments lack", count=value["lacking"])
    words = [
        _minute(value["at"]),
        _copy_why(value["why"]),
        tr("{count} projects", count=value["counts"].get("project", 0)),
        f"{value['size'] / MEGABYTE:.1f} MB",
        verdicts.get(value["verdict"], lacking),
    ]
    return "  ".join(words)


def _minute(at: str) -> str:
    """Return an instant in the time of this computer."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def _backup(value: Mapping[str, Any]) -> str:
    if "verdict" in value:
        return f"{tr('The ledger is copied: {path}', path=value['path'])}\n{_copy_line(value)}"
    lines = [tr("The ledger with all attachments is in one file: {path}", path=value["path"])]
    counts = {"projects": value["counts"].get("project", 0), "attachments": value["attachments"]}
    lines.append(tr("{projects} projects, {attachments} attachments", **counts))
    if value["lacking"]:
        lines.append(tr("Attachments that were missing already: {count}", count=len(value["lacking"])))
        lines += [f"  {name}" for name in value["lacking"]]
    if value["recovery_key"]:
        lines.append(tr("Recovery key, to print and keep apart: {key}", key=value["recovery_key"]))
    return "\n".join(lines)


def _backups(value: Mapping[str, Any]) -> str:
    lines = [tr("{count} backups", count=len(value["items"]))]
    for copy in value["items"]:
        lines += [_copy_line(copy), f"  {copy['path']}"]
    return "\n".join(lines)


def _restore(value: Mapping[str, Any]) -> str:
    lines = [] if value["written"] else [tr("Nothing was written; this is what would happen:")]
    for one in value["differences"]:
        counts = {"back": one["back"], "gone": one["gone"], "changed": one["changed"]}
        kind = record_kind_label(one["kind"])
        text = tr("{kind}: {back} come back, {gone} go, {changed} become as they were", kind=kind, **counts)
        lines.append(text + (f"  ({', '.join(one['keys'][:KEYS_SHOWN])})" if one["keys"] else ""))
    if not value["differences"]:
        lines.append(tr("No record differs from the present ledger."))
    if value["written"]:
        lines.append(tr("The backup is the ledger now."))
    if value["kept"]:
        lines.append(tr("The ledger before is kept as {path}", path=value["kept"]))
    if value["lacking"]:
        lines.append(tr("{count} attachments are missing in it.", count=value["lacking"]))
    return "\n".join(lines)


def _check(value: Mapping[str, Any]) -> str:
    if not value["problems"]:
        return tr("{count} entries checked, nothing is damaged.", count=value["rows"])
    lines = [tr("{count} entries checked, {found} findings", count=value["rows"], found=len(value["problems"]))]
    mended = {
        "from_copy": tr("mended from a backup"),
        "rebuilt": tr("built again"),
        "set_aside": tr("set aside"),
        "accepted": tr("taken as it is"),
    }
    for one in value["problems"]:
        word = mended.get(one["mended"] or "")
        lines.append(f"  {one['message']}" + (f"  [{word}]" if word else ""))
    if value["copy"]:
        lines.append(tr("A copy was made before: {path}", path=value["copy"]))
    if value["set_aside"]:
        lines.append(tr("What could not be mended is in {path}", path=value["set_aside"]))
    return "\n".join(lines)


def _salvage(value: Mapping[str, Any]) -> str:
    lines = [tr("What could be read is in a new ledger; the damaged one is kept as {path}", path=value["kept"])]
    for one in value["tables"]:
        counts = {name: one[name] for name in ("saved", "from_copy", "changed", "lost")}
        text = tr("{table}: {saved} saved, {from_copy} from a backup, {changed} changed, {lost} lost",
                  table=table_label(one["table"]), **counts)  # fmt: skip
        if one["unlinked"]:
            text += tr(", {count} whose reference to a lost entry was emptied", count=len(one["unlinked"]))
        if one["unlinked"]:
            text += tr(", {count} whose reference to a lost entry was emptied", count=len(one["unlinked"]))
        lines.append(f"  {text}" + ("" if one["is_sure"] else tr(" (how many are lost is not sure)")))
    return "\n".join(lines)


def _dispose(value: Mapping[str, Any]) -> str:
    counts = {"records": value["records"], "rows": value["rows"], "contents": value["contents"]}
    lines = [tr("Removed for good: {records} records, {rows} rows, {contents} attachments.", **counts)]
    held = value["held"]
    if held.get("frozen_years"):
        lines.append(tr("Frozen years still hold them: {years}", years=plain(held["frozen_years"])))
    if held.get("backups"):
        lines.append(tr("Backups still hold them: {count}", count=len(held["backups"])))
        lines += [f"  {tr('until {day}', day=one['until'][:10])}  {one['path']}" for one in held["backups"]]
    if held.get("put_aside"):
        lines.append(tr("Former ledgers put aside still hold them; remove these files yourself:"))
        lines += [f"  {path}" for path in held["put_aside"]]
    if held.get("waiting_rows"):
        lines.append(tr("{count} rows kept aside speak of them and wait for a decision.", count=held["waiting_rows"]))
    if not value["cleared"]:
        lines.append(
            tr("Another program has the ledger open, so that free pages still hold traces. "
               "Close it and run “bri-desktop dispose” without a record.")
        )  # fmt: skip
    return "\n".join(lines)


def _disposals(value: Mapping[str, Any]) -> str:
    lines = [tr("{count} records removed for good", count=value["total"])]
    for one in value["items"]:
        lines.append("  ".join(str(word) for word in (one["key"], _minute(one["at"]), one["who"], one["why"]) if word))
    return "\n".join(lines)


FORMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "backup": _backup,
    "backups": _backups,
    "restore": _restore,
    "check": _check,
    "salvage": _salvage,
    "dispose": _dispose,
    "disposals": _disposals,
}
"""The forms of this module, by the name under which a command gives its result."""
