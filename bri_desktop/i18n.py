"""Words in the user's language: English source text, Chinese from the catalogues in ``resources/locale``.

A catalogue is a JSON object from source text to translation; all files of a language's folder are one catalogue,
so that each area of the program keeps its own. ``{name}`` fields are filled in by ``str.format``.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from bri_desktop import paths

LANGUAGES = ("zh_CN", "en")
DEFAULT_LANGUAGE = "zh_CN"

_language = DEFAULT_LANGUAGE
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def set_language(language: str) -> None:
    """Choose the language of every later :func:`tr`; raise ``ValueError`` for one that is not shipped."""
    global _language
    if language not in LANGUAGES:
        raise ValueError(language)
    _language = language


def language() -> str:
    """Return the chosen language, ``zh_CN`` or ``en``."""
    return _spoken.get() or _language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language within this block and thread: a document in English from a Chinese window."""
    if language not in LANGUAGES:
        raise ValueError(language)
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return source text -> translation of one language; English has none."""
    merged: dict[str, str] = {}
    folder = paths.resources() / "locale" / language
    for file in sorted(folder.glob("*.json")):
        merged.update(json.loads(file.read_text(encoding="utf-8")))
    return merged


def tr(source: str, /, **values: object) -> str:
    """Return ``source`` in the chosen language with its ``{name}`` fields filled in."""
    chosen = language()
    text = source if chosen == "en" else catalogue(chosen).get(source, source)
    return text.format(**values) if values else text
