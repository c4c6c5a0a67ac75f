"""The foot of the ledger: how many records there are and are selected, the acts of the bin, sums by currency."""

from collections.abc import Callable, Sequence

from bri_desktop.domain.money import Money
from bri_desktop.i18n import tr
from bri_desktop.ui.projects.bin_bar import BinBar
from bri_desktop.ui.projects.rows import sums_text
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.panels import Band, footer
from bri_desktop.ui.shared.record_weights import with_weights


class LedgerFoot:
    """The labels of the foot; ``band`` is the widget."""

    def __init__(self, context: WindowContext, keys: Callable[[], Sequence[str]], restore: Callable[[], None]) -> None:
        self.band: Band = footer()
        self.count_label = buttons.label()
        self.selection_label = buttons.label("", "hint")
        self.sum_label = buttons.label("", "hint")
        self.bin_bar = BinBar(context, keys, restore)
        self.band.add(self.count_label)
        self.band.add(self.selection_label)
        self.band.add(self.bin_bar)
        self.band.add_stretch()
        self.band.add(self.sum_label)

    def show_counts(self, count: int, total: int, records: RecordSet | None, *, is_bin: bool) -> None:
        """Say how many of all are shown."""
        if is_bin:
            text = tr("{count} in the bin", count=f"{count:,}")
        else:
            text = tr("{count} of {total} projects", count=f"{count:,}", total=f"{total:,}")
        self.count_label.setText(with_weights(text, records))

    def show_selection(self, count: int, *, is_bin: bool) -> None:
        """Say how many are selected, and what can be done to them in the bin."""
        self.selection_label.setText(tr("{count} selected", count=f"{count:,}") if count else "")
        self.bin_bar.show_for(is_bin=is_bin, count=count)

    def show_sums(self, amounts: list[Money]) -> None:
        """Show the sums of what is found."""
        text = sums_text(amounts)
        self.sum_label.setText(tr("Amounts {sums} (by currency, not converted)", sums=text) if text else "")
