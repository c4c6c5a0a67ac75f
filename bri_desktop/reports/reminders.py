"""催报单: which departments have not returned their workbook, as a Word document in the official layout or a table."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bri_desktop.domain.errors import InputError, Where
from bri_desktop.excel.sheet_text import clean
from bri_desktop.excel.writer import ExportColumn, replace_archive, write_ledger
from bri_desktop.i18n import language, tr

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

TITLE_FONT, HEADING_FONT, BODY_FONT, LATIN_FONT = "方正小标宋简体", "黑体", "仿宋", "Times New Roman"
TITLE_POINTS, BODY_POINTS, TABLE_POINTS, LINE_POINTS = 22, 16, 12, 28
PAGE_MM, MARGINS_MM = (210, 297), (37, 35, 28, 26)
"""A4, and the margins above, below, left and right of an official document."""
_WIDTHS_MM = (13, 51, 26, 27, 21, 18)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A workbook that is out: ``days`` to the due day (negative when late, ``None`` without one), ``rows`` sent."""

    department: str
    number: str
    issued: str
    due: str | None
    days: int | None
    rows: int

    @property
    def late(self) -> int:
        """Days past the due day; 0 where it is not past."""
        return -self.days if self.days is not None and self.days < 0 else 0


def write_reminders(path: Path, reminders: Sequence[Reminder], today: datetime.date, *, sender: str = "") -> int:
    """Write the list as ``.docx`` or ``.xlsx`` and return the number of its lines.

    ``sender`` signs the document. Raises :class:`InputError`: ``reminder_file_type``, ``file_unwritable``,
    ``file_in_use``, ``disk_full``.
    """
    match path.suffix.lower():
        case ".docx":
            _write_document(path, reminders, today, sender)
        case ".xlsx":
            _write_table(path, reminders)
        case _:
            raise InputError("reminder_file_type", where=Where(file=path.name))
    return len(reminders)


def _write_table(path: Path, reminders: Sequence[Reminder]) -> None:
    columns = [
        ExportColumn("number", tr("Issue number"), 12),
        ExportColumn("department", tr("Department"), 30),
        ExportColumn("issued", tr("Issued on"), 12, "date"),
        ExportColumn("due", tr("To be returned by"), 12, "date"),
        ExportColumn("late", tr("Days late"), 10, "int"),
        ExportColumn("rows", tr("Rows sent"), 10, "int"),
    ]
    rows = [
        [one.number, one.department, one.issued, one.due, Decimal(one.late) if one.late else None, Decimal(one.rows)]
        for one in reminders
    ]
    write_ledger(path, title=tr("Reminder list"), columns=columns, rows=rows)


def _write_document(path: Path, reminders: Sequence[Reminder], today: datetime.date, sender: str) -> None:
    from docx import Document

    document = Document()
    _lay_out(document)
    _paragraph(document, tr("Reminder: workbooks not yet returned"), TITLE_FONT, TITLE_POINTS, centred=True)
    _paragraph(document, "", BODY_FONT, BODY_POINTS)
    _paragraph(document, tr("To the departments named below:"), BODY_FONT, BODY_POINTS)
    _paragraph(document, _sentence(reminders, today), BODY_FONT, BODY_POINTS, indented=True)
    if reminders:
        _table(document, reminders)
        _paragraph(document, "", BODY_FONT, TABLE_POINTS)
    closing = tr("Please return the workbook by itself, as a whole .xlsx file. Nothing classified may be entered.")
    _paragraph(document, closing, BODY_FONT, BODY_POINTS, indented=True)
    for text in (sender, long_day(today)):
        if text:
            _paragraph(document, text, BODY_FONT, BODY_POINTS, right=True)
    with replace_archive(path) as stream:
        document.save(stream)


def _sentence(reminders: Sequence[Reminder], today: datetime.date) -> str:
    late = sum(bool(one.late) for one in reminders)
    if not reminders:
        return tr("As of {day} every workbook has been returned.", day=long_day(today))
    return tr(
        "As of {day}, {count} workbooks of {departments} departments have not been returned, {late} of them overdue. "
        "Please fill them in and return them soon.",
        day=long_day(today),
        count=len(reminders),
        departments=len({one.department for one in reminders}),
        late=late,
    )


def long_day(day: datetime.date) -> str:
    """Return a day as documents write it."""
    if language() == "zh_CN":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B} {day.year}"


def _lay_out(document: "Document") -> None:
    """Set page, language and the fonts that every paragraph starts from."""
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    above, below, left, right = (Mm(margin) for margin in MARGINS_MM)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = above, below, left, right
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = LATIN_FONT, Pt(BODY_POINTS)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), BODY_FONT)
    spoken = style.element.rPr.makeelement(qn("w:lang"), {qn("w:val"): "en-US", qn("w:eastAsia"): "zh-CN"})
    style.element.rPr.append(spoken)


def _paragraph(
    document: "Document",
    text: str,
    font: str,
    points: int,
    *,
    centred: bool = False,
    right: bool = False,
    indented: bool = False,
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    made = document.add_paragraph()
    shape = made.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = Pt(LINE_POINTS + (points - BODY_POINTS))
    if centred or right:
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.RIGHT
    if indented:
        shape.first_line_indent = Pt(2 * points)
    _run(made, text, font, points)


def _run(paragraph: "Paragraph", text: str, font: str, points: int) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(clean(text))
    run.font.name, run.font.size = LATIN_FONT, Pt(points)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _table(document: "Document", reminders: Sequence[Reminder]) -> None:
    from docx.shared import Mm

    heads = (tr("No."), tr("Department"), tr("Issue number"), tr("Due on"), tr("Days late"), tr("Rows sent"))
    table = document.add_table(rows=len(reminders) + 1, cols=len(heads))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS_MM, strict=True):
        column.width = Mm(width)
    _repeat_head(table.rows[0])
    for number, row in enumerate(table.rows):
        one = reminders[number - 1]
        late = str(one.late) if one.late else "—"
        texts = (str(number), one.department, one.number, one.due or "—", late, f"{one.rows:,}") if number else heads
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(_WIDTHS_MM[place])
            _fill(cell, text, is_head=not number, is_left=place == 1 and bool(number))


def _repeat_head(row: Any) -> None:
    """Let the first row stand again at the top of each page."""
    from docx.oxml.ns import qn

    properties = row._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _fill(cell: Any, text: str, *, is_head: bool, is_left: bool) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if is_left else WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, HEADING_FONT if is_head else BODY_FONT, TABLE_POINTS)
