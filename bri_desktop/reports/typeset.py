"""Lines as Chinese documents break them: anywhere between two characters, but no line begins with ，or ends with （.

Latin words and numbers stay whole. Pure: widths come from a function, positions go out; nothing is drawn here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bri_desktop.reports.document import Run

Measure = Callable[[str], float]
"""Text -> its width in points."""

NEVER_FIRST = frozenset("，。、；：？！）》〉”’」』】〕…—％%‰℃·,.;:?!)]}")
NEVER_LAST = frozenset("（《〈“‘「『【〔([{￥$")
WIDE_FROM = 0x2E80
WIDE_SIGNS = frozenset("“”‘’—…")
"""Signs below the Han range that take a whole cell beside Han characters."""
HYPHENED = re.compile(r"[A-Za-z]-$")
"""After such a hyphen a word may be parted; after that of a date it may not."""
MOST_SQUEEZE = 0.04
"""A line may be set tighter by this part of a cell for each gap, to hold a closing sign."""
MOST_STRETCH = 0.5


@dataclass(frozen=True, slots=True)
class Span:
    """Text at its place in a line: ``x`` from the left edge, ``gap`` added after each character, in points."""

    x: float
    text: str
    gap: float
    width: float
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A set line; ``width`` is what its text takes."""

    spans: tuple[Span, ...]
    width: float


@dataclass(frozen=True, slots=True)
class _Atom:
    """What is never broken: a Han character, a sign, a word, a number, a space."""

    text: str
    name: str | None
    natural: float
    width: float
    is_wide: bool

    @property
    def is_space(self) -> bool:
        return self.text == " "


def set_lines(
    runs: Sequence[Run], measure: Measure, width: float, *, indent: float = 0.0, cell: float = 0.0, justify: bool = True
) -> list[Line]:
    """Return the lines of a paragraph in a column of ``width``.

    ``cell`` is the advance of a Han character where a grid is kept, 0 without one. All but the last line reach both
    edges where ``justify``.
    """
    lines: list[Line] = []
    kept: list[_Atom] = []
    left, used = indent, 0.0
    for atom in _atoms(runs, measure, cell, width):
        if kept and used + atom.width > width - left + 0.01 and not atom.is_space:
            moved = _break(kept, atom, width - left - used)
            if moved is not None:
                whole, kept = (kept[: len(kept) - moved], kept[len(kept) - moved :]) if moved else (kept, [])
                lines.append(_line(whole, left, width if justify else 0.0))
                left, used = 0.0, sum(one.width for one in kept)
        if not kept and atom.is_space:
            continue
        kept.append(atom)
        used += atom.width
    if kept or not lines:
        lines.append(_line(kept, left, width if used > width - left else 0.0))
    return lines


def _break(kept: Sequence[_Atom], following: _Atom, room: float) -> int | None:
    """Return how many atoms go on to the next line with ``following``; ``None`` keeps it too, set tighter."""
    closes = following.text[0] in NEVER_FIRST
    if closes and following.width - room <= len(kept) * MOST_SQUEEZE * following.width:
        return None
    moved = 0
    first = following
    for atom in reversed(kept):
        may_part = first.text[0] not in NEVER_FIRST and atom.text[-1] not in NEVER_LAST and not _joined(atom, first)
        if may_part or moved > 8:
            break
        moved += 1
        first = atom
    return moved if moved < len(kept) else 0


def _joined(before: _Atom, after: _Atom) -> bool:
    hyphened = HYPHENED.search(before.text) is not None and after.text[0].isalpha()
    return not (before.is_wide or after.is_wide or before.is_space or after.is_space or hyphened)


def _line(atoms: Sequence[_Atom], left: float, full: float) -> Line:
    """Place the atoms of a line from ``left``, spread or squeezed to reach ``full`` (0: as they are)."""
    while atoms and atoms[-1].is_space:
        atoms = atoms[:-1]
    natural = sum(atom.width for atom in atoms)
    gaps = _gaps(atoms)
    extra = (full - left - natural) / gaps if full and gaps else 0.0
    if atoms and extra > MOST_STRETCH * natural / max(sum(len(atom.text) for atom in atoms), 1):
        extra = 0.0
    spans: list[Span] = []
    x = left
    for position, atom in enumerate(atoms):
        last = position == len(atoms) - 1
        step = atom.width + (0.0 if last or not _opens(atom, atoms[position + 1]) else extra)
        _add(spans, Span(x, atom.text, step - atom.natural if atom.is_wide else 0.0, step, atom.name))
        x += step
    return Line(tuple(spans), x)


def _add(spans: list[Span], span: Span) -> None:
    """Add a span to a line, or its text to the last span where both are set alike."""
    before = spans[-1] if spans else None
    if (
        before is not None
        and before.name == span.name
        and is_wide(before.text[-1])
        and is_wide(span.text[0])
        and abs(before.gap - span.gap) < 0.001
    ):
        spans[-1] = Span(before.x, before.text + span.text, span.gap, span.x + span.width - before.x, span.name)
    else:
        spans.append(span)


def _gaps(atoms: Sequence[_Atom]) -> int:
    return sum(_opens(atoms[place], atoms[place + 1]) for place in range(len(atoms) - 1))


def _opens(before: _Atom, after: _Atom) -> bool:
    """Tell whether room may be given between two atoms."""
    return before.is_wide or after.is_wide or before.is_space


def is_wide(char: str) -> bool:
    """Tell whether a character takes a whole cell."""
    return ord(char) >= WIDE_FROM or char in WIDE_SIGNS


def _atoms(runs: Sequence[Run], measure: Measure, cell: float, most: float) -> Iterator[_Atom]:
    for run in runs:
        text, name = (run, None) if isinstance(run, str) else (run.shown, run.name)
        word = ""
        for char in text:
            if is_wide(char) or char.isspace():
                yield from _word(word, name, measure, most)
                word = ""
                wide = is_wide(char)
                shown = char if wide else " "
                natural = measure(shown)
                yield _Atom(shown, name, natural, cell if wide and cell else natural, wide)
            else:
                if HYPHENED.search(word) and char.isalpha():
                    yield from _word(word, name, measure, most)
                    word = ""
                word += char
        yield from _word(word, name, measure, most)


def _word(word: str, name: str | None, measure: Measure, most: float) -> Iterator[_Atom]:
    """Yield a word, in parts where it is longer than a line."""
    while word:
        part = word
        while len(part) > 1 and measure(part) > most:
            part = part[: max(1, int(len(part) * most / measure(part)))]
        yield _Atom(part, name, measure(part), measure(part), is_wide=False)
        word = word[len(part) :]
