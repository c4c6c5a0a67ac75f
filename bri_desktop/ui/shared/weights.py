"""The weights of the profile and of the city index: edited together until they add up to 100, or set back."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from bri_desktop.i18n import language, tr
from bri_desktop.label_measure_lists import profile_part
from bri_desktop.services.measure_registry import WeightGroup
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.tokens import Size, Space

WHOLE, CLOSE = 100.0, 0.005
WIDTH = 64


class WeightEditor(QFrame):
    """One group of weights; ``saved`` gives its name and the weights.

    ``in_row``: all beside one another without a foot, for a form that has one; ``judged`` says that it may look again.
    """

    saved = Signal(str, object)
    judged = Signal()

    def __init__(self, group: WeightGroup, parent: QWidget | None = None, *, in_row: bool = False) -> None:
        super().__init__(parent)
        self.group = group
        self.boxes: dict[str, QLineEdit] = {}
        self._allowed = QDoubleValidator(0.0, WHOLE, 2, self)
        self._allowed.setLocale(QLocale.c())
        self.total = buttons.label("", "hint")
        self.save_button = buttons.button(tr("Save weights"), self._save, kind=buttons.SMALL)
        self.default_button = buttons.button(tr("Defaults"), self.set_defaults, kind=buttons.SMALL)
        if in_row:
            self._make_row()
        else:
            self._make_column()
        self._judge()

    def _make_column(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.INSIDE)
        column.addWidget(buttons.label(group_name(self.group.name), "section"))
        column.addLayout(self._grid())
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(Space.BETWEEN)
        foot.addWidget(self.total, 1)
        foot.addWidget(self.default_button)
        foot.addWidget(self.save_button)
        column.addLayout(foot)

    def _make_row(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.BETWEEN)
        for name, box in self._parts():
            row.addWidget(buttons.label(name))
            row.addWidget(box)
            row.addWidget(buttons.label("%", "hint"))
            row.addSpacing(Space.SECTION)
        row.addWidget(self.default_button)
        row.addStretch(1)

    def weights(self) -> dict[str, float]:
        """Return what is written."""
        return {code: _number(box.text()) for code, box in self.boxes.items()}

    def set_defaults(self) -> None:
        """Write the weights that the group comes with; they are stored with 保存."""
        for code, _, _, _, default in self.group.parts:
            self.boxes[code].setText(f"{default:g}")

    def may_be_stored(self) -> bool:
        """Tell whether they add up to 100 and are not those that are stored."""
        stored = {part[0]: part[3] for part in self.group.parts}
        is_other = any(abs(stored[code] - value) > CLOSE for code, value in self.weights().items())
        return is_other and not self.problem()

    def problem(self) -> str:
        """Return what is wrong with the weights, or nothing."""
        total = sum(self.weights().values())
        return "" if abs(total - WHOLE) < CLOSE else tr("Together {total}%, must be 100%", total=f"{total:g}")

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.BETWEEN)
        grid.setVerticalSpacing(Space.INSIDE)
        grid.setColumnStretch(0, 1)
        for row, (name, box) in enumerate(self._parts()):
            grid.addWidget(buttons.label(name), row, 0)
            grid.addWidget(box, row, 1)
            grid.addWidget(buttons.label("%", "hint"), row, 2)
        return grid

    def _parts(self) -> Iterator[tuple[str, QLineEdit]]:
        for code, zh, en, weight, _ in self.group.parts:
            name = profile_part(code) if self.group.name == "profile" else zh if language() == "zh_CN" else en
            box = QLineEdit(f"{weight:g}")
            box.setValidator(self._allowed)
            box.setFixedSize(WIDTH, Size.CONTROL)
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            box.setAccessibleName(f"{name} %")
            box.textChanged.connect(lambda _text: self._judge())
            self.boxes[code] = box
            yield name, box

    def _judge(self) -> None:
        problem = self.problem()
        self.save_button.setEnabled(self.may_be_stored())
        self.total.setText(problem or tr("Together 100%"))
        self.total.setProperty("kind", "problem" if problem else "hint")
        buttons.restyle(self.total)
        self.judged.emit()

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
