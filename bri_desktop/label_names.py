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
    """Return the name of a field in the chosen language."""
    label = FIELD_LABELS.get(code)
    return label() if label else code


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
