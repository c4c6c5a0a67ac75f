"""Names of what sentences speak of: fields, code lists, kinds of files, groups of weights."""

from collections.abc import Callable, Mapping

from bri_desktop.i18n import tr

FIELD_LABELS: Mapping[str, Callable[[], str]] = {
    "code": lambda: tr("Code"),
    "title": lambda: tr("Title"),
    "title_en": lambda: tr("Title (English)"),
    "mode": lambda: tr("Mode"),
    "submode": lambda: tr("Sub-mode"),
    "nature": lambda: tr("Nature"),
    "status": lambda: tr("Status"),
    "domain": lambda: tr("Primary domain"),
    "domains": lambda: tr("Further domains"),
    "fields": lambda: tr("Sustainability fields"),
    "sdg": lambda: tr("SDG targets"),
    "corridors": lambda: tr("Corridors"),
    "level": lambda: tr("Level"),
    "policy_step": lambda: tr("Policy-alignment step"),
    "domestic_places": lambda: tr("Domestic places"),
    "foreign_places": lambda: tr("Foreign places"),
    "department": lambda: tr("Responsible department"),
    "lead": lambda: tr("Lead actor"),
    "partners": lambda: tr("Partner actors"),
    "signed": lambda: tr("Signed"),
    "planned_start": lambda: tr("Planned start"),
    "planned_end": lambda: tr("Planned end"),
    "started": lambda: tr("Started"),
    "ended": lambda: tr("Ended"),
    "start": lambda: tr("Start"),
    "amount": lambda: tr("Amount"),
    "summary": lambda: tr("Summary"),
    "results": lambda: tr("Results"),
    "outcomes": lambda: tr("Outcomes"),
    "source": lambda: tr("Source"),
    "tags": lambda: tr("Tags"),
    "parent": lambda: tr("Umbrella project"),
    "pair_kind": lambda: tr("Kind of tie"),
    "visibility": lambda: tr("Visibility"),
    "note": lambda: tr("Note"),
    "country": lambda: tr("Country or region"),
    "continent": lambda: tr("Continent"),
    "currency": lambda: tr("Currency"),
    "year": lambda: tr("Year"),
    "city": lambda: tr("City"),
    "key": lambda: tr("Key"),
    "park_profile.operator": lambda: tr("Operator"),
    "park_profile.area": lambda: tr("Planned area (km²)"),
    "park_profile.built_area": lambda: tr("Built area (km²)"),
    "park_profile.tenants": lambda: tr("Companies inside"),
    "park_profile.jobs": lambda: tr("Jobs"),
    "park_profile.investment": lambda: tr("Total investment"),
    "park_profile.phase": lambda: tr("Phase"),
    "park_profile.industries": lambda: tr("Industries"),
    "park_profile.as_of": lambda: tr("Figures as of"),
    "mechanism_profile.secretariat": lambda: tr("Secretariat"),
    "mechanism_profile.members": lambda: tr("Number of members"),
    "mechanism_profile.member_names": lambda: tr("Members by name"),
    "mechanism_profile.interval_months": lambda: tr("Interval (months)"),
    "mechanism_profile.latest_edition": lambda: tr("Latest edition No."),
    "mechanism_profile.next_edition": lambda: tr("Next edition on"),
    "mechanism_profile.as_of": lambda: tr("Figures as of"),
    "agreement.title": lambda: tr("Title of the agreement"),
    "agreement.kind": lambda: tr("Kind of agreement"),
    "agreement.signed": lambda: tr("Signed on"),
    "agreement.expires": lambda: tr("Expires on"),
    "agreement.ended": lambda: tr("Terminated on"),
    "agreement.place": lambda: tr("Place of signing"),
    "agreement.signatories": lambda: tr("Signatories"),
    "activity.title": lambda: tr("Activity name"),
    "activity.date": lambda: tr("Day of the activity"),
    "activity.ended": lambda: tr("Ended on"),
    "activity.kind": lambda: tr("Kind of activity"),
    "activity.head_count": lambda: tr("Persons"),
    "activity.level": lambda: tr("Level"),
    "activity.place": lambda: tr("Venue"),
    "activity.summary": lambda: tr("Summary"),
    "outcome.outcome_class": lambda: tr("Class of outcome"),
    "outcome.what": lambda: tr("Result"),
    "outcome.quantity": lambda: tr("Quantity"),
    "outcome.unit": lambda: tr("Counted in"),
    "outcome.amount": lambda: tr("Amount"),
    "outcome.date": lambda: tr("Date"),
    "outcome.evidence": lambda: tr("Evidence"),
    "indicator.name": lambda: tr("Indicator name"),
    "indicator.unit": lambda: tr("Counted in"),
    "indicator.baseline": lambda: tr("Baseline value"),
    "indicator.target": lambda: tr("Target value"),
    "indicator.due": lambda: tr("To be reached by"),
    "indicator.actuals": lambda: tr("Reached by period"),
    "risk.cause": lambda: tr("Cause of a risk"),
    "risk.what": lambda: tr("Risk or obstacle"),
    "risk.date": lambda: tr("Noticed on"),
    "risk.answer": lambda: tr("What was done"),
    "risk.settled": lambda: tr("Settled on"),
    "contact.name": lambda: tr("Full name"),
    "contact.position": lambda: tr("Position held"),
    "contact.organisation": lambda: tr("Works at"),
    "contact.phone": lambda: tr("Telephone"),
    "contact.email": lambda: tr("E-mail"),
    "follow_up.what": lambda: tr("To be done"),
    "follow_up.due": lambda: tr("To be done by"),
    "follow_up.done": lambda: tr("Done on"),
    "organisation.name": lambda: tr("Organisation name"),
    "organisation.name_en": lambda: tr("Organisation name (English)"),
    "organisation.kind": lambda: tr("Kind of organisation"),
    "organisation.address": lambda: tr("Address"),
    "approval.title": lambda: tr("Case"),
    "approval.procedure": lambda: tr("Approval procedure"),
    "approval.step": lambda: tr("Step"),
    "approval.date": lambda: tr("Day of the act"),
    "approval.who": lambda: tr("Acted by"),
    "approval.reason": lambda: tr("Reason given"),
    "approval.opened": lambda: tr("Opened on"),
    "approval.closed": lambda: tr("Closed on"),
    "approval.result": lambda: tr("Result of the approval"),
    "approval.steps": lambda: tr("Steps"),
    "approval.age": lambda: tr("Days open"),
    "attachment.name": lambda: tr("File name"),
    "attachment.folder": lambda: tr("Folder of the file"),
    "attachment.size": lambda: tr("File size"),
    "attachment.note": lambda: tr("Note"),
    "attachment.added_at": lambda: tr("Added on"),
    "approval_procedure.name": lambda: tr("Procedure name"),
    "approval_procedure.steps": lambda: tr("Steps"),
    "record_key": lambda: tr("Key of the record"),
    "owner": lambda: tr("Belongs to"),
    "owner_key": lambda: tr("Key of what it belongs to"),
    "owner_code": lambda: tr("Code of what it belongs to"),
}


