"""What stands at the right of the paper: the chosen figure, what changed since the freeze, the manager's own words."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bri_desktop.i18n import tr
from bri_desktop.services.summary_pages import Figure, Opened, Prose, Standing, SummaryDocument, Written
from bri_desktop.ui.shared import buttons, paint
from bri_desktop.ui.shared.cells import ABSENT
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.panels import Note, rule
from bri_desktop.ui.shared.tokens import SMALL, Space

SIDE_WIDTHS = (304, 288)
"""Width, and that on a small screen."""
NAME_WIDTH = 132
EDITOR_HEIGHT = 132
SHOWN_CHANGES = 12
BEFORE, AFTER, INSTEAD = "before", "after", "instead"


def _clear(grid: QGridLayout) -> None:
    while grid.count():
        item = grid.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def difference(then: object, now: object, *, percent: bool) -> str:
    """Return now less then with its sign; a dash where one is no number."""
    if isinstance(then, str | None) or isinstance(now, str | None):
        try:
            then, now = float(str(then)), float(str(now))
        except ValueError:
            return ABSENT
    assert isinstance(then, int | float)
    assert isinstance(now, int | float)
    gap = now - then
    text = f"{abs(100 * gap):.1f}" if percent else f"{abs(gap):,.0f}" if float(gap).is_integer() else f"{abs(gap):,.2f}"
    return f"{'+' if gap > 0 else '−' if gap < 0 else ''}{text}"


def _dated(opened: Opened) -> str:
    """Return what a figure is, with its year where its name does not have it."""
    return opened.label if str(opened.year) in opened.label else f"{opened.label} {opened.year}"


class FigurePart(QWidget):
    """The chosen figure: what it is, its value then and now, how it is counted, its records."""

    records_wanted = Signal(str, object)
    """The line that says what they are, and the figure with its records."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.BETWEEN)
        self.title = buttons.label(tr("Figure on the paper"), "section", wrap=True)
        self.hint = buttons.label(tr("Click a number on the paper: here stands how it was counted."), "hint", wrap=True)
        self.value = buttons.label("", "finding")
        self.value.hide()
        self.grid = QGridLayout()
        self.grid.setVerticalSpacing(Space.INSIDE)
        self.rule = buttons.label("", "small", wrap=True)
        self.rule.hide()
        self.records = buttons.button("", self._on_records, kind=buttons.SMALL)
        self.records.hide()
        self.then_records = buttons.button("", self._on_then_records, kind=buttons.SMALL)
        self.then_records.hide()
        self.opened: Opened | None = None
        self._paper: tuple[object, ...] = ()
        for widget in (self.title, self.hint, self.value):
            column.addWidget(widget)
        column.addLayout(self.grid)
        column.addWidget(self.rule)
        column.addWidget(self.records, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.then_records, 0, Qt.AlignmentFlag.AlignLeft)

    def begin(self, document: SummaryDocument) -> None:
        """Forget the figure where the paper is another one: of another year, edition or language."""
        paper = (document.year, document.edition, document.language)
        if paper != self._paper:
            self._paper = paper
            self.clear_figure()

    def show_waiting(self, figure: Figure) -> None:
        """Show a figure while its records are looked up."""
        self.opened = None
        self.title.setText(tr("Figure on the paper"))
        self.value.setText(figure.shown)
        self.value.show()
        self.hint.setText(tr("Looking up its records…"))
        self.hint.show()
        self.rule.hide()
        self.records.hide()
        self.then_records.hide()
        _clear(self.grid)

    def show_figure(self, opened: Opened, printed: Figure, rule: str, under: str) -> None:
        """Show a figure as it is ``printed``, as the ledger has it now, its rule, and what stands under its table."""
        self.opened = opened
        self.title.setText(opened.label)
        self.hint.hide()
        self.value.setText(printed.shown)
        self.value.setVisible(not opened.is_frozen)
        _clear(self.grid)
        if opened.is_frozen:
            gap = difference(opened.frozen, opened.figure.plain, percent="%" in printed.shown)
            for column, (head, text) in enumerate(
                ((tr("Frozen"), printed.shown), (tr("Now"), opened.figure.shown), (tr("Difference"), gap))
            ):
                self.grid.addWidget(buttons.label(head, "hint"), 0, column)
                self.grid.addWidget(buttons.label(text, "strong"), 1, column)
        text = "\n".join(part for part in (rule, under) if part)
        self.rule.setText(text)
        self.rule.setVisible(bool(text))
        count = len(opened.ids)
        self.records.setText(tr("Show records ({count})", count=f"{count:,}"))
        self.records.setVisible(count > 0)
        then = len(opened.frozen_ids)
        self.then_records.setText(tr("Records when frozen ({count})", count=f"{then:,}"))
        self.then_records.setVisible(bool(then) and opened.frozen_ids != opened.ids)

    def show_problem(self, sentence: str) -> None:
        """Say why the records could not be looked up."""
        self.hint.setText(sentence)
        self.hint.show()

    def clear_figure(self) -> None:
        """Show no figure."""
        self.opened = None
        self.title.setText(tr("Figure on the paper"))
        self.hint.setText(tr("Click a number on the paper: here stands how it was counted."))
        self.hint.show()
        for widget in (self.value, self.rule, self.records, self.then_records):
            widget.hide()
        _clear(self.grid)

    def _on_then_records(self) -> None:
        if self.opened is not None:
            what = tr("{figure}, when frozen", figure=_dated(self.opened))
            self.records_wanted.emit(what, replace(self.opened, ids=self.opened.frozen_ids))

    def _on_records(self) -> None:
        if self.opened is not None:
            self.records_wanted.emit(_dated(self.opened), self.opened)


