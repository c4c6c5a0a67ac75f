"""Plain text of what the commands on issued workbooks, on tables and on what was learnt came to."""

from collections.abc import Callable, Mapping
from typing import Any

from bri_desktop import cli_safety, cli_self_test
from bri_desktop.cli_words import field_word, plain
from bri_desktop.i18n import tr
from bri_desktop.label_measure_lists import profile_part
from bri_desktop.labels import code_list_label, field_label, weights_name


def _issue(value: Mapping[str, Any]) -> str:
    return tr("Issued as {issue} with {rows} rows.", issue=value["issue"], rows=value["rows"])


def _issued(value: Mapping[str, Any]) -> str:
    states = {
        "overdue": tr("overdue"),
        "due_soon": tr("due soon"),
        "out": tr("sent out"),
        "returned": tr("to be merged"),
        "merged": tr("Merged").lower(),
        "closed": tr("closed"),
    }
    counts = tr(", ").join(f"{word} {value[state]}" for state, word in states.items() if value[state])
    lines = [tr("{count} workbooks issued", count=value["total"]) + (f"{tr(': ')}{counts}" if counts else "")]
    for one in value["items"]:
        words = [one["number"], one["department"], tr("{count} rows", count=one["rows"]), one["issued_at"][:10]]
        if one["due"]:
            words.append(tr("due {day}", day=one["due"]))
        words.append(states[one["state"]])
        if one["late"]:
            days = one["late"]
            words.append(
                tr("{days} days late", days=days) if one["returned_at"] else tr("{days} days overdue", days=days)
            )
        if one["returned_at"]:
            words.append(tr("came back {day}", day=one["returned_at"][:10]))
        if one["damage"]:
            words.append(tr("damaged"))
        if one["undecided"]:
            words.append(tr("{count} values open", count=one["undecided"]))
        lines.append("  ".join(words))
    return "\n".join(lines)


def _remind(value: Mapping[str, Any]) -> str:
    return tr("The reminder list names {count} workbooks.", count=value["rows"])


def _annotate(value: Mapping[str, Any]) -> str:
    return tr("The answer is written: {count} verdicts.", count=value["cells"])


def _merge(value: Mapping[str, Any]) -> str:
    lines = [_merge_head(value)]
    for damage in value["damage"]:
        lines.append(tr("Damage: {message}", message=damage["message"]))
    if value["stopped"]:
        lines.append(tr("Nothing was written. Look at the damage, then merge with --accept-damage."))
    elif not value["written"]:
        lines.insert(0, tr("Nothing was written; this is what would happen:"))
    if not value["stopped"]:
        changed = {"cells": value["cells_merged"], "rows": value["rows_touched"], "new": value["created"]}
        lines.append(tr("{cells} values of {rows} records taken, {new} new records", **changed))
    groups = (
        (value["conflicts"], tr("Changed on both sides, open: {count}", count=len(value["conflicts"]))),
        (value["cleared"], tr("Emptied by the department, kept: {count}", count=len(value["cleared"]))),
    )
    for cells, head in groups:
        lines += [head] if cells else []
        lines += [f"  {_cell_line(cell)}" for cell in cells]
    if value["missing"]:
        lines.append(tr("Issued rows that are missing, kept: {count}", count=len(value["missing"])))
        lines += [f"  {row['key']}  {row['title']}" for row in value["missing"]]
    if value["problems"]:
        lines.append(tr("Not taken: {count}", count=len(value["problems"])))
        lines += [f"  {_problem_line(problem)}" for problem in value["problems"]]
    if value["batch"] is not None:
        lines.append(tr("Batch {batch}; bri-desktop undo {batch} takes it back", batch=value["batch"]))
    return "\n".join(lines)


def _merge_head(value: Mapping[str, Any]) -> str:
    if value["issue"] is None:
        return tr("Not one of the issued workbooks, compared by content: {rows} rows", rows=value["rows"])
    return tr("Workbook {issue}: {rows} rows", issue=value["issue"], rows=value["rows"])


