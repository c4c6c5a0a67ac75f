"""What an import would write, in one sentence for the foot of the preview, and what is told above it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bri_desktop.i18n import tr
from bri_desktop.services.exchange import VERDICTS, ImportReport
from bri_desktop.services.intake_judge import LEFT_OUT
from bri_desktop.services.intake_row import PENDING, REFUSED
from bri_desktop.services.intake_wizard import PastImport
from bri_desktop.ui.exchange.wording import local_time


@dataclass(frozen=True, slots=True)
class Said:
    """The words of the button that writes, whether it can, and the account beside it."""

    button: str
    is_ready: bool
    account: str


def said_of_file(counts: Mapping[str, int]) -> Said:
    """Return what is said of a file's rows, by the counts of the verdicts."""
    written, aside = counts["created"] + counts["updated"], counts[PENDING]
    keep_only = not written and aside
    button = tr("Keep {count} rows aside", count=f"{aside:,}")
    button = button if keep_only else tr("Import {count} rows", count=f"{written:,}")
    return Said(button, bool(written or aside), account_of(counts))


def said_of_kept(counts: Mapping[str, int]) -> Said:
    """Return what is said of rows kept aside: how many are decided; those still open wait on."""
    decided = sum(counts[name] for name in (*VERDICTS, LEFT_OUT) if name not in (PENDING, REFUSED))
    rest = counts[PENDING] + counts[REFUSED]
    account = tr("{count} rows wait on; nothing of them is lost.", count=f"{rest:,}") if rest else ""
    return Said(tr("Settle {count} rows", count=f"{decided:,}"), decided > 0, account)


def note_of(report: ImportReport, earlier: PastImport | None) -> str:
    """Return what is told of a file that was there before or changes nothing."""
    said = []
    if earlier is not None:
        said.append(tr("This file was imported on {time} already.", time=local_time(earlier.at)))
    if report.rows and report.counts["unchanged"] == report.rows:
        said.append(tr("All unchanged: the ledger holds all {count} rows as they are.", count=f"{report.rows:,}"))
    return " ".join(said)


def account_of(counts: Mapping[str, int]) -> str:
    """Return how many rows are written and kept aside, by the counts of the verdicts."""
    written, aside = counts["created"] + counts["updated"], counts["pending"]
    said = [
        tr(
            "{count} rows will be written (new {created}, updated {updated})",
            count=f"{written:,}",
            created=f"{counts['created']:,}",
            updated=f"{counts['updated']:,}",
        )
        if written
        else tr("No row would change the ledger")
    ]
    if aside:
        said.append(tr("{count} rows are kept aside until decided", count=f"{aside:,}"))
    said.append(tr("blank cells never overwrite"))
    return tr("; ").join(said) + tr(".")
