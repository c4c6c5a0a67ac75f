"""Words for codes: fields, errors and problems, the same on the screen, in Excel and on the command line.

``SENTENCES`` holds one sentence for each code an error or problem can carry: what happened and what to do. A test
holds it against the codes that are raised.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bri_desktop.domain.errors import UserError, Where
from bri_desktop.i18n import tr

Values = Mapping[str, Any]

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

SENTENCES: Mapping[str, Callable[[Values], str]] = {
    "required": lambda v: tr("Nothing is entered here; please fill it in."),
    "before_start": lambda v: tr(
        "This is before “{other}” {date}; please correct one of the two.", other=field_label(v["other"]), date=v["date"]
    ),
    "date_in_future": lambda v: tr("This is later than today; a planned date belongs into the planned fields."),
    "same_as_primary": lambda v: tr("The primary domain stands among the further domains; please take it out."),
    "pair_needs_two_places": lambda v: tr("A tie joins exactly one domestic and one foreign place."),
    "code_taken": lambda v: tr("Record {key} already has this code; please choose another one.", key=v["key"]),
    "parent_circle": lambda v: tr("Record {key} lies under this one and cannot be above it.", key=v["key"]),
    "record_unknown": lambda v: tr("There is no record {key}.", key=v["key"]),
    "record_stale": lambda v: tr(
        "Record {key} was changed elsewhere since you opened it; nothing was saved. Open it again to see the changes.",
        key=v["key"],
    ),
    "project_invalid": lambda v: tr("{count} fields need correction; nothing was saved.", count=v["count"]),
    "nothing_to_undo": lambda v: tr("There is nothing to undo."),
    "batch_unknown": lambda v: tr("There is no import {batch}.", batch=v["batch"]),
    "batch_undone": lambda v: tr("Import {batch} was already undone.", batch=v["batch"]),
    "filter_unreadable": lambda v: tr("The filter cannot be read from character {column} on.", column=v["column"]),
    "filter_unknown_field": lambda v: tr("The filter names an unknown field: {field}.", field=v["field"]),
    "filter_date": lambda v: tr("The filter needs a date such as 2017 or 2017-05, not “{value}”.", value=v["value"]),
    "filter_number": lambda v: tr("The filter needs a number such as 1800万, not “{value}”.", value=v["value"]),
    "filter_operator": lambda v: tr(
        "The field {field} cannot be compared with “{operator}”.", field=v["field"], operator=v["operator"]
    ),
    "sort_unknown_field": lambda v: tr("The table cannot be sorted by {field}.", field=v["field"]),
    "database_missing": lambda v: tr("There is no ledger at this place."),
    "database_newer": lambda v: tr(
        "This ledger was written by a newer version (schema {schema}); please update the program. Nothing was changed.",
        schema=v["schema"],
    ),
    "database_locked": lambda v: tr("The ledger is being written by another program; please try again in a moment."),
    "database_read_only": lambda v: tr("The ledger is read-only; nothing was changed."),
    "database_damaged": lambda v: tr("The ledger file is damaged; nothing was changed. Please restore a backup."),
    "database_not_ledger": lambda v: tr("This file is not a ledger of this program; nothing was changed."),
    "database_unreachable": lambda v: tr("The ledger cannot be opened or created at this place."),
    "database_failed": lambda v: tr("The database refused the work; nothing was changed."),
    "database_not_empty": lambda v: tr("This ledger already has records; the sample goes into an empty one only."),
    "disk_full": lambda v: tr("The disk is full; nothing was changed."),
    "upgrade_failed": lambda v: tr("The ledger could not be upgraded; the original is unchanged."),
    "place_unknown_key": lambda v: tr("There is no place {place}.", place=v["place"]),
    "place_unknown": lambda v: tr("This place name is not known; choose a place or create it."),
    "place_ambiguous": lambda v: tr("Several places have this name; please choose one."),
    "country_unknown": lambda v: tr("This country or region is not known; please correct the name."),
    "code_unknown": lambda v: tr("This value is not in the code list; please choose one of the list."),
    "pair_kind_needed": lambda v: tr("It is not said what kind of tie this is; please choose one for the file."),
    "possible_duplicate": lambda v: tr("This may be the same as record {key}; please decide.", key=v["key"]),
    "possible_duplicate_row": lambda v: tr(
        "Row {row} of this file names the same project with other values; please decide.", row=v["row"]
    ),
    "cell_error": lambda v: tr("The cell holds an error of the workbook; please correct the formula or value."),
    "formula_uncomputed": lambda v: tr("The formula was not computed; please open the file and save it again."),
    "date_unreadable": lambda v: tr("This is not readable as a date; write it such as 2017-05-17, 2017-05 or 2017."),
    "date_ambiguous": lambda v: tr("This date can be read in more than one way; please choose."),
    "date_impossible": lambda v: tr("There is no such day; please correct the date."),
    "money_unreadable": lambda v: tr("This is not readable as an amount; write it such as 1800万元 or 2亿美元."),
    "money_ambiguous": lambda v: tr("This amount can be read in more than one way; please choose."),
    "money_too_precise": lambda v: tr("The amount has more than four decimals; please round it."),
    "money_too_large": lambda v: tr("The amount is too large; please check the unit."),
    "number_unreadable": lambda v: tr("This is not readable as a number."),
    "outcome_unreadable": lambda v: tr(
        "This is not readable as a result; write what, number and unit, such as 培训学员 3万人次."
    ),
    "sheet_unknown": lambda v: tr("The workbook has no sheet “{sheet}”.", sheet=v["sheet"]),
    "header_unknown": lambda v: tr("No column has the header “{header}”.", header=v["header"]),
    "field_unknown": lambda v: tr("There is no field {field}.", field=v["field"]),
    "nothing_recognised": lambda v: tr(
        "No table of projects was recognised in this file; please check that it has a header row."
    ),
    "cancelled": lambda v: tr("Cancelled; nothing was written."),
    "assignment_unreadable": lambda v: tr("“{text}” is not FIELD=VALUE.", text=v["text"]),
    "place_not_exact": lambda v: tr("“{text}” is not the name of one known place.", text=v["text"]),
    "option_unknown": lambda v: tr(
        "“{value}” is not possible here; possible are: {known}.", value=v["value"], known=v["known"]
    ),
    "file_missing": lambda v: tr("The file does not exist."),
    "file_unreadable": lambda v: tr("The file cannot be opened; please check that it is a file and its permissions."),
    "file_empty": lambda v: tr("The file is empty."),
    "file_encrypted": lambda v: tr("The file is protected by a password; please remove the password first."),
    "file_not_workbook": lambda v: tr(
        "The file is not a workbook but {what}; please save it as .xlsx first.", what=file_kind(v.get("found"))
    ),
    "file_damaged": lambda v: tr(
        "The file is damaged and cannot be read; please open it in WPS or Excel and save it again."
    ),
    "file_too_large": lambda v: tr("The file holds more than can be read safely; please split it."),
    "file_timeout": lambda v: tr("Reading the file took too long and was stopped; please split it."),
    "file_dtd": lambda v: tr("The file contains forbidden definitions (DTD) and is not read."),
    "file_bad_parts": lambda v: tr("The file has doubled or unsafe parts and is not read."),
    "file_unwritable": lambda v: tr(
        "The file cannot be written; it may be open in WPS or Excel. Close it or choose another name."
    ),
    "file_type_unknown": lambda v: tr("Files end in .xlsx, .csv or .ods; please choose one of these."),
    "no_display": lambda v: tr(
        "There is no display to open a window on; `script/run tour OUT` draws every page into the folder OUT."
    ),
    "file_encoding": lambda v: tr("The text of the file cannot be read; please save it as .xlsx, or as CSV in UTF-8."),
    "file_no_sheets": lambda v: tr("The workbook has no readable sheet; please save it again as .xlsx."),
    "file_in_use": lambda v: tr(
        "The file is open in another program; close it, or choose another name such as “{beside}”.",
        beside=v.get("beside", ""),
    ),
    "file_too_many_rows": lambda v: tr("The sheet would have more rows than the format holds; please filter first."),
    "currency_unknown": lambda v: tr("This currency is not known; write it such as 元, 美元 or USD."),
    "money_unit_unknown": lambda v: tr("This unit of money is not known; write it such as 万元 or 亿美元."),
    "money_negative": lambda v: tr("An amount cannot be below zero; please correct it."),
    "number_ambiguous": lambda v: tr("This number can be read in more than one way; please choose."),
    "dimensions_too_many": lambda v: tr("At most two dimensions can be crossed."),
    "dimension_twice": lambda v: tr("The dimension {dimension} is named twice.", dimension=v["dimension"]),
    "span_unusable": lambda v: tr(
        "The years {first}–{last} are no usable span; the first comes first, and a span has an end.",
        first=v["first"],
        last=v["last"],
    ),
    "baseline_not_for_dimension": lambda v: tr(
        "The baseline {baseline} does not fit the dimension {dimension}.",
        baseline=v["baseline"],
        dimension=v["dimension"],
    ),
    "usage": lambda v: tr("Wrong use: {detail}", detail=v["detail"]),
    "unexpected": lambda v: tr("The program made a mistake; nothing was lost. The log says more."),
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


def field_label(code: str) -> str:
    """Return the name of a field in the chosen language."""
    label = FIELD_LABELS.get(code)
    return label() if label else code


def sentence(code: str, values: Values | None = None) -> str:
    """Return the sentence for an error or problem code."""
    words = SENTENCES.get(code)
    return words(values or {}) if words else code


def error_sentence(error: UserError) -> str:
    """Return what happened and where, in one sentence."""
    place = where_text(error.where)
    text = sentence(error.code, error.values)
    return f"{place}{tr(': ')}{text}" if place else text


def where_text(where: Where) -> str:
    """Return file, sheet and cell as far as they are known."""
    parts = [part for part in (where.file, where.sheet, where.cell) if part]
    if where.field:
        parts.append(field_label(where.field))
    return " ".join(parts)
