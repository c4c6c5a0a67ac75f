"""统计分析: figures by every grouping, as picture and table, each opening its records."""

from bri_desktop.ui.statistics.page import StatisticsPage

__all__ = ["StatisticsPage"]
