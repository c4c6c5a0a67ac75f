"""What became of the rows of a damaged ledger, in a few lines: saved, taken from a backup, changed, lost."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bri_desktop.i18n import tr
from bri_desktop.labels import table_label

if TYPE_CHECKING:
    from bri_desktop.services.restoring import Account


def account_text(accounts: "Sequence[Account]") -> str:
    """Return how much was saved, and a line for each table of which something is not as it was."""
    saved = sum(account.saved for account in accounts)
    from_copy = sum(len(account.from_copy) for account in accounts)
    lines = [
        tr("Saved: {saved} entries, {from_copy} of them from a backup.", saved=saved + from_copy, from_copy=from_copy)
    ]
    harmed = [
        account for account in accounts if account.changed or account.lost or account.unlinked or not account.is_sure
    ]
    for account in harmed:
        values = {"table": table_label(account.table), "changed": len(account.changed), "lost": len(account.lost)}
        line = tr("{table}: {changed} changed, {lost} lost", **values)
        if account.unlinked:
            line += tr(", {count} whose reference to a lost entry was emptied", count=len(account.unlinked))
        lines.append(line + ("" if account.is_sure else tr(" (how many are lost is not sure)")))
    if not harmed:
        lines.append(tr("Nothing is lost."))
    return "\n".join(lines)
