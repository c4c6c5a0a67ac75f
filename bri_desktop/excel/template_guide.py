"""The two pages that travel in every issued workbook: what a department does with it, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bri_desktop.excel.issued_layout import OUTCOMES, PROJECTS, sheet_title
from bri_desktop.excel.template_text import FONT, write_text
from bri_desktop.i18n import tr

WIDTHS = (5, 16, 36, 28)
LINE = 17
_LAST = len(WIDTHS) - 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guide says of this one workbook; absent facts are left out."""

    issue: str
    department: str
    issued_at: str
    due: str | None = None
    rows: int = 0
    sender: str = ""
    contact: str = ""
    has_outcomes: bool = True


Line = tuple[str, tuple[str, ...]]
"""A kind (title, fact, warning, heading, step, head, row, break) and its texts."""


def guide_lines(facts: Facts) -> Iterator[Line]:
    """Give the lines of the guide."""
    yield "title", (tr("Projects of international city cooperation: how to fill in"),)
    yield from _facts(facts)
    yield "warning", (tr("Nothing classified may be entered. This workbook is not for state secrets."),)
    yield from _steps(facts)
    yield from _columns()
    yield "break", ()
    yield from _new_rows(facts)
    yield from _do_not()
    yield from _questions()


def _facts(facts: Facts) -> Iterator[Line]:
    due = facts.due or tr("none set")
    yield "fact", (tr("Issue number"), facts.issue, tr("To be filled in by"), facts.department)
    yield "fact", (tr("Issued on"), facts.issued_at, tr("To be returned by"), due)
    count = tr("{count} projects", count=f"{facts.rows:,}")
    yield "fact", (tr("In the table"), count, tr("Contact"), _contact(facts))


def _contact(facts: Facts) -> str:
    return "  ".join(part for part in (facts.sender, facts.contact) if part) or tr("the office that sent it")


def _steps(facts: Facts) -> Iterator[Line]:
    yield "heading", (tr("1. What to do"),)
    steps = [
        tr(
            "Open this file with WPS or Excel and go to the sheet “{sheet}”. Keep it an .xlsx workbook.",
            sheet=sheet_title(PROJECTS),
        ),
        tr("Check every row. What is right stays as it is; what has changed you overwrite in its cell."),
        tr("Fill in what is empty and known to you. What you do not know stays empty; do not write “none” or “/”."),
        tr("New projects go below the last row, one row a project. 200 rows are prepared; more may be added."),
    ]
    if facts.has_outcomes:
        countable = tr("Results that can be counted (contracts, trainees, amounts) go into the sheet “{sheet}”.",
                       sheet=sheet_title(OUTCOMES))  # fmt: skip
        steps.append(countable)
    steps.append(tr("Save and send the whole file back to the office before the due date. Do not rename sheets."))
    for number, step in enumerate(steps, 1):
        yield "step", (f"{number}.", step)


def _columns() -> Iterator[Line]:
    yield "heading", (tr("2. How to write it"),)
    yield "head", (tr("Column"), tr("How"), tr("For example"))
    yield "row", (tr("Blue header with *"), tr("Must be filled in."), "")
    yield "row", (tr("Grey cells"), tr("For information; changes there are not taken over."), "")
    dates = tr("Year, month and day as far as known; do not invent a day.")
    yield "row", (tr("Dates"), dates, tr("2017-05-17, 2017-05 or 2017"))
    money = tr("A number in units of the currency, which goes into the next column; or write the unit with it.")
    yield "row", (tr("Amounts"), money, tr("18000000, or 1800万元"))
    yield "row", (tr("Columns with a list"), tr("Choose from the list at the right of the cell."), tr("Status, mode"))
    several = tr("Several values in one cell are parted by a semicolon.")
    yield "row", (tr("Several values"), several, tr("Haikou；Sanya"))
    places = tr("Full names; where a place is not in the list you may write it nevertheless.")
    yield "row", (tr("Cities"), places, tr("Hradec Králové; country: Czechia"))
    yield "row", (tr("To take something out"), tr("Empty the cell. The office will ask before it is deleted."), "")


def _new_rows(facts: Facts) -> Iterator[Line]:
    yield "heading", (tr("3. New projects and results") if facts.has_outcomes else tr("3. New projects"),)
    yield "step", ("·", tr("A new project needs at least its title, its mode and its cities; leave the code empty."))
    yield "step", ("·", tr("Do not copy an old row to make a new one: write it in an empty row."))
    if facts.has_outcomes:
        by_code = tr("In the sheet “{sheet}” each row is one result; write the code of its project into column B.",
                     sheet=sheet_title(OUTCOMES))  # fmt: skip
        yield "step", ("·", by_code)
        new = tr("For a new project, which has no code yet, leave column B empty and write its title into column C.")
        yield "step", ("·", new)


