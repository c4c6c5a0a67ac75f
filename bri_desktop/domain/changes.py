"""Which kinds of records a write touched, so that views know whether to read again."""

from dataclasses import dataclass, field

CODE_KIND = "code"
"""The kind of changes to code lists, after which every word shown is looked up again."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Kinds (``project``, ``place``, ``pair``, ``batch`` …) and, where few, the keys of the records touched."""

    kinds: frozenset[str] = frozenset()
    keys: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(self.kinds | other.kinds, self.keys | other.keys)
