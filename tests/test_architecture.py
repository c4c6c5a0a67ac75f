"""Which layer may import which: the arrows of docs/architecture.md, so that a wrong one fails at once."""

import ast
from pathlib import Path

import pytest
from pytest_archon import archrule

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "bri_desktop"

LEAVES = {"collection", "domain.errors", "i18n", "system"}
"""What every layer may import: errors, words, when garbage is collected, what systems differ in."""

DRAWING = {
    "app",
    "display",
    "start",
    "self_test",
    "tour",
    "bench",
    "bench_page",
    "bench_exchange",
    "bench_statistics",
    "bench_window",
    "bench_watchdog",
}
"""What loads the window: never imported at the top of the command line or of the start."""

ARROWS: dict[str, set[str]] = {
    "domain": set(),
    "paths": {"administration"},
    "administration": set(),
    "system": set(),
    "collection": set(),
    "i18n": {"paths"},
    "label_names": {"domain"},
    "label_sentences": {"domain", "label_dates", "label_names"},
    "label_safety": {"label_tables"},
    "label_settings": set(),
    "label_tables": set(),
    "label_dates": set(),
    "label_reasons": set(),
    "label_measures": {"analysis", "charts.numbers"},
    "label_measure_lists": {"analysis", "charts.numbers", "label_measures"},
    "label_records": {"domain", "label_names"},
    "labels": {
        "domain",
        "paths",
        "label_names",
        "label_reasons",
        "label_records",
        "label_safety",
        "label_sentences",
        "label_settings",
        "label_tables",
    },
    "analysis": {"domain"},
    "db": {"domain", "paths"},
    "excel": {"domain", "labels"},
    "charts": {"domain", "analysis", "labels", "paths"},
    "reports": {"domain", "analysis", "charts", "excel", "labels", "paths"},
    "services": {"domain", "analysis", "db", "excel", "reports", "labels", "paths"},
    "ui": {"domain", "analysis", "charts", "services", "labels", "label_measures", "label_measure_lists", "paths"},
    "arguments": {"administration", "paths"},
    "crash": {"paths"},
    "logs": {"crash", "paths"},
    "cli_words": {"labels"},
    "cli_safety": {"labels", "cli_words"},
    "cli_self_test": set(),
    "cli_forms": {"labels", "label_measure_lists", "cli_words", "cli_safety", "cli_self_test"},
    "cli_records": {"labels", "cli_words"},
    "cli_statistics": {"analysis.names", "charts.numbers", "label_measures"},
    "cli_text": {"domain", "labels", "cli_words", "cli_forms", "cli_records", "cli_statistics"},
    "cli": {"domain", "labels", "arguments", "commands"},
    "commands": {"domain", "services", "labels", "paths", "arguments", "cli_text"}
    | {"label_measures", "label_measure_lists", "db.database", "excel.reader", *DRAWING},
    "bench": {"domain", "services", "paths", "db.database"}
    | {
        "bench_exchange",
        "bench_ledger",
        "bench_peers",
        "bench_processes",
        "bench_statistics",
        "bench_window",
        "bench_watchdog",
    },
    "bench_ledger": {"excel.writer"},
    "bench_page": set(),
    "bench_peers": {"bench_processes"},
    "bench_processes": set(),
    "bench_exchange": {"excel.issued_layout"},
    "bench_statistics": {"services", "db.database"},
    "bench_window": {"services", "db.database", "app", "ui"},
    "bench_watchdog": {"bench_window", "ui"},
    "tour": {"domain", "services", "labels", "paths", "arguments", "db.database", "app", "ui"},
    "self_test": {"domain", "services", "labels", "paths", "db.database", "excel.reader", "reports", "app", "ui"},
    "opening": {"domain", "db", "services", "labels", "paths", "ui"},
    "app": {"crash", "opening", "domain", "analysis", "db", "excel", "charts", "reports", "services", "ui", "labels"}
    | {"paths", "arguments", "day"},
    "day": {"labels", "services", "ui"},
    "display": set(),
    "start": {
        "administration",
        "display",
        "crash",
        "opening",
        "domain",
        "labels",
        "paths",
        "arguments",
        "app",
        "ui",
        "services",
    },
    "__main__": {"arguments", "labels", "logs", "cli", "start", "excel.reader_child"},
}

