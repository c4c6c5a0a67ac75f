"""Start-up only: no command opens the window, anything else is the command line."""

import gc
import sys

from bri_desktop import system
from bri_desktop.arguments import COMMANDS_HELP, INTERRUPTED, GlobalOptions, split_global, with_opened_file
from bri_desktop.logs import log_file
from bri_desktop.system import MISSING


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status."""
    if arguments is None:
        system.speak_utf8()
    given = sys.argv[1:] if arguments is None else arguments
    if given == [system.READER_ARGUMENT]:
        from bri_desktop.excel.reader_child import main as read_workbook

        return read_workbook()
    system.give_libraries_back()
    system.give_streams()
    options, rest = with_opened_file(*split_global(given))
    with log_file(debug=options.debug):
        if not rest and not options.help and not options.fault:
            return _open_window(options)
        try:
            from bri_desktop.cli import run

            return run(options, rest or [COMMANDS_HELP])
        except KeyboardInterrupt:  # while the libraries load, before there is anything to say it with
            return INTERRUPTED


def _open_window(options: GlobalOptions) -> int:
    gc.disable()  # nothing made while the modules load is garbage; the runner takes it up again
    try:
        from bri_desktop.start import run_window
    except ImportError as error:
        return _not_loaded(options, error)
    return run_window(options)


def _not_loaded(options: GlobalOptions, error: ImportError) -> int:
    """Say which library of the system the window lacks; any other failure to load is an error of ours."""
    from bri_desktop import i18n
    from bri_desktop.labels import sentence

    found = MISSING.search(str(error))
    if found is None:
        raise error
    i18n.set_language(options.language)
    sys.stderr.write(sentence("library_missing", {"library": found[1]}) + "\n")
    return system.NO_WINDOW_STATUS


if __name__ == "__main__":
    raise SystemExit(main())
