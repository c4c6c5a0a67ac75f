"""工作台: what is due, and this year against last year."""

from bri_desktop.ui.agenda.page import WorkbenchPage

__all__ = ["WorkbenchPage"]
