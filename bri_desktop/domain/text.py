"""Folding of typed text, shared by every parser: what looks the same to a reader is the same to the program."""

import re
import unicodedata

_ESCAPED_CONTROL = re.compile(r"_x(00[01][0-9A-Fa-f])_")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_SPACE = re.compile(r"\s+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def fold(text: str) -> str:
    """Return ``text`` half-width, without invisible characters, with single spaces, trimmed, dashes made ``-``.

    The escapes (``_x000D_``) that spreadsheets write for control characters count as white space. Only for
    matching and reading: the raw text is what is kept and shown.
    """
    if text.isascii() and text.isalnum():
        return text
    plain = _ESCAPED_CONTROL.sub(" ", text)
    plain = unicodedata.normalize("NFKC", plain).translate(_DASHES)
    return _SPACE.sub(" ", _INVISIBLE.sub("", plain)).strip()


def squeeze(text: str) -> str:
    """Return ``text`` folded and without any space at all."""
    return fold(text).replace(" ", "")
