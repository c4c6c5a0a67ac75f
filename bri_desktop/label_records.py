"""The sentences about records, what hangs on them and the yearly summary, for ``labels``."""

from collections.abc import Callable, Mapping
from typing import Any

from bri_desktop.i18n import tr
from bri_desktop.label_names import field_label

Values = Mapping[str, Any]

RECORD_SENTENCES: Mapping[str, Callable[[Values], str]] = {
    "required": lambda v: tr("Nothing is entered here; please fill it in."),
    "later_than_today": lambda v: tr("{date} is later than today; please enter what has happened.", date=v["date"]),
    "text_too_long": lambda v: tr(
        "{count} characters are too many; please shorten this to {most}.", count=v["count"], most=v["most"]
    ),
    "days_wrong": lambda v: tr("Please enter {least} to {most} days.", least=v["least"], most=v["most"]),
    "count_unreadable": lambda _v: tr("Please enter a whole number, such as 12."),
    "periods_unreadable": lambda v: tr("“{part}” is no period with a value; write 2017: 30; 2018: 45.", part=v["part"]),
    "period_twice": lambda v: tr("{period} stands here twice; please keep one value.", period=v["period"]),
    "outcome_one_a_line": lambda _v: tr("Please enter one result, such as 培训学员 3万人次."),
    "record_invalid": lambda v: tr("{count} fields need correction; nothing was saved.", count=v["count"]),
    "name_taken": lambda v: tr("“{name}” is there already; please use that one or another name.", name=v["name"]),
    "organisation_used": lambda v: tr(
        "{name} is named by {count} projects; please change these first.", name=v["name"], count=v["count"]
    ),
    "approval_open": lambda v: tr("Case {key} of this record is still open; please close it first.", key=v["key"]),
    "approval_act_closed": lambda _v: tr("This cannot be done at the step the case is in; please look at it again."),
    "before_last_event": lambda v: tr("This is before the latest entry ({date}); please correct it.", date=v["date"]),
    "step_twice": lambda v: tr("The step “{name}” stands here twice; please rename one.", name=v["name"]),
    "steps_all_optional": lambda _v: tr("At least one step must not be skipped."),
    "attachment_unreadable": lambda _v: tr("The file cannot be read; please check that it is there and not locked."),
    "attachment_unwritable": lambda _v: tr("The file cannot be kept beside the ledger; please check the folder."),
    "attachment_missing": lambda _v: tr("The content is missing on the disk; add the file again, or restore a backup."),
    "attachment_changed": lambda _v: tr(
        "The content on the disk is not what was added; add the file again, or restore a backup."
    ),
    "attachment_is_program": lambda _v: tr("Files that a system would run are not opened here; save a copy instead."),
    "owner_unknown": lambda v: tr(
        "No project or tie is called “{value}”; please give its code, title or key.", value=v["value"]
    ),
    "owner_ambiguous": lambda v: tr(
        "“{value}” names {count} records; please give a code or a key.", value=v["value"], count=v["count"]
    ),
    "owner_missing": lambda _v: tr("This row does not say what it belongs to; please give a code, title or key."),
    "owner_other": lambda v: tr(
        "Record {key} belongs to {owner}, not to what this row says.", key=v["key"], owner=v["owner"]
    ),
    "record_headers_missing": lambda v: tr(
        "No sheet has the columns {headers}; please name them in the first rows.", headers=v["headers"]
    ),
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
    "pair_taken": lambda v: tr("These two places already have a tie of this kind; please change that one."),
    "dormant_years_wrong": lambda v: tr("Please enter 1 to {most} years.", most=v["most"]),
    "nothing_to_undo": lambda v: tr("There is nothing to undo."),
    "nothing_to_redo": lambda _v: tr("There is nothing to redo."),
    "redo_settles": lambda _v: tr("Settled rows cannot be settled again by redoing; please settle them anew."),
    "submode_of_other_mode": lambda _v: tr("The sub-mode belongs to another mode."),
    "pair_kind_needs_mode": lambda _v: tr("Only sister-city projects have a kind of tie."),
    "template_name_needed": lambda _v: tr("Please give the template a name."),
    "template_name_long": lambda v: tr("The name of a template has at most {most} characters.", most=v["most"]),
    "template_name_taken": lambda v: tr("There is a template “{name}” already.", name=v["name"]),
    "template_unknown": lambda _v: tr("This template is gone."),
    "year_before_data": lambda v: tr(
        "The ledger has no project and no tie of {year}: the first are of {first}; choose a later year.",
        year=v["year"],
        first=v["first"],
    ),
    "year_without_data": lambda v: tr(
        "The ledger has no project and no tie of {year}; choose another year.", year=v["year"]
    ),
    "ledger_without_years": lambda _v: tr(
        "The ledger has no project with a date yet; a summary needs dates of signing or begin."
    ),
    "section_twice": lambda v: tr("The section “{section}” is named twice.", section=v["section"]),
    "font_missing": lambda _v: tr("A font file of the program is missing; please install the program again."),
    "views_file_wrong": lambda _v: tr("This file holds no saved views; please choose one that this program wrote."),
    "views_file_filter": lambda v: tr(
        "The filter of the view “{name}” cannot be read; nothing was taken in.", name=v["name"]
    ),
    "record_sheet_type": lambda _v: tr("A record sheet ends in .docx or .pdf; please choose one of these."),
    "record_sheet_none": lambda _v: tr("Please choose the records whose sheets are to be written."),
    "record_sheet_many": lambda v: tr(
        "Sheets of {count} records are too many at once; please choose {most} at most.",
        count=v["count"],
        most=v["most"],
    ),
    "summary_file_type": lambda _v: tr("A summary ends in .docx, .pdf or .xlsx; please choose one of these."),
    "year_not_over": lambda v: tr(
        "The year {year} is not over yet; its figures can be declared final from next January on.", year=v["year"]
    ),
    "year_frozen": lambda v: tr(
        "The figures of {year} were declared final on {at}; to do it anew, say so and give the reason.",
        year=v["year"],
        at=v["at"],
    ),
    "reason_missing": lambda v: tr("Please write why the figures of {year} are declared final anew.", year=v["year"]),
    "year_overtaken": lambda v: tr(
        "Others kept changing the ledger while the figures of {year} were made, so nothing was frozen; please try "
        "again when nobody saves.",
        year=v["year"],
    ),
    "year_not_frozen": lambda v: tr(
        "The figures of {year} have not been declared final; freeze the year first.", year=v["year"]
    ),
    "figure_unknown": lambda v: tr(
        "No figure of the summary of {year} is called “{figure}”; take the name of a bookmark in the Word file.",
        year=v["year"],
        figure=v["figure"],
    ),
    "summary_prose_stale": lambda _v: tr("Somebody else has changed this text; read it again first."),
}
