"""What a command came to, as plain lines for a person at a terminal."""

from collections.abc import Callable, Mapping
from typing import Any

from bri_desktop import cli_forms, cli_records, cli_statistics
from bri_desktop.cli_words import field_word, key_word, plain
from bri_desktop.i18n import tr
from bri_desktop.labels import code_list_label

VERDICTS = ("created", "updated", "unchanged", "duplicates", "refused", "pending")


def render(name: str, value: Mapping[str, Any]) -> str:
    """Return the lines of one result; a result without a form of its own is shown key by key."""
    form = FORMS.get(name)
    return form(value) if form else _by_key(value)


def _by_key(value: Mapping[str, Any]) -> str:
    return "\n".join(f"{key_word(key)}{tr(': ')}{plain(part)}" for key, part in value.items())


def _import(value: Mapping[str, Any]) -> str:
    parts = " + ".join(f"{verdict_label(verdict)} {value[verdict]}" for verdict in VERDICTS)
    lines = [tr("{rows} rows = {parts}", rows=value["rows"], parts=parts)]
    unread = [one for one in value["ignored"] if one["reason"] == "unrecognised"]
    if no_data := len(value["ignored"]) - len(unread):
        lines.append(tr("{count} further rows are no data (titles, headers, sections, totals, notes)", count=no_data))
    if unread:
        sheets = tr(", ").join(dict.fromkeys(one["sheet"] for one in unread))
        lines.append(
            tr(
                "{count} rows are in no table that was recognised: {sheets}; "
                "name their columns by --map or in the window",
                count=len(unread),
                sheets=sheets,
            )
        )
    lines += [one["message"] for one in value.get("warnings", ())]
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
        words = (item.get("key"), item.get("code"), _title(item), *_beside(item))
        lines.append("  ".join(str(word) for word in words if word))
    shown, total = len(value["items"]), value["total"]
    if shown < total:
        lines.append(tr("… and {count} more", count=total - shown))
    return "\n".join(lines)


def _beside(item: Mapping[str, Any]) -> list[Any]:
    """Return what stands behind the name of a record: kind, status, dates, quantity."""
    dates = "–".join(str(item[name]) for name in ("signed", "expires") if isinstance(item.get(name), str))
    quantity = " ".join(str(item[name]) for name in ("quantity", "unit") if item.get(name))
    country = item.get("country") if "name_zh" in item else None
    if "acts" in item and "steps" in item:
        return [item["step"], cli_records.case_state(item)]
    return [item.get("kind"), item.get("status"), item.get("life"), country, dates or item.get("date"), quantity]


def _title(item: Mapping[str, Any]) -> str | None:
    """Return what a record is called: a tie by its two places."""
    if "domestic" in item:
        return f"{_named(item['domestic'])}—{_named(item['foreign'])}"
    return item.get("title") or item.get("name") or item.get("what")


def _named(place: Any) -> str:
    return str(place["name"]) if isinstance(place, Mapping) else str(place)


def _show(value: Mapping[str, Any]) -> str:
    if "acts" in value and "steps" in value:
        return cli_records.approval(value)
    empty: tuple[Any, ...] = (None, [], "", {})
    lines = [
        f"{key_word(key)}{tr(': ')}{plain(part)}"
        for key, part in value.items()
        if key != "deleted_at" and part not in empty
    ]
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


def _inspect(value: Mapping[str, Any]) -> str:
    lines: list[str] = []
    for sheet in value["sheets"]:
        lines.append(sheet["name"])
        for block in sheet["blocks"]:
            span = f"{block['first_row']}–{block['last_row']}"
            lines.append("  " + tr("rows {span}: {rows} of data", span=span, rows=block["rows"]))
            lines += [f"    {c['letter']}  {c['header']}  →  {c['field'] or '—'}" for c in block["columns"]]
    return "\n".join(lines)


def _duplicates(value: Mapping[str, Any]) -> str:
    lines = [tr("{count} pairs may be one record", count=len(value["pairs"]))]
    for pair in value["pairs"]:
        left, right = (f"{pair[side]} {pair.get(f'{side}_title') or ''}".strip() for side in ("left", "right"))
        lines.append(f"{pair['score']}  {left}  ·  {right}")
        lines.append(
            "    " + tr("; ").join(f"{'−' if one['against'] else '+'} {one['text']}" for one in pair["reasons"])
        )
    return "\n".join(lines)


def _distinct(value: Mapping[str, Any]) -> str:
    names = {"left": value["left"], "right": value["right"]}
    if value["distinct"]:
        return tr("{left} and {right} are remembered as different.", **names)
    return tr("{left} and {right} are no longer remembered as different.", **names)


def _saved(value: Mapping[str, Any]) -> str:
    moved = value.get("moved")
    text = tr("{key} is saved, version {version}.", key=value["key"], version=value["version"])
    return f"{text}\n{key_word('moved')}{tr(': ')}{plain(moved)}" if moved else text


def _history(value: Mapping[str, Any]) -> str:
    lines = []
    for entry in value["entries"]:
        words = [str(entry["at"])[:16].replace("T", " "), _act(entry["action"]), _act(entry["act"])]
        words += [tr("batch {batch}", batch=entry["batch"])] if entry["batch"] else []
        words += [tr("taken back")] if entry["undone"] else []
        words += [str(entry[name]) for name in ("who", "why") if entry.get(name)]
        lines.append("  ".join(dict.fromkeys(words)))
        before, after = entry["before"] or {}, entry["after"] or {}
        lines += [
            f"    {field_word(name)}{tr(': ')}{plain(before.get(name))} → {plain(after.get(name))}"
            for name in dict.fromkeys([*before, *after])
            if name != "steps"
        ]
        lines += [f"    {line}" for line in cli_records.new_events(before.get("steps"), after.get("steps"))]
    return "\n".join(lines) or tr("Nothing was changed yet.")


def _act(code: str) -> str:
    words = {
        "create": tr("created"),
        "update": tr("changed"),
        "edit": tr("edited by hand"),
        "delete": tr("put into the bin"),
        "restore": tr("taken out of the bin"),
        "import": tr("by an import"),
        "return": tr("by a merge"),
        "undo": tr("by an undo"),
        "merge": tr("merged with another record"),
        "settle": tr("by deciding a row kept aside"),
        "restore_state": tr("by bringing an earlier state back"),
        **dict.fromkeys(("add", "add_record", "edit_record", "edit_pair", "edit_profile"), tr("by hand")),
        **dict.fromkeys(("delete_record", "restore_record"), tr("by hand")),
        "attach": tr("Attachment added"),
        "detach": tr("Attachment removed"),
        "open_approval": tr("Approval opened"),
        **{f"approval_{act}": words for act, words in cli_records.acts().items()},
    }
    return words.get(code, code)


FORMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "import": _import,
    "list": _list,
    "stats": cli_statistics.statistics,
    "diagnose": cli_statistics.diagnosis,
    "inspect": _inspect,
    "show": _show,
    "codes": _codes,
    "pending": _pending,
    "duplicates": _duplicates,
    "distinct": _distinct,
    "saved": _saved,
    "history": _history,
    **cli_forms.FORMS,
    **cli_records.FORMS,
}
"""The form of each result, by the name under which its command gives it."""
