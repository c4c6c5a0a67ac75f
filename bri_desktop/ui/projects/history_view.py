"""The history of a project in words: when, by which act, and each field from its old value to the new one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from bri_desktop.domain.approval import ACTS
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.record import from_plain
from bri_desktop.domain.record_kinds import KINDS, RecordKind
from bri_desktop.domain.record_written import show_value
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label, record_kind_label
from bri_desktop.services.frozen_marks import FrozenMark
from bri_desktop.ui.projects.columns import value_text
from bri_desktop.ui.projects.editors import Names
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.approval_words import act_text
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.tokens import Space

BETWEEN = "、"
SHOWN = 200
APPROVAL = "approval_"
"""How the acts of approvals begin in the history."""

ACTIONS: Mapping[str, Callable[[], str]] = {
    "create": lambda: tr("Logged"),
    "update": lambda: tr("Changed"),
    "delete": lambda: tr("Put into the bin"),
    "restore": lambda: tr("Taken out of the bin"),
    "merge": lambda: tr("Took in another record"),
}


class HistoryView(QWidget):
    """The entries of one project and of what hangs on it, latest first: all of them, or those of one field.

    What is not looked at is not laid out: a record opens on another tab.
    """

    restore_wanted = Signal(str, int)
    """The state of a record, named by its key, after this act is to come back."""

    def __init__(self, codes: CodeBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes = codes
        self._entries: Sequence[Mapping[str, Any]] = ()
        self._names: Names = {}
        self._frozen: Sequence[FrozenMark] = ()
        self._is_laid = True
        self.field = ChoiceButton(tr("Field"))
        self.field.chosen.connect(lambda _code: self._lay())
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(tr("History"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.PAGE, 0)
        top.addWidget(self.field)
        top.addStretch(1)
        column.addLayout(top)
        column.addWidget(self.area, 1)

    @property
    def lines(self) -> list[str]:
        """What is said of each entry."""
        return [line for entry, texts in self._told() for line in (self._heading(entry), *texts)] or [_nothing()]

    def show_entries(
        self, entries: Sequence[Mapping[str, Any]], names: Names, frozen: Sequence[FrozenMark] = ()
    ) -> None:
        """Show entries as ``history_of`` gives them; ``names`` has the places in them. Those after the freeze of a year
        whose figures the record stands behind are marked."""
        self._entries, self._names, self._frozen = entries, names, frozen
        fields = dict.fromkeys(code for entry in entries if _is_own(entry) for code in entry["after"] or {})
        choices = [(code, field_label(code)) for code in fields if code in FIELD_BY_CODE]
        kept = self.field.code() if self.field.code() in fields else ""
        self.field.set_choices([("", tr("All fields")), *choices], kept)
        self.field.setVisible(len(choices) > 1)
        self._is_laid = False
        if self.isVisible():
            self._lay()

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out what came while nobody looked."""
        super().showEvent(event)
        if not self._is_laid:
            self._lay()

    def _told(self) -> list[tuple[Mapping[str, Any], list[str]]]:
        """Return the entries that are shown, each with its lines below the heading."""
        told = []
        for entry in self._entries:
            lines = change_lines(entry, self._codes, self._names, self.field.code())
            if self.field.code() and not lines:
                continue
            told.append((entry, lines + ([tr("Reason: {why}", why=entry["why"])] if entry.get("why") else [])))
        return told[:SHOWN]

    def _heading(self, entry: Mapping[str, Any]) -> str:
        return "  ".join((heading_text(entry), *_after_freeze(entry, self._frozen)))

    def _lay(self) -> None:
        self._is_laid = True
        content = QWidget()
        content.setProperty("kind", "surface")
        column = QVBoxLayout(content)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.INSIDE)
        seen: set[str] = set()
        told = self._told()
        for number, (entry, lines) in enumerate(told):
            if number:
                column.addWidget(panels.rule())
            _add(column, self._heading(entry), "strong")
            for line in lines:
                _add(column, line, "")
            key = str(entry.get("key", ""))
            if key and entry["action"] in ("create", "update"):
                if key in seen:
                    self._add_restore(column, key, int(entry["change"]))
                seen.add(key)
        if not told:
            _add(column, _nothing(), "hint")
        column.addStretch(1)
        self.area.setWidget(content)

    def _add_restore(self, column: QVBoxLayout, key: str, change: int) -> None:
        text = tr("Bring this state back")
        link = buttons.button(text, lambda: self.restore_wanted.emit(key, change), kind=buttons.SMALL_LINK)
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)


