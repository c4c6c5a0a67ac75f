"""What pages show taken out of the window: copied, saved as a picture or a workbook with its chart, printed on A4."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPixmap, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QMenu, QWidget

from bri_desktop.analysis.model import StatsResult
from bri_desktop.domain.errors import UserError, Where
from bri_desktop.i18n import tr
from bri_desktop.labels import error_sentence
from bri_desktop.services.tables_out import FigureSheet, NativeChart, write_table
from bri_desktop.ui import dialogs
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.shared.cells import ABSENT
from bri_desktop.ui.shared.figure_picture import picture_bytes, save_picture
from bri_desktop.ui.shared.printing import drawn, drawn_on_paper, on_paper, paper_font, print_picture, sheet

Cell = str | float | None
EXACT = 1_000
FORBIDDEN = '\\/:*?"<>|'
"""What no file name can hold."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What can be taken out: its title and note, its table, the native chart of it, and the widget that shows it.

    With a ``result`` the picture is drawn anew for paper; else it is the widget, as it is shown. Without ``heads``
    there is no table. ``more`` are the other tables on a page, which go into the same workbook.
    """

    title: str
    note: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    chart: NativeChart | None
    widget: QWidget
    result: StatsResult | None = None
    top: int = 15
    more: Sequence["Shown"] = ()

    def sheets(self) -> list[FigureSheet]:
        """Return the other tables as sheets of a workbook."""
        return [FigureSheet(one.title, one.heads, one.rows, one.chart) for one in self.more]


def table_text(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a table as a spreadsheet takes it from the clipboard."""
    lines = ["\t".join(heads), *("\t".join(cell_text(cell) for cell in row) for row in rows)]
    return "\n".join(lines) + "\n"


def cell_text(cell: Cell) -> str:
    """Return a value as text; numbers with at most four decimals, an absent one empty."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else f"{round(cell, 4):.10g}"


def table_html(title: str, note: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a table for the printer; the head comes again on every sheet."""
    sides = [_side(column, rows) for column in range(len(heads))]
    head = "".join(f"<th align='{side}'>{escape(text)}</th>" for side, text in zip(sides, heads, strict=True))
    body = "".join(
        "<tr>" + "".join(
            f"<td align='{side}'>{escape(printed(cell))}</td>" for side, cell in zip(sides, row, strict=True)
        ) + "</tr>"
        for row in rows
    )  # fmt: skip
    table = "<table width='100%' cellpadding='3' border='1' cellspacing='0' style='border-collapse: collapse'>"
    return f"<h3>{escape(title)}</h3><p>{escape(note)}</p>{table}<thead><tr>{head}</tr></thead>{body}</table>"


def _side(column: int, rows: Sequence[Sequence[Cell]]) -> str:
    """Return on which side a column stands: numbers at the right."""
    return "right" if any(isinstance(row[column], float | int) for row in rows) else "left"


def printed(cell: Cell) -> str:
    """Return a value as it is printed: numbers with four digits that count, an absent one as a dash."""
    if cell is None:
        return ABSENT
    if isinstance(cell, str) or abs(cell) >= EXACT or cell == round(cell):
        return cell if isinstance(cell, str) else f"{cell:,.0f}"
    return f"{cell:.4g}"


def draw_svg(widget: QWidget, title: str, path: Path) -> None:
    """Draw a widget as SVG; ``UserError`` ``file_unwritable`` where that cannot be."""
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setTitle(title)
    generator.setSize(QSize(widget.width(), widget.height()))
    generator.setViewBox(widget.rect())
    painter = QPainter()
    if not painter.begin(generator):
        raise UserError("file_unwritable", where=Where(file=path.name))
    widget.render(painter, QPoint())
    painter.end()


def _with_part(act: Callable[[Shown], object], shown: Callable[[], Shown | None]) -> Callable[[], None]:
    """Return what does something with a part, where there is one."""

    def done() -> None:
        part = shown()
        if part is not None:
            act(part)

    return done


