"""The format of an issued workbook: where what stands, and by which marks a returned one is known again.

Nothing is written here. ``template`` writes by these rules and the reading of returned workbooks reads by them;
``docs/file-formats.md`` says the same in prose. Headers are words of a language and may change; field keys never do.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bri_desktop.domain.vocabulary import FIELD_BY_CODE, FIELDS, PROJECT_KEY, key_of, number_of
from bri_desktop.excel.parts import column_letter
from bri_desktop.i18n import tr
from bri_desktop.labels import field_label

LAYOUT = 1
"""Version of the format; a workbook of another version is an ordinary ledger."""

ISSUE_PROPERTY = "BRI-Issue"
ISSUE_NAME = "bri_issue"
CONTROL_SHEET = "_bri_issue"
LISTS_SHEET = "_bri_lists"

GUIDE, PROJECTS, OUTCOMES, LONG_TEXTS = "guide", "project", "outcome", "long"

TITLE_ROW, NOTE_ROW, GROUP_ROW, HEADER_ROW, FIRST_DATA_ROW = 1, 2, 3, 4, 5
KEY_COLUMN = "A"
SPARE_ROWS = 200
REQUIRED_MARK = " *"

KEY, PROJECT, COUNTRY, CURRENCY = "key", "project", "country", "currency"
REQUIRED = frozenset({"title", "what"})
READ_ONLY = frozenset({"code"})
ALWAYS = ("code", "title")
NOT_BY_DEFAULT = frozenset({"visibility", "parent"})

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("project", ("code", "title", "title_en", "mode", "submode", "nature", "status", "level", "pair_kind")),
    ("places", ("domestic_places", "foreign_places")),
    ("actors", ("department", "lead", "partners")),
    ("dates", ("signed", "planned_start", "planned_end", "started", "ended")),
    ("money", ("amount",)),
    ("content", ("summary", "results", "outcomes")),
    ("fields", ("domain", "domains", "fields", "sdg", "corridors", "policy_step")),
    ("other", ("source", "tags", "parent", "visibility", "note")),
)
"""Group header -> its fields, in the order of the columns."""

_COMPLETED_BY = {"foreign_places": COUNTRY, "amount": CURRENCY}
_WIDTHS = {
    "code": 12,
    "title": 36,
    "title_en": 30,
    "summary": 40,
    "results": 40,
    "source": 24,
    "note": 24,
    "domestic_places": 18,
    "foreign_places": 18,
    "department": 18,
    "lead": 20,
    "partners": 24,
    "what": 30,
    "evidence": 24,
    "amount": 18,
    "currency": 9,
    "unit": 10,
}
_OUTCOME_FIELDS = (
    ("outcome_class", "code", "outcome_class"),
    ("what", "text", None),
    ("quantity", "number", None),
    ("unit", "text", None),
    ("amount", "money", None),
    (CURRENCY, CURRENCY, CURRENCY),
    ("date", "date", None),
    ("evidence", "text", None),
)
_NUMBER = re.compile(r"(\d{4})-(\d{3,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``field`` is the key that never changes; ``part_of`` names the field that it completes
    (the country of ``foreign_places``, the currency of ``amount``). A read-only column is so in rows with a key."""

    field: str
    letter: str
    header: str
    kind: str
    list: str | None = None
    group: str = ""
    width: int = 14
    read_only: bool = False
    required: bool = False
    part_of: str | None = None

    @property
    def index(self) -> int:
        """The column's number from 0."""
        return column_number(self.letter) - 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table sheet: its role (``project`` or ``outcome``), its title, its columns, how many rows were issued."""

    role: str
    title: str
    columns: tuple[Column, ...]
    rows: int = 0
    header_row: int = HEADER_ROW
    first_row: int = FIRST_DATA_ROW


@dataclass(frozen=True, slots=True)
class Sent:
    """A row as it was issued: the digest of its values (see :func:`domain.issued.row_digest`) and its row number."""

    digest: str
    row: int


@dataclass(frozen=True, slots=True)
class Control:
    """What the hidden control sheet says of the workbook."""

    issue: str
    layout: int = LAYOUT
    department: str = ""
    due: str | None = None
    issued_at: str = ""
    language: str = "zh_CN"
    tables: tuple[Table, ...] = ()
    rows: Mapping[str, Sent] = field(default_factory=dict)

    def table(self, role: str) -> Table | None:
        """Return the table of that role, ``None`` where the workbook was issued without."""
        return next((table for table in self.tables if table.role == role), None)


def is_issue_number(text: str) -> bool:
    """Tell whether ``text`` has the form of an issue number: 2026-003."""
    return _NUMBER.fullmatch(text) is not None


def outcome_key(project_key: str, position: int) -> str:
    """Return the key of a project's outcome at ``position`` (from 0): P12.1 is the first one of P12."""
    return f"{project_key}.{position + 1}"


