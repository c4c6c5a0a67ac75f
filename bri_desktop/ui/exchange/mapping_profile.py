"""Profiles in the wizard: which one was applied, what the file has beyond it, and whether this layout is kept."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.profiles import Fit
from bri_desktop.ui.exchange.combo import Combo
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.panels import Band
from bri_desktop.ui.shared.search_box import ComposingLineEdit
from bri_desktop.ui.shared.tokens import Size, Space

NAME_WIDTH = 160
LISTED = 4


class ProfileBand(Band):
    """Says which profile the columns are read by; another, or none, can be chosen."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("surface-band", Size.NAVIGATION_ROW, Space.PAGE)
        self.text = buttons.label("", "strong")
        self.deviations = buttons.label("", "hint")
        self.choice = Combo(tr("Profile"))
        self.choice.activated.connect(lambda _row: self.chosen.emit(str(self.choice.currentData())))
        self.add(panels.icon_label("bookmark", "accent"))
        self.add(self.text)
        self.add(self.deviations, 1)
        self.add(buttons.label(tr("Profile"), "label"))
        self.add(self.choice)
        self.hide()

    def show_fits(self, fits: Sequence[Fit], fitting: Sequence[Fit]) -> None:
        """Show what is applied and what could be."""
        self.setVisible(bool(fitting))
        self.choice.clear()
        for one in fitting:
            percent = round(one.score * 100)
            self.choice.addItem(tr("{name}, {percent} %", name=one.profile.name, percent=percent), one.profile.name)
        self.choice.addItem(tr("no profile"), "")
        if not fits:
            self.choice.setCurrentIndex(self.choice.count() - 1)
            self.text.setText(tr("No profile applied"))
            self.deviations.setText("")
            return
        self.choice.setCurrentIndex(max(0, self.choice.findData(fits[0].profile.name)))
        names = tr(", ").join(dict.fromkeys(one.profile.name for one in fits))
        self.text.setText(tr("Profile applied: {name}", name=names))
        self._say_deviations(fits)

    def _say_deviations(self, fits: Sequence[Fit]) -> None:
        new = list(dict.fromkeys(header for one in fits for header in one.new))
        missing = list(dict.fromkeys(header for one in fits for header in one.missing))
        said = []
        if new:
            said.append(tr("not in the profile: {headers}", headers=_listed(new)))
        if missing:
            said.append(tr("missing here: {headers}", headers=_listed(missing)))
        self.deviations.setText(tr("; ").join(said) or tr("all headers as remembered"))
        self.deviations.setToolTip(self.deviations.text())


class RememberBox(QWidget):
    """Whether the layout is kept as a profile, and under which name."""

    def __init__(self) -> None:
        super().__init__()
        self.check = QCheckBox(tr("Remember as profile"))
        self.name: QLineEdit = ComposingLineEdit()
        self.name.setAccessibleName(tr("Name of the profile"))
        self.name.setFixedWidth(NAME_WIDTH)
        self.check.toggled.connect(self.name.setVisible)
        self.check.clicked.connect(self._on_clicked)
        self._is_chosen = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, Space.BETWEEN, 0)
        row.addWidget(self.check)
        row.addWidget(self.name)
        self.name.hide()

    def suggest(self, name: str) -> None:
        """Begin with a file: nothing is kept yet."""
        self._is_chosen = False
        self.check.setChecked(False)
        self.name.setText(name)

    def wish(self) -> None:
        """Something was decided that is worth keeping; a tick that a person set or took away stays so."""
        if not self._is_chosen:
            self.check.setChecked(True)

    @property
    def wanted(self) -> str | None:
        """The name to keep the layout under, ``None`` for not at all."""
        name = self.name.text().strip()
        return name if self.check.isChecked() and name else None

    def _on_clicked(self) -> None:
        self._is_chosen = True


def _listed(headers: Sequence[str]) -> str:
    shown = tr(", ").join(headers[:LISTED])
    return tr("{shown} and {count} more", shown=shown, count=len(headers) - LISTED) if len(headers) > LISTED else shown