class TakingOut(QObject):
    """The acts of the export menu; ``current`` gives what the page shows, ``parts`` further pictures by name."""

    saved = Signal(str)
    """What was written where, for the status bar."""

    def __init__(
        self,
        page: QWidget,
        runner: Runner,
        current: Callable[[], Shown | None],
        parts: Sequence[tuple[str, Callable[[], Shown | None]]],
    ) -> None:
        super().__init__(page)
        self._page, self._runner, self._current = page, runner, current
        self.menu = QMenu(page)
        self.menu.addAction(tr("Copy table"), self.copy_table)
        self.menu.addAction(tr("Table as Excel…"), self.save_table)
        self.menu.addAction(tr("Print table…"), self.print_table)
        self.menu.addSeparator()
        self.menu.addAction(tr("Copy picture"), self.copy_picture)
        self.menu.addAction(tr("Picture as PNG…"), partial(self.save_picture, "png"))
        self.menu.addAction(tr("Picture as SVG…"), partial(self.save_picture, "svg"))
        self.menu.addAction(tr("Print picture…"), self.print_picture)
        self.menu.addSeparator()
        self._parts: list[QMenu] = []
        self.set_parts(parts)

    def set_parts(self, parts: Sequence[tuple[str, Callable[[], Shown | None]]]) -> None:
        """Offer other pictures by name, those of the page that is shown now."""
        for menu in self._parts:
            self.menu.removeAction(menu.menuAction())
            menu.deleteLater()
        self._parts = [self.menu.addMenu(name) for name, _ in parts]
        for menu, (_, shown) in zip(self._parts, parts, strict=True):
            self._add_part(menu, shown)

    def _add_part(self, menu: QMenu, shown: Callable[[], Shown | None]) -> None:
        acts: tuple[tuple[str, Callable[[Shown], object]], ...] = (
            (tr("Copy table"), self.copy_table),
            (tr("Copy picture"), self.copy_picture),
            (tr("Picture as PNG…"), partial(self.save_picture, "png")),
            (tr("Picture as SVG…"), partial(self.save_picture, "svg")),
            (tr("Table as Excel…"), self.save_table),
            (tr("Print…"), self.print_picture),
        )
        for text, act in acts:
            menu.addAction(text, _with_part(act, shown))

    def copy_table(self, part: Shown | None = None) -> None:
        """Put the table on the clipboard, for a spreadsheet."""
        shown = part or self._current()
        if shown is not None and shown.heads:
            QGuiApplication.clipboard().setText(table_text(shown.heads, shown.rows))

    def copy_picture(self, part: Shown | None = None) -> None:
        """Put the picture on the clipboard, when it is drawn."""
        shown = part or self._current()
        if shown is None:
            return
        if shown.result is None:
            QGuiApplication.clipboard().setImage(drawn(shown.widget))
            return

        def arrived(png: bytes) -> None:
            QGuiApplication.clipboard().setImage(QImage.fromData(png))

        self._runner.compute(
            picture_bytes, shown.result, shown.title, shown.note, shown.top, done=arrived, initiator=self._page
        )

    def save_table(self, part: Shown | None = None) -> None:
        """Ask for a place and write the table there."""
        shown = part or self._current()
        path = self._ask_path("xlsx", shown) if shown is not None and shown.heads else None
        if shown is None or path is None:
            return
        self._runner.compute(
            write_table,
            path,
            shown.title,
            shown.heads,
            shown.rows,
            shown.chart,
            shown.sheets(),
            done=self._on_saved,
            initiator=self._page,
        )

    def save_picture(self, kind: str, part: Shown | None = None) -> None:
        """Ask for a place and draw the picture there."""
        shown = part or self._current()
        path = self._ask_path(kind, shown)
        if shown is None or path is None:
            return
        if shown.result is None:
            self._save_widget(shown, path)
            return
        self._runner.compute(
            save_picture,
            shown.result,
            shown.title,
            shown.note,
            path,
            shown.top,
            done=self._on_saved,
            initiator=self._page,
        )

    def print_picture(self, part: Shown | None = None) -> None:
        """Print the picture on one sheet."""
        shown = part or self._current()
        if shown is not None:
            print_picture(self._page, drawn_on_paper(shown.widget), shown.title)

    def print_table(self) -> None:
        """Print the whole table on as many sheets as it needs."""
        shown = self._current()
        if shown is None or not shown.heads:
            return
        printer = sheet(wide=len(shown.heads) > 7, margin=0.0)
        dialog = QPrintDialog(printer, self._page)
        dialog.setWindowTitle(tr("Print"))
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.document(shown).print_(printer)

    def document(self, shown: Shown) -> QTextDocument:
        """Return the table as it is printed."""
        document = QTextDocument()
        document.setDefaultFont(paper_font())
        document.setHtml(table_html(shown.title, shown.note, shown.heads, shown.rows))
        return document

    def _save_widget(self, shown: Shown, path: Path) -> None:
        try:
            if path.suffix.lower() == ".svg":
                on_paper(lambda: draw_svg(shown.widget, shown.title, path))
            else:
                if not QPixmap.fromImage(drawn_on_paper(shown.widget)).save(str(path)):
                    raise UserError("file_unwritable", where=Where(file=path.name))
        except UserError as error:
            dialogs.tell(self._page, error_sentence(error))
        else:
            self._on_saved(path)

    def _ask_path(self, kind: str, shown: Shown | None) -> Path | None:
        if shown is None:
            return None
        name = "".join(" " if sign in FORBIDDEN else sign for sign in shown.title.replace(" · ", " "))
        path = dialogs.choose_save_file(
            self._page, tr("Save"), f"{kind.upper()} (*.{kind})", suggestion=Path(f"{name}.{kind}")
        )
        if path is None or path.suffix.lower() == f".{kind}":
            return path
        return path.with_name(f"{path.name}.{kind}")

    def _on_saved(self, path: Path) -> None:
        self.saved.emit(tr("Saved: {file}", file=path.name))
