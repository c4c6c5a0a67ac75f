"""The editor of each field of a project: the same in the form, in a cell of the table and in an edit of many."""

from collections.abc import Callable, Sequence

from bri_desktop import labels
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.i18n import tr
from bri_desktop.ui.projects.editors import (
    ChipsEditor,
    CodeEditor,
    Editor,
    OutcomesEditor,
    TextEditor,
    codes_editor,
    date_editor,
    money_editor,
    words_editor,
)
from bri_desktop.ui.projects.place_edit import LedgerPlaceEdit
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.fields import LineEdit, TextArea

AREAS = {"summary": 2, "results": 2, "outcomes": 2, "note": 2}
"""Fields of several lines, and how many they begin with."""


def field_editor(context: WindowContext, code: str, names: Callable[[], Sequence[str]]) -> Editor:
    """Return a new editor of a field; ``names`` gives the organisations that the ledger knows."""
    field = FIELD_BY_CODE[code]
    match field.kind:
        case "date":
            return date_editor()
        case "money":
            return money_editor()
        case "code":
            return CodeEditor(context.codes, field.list or "")
        case "codes":
            return codes_editor(context.codes, field.list or "")
        case "places":
            side = code.removesuffix("_places")
            widget = LedgerPlaceEdit(context, side, tr("Name, pinyin, initials"))
            return ChipsEditor(widget, labels.sentence("place_unknown"), lambda key: key)
        case "outcomes":
            return OutcomesEditor(TextArea(tr("One a line, such as 培训学员 3万人次"), lines=AREAS[code]))
        case "organisations" | "texts":
            return words_editor(lambda: names() if code == "partners" else ())
    if code in AREAS:
        return TextEditor(TextArea(lines=AREAS[code]))
    return TextEditor(LineEdit(tr("Key of a record, such as P12") if code == "parent" else ""))
