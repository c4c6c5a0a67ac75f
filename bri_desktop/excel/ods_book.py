"""A ledger as an OpenDocument spreadsheet, written row by row: the format is small, and no library streams it."""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from bri_desktop.excel.sheet_text import ExportColumn, Value, clean, number_text

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ROWS_AT_ONCE = 500
_ROW = b"<table:table-row>"

_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{MIMETYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""

_META = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" office:version="1.2">
<office:meta><meta:creation-date>{now}</meta:creation-date></office:meta></office:document-meta>"""

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2">
<office:automatic-styles><style:style style:name="head" style:family="table-cell">
<style:table-cell-properties fo:background-color="#e6edf5"/><style:text-properties fo:font-weight="bold"/></style:style>
{styles}</office:automatic-styles><office:body><office:spreadsheet><table:table table:name={name}>
"""
_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def write(
    target: IO[bytes],
    title: str,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Value]],
    progress: Callable[[int], None] | None,
) -> int:
    """Write the spreadsheet to an open file and return the number of rows."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("meta.xml", _META.format(now=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")))
        with archive.open("content.xml", "w", force_zip64=True) as content:
            return _content(content, title, columns, rows, progress)


def row_count(path: Path) -> int:
    """Return how many data rows the written file holds; ``zipfile.BadZipFile`` where it cannot be read."""
    rows, rest = 0, b""
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        while block := stream.read(1024 * 1024):
            block = rest + block
            rows += block.count(_ROW)
            rest = block[-len(_ROW) + 1 :]
    return rows - 1


def _content(
    content: IO[bytes],
    title: str,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Value]],
    progress: Callable[[int], None] | None,
) -> int:
    styles = "".join(
        f'<style:style style:name="co{place}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{column.width * 0.2:.1f}cm"/></style:style>'
        for place, column in enumerate(columns)
    )
    content.write(_HEAD.format(styles=styles, name=quoteattr(clean(title))).encode())
    content.write(
        "".join(f'<table:table-column table:style-name="co{place}"/>' for place in range(len(columns))).encode()
    )
    content.write(_row([column.header for column in columns], ' table:style-name="head"').encode())
    pieces: list[str] = []
    count = 0
    for count, row in enumerate(rows, 1):
        pieces.append(_row(row, ""))
        if count % _ROWS_AT_ONCE == 0:
            content.write("".join(pieces).encode())
            pieces.clear()
            if progress is not None:
                progress(count)
    content.write(("".join(pieces) + _TAIL).encode())
    return count


def _row(values: Sequence[Value], style: str) -> str:
    return f"<table:table-row>{''.join(_cell(value, style) for value in values)}</table:table-row>\n"


def _cell(value: Value, style: str) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if not isinstance(value, str):
        text = number_text(value)
        if text is not None:
            value_type = f'office:value-type="float" office:value="{text}"'
            return f"<table:table-cell {value_type}><text:p>{text}</text:p></table:table-cell>"
        value = format(value, "f")
    lines = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in clean(value).split("\n"))
    return f'<table:table-cell office:value-type="string"{style}>{lines}</table:table-cell>'


def _spaced(line: str) -> str:
    """Keep tabs and repeated spaces, which OpenDocument runs together."""
    text = escape(line).replace("\t", "<text:tab/>")
    if text[:1] == " ":
        text = f"<text:s/>{text[1:]}"
    if text[-1:] == " ":
        text = f"{text[:-1]}<text:s/>"
    return text.replace("  ", " <text:s/>")
