"""The names of what lies in the tables of a ledger, for sentences about damage and about what is removed."""

from collections.abc import Callable, Mapping

from bri_desktop.i18n import tr

TABLES: Mapping[str, Callable[[], str]] = {
    "activity": lambda: tr("Activities"),
    "agreement": lambda: tr("Agreements"),
    "approval_case": lambda: tr("Approvals"),
    "approval_event": lambda: tr("Approval events"),
    "approval_procedure": lambda: tr("Approval procedures"),
    "approval_step": lambda: tr("Approval steps"),
    "attachment": lambda: tr("Attachments"),
    "baseline_table": lambda: tr("Baseline tables"),
    "baseline_value": lambda: tr("Baseline values"),
    "change": lambda: tr("History of acts"),
    "code": lambda: tr("Code lists"),
    "contact": lambda: tr("Contacts"),
    "country": lambda: tr("Countries and regions"),
    "country_tier": lambda: tr("Country tiers"),
    "disposal": lambda: tr("Record of removals"),
    "distinct_pair": lambda: tr("Pairs decided to be different"),
    "exchange_rate": lambda: tr("Exchange rates"),
    "follow_up": lambda: tr("Follow-ups"),
    "frozen_record": lambda: tr("Records of frozen years"),
    "frozen_year": lambda: tr("Frozen years"),
    "history_entry": lambda: tr("History of records"),
    "import_batch": lambda: tr("Import batches"),
    "import_profile": lambda: tr("Layouts of departments"),
    "index_value": lambda: tr("Index values"),
    "indicator": lambda: tr("Indicators"),
    "indicator_value": lambda: tr("Indicator values"),
    "issued_row": lambda: tr("Issued values"),
    "issued_workbook": lambda: tr("Issued workbooks"),
    "mechanism_profile": lambda: tr("Mechanism profiles"),
    "meta": lambda: tr("Particulars of the ledger"),
    "organisation": lambda: tr("Organisations"),
    "outcome": lambda: tr("Results"),
    "pair": lambda: tr("Ties"),
    "park_profile": lambda: tr("Park profiles"),
    "pending_row": lambda: tr("Rows kept aside"),
    "place": lambda: tr("Places"),
    "place_rule": lambda: tr("Place-name rules"),
    "project": lambda: tr("Projects"),
    "project_code": lambda: tr("Codes of projects"),
    "project_partner": lambda: tr("Partners of projects"),
    "project_place": lambda: tr("Places of projects"),
    "project_search": lambda: tr("Search texts"),
    "project_status": lambda: tr("Statuses of projects"),
    "project_tag": lambda: tr("Tags of projects"),
    "record_template": lambda: tr("Record templates"),
    "restatement": lambda: tr("Restatements"),
    "returned_workbook": lambda: tr("Returned workbooks"),
    "risk": lambda: tr("Risks"),
    "row_digest": lambda: tr("Digests"),
    "digest_layout": lambda: tr("Digests"),
    "saved_view": lambda: tr("Saved views"),
    "summary_file": lambda: tr("Summary files"),
    "summary_prose": lambda: tr("Edited summary texts"),
    "summary_template": lambda: tr("Summary templates"),
    "tag": lambda: tr("Tags"),
}


def table_label(name: str) -> str:
    """Return the name of what lies in a table; that of the table itself for one that a later version added."""
    words = TABLES.get(name)
    return words() if words else name
