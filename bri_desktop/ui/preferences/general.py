"""常规: the office and its user, the window, reminders on the screen, and where the ledger lies.

What belongs to the ledger is written into it at once, as an act that Ctrl+Z takes back; what belongs to this computer
into the settings of its user.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication, QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bri_desktop import paths
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import language, tr
from bri_desktop.labels import error_sentence, setting_label
from bri_desktop.services.office import LedgerSettings, save_setting
from bri_desktop.services.places import PlaceChoice
from bri_desktop.ui.preferences.city_edit import CityEdit
from bri_desktop.ui.preferences.rows import Columns, SettingRow, section
from bri_desktop.ui.settings import FONT, LANGUAGE, NOTIFY, PALETTE, SCALE, SCALES, THEME, TRAY, Setting
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.chip_fields import Picked
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.fields import CodeCombo, LineEdit
from bri_desktop.ui.shared.tokens import FONT_FAMILIES, Space
from bri_desktop.ui.theme import Theme
from bri_desktop.ui.tray import has_tray

LABEL_WIDTH = 112
COLUMN_WIDTH = 560
SYSTEM_FONT = "default"
DIGITS = "0123456789"


class GeneralPanel(QFrame):
    """The first tab of the settings."""

    theme_chosen = Signal(str)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.context = context
        self.rows: dict[str, SettingRow] = {}
        self._settings: dict[str, Setting[Any]] = {
            "language": LANGUAGE, "theme": THEME, "palette": PALETTE, "font": FONT, "scale": SCALE, "notify": NOTIFY,
            "tray": TRAY,
        }  # fmt: skip
        self._make_office()
        self._make_window()
        self._make_reminders()
        parts = (
            (self._section(tr("Office"), ("name", "own_name", "home_city")),
             self._section(tr("Window"), ("language", "theme", "palette", "font", "scale"))),
            (self._section(tr("On the screen"), ("notify", "tray")), self._ledger()),
        )  # fmt: skip
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Columns(parts, COLUMN_WIDTH))
        self._show_window()

    # -- the office --------------------------------------------------------------------------------------------

    def _make_office(self) -> None:
        self.office = LineEdit()
        self.own_name = LineEdit()
        self.city = CityEdit(self.context)
        hints = {
            "name": tr("Stands in the history of every change, and signs summaries and reminder lists."),
            "own_name": "",
            "home_city": tr("A new project begins with it."),
        }
        fields: Mapping[str, QWidget] = {"name": self.office, "own_name": self.own_name, "home_city": self.city}
        for name, field in fields.items():
            self._row(name, setting_label(name), field, hints[name], tr("Empty it"))
            self.rows[name].default_wanted.connect(partial(self._store, name, ""))
        self.office.editingFinished.connect(lambda: self._store_text("name", self.office))
        self.own_name.editingFinished.connect(lambda: self._store_text("own_name", self.own_name))
        self.city.value_changed.connect(lambda: self._store("home_city", "".join(self.city.keys()[:1])))
        self._stored: dict[str, str] = {"name": "", "own_name": "", "home_city": ""}

    def show_ledger(self, found: LedgerSettings, city: Sequence[PlaceChoice]) -> None:
        """Show what is set in the ledger; what is being typed stays."""
        values = {"name": found.office.name, "own_name": found.office.own_name, "home_city": found.office.home_city}
        for name, field in (("name", self.office), ("own_name", self.own_name)):
            if not field.hasFocus() or field.text().strip() == self._stored[name]:
                field.set_value(values[name])
        self.city.set_picked([Picked(place.key, place.name, place.context) for place in city])
        self._stored = values
        for name, value in values.items():
            self.rows[name].say("")
            self.rows[name].show_default(not value)
        who = " ".join(part for part in (found.user, found.office.own_name) if part)
        who = f"{who}（{found.office.name}）" if found.office.name else who
        self.rows["own_name"].set_hint(tr("The history says of your changes: {who}", who=who or "—"))

    def _store_text(self, name: str, field: LineEdit) -> None:
        value = field.value() or ""
        if value != self._stored[name]:
            self._store(name, value)

    def _store(self, name: str, value: str) -> None:
        self.context.runner.write(
            save_setting, name, value, done=lambda _changes: self.rows[name].say(""),
            failed=partial(self._on_refused, name), initiator=self,
        )  # fmt: skip

    def _on_refused(self, name: str, error: UserError) -> None:
        self.rows[name].say(error_sentence(error))

    # -- the window --------------------------------------------------------------------------------------------

    def _make_window(self) -> None:
        self.language = CodeCombo((("zh_CN", "简体中文"), ("en", "English")))
        self.theme = CodeCombo((("system", tr("as the system")), ("light", tr("light")), ("dark", tr("dark"))))
        self.font_choice = CodeCombo([(SYSTEM_FONT, tr("chosen by the program")), *((f, f) for f in families())])
        self.scale = CodeCombo([(str(size), f"{size}%") for size in SCALES])
        self._row("language", tr("Language"), self.language)
        self.palette_choice = CodeCombo((("usual", tr("usual")), ("safe", tr("for red-green colour blindness"))))
        hint = tr("Shapes, signs and words always say the same as the colours.")
        self._row("theme", tr("Colours"), self.theme)
        self._row("palette", tr("Figures and verdicts"), self.palette_choice, hint)
        self._row("font", tr("Font"), self.font_choice)
        self._row("scale", tr("Size of letters"), self.scale)
        combos = {"language": self.language, "theme": self.theme, "palette": self.palette_choice,
                  "font": self.font_choice, "scale": self.scale}  # fmt: skip
        for name, combo in combos.items():
            setting = self._settings[name]
            combo.setEnabled(not self.context.settings.is_fixed(setting))
            combo.value_changed.connect(partial(self._on_chosen, name, setting, combo))
            self.rows[name].default_wanted.connect(partial(self._keep, name, setting, setting.default))
        self._started = {"language": language(), "scale": self.context.settings.get(SCALE)}

    @property
    def restart(self) -> QLabel:
        """The line that says that the language changes at the next start."""
        return self.rows["language"].note

    def _on_chosen(self, name: str, setting: Setting[Any], combo: CodeCombo) -> None:
        value: Any = combo.value()
        if value is None:
            self._show_window()
            return
        if setting is SCALE:
            value = int(value)
        elif setting is FONT and value == SYSTEM_FONT:
            value = ""
        self._keep(name, setting, value)

    def _keep(self, name: str, setting: Setting[Any], value: Any) -> None:
        """Keep a setting of this computer and apply it where that can be done at once."""
        self.context.settings.set(setting, value)
        self.context.settings.save()
        themes = _themes()
        if setting is THEME:
            for theme in themes:
                theme.choose(value)
            self.theme_chosen.emit(value)
        elif setting is PALETTE:
            for theme in themes:
                theme.choose_safe(value == "safe")
            self.theme_chosen.emit(self.context.settings.get(THEME))
        elif setting is FONT:
            for theme in themes:
                theme.choose_family(value)
        self._show_window()
        self.context.settings_changed()

    def _show_window(self) -> None:
        settings = self.context.settings
        self.language.set_value(settings.get(LANGUAGE))
        self.theme.set_value(settings.get(THEME))
        self.palette_choice.set_value(settings.get(PALETTE))
        self.font_choice.set_value(settings.get(FONT) or SYSTEM_FONT)
        self.scale.set_value(str(settings.get(SCALE)))
        self.notify.setChecked(settings.get(NOTIFY))
        self.tray.setChecked(settings.get(TRAY))
        for name, text in (
            ("language", tr("The language changes at the next start.")),
            ("scale", tr("The size changes at the next start.")),
        ):
            is_other = settings.get(self._settings[name]) != self._started[name]
            self.rows[name].set_hint(text if is_other else "")
        for name, setting in self._settings.items():
            is_fixed = settings.is_fixed(setting)
            self.rows[name].show_default(is_fixed or settings.get(setting) == setting.default)
            if is_fixed:
                self.rows[name].set_hint(tr("The administrator of this computer decides this."))

    # -- reminders ---------------------------------------------------------------------------------------------

    def _make_reminders(self) -> None:
        self.notify = QCheckBox(tr("Tell once a day what is due, beside the clock"))
        self.tray = QCheckBox(tr("Show an icon; a minimised window goes there"))
        missing = "" if has_tray() else tr("This system has no place for icons beside the clock.")
        for name, text, box, setting in (
            ("notify", tr("Notification"), self.notify, NOTIFY),
            ("tray", tr("Icon"), self.tray, TRAY),
        ):
            self._row(name, text, box, missing)
            box.setAccessibleName(box.text())
            box.setEnabled(not missing)
            box.clicked.connect(partial(self._keep, name, setting))
            self.rows[name].default_wanted.connect(partial(self._keep, name, setting, setting.default))

    # -- the ledger --------------------------------------------------------------------------------------------

    def _ledger(self) -> QWidget:
        self.database_path = _path_label(str(self.context.path))
        self.folder_path = _path_label(str(paths.data_folder()))
        opening = QWidget()
        line = QHBoxLayout(opening)
        line.setContentsMargins(LABEL_WIDTH + Space.SECTION, 0, 0, 0)
        line.addWidget(buttons.button(tr("Open the folder"), self._open_folder, icon="folder-open"))
        line.addWidget(buttons.button(tr("Other ledgers…"), lambda: self.context.choose_ledger()))
        line.addStretch(1)
        notice = tr("Classified information must not be entered. The ledger stays on this computer; nothing is sent.")
        rows = (
            SettingRow(tr("Ledger file"), self.database_path, label_width=LABEL_WIDTH, has_default=False),
            SettingRow(tr("Data folder"), self.folder_path, label_width=LABEL_WIDTH, has_default=False),
            opening,
            buttons.label(notice, "hint", wrap=True),
        )
        return section(tr("Ledger"), rows)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.context.path.parent)))

    # -- all ---------------------------------------------------------------------------------------------------

    def restore_defaults(self) -> None:
        """Set everything of this computer back; the names of office and user and the city stay."""
        for name, setting in self._settings.items():
            if self.context.settings.get(setting) != setting.default:
                self._keep(name, setting, setting.default)

    def _row(self, name: str, text: str, control: QWidget, hint: str = "", default: str = "") -> None:
        self.rows[name] = SettingRow(text, control, label_width=LABEL_WIDTH, hint=hint, default=default)

    def _section(self, title: str, names: Sequence[str]) -> QWidget:
        return section(title, [self.rows[name] for name in names])


def families() -> list[str]:
    """Return the installed families that write simplified Chinese with digits of one width."""
    offered = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return [name for name in offered if not QFontDatabase.isPrivateFamily(name) and _is_tabular(name)]


def _is_tabular(family: str) -> bool:
    measure = QFontMetrics(QFont([family, *FONT_FAMILIES]))
    return len({measure.horizontalAdvance(digit) for digit in DIGITS}) == 1


def _themes() -> list[Theme]:
    application = QApplication.instance()
    return list(application.findChildren(Theme)) if application is not None else []


def _path_label(path: str) -> QLabel:
    made = buttons.label(path, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