def file_kind(found: object) -> str:
    """Return what a file really is, in words; ``found`` as the look at its content names it."""
    words = {
        "pdf": tr("a PDF document"),
        "image": tr("a picture"),
        "html": tr("a web page (HTML)"),
        "mht": tr("a web page (MHT)"),
        "xml": tr("an XML file"),
        "docx": tr("a Word document"),
        "doc": tr("a Word document"),
        "rtf": tr("a Word document"),
        "odt": tr("a text document"),
        "pptx": tr("a presentation"),
        "ppt": tr("a presentation"),
        "odp": tr("a presentation"),
        "database": tr("a database"),
        "program": tr("a program"),
    }
    archives = ("zip", "rar", "7z", "gzip")
    return tr("an archive") if found in archives else words.get(str(found), tr("a file of another kind"))


def weights_name(code: str) -> str:
    """Return whose weights they are."""
    words = {
        "profile": tr("the friendship profile"),
        "development": tr("the development index"),
        "potential": tr("the potential index"),
    }
    return words.get(code, code)


def field_label(code: str) -> str:
    """Return the name of a field in the chosen language; one of a kind that has no own word has the common one."""
    label = FIELD_LABELS.get(code) or FIELD_LABELS.get(code.rpartition(".")[2])
    return label() if label else code


def record_kind_label(code: str) -> str:
    """Return the name of a kind of record; the code itself for one that is not known."""
    names = {
        "project": tr("Projects"),
        "pair": tr("Ties"),
        "agreement": tr("Agreements"),
        "approval": tr("Approvals"),
        "activity": tr("Activities"),
        "outcome": tr("Results"),
        "indicator": tr("Indicators"),
        "risk": tr("Risks"),
        "contact": tr("Contacts"),
        "follow_up": tr("Follow-ups"),
        "organisation": tr("Organisations"),
        "attachment": tr("Attachments"),
    }
    return names.get(code, code)


def code_list_label(code: str) -> str:
    """Return the name of a code list; the code itself for one that is not known."""
    names = {
        "mode": tr("Mode"),
        "submode": tr("Sub-mode"),
        "nature": tr("Nature"),
        "status": tr("Status"),
        "domain": tr("Domain"),
        "field": tr("Sustainability field"),
        "corridor": tr("Corridor"),
        "level": tr("Level"),
        "policy_step": tr("Policy-alignment step"),
        "outcome_class": tr("Class of outcome"),
        "pair_kind": tr("Kind of tie"),
        "pair_life": tr("Life of a tie"),
        "agreement_kind": tr("Kind of agreement"),
        "activity_kind": tr("Kind of activity"),
        "actor": tr("Kind of organisation"),
        "cause": tr("Cause of a risk"),
        "ecosystem": tr("Ecosystem type"),
    }
    return names.get(code, code)