def _add(column: QVBoxLayout, text: str, kind: str) -> None:
    label = buttons.label(text, kind, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(label)


def _nothing() -> str:
    return tr("Nothing was changed yet.")


def _is_own(entry: Mapping[str, Any]) -> bool:
    """Tell whether an entry is of the project itself, not of what hangs on it."""
    return str(entry.get("kind", "project")) == "project"


def frozen_texts(frozen: Sequence[FrozenMark]) -> list[str]:
    """Return in which frozen years a record is counted, and after which it was corrected."""
    between = tr(", ")
    kept = between.join(str(mark.year) for mark in frozen if not mark.is_corrected)
    corrected = between.join(str(mark.year) for mark in frozen if mark.is_corrected)
    texts = [tr("Frozen in {years}", years=kept)] if kept else []
    return texts + ([tr("Frozen {years}, edited", years=corrected)] if corrected else [])


def _after_freeze(entry: Mapping[str, Any], frozen: Sequence[FrozenMark]) -> list[str]:
    years = tr(", ").join(str(mark.year) for mark in frozen if int(entry["change"]) > mark.change_id)
    return [tr("after {years} was frozen", years=years)] if years else []


def heading_text(entry: Mapping[str, Any]) -> str:
    """Return when and by which act."""
    at = datetime.fromisoformat(str(entry["at"])).astimezone()
    action = ACTIONS.get(str(entry["action"]))
    words = action() if action else str(entry["action"])
    if entry["act"] in ("import", "settle"):
        words = tr("{action} by import {batch}", action=words, batch=entry["batch"])
    elif entry["act"] == "undo":
        words = tr("{action} by undoing", action=words)
    if entry["undone"]:
        words = tr("{action}, undone later", action=words)
    kind, act = str(entry.get("kind", "project")), str(entry["act"])
    if act.startswith(APPROVAL) and act.removeprefix(APPROVAL) in ACTS and entry["act"] != "undo":
        words = act_text(act.removeprefix(APPROVAL))
    if kind != "project":
        words = f"{record_kind_label(kind)} {entry.get('title') or entry['key']}  {words}"
    return "  ".join(part for part in (f"{at:%Y-%m-%d %H:%M}", words, entry.get("who")) if part)


def change_lines(entry: Mapping[str, Any], codes: CodeBook, names: Names, only: str = "") -> list[str]:
    """Return one line for each field: its name, the old and the new value; of one field alone where it is named."""
    before, after = entry["before"] or {}, entry["after"] or {}
    if entry.get("kind", "project") in KINDS:
        return [] if only else _record_lines(KINDS[entry["kind"]], before, after, codes)
    return [
        tr(
            "{field}: {old} → {new}",
            field=field_label(field),
            old=words_of(field, from_plain(field, before.get(field)), codes, names),
            new=words_of(field, from_plain(field, after.get(field)), codes, names),
        )
        for field in after
        if field in FIELD_BY_CODE and only in ("", field)
    ]


def _record_lines(kind: RecordKind, before: Mapping[str, Any], after: Mapping[str, Any], codes: CodeBook) -> list[str]:
    def words(code: str, value: Any) -> str:
        return show_value(kind.field(code), value, codes, language()) or tr("empty")

    return [
        tr(
            "{field}: {old} → {new}",
            field=field_label(f"{kind.code}.{code}"),
            old=words(code, before.get(code)),
            new=words(code, after[code]),
        )
        for code in after
        if code in kind.codes
    ]


def words_of(field: str, value: Any, codes: CodeBook, names: Names) -> str:
    """Return a value in words, places by name; nothing is 空."""
    if FIELD_BY_CODE[field].kind == "places":
        value = tuple(names[key].name if key in names else key for key in value or ())
        return BETWEEN.join(value) or tr("empty")
    return value_text(field, value, codes) or tr("empty")


def place_keys(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the keys of the places named in entries."""
    keys: dict[str, None] = {}
    for entry in entries:
        if entry.get("kind", "project") != "project":
            continue
        for side in (entry["before"] or {}, entry["after"] or {}):
            for field in ("domestic_places", "foreign_places"):
                keys.update(dict.fromkeys(side.get(field) or ()))
    return list(keys)
