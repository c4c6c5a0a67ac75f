"""The weights of the profile and of the city index: edited together until they add up to 100, or set back."""

from collections.abc import Mapping

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from bri_desktop.i18n import language, tr
from bri_desktop.services.measure_registry import WeightGroup
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.tokens import Size, Space

CLOSE = 0.005
WIDTH = 64


class WeightEditor(QFrame):
    """One group of weights; ``saved`` gives its name and the weights."""

    saved = Signal(str, object)

    def __init__(self, group: WeightGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = group
        self.boxes: dict[str, QLineEdit] = {}
        self._allowed = QDoubleValidator(0.0, 100.0, 2, self)
        self._allowed.setLocale(QLocale.c())
        self.total = buttons.label("", "hint")
        self.save_button = buttons.button(tr("Save weights"), self._save, kind=buttons.SMALL)
        self.default_button = buttons.button(tr("Defaults"), self.set_defaults, kind=buttons.SMALL)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.INSIDE)
        column.addWidget(buttons.label(group_name(group.name), "section"))
        column.addLayout(self._grid())
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(Space.BETWEEN)
        foot.addWidget(self.total, 1)
        foot.addWidget(self.default_button)
        foot.addWidget(self.save_button)
        column.addLayout(foot)
        self._judge()

    def weights(self) -> dict[str, float]:
        """Return what is written."""
        return {code: _number(box.text()) for code, box in self.boxes.items()}

    def set_defaults(self) -> None:
        """Write the weights that the group comes with; they are stored with 保存."""
        for code, _, _, _, default in self.group.parts:
            self.boxes[code].setText(f"{default:g}")

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.BETWEEN)
        grid.setVerticalSpacing(Space.INSIDE)
        grid.setColumnStretch(0, 1)
        for row, (code, zh, en, weight, _) in enumerate(self.group.parts):
            name = profile_part(code) if self.group.name == "profile" else zh if language() == "zh_CN" else en
            box = QLineEdit(f"{weight:g}")
            box.setValidator(self._allowed)
            box.setFixedSize(WIDTH, Size.CONTROL)
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            box.setAccessibleName(f"{name} %")
            box.textChanged.connect(lambda _text: self._judge())
            self.boxes[code] = box
            grid.addWidget(buttons.label(name), row, 0)
            grid.addWidget(box, row, 1)
            grid.addWidget(buttons.label("%", "hint"), row, 2)
        return grid

    def _judge(self) -> None:
        total = sum(self.weights().values())
        is_whole = abs(total - 100) < CLOSE
        stored = {part[0]: part[3] for part in self.group.parts}
        is_other = any(abs(stored[code] - value) > CLOSE for code, value in self.weights().items())
        self.save_button.setEnabled(is_whole and is_other)
        said = tr("Together 100%") if is_whole else tr("Together {total}%, must be 100%", total=f"{total:g}")
        self.total.setText(said)
        self.total.setProperty("kind", "hint" if is_whole else "problem")
        buttons.restyle(self.total)

    def _save(self) -> None:
        self.saved.emit(self.group.name, self.weights())


def _number(text: str) -> float:
    """Return what is written in a field; what is not a number yet counts as nothing."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def group_name(name: str) -> str:
    """Return the name of a group of weights."""
    names: Mapping[str, str] = {
        "profile": tr("Profile of a tie"),
        "development": tr("Development index"),
        "potential": tr("Potential index"),
    }
    return names[name]


def profile_part(code: str) -> str:
    """Return the name of a part of the profile of a tie."""
    names: Mapping[str, str] = {
        "length": tr("Length"),
        "breadth": tr("Breadth"),
        "depth": tr("Depth"),
        "warmth": tr("Warmth"),
        "frequency": tr("Frequency"),
    }
    return names[code]
