"""One approval: its steps with what happened in each, and the act that is due, with date, person and reason."""

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.approval import DECIDE, SUBMIT
from bri_desktop.domain.dates import PartialDate, parse_date
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import language, tr
from bri_desktop.services.approvals import Case, act, delete_case, get_case, withdraw
from bri_desktop.services.projects import country_names
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.approval_words import act_hint, act_text, days_text, event_text, state_text, warning_text
from bri_desktop.ui.shared.attachment_tab import AttachmentTab
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.date_edit import DateEdit
from bri_desktop.ui.shared.fields import LabeledField, LineEdit, TextArea
from bri_desktop.ui.shared.panels import Note, icon_label
from bri_desktop.ui.shared.record_words import explain_value, label_of, problem_sentences, problems_in
from bri_desktop.ui.shared.tokens import Size, Space
from bri_desktop.ui.shared.undo_key import UndoKey


class CaseView(QTabWidget):
    """Shows the case of :meth:`show_case`; what is done there is written at once."""

    said = Signal(str)
    owner_opened = Signal(str)
    """The key of the project or tie is to be shown."""

    def __init__(self, context: WindowContext, *, with_owner: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._with_owner = context, with_owner
        self._case: Case | None = None
        self._countries: dict[str, tuple[str, str]] = {}
        self.setUsesScrollButtons(False)
        self.setStyleSheet(f"QTabWidget::tab-bar {{ left: {Space.SECTION - 2}px; }}")
        self.date = DateEdit(parse_date, explain_value)
        self.who = LineEdit()
        self.reason = TextArea(lines=2)
        width = Size.LABEL if language() == "zh_CN" else int(1.5 * Size.LABEL)
        self.rows = {
            "date": LabeledField(label_of("approval", "date"), self.date, required=True, label_width=width),
            "who": LabeledField(label_of("approval", "who"), self.who, label_width=width),
            "reason": LabeledField(label_of("approval", "reason"), self.reason, label_width=width),
        }
        UndoKey(self, (self.date, self.who, self.reason))
        self.acts = QWidget()
        self._act_row = QVBoxLayout(self.acts)
        self._act_row.setContentsMargins(0, 0, 0, 0)
        self._act_row.setSpacing(Space.BETWEEN)
        self.act_buttons: dict[str, QPushButton] = {}
        self.takes_focus = False
        """The next case shown is to be gone on with: it was begun just now."""
        self.problem = buttons.label("", "problem", wrap=True)
        self.withdraw_button = buttons.button(tr("Withdraw"), self.withdraw, kind=buttons.SMALL_LINK)
        self.delete_button = buttons.button(tr("Delete"), self.delete, kind=buttons.SMALL_LINK)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._steps = QVBoxLayout()
        self._make_content()
        self.files = AttachmentTab(context)
        self.files.said.connect(self.said)
        self.addTab(self.area, tr("Steps to take"))
        self.addTab(self.files, labels.record_kind_label("attachment"))
        context.runner.changed.connect(self._on_changed)

    def _make_content(self) -> None:
        content = QWidget()
        content.setProperty("kind", "surface")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.PAGE)
        self._column.setSpacing(Space.BETWEEN)
        self.owner_button = buttons.button("", self._open_owner, kind=buttons.LINK)
        self.facts = buttons.label("", "hint", wrap=True)
        self.warning = Note("", "warning")
        self._steps.setSpacing(Space.INSIDE)
        foot = QHBoxLayout()
        foot.addWidget(self.withdraw_button)
        foot.addWidget(self.delete_button)
        foot.addStretch(1)
        self._column.addWidget(self.owner_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.facts)
        self._column.addWidget(self.warning)
        for row in self.rows.values():
            self._column.addWidget(row)
        self._column.addWidget(self.acts)
        self._column.addWidget(self.problem)
        self._column.addWidget(panels.rule())
        self._column.addLayout(self._steps)
        self._column.addLayout(foot)
        self._column.addStretch(1)
        self.area.setWidget(content)

    # -- showing -----------------------------------------------------------------------------------------------

    @property
    def case(self) -> Case | None:
        """The case shown."""
        return self._case

    def show_case(self, case: Case) -> None:
        """Show a case; what was typed for another act is given up only for another case."""
        is_other = self._case is None or self._case.id != case.id
        was = None if self._case is None else self._case.version
        self._case = case
        if is_other or was != case.version:
            self.date.set_parsed(PartialDate(date.today().isoformat()))
            self.reason.set_value(None)
            self._tell({})
        self.owner_button.setVisible(self._with_owner)
        self.owner_button.setText(case.owner_name)
        self.facts.setText("   ".join(self._facts(case)))
        self._show_warning()
        self._show_steps(case)
        self._show_acts(case)
        self.files.show_owner(case.key)

    def _facts(self, case: Case) -> list[str]:
        age = days_text(case.age, is_working=case.is_working)
        facts = [case.procedure, state_text(case)]
        if case.opened:
            facts.append(tr("opened {date}", date=case.opened))
        if case.age is not None:
            facts.append(tr("{age} so far", age=age) if case.closed is None else tr("{age} in all", age=age))
        if case.standing.returned:
            facts.append(tr("sent back: {count}", count=case.standing.returned))
        return facts

    def _show_warning(self) -> None:
        code = self._case.warning if self._case else None
        self.warning.setVisible(code is not None)
        if code is None:
            return
        if not self._countries:
            self._context.runner.read(country_names, done=self._take_countries, initiator=self)
        zh, en = self._countries.get(code, (code, code))
        self.warning.set_text(warning_text(zh if language() == "zh_CN" else en))

    def _take_countries(self, names: dict[str, tuple[str, str]]) -> None:
        self._countries = names
        self._show_warning()

    def _show_steps(self, case: Case) -> None:
        _clear(self._steps)
        for position, step in enumerate(case.steps):
            self._steps.addWidget(self._step(case, position, step))

    def _step(self, case: Case, position: int, step: dict[str, Any]) -> QWidget:
        kinds = {event["kind"] for event in step["events"]}
        is_now = case.standing.step == position and case.closed is None
        name, role = ("check", "success") if "decided" in kinds else ("chevron-right", "hint")
        if is_now:
            name, role = ("stamp", "accent")
        elif "refused" in kinds:
            name, role = ("x", "error")
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.BETWEEN)
        row.addWidget(icon_label(name, role, Size.SMALL_ICON), 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        text = f"{position + 1}. {step['name']}"
        if step.get("optional"):
            text += f"  {tr('(may be skipped)')}"
        lines.addWidget(buttons.label(text, "strong" if is_now else "" if kinds else "hint"))
        for event in step["events"]:
            lines.addWidget(buttons.label(event_text(event), "small", wrap=True))
        row.addLayout(lines, 1)
        return made

    def _show_acts(self, case: Case) -> None:
        pressed = (*self.act_buttons.values(), self.withdraw_button)
        has_focus = self.takes_focus or any(button.hasFocus() for button in pressed)
        self.takes_focus = False
        _clear(self._act_row)
        self.act_buttons = {}
        others = QWidget()
        beside = QHBoxLayout(others)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(Space.BETWEEN)
        for what in case.acts:
            is_usual = what in (SUBMIT, DECIDE)
            text = tr("{act}: {step}", act=act_text(what), step=case.step_name) if is_usual else act_text(what)
            kind = buttons.PRIMARY if is_usual else buttons.OUTLINED
            button = buttons.button(text, partial(self.do, what), kind=kind)
            button.setToolTip(act_hint(what))
            self.act_buttons[what] = button
            (self._act_row if is_usual else beside).addWidget(button)
        self._act_row.addWidget(others)
        others.setVisible(len(case.acts) > 1)
        is_open = bool(case.acts)
        for row in self.rows.values():
            row.setVisible(is_open)
        # Made anew, the acts would come after withdrawing and deleting in the order of Tab.
        before: QWidget = self.reason
        for button in (*self.act_buttons.values(), self.withdraw_button, self.delete_button):
            QWidget.setTabOrder(before, button)
            before = button
        if has_focus:
            self.go_on()
        self.withdraw_button.setVisible(case.closed is None)

    def go_on(self) -> None:
        """Put the focus where the next act begins; never on an act: whoever presses twice would do that one too."""
        is_open = self._case is not None and bool(self._case.acts)
        (self.date if is_open else self.tabBar()).setFocus()

    # -- acts --------------------------------------------------------------------------------------------------

    def do(self, what: str) -> None:
        """Do an act with what the fields say; what is wrong is said under them."""
        case = self._case
        if case is None:
            return
        if self.date.problem:
            self._tell({"date": self.date.problem})
            self.date.setFocus()
            return
        parsed = self.date.parsed()
        given = {"date": parsed.value if parsed else None, "who": self.who.value(), "reason": self.reason.value()}
        number, version = case.id, case.version
        self._context.runner.write(
            lambda session: act(session, number, what, seen_version=version, **given),
            done=lambda _changes: self._on_done(number, act_text(what)), failed=self._on_refused, initiator=self,
        )  # fmt: skip

    def _on_done(self, number: int, what: str) -> None:
        self.said.emit(tr("{act}: done. Ctrl+Z takes it back.", act=what))
        self.read(number)

    def read(self, number: int) -> None:
        """Read a case again and show it."""
        self._context.runner.read(
            get_case, number, done=self.show_case, failed=lambda _error: None, initiator=self,
            replaces=(id(self), "case"),
        )  # fmt: skip

    def _on_refused(self, error: UserError) -> None:
        sentences = problem_sentences(problems_in(error))
        self._tell(sentences)
        first = next((row for code, row in self.rows.items() if code in sentences), None)
        if first is not None:
            first.editor.setFocus()
        else:
            self.problem.setText(labels.error_sentence(error))
            self.problem.show()
            if self._case is not None:
                self.read(self._case.id)

    def _tell(self, sentences: dict[str, str]) -> None:
        for code, row in self.rows.items():
            row.set_problem(sentences.get(code))
        self.problem.hide()

    def withdraw(self) -> None:
        """Close the case because it is not pursued any more."""
        if self._case is not None:
            number, version, day = self._case.id, self._case.version, date.today().isoformat()
            self._context.runner.write(
                lambda session: withdraw(session, number, date=day, seen_version=version),
                done=lambda _changes: self._on_done(number, tr("Withdraw")), failed=self._on_refused, initiator=self,
            )  # fmt: skip

    def delete(self) -> None:
        """Put the case into the bin; Ctrl+Z takes it back."""
        if self._case is not None:
            text = tr("{count} put into the bin. Ctrl+Z takes it back.", count=1)
            self._context.runner.write(
                delete_case, self._case.id, done=lambda _changes: self.said.emit(text), failed=self._on_refused,
                initiator=self,
            )  # fmt: skip

    def _open_owner(self) -> None:
        if self._case is not None:
            self.owner_opened.emit(self._case.owner_key)

    def _on_changed(self, changes: Any, initiator: object) -> None:
        if self._case is not None and initiator is not self and changes.kinds & {"approval"} and self.isVisible():
            self.read(self._case.id)


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
