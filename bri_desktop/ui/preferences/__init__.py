"""设置: the office, the window, rules, code lists, backups, and about the program."""

from bri_desktop.ui.preferences.page import PreferencesPage

__all__ = ["PreferencesPage"]
