"""What the fields of records look like in tables, and what is said of written values that cannot be read."""

from collections.abc import Sequence

from bri_desktop import labels
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import FieldProblem, UserError, ValueProblemError
from bri_desktop.domain.record_kinds import KINDS, Plain, RecordField, RecordKind
from bri_desktop.domain.record_written import show_value
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.services.record_list import RecordRow
from bri_desktop.ui.shared.cells import ABSENT, Cell, Named
from bri_desktop.ui.shared.model import Column

RIGHT = ("date", "count", "number", "money")


def explain_value(error: ValueProblemError) -> str:
    """Return the sentence for a written value that cannot be read, with the readings it may have."""
    sentence = labels.sentence(error.code, error.values | {"value": str(error.value)[:40]})
    if error.offers:
        return f"{sentence} {tr('Possible: {offers}', offers='、'.join(error.offers))}"
    return sentence


def problem_sentences(problems: Sequence[FieldProblem]) -> dict[str, str]:
    """Return field -> what is wrong with it."""
    return {problem.field: labels.sentence(problem.code, problem.values) for problem in problems}


def problems_in(error: UserError) -> Sequence[FieldProblem]:
    """Return the problems by field that an error carries."""
    found = getattr(error, "problems", ())
    return found if isinstance(found, tuple) else ()


def label_of(kind: RecordKind | str, field: str) -> str:
    """Return the name of a field of a kind."""
    return field_label(f"{kind if isinstance(kind, str) else kind.code}.{field}")


def text_of(row: RecordRow, field: RecordField, codes: CodeBook) -> str:
    """Return what a field holds, in words; ``""`` for nothing."""
    if field.code in row.shown:
        return row.shown[field.code]
    return show_value(field, row.stored.values.get(field.code), codes, language())


def line_of(kind: RecordKind, values: Plain, codes: CodeBook) -> str:
    """Return what a written line was understood as: 签署日期 2017-05-17 · 协议种类 备忘录 · …"""
    parts = [
        f"{label_of(kind, field.code)} {show_value(field, values[field.code], codes, language())}"
        for field in kind.fields
        if values.get(field.code)
    ]
    return " · ".join(parts)


def quick_hint(kind: RecordKind) -> str:
    """Return an example of a line that logs a record of the kind."""
    examples = {
        "agreement": tr("Such as 2017-05-17 Memorandum Tourism"),
        "activity": tr("Such as 2018-03 Training Summer school 12人"),
        "outcome": tr("Such as Trainees 30000 persons"),
        "indicator": tr("Such as Freight 0 120 2025 (baseline, target, due)"),
        "risk": tr("Such as 2019-04 Partner office reorganised"),
        "contact": tr("Such as Zhang San 021-60000000"),
        "follow_up": tr("Such as 2030-01-15 Answer the letter"),
        "organisation": tr("Such as Enterprise COSCO Shipping"),
    }
    return examples[kind.code]


def empty_hint(kind: RecordKind) -> str:
    """Return what an empty table of the kind says."""
    return tr("Nothing here yet. Write one line above and press Enter.") if kind.owners else tr("Nothing found.")


def kind_columns(code: str, codes: CodeBook) -> list[Column[RecordRow]]:
    """Return the columns of the ledger page of a kind: its fields, and what each record belongs to."""
    kind = KINDS[code]
    columns: list[Column[RecordRow]] = []
    for place, field in enumerate(kind.fields):
        columns.append(_column(kind, field, codes, stretch=place == 0))
        if place == 0 and kind.owners:
            columns.append(Column("owner", field_label("owner"), owner_cell, 240, priority=1, is_sortable=True))
    return columns


def owner_cell(row: RecordRow) -> Cell | str:
    """Return what a record belongs to, its code or key in grey."""
    return Named(row.owner_name, row.owner_code or row.owner_key or "") if row.owner_key else ABSENT


def _column(kind: RecordKind, field: RecordField, codes: CodeBook, *, stretch: bool) -> Column[RecordRow]:
    return Column(
        field.code,
        label_of(kind, field.code),
        lambda row: text_of(row, field, codes) or ABSENT,
        max(field.width, 84),
        is_right=field.kind in RIGHT,
        is_sortable=field.kind not in ("periods", "organisation"),
        stretch=stretch,
        priority=field.priority,
    )
