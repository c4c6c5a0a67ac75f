"""Plain text of what the self-test found: a line for each part that was tried."""

from collections.abc import Callable, Mapping
from typing import Any

from bri_desktop.i18n import tr


def step_name(name: str) -> str:
    """Return the words for a step of the self-test."""
    words = {
        "open": tr("Make and open a ledger"),
        "upgrade": tr("Upgrade a ledger of the first version"),
        "sample": tr("Take in the sample"),
        "page": tr("Draw a page"),
        "word": tr("Write and read Word"),
        "pdf": tr("Write and read PDF"),
        "excel": tr("Write and read Excel"),
        "check": tr("Look the ledger through"),
        "leave": tr("Close and leave nothing behind"),
    }
    return words[name]


def _self_test(value: Mapping[str, Any]) -> str:
    lines = []
    for step in value["steps"]:
        verdict = tr("in order") if step["ok"] else tr("FAILED")
        words = (verdict, step_name(step["name"]), f"{step['seconds']:.1f} s", step["detail"])
        lines.append("  ".join(word for word in words if word))
    failed = sum(not step["ok"] for step in value["steps"])
    if failed:
        lines.append(tr("{count} parts of the program do not work; please install it again.", count=failed))
    else:
        lines.append(tr("Every part of the program works."))
    return "\n".join(lines)


FORMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"self-test": _self_test}
"""The form of this module, by the name under which the command gives its result."""
