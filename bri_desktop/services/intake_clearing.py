"""The mark that empties a field of a record: a blank cell of a ledger says nothing, and leaves what is there."""

CLEAR_MARK = "〔清空〕"
_ALSO = {"mode": {"submode"}, "domain": {"domains"}}


def cleared_with(field: str) -> set[str]:
    """Return the fields that the mark in a column of ``field`` empties."""
    return {field} | _ALSO.get(field, set())
