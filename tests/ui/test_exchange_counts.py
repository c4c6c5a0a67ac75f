"""Counts of the data exchange in English: a number never stands before a plural that may be one."""

import re
from pathlib import Path

from bri_desktop.ui import exchange

PLURAL = re.compile(r'tr\(\s*"[^"]*\{(?:count|tables)\} (?:tables|cells|columns)\b')


def test_no_count_of_tables_cells_or_columns_needs_a_plural() -> None:
    files = Path(str(exchange.__file__)).parent.glob("*.py")
    assert [file.name for file in files if PLURAL.search(file.read_text("utf-8"))] == []
