"""What every command shares: the application they register with, the options of this call, what it came to."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import typer

from bri_desktop.arguments import GlobalOptions
from bri_desktop.cli_text import render
from bri_desktop.db.database import Database, open_database
from bri_desktop.domain.errors import InputError, Where

DONE, ATTENTION, WRONG_USE, REFUSED = 0, 1, 2, 3

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Filter = Annotated[str, typer.Option("--filter", help="Such as: mode = sister_city and signed >= 2010")]
Why = Annotated[str, typer.Option("--why", help="The reason; it stands in the history")]


@dataclass(slots=True)
class Context:
    """The options of this call and what it came to."""

    options: GlobalOptions = field(default_factory=GlobalOptions)
    status: int = DONE
    opened: list[Database] = field(default_factory=list)

    def database(self) -> Database:
        """Open the ledger, made where there is none yet; in a folder that is named it is not made silently."""
        path = self.options.database
        if self.options.db is not None and not path.absolute().parent.is_dir():
            raise InputError("folder_missing", where=Where(file=path.name), folder=str(path.parent))
        return self._kept(open_database(self.options.database))

    def existing(self) -> Database:
        """Open the ledger to read from; a mistyped path is told, not made into an empty ledger."""
        return self._kept(open_database(self.options.database, create=self.options.db is None))

    def _kept(self, database: Database) -> Database:
        self.opened.append(database)
        return database

    def close(self) -> None:
        """Close what was opened, so that the ledger is one whole file again."""
        while self.opened:
            self.opened.pop().close()

    def done(self, name: str, value: Mapping[str, Any], status: int = DONE) -> None:
        """Print what a command came to."""
        self.status = status
        text = json.dumps(value, ensure_ascii=False) if self.options.json else render(name, value)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


context = Context()


def one_of(value: str, known: tuple[str, ...]) -> None:
    """Refuse a value of an option that is none of those known."""
    if value not in known:
        raise InputError("option_unknown", value=value, known=", ".join(known))
