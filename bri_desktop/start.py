"""A start of the window: display, settings, ledger; then one window after the other until the user leaves.

What cannot start says so in one sentence and a status; nothing is left half done.
"""

import gc
import logging
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication

from bri_desktop import administration, display, i18n, paths
from bri_desktop.app import Program, make_application, wait_until
from bri_desktop.arguments import GlobalOptions
from bri_desktop.crash import write_report
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.labels import error_sentence, sentence
from bri_desktop.opening import Opened, open_ledger
from bri_desktop.system import NO_WINDOW_STATUS
from bri_desktop.ui import dialogs
from bri_desktop.ui.settings import FONT, LANGUAGE, PALETTE, SCALE, THEME, Settings, administered
from bri_desktop.ui.shared import tokens
from bri_desktop.ui.theme import Theme

REFUSED_STATUS = 3
SWITCH_SECONDS = 0.001
"""Python's threads change places five times as often as usual: the window waits for the lock after each call of Qt."""

log = logging.getLogger(__name__)


def run_window(options: GlobalOptions, *, page: str | None = None, until_shown: bool = False) -> int:
    """Open the window and return the exit status; ``until_shown`` prints when the first rows are shown, and ends."""
    i18n.set_language(options.language)
    fault = display.fault(os.environ)
    if fault is not None:
        sys.stderr.write(sentence(fault.code, fault.values) + "\n")
        return NO_WINDOW_STATUS
    settings = _settings(options)
    language = options.lang or settings.get(LANGUAGE)
    i18n.set_language(language)
    _scale(settings.get(SCALE))
    tokens.use_family(settings.get(FONT))
    tokens.use_safe_colours(settings.get(PALETTE) == "safe")
    application, theme = make_application(language, settings.get(THEME))
    sys.excepthook = _report
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        return _windows(application, theme, options, page, until_shown=until_shown)
    except UserError as error:
        _tell_and_wait(application, error)
        return REFUSED_STATUS


def _windows(
    application: QApplication, theme: Theme, options: GlobalOptions, page: str | None, *, until_shown: bool
) -> int:
    """Show one window after the other: after a restored backup, after another ledger was chosen."""
    before: GlobalOptions | None = None
    while True:
        settings = _settings(options)
        try:
            opened = open_ledger(options.database, settings)
        except UserError as error:
            if before is None:
                raise
            _tell_and_wait(application, error)
            options, before = before, None
            continue
        if opened is None:
            return 0
        program = Program(application, opened.database, settings, theme)
        program.window.status.set_read_only(opened.note)
        _live(program, options, page, until_shown=until_shown)
        opened.close_beside()
        if program.new_ledger is not None:
            _put_in_place(program.new_ledger, opened)
            options = replace(options, backup=None)
        elif program.other_ledger is not None:
            before, options = replace(options, backup=None), _on(options, program.other_ledger)
        else:
            return 0


def _put_in_place(new: Path, opened: Opened) -> None:
    """Let ``new`` become the ledger; where the disk refuses, say so and go on with the old one."""
    from bri_desktop.services.restoring import discard, put_in_place

    try:
        put_in_place(new, opened.database.path)
    except UserError as error:
        discard(new)
        dialogs.tell(None, error_sentence(error))


def _on(options: GlobalOptions, ledger: Path) -> GlobalOptions:
    """Return the options of a window on another ledger."""
    named = None if ledger == paths.default_database() else str(ledger)
    return replace(options, db=named, backup=None)


def _live(program: Program, options: GlobalOptions, page: str | None, *, until_shown: bool) -> None:
    """Show a window until it is closed."""
    if page is None:
        program.window.show_first_page()
    else:
        program.window.show_page(page)
    program.window.show()
    gc.freeze()
    if until_shown:
        wait_until(lambda: program.window.page(program.window.current_code()).is_filled())
        sys.stdout.write(f"{time.time()}\n")
    else:
        program.remember(options.database)
        program.day.greet()
        if options.backup is not None:
            program.offer_backup(options.backup)
        program.application.exec()
    program.close()


def _scale(percent: int) -> None:
    """Let Qt draw everything so much larger; what stands in the environment goes before."""
    if percent != SCALE.default:
        os.environ.setdefault("QT_SCALE_FACTOR", str(percent / 100))


def _settings(options: GlobalOptions) -> Settings:
    decided = administration.current()
    for fault in decided.faults:
        log.warning("configuration %s: %s", decided.file, fault)
    return Settings(settings_file(options), given=administered(decided.defaults), fixed=administered(decided.fixed))


def settings_file(options: GlobalOptions) -> Path:
    """Settings lie beside a ledger of the user's choice, so that a trial does not touch the everyday ones."""
    if options.db is None:
        return paths.everyday_settings()
    return options.database.parent / f"{options.database.stem}.settings.ini"


def _tell_and_wait(application: QApplication, error: UserError) -> None:
    """Say why nothing opens, on the terminal and in a box that stays until it is read."""
    sys.stderr.write(error_sentence(error) + "\n")
    if application.platformName() != "offscreen":
        dialogs.ask(None, error_sentence(error), [dialogs.Choice("close", tr("Close"))], detail=error.where.file or "")


def _report(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """Log an error of ours with its traceback and say so; nothing that was saved is lost."""
    log.error("unexpected error", exc_info=(kind, value, trace))
    report = write_report(kind, value, trace)
    detail = tr("A report without any record can be sent to the developers: {file}", file=report) if report else ""
    dialogs.tell(None, sentence("unexpected"), detail=detail)
