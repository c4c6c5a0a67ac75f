"""Words about copies of the ledger: why one was made, how it was checked, what restoring it would change."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bri_desktop.i18n import tr

if TYPE_CHECKING:
    from bri_desktop.services.restoring import Difference
    from bri_desktop.services.safekeeping import Copy

MEGABYTE = 1 << 20
HOUR, DAY = 3_600, 86_400
KEYS_SHOWN = 12


def time_text(at: datetime) -> str:
    """Return an instant in the time of this computer."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def age_text(at: datetime, now: datetime | None = None) -> str:
    """Return how old a copy is, in the largest unit of which it is at least one."""
    seconds = ((now or datetime.now().astimezone()) - at).total_seconds()
    if seconds < HOUR:
        return tr("{count} min", count=max(0, int(seconds // 60)))
    if seconds < DAY:
        return tr("{count} h", count=int(seconds // HOUR))
    return tr("{count} days", count=int(seconds // DAY))


def why_text(why: str) -> str:
    """Return why a copy was made."""
    words = {
        "start": tr("at the start"),
        "interval": tr("after half an hour of changes"),
        "asked": tr("asked for"),
        "before-import": tr("before an import"),
        "before-merge": tr("before a merge"),
        "before-edit": tr("before many were edited"),
        "before-restore": tr("before restoring"),
        "before-upgrade": tr("before the upgrade of the program"),
        "before-repair": tr("before mending"),
    }
    return words.get(why, why)


def verdict_text(copy: "Copy") -> str:
    """Return how a copy was checked."""
    words = {
        "whole": tr("whole: each record compared"),
        "checked": tr("opened, sizes compared"),
        "damaged": tr("damaged: does not count"),
        "kept": tr("put aside as it was"),
    }
    lacking = tr("whole, but {count} attachments lack", count=copy.lacking)
    return words.get(copy.verdict, lacking)


def amount_of(copy: "Copy") -> str:
    """Return how many projects a copy holds."""
    return f"{copy.counts.get('project', 0):,}"


def size_text(size: int) -> str:
    """Return a size in megabytes."""
    return f"{size / MEGABYTE:,.1f} MB"


def difference_lines(differences: "Sequence[Difference]") -> list[str]:
    """Return what restoring would change, a line for each kind of record."""
    if not differences:
        return [tr("No record differs from the present ledger.")]
    kinds = {
        "project": tr("Projects"),
        "pair": tr("Ties"),
        "agreement": tr("Agreements"),
        "activity": tr("Activities"),
        "organisation": tr("Organisations"),
    }
    lines = []
    for one in differences:
        words = {"kind": kinds.get(one.kind, one.kind), "back": one.back, "gone": one.gone, "changed": one.changed}
        line = tr("{kind}: {back} come back, {gone} go, {changed} become as they were", **words)
        keys = "、".join(one.keys[:KEYS_SHOWN]) + (" …" if len(one.keys) > KEYS_SHOWN else "")
        lines.append(f"{line}（{keys}）")
    return lines
