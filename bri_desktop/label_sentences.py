"""One sentence for each code that an error, a problem or a reason can carry: what happened and what to do.

A test holds ``SENTENCES`` against the codes that are raised.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bri_desktop.i18n import tr
from bri_desktop.label_dates import date_unreadable
from bri_desktop.label_names import code_list_label, field_label, file_kind, weights_name

Values = Mapping[str, Any]


def shifted_sentence(values: Values) -> str:
    """Return the sentence about a block of values that stands too low or too high."""
    words = {"columns": values["columns"], "count": values["count"], "by": values["by"]}
    if values.get("down"):
        return tr("“{columns}”: {count} values stand {by} rows lower than when issued.", **words)
    return tr("“{columns}”: {count} values stand {by} rows higher than when issued.", **words)


SENTENCES: Mapping[str, Callable[[Values], str]] = {
    "batch_unknown": lambda v: tr("There is no import {batch}.", batch=v["batch"]),
    "layout_not_kept": lambda v: tr(
        "{file} was imported before rows could be decided here; open the file again and import it once more.",
        file=v["file"],
    ),
    "filled_from": lambda v: tr("(Filled from the merged cells {cells}.)", cells=v["cells"]),
    "rows_settled": lambda _v: tr("None of these rows waits any more."),
    "issued_workbook": lambda v: tr(
        "This workbook was issued by this program ({issue}): use merge, or --as-ledger to import it all the same.",
        issue=v["issue"],
    ),
    "batch_undone": lambda v: tr("Import {batch} was already undone.", batch=v["batch"]),
    "filter_unreadable": lambda v: tr("The filter cannot be read from character {column} on.", column=v["column"]),
    "filter_unknown_field": lambda v: tr("The filter names an unknown field: {field}.", field=v["field"]),
    "filter_date": lambda v: tr("The filter needs a date such as 2017 or 2017-05, not “{value}”.", value=v["value"]),
    "filter_number": lambda v: tr("The filter needs a number such as 1800万, not “{value}”.", value=v["value"]),
    "filter_value": lambda v: tr(
        "The filter asks for {field} “{value}”, which no list knows; known are: {known}",
        field=field_label(str(v["field"])),
        value=v["value"],
        known=v["known"],
    ),
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
    "backup_failed": lambda v: tr(
        "No safety copy of the ledger could be written; nothing was changed. Check the folder."
    ),
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
    "distinct_itself": lambda v: tr("{key} and {key} are one record; name two.", key=v["key"]),
    "merge_itself": lambda v: tr("Record {key} cannot be merged with itself.", key=v["key"]),
    "merge_choice": lambda v: tr(
        "Of the field {field} one side is kept, not both.", field=field_label(str(v.get("field")))
    ),
    "merge_unreadable": lambda v: tr("“{text}” is not FIELD=left, FIELD=right or FIELD=both.", text=v["text"]),
    "possible_duplicate_row": lambda v: tr(
        "Row {row} of this file names the same project with other values; please decide.", row=v["row"]
    ),
    "cell_error": lambda v: tr("The cell holds an error of the workbook; please correct the formula or value."),
    "formula_uncomputed": lambda v: tr("The formula was not computed; please open the file and save it again."),
    "readers_differ": lambda v: tr("Two ways of reading this cell differ; please check its value in the workbook."),
    "sheet_hidden": lambda v: tr("The sheet is hidden in the workbook; it is read all the same."),
    "rows_filtered": lambda v: tr("A saved filter hides {count} rows; they are read all the same.", count=v["count"]),
    "rows_hidden": lambda v: tr(
        "{count} rows are hidden in the workbook; they are read all the same.", count=v["count"]
    ),
    "columns_hidden": lambda v: tr("Hidden columns are read all the same: {columns}.", columns=v["columns"]),
    "cells_clipped": lambda v: tr("Cells far away from the table are left out: {cells}.", cells=v["cells"]),
    "digits_lost": lambda v: tr(
        "A spreadsheet keeps 15 digits of a number only; check these cells and write such numbers as text: {cells}.",
        cells=v["cells"],
    ),
    "errors_not_listed": lambda v: tr("{count} more cells hold errors.", count=v["count"]),
    "merged_filled": lambda v: tr(
        "The value of merged cells counts for every row that they cover: {cells}.", cells=v["cells"]
    ),
    "count_differs": lambda v: tr(
        "{declared} rows are declared here, {found} are there; please check.", declared=v["declared"], found=v["found"]
    ),
    "total_differs": lambda v: tr(
        "The total declared here is {declared}, the rows add up to {found}; please check.",
        declared=v["declared"],
        found=v["found"],
    ),
    "date_unreadable": date_unreadable,
    "date_ambiguous": lambda v: tr("This date can be read in more than one way; please choose."),
    "date_impossible": lambda v: tr("There is no such day; please correct the date."),
    "money_unreadable": lambda v: tr("This is not readable as an amount; write it such as 1800万元 or 2亿美元."),
    "money_ambiguous": lambda v: tr("This amount can be read in more than one way; please choose."),
    "money_unit_needed": lambda v: tr(
        "No unit is given for this column of amounts; please say it once for the column."
    ),
    "money_dots": lambda v: tr(
        "The dot can be a decimal point or stand between thousands; please say it for the column."
    ),
    "second_amount": lambda v: tr(
        "Another column is taken for the amount already; say what the column “{header}” is.", header=v["header"]
    ),
    "field_without_unit": lambda v: tr("The field {field} has no unit of money.", field=v["field"]),
    "profile_unknown": lambda v: tr("There is no profile “{name}”.", name=v["name"]),
    "profile_exists": lambda v: tr("There is already a profile “{name}”; please choose another name.", name=v["name"]),
    "profile_nameless": lambda v: tr("Please give the profile a name."),
    "profile_does_not_fit": lambda v: tr(
        "The profile “{name}” does not fit this file; nothing was written. Not found: {missing}.",
        name=v["name"],
        missing=v["missing"],
    ),
    "department_unknown": lambda v: tr("The ledger knows no department “{name}”.", name=v["name"]),
    "rule_unknown": lambda v: tr("There is no remembered place name {rule}.", rule=v["rule"]),
    "header_unusable": lambda v: tr("Row {row} cannot be a header; please choose another row.", row=v["row"]),
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
    "marks_missing": lambda v: tr("The page has no place for the figures; please name docs/performance.md."),
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
    "year_out_of_range": lambda v: tr(
        "The year {year} is not possible; give one from {first} to {last}.",
        year=v["year"],
        first=v["first"],
        last=v["last"],
    ),
    "output_full": lambda _v: tr("The disk is full: the output could not be written in whole; the ledger is unharmed."),
    "folder_missing": lambda v: tr(
        "There is no folder {folder}; make it first, or choose another one.", folder=v["folder"]
    ),
    "file_unwritable": lambda v: tr(
        "The file cannot be written; it may be open in WPS or Excel. Close it or choose another name."
    ),
    "file_type_unknown": lambda v: tr("Files end in .xlsx, .csv or .ods; please choose one of these."),
    "display_unreachable": lambda v: tr(
        "The display {display} cannot be reached, so no window can be opened; is it running, and may you use it?",
        display=v["display"],
    ),
    "library_missing": lambda v: tr(
        "The system library {library} is missing, so no window can be opened; an administrator can install it.",
        library=v["library"],
    ),
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
    "view_none": lambda v: tr("There is no view “{name}”: none is saved in this ledger.", name=v["name"]),
    "view_unknown": lambda v: tr("There is no view “{name}”; saved are: {known}.", name=v["name"], known=v["known"]),
    "code_list_unknown": lambda v: tr(
        "The list “{list}” cannot be added to; possible are: {known}.",
        list=code_list_label(v["list"]),
        known=v["known"],
    ),
    "code_missing": lambda v: tr(
        "There is no code {code} in the list “{list}”.", code=v["name"], list=code_list_label(v["list"])
    ),
    "code_builtin": lambda v: tr("“{name}” is built in and stays as it is.", name=v["name"]),
    "code_name_needed": lambda v: tr("Please enter a name."),
    "code_name_unusable": lambda v: tr(
        "“{text}” cannot be a name: at most {longest} characters, without commas or semicolons.",
        text=v["text"],
        longest=v["longest"],
    ),
    "code_name_taken": lambda v: tr("“{text}” is already in this list: {name}.", text=v["text"], name=v["name"]),
    "code_parent_needed": lambda v: tr("Please say what it belongs to: {known}.", known=v["known"]),
    "code_parent_unknown": lambda v: tr(
        "It cannot belong to “{parent}”; possible are: {known}.", parent=v["parent"], known=v["known"]
    ),
    "code_parent_unused": lambda v: tr(
        "Codes of the list “{list}” belong to no other.", list=code_list_label(v["list"])
    ),
    "code_in_use": lambda v: tr(
        "“{name}” is used by {count} records, those in the bin counted; give them another code first.",
        name=v["name"],
        count=v["count"],
    ),
    "code_in_view": lambda v: tr(
        "The saved view “{view}” filters by “{name}”; change or delete the view first.", view=v["view"], name=v["name"]
    ),
    "code_is_parent": lambda v: tr(
        "“{child}” belongs to “{name}”; delete that one first.", child=v["child"], name=v["name"]
    ),
    "issue_unknown": lambda v: tr("No workbook {number} was issued.", number=v["number"]),
    "department_needed": lambda v: tr("To whom? Please name a department."),
    "due_unreadable": lambda v: tr("“{value}” is no day; write it such as 2026-12-15.", value=v["value"]),
    "issue_number_taken": lambda v: tr(
        "Another workbook was issued meanwhile as {number}; please issue again.", number=v["number"]
    ),
    "issue_needs_xlsx": lambda v: tr("Issued workbooks end in .xlsx; please choose such a name."),
    "reminder_file_type": lambda v: tr("The list ends in .docx or .xlsx; please choose one of these."),
    "cell_read_only": lambda v: tr("This column is not yours to change; our value stays. Write to us if it is wrong."),
    "text_was_shortened": lambda v: tr(
        "The text did not fit into the cell and cannot be changed there; send us the whole text."
    ),
    "record_in_bin": lambda v: tr("Record {key} was deleted here since; take it out of the bin first.", key=v["key"]),
    "outcome_project_unknown": lambda v: tr(
        "It is not clear which project this result belongs to; write its code from the sheet of projects."
    ),
    "outcomes_not_read": lambda v: tr("Results cannot be matched in a workbook without our marks; this sheet is left."),
    "columns_added": lambda v: tr(
        "These columns are not of our workbook and are not read: {columns}.", columns=v["columns"]
    ),
    "answer_over_itself": lambda v: tr("The answer would overwrite the department's own file; choose another name."),
    "answer_needs_xlsx": lambda v: tr("Only .xlsx workbooks can be answered; please save the file as .xlsx first."),
    "answer_unopenable": lambda v: tr(
        "The workbook cannot be written on; please open it in WPS or Excel and save it again as .xlsx."
    ),
    "damage_column_sorted": lambda v: tr(
        "“{columns}”: {count} values stand in other rows than when issued, as if the column had been sorted alone.",
        columns=v["columns"],
        count=v["count"],
    ),
    "damage_block_shifted": lambda v: shifted_sentence(v),
    "damage_keys_copied": lambda v: tr(
        "Rows {rows} were copied together with their hidden record number; the row most like the issued one keeps it.",
        rows=v["rows"],
    ),
    "damage_keys_lost": lambda v: tr(
        "Hidden record numbers are lost; {count} rows were matched again by what they say.", count=v["count"]
    ),
    "damage_keys_moved": lambda v: tr(
        "The rows were sorted without their hidden record numbers; they were matched again by what they say."
    ),
    "damage_keys_unknown": lambda v: tr(
        "{count} rows bear record numbers that were not issued; they are taken as rows without one.", count=v["count"]
    ),
    "damage_foreign_issue": lambda v: tr(
        "Workbook {issue} was not issued from this ledger; its rows are matched like those of any ledger.",
        issue=v["issue"],
    ),
    "damage_older_issue": lambda v: tr(
        "This is the older workbook {issue}; {count} of its rows were issued again as {newer}.",
        issue=v["issue"],
        count=v["count"],
        newer=v["newer"],
    ),
    "damage_lists_changed": lambda v: tr("The drop-down lists were changed: {columns}.", columns=v["columns"]),
    "damage_headers_changed": lambda v: tr(
        "Headers were changed: {columns}; the columns were taken by their place.", columns=v["columns"]
    ),
    "damage_columns_moved": lambda v: tr(
        "Columns were moved: {columns}; they were found by their headers.", columns=v["columns"]
    ),
    "damage_columns_missing": lambda v: tr(
        "Columns are missing: {columns}; their values stay as they are.", columns=v["columns"]
    ),
    "damage_sheet_missing": lambda v: tr(
        "The sheet “{sheet}” is missing; its values stay as they are.", sheet=v["sheet"]
    ),
    "damage_marks_lost": lambda v: tr(
        "The workbook has no marks of an issued one; its rows are matched like those of any ledger."
    ),
    "weights_wrong": lambda v: tr(
        "The weights of {what} add up to {total}, not to 100; please correct them.",
        what=weights_name(str(v["what"])),
        total=v["total"],
    ),
    "table_headers_missing": lambda v: tr(
        "No sheet has a row with the headers {headers}; please use the template.", headers=v["headers"]
    ),
    "table_nothing_usable": lambda v: tr("No row of the table can be used; please correct it and try again."),
    "baseline_name_taken": lambda v: tr(
        "A table cannot be called “{name}”; please choose another name.", name=v["name"]
    ),
    "baseline_zero_sum": lambda v: tr(
        "The values of the table add up to zero, so that nothing can be compared with them; nothing was stored."
    ),
    "baseline_years_several": lambda v: tr(
        "The table holds values of several years ({years}); please say which one is wanted.", years=v["years"]
    ),
    "baseline_year_absent": lambda v: tr(
        "The table holds values of {years} only, none of {year}.", years=v["years"], year=v["year"]
    ),
    "year_other": lambda v: tr("This row is of another year than the table and was left out."),
    "profile_of_no_mode": lambda v: tr("Record {key} is neither a park nor a mechanism.", key=v.get("key", "")),
    "built_above_area": lambda v: tr("The built area is larger than the whole one ({area} km²).", area=v["area"]),
    "area_unusable": lambda v: tr("An area is above 0 and at most {most} km²; mind the unit.", most=v["most"]),
    "map_points_few": lambda v: tr(
        "This needs {needed} control points, {given} are given; please add some.", needed=v["needed"], given=v["given"]
    ),
    "map_points_close": lambda v: tr("The control points must lie apart, both east-west and north-south."),
    "map_points_wrong": lambda v: tr(
        "The control points contradict one another or the projection; please check them, or choose another projection."
    ),
    "map_point_nowhere": lambda v: tr(
        "There is no longitude {lon} and latitude {lat}; please correct the point.", lon=v["lon"], lat=v["lat"]
    ),
    "map_extent_wrong": lambda v: tr("The extent needs west, east, south and north in degrees, south below north."),
    "map_number_needed": lambda v: tr(
        "Please enter the approval number as printed on the map, such as GS(2023)2767号."
    ),
    "map_picture_missing": lambda v: tr(
        "The picture of the base map ({name}) is gone or was changed; the sketch is shown.", name=v["name"]
    ),
    "map_picture_unusable": lambda v: tr("This is not a PNG or JPG picture of at least 200 × 100 pixels."),
    "threshold_unusable": lambda v: tr("A threshold is above 0 and at most {most}; please correct it.", most=v["most"]),
    "as_of_in_future": lambda v: tr(
        "Figures cannot be of a day to come ({date}); please correct it.", date=v.get("date", "")
    ),
    "area_unit_unknown": lambda v: tr("The unit of the area is not known; please use km², ha, m² or 亩."),
    "record_not_there": lambda v: tr("The ledger has no such park or mechanism; please log it first."),
    "record_ambiguous": lambda v: tr("Several records have this title; please give the key or the code."),
    "interval_unusable": lambda v: tr("An interval is 1 to {most} months.", most=v["most"]),
    "measure_of_projects": lambda v: tr("The measure {measure} is one of projects only.", measure=v["measure"]),
    "unit_unknown": lambda v: tr("This name is no unit of the dimension; please correct it."),
    "value_twice": lambda v: tr("This unit stands in the table twice; please keep one row."),
    "value_negative": lambda v: tr("A value cannot be below zero; please correct it."),
    "year_unreadable": lambda v: tr("The year is missing or not readable; write it such as 2017."),
    "criterion_unusable": lambda v: tr("The criterion needs a name of at most 40 characters."),
    "criterion_elsewhere": lambda v: tr("This criterion already belongs to another dimension; please rename it."),
    "dimension_unknown": lambda v: tr("This is no dimension of the city index; please use those of the template."),
    "rate_not_positive": lambda v: tr("An exchange rate must be above zero; please correct it."),
    "usage": lambda v: tr("Wrong use: {detail}", detail=v["detail"]),
    "unexpected": lambda v: tr("The program made a mistake; nothing was lost. The log says more."),
}
