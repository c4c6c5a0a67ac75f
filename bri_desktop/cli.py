"""The command line: runs one command over the services and gives every failure one sentence and a status.

Every command is a function of a ``Context``; what it returns is printed as one JSON object or as plain lines.
"""

import errno
import json
import logging
import os
import sys
import traceback
from typing import Any

import typer
from typer.exceptions import TyperException

from bri_desktop import i18n
from bri_desktop.arguments import INTERRUPTED, GlobalOptions
from bri_desktop.commands import app, usage
from bri_desktop.commands.base import DONE, REFUSED, WRONG_USE, context
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, UserError
from bri_desktop.labels import error_sentence, sentence

log = logging.getLogger(__name__)
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def run(options: GlobalOptions, arguments: list[str]) -> int:
    """Run one command; return the exit status. No traceback leaves without ``--debug``."""
    i18n.set_language(options.language)
    usage.speak()
    context.options, context.status = options, DONE
    try:
        if options.fault:
            raise InputError("usage", detail=options.fault)
        # The framework catches Ctrl+C itself and returns the status of it.
        if app(args=arguments, prog_name="bri-desktop", standalone_mode=False) == INTERRUPTED:
            return _fail(InputError("cancelled"), WRONG_USE)
    except TyperException as error:
        return _fail(InputError("usage", detail=usage.words(error)), WRONG_USE)
    except (typer.Abort, KeyboardInterrupt):
        return _fail(InputError("cancelled"), WRONG_USE)
    except UserError as error:
        return _fail(error, REFUSED if isinstance(error, DatabaseRefusedError) else WRONG_USE)
    except (BrokenPipeError, SystemExit):  # the framework of commands makes an exit of a broken pipe
        return _reader_left()
    except OSError as error:
        return _output_full(error) if error.errno in NO_SPACE else _unexpected(error)
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback reaches a user
        return _unexpected(error)
    finally:
        context.close()
    return context.status


def _fail(error: UserError, status: int) -> int:
    if context.options.debug:
        traceback.print_exc()
    message = error_sentence(error)
    where = {name: value for name in ("file", "sheet", "cell", "field", "key") if (value := getattr(error.where, name))}
    fault: dict[str, Any] = {"error": {"code": error.code, "message": message, "where": where or None}}
    problems = getattr(error, "problems", ())
    if problems:
        fault["problems"] = [
            {"field": p.field, "code": p.code, "message": sentence(p.code, p.values)} for p in problems
        ]
    if context.options.json:
        sys.stdout.write(json.dumps(fault, ensure_ascii=False) + "\n")
    else:
        lines = [message, *(f"  {p['field']}: {p['message']}" for p in fault.get("problems", ()))]
        sys.stderr.write("\n".join(lines) + "\n")
    return status


def _reader_left() -> int:
    """Whoever read our output has gone (``| head``): nothing more to say, and nothing went wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return context.status


def _output_full(error: OSError) -> int:
    """What stdout goes to is full: told on stderr, and nothing more is tried there, not even at the end of Python."""
    _reader_left()
    if context.options.debug:
        traceback.print_exception(error)
    sys.stderr.write(sentence("output_full") + "\n")
    return REFUSED


def _unexpected(error: Exception) -> int:
    log.error("unexpected error", exc_info=error)
    if context.options.debug:
        traceback.print_exc()
    return _fail(UserError("unexpected", detail=type(error).__name__), REFUSED)