def _cell_line(cell: Mapping[str, Any]) -> str:
    words = {side: " ".join(text.split()) or "—" for side, text in cell["words"].items()}
    sides = tr("issued {issued}, now {current}, came back {returned}", **words)
    return (
        f"{cell['sheet']} {cell['cell']}  {cell['key']} {cell['title']}  {field_word(cell['field'])}{tr(': ')}{sides}"
    )


def _problem_line(problem: Mapping[str, Any]) -> str:
    return f"{problem['sheet']} {problem['cell']}  {' '.join(str(problem['value']).split())}  {problem['message']}"


def _undo(value: Mapping[str, Any]) -> str:
    lines = [tr("Taken back: {count} records restored.", count=value["restored"])]
    if value["kept"]:
        lines.append(tr("Edited since, and kept: {count}", count=len(value["kept"])))
        lines += [
            f"  {one['key']}  {field_word(one['field']) if one['field'] else ''}".rstrip() for one in value["kept"]
        ]
    return "\n".join(lines)


# -- statistics, tables, what was learnt --------------------------------------------------------------------------


def _profiles(value: Mapping[str, Any]) -> str:
    lines = [tr("{count} import profiles", count=len(value["profiles"]))]
    for one in value["profiles"]:
        counts = tr("{columns} columns, {values} values", columns=one["columns"], values=one["values"])
        used = tr("last used {day}", day=one["used_at"][:10]) if one["used_at"] else tr("not used yet")
        lines.append("  ".join(word for word in (one["name"], one["department"], counts, used) if word))
    return "\n".join(lines)


def _profile(value: Mapping[str, Any]) -> str:
    if "columns" not in value:
        return tr("Profile {name} is forgotten.", name=value["deleted"])
    lines = [value["name"]]
    for column in value["columns"]:
        unit = f" ({column['unit']})" if column["unit"] else ""
        lines.append(f"  {column['header']} → {field_label(column['field']) if column['field'] else '—'}{unit}")
    lines += [f"  {field_label(one['field'])}{tr(': ')}{one['value']} → {one['code']}" for one in value["values"]]
    return "\n".join(lines)


def _place_rules(value: Mapping[str, Any]) -> str:
    if "rules" not in value:
        return tr("Remembered name {rule} is forgotten.", rule=value["deleted"])
    lines = [tr("{count} remembered place names", count=len(value["rules"]))]
    for rule in value["rules"]:
        country = f" ({rule['country']})" if rule["country"] else ""
        lines.append(f"{rule['rule']}  {rule['text']}{country} → {rule['name']} {rule['context']}".rstrip())
    return "\n".join(lines)


def _baselines(value: Mapping[str, Any]) -> str:
    lines: list[str] = []
    for one in value["baselines"]:
        if one["units"] is None:
            lines.append(f"{one['name']}  {tr('built in')}")
            continue
        words = (one["name"], one["dimension"], one["year"], tr("{count} units", count=one["units"]), one["source"])
        lines.append("  ".join(str(word) for word in words if word))
    return "\n".join(lines)


def _tables(value: Mapping[str, Any]) -> str:
    lines = [tr("{count} tables", count=len(value["tables"]))]
    lines += ["  ".join(str(part) for part in one.values() if part) for one in value["tables"]]
    return "\n".join(lines)


def _weights(value: Mapping[str, Any]) -> str:
    """Return the weights by name; beside each stands the code by which it is set."""
    lines: list[str] = []
    for name, parts in value["groups"].items():
        lines.append(f"{weights_name(name)}  {name}")
        for part, label, weight in parts:
            lines.append(f"  {profile_part(part) if name == 'profile' else label}  {part}={plain(weight)}")
    return "\n".join(lines)


