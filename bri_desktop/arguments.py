"""The options that every command takes, before or after its name; a leaf, so that the window starts quickly."""

from dataclasses import dataclass, replace
from pathlib import Path

from bri_desktop import i18n, paths

COMMANDS_HELP = "--help"


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """Which database, which language, and how to speak; ``fault`` says what was wrong with them."""

    db: str | None = None
    lang: str | None = None
    json: bool = False
    debug: bool = False
    help: bool = False
    fault: str | None = None

    @property
    def language(self) -> str:
        """The language asked for, else the default one."""
        return self.lang or i18n.DEFAULT_LANGUAGE

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


def _with(options: GlobalOptions, name: str, value: str) -> GlobalOptions:
    if name == "--db" and "://" in value and not value.startswith("sqlite:///"):
        return replace(options, fault=f"--db {value.partition('://')[0]}")
    if name == "--db":
        return replace(options, db=value)
    if value not in i18n.LANGUAGES:
        return replace(options, fault=f"--lang {value}")
    return replace(options, lang=value)
