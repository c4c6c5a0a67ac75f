"""What SQLite says of a file, as the codes that the program speaks of."""

_CODES = (
    ("locked", "database_locked"),
    ("readonly", "database_read_only"),
    ("full", "disk_full"),
    ("unable to open", "database_unreachable"),
    ("malformed", "database_damaged"),
    ("not a database", "database_damaged"),
    ("disk I/O", "database_unreachable"),
)


def fault_code(message: str) -> str:
    """Return the code of an error message of SQLite's."""
    return next((code for part, code in _CODES if part in message), "database_failed")
