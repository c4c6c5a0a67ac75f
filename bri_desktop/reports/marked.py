"""The figures of a Word file that somebody may have edited, read back by their bookmarks."""

import re
import zipfile
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml

from bri_desktop.domain.errors import InputError, Where

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FURTHER = re.compile(r"__\d+$")
MOST_BYTES = 200_000_000


def read_figures(path: Path) -> dict[str, str]:
    """Return name -> text as it stands now of every figure of a summary; the first place of each.

    A figure whose bookmark was deleted is not there. Raises ``InputError`` file_unreadable, file_damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("word/document.xml").file_size > MOST_BYTES:
                raise InputError("file_too_large", where=Where(file=path.name))
            data = archive.read("word/document.xml")
        # The parser of python-docx resolves no entities; its syntax errors are Python's.
        root = parse_xml(data)
    except (zipfile.BadZipFile, KeyError, SyntaxError) as error:
        raise InputError("file_damaged", where=Where(file=path.name)) from error
    except OSError as error:
        raise InputError("file_unreadable", where=Where(file=path.name)) from error
    return _figures(root)


def _figures(root: Any) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    is_open: dict[str | None, list[str]] = {}
    for element in root.iter(f"{_W}bookmarkStart", f"{_W}bookmarkEnd", f"{_W}t"):
        mark = element.get(f"{_W}id")
        if element.tag == f"{_W}t":
            for parts in is_open.values():
                parts.append(element.text or "")
        elif element.tag == f"{_W}bookmarkEnd":
            is_open.pop(mark, None)
        else:
            name = str(element.get(f"{_W}name"))
            parts = is_open[mark] = []
            if not name.startswith("_") and not _FURTHER.search(name):
                found.setdefault(name, parts)
    return {name: "".join(parts) for name, parts in found.items()}
