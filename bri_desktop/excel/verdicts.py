"""The answer to a returned workbook: the department's own file with a verdict on its cells, in a new file.

The values stay as they are, so that the answer, corrected and sent back, reads like the workbook itself. Verdicts of
an earlier answer are taken off first.
"""

import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bri_desktop.domain.errors import InputError, Where
from bri_desktop.excel.parts import column_letter
from bri_desktop.excel.preflight import Kind, identify
from bri_desktop.excel.verdict_parts import UnusualSheetError, write_filled, write_skeleton
from bri_desktop.excel.writer import replace_archive
from bri_desktop.i18n import tr
from bri_desktop.labels import field_label

ACCEPTED, REFUSED, CLASH, ASKED = "accepted", "refused", "clash", "asked"
COLOURS: Mapping[str, str] = {ACCEPTED: "FFE2EFDA", REFUSED: "FFF8CBAD", CLASH: "FFFFE699", ASKED: "FFDDEBF7"}
AUTHOR = "bri-desktop"
MOST_LISTED = 5_000
_COMMENT_WIDTH, _LINE_HEIGHT = 320, 18
A4, TITLE_HEIGHT, LINE_HEIGHT, MOST_LINES = 9, 24, 15, 12
_WIDTHS = (14, 9, 34, 16, 28, 16, 60)
_KINDS = frozenset({Kind.XLSX, Kind.XLSM})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one cell: ``kind`` is accepted, refused, clash or asked; ``record`` and ``field`` are words."""

    sheet: str
    cell: str
    kind: str
    text: str
    record: str = ""
    field: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the answer says: verdicts on cells and sentences about the whole workbook."""

    verdicts: Sequence[Verdict]
    remarks: Sequence[str] = ()
    title: str = ""


def write_verdicts(book: Path, out: Path, answer: Answer) -> int:
    """Write the answer to ``book`` as ``out`` and return the number of cells that bear a verdict.

    Raises :class:`InputError`: ``answer_over_itself``, ``answer_needs_xlsx``, ``answer_unopenable``, and what
    :func:`replace_archive` raises.
    """
    if out.exists() and out.samefile(book):
        raise InputError("answer_over_itself", where=Where(file=out.name))
    if out.suffix.lower() != ".xlsx" or identify(book) not in _KINDS:
        raise InputError(
            "answer_needs_xlsx", where=Where(file=book.name if out.suffix.lower() == ".xlsx" else out.name)
        )
    with replace_archive(out) as stream:
        try:
            marked = _write_by_parts(book, stream, answer)
        except UnusualSheetError:
            stream.seek(0)
            stream.truncate()
            marked = _write_whole(book, stream, answer, book)
    return marked


def _write_by_parts(book: Path, stream: IO[bytes], answer: Answer) -> int:
    """Mark a workbook of which only the cells that get a mark are held in memory."""
    wanted: dict[str, set[str]] = {}
    for verdict in answer.verdicts:
        wanted.setdefault(verdict.sheet, set()).add(verdict.cell)
    with tempfile.TemporaryDirectory(prefix="bri-desktop-") as folder:
        thin, marked = Path(folder, "thin.xlsx"), Path(folder, "marked.xlsx")
        chosen = write_skeleton(book, thin, wanted)
        with marked.open("wb") as own:
            count = _write_whole(thin, own, answer, book)
        write_filled(book, marked, stream, chosen, _SUMMARIES)
    return count


def _write_whole(source: Path, stream: IO[bytes], answer: Answer, book: Path) -> int:
    """Write ``source``, which was made of ``book``, with the answer in it; return the number of marked cells."""
    workbook = _opened(source, book)
    _take_off(workbook)
    count = _mark(workbook, answer.verdicts)
    _summarise(workbook, answer)
    _save(workbook, stream, book)
    return count


def summary_title() -> str:
    """Return the name of the summary sheet in the chosen language."""
    return tr("Summary of verdicts")


def _opened(source: Path, book: Path) -> Any:
    import openpyxl

    try:
        workbook = openpyxl.load_workbook(source)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        zipfile.BadZipFile,
        SyntaxError,
    ) as error:
        raise InputError("answer_unopenable", where=Where(file=book.name)) from error
    if not workbook.worksheets:
        raise InputError("answer_unopenable", where=Where(file=book.name))
    return workbook


def _save(workbook: Any, stream: IO[bytes], book: Path) -> None:
    try:
        workbook.save(stream)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("answer_unopenable", where=Where(file=book.name)) from error


def _take_off(workbook: Any) -> None:
    """Remove the comments, colours and summary of an earlier answer."""
    from openpyxl.styles import PatternFill

    for name in _SUMMARIES:
        if name in workbook.sheetnames:
            del workbook[name]
    for sheet in workbook.worksheets:
        # Walking through the rows would make a cell in every place between the outermost ones.
        for cell in list(sheet._cells.values()):
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                if cell.fill.fgColor.rgb in COLOURS.values():
                    cell.fill = PatternFill()


