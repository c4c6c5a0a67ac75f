"""One interface over the editors of the form: a typed value, and the raw text that a crash must not lose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QWidget

from bri_desktop import labels
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import parse_date
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.folding import fold
from bri_desktop.domain.money import Money, assumes_currency, format_money, parse_money
from bri_desktop.domain.pinyin import search_keys
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.domain.written import format_outcomes, parse_outcomes
from bri_desktop.i18n import language, tr
from bri_desktop.services.places import PlaceChoice
from bri_desktop.ui.projects.place_edit import LedgerPlaceEdit
from bri_desktop.ui.shared.chip_fields import ChipsField, Picked, PlaceEdit, TagsEdit
from bri_desktop.ui.shared.date_edit import DateEdit
from bri_desktop.ui.shared.fields import CodeCombo, LineEdit, MoneyEdit, ParsedEdit, TextArea

Names = Mapping[str, PlaceChoice]


class Editor(Protocol):
    """What the form asks of each field."""

    @property
    def widget(self) -> QWidget: ...

    def value(self) -> Any: ...

    def show(self, value: Any, names: Names, /) -> None: ...

    def problem(self) -> str: ...

    def raw(self) -> Any: ...

    def take_raw(self, raw: Any) -> None: ...


def remark_on(editor: Editor) -> str:
    """Return how a value was understood where the text left something open."""
    if isinstance(editor.widget, MoneyEdit) and editor.widget.has_assumed:
        return tr("No currency named: taken as yuan; Tab accepts. Name any other, such as 180万美元.")
    return ""


def explain(error: ValueProblemError) -> str:
    """Return the sentence for a written value that cannot be read, with the readings it may have."""
    sentence = labels.sentence(error.code, error.values)
    if error.offers:
        return f"{sentence} {tr('Possible: {offers}', offers='、'.join(error.offers))}"
    return sentence


class TextEditor:
    """A line or several lines of text."""

    def __init__(self, widget: LineEdit | TextArea) -> None:
        self.widget = widget

    def value(self) -> str | None:
        """Return the text."""
        return self.widget.value()

    def show(self, value: Any, _names: Names) -> None:
        """Show a text."""
        self.widget.set_value(value)

    def problem(self) -> str:
        """Text is never wrong by itself."""
        return ""

    def raw(self) -> Any:
        """Return the text as typed."""
        return self.widget.value() or ""

    def take_raw(self, raw: Any) -> None:
        """Show the text as typed."""
        self.widget.set_value(str(raw))


class ParsedEditor:
    """A date or an amount."""

    def __init__(self, widget: ParsedEdit[Any]) -> None:
        self.widget = widget

    def value(self) -> Any:
        """Return what the text says."""
        return self.widget.parsed()

    def show(self, value: Any, _names: Names) -> None:
        """Show a value in its normal form."""
        self.widget.set_parsed(value)

    def problem(self) -> str:
        """Return why the text cannot be read."""
        return self.widget.problem

    def raw(self) -> Any:
        """Return the text as typed."""
        return self.widget.text()

    def take_raw(self, raw: Any) -> None:
        """Show the text as typed."""
        self.widget.setText(str(raw))


class CodeEditor:
    """A choice of a code list, which may grow while the form is there."""

    def __init__(self, codes: CodeBook, name: str) -> None:
        self.widget = CodeCombo()
        self._codes, self._name = codes, name
        self._offered: list[tuple[str, str]] = []
        self.renew()

    def renew(self) -> None:
        """Offer what the list holds now."""
        offers = [(one.code, one.label(language())) for one in self._codes.codes(self._name)]
        if offers != self._offered:
            self._offered = offers
            self.widget.set_choices(offers)

    def value(self) -> str | None:
        """Return the code."""
        return self.widget.value()

    def show(self, value: Any, _names: Names) -> None:
        """Show a code."""
        self.renew()
        self.widget.set_value(value)

    def problem(self) -> str:
        """A choice is never wrong by itself."""
        return ""

    def raw(self) -> Any:
        """Return the code."""
        return self.widget.value() or ""

    def take_raw(self, raw: Any) -> None:
        """Show a code."""
        self.widget.set_value(str(raw) or None)


class ChipsEditor:
    """Places, several codes, or words; ``unknown`` is what is said of text that became no chip."""

    def __init__(self, widget: ChipsField, unknown: str, name_of: Callable[[str], str]) -> None:
        self.widget = widget
        self._unknown = unknown
        self._name_of = name_of

    def value(self) -> tuple[str, ...]:
        """Return the keys."""
        return self.widget.keys()

    def show(self, value: Any, names: Names) -> None:
        """Show keys by their names."""
        if isinstance(self.widget, LedgerPlaceEdit):
            self.widget.set_places([names.get(key, PlaceChoice(key, key, "")) for key in value])
        else:
            self.widget.set_picked([Picked(key, self._name_of(key)) for key in value])

    def problem(self) -> str:
        """Return what is to be done about text that is no chip yet."""
        if isinstance(self.widget, LedgerPlaceEdit) and (told := self.widget.wrong_side()):
            return told
        return self._unknown if isinstance(self.widget, PlaceEdit) and self.widget.unresolved() else ""

    def raw(self) -> Any:
        """Return the chips and the text beside them."""
        picked = [[one.key, one.name, one.context] for one in self.widget.picked()]
        typed = self.widget.unresolved() if isinstance(self.widget, PlaceEdit) else self.widget.entry.text()
        return {"picked": picked, "typed": typed}

    def take_raw(self, raw: Any) -> None:
        """Show chips and text again."""
        if isinstance(raw, dict):
            self.widget.set_picked([Picked(*map(str, one)) for one in raw.get("picked", [])])
            self.widget.entry.setText(str(raw.get("typed", "")))


class OutcomesEditor:
    """Results as lines of text; what the text does not hold (class, date, evidence) stays with the same result."""

    def __init__(self, widget: TextArea) -> None:
        self.widget = widget
        self._shown: tuple[OutcomeDraft, ...] = ()

    def value(self) -> tuple[OutcomeDraft, ...]:
        """Return the results; those shown where the text is unreadable."""
        try:
            typed = parse_outcomes(self.widget.value() or "")
        except ValueProblemError:
            return self._shown
        if typed == tuple(_written_part(one) for one in self._shown):
            return self._shown
        before = {(one.what, one.unit): one for one in self._shown}
        return tuple(_with_rest(one, before.get((one.what, one.unit))) for one in typed)

    def show(self, value: Any, _names: Names) -> None:
        """Show results, one a line."""
        self._shown = value
        self.widget.set_value("\n".join(format_outcomes([one]) for one in value))

    def problem(self) -> str:
        """Return why a line cannot be read."""
        try:
            parse_outcomes(self.widget.value() or "")
        except ValueProblemError as error:
            return explain(error)
        return ""

    def raw(self) -> Any:
        """Return the lines."""
        return self.widget.value() or ""

    def take_raw(self, raw: Any) -> None:
        """Show lines."""
        self.widget.set_value(str(raw))


def _written_part(one: OutcomeDraft) -> OutcomeDraft:
    return OutcomeDraft(what=one.what, quantity=one.quantity, unit=one.unit, amount=one.amount)


def _with_rest(typed: OutcomeDraft, before: OutcomeDraft | None) -> OutcomeDraft:
    if before is None:
        return typed
    return replace(before, quantity=typed.quantity, amount=typed.amount)


def date_editor() -> ParsedEditor:
    """Return the editor of a date."""
    return ParsedEditor(DateEdit(parse_date, explain, tr("Such as 2017.5.17, 2017-05")))


def money_editor() -> ParsedEditor:
    """Return the editor of an amount."""

    def shown(value: Money) -> str:
        return format_money(value, language())

    return ParsedEditor(MoneyEdit(parse_money, shown, explain, tr("Such as 1800万, 2亿美元"), assumes_currency))


def codes_editor(codes: CodeBook, name: str) -> ChipsEditor:
    """Return the editor of several codes: completed by number, label, pinyin or initials."""

    def complete(text: str) -> Sequence[tuple[str, str, str]]:
        wanted = fold(text)
        offers = [(code.code, code.label(language())) for code in codes.codes(name)]
        return [
            (code, label, "")
            for place, (code, label) in enumerate(offers, 1)
            if wanted == str(place) or any(wanted in word for word in (fold(label), *search_keys(label)))
        ]

    widget = PlaceEdit(complete, tr("Number, label or initials"))
    return ChipsEditor(widget, labels.sentence("code_unknown"), lambda code: codes.label(name, code, language()))


def words_editor(known: Callable[[], Sequence[str]]) -> ChipsEditor:
    """Return the editor of names or tags, completed from those used before."""

    def suggest(text: str) -> Sequence[str]:
        wanted = fold(text)
        return [word for word in known() if wanted in fold(word)][:8]

    return ChipsEditor(TagsEdit("", suggest), "", lambda word: word)


def names_completer(widget: LineEdit, names: Sequence[str]) -> None:
    """Offer names used before under a line."""
    completer = QCompleter(list(names), widget)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.activated.connect(lambda _text: widget.value_changed.emit())
    widget.setCompleter(completer)