def parse_outcome_key(key: str) -> tuple[str, int] | None:
    """Return (project key, position from 0) of an outcome's key, ``None`` where it is none."""
    project, _, position = key.partition(".")
    number = number_of(PROJECT_KEY, project)
    if number is None or not (position.isascii() and position.isdigit()) or len(position) > 9 or not int(position):
        return None
    return key_of(PROJECT_KEY, number), int(position) - 1


def column_number(letter: str) -> int:
    """Return the number of a column from 1: A is 1, AA is 27."""
    number = 0
    for character in letter:
        number = number * 26 + ord(character) - 64
    return number


def sheet_title(role: str) -> str:
    """Return the name of a visible sheet in the chosen language."""
    titles: Mapping[str, Callable[[], str]] = {
        GUIDE: lambda: tr("How to fill in"),
        PROJECTS: lambda: tr("Projects"),
        OUTCOMES: lambda: tr("Results by number"),
        LONG_TEXTS: lambda: tr("Long texts"),
    }
    return titles[role]()


def group_label(group: str) -> str:
    """Return the header over a group of columns in the chosen language."""
    labels: Mapping[str, Callable[[], str]] = {
        "project": lambda: tr("The project"),
        "places": lambda: tr("Where"),
        "actors": lambda: tr("Who"),
        "dates": lambda: tr("When"),
        "money": lambda: tr("How much"),
        "content": lambda: tr("Content and results"),
        "fields": lambda: tr("Domains"),
        "other": lambda: tr("Other"),
    }
    return labels[group]()


def column_label(name: str) -> str:
    """Return the header of a column, without the mark of a required one."""
    labels: Mapping[str, Callable[[], str]] = {
        KEY: lambda: tr("Record"),
        PROJECT: lambda: tr("Project code"),
        "outcome_class": lambda: tr("Class of result"),
        "what": lambda: tr("What was achieved"),
        "quantity": lambda: tr("Quantity"),
        "unit": lambda: tr("Unit of measure"),
        "date": lambda: tr("Date"),
        "evidence": lambda: tr("Evidence"),
    }
    label = labels.get(name)
    return label() if label else field_label(name)


def default_fields() -> tuple[str, ...]:
    """Return the fields that are issued where none are named."""
    return tuple(one.code for one in FIELDS if one.code not in NOT_BY_DEFAULT)


def ordered_fields(fields: Iterable[str]) -> tuple[str, ...]:
    """Return ``fields`` in the order of the columns, with those that every workbook has."""
    wanted = {*fields, *ALWAYS}
    return tuple(name for _, names in GROUPS for name in names if name in wanted)


