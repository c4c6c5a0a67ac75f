"""What a command came to, as plain lines for a person at a terminal."""

from collections.abc import Mapping
from typing import Any

from bri_desktop.i18n import tr

VERDICTS = ("created", "updated", "unchanged", "duplicates", "refused", "pending")


def render(name: str, value: Mapping[str, Any]) -> str:
    """Return the lines of one result; a result without a form of its own is shown key by key."""
    form = {"import": _import, "list": _list, "stats": _stats, "inspect": _inspect}.get(name)
    return form(value) if form else "\n".join(f"{key}: {_plain(part)}" for key, part in value.items())


def _import(value: Mapping[str, Any]) -> str:
    parts = " + ".join(f"{verdict_label(verdict)} {value[verdict]}" for verdict in VERDICTS)
    lines = [tr("{rows} rows = {parts}", rows=value["rows"], parts=parts)]
    if value["ignored"]:
        lines.append(
            tr(
                "{count} further rows are no data (titles, headers, sections, totals, notes)",
                count=len(value["ignored"]),
            )
        )
    if value["batch"] is not None:
        lines.append(tr("Batch {batch}; bri-desktop undo {batch} takes it back", batch=value["batch"]))
    for problem in value["problems"]:
        where = f"{problem['sheet']} {problem['cell']}"
        lines.append(f"  {where}  {verdict_label(problem['verdict'])}  {problem['value']}  {problem['message']}")
    return "\n".join(lines)


def verdict_label(verdict: str) -> str:
    """Return the word for a verdict."""
    words = {
        "created": tr("New"),
        "updated": tr("Updated"),
        "unchanged": tr("Unchanged"),
        "duplicates": tr("Duplicate"),
        "refused": tr("Refused"),
        "pending": tr("Pending"),
    }
    return words[verdict]


def _list(value: Mapping[str, Any]) -> str:
    lines = [tr("{count} records", count=value["total"])]
    for item in value["items"]:
        words = (item.get("key"), item.get("code"), item.get("title") or item.get("name"), item.get("status"))
        lines.append("  ".join(str(word) for word in words if word))
    return "\n".join(lines)


def _stats(value: Mapping[str, Any]) -> str:
    lines = [value["rule"], tr("Total {total}, undated {undated}", total=value["total"], undated=value["undated"])]
    for row in value["rows"]:
        label = row.get("label") or " · ".join(row.get("labels", ()))
        share = row.get("share_shown")
        lines.append(f"{label}\t{row['count']}" + ("" if share is None else f"\t{share:.1f}%"))
    lines += [f"{name}: {_plain(measure)}" for name, measure in value["measures"].items()]
    return "\n".join(lines)


def _inspect(value: Mapping[str, Any]) -> str:
    lines: list[str] = []
    for sheet in value["sheets"]:
        lines.append(sheet["name"])
        for block in sheet["blocks"]:
            span = f"{block['first_row']}–{block['last_row']}"
            lines.append("  " + tr("rows {span}: {rows} of data", span=span, rows=block["rows"]))
            lines += [f"    {c['letter']}  {c['header']}  →  {c['field'] or '—'}" for c in block["columns"]]
    return "\n".join(lines)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(f"\n  {_plain(part)}" for part in value) if value else "—"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(part)}" for key, part in value.items() if part not in (None, [], ""))
    return "—" if value is None else str(value)
