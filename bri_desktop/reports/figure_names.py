"""What a figure is called in words: the row and the column that it stands in, else the clause that speaks of it."""

import re
from collections.abc import Iterable

from bri_desktop.i18n import language, tr
from bri_desktop.reports.document import Figure, Paragraph, Picture, Section, Table, text_of

_STOPS = re.compile("[，；。：;]|, |\\. ")
GAP = "…"
LONGEST = 24


def figure_labels(sections: Iterable[Section]) -> dict[str, str]:
    """Return name -> words for every figure that is printed; where it stands in a table, by its row and column."""
    named: dict[str, str] = {}
    drawn: dict[str, str] = {}
    spoken: dict[str, str] = {}
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Table):
                _of_table(block, named)
            elif isinstance(block, Paragraph):
                _of_text(section, block, spoken)
            elif isinstance(block, Picture):
                _of_picture(block, drawn)
    return spoken | drawn | named


def _of_table(table: Table, named: dict[str, str]) -> None:
    for row in table.rows:
        words = next((text for cell in row if (text := text_of(cell)) and not _has_figure(cell)), table.caption)
        for column, cell in zip(table.columns, row, strict=False):
            for run in cell:
                if isinstance(run, Figure):
                    named.setdefault(run.name, tr("{row}, {column}", row=words, column=column.title))


def _has_figure(cell: Iterable[object]) -> bool:
    return any(isinstance(run, Figure) for run in cell)


def _of_text(section: Section, paragraph: Paragraph, spoken: dict[str, str]) -> None:
    """Name each figure by the section and the words around it, with a gap where its number stands."""
    shown = [run if isinstance(run, str) else run.shown for run in paragraph.runs]
    for position, run in enumerate(paragraph.runs):
        if isinstance(run, Figure):
            before = _STOPS.split("".join(shown[:position]))[-1]
            after = _STOPS.split("".join(shown[position + 1 :]))[0]
            words = f"{before.strip()[-LONGEST:]}{GAP}{after.strip()[:LONGEST]}"
            joint = ": " if language() == "en" else "："
            spoken.setdefault(run.name, f"{section.title}{joint}{words}")


def _of_picture(picture: Picture, drawn: dict[str, str]) -> None:
    for series in picture.chart.series:
        for label, name in zip(picture.chart.labels, series.figures, strict=False):
            if name:
                words = tr("{row}, {column}", row=label, column=series.name or picture.caption)
                drawn.setdefault(name, words)
