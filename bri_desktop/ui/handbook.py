"""The offline handbook: a window of its own beside the program, opened by F1 at the page in question, searchable."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QKeySequence,
    QShortcut,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from bri_desktop import i18n, paths
from bri_desktop.i18n import tr
from bri_desktop.ui.shared.tokens import Space, colours

ORDER = (
    *("start", "agenda", "projects", "cities", "approvals", "exchange", "statistics", "diagnosis", "year"),
    *("preferences", "keys", "departments", "commands"),
)
WIDTH, HEIGHT, LIST_WIDTH = 940, 680, 200
PICTURE_WIDTH = 640
LINE_PERCENT = 125
CODE = Qt.ItemDataRole.UserRole


def folder(language: str) -> Path:
    """Return where the pages of a language lie; English ones where it has none."""
    found = paths.resources() / "handbook" / language
    return found if found.is_dir() else paths.resources() / "handbook" / "en"


def read_pages(language: str) -> dict[str, str]:
    """Return the pages in their order, code -> Markdown."""
    place = folder(language)
    return {code: (place / f"{code}.md").read_text(encoding="utf-8") for code in ORDER}


def title_of(page: str) -> str:
    """Return the heading of a page."""
    return page.partition("\n")[0].removeprefix("# ").strip()


class Handbook(QWidget):
    """Titles at the left, found by what they hold; the page at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Handbook"))
        self.resize(WIDTH, HEIGHT)
        self._pages: Mapping[str, str] = read_pages(i18n.language())
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search the handbook"))
        self.search.setAccessibleName(tr("Search the handbook"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Pages of the handbook"))
        self.list.setSpacing(Space.INSIDE // 2)
        self.list.currentItemChanged.connect(self._on_chosen)
        self.text = _PageView(folder(i18n.language()))
        self.text.setAccessibleName(tr("Handbook"))
        self._lay_out()
        self._on_search("")
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.search.setFocus)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(Space.BETWEEN)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        side = QWidget()
        side.setFixedWidth(LIST_WIDTH)
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.SECTION, Space.SECTION, Space.SECTION, Space.SECTION)
        row.setSpacing(Space.SECTION)
        row.addWidget(side)
        row.addWidget(self.text, 1)

    def show_page(self, code: str) -> None:
        """Show the page about a page of the window; the first one for an unknown code."""
        self.search.clear()
        wanted = code if code in self._pages else ORDER[0]
        for row in range(self.list.count()):
            if self.list.item(row).data(CODE) == wanted:
                self.list.setCurrentRow(row)
        self.show()
        self.raise_()
        self.activateWindow()

    def shown_codes(self) -> list[str]:
        """Return the codes of the pages that the search has found."""
        return [self.list.item(row).data(CODE) for row in range(self.list.count())]

    def _on_search(self, text: str) -> None:
        words = text.casefold().split()
        self.list.clear()
        for code, page in self._pages.items():
            if all(word in page.casefold() for word in words):
                item = QListWidgetItem(title_of(page))
                item.setData(CODE, code)
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        if words:
            self.text.find(text)

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.text.setMarkdown(self._pages[item.data(CODE)])
            self.text.space_out()


class _PageView(QTextBrowser):
    """A page of Markdown; its pictures are drawn no wider than the text."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._place = place
        self.setOpenLinks(False)
        self.document().setDocumentMargin(Space.PAGE)

    def space_out(self) -> None:
        """Give paragraphs, headings, lists and tables the distances that Markdown does not have."""
        cursor = QTextCursor(self.document())
        block = self.document().begin()
        while block.isValid():
            cursor.setPosition(block.position())
            form = block.blockFormat()
            level = form.headingLevel()
            in_list, in_table = block.textList() is not None, cursor.currentTable() is not None
            form.setTopMargin(Space.PAGE if level > 1 else 0)
            form.setBottomMargin(Space.INSIDE if in_list or in_table else Space.SECTION if level else Space.BETWEEN)
            form.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor.setBlockFormat(form)
            block = block.next()
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                shape = frame.format()
                shape.setCellPadding(Space.INSIDE)
                shape.setBorderCollapse(True)
                shape.setBorder(1)
                shape.setBorderBrush(QBrush(QColor(colours().line)))
                shape.setBottomMargin(Space.SECTION)
                frame.setFormat(shape)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Return a picture of the handbook, in the width of the page."""
        path = self._place / QUrl(name).path() if isinstance(name, str) else self._place / name.path()
        if kind != QTextDocument.ResourceType.ImageResource.value or not path.is_file():
            return super().loadResource(kind, QUrl(name))
        ratio = self.devicePixelRatioF()
        made = QImage(str(path)).scaledToWidth(round(PICTURE_WIDTH * ratio), Qt.TransformationMode.SmoothTransformation)
        made.setDevicePixelRatio(ratio)
        return made
