"""提醒与规则: how far ahead the first page reminds, when a tie is dormant, what flags a city."""

from functools import partial
from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.labels import error_sentence, setting_label
from bri_desktop.services.office import (
    MOST_DAYS,
    LedgerSettings,
    default_settings,
    plain_settings,
    restore_defaults,
    save_setting,
)
from bri_desktop.services.pair_life import MOST_YEARS
from bri_desktop.services.statistics_options import LARGEST_THRESHOLD
from bri_desktop.ui.preferences.rows import Columns, SettingRow, section
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.tokens import Size

DAYS = ("expiring_days", "anniversary_days", "visit_days", "follow_up_days", "workbook_days", "approval_days")
LABEL_WIDTH = 264
COLUMN_WIDTH = 560
BOX_WIDTH = 64


class RulesPanel(QFrame):
    """The second tab of the settings; each value is stored as it is entered."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.context = context
        self.boxes: dict[str, QSpinBox | QDoubleSpinBox] = {}
        self.rows: dict[str, SettingRow] = {}
        self._defaults = default_settings()
        self._values: dict[str, Any] = dict(self._defaults)
        for name in DAYS:
            self._add_box(name, _whole(int(name == "approval_days"), MOST_DAYS))
        self._add_box("dormant_years", _whole(1, MOST_YEARS))
        for name in ("concentrated", "dispersed"):
            self._add_box(name, _broken(LARGEST_THRESHOLD))
        self.every_five = QCheckBox(tr("every five years too"))
        self.every_five.clicked.connect(lambda checked: self._store("every_five", checked))
        self._add_row("every_five", tr("Anniversaries"), self.every_five)
        self.every_five.setAccessibleName(setting_label("every_five"))
        hints = {
            "expiring_days": tr("0 leaves a kind out."),
            "every_five": tr("Every ten years otherwise: the rules ask for restraint."),
            "dispersed": tr("Cities with fewer than 8 projects are never flagged."),
        }
        for name, hint in hints.items():
            self.rows[name].set_hint(hint)
        self._lay_out()

    def _lay_out(self) -> None:
        reminders = section(tr("Reminders of the workbench"), [self.rows[name] for name in DAYS])
        ties = section(tr("Ties"), [self.rows["dormant_years"], self.rows["every_five"]])
        cities = section(tr("Thresholds of cities"), [self.rows["concentrated"], self.rows["dispersed"]])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Columns(((reminders,), (ties, cities)), COLUMN_WIDTH))

    def show_ledger(self, found: LedgerSettings) -> None:
        """Show what is set in the ledger."""
        self._values = plain_settings(found)
        for name, box in self.boxes.items():
            box.blockSignals(True)
            box.setValue(self._values[name])
            box.blockSignals(False)
        self.every_five.setChecked(self._values["every_five"])
        for name, row in self.rows.items():
            row.say("")
            row.show_default(self._values[name] == self._defaults[name])

    def restore_defaults(self) -> None:
        """Set all of them back, in one act that can be taken back."""
        self.context.runner.write(restore_defaults, done=lambda _changes: None, initiator=self)

    def _add_box(self, name: str, box: QSpinBox | QDoubleSpinBox) -> None:
        self.boxes[name] = box
        box.valueChanged.connect(lambda value: self._store(name, value))
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(box)
        line.addStretch(1)
        self._add_row(name, setting_label(name), holder)
        holder.setFocusProxy(box)
        box.setAccessibleName(setting_label(name))

    def _add_row(self, name: str, text: str, control: QWidget) -> None:
        row = SettingRow(text, control, label_width=LABEL_WIDTH)
        row.default_wanted.connect(partial(self._store, name, self._defaults[name]))
        self.rows[name] = row

    def _store(self, name: str, value: Any) -> None:
        if value != self._values[name]:
            self.context.runner.write(
                save_setting, name, value, done=lambda _changes: None, failed=partial(self._on_refused, name),
                initiator=self,
            )  # fmt: skip

    def _on_refused(self, name: str, error: UserError) -> None:
        self.rows[name].say(error_sentence(error))


class _Whole(QSpinBox):
    """A whole number; the wheel scrolls the page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the number, so that typing replaces it."""
        super().focusInEvent(event)
        self.selectAll()


class _Broken(QDoubleSpinBox):
    """A number with two decimals; the wheel scrolls the page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


def _whole(least: int, most: int) -> QSpinBox:
    made = _Whole()
    made.setRange(least, most)
    _style(made)
    return made


def _broken(most: float) -> QDoubleSpinBox:
    made = _Broken()
    made.setRange(0.01, most)
    made.setSingleStep(0.05)
    made.setLocale(QLocale.c())
    _style(made)
    return made


def _style(box: QAbstractSpinBox) -> None:
    box.setKeyboardTracking(False)
    box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.setFixedSize(BOX_WIDTH, Size.CONTROL)
