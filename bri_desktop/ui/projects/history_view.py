"""The history of a project in words: when, by which act, and each field from its old value to the new one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

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


class HistoryView(QScrollArea):
    """The entries of one project and of what hangs on it, latest first."""

    restore_wanted = Signal(str, int)
    """The state of a record, named by its key, after this act is to come back."""

    def __init__(self, codes: CodeBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes = codes
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("History"))
        self.lines: list[str] = []

    def show_entries(
        self, entries: Sequence[Mapping[str, Any]], names: Names, frozen: Sequence[FrozenMark] = ()
    ) -> None:
        """Show entries as ``history_of`` gives them; ``names`` has the places in them. Those after the freeze of a year
        whose figures the record stands behind are marked."""
        content = QWidget()
        content.setProperty("kind", "surface")
        column = QVBoxLayout(content)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.INSIDE)
        self.lines = []
        seen: set[str] = set()
        for number, entry in enumerate(entries[:SHOWN]):
            if number:
                column.addWidget(panels.rule())
            self._add(column, "  ".join((heading_text(entry), *_after_freeze(entry, frozen))), "strong")
            for line in change_lines(entry, self._codes, names):
                self._add(column, line, "")
            key = str(entry.get("key", ""))
            if key and entry["action"] in ("create", "update"):
                if key in seen:
                    self._add_restore(column, key, int(entry["change"]))
                seen.add(key)
        if not entries:
            self._add(column, tr("Nothing was changed yet."), "hint")
        column.addStretch(1)
        self.setWidget(content)

    def _add_restore(self, column: QVBoxLayout, key: str, change: int) -> None:
        text = tr("Bring this state back")
        link = buttons.button(text, lambda: self.restore_wanted.emit(key, change), kind=buttons.SMALL_LINK)
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _add(self, column: QVBoxLayout, text: str, kind: str) -> None:
        label = buttons.label(text, kind, wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.lines.append(text)
        column.addWidget(label)


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


def change_lines(entry: Mapping[str, Any], codes: CodeBook, names: Names) -> list[str]:
    """Return one line for each field: its name, the old and the new value."""
    before, after = entry["before"] or {}, entry["after"] or {}
    if entry.get("kind", "project") in KINDS:
        return _record_lines(KINDS[entry["kind"]], before, after, codes)
    return [
        tr(
            "{field}: {old} → {new}",
            field=field_label(field),
            old=words_of(field, from_plain(field, before.get(field)), codes, names),
            new=words_of(field, from_plain(field, after.get(field)), codes, names),
        )
        for field in after
        if field in FIELD_BY_CODE
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
