"""The conditions of the ledger as chips, with the words between them: and, or, the brackets of a group."""

from collections.abc import Iterator, Mapping, Sequence

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.i18n import language, tr
from bri_desktop.ui.projects.conditions import AnyCondition, FieldCondition, Group, field_words, value_words
from bri_desktop.ui.shared.chips import Condition, Joint


def chips_of(conditions: Sequence[AnyCondition], codes: CodeBook, names: Mapping[str, str]) -> list[Condition | Joint]:
    """Return the chips of conditions in their order; ``names`` holds the names of place keys."""
    shown: list[Condition | Joint] = []
    for number, condition in enumerate(conditions):
        if isinstance(condition, Group):
            shown += _group(condition, number, codes, names)
        else:
            shown.append(_chip(str(number), condition, codes, names))
        if number + 1 < len(conditions):
            shown.append(Joint(str(number), tr("and"), tr("Both hold; press for “or”")))
    return shown


def _group(group: Group, number: int, codes: CodeBook, names: Mapping[str, str]) -> Iterator[Condition | Joint]:
    opening, closing = ("（", "）") if language() == "zh_CN" else ("(", ")")
    yield Joint("", (tr("none of") if group.negated else "") + opening, place=2 * number)
    for part, condition in enumerate(group.parts):
        yield _chip(f"{number}.{part}", condition, codes, names)
        if part + 1 < len(group.parts):
            yield Joint(f"{number}.{part}", tr("or"), tr("One of them holds; press for “and”"))
    yield Joint("", closing, place=2 * number + 1)


def _chip(key: str, condition: AnyCondition, codes: CodeBook, names: Mapping[str, str]) -> Condition:
    words = value_words(condition, codes, names)
    return Condition(key, field_words(condition), words, can_turn=True)


def place_keys(conditions: Sequence[AnyCondition]) -> list[str]:
    """Return the keys of places that conditions hold."""
    parts = [part for one in conditions for part in (one.parts if isinstance(one, Group) else (one,))]
    return [value for part in parts if isinstance(part, FieldCondition) for value in part.values if ":" in value]
