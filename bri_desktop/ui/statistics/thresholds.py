"""The thresholds by which a city is called over-concentrated or over-dispersed: set by the office, or set back."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from bri_desktop.analysis.portfolio import Thresholds
from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.tokens import Size, Space

WIDTH, LARGEST = 64, 200.0


class ThresholdEditor(QFrame):
    """Two numbers; ``saved`` gives them by name."""

    saved = Signal(object)

    def __init__(self, stored: Thresholds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stored = stored
        self.boxes: dict[str, QLineEdit] = {}
        allowed = QDoubleValidator(0.01, LARGEST, 2, self)
        allowed.setLocale(QLocale.c())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.INSIDE)
        column.addWidget(buttons.label(tr("Thresholds of cities"), "section"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.BETWEEN)
        grid.setVerticalSpacing(Space.INSIDE)
        grid.setColumnStretch(0, 1)
        names = {
            "concentrated": tr("Over-concentrated: effective countries at most"),
            "dispersed": tr("Over-dispersed: countries a project at least"),
        }
        for row, (code, name) in enumerate(names.items()):
            box = self.boxes[code] = QLineEdit(f"{getattr(stored, code):g}")
            box.setValidator(allowed)
            box.setFixedSize(WIDTH, Size.CONTROL)
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            box.setAccessibleName(name)
            box.textChanged.connect(lambda _text: self._judge())
            grid.addWidget(buttons.label(name, wrap=True), row, 0)
            grid.addWidget(box, row, 1)
        column.addLayout(grid)
        column.addWidget(buttons.label(tr("Cities with fewer than 8 projects are never flagged."), "hint", wrap=True))
        column.addStretch(1)
        self.save_button = buttons.button(tr("Save thresholds"), self._save, kind=buttons.SMALL)
        foot = QHBoxLayout()
        foot.setSpacing(Space.BETWEEN)
        foot.addStretch(1)
        foot.addWidget(buttons.button(tr("Defaults"), self.set_defaults, kind=buttons.SMALL))
        foot.addWidget(self.save_button)
        column.addLayout(foot)
        self._judge()

    def set_defaults(self) -> None:
        """Write the thresholds that the program comes with; they are stored with 保存."""
        for code, box in self.boxes.items():
            box.setText(f"{getattr(Thresholds(), code):g}")

    def _judge(self) -> None:
        is_whole = all(box.hasAcceptableInput() for box in self.boxes.values())
        is_other = is_whole and any(float(box.text()) != getattr(self.stored, c) for c, box in self.boxes.items())
        self.save_button.setEnabled(is_other)

    def _save(self) -> None:
        self.saved.emit({code: float(box.text()) for code, box in self.boxes.items()})
