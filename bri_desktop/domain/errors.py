"""What can be wrong, as codes and values: the sentences are made by ``labels``."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a fault: whichever of file, sheet, cell, field and record key is known."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    field: str | None = None
    key: str | None = None


class UserError(Exception):
    """A fault of the input or the machine: one clear sentence to the user, no traceback.

    ``code`` chooses the sentence, ``values`` fill it in, ``where`` points at the cause.
    """

    def __init__(self, code: str, *, where: Where | None = None, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.where = where or Where()
        self.values = values


class InputError(UserError):
    """Wrong use or unreadable input: nothing was changed (exit status 2)."""


class DatabaseRefusedError(UserError):
    """The database is newer, corrupt, locked or read-only (exit status 3)."""


class StaleRecordError(UserError):
    """The record was changed by somebody else since the form was opened."""


class ValueProblemError(ValueError):
    """A written value that cannot be read without guessing: raised by the parsers of single values.

    ``code`` is stable (``date_unreadable``, ``date_ambiguous``, ``money_unreadable`` …); ``offers`` are readings
    a user may choose from, as written values that parse without a question.
    """

    def __init__(self, code: str, value: object, *, offers: tuple[str, ...] = (), **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.value = value
        self.offers = offers
        self.values = values


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Something wrong with one field of a draft."""

    field: str
    code: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
