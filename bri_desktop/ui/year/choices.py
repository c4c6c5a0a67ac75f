"""What is chosen over the paper: year, edition, layout, years compared, language, and how large the page is shown."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, SignalInstance

from bri_desktop import i18n
from bri_desktop.i18n import tr
from bri_desktop.services.summary_pages import SummaryOptions
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.year.preview import PAGE, REAL, WIDTH

OLDEST_CHOICE = 30


class Choices(QObject):
    """The choices; ``changed`` says that another summary is wanted, ``edition_changed`` with other sections too."""

    changed = Signal()
    edition_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.year = ChoiceButton(tr("Year"))
        self.edition = _choice(
            tr("Edition"), [("submission", tr("to be submitted")), ("internal", tr("for the office"))]
        )
        self.layout = _choice(tr("Layout"), [("official", tr("official")), ("plain", tr("plain"))])
        self.span = _choice(tr("Compare"), [("1", tr("one year")), ("3", tr("3 years")), ("5", tr("5 years"))])
        self.language = _choice(tr("Language"), [("zh_CN", "中文"), ("en", "English")], i18n.language())
        self.fit = _choice(tr("View"), [(WIDTH, tr("width")), (PAGE, tr("whole page")), (REAL, tr("real size"))])
        for choice in (self.year, self.layout, self.span, self.language):
            choice.chosen.connect(lambda _code: self._tell(self.changed))
        self.edition.chosen.connect(lambda _code: self._tell(self.edition_changed))

    def is_ready(self) -> bool:
        """Tell whether the years are known."""
        return bool(self.year.code())

    def _tell(self, signal: SignalInstance) -> None:
        """Pass on a choice; before the years are known it only waits for them."""
        if self.is_ready():
            signal.emit()

    def set_year(self, year: int, this_year: int) -> None:
        """Offer the years up to the present one, with ``year`` chosen."""
        years = [str(one) for one in range(max(year, this_year), this_year - OLDEST_CHOICE, -1)]
        if str(year) not in years:
            years.append(str(year))
        self.year.set_choices([(one, one) for one in years], str(year))

    def options(self, sections: tuple[str, ...]) -> SummaryOptions:
        """Return what is asked for."""
        return SummaryOptions(
            int(self.year.code()),
            edition="internal" if self.edition.code() == "internal" else "submission",
            language=self.language.code(),
            layout="official" if self.layout.code() == "official" else "plain",
            sections=sections,
            span=int(self.span.code()),
        )

    def show(self, options: SummaryOptions) -> None:
        """Show the choices of a template, without a signal."""
        for choice, code in (
            (self.edition, options.edition),
            (self.layout, options.layout),
            (self.span, str(options.span)),
        ):
            choice.blockSignals(True)
            choice.choose(code)
            choice.blockSignals(False)


def _choice(name: str, choices: Sequence[tuple[str, str]], code: str = "") -> ChoiceButton:
    made = ChoiceButton(name)
    made.set_choices(choices, code or choices[0][0])
    return made
