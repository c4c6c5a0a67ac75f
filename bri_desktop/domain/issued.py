"""What tells an issued row from any other: one digest over the plain values that were sent."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

DIGEST_BYTES = 16


def row_digest(values: Mapping[str, Any]) -> str:
    """Return 32 hex digits over field -> plain value (as :mod:`bri_desktop.domain.record` makes them).

    The order of the fields does not matter; that of the values within a field does.
    """
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).hexdigest()
