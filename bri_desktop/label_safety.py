"""The sentences about damage, backups and restoring: part of those that ``labels`` gives for a code."""

from collections.abc import Callable, Mapping
from typing import Any

from bri_desktop.i18n import tr
from bri_desktop.label_tables import table_label

Values = Mapping[str, Any]


def _row(values: Values) -> str:
    """Name a row as far as it is known: its record and title, else its table and number."""
    key, name = values.get("key"), values.get("name")
    if key and name:
        return tr("{key} “{name}”", key=key, name=name)
    return str(key) if key else tr("row {row} of {table}", row=values.get("row"), table=_table(values))


def _table(values: Values) -> str:
    return table_label(str(values.get("table") or ""))


SAFETY: Mapping[str, Callable[[Values], str]] = {
    "structure": lambda v: tr("The structure of the file is broken ({detail}).", detail=v["detail"]),
    "definitions": lambda _v: tr("The definitions of the tables are not as they were made."),
    "row_changed": lambda v: tr("{row} is not as the program wrote it ({table}).", row=_row(v), table=_table(v)),
    "row_unreadable": lambda v: tr("{row} can no longer be read ({table}).", row=_row(v), table=_table(v)),
    "row_missing": lambda v: tr("{row} is gone without having been deleted ({table}).", row=_row(v), table=_table(v)),
    "row_unentered": lambda v: tr("{row} was not written by this program ({table}).", row=_row(v), table=_table(v)),
    "reference_lost": lambda v: tr(
        "{row} ({table}) refers to an entry of {detail} that is gone.",
        row=_row(v),
        table=_table(v),
        detail=table_label(str(v["detail"])),
    ),
    "search_index": lambda _v: tr("The search index is damaged; it can be built again."),
    "attachment_stray": lambda v: tr("The content {name} belongs to no attachment.", name=str(v["name"])[:12]),
    "database_needs_salvage": lambda _v: tr(
        "The structure of the file is broken; nothing was changed. Restore a backup, or salvage what can be read."
    ),
    "nothing_to_salvage": lambda _v: tr("Nothing of this file can be read any more; please restore a backup."),
    "sealed_damaged": lambda _v: tr("This backup under a password is damaged; nothing was taken from it."),
    "password_wrong": lambda _v: tr("Neither the password nor the recovery key fits; please look at it again."),
    "password_needed": lambda _v: tr("This backup is under a password; please give it, or the recovery key."),
    "package_damaged": lambda _v: tr("This backup is damaged or no backup of this program; nothing was changed."),
    "file_exists": lambda _v: tr("There is a file of this name already; please choose another name."),
    "reason_needed": lambda _v: tr("Please say why; it stands in the list of what was removed for good."),
    "not_in_bin": lambda v: tr("{key} is not in the bin; only what was deleted can be removed for good.", key=v["key"]),
    "traces_left": lambda _v: tr(
        "The records are removed, but another program has the ledger open, so that free pages of the file still hold "
        "traces. Close it, then choose “Rewrite the file again” in the record of removals."
    ),
    "ledger_gone": lambda _v: tr("The ledger file is not there any more, but backups of it are."),
    "backup_empty": lambda _v: tr("The ledger holds no project yet; there is nothing to keep."),
}
