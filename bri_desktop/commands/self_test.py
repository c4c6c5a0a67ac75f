"""The command that tries an installed copy out."""

from bri_desktop.commands.base import ATTENTION, DONE, app, context


@app.command("self-test")
def self_test() -> None:
    """Try every part of the installed program once, in a temporary folder."""
    from bri_desktop.self_test import run_self_test

    steps = run_self_test(context.options.language)
    ok = all(step.ok for step in steps)
    context.done("self-test", {"ok": ok, "steps": [step.to_json() for step in steps]}, DONE if ok else ATTENTION)
