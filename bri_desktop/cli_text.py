"""What a command came to, as plain lines for a person at a terminal."""

from collections.abc import Mapping
from typing import Any

from bri_desktop.analysis.names import describe_measure
from bri_desktop.i18n import tr
from bri_desktop.labels import code_list_label

VERDICTS = ("created", "updated", "unchanged", "duplicates", "refused", "pending")


def render(name: str, value: Mapping[str, Any]) -> str:
    """Return the lines of one result; a result without a form of its own is shown key by key."""
    forms = {"import": _import, "list": _list, "stats": _stats, "inspect": _inspect, "show": _show, "codes": _codes}
    forms["pending"] = _pending
    form = forms.get(name)
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
    if not value["written"]:
        lines.insert(0, tr("Nothing was written; this is what would happen:"))
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
        words = (item.get("key"), item.get("code"), _title(item), item.get("status"))
        lines.append("  ".join(str(word) for word in words if word))
    return "\n".join(lines)


def _title(item: Mapping[str, Any]) -> str | None:
    """Return what a record is called: a tie by its two places."""
    if "domestic" in item:
        return f"{item['domestic']['name']}—{item['foreign']['name']}"
    return item.get("title") or item.get("name") or item.get("what")


def _show(value: Mapping[str, Any]) -> str:
    lines = [f"{key}: {_plain(part)}" for key, part in value.items() if key != "deleted_at"]
    if value["deleted_at"]:
        lines.insert(0, tr("This record is in the bin since {at}.", at=str(value["deleted_at"])[:10]))
    return "\n".join(lines)


def _pending(value: Mapping[str, Any]) -> str:
    lines = [tr("{count} rows wait", count=value["total"])]
    for item in value["items"]:
        lines.append(f"{item['file']}  {item['sheet']}  {item['row']}  {' '.join(item['cells'].values())}")
        lines += [f"  {one['cell']}  {one['message']}" for one in item["problems"]]
    return "\n".join(lines)


def _codes(value: Mapping[str, Any]) -> str:
    lines: list[str] = []
    for one in value["lists"]:
        lines.append(f"{code_list_label(one['list'])}  {one['list']}")
        for code in one["codes"]:
            kind = tr("built in") if code["builtin"] else tr("own")
            lines.append(f"  {code['code']}\t{code['name_zh']}\t{code['name_en'] or '—'}\t{kind}\t{code['used']}")
    return "\n".join(lines)


def _stats(value: Mapping[str, Any]) -> str:
    lines = [value["rule"], tr("Total {total}, undated {undated}", total=value["total"], undated=value["undated"])]
    for row in value["rows"]:
        label = row.get("label") or " · ".join(row.get("labels", ()))
        share = row.get("share_shown")
        lines.append(f"{label}\t{row['count']}" + ("" if share is None else f"\t{share:.1f}%"))
    lines += [f"{describe_measure(name)}{tr(': ')}{_plain(measure)}" for name, measure in value["measures"].items()]
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
        if not any(isinstance(part, list | Mapping) for part in value):
            return ", ".join(map(_plain, value)) or "—"
        return "".join(f"\n  {_plain(part)}" for part in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(part)}" for key, part in value.items() if part not in (None, [], ""))
    return "—" if value is None else str(value)
