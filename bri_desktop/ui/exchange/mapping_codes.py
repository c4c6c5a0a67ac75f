"""Adding a code of the office's own for a value that no list knows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.code_lists import LISTS, PARENTS, SavedCode, add_code
from bri_desktop.ui.exchange.answers import Answer
from bri_desktop.ui.exchange.combo import Combo
from bri_desktop.ui.exchange.mapping_decisions import Decision
from bri_desktop.ui.exchange.wording import Names
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.tokens import Space


class OwnCodeForm(QWidget):
    """One button, and the code that a new one counts as where its list wants that; ``made`` gives the answer."""

    made = Signal(object)

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._decision: Decision | None = None
        self.add_button = buttons.button(tr("Add as own code"), self._on_add, kind=buttons.SMALL)
        self.counts_as = buttons.label(tr("counts as"), "label")
        self.parent_code = Combo(tr("counts as"))
        self.error = buttons.label("", "small", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.BETWEEN)
        row.addWidget(self.add_button)
        row.addWidget(self.counts_as)
        row.addWidget(self.parent_code)
        row.addWidget(self.error, 1)

    def show_decision(self, decision: Decision, names: Names) -> None:
        """Offer the value of a decision as a code; hidden where its list takes none."""
        self._decision = decision
        self.error.clear()
        self.setVisible(decision.kind == "code" and decision.listed in LISTS)
        above = PARENTS.get(decision.listed or "")
        self.counts_as.setVisible(above is not None)
        self.parent_code.setVisible(above is not None)
        self.parent_code.clear()
        for label in names.codes.codes(above) if above else ():
            self.parent_code.addItem(names.code(label.list, label.code), label.code)

    def _on_add(self) -> None:
        decision = self._decision
        if decision is None or decision.listed is None:
            return
        above = str(self.parent_code.currentData()) if decision.listed in PARENTS else None
        self._context.runner.write(
            add_code, decision.listed, decision.text, "", above, done=self._on_added, failed=self._on_failed,
            initiator=self,
        )  # fmt: skip

    def _on_added(self, saved: SavedCode) -> None:
        self.made.emit(Answer("code", saved.code))

    def _on_failed(self, error: UserError) -> None:
        self.error.setText(labels.error_sentence(error))
