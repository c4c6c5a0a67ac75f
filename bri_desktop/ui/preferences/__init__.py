"""设置: language, colours, where the ledger lies, and about the program."""

from bri_desktop.ui.preferences.page import PreferencesPage

__all__ = ["PreferencesPage"]
