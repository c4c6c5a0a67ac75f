"""The summary as a file: by its ending Word, PDF or Excel, and never over a file that somebody has edited since."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.year_models import SummaryFile
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError, UserError, Where
from bri_desktop.reports.document import SummaryDocument
from bri_desktop.reports.figure_names import figure_labels
from bri_desktop.services.exchange import file_digest

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
ENDINGS = (".docx", ".pdf", ".xlsx")
SUMMARY = frozenset({"summary_file"})
MOST_NAMES = 999


@dataclass(frozen=True, slots=True)
class Differing:
    """A figure that the file kept aside has otherwise than the new one; ``None`` for one that is not in it.

    ``label`` says in words which figure it is, as far as the new file has it.
    """

    figure: str
    was: str | None
    now: str | None
    label: str = ""

    def to_json(self) -> dict[str, str | None]:
        """Return the object that ``report --json`` prints."""
        return {"figure": self.figure, "label": self.label, "was": self.was, "now": self.now}


@dataclass(frozen=True, slots=True)
class Written:
    """Where the summary was written; ``kept`` is a file of the wished name that was left as it was, and how the
    figures in it differ from the new ones."""

    path: Path
    kept: Path | None = None
    differing: tuple[Differing, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``report --json`` prints."""
        kept = str(self.kept) if self.kept else None
        return {"file": str(self.path), "kept": kept, "differing": [one.to_json() for one in self.differing]}


def check_ending(path: Path) -> None:
    """Raise ``InputError`` ``summary_file_type`` for a file that is neither Word, PDF nor Excel."""
    if path.suffix.lower() not in ENDINGS:
        raise InputError("summary_file_type", where=Where(file=path.name))


def place_for(session: Session, document: SummaryDocument, wished: Path) -> Written:
    """Return where a summary is to be written: the wished file unless it is there and was not left as we wrote it."""
    check_ending(wished)
    if not wished.exists() or _is_ours(session, wished):
        return Written(wished)
    return Written(_free(wished), wished, _differing(document, wished))


def _is_ours(session: Session, path: Path) -> bool:
    """Tell whether a file is, byte for byte, one that this program wrote there."""
    try:
        digest = file_digest(path)
    except OSError:
        return False
    query = select(SummaryFile.id).where(SummaryFile.path == str(path.absolute()), SummaryFile.sha256 == digest)
    return session.scalar(query.limit(1)) is not None


def _free(path: Path) -> Path:
    for number in range(2, MOST_NAMES):
        other = path.with_name(f"{path.stem} ({number}){path.suffix}")
        if not other.exists():
            return other
    raise InputError("file_unwritable", where=Where(file=path.name))


def _differing(document: SummaryDocument, path: Path) -> tuple[Differing, ...]:
    """Return which figures of an edited Word file differ from those of the document; nothing for other kinds."""
    if path.suffix.lower() != ".docx":
        return ()
    from bri_desktop.reports.marked import read_figures

    try:
        there = read_figures(path)
    except UserError:
        # A file of that name which is no summary, or no longer one, has no figures to compare.
        return ()
    printed = {name: figure.shown for name, figure in document.figures.items()}
    labels = figure_labels(document.sections)
    return tuple(
        Differing(name, there[name], printed.get(name), labels.get(name, name))
        for name in there
        if there[name] != printed.get(name)
    )


def write_document(
    document: SummaryDocument, path: Path, *, pictures: bool = True, progress: Progress | None = None
) -> None:
    """Write a document by the ending of ``path``; where it fails or is stopped nothing of it remains."""
    check_ending(path)
    match path.suffix.lower():
        case ".docx":
            from bri_desktop.reports.word import write_word

            write_word(document, path, pictures, progress)
        case ".pdf":
            from bri_desktop.reports.pdf import write_pdf

            write_pdf(document, path, pictures, progress)
        case _:
            from bri_desktop.reports.year_workbook import write_workbook

            write_workbook(document, path, progress)


def note_written(session: Session, document: SummaryDocument, path: Path) -> Changes:
    """Remember a summary that was written, so that an edit from outside is noticed and its year is known."""
    row = SummaryFile(year=document.year, path=str(path.absolute()), sha256=file_digest(path), made_at=now())
    row.figures = document.values()
    session.add(row)
    session.flush()
    return Changes(SUMMARY)


def last_year_written(session: Session) -> int | None:
    """Return the year of the summary written last; ``None`` where none was."""
    return session.scalar(select(SummaryFile.year).order_by(SummaryFile.id.desc()).limit(1))
