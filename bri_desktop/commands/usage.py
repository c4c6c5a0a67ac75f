"""Wrong use of the command line in words of the chosen language, and the headings and sentences of its help."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import typer.rich_utils
from typer.exceptions import TyperException

from bri_desktop.commands.base import app
from bri_desktop.i18n import tr

NO_COMMAND = re.compile(r"^No such command '(.*?)'(?:\.|\.? Did you mean (.*?)\??)?$")
NAME = re.compile(r"'([\w-]+)'")
EXTRA = re.compile(r"^Got unexpected extra argument\S* \((.*)\)")

HELP: Mapping[str, Callable[[], str]] = {
    "init": lambda: tr("Make a new ledger with the reference data."),
    "demo": lambda: tr("Take the sample ledger into an empty database, through the ordinary importer."),
    "inspect": lambda: tr("Show what the importer sees in a workbook; nothing is written."),
    "import": lambda: tr("Take in a ledger."),
    "pending": lambda: tr("List the rows that imports kept aside and that wait to be decided."),
    "undo": lambda: tr("Take an import back, field by field; what was edited since stays."),
    "export": lambda: tr("Write the ledger to .xlsx, .csv or .ods."),
    "list": lambda: tr("List records."),
    "show": lambda: tr("Show one record."),
    "add": lambda: tr("Log a project, or what belongs to one."),
    "edit": lambda: tr("Change fields of a record; an empty value clears one."),
    "delete": lambda: tr("Put a record into the bin."),
    "history": lambda: tr("Show what was changed in a record and in what hangs on it, latest first."),
    "stats": lambda: tr("Count projects by a dimension, with measures of imbalance."),
    "tour": lambda: tr("Save a picture of every page, with the sample data in a temporary database."),
    "settings": lambda: tr("Show or set the names of office and user, the home city, days ahead, rules, thresholds."),
    "self-test": lambda: tr("Try every part of the installed program once, in a temporary folder."),
    "bench": lambda: tr("Measure speed and memory, each beside a peer in the same run."),
    "codes": lambda: tr("Show the code lists an office can add to."),
    "code-add": lambda: tr("Add a code of the office's own to a list."),
    "code-rename": lambda: tr("Give an own code another name."),
    "code-move": lambda: tr("Move an own code among the own codes of its list."),
    "code-delete": lambda: tr("Delete an own code that no record uses."),
    "duplicates": lambda: tr("List pairs of records that may be one, with what speaks for it and against."),
    "merge-records": lambda: tr("Make one record of two; one undo restores both."),
    "distinct": lambda: tr("Remember that two records which look alike are different."),
    "issue": lambda: tr("Write a workbook for a department and register it."),
    "issued": lambda: tr("List the workbooks issued: to whom, due when, returned or not."),
    "remind": lambda: tr("Write the list of departments that have not returned their workbook, as .docx or .xlsx."),
    "baseline-import": lambda: tr("Take in a table that shares are compared with: population, trade …"),
    "index-import": lambda: tr("Take in values of the criteria of the city index."),
    "tiers-import": lambda: tr("Take in the tiers of countries in financial integration."),
    "rates-import": lambda: tr("Take in exchange rates: yuan for one unit of a currency."),
    "mode-import": lambda: tr("Take in a sheet of parks or mechanisms, as export --kind park writes it."),
    "tables": lambda: tr("List the tables that the office has brought, or take back what was done to them last."),
    "measure-template": lambda: tr("Write an empty table of values to fill in."),
    "baselines": lambda: tr("List the baselines: those built in and those the office has brought."),
    "weights": lambda: tr("Show or set the weights of the profile and of the city index; they add up to 100."),
    "merge": lambda: tr("Take in a returned workbook, cell by cell against what was sent."),
    "annotate": lambda: tr("Write the department's own workbook with a verdict on every cell that was changed."),
    "profiles": lambda: tr("List the profiles: which ledgers are known by their headers."),
    "profile-show": lambda: tr("Show the columns, units and values of a profile."),
    "profile-rename": lambda: tr("Give a profile another name."),
    "profile-delete": lambda: tr("Forget a profile; records that came in by it stay."),
    "place-rules": lambda: tr("List the remembered place names: which name, under which country, is which place."),
    "place-rule-delete": lambda: tr("Forget a remembered place name; records stay, the name is asked about again."),
    "backup": lambda: tr("Copy the ledger; with a name, into one file with all attachments."),
    "backups": lambda: tr("List the copies that the program made by itself."),
    "restore": lambda: tr("Put the ledger of a backup in the place of the present one, which is kept."),
    "check": lambda: tr("Look the ledger and its attachments through, row by row."),
    "dispose": lambda: tr("Remove deleted projects for good: from tables, history, attachments and free pages."),
    "disposals": lambda: tr("List what was removed for good, when, by whom and why."),
    "salvage": lambda: tr("Make a new ledger of all that can be read of a damaged one, which is kept."),
    "report": lambda: tr("Write the yearly summary as Word, PDF or Excel."),
    "record-sheet": lambda: tr("Write the one-page sheet of projects or ties as Word or PDF."),
    "freeze": lambda: tr("Declare the figures of a year final and keep them with the records behind them."),
    "restate": lambda: tr("Say which figures of a frozen year later corrections have changed, and keep the note."),
    "show-figure": lambda: tr("Show the value of a figure of the summary and the records behind it."),
    "report-templates": lambda: tr("List, keep or forget choices of sections for the yearly summary."),
    "attach": lambda: tr("Keep files or folders beside the ledger and hang them on a record."),
    "attachments": lambda: tr("List the files of a record, and what is missing or changed."),
    "attachment-save": lambda: tr("Write a read-only copy of an attached file."),
    "procedures": lambda: tr("List the approval procedures with their steps."),
    "approval-open": lambda: tr("Begin the approval of a project or a tie."),
    "approval-act": lambda: tr("Submit, return, decide, refuse or skip the step an approval is in."),
    "diagnose": lambda: tr("Answer the eight complaints of the report with the figures of this ledger."),
}


def speak() -> None:
    """Give the help the headings and sentences of the chosen language."""
    typer.rich_utils.ARGUMENTS_PANEL_TITLE = tr("Arguments")
    typer.rich_utils.OPTIONS_PANEL_TITLE = tr("Options")
    typer.rich_utils.COMMANDS_PANEL_TITLE = tr("Commands")
    for command in app.registered_commands:
        name = command.name or str(getattr(command.callback, "__name__", ""))
        if name in HELP:
            command.help = HELP[name]()


def words(error: TyperException) -> str:
    """Return what was wrong with a command line, in one sentence."""
    text = error.format_message()
    param, option = getattr(error, "param", None), getattr(error, "option_name", None)
    if param is not None:
        return _of_parameter(param, is_missing=text.startswith("Missing "))
    if option:
        missing = tr("The option {option} needs a value.", option=option)
        return missing if "requires" in text else tr("There is no option {option}.", option=option)
    if found := NO_COMMAND.match(text):
        return _no_command(found[1], NAME.findall(found[2] or ""))
    if found := EXTRA.match(text):
        return tr("Too many arguments: {extra}.", extra=found[1])
    return text


def _no_command(name: str, alike: Sequence[str]) -> str:
    if not alike:
        return tr("There is no command {name}; --help lists all.", name=name)
    return tr("There is no command {name}; is {alike} meant? --help lists all.", name=name, alike=" / ".join(alike))


def _of_parameter(param: Any, *, is_missing: bool) -> str:
    is_option = param.param_type_name == "option"
    name = " / ".join(param.opts) if is_option else param.metavar or str(param.name).upper().rstrip("_")
    if is_missing:
        return tr("{name} is missing.", name=name)
    return tr("The value of {name} is not possible; --help says what is.", name=name)
