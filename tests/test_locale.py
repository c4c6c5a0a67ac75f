"""The Chinese of every text: each ``tr("…")`` of the program has a translation, and each translation a use."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from bri_desktop import i18n, paths

PACKAGE = Path(i18n.__file__).parent
CATALOGUES = paths.resources() / "locale"
HAN = re.compile(r"[㐀-鿿]")
WORD = re.compile(r"[A-Za-z]{2}(?![^{]*})")  # outside the braces of a field


@dataclass(frozen=True)
class Call:
    """One call of ``tr`` in the program: its place, its text if literal, and the names it fills in."""

    place: str
    text: str | None
    names: frozenset[str] | None
    """``None`` where ``**values`` hides them."""


def _is_tr(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id == "tr"
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "tr"
        and isinstance(function.value, ast.Name)
        and function.value.id == "i18n"
    )


def _call(path: Path, node: ast.Call) -> Call:
    first = node.args[0] if node.args else None
    text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
    names = [keyword.arg for keyword in node.keywords]
    known = None if None in names else frozenset(name for name in names if name)
    return Call(f"{path.relative_to(PACKAGE)}:{node.lineno}", text, known)


def _calls() -> Iterator[Call]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and _is_tr(node.func):
                yield _call(path, node)


def _fields(text: str) -> frozenset[str]:
    """Return the names in braces; raise ``ValueError`` for text that ``str.format`` would not take."""
    return frozenset(re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(text) if name is not None)


CALLS = list(_calls())


def _pairs(language: str) -> Iterator[tuple[str, str, str]]:
    """Yield (file, source text, translation) as written, repetitions within one file included."""
    for file in sorted((CATALOGUES / language).glob("*.json")):
        for source, translation in json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=list):
            yield file.name, source, translation


CHINESE = list(_pairs("zh_CN"))


def test_texts_are_literal() -> None:
    assert [call.place for call in CALLS if call.text is None] == []


def test_every_text_has_its_chinese() -> None:
    translated = {source for _, source, _ in CHINESE}
    assert [f"{call.place} {call.text!r}" for call in CALLS if call.text and call.text not in translated] == []


def test_no_translation_is_dead() -> None:
    used = {call.text for call in CALLS}
    assert [f"{file}: {source!r}" for file, source, _ in CHINESE if source not in used] == []


def test_one_text_has_one_translation() -> None:
    translations: dict[str, set[str]] = {}
    for _, source, translation in CHINESE:
        translations.setdefault(source, set()).add(translation)
    assert {source: found for source, found in translations.items() if len(found) > 1} == {}


def test_fields_agree_between_the_languages() -> None:
    assert [(source, text) for _, source, text in CHINESE if _fields(source) != _fields(text)] == []


def test_calls_fill_in_every_field() -> None:
    calls = [call for call in CALLS if call.text is not None and call.names is not None]
    assert [f"{call.place} {call.text!r}" for call in calls if _fields(call.text or "") - (call.names or set())] == []


def test_translations_are_chinese() -> None:
    """A name such as a product's may stay as it is; any other text with words in it is in Han characters."""
    left = [source for _, source, text in CHINESE if WORD.search(source) and not HAN.search(text) and text != source]
    assert left == []
