"""Which ledger to work in: those opened lately, another file, a new one."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui import dialogs
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.tokens import Size, Space

WIDTH, HEIGHT = 620, 380
ENDING = ".briledger"


class LedgersDialog(QDialog):
    """Lists ``recent`` beside the one that is open; ``choose`` gets the ledger wanted."""

    def __init__(self, current: Path, recent: Sequence[Path], choose: Callable[[Path], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Ledgers"))
        self._choose = choose
        self._current = current
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Opened lately"))
        self.list.itemActivated.connect(lambda _item: self.open_selected())
        self._paths = [path for path in recent if path != current]
        for path in self._paths:
            item = QListWidgetItem(f"{path.name}    {path.parent}")
            item.setToolTip(str(path))
            item.setSizeHint(QSize(0, Size.ROW))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.open_button = buttons.button(tr("Open this ledger"), self.open_selected, kind=buttons.PRIMARY)
        self.open_button.setEnabled(bool(self._paths))
        self._lay_out()
        self.resize(WIDTH, HEIGHT)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(Space.PAGE,) * 4)
        column.setSpacing(Space.BETWEEN)
        column.addWidget(buttons.label(tr("Open now"), "section"))
        column.addWidget(buttons.label(str(self._current), wrap=True))
        column.addWidget(buttons.label(tr("Opened lately"), "section"))
        hint = tr("No other ledger was opened on this computer yet.")
        column.addWidget(self.list if self._paths else buttons.label(hint, "hint"), 1)
        row = QHBoxLayout()
        row.setSpacing(Space.BETWEEN)
        row.addWidget(buttons.button(tr("Open a file…"), self.open_file, icon="folder-open"))
        row.addWidget(buttons.button(tr("New ledger…"), self.make_new, icon="plus"))
        row.addStretch(1)
        row.addWidget(buttons.button(tr("Close"), self.reject))
        row.addWidget(self.open_button)
        column.addLayout(row)

    def open_selected(self) -> None:
        """Open the ledger chosen in the list."""
        row = self.list.currentRow()
        if 0 <= row < len(self._paths):
            self._go_to(self._paths[row])

    def open_file(self) -> None:
        """Open a ledger from anywhere."""
        filters = f"{tr('Ledgers')} (*{ENDING} *.db)"
        file = dialogs.choose_open_file(self, tr("Open a ledger"), filters, folder=self._current.parent)
        if file is not None:
            self._go_to(file)

    def make_new(self) -> None:
        """Begin a ledger at a place of the user's choice; one that is there already is opened as it is."""
        suggestion = self._current.parent / f"{tr('New ledger')}{ENDING}"
        file = dialogs.choose_save_file(self, tr("New ledger"), f"{tr('Ledgers')} (*{ENDING})", suggestion=suggestion)
        if file is not None:
            self._go_to(file if file.suffix else file.with_suffix(ENDING))

    def _go_to(self, ledger: Path) -> None:
        self.accept()
        self._choose(ledger)
