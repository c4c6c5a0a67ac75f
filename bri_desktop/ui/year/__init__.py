"""年度总结: the sections, the paper as it will print, and what stands behind each figure."""

from bri_desktop.ui.year.page import SummaryPage

__all__ = ["SummaryPage"]
