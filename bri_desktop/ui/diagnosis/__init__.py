"""不平衡诊断: the eight complaints of the report, each answered from the ledger."""

from bri_desktop.ui.diagnosis.page import DiagnosisPage

__all__ = ["DiagnosisPage"]
