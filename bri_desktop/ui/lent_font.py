"""A Chinese font for a system that has none: the one that the program ships for its PDF."""

from PySide6.QtGui import QFontDatabase

from bri_desktop import paths

SHIPPED = "NotoSansSC-Regular.ttf"


def lend_font() -> bool:
    """Write with the shipped font where no installed one has Simplified Chinese; tell whether it does."""
    if QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        return False
    return QFontDatabase.addApplicationFont(str(paths.resources() / "fonts" / SHIPPED)) >= 0
