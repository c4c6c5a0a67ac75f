"""The field that asks why something is changed: never required, kept in the history beside who and when."""

from bri_desktop.i18n import language, tr
from bri_desktop.services.reasons import LONGEST
from bri_desktop.ui.shared.fields import LabeledField, LineEdit
from bri_desktop.ui.shared.tokens import Size


class ReasonField(LabeledField):
    """One line for a reason."""

    def __init__(self) -> None:
        line = LineEdit(tr("optional, kept in the history"))
        line.setMaxLength(LONGEST)
        width = Size.LABEL if language() == "zh_CN" else 2 * Size.LABEL
        super().__init__(tr("Reason for change"), line, label_width=width)
        self.line = line

    def take(self) -> str:
        """Return what is typed, and empty the line for the next change."""
        text = self.line.text().strip()
        self.line.clear()
        return text
