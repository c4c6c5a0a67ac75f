"""The small parts of the Word file as markup: runs, figures in bookmarks, tables, captions that count by themselves.

Tables are written as markup at once: through one object a cell, an annex of 300 rows took longer than all the rest.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bri_desktop.excel.sheet_text import clean
from bri_desktop.reports.document import Figure, Run, Runs, Table
from bri_desktop.reports.paper import Paper
from bri_desktop.reports.pdf_blocks import column_widths, fitted

TWIPS_OF_POINT = 20
REPEAT = "__"
"""Between the name of a figure and the number of a further place where it stands."""
_LABEL = re.compile(r"^(\D*)(\d+)$")


@dataclass(slots=True)
class Marks:
    """Gives every place of a figure a bookmark of its own."""

    count: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    def runs(self, runs: Runs | Sequence[Run], properties: str = "") -> str:
        """Return the markup of some runs."""
        return "".join(
            self._figure(run, properties) if isinstance(run, Figure) else _run(run, properties) for run in runs
        )

    def _figure(self, figure: Figure, properties: str) -> str:
        self.count += 1
        self.seen[figure.name] = place = self.seen.get(figure.name, 0) + 1
        name = figure.name if place == 1 else f"{figure.name}{REPEAT}{place}"
        start = f'<w:bookmarkStart w:id="{self.count}" w:name={quoteattr(name)}/>'
        return f'{start}{_run(figure.shown, properties)}<w:bookmarkEnd w:id="{self.count}"/>'


def _run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>'


def add_runs(paragraph: Any, marks: Marks, runs: Sequence[Run]) -> None:
    """Put runs into a paragraph."""
    made = parse_xml(f"<w:p {nsdecls('w')}>{marks.runs(runs)}</w:p>")
    for child in list(made):
        paragraph._p.append(child)


def add_caption(paragraph: Any, label: str, caption: str) -> None:
    """Write a caption whose number is a field, so that a list of tables or pictures can be made from it."""
    match = _LABEL.match(label)
    name, number = (match[1], match[2]) if match else (label, "")
    parts = [_run(name)]
    if number:
        parts += list(_field(f" SEQ {name.strip()} \\* ARABIC ", number))
    parts.append(_run(f"　{caption}"))
    made = parse_xml(f"<w:p {nsdecls('w')}>{''.join(parts)}</w:p>")
    for child in list(made):
        paragraph._p.append(child)


def _field(code: str, shown: str) -> Iterator[str]:
    yield '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    yield f'<w:r><w:instrText xml:space="preserve">{escape(code)}</w:instrText></w:r>'
    yield '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    yield f"<w:r><w:t>{escape(shown)}</w:t></w:r>"
    yield '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def add_page_number(paragraph: Any, around: str, properties: str) -> None:
    """Write the number of the page with ``around`` on both sides of it."""
    before, after = (f"{around} ", f" {around}") if around else ("", "")
    parts = [_run(before, properties), *_field(" PAGE ", "1"), _run(after, properties)]
    styled = [part.replace("<w:r>", f"<w:r>{properties}") if properties not in part else part for part in parts]
    made = parse_xml(f"<w:p {nsdecls('w')}>{''.join(styled)}</w:p>")
    for child in list(made):
        paragraph._p.append(child)


def table_markup(table: Table, paper: Paper, marks: Marks, styles: tuple[str, str]) -> Any:
    """Return a table as markup; ``styles`` are the ids of the paragraph styles of its cells and of its head."""
    fit = fitted(table, paper)
    small = f'<w:rPr><w:sz w:val="{round(2 * fit.cells.size)}"/></w:rPr>' if fit is not paper else ""
    widths = [round(width * TWIPS_OF_POINT) for width in column_widths(table, fit)]
    rows = table.printed
    parts = [
        _table_properties(sum(widths)),
        "<w:tblGrid>",
        *(f'<w:gridCol w:w="{one}"/>' for one in widths),
        "</w:tblGrid>",
    ]
    head = [((column.head,), "center") for column in table.columns]
    parts.append(_row(head, widths, styles[1], marks, small, is_head=True))
    for number, row in enumerate(rows):
        is_total = table.total and number == len(rows) - 1 and row is table.rows[-1]
        cells = [(runs, column.align) for runs, column in zip(row, table.columns, strict=True)]
        # No row stands alone on a page: the first is kept with the second, the last with the one before.
        is_kept = number in (0, len(rows) - 2) and number < len(rows) - 1
        parts.append(_row(cells, widths, styles[1] if is_total else styles[0], marks, small, is_kept=is_kept))
    return parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(parts)}</w:tbl>")


def _table_properties(width: int) -> str:
    outer, inner = 'w:val="single" w:sz="8" w:space="0" w:color="000000"', 'w:val="single" w:sz="4" w:space="0"'
    borders = f'<w:top {outer}/><w:bottom {outer}/><w:insideH {inner} w:color="000000"/>'
    margins = '<w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
    )


def _row(
    cells: Sequence[tuple[Runs, str]],
    widths: Sequence[int],
    style: str,
    marks: Marks,
    properties: str = "",
    *,
    is_head: bool = False,
    is_kept: bool = False,
) -> str:
    repeated = "<w:tblHeader/>" if is_head else ""
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f"<w:pStyle w:val={quoteattr(style)}/>{'<w:keepNext/>' if is_head or is_kept else ''}"
        f'<w:spacing w:before="60" w:after="60"/><w:jc w:val="{align}"/></w:pPr>'
        f"{marks.runs(runs, properties)}</w:p></w:tc>"
        for (runs, align), width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{made}</w:tr>"