_SUMMARIES = ("回执汇总", "Summary of verdicts")
"""The summary sheet in either language."""


def _mark(workbook: Any, verdicts: Sequence[Verdict]) -> int:
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fills = {kind: PatternFill("solid", fgColor=colour) for kind, colour in COLOURS.items()}
    marked: set[tuple[str, str]] = set()
    for verdict in verdicts:
        if verdict.sheet not in workbook.sheetnames:
            continue
        cell = workbook[verdict.sheet][verdict.cell]
        if isinstance(cell, MergedCell) or (verdict.sheet, verdict.cell) in marked:
            continue
        before = "" if cell.comment is None else f"{cell.comment.text}\n"
        comment = Comment(f"{before}{verdict.text}", AUTHOR)
        comment.width, comment.height = _COMMENT_WIDTH, _LINE_HEIGHT * (2 + len(comment.text) // 24)
        cell.comment = comment
        cell.fill = copy(fills[verdict.kind])
        marked.add((verdict.sheet, verdict.cell))
    return len(marked)


# -- the summary ------------------------------------------------------------------------------------------------


def kind_label(kind: str) -> str:
    """Return the word for a verdict in the chosen language."""
    words: Mapping[str, Callable[[], str]] = {
        ACCEPTED: lambda: tr("Accepted"),
        REFUSED: lambda: tr("Not accepted"),
        CLASH: lambda: tr("Different on both sides"),
        ASKED: lambda: tr("To be confirmed"),
    }
    return words[kind]()


def _summarise(workbook: Any, answer: Answer) -> None:
    """Put the summary in front: how many of each verdict, what concerns the whole, every cell that waits."""
    sheet = workbook.create_sheet(summary_title(), 0)
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False
    waiting = [verdict for verdict in answer.verdicts if verdict.kind != ACCEPTED][:MOST_LISTED]
    above = list(_head_lines(answer))
    head = len(above) + 1
    heads = (
        tr("Sheet"),
        tr("Cell"),
        field_label("title"),
        tr("Column"),
        tr("Filled in"),
        tr("Verdict"),
        tr("What to do"),
    )
    _write_lines(sheet, [*above, heads, *map(_line, waiting)], head)
    _colour(sheet, waiting, head)
    for place, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[column_letter(place)].width = width
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    _for_print(sheet, head)


def _for_print(sheet: Any, head: int) -> None:
    """Let the summary be printed across A4, its heads on each page, and give the title the room it needs."""
    sheet.row_dimensions[1].height = TITLE_HEIGHT
    for number in range(head + 1, sheet.max_row + 1):
        texts = (str(sheet.cell(number, place).value or "") for place in range(1, len(_WIDTHS) + 1))
        lines = (-(-2 * len(text) // width) for text, width in zip(texts, _WIDTHS, strict=True))
        sheet.row_dimensions[number].height = LINE_HEIGHT * max(1, min(MOST_LINES, max(lines)))
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_title_rows = f"{head}:{head}"


def _head_lines(answer: Answer) -> Iterator[tuple[str, ...]]:
    counts = Counter(verdict.kind for verdict in answer.verdicts)
    yield (answer.title or summary_title(),)
    yield from ((kind_label(kind), str(counts[kind])) for kind in COLOURS)
    yield from ((remark,) for remark in answer.remarks)
    yield (tr("Correct the coloured cells and send this workbook back; leave the rest as it is."),)
    yield ()


def _line(verdict: Verdict) -> tuple[str, ...]:
    words = (verdict.record, verdict.field, verdict.written[:200], kind_label(verdict.kind), verdict.text)
    return verdict.sheet, verdict.cell, *words


def _write_lines(sheet: Any, lines: Sequence[tuple[str, ...]], head: int) -> None:
    """Write every cell as text, whatever it begins with."""
    from openpyxl.styles import Alignment, Font

    for number, line in enumerate(lines, 1):
        for place, text in enumerate(line, 1):
            cell = sheet.cell(number, place)
            cell.value, cell.data_type = _safe(text), "s"
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=number >= head, vertical="top")
            if number in (1, head):
                cell.font = Font(bold=True, size=14 if number == 1 else 11)


def _colour(sheet: Any, waiting: Sequence[Verdict], head: int) -> None:
    from openpyxl.styles import PatternFill

    for number, colour in enumerate(COLOURS.values(), 2):
        sheet.cell(number, 1).fill = PatternFill("solid", fgColor=colour)
    for number, verdict in enumerate(waiting, head + 1):
        sheet.cell(number, 6).fill = PatternFill("solid", fgColor=COLOURS[verdict.kind])
        name = verdict.sheet.replace("'", "''")
        sheet.cell(number, 2).hyperlink = f"#'{name}'!{verdict.cell}"


def _safe(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[:32_000]