def _table_taken(value: Mapping[str, Any]) -> str:
    lines = [tr("{rows} rows read, {stored} values stored", rows=value["rows"], stored=value["stored"])]
    lines += [
        f"  {problem['sheet']} {problem['cell']}  {problem['value']}  {problem['message']}"
        for problem in value["problems"]
    ]
    return "\n".join(lines)


def _init(value: Mapping[str, Any]) -> str:
    return tr("The ledger is ready: {path}", path=value["db"])


def _export(value: Mapping[str, Any]) -> str:
    return tr("{rows} rows and {columns} columns are written.", rows=value["rows"], columns=len(value["columns"]))


def _template(value: Mapping[str, Any]) -> str:
    return tr("The empty table is written, with {rows} rows to fill in.", rows=value["rows"])


def _code(value: Mapping[str, Any]) -> str:
    return tr("{list}: code {code} is saved.", list=code_list_label(value["list"]), code=value["code"])


def _tour(value: Mapping[str, Any]) -> str:
    return "\n".join([tr("{count} pictures", count=len(value["pictures"])), *value["pictures"]])


def _bench(value: Mapping[str, Any]) -> str:
    lines = []
    for one in value["figures"]:
        peer = (
            ""
            if one["peer"] is None
            else tr(" (peer {peer}, ratio {ratio})", peer=plain(one["peer"]), ratio=plain(one["ratio"]))
        )
        used = "" if one["cpu"] is None else tr(", processors {seconds} s", seconds=plain(one["cpu"]))
        lines.append(f"{one['rows']:>9,}  {one['name']}  {plain(one['ours'])} {one['unit']}{used}{peer}")
    return "\n".join(lines)


def _report(value: Mapping[str, Any]) -> str:
    lines = [tr("{title}: {file}", title=value["title"], file=value["file"])]
    if value["kept"]:
        lines.append(tr("{file} was edited since and was left as it is.", file=value["kept"]))
    lines += [f"  {one['label']}  {one['was'] or '—'} → {one['now'] or '—'}" for one in value["differing"]]
    sections, figures = len(value["sections"]), len(value["figures"])
    return "\n".join([*lines, tr("{sections} sections, {figures} figures", sections=sections, figures=figures)])


def _freeze(value: Mapping[str, Any]) -> str:
    return tr("{year} is frozen with {figures} figures.", year=value["year"], figures=len(value["figures"]))


def _restate(value: Mapping[str, Any]) -> str:
    return str(value["note"])


def _show_figure(value: Mapping[str, Any]) -> str:
    lines = [f"{value['label']}{tr(': ')}{value['shown']}"]
    if "frozen" in value and value["frozen"] != value["value"]:
        lines.append(tr("when frozen: {value}", value=value["frozen"]))
    return "\n".join([*lines, tr(", ").join(value["keys"]) or "—"])


def _report_templates(value: Mapping[str, Any]) -> str:
    lines = [f"{one['name']}  {one['edition']}  {', '.join(one['sections'])}" for one in value["templates"]]
    return "\n".join(lines) or tr("No choice of sections is kept.")


FORMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "report": _report,
    "freeze": _freeze,
    "restate": _restate,
    "show-figure": _show_figure,
    "report-templates": _report_templates,
    "issue": _issue,
    "issued": _issued,
    "remind": _remind,
    "annotate": _annotate,
    "merge": _merge,
    "undo": _undo,
    "profiles": _profiles,
    "profile": _profile,
    "place-rules": _place_rules,
    "baselines": _baselines,
    "tables": _tables,
    "weights": _weights,
    "baseline-import": _table_taken,
    "index-import": _table_taken,
    "tiers-import": _table_taken,
    "rates-import": _table_taken,
    "measure-template": _template,
    "init": _init,
    "export": _export,
    "code": _code,
    "tour": _tour,
    "bench": _bench,
    **cli_safety.FORMS,
    **cli_self_test.FORMS,
}
"""The forms of this module, by the name under which a command gives its result."""