def _do_not() -> Iterator[Line]:
    yield "heading", (tr("4. Please do not"),)
    for text in (
        tr("sort a single column: sort the whole table by the arrows in the header row;"),
        tr("insert, delete, move or hide columns, or change the headers;"),
        tr("shift cells up or down, merge cells, or paste over several columns without checking the rows;"),
        tr("delete rows of projects that ended or do not exist: set their status, or say so in the note;"),
        tr("hand the table on as a picture, a PDF or a CSV file."),
    ):
        yield "step", ("×", text)
    yield "step", ("·", tr("If it happened all the same: send the file as it is. The office will see it and ask."))


def _questions() -> Iterator[Line]:
    yield "heading", (tr("5. What happens then"),)
    for text in (
        tr("Your file is compared with what was sent, cell by cell. Only what you changed is taken over."),
        tr("What is unclear comes back to you as a return workbook: green is taken over, red is not, with the reason."),
        tr("Correct the red cells in that file and send it again. Sending something twice does no harm."),
        tr("Files of an earlier issue number are still recognised; please use the newest one."),
    ):
        yield "step", ("·", text)


def draw_guide(book: Any, sheet: Any, facts: Facts) -> None:
    """Write the guide as two A4 pages."""
    formats = _formats(book)
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    row, breaks = 0, []
    for kind, texts in guide_lines(facts):
        if kind == "break":
            breaks.append(row)
            continue
        _draw_line(sheet, row, kind, texts, formats)
        row += 1
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.set_h_pagebreaks(breaks)
    sheet.print_area(0, 0, row - 1, _LAST)
    sheet.set_footer(f"&C{facts.issue}  &P / &N")


def _formats(book: Any) -> dict[str, Any]:
    plain = FONT | {"valign": "vcenter", "text_wrap": True, "font_size": 11, "num_format": "@"}
    boxed = plain | {"border": 1, "border_color": "#BFC6CF"}
    kinds = {
        "title": FONT | {"bold": True, "font_size": 16, "valign": "vcenter", "align": "center"},
        "label": boxed | {"bg_color": "#EEF1F4", "font_color": "#566070"},
        "fact": boxed | {"bold": True},
        "warning": plain | {"bold": True, "font_color": "#B3261E", "bg_color": "#FCEBE9", "align": "center"},
        "heading": FONT | {"bold": True, "font_size": 12, "valign": "bottom", "font_color": "#1D5C9E"},
        "mark": plain | {"align": "center", "valign": "top"},
        "step": plain | {"valign": "top"},
        "head": boxed | {"bold": True, "bg_color": "#E6EDF5"},
        "row": boxed,
    }
    return {kind: book.add_format(wanted) for kind, wanted in kinds.items()}


def _draw_line(sheet: Any, row: int, kind: str, texts: tuple[str, ...], formats: dict[str, Any]) -> None:
    match kind:
        case "fact":
            sheet.set_row(row, 22)
            sheet.merge_range(row, 0, row, 1, "", formats["label"])
            write_text(sheet, row, 0, f"{texts[0]}{tr(': ')}{texts[1]}", formats["fact"])
            sheet.merge_range(row, 2, row, _LAST, "", formats["fact"])
            write_text(sheet, row, 2, f"{texts[2]}{tr(': ')}{texts[3]}", formats["fact"])
        case "step":
            sheet.set_row(row, _height(texts[1], sum(WIDTHS[1:])))
            write_text(sheet, row, 0, texts[0], formats["mark"])
            sheet.merge_range(row, 1, row, _LAST, "", formats["step"])
            write_text(sheet, row, 1, texts[1], formats["step"])
        case "head" | "row":
            sheet.set_row(row, max(_height(texts[1], WIDTHS[2]), _height(texts[2], WIDTHS[3])) + 3)
            sheet.merge_range(row, 0, row, 1, "", formats[kind])
            for column, text in zip((0, 2, 3), texts, strict=True):
                write_text(sheet, row, column, text, formats[kind])
        case _:
            sheet.set_row(row, {"title": 36, "warning": 28, "heading": 28}[kind])
            sheet.merge_range(row, 0, row, _LAST, "", formats[kind])
            write_text(sheet, row, 0, texts[0], formats[kind])


def _height(text: str, width: int) -> float:
    """Return the height of a wrapped text of 11 points: a Chinese character is as wide as two others."""
    units = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return LINE * max(1, -(-units // width))
