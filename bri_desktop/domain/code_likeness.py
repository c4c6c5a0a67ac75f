"""Which codes an unknown value may mean: offers for a person, never an answer."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from bri_desktop.domain.codebook import SYNONYMS, CodeBook, CodeLabel
from bri_desktop.domain.folding import fold

LIKE_FROM = 45.0
_EMPTY_WORDS = ("合作", "类", "型", "级", "领域", "方面", "工作", "项目", "中", "等")


@dataclass(frozen=True, slots=True)
class LikeCode:
    """A code with how like one of its written forms is to the value, 0–100."""

    code: str
    score: float


def like_codes(book: CodeBook, listed: str, text: str, *, limit: int = 3) -> list[LikeCode]:
    """Return the codes of a list whose names are like ``text``, the likeliest first; perhaps none."""
    wanted = _bare(text)
    if not wanted:
        return []
    synonyms: dict[str, list[str]] = {}
    for word, code in SYNONYMS.get(listed, {}).items():
        synonyms.setdefault(code, []).append(word)
    found = [
        LikeCode(label.code, round(score, 1))
        for label in book.codes(listed)
        if (score := _score(wanted, label, synonyms.get(label.code, []))) >= LIKE_FROM
    ]
    return sorted(found, key=lambda one: -one.score)[:limit]


def _score(wanted: str, label: CodeLabel, synonyms: list[str]) -> float:
    forms = [form for word in (label.name_zh, label.name_en, *synonyms) if (form := _bare(word))]
    return max((max(fuzz.ratio(wanted, form), _shared(wanted, form)) for form in forms), default=0.0)


def _shared(wanted: str, form: str) -> float:
    """Return how much of the shorter word is in the other one: 经贸 and 贸易 share one character of two."""
    if wanted.isascii() or form.isascii():
        return fuzz.partial_ratio(wanted, form) * 0.8 if min(len(wanted), len(form)) > 3 else 0.0
    common = len(set(wanted) & set(form))
    return 95.0 * common / min(len(set(wanted)), len(set(form)))


def _bare(text: str) -> str:
    folded = fold(text)
    for word in _EMPTY_WORDS:
        shorter = folded.replace(word, "")
        folded = shorter or folded
    return folded
