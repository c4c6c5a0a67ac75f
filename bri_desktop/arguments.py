"""The options that every command takes, before or after its name; a leaf, so that the window starts quickly."""

from dataclasses import dataclass, replace
from pathlib import Path

from bri_desktop import administration, i18n, paths

COMMANDS_HELP = "--help"
INTERRUPTED = 130
"""Status of a command that was stopped by Ctrl+C, as shells give it."""
LEDGER_ENDINGS = (".db", ".briledger")
"""Endings of files that a window is opened on; the second is the one that belongs to this program alone."""
BACKUP_ENDING = ".bribackup"


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """Which database, which language, and how to speak; ``fault`` says what was wrong with them."""

    db: str | None = None
    lang: str | None = None
    json: bool = False
    debug: bool = False
    help: bool = False
    fault: str | None = None
    backup: Path | None = None
    """A backup that was opened with the program: the window offers to restore it."""

    @property
    def language(self) -> str:
        """The language asked for, else that of this computer, else the default one."""
        return self.lang or administration.current().text("language") or i18n.DEFAULT_LANGUAGE

    @property
    def database(self) -> Path:
        """The file of the ledger."""
        if self.db is None:
            return paths.default_database()
        return Path(self.db.removeprefix("sqlite:///")).expanduser()


def split_global(arguments: list[str]) -> tuple[GlobalOptions, list[str]]:
    """Return the global options, wherever they stand before a ``--``, and what is left."""
    options, rest = GlobalOptions(), []
    queue = list(arguments)
    while queue:
        word = queue.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            rest.extend([word, *queue])
            break
        if name in ("--db", "--lang"):
            if not equals and not queue:
                options = replace(options, fault=name)
                continue
            options = _with(options, name, value if equals else queue.pop(0))
        elif word == "--json":
            options = replace(options, json=True)
        elif word == "--debug":
            options = replace(options, debug=True)
        else:
            options = replace(options, help=options.help or word == "--help")
            rest.append(word)
    return options, rest


def with_opened_file(options: GlobalOptions, rest: list[str]) -> tuple[GlobalOptions, list[str]]:
    """Take a single word that names a ledger or a backup, as a file manager gives it, for a wish to open it."""
    if len(rest) != 1 or options.help or rest[0].startswith("-"):
        return options, rest
    file = Path(rest[0])
    ending = file.suffix.lower()
    if ending == BACKUP_ENDING and file.is_file():
        return replace(options, backup=file), []
    if ending in LEDGER_ENDINGS and file.is_file() and options.db is None:
        return replace(options, db=str(file)), []
    return options, rest


def _with(options: GlobalOptions, name: str, value: str) -> GlobalOptions:
    if name == "--db" and "://" in value and not value.startswith("sqlite:///"):
        return replace(options, fault=f"--db {value.partition('://')[0]}")
    if name == "--db":
        return replace(options, db=value)
    if value not in i18n.LANGUAGES:
        return replace(options, fault=f"--lang {value}")
    return replace(options, lang=value)
