"""The last step of a summary: sections in the chosen order get their headings, numbers and captions.

Sections come with bare headings and empty labels; whatever was chosen, and in whatever order, the numbers run without
a gap. ``see(name)`` in a text stands for the label of a table or picture that is only known now.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bri_desktop.i18n import language, tr
from bri_desktop.reports.document import Block, Heading, Paragraph, Picture, Run, Section, Table, text_of
from bri_desktop.reports.wording import ABSENT

_SEE = re.compile("\ue002([^\ue003]*)\ue003")
_DIGITS = "零一二三四五六七八九"


def see(name: str) -> str:
    """Return the placeholder for the label of the table or picture ``name``."""
    return f"\ue002{name}\ue003"


def chinese_number(number: int) -> str:
    """Return 1–99 in Chinese numerals: 十, 十一, 二十三."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def heading_number(counts: Sequence[int]) -> str:
    """Return the number of a heading whose ancestors and itself are the ``counts``-th of their level.

    Chinese: 一、 （一） 1. （1）; English: 1, 1.1, 1.1.1 and a space.
    """
    if language() == "en":
        return ".".join(map(str, counts)) + (". " if len(counts) == 1 else " ")
    last = counts[-1]
    forms = (f"{chinese_number(last)}、", f"（{chinese_number(last)}）", f"{last}.", f"（{last}）")
    return forms[min(len(counts), 4) - 1]


@dataclass(frozen=True, slots=True)
class Group:
    """Sections under one heading of the first level where they stand side by side."""

    code: str
    title: str
    sections: frozenset[str]


def number(sections: Sequence[Section], groups: Sequence[Group] = ()) -> tuple[Section, ...]:
    """Return the sections with headings, labels and captions numbered; empty ones are left out."""
    kept = [section for section in sections if section.blocks]
    kept = [section for section in kept if not section.annex] + [section for section in kept if section.annex]
    labels = _labels(kept)
    numberer = _Numberer(labels, is_only_annex=sum(section.annex for section in kept) == 1)
    found, group = [], ""
    for section in kept:
        mine = next((one for one in groups if section.code in one.sections), None)
        if section.annex:
            found.append(numberer.annex(section))
            continue
        opened = mine is not None and mine.code == group
        found.append(numberer.section(section, mine, opened=opened))
        group = mine.code if mine else ""
    return tuple(found)


def annex_lines(sections: Sequence[Section]) -> tuple[str, ...]:
    """Return the lines that name the annexes under the text: 附件：1．清单, 2．清单; one alone has no number."""
    titles = [section.title for section in sections if section.annex]
    if language() == "en":
        return tuple(f"{section.label}: {section.title}" for section in sections if section.annex)
    named = [f"{n}．{title}" for n, title in enumerate(titles, 1)] if len(titles) > 1 else titles
    return tuple(f"{tr('Annex')}{tr(': ')}{text}" if n == 0 else text for n, text in enumerate(named))


def without_empty_columns(table: Table) -> Table:
    """Return a table without the columns in which nothing but dashes stands; the first one always stays."""
    kept = [
        place
        for place in range(len(table.columns))
        if place == 0 or any(text_of(row[place]) not in ("", ABSENT) for row in table.rows)
    ]
    if len(kept) in (1, len(table.columns)):
        return table
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows)


def _labels(sections: Sequence[Section]) -> dict[str, str]:
    """Return name -> label of the tables and pictures."""
    labels: dict[str, str] = {}
    tables = pictures = 0
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Table):
                tables += 1
                labels[block.name] = tr("Table {n}", n=tables)
            elif isinstance(block, Picture):
                pictures += 1
                labels[block.name] = tr("Figure {n}", n=pictures)
    return labels


@dataclass(slots=True)
class _Numberer:
    labels: Mapping[str, str]
    is_only_annex: bool = False
    counts: list[int] = field(default_factory=list)
    annexes: int = 0

    def heading(self, level: int, text: str) -> Heading:
        """Return the next heading of a level; deeper counts begin again."""
        self.counts = [*self.counts[:level], *([0] * (level - len(self.counts)))]
        self.counts[level - 1] += 1
        return Heading(level, text, heading_number(self.counts))

    def section(self, section: Section, group: Group | None, *, opened: bool) -> Section:
        """Return a section of the text; one of a group is a part under the group's heading."""
        heads: list[Block] = []
        depth = 0
        if group is not None:
            depth = 1
            heads += [] if opened else [self.heading(1, group.title)]
        heads.append(self.heading(depth + 1, section.title))
        return replace(section, blocks=(*heads, *(self._block(block, depth) for block in section.blocks)))

    def annex(self, section: Section) -> Section:
        """Return an annex with its label; its headings are counted for themselves."""
        self.annexes += 1
        self.counts = []
        blocks = tuple(self._block(block, -1) for block in section.blocks)
        label = tr("Annex") if self.is_only_annex else tr("Annex {n}", n=self.annexes)
        return replace(section, blocks=blocks, label=label)

    def _block(self, block: Block, depth: int) -> Block:
        if isinstance(block, Heading):
            return self.heading(block.level + depth, block.text)
        if isinstance(block, Paragraph):
            return replace(block, runs=tuple(self._resolved(run) for run in block.runs))
        if isinstance(block, Table):
            block = without_empty_columns(block)
        note = self._text(block.note)
        if isinstance(block, Picture) and block.table not in self.labels:
            block = replace(block, table=None)
        return replace(block, label=self.labels[block.name], note=note)

    def _resolved(self, run: Run) -> Run:
        return self._text(run) if isinstance(run, str) else run

    def _text(self, text: str) -> str:
        return _SEE.sub(lambda found: self.labels.get(found[1], ""), text)