OUTSIDE: dict[str, tuple[set[str], set[str]]] = {
    "Qt": (
        {"PySide6", "shiboken6"},
        {"ui", "app", "day", "display", "start", "tour", "bench", "bench_window", "bench_watchdog"},
    ),
    "SQLAlchemy": ({"sqlalchemy", "alembic", "sqlite3"}, {"db", "services"}),
    "workbooks": ({"openpyxl", "xlsxwriter", "python_calamine", "odf"}, {"excel", "reports"}),
    "figures": ({"matplotlib"}, {"charts"}),
}
"""Library -> its import names, the layers that may use it."""


def _exists(layer: str) -> bool:
    return (PACKAGE / layer).is_dir() or (PACKAGE / f"{layer}.py").is_file()


LAYERS = [layer for layer in ARROWS if _exists(layer)]


def _patterns(names: set[str]) -> list[str]:
    return [pattern for name in sorted(names) for pattern in (name, f"{name}.*")]


def _ours(names: set[str]) -> list[str]:
    return _patterns({f"bri_desktop.{name}" for name in names})


def test_every_module_belongs_to_a_layer() -> None:
    top = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert top - {"__init__"} <= set(ARROWS)


@pytest.mark.parametrize("layer", LAYERS)
def test_layer_imports_only_what_it_may(layer: str) -> None:
    (
        archrule(f"{layer} follows the arrows")
        .match(*_ours({layer}))
        .should_not_import("bri_desktop.*", "migrations", "migrations.*")
        .may_import(*_ours({layer} | ARROWS[layer] | LEAVES))
        .check("bri_desktop", only_direct_imports=True)
    )


@pytest.mark.parametrize("library", OUTSIDE)
def test_library_stays_in_its_layers(library: str) -> None:
    names, allowed = OUTSIDE[library]
    (
        archrule(f"{library} only in {sorted(allowed)}")
        .match("bri_desktop", "bri_desktop.*")
        .exclude(*_ours(allowed))
        .should_not_import(*_patterns(names))
        .check("bri_desktop", only_direct_imports=True)
    )


def test_leaves_import_nothing_of_a_user_interface() -> None:
    (
        archrule("pure layers stay free of input and output, also indirectly")
        .match(*_ours({"domain", "analysis"}))
        .should_not_import(*_patterns({name for names, _ in OUTSIDE.values() for name in names}))
        .check("bri_desktop")
    )


def test_files_of_a_library_under_the_gpl_are_not_used() -> None:
    (
        archrule("odfpy without its two files under the GPL")
        .match("bri_desktop.*")
        .should_not_import("odf.easyliststyle*", "odf.teletype*")
        .check("bri_desktop", only_direct_imports=True)
    )


def test_migrations_import_only_the_tables() -> None:
    (
        archrule("migrations see db.models and db.types")
        .match("migrations", "migrations.*")
        .should_not_import("bri_desktop.*")
        .may_import("bri_desktop.db.models", "bri_desktop.db.types")
        .check("migrations", only_direct_imports=True)
    )


def test_pages_do_not_import_each_other() -> None:
    folders = [path.name for path in (PACKAGE / "ui").iterdir() if path.is_dir() and path.name != "__pycache__"]
    for page in sorted(set(folders) - {"shared"}):
        others = {f"ui.{name}" for name in folders if name not in {page, "shared"}}
        if others and any((PACKAGE / "ui" / page).glob("*.py")):
            (
                archrule(f"page {page} uses only ui.shared of the other folders")
                .match(*_ours({f"ui.{page}"}))
                .should_not_import(*_ours(others))
                .check("bri_desktop", only_direct_imports=True)
            )


def test_shared_widgets_know_no_page() -> None:
    pages = {path.name for path in (PACKAGE / "ui").iterdir() if path.is_dir()} - {"shared", "__pycache__"}
    if pages:
        (
            archrule("ui.shared knows no page")
            .match(*_ours({"ui.shared"}))
            .should_not_import(*_ours({f"ui.{name}" for name in pages}))
            .check("bri_desktop", only_direct_imports=True)
        )


def _imported_at_start(path: Path) -> set[str]:
    """Return the modules a file imports when it is itself imported, with the names taken from them."""
    names: set[str] = set()
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_command_line_and_start_load_the_window_only_when_drawn() -> None:
    drawing = ("PySide6", "bri_desktop.ui", *(f"bri_desktop.{name}" for name in sorted(DRAWING)))
    starting = [PACKAGE / name for name in ("__main__.py", "arguments.py", "cli.py", "cli_text.py")]
    for path in [*starting, *(PACKAGE / "commands").glob("*.py")]:
        early = [module for module in _imported_at_start(path) if module.startswith(drawing)]
        assert not early, f"{path.name} imports {early} at its top"