class ChangesPart(QWidget):
    """What corrections have made of a frozen year: figure, then, now, and the act that keeps a note on it."""

    restate_wanted = Signal()
    figure_wanted = Signal(str)
    record_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.BETWEEN)
        self.title = buttons.label(tr("Changed figures"), "section")
        self.summary = buttons.label("", "hint", wrap=True)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(Space.BETWEEN)
        self.grid.setVerticalSpacing(Space.INSIDE)
        self.grid.setColumnStretch(0, 1)
        self.cause = buttons.label("", "small", wrap=True)
        self.restate = buttons.button(tr("Keep a restatement note"), self.restate_wanted.emit, kind=buttons.SMALL)
        for widget in (self.title, self.summary):
            column.addWidget(widget)
        column.addLayout(self.grid)
        column.addWidget(self.cause)
        column.addWidget(self.restate, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_standing(self, standing: Standing | None) -> None:
        """Show how a frozen year stands; nothing for a year that is not frozen."""
        _clear(self.grid)
        self.setVisible(standing is not None)
        if standing is None:
            return
        count = len(standing.changes)
        self.summary.setText(
            tr("{n} figures differ from those frozen on {day}.", n=count, day=standing.frozen_at[:10])
            if count
            else tr("Frozen on {day}; no figure has changed since.", day=standing.frozen_at[:10])
        )
        if count:
            for column, head in enumerate(("", tr("Frozen"), tr("Now"))):
                self.grid.addWidget(buttons.label(head, "hint"), 0, column, Qt.AlignmentFlag.AlignRight)
        for row, change in enumerate(standing.changes[:SHOWN_CHANGES], 1):
            name = buttons.button("", partial(self.figure_wanted.emit, change.figure), kind=buttons.SMALL_LINK)
            name.setText(paint.metrics(SMALL).elidedText(change.label, Qt.TextElideMode.ElideRight, NAME_WIDTH))
            name.setToolTip(change.label)
            self.grid.addWidget(name, row, 0)
            self.grid.addWidget(buttons.label(change.frozen_shown, "small"), row, 1, Qt.AlignmentFlag.AlignRight)
            self.grid.addWidget(buttons.label(change.now_shown, "strong"), row, 2, Qt.AlignmentFlag.AlignRight)
        causes = [f"{one.at[:10]} {one.key} {one.who or ''}".strip() for one in standing.corrections]
        shown = list(dict.fromkeys(causes))[:3]
        more = tr("and {count} more figures", count=count - SHOWN_CHANGES) if count > SHOWN_CHANGES else ""
        self.cause.setText("\n".join([*([more] if more else []), *shown]))
        self.cause.setVisible(bool(more or shown))
        self.restate.setVisible(count > 0)


class WordsPart(QWidget):
    """The manager's own words for the section looked at; they stay however often the summary is made."""

    save_wanted = Signal(str, str, str, int)
    """Section, text, place, version."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.BETWEEN)
        self.title = buttons.label("", "section", wrap=True)
        self.place = ChoiceButton(tr("Stands"))
        self.place.set_choices(
            [
                (BEFORE, tr("before the text")),
                (AFTER, tr("after the text")),
                (INSTEAD, tr("in its place")),
            ],
            AFTER,
        )
        self.editor = QPlainTextEdit()
        self.editor.setFixedHeight(EDITOR_HEIGHT)
        self.editor.setTabChangesFocus(True)
        self.editor.setPlaceholderText(tr("Own paragraphs for this section"))
        self.changed = Note("", "warning")
        self.changed.hide()
        self.save_button: QPushButton = buttons.button(tr("Save words"), self.save, icon="save")
        self.state = buttons.label("", "hint")
        row = QHBoxLayout()
        row.addWidget(self.save_button)
        row.addWidget(self.state, 1)
        for widget in (self.title, self.place, self.changed, self.editor):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft if widget is self.place else Qt.AlignmentFlag(0))
        column.addLayout(row)
        self._section = ""
        self._stored: tuple[str, str] = ("", AFTER)
        self._version = 0
        self.editor.textChanged.connect(self._on_edited)
        self.place.chosen.connect(lambda _code: self._on_edited())
        self._on_edited()

    def show_section(self, code: str, title: str, prose: Prose | None, changed: Sequence[tuple[str, str, str]]) -> None:
        """Show a section's own words; ``changed`` are figures they speak of: name, as spoken of, as it is now."""
        if self.is_edited() and code == self._section:
            return
        self._section = code
        self._stored = (prose.text, prose.place) if prose else ("", AFTER)
        self._version = prose.version if prose else 0
        self.title.setText(tr("Words of “{section}”", section=title))
        self.editor.blockSignals(True)
        self.editor.setPlainText(self._stored[0])
        self.editor.blockSignals(False)
        self.editor.setAccessibleName(self.title.text())
        self.place.choose(self._stored[1])
        lines = [tr("{was} is now {now}", was=was, now=now) for _, was, now in changed]
        self.changed.set_text(tr("Numbers in these words have changed: {list}", list=tr("; ").join(lines)))
        self.changed.setVisible(bool(lines))
        self._on_edited()

    def section(self) -> str:
        """Return the section whose words are shown."""
        return self._section

    def is_edited(self) -> bool:
        """Tell whether something is typed that is not saved."""
        return (
            bool(self._section)
            and (self.editor.toPlainText().strip(), self.place.code()) != self._stored
            and (bool(self.editor.toPlainText().strip()) or bool(self._stored[0]))
        )

    def save(self) -> None:
        """Have the words stored."""
        if self.is_edited():
            text, place = self.editor.toPlainText().strip(), self.place.code()
            self.save_wanted.emit(self._section, text, place, self._version)
            self._stored = (text, place)
            self._on_edited()

    def _on_edited(self) -> None:
        is_edited = self.is_edited()
        self.save_button.setEnabled(is_edited)
        kept = tr("Kept whenever the summary is made anew.") if self._stored[0] else ""
        self.state.setText(tr("Not saved yet") if is_edited else kept)


class Side(QFrame):
    """The column at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "side")
        self.setFixedWidth(SIDE_WIDTHS[0])
        self.written = Note("", "warning")
        self.written.hide()
        self.figure = FigurePart()
        self.changes = ChangesPart()
        self.words = WordsPart()
        inner = QWidget()
        inner.setProperty("kind", "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        column.setSpacing(Space.SECTION)
        column.addWidget(self.written)
        column.addWidget(self.figure)
        column.addWidget(rule())
        column.addWidget(self.changes)
        column.addWidget(self.words)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(area)

    def show_written(self, written: Written) -> None:
        """Say that a file of that name was left as it was, and which figures in it are otherwise."""
        self.written.setVisible(written.kept is not None)
        if written.kept is None:
            return
        lines = [f"{one.label} {one.was or ABSENT} → {one.now or ABSENT}" for one in written.differing[:SHOWN_CHANGES]]
        text = tr(
            "{kept} was edited outside and stays as it is; the summary is in {file}.",
            kept=written.kept.name,
            file=written.path.name,
        )
        if written.differing:
            count = len(written.differing)
            text += "\n" + tr("{n} figures in it are otherwise: {list}", n=count, list=tr("; ").join(lines))
        self.written.set_text(text)
