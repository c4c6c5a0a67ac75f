"""Plain text of what the commands on approvals, attachments and settings came to."""

from collections.abc import Callable, Mapping
from typing import Any

from bri_desktop.cli_words import plain
from bri_desktop.i18n import tr
from bri_desktop.labels import setting_label

KILOBYTE = 1024


def _settings(value: Mapping[str, Any]) -> str:
    """Return each setting with its name; beside it stands the code by which it is set."""
    lines = (
        f"{setting_label(name)}{tr(': ')}{'—' if part == '' else plain(part)}  ({name})"
        for name, part in value["settings"].items()
    )
    return "\n".join(lines)


# -- approvals ---------------------------------------------------------------------------------------------------


def _procedures(value: Mapping[str, Any]) -> str:
    lines: list[str] = []
    for one in value["procedures"]:
        names = (f"（{step['name']}）" if step["optional"] else step["name"] for step in one["steps"])
        lines += [one["name"], f"  {' → '.join(names)}"]
    return "\n".join(lines)


def case_state(case: Mapping[str, Any]) -> str:
    """Return where a case stands, in a word."""
    results = {"approved": tr("Approved"), "refused": tr("Turned down"), "withdrawn": tr("Withdrawn")}
    states = {"waiting": tr("To submit"), "submitted": tr("Awaiting decision"), "returned": tr("To submit again")}
    if case["closed"]:
        return results.get(case["result"] or "", tr("Closed"))
    return states.get(case["state"], tr("Closed"))


def acts() -> dict[str, str]:
    """Return the words for the acts on a step."""
    return {
        "submit": tr("Submit"),
        "return": tr("Send back"),
        "decide": tr("Approve"),
        "refuse": tr("Refuse"),
        "skip": tr("Skip step"),
    }


def _event(step: str, event: Mapping[str, Any]) -> str:
    kinds = {
        "submitted": tr("Submitted"),
        "returned": tr("Sent back"),
        "decided": tr("Approved"),
        "refused": tr("Turned down"),
        "skipped": tr("Skipped"),
    }
    words = (event.get("date"), step, kinds.get(str(event.get("kind"))), event.get("who"), event.get("reason"))
    return "  ".join(str(word) for word in words if word)


def new_events(before: Any, after: Any) -> list[str]:
    """Return what happened in the steps of a case from one state of its list of steps to a later one."""
    old = {step["name"]: len(step["events"]) for step in before or ()}
    return [_event(step["name"], event) for step in after or () for event in step["events"][old.get(step["name"], 0) :]]


def approval(case: Mapping[str, Any]) -> str:
    head = (case["key"], case["title"], case["step"], case_state(case))
    lines = ["  ".join(str(part) for part in head if part)]
    lines += [f"  {line}" for line in new_events((), case["steps"])]
    if case["acts"]:
        lines.append(tr("Next: {acts}", acts=tr(", ").join(f"{acts()[act]} ({act})" for act in case["acts"])))
    return "\n".join(lines)


# -- attachments -------------------------------------------------------------------------------------------------


def _attach(value: Mapping[str, Any]) -> str:
    lines = [tr("{count} files added", count=len(value["keys"]))]
    if value["already"]:
        lines.append(tr("{count} are there already", count=value["already"]))
    return "\n".join([*lines, *(f"  {plain(problem)}" for problem in value["problems"])])


def _attachments(value: Mapping[str, Any]) -> str:
    lines = [tr("{count} attachments", count=value["total"])]
    lines += [_attachment(one) for one in value["items"]]
    lines += [f"  {_attachment(one)}" for one in value["damage"]]
    return "\n".join(lines)


def _attachment(one: Mapping[str, Any]) -> str:
    states = {
        "whole": "",
        "missing": tr("Missing"),
        "changed": tr("Content changed"),
        "unreadable": tr("Unreadable"),
    }
    state = str(one.get("state") or one.get("code") or "")
    owner = one.get("owner") or one.get("project") or one.get("pair")
    words = (one["key"], owner, one["name"], size_text(one.get("size")), states.get(state, ""))
    return "  ".join(str(word) for word in words if word)


def size_text(size: Any) -> str:
    """Return a number of bytes as people read it; nothing for none."""
    if not isinstance(size, int):
        return ""
    return f"{size} B" if size < KILOBYTE else f"{size / KILOBYTE:,.0f} KB"


def _saved_file(value: Mapping[str, Any]) -> str:
    return tr("Saved: {file}", file=f"{value['file']}  {size_text(value['size'])}")


FORMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "settings": _settings,
    "procedures": _procedures,
    "approval": approval,
    "attach": _attach,
    "attachments": _attachments,
    "attachment-save": _saved_file,
}
"""The forms of this module, by the name under which a command gives its result."""
