"""What the window loads beside its work once the first rows are shown, so that no first click waits for it."""

from importlib import import_module

from bri_desktop.domain.filter import parse_filter

MODULES = (
    "projects.panel", "projects.condition_popup", "palette", "agenda.page", "cities.page", "approval.page",
    "exchange.page", "statistics.page", "diagnosis.page", "year.page", "preferences.page",
)  # fmt: skip


def load_ahead() -> None:
    """Load the modules of the pages and the grammar of the filters; on a thread of its own."""
    parse_filter("key is empty")
    for name in MODULES:
        import_module(f"bri_desktop.ui.{name}")