def project_columns(fields: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of the table of projects: the hidden key, code, title, then the chosen fields by group."""
    wanted = ordered_fields(fields)
    made = [_key_column()]
    for group, names in GROUPS:
        for name in names:
            if name not in wanted or name == "outcomes":
                continue
            known = FIELD_BY_CODE[name]
            made.append(_column(len(made), name, known.kind, known.list, group))
            if (beside := _COMPLETED_BY.get(name)) is not None:
                made.append(_column(len(made), beside, beside, beside, group, part_of=name))
    return tuple(made)


def outcome_columns() -> tuple[Column, ...]:
    """Return the columns of the table of outcomes: hidden key, project by code and title, then the outcome."""
    made = [_key_column()]
    for name in (PROJECT, "title"):
        made.append(_column(len(made), name, "text", None, "project", read_only=True, required=name == PROJECT))
    for name, kind, codes in _OUTCOME_FIELDS:
        part_of = "amount" if name == CURRENCY else None
        made.append(_column(len(made), name, kind, codes, "content", part_of=part_of))
    return tuple(made)


def _key_column() -> Column:
    return Column(KEY, KEY_COLUMN, column_label(KEY), "key", width=10, read_only=True)


def _column(
    place: int,
    name: str,
    kind: str,
    codes: str | None,
    group: str,
    *,
    part_of: str | None = None,
    read_only: bool | None = None,
    required: bool | None = None,
) -> Column:
    is_required = name in REQUIRED if required is None else required
    return Column(
        field=name,
        letter=column_letter(place + 1),
        header=column_label(name) + (REQUIRED_MARK if is_required else ""),
        kind=kind,
        list=codes,
        group=group,
        width=_WIDTHS.get(name, 14),
        read_only=name in READ_ONLY if read_only is None else read_only,
        required=is_required,
        part_of=part_of,
    )


# -- the control sheet -----------------------------------------------------------------------------------------


def control_head(control: Control) -> Iterator[tuple[str, ...]]:
    """Give the lines of the control sheet but those of the rows, each cell a text."""
    yield "layout", str(control.layout)
    yield "issue", control.issue
    yield "department", control.department
    yield "due", control.due or ""
    yield "issued_at", control.issued_at
    yield "language", control.language
    for table in control.tables:
        yield "sheet", table.role, table.title, str(table.header_row), str(table.first_row), str(table.rows)
        for column in table.columns:
            flags = ("r" if column.read_only else "") + ("q" if column.required else "")
            yield (
                "column",
                table.role,
                column.letter,
                column.field,
                column.header,
                column.kind,
                column.list or "",
                flags,
                column.part_of or "",
            )


def control_row(key: str, sent: Sent) -> tuple[str, ...]:
    """Return the line of the control sheet of one issued row."""
    return "row", key, sent.digest, str(sent.row)


def parse_control(lines: Iterable[Sequence[object]]) -> Control | None:
    """Return what the lines of a control sheet say; ``None`` where they are of no issued workbook of this layout."""
    head: dict[str, str] = {}
    sheets: dict[str, tuple[str, int, int, int]] = {}
    columns: dict[str, list[Column]] = {}
    rows: dict[str, Sent] = {}
    try:
        for line in lines:
            kind, *cells = ["" if cell is None else str(cell) for cell in line] or [""]
            cells += [""] * 8
            if kind == "row":
                rows[cells[0]] = Sent(cells[1], int(cells[2]))
            elif kind == "sheet":
                sheets[cells[0]] = (cells[1], int(cells[2]), int(cells[3]), int(cells[4]))
            elif kind == "column":
                columns.setdefault(cells[0], []).append(_parsed_column(cells))
            elif kind:
                head[kind] = cells[0]
    except ValueError:
        return None
    if head.get("layout") != str(LAYOUT) or not is_issue_number(head.get("issue", "")):
        return None
    tables = tuple(
        Table(role, title, tuple(columns.get(role, ())), count, header_row, first_row)
        for role, (title, header_row, first_row, count) in sheets.items()
    )
    return Control(
        issue=head["issue"],
        department=head.get("department", ""),
        due=head.get("due") or None,
        issued_at=head.get("issued_at", ""),
        language=head.get("language", ""),
        tables=tables,
        rows=rows,
    )


def _parsed_column(cells: Sequence[str]) -> Column:
    _, letter, name, header, kind, codes, flags, part_of = cells[:8]
    if not re.fullmatch("[A-Z]{1,3}", letter):
        raise ValueError(letter)
    return Column(
        field=name,
        letter=letter,
        header=header,
        kind=kind,
        list=codes or None,
        read_only="r" in flags,
        required="q" in flags,
        part_of=part_of or None,
    )
