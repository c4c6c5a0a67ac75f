"""Start-up only: no command opens the window, anything else is the command line."""

import gc
import sys

from bri_desktop.arguments import COMMANDS_HELP, GlobalOptions, split_global
from bri_desktop.logs import log_file


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status."""
    options, rest = split_global(sys.argv[1:] if arguments is None else arguments)
    with log_file(debug=options.debug):
        if not rest and not options.help and not options.fault:
            return _open_window(options)
        from bri_desktop.cli import run

        return run(options, rest or [COMMANDS_HELP])


def _open_window(options: GlobalOptions) -> int:
    gc.disable()  # nothing made while the modules load is garbage; the runner takes it up again
    from bri_desktop.app import run_window

    return run_window(options)


if __name__ == "__main__":
    raise SystemExit(main())
