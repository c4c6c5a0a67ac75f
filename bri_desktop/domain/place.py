"""Which place a written name means: found, left to the user where two fit, and never guessed.

``PlaceIndex`` is immutable; the office's own places and remembered decisions are laid over the shipped gazetteer
by :meth:`PlaceIndex.extended`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from bri_desktop.domain.folding import fold
from bri_desktop.domain.place_names import CHINA, PlaceEntry, forms_of, level_order, strip_suffix, without_kind
from bri_desktop.domain.place_search import Accept, Candidate, PlaceSearch, weight

__all__ = ["CHINA", "Candidate", "PlaceEntry", "PlaceIndex", "PlaceMatch", "forms_of"]

OWN_CITIES = frozenset({"cn:110000", "cn:120000", "cn:310000", "cn:500000", "cn:810000", "cn:820000"})
"""Province-level places that are cities themselves."""

REGIONS = frozenset({"cn:710000", "cn:810000", "cn:820000"})
BOTH_MEANT = frozenset({"吉林", "朝阳", "jilin", "chaoyang"})
"""Short names that offices use for a province or city and for another place in about equal measure."""

DOMINANT = 10
"""How many times more people the best-known of several namesakes abroad must have to be taken without a question."""

OFFERS = 8
_SEPARATOR = re.compile(r"[\s,，、;；:：/／|()（）\[\]【】·・—–‒―~～>＞-]+")
_KEYED = re.compile(r"(.+?)\s*\[((?:cn|gn|iso|own):[\w-]+)\]")
"""How our own files write a place that no name tells from its namesakes: Sahiwal [gn:1166548]."""
_COUNTRY_ENDING = re.compile("(?:人民共和国|共和国|王国|公国|联邦|国)$")

Names = dict[str, tuple[PlaceEntry, ...]]
Parts = tuple[str, ...]
NamesOf = Callable[[str], list[PlaceEntry]]


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a written name means.

    ``status`` is ``exact`` (``key`` is set), ``ambiguous`` or ``unknown``. ``reason`` says why: ``rule``, ``name``,
    ``key``, ``level``, ``context``, ``dominant`` for exact; ``same_name``; ``not_found``, ``other_country``, ``empty``.
    """

    text: str
    key: str | None
    status: str
    candidates: tuple[Candidate, ...]
    reason: str


class PlaceIndex:
    """All places by key and by every folded name, with the remembered decisions.

    ``rules`` maps (folded text, ISO code of the country or ``""``) to a key.
    """

    def __init__(self, entries: Iterable[PlaceEntry], rules: Mapping[tuple[str, str], str] | None = None) -> None:
        self._entries: dict[str, PlaceEntry] = {}
        self._full: Names = {}
        self._short: Names = {}
        self._rules = dict(rules or {})
        self._matches: dict[tuple[str, str | None, str | None], PlaceMatch] = {}
        self._add(entries)

    def extended(self, entries: Iterable[PlaceEntry], rules: Mapping[tuple[str, str], str]) -> "PlaceIndex":
        """Return an index with these places and decisions on top; far cheaper than building a new one."""
        other = PlaceIndex(())
        other._entries, other._full, other._short = dict(self._entries), dict(self._full), dict(self._short)
        other._rules = {**self._rules, **rules}
        other._add(entries)
        return other

    def _add(self, entries: Iterable[PlaceEntry]) -> None:
        for entry in entries:
            self._entries[entry.key] = entry
            full, short = entry.forms or forms_of(entry)
            for table, names in ((self._full, full), (self._short, short)):
                for name in names:
                    before = table.get(name)
                    table[name] = (entry,) if before is None else (*before, entry)

    # -- look-up -----------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> PlaceEntry | None:
        """Return the place of ``key``, or ``None``."""
        return self._entries.get(key)

    def children(self, key: str) -> tuple[PlaceEntry, ...]:
        """Return the places directly below ``key``, the most populous first."""
        return self._children.get(key, ())

    @cached_property
    def _children(self) -> dict[str, tuple[PlaceEntry, ...]]:
        found: dict[str, list[PlaceEntry]] = {}
        for entry in self._entries.values():
            found.setdefault(entry.parent, []).append(entry)
        return {key: tuple(sorted(entries, key=weight, reverse=True)) for key, entries in found.items() if key}

    def ancestors(self, key: str) -> Iterable[PlaceEntry]:
        """Yield the place itself and those it lies in, outwards."""
        seen: set[str] = set()
        entry = self._entries.get(key)
        while entry is not None and entry.key not in seen:
            seen.add(entry.key)
            yield entry
            entry = self._entries.get(entry.parent)

    def province_of(self, key: str) -> str | None:
        """Return the key of the province or state that a place is or lies in."""
        return next((entry.key for entry in self.ancestors(key) if entry.level == "province"), None)

    def prefecture_of(self, key: str) -> str | None:
        """Return the key of the city that a place counts for.

        Counties, parks and ports roll up. A municipality, 中国香港 and 中国澳门 are their own; a county directly
        under a province is its own; a province has none.
        """
        line = list(self.ancestors(key))
        for entry, above in zip_longest(line, line[1:]):
            if entry.level == "prefecture" or entry.key in OWN_CITIES:
                return entry.key
            if entry.level == "county" and above and above.level == "province" and above.key not in OWN_CITIES:
                return entry.key
        return None

    def display(self, key: str, language: str) -> str:
        """Return the name of a place in ``zh_CN`` or ``en``; the key itself where the place is unknown."""
        entry = self._entries.get(key)
        return entry.name(language) if entry else key

    def describe(self, key: str, language: str) -> str:
        """Return the name with what it lies in, to tell namesakes apart: 滨湖区（无锡市，江苏省）."""
        line = [entry.name(language) for entry in self.ancestors(key) if entry.key != "co:CN"]
        if len(line) < 2:
            return self.display(key, language)
        return f"{line[0]}（{'，'.join(line[1:])}）" if language == "zh_CN" else f"{line[0]} ({', '.join(line[1:])})"

    def country_of(self, text: str) -> str | None:
        """Return the ISO code of the country that a written name means: short, long, English, ``USA``; or ``None``."""
        bare = text.strip()
        if len(bare) == 2 and bare.isascii() and bare.isupper() and f"co:{bare}" in self._entries:
            return bare
        folded = fold(text)
        for name in (folded, _COUNTRY_ENDING.sub("", folded)):
            for entry in (*self._full.get(name, ()), *self._short.get(name, ())):
                if entry.level == "country" or entry.key in REGIONS:
                    return entry.country
        return None

    # -- matching ----------------------------------------------------------------------------------------------

    def resolve(self, text: str, *, country: str | None = None, side: str | None = None) -> PlaceMatch:
        """Return what ``text`` means; ``country`` (ISO code) and ``side`` (``domestic``, ``foreign``) narrow it.

        中国香港、中国澳门、中国台湾 belong to both sides. The same question is answered from memory.
        """
        question = (text, country, side)
        if question not in self._matches:
            self._matches[question] = self._resolve(text, country, side)
        return self._matches[question]

    def _resolve(self, text: str, country: str | None, side: str | None) -> PlaceMatch:
        folded = fold(text)
        if not folded:
            return PlaceMatch(text, None, "unknown", (), "empty")
        decided = self._decided(folded, country)
        if decided:
            return PlaceMatch(text, decided, "exact", (), "rule")
        accept = _scope(country, side)
        if (keyed := _KEYED.fullmatch(text.strip())) is not None:
            return self._by_key(text, keyed[1], keyed[2], country, side)
        match = self._by_name(text, folded, accept, country) or self._by_context(text, accept)
        if match is None and (stem := fold(without_kind(text.strip()))):
            match = self._by_name(text, stem, accept, country)
        return match or self._unknown(text, folded, accept, country, side)

    def _decided(self, folded: str, country: str | None) -> str | None:
        key = self._rules.get((folded, country or ""))
        if key is None and country:
            key = self._rules.get((folded, ""))
            known = self._entries.get(key or "")
            key = key if known is not None and known.country == country else None
        return key if key in self._entries else None

    def _by_key(self, text: str, name: str, key: str, country: str | None, side: str | None) -> PlaceMatch:
        """Return the place of a key, if that is its name here too; else what the name alone means."""
        entry = self._entries.get(key)
        if entry is not None and _scope(country, side)(entry):
            full, short = entry.forms or forms_of(entry)
            if fold(name) in (*full, *short):
                return PlaceMatch(text, key, "exact", (), "key")
        return replace(self.resolve(name, country=country, side=side), text=text)

    def _by_name(self, text: str, folded: str, accept: Accept, country: str | None) -> PlaceMatch | None:
        found = self._named(folded, accept, country)
        return self._decide(text, folded, found, country, "name") if found else None

    def _named(self, folded: str, accept: Accept, country: str | None = None) -> list[PlaceEntry]:
        """Return the places of that name: full names before short ones, at home and abroad each for itself."""
        full = [entry for entry in self._full.get(folded, ()) if accept(entry)]
        short = [entry for entry in self._short.get(folded, ()) if accept(entry)]
        if not full and not short:
            return self._without_suffix(folded, accept)
        home = [entry for entry in full if entry.country in CHINA] or [e for e in short if e.country in CHINA]
        abroad = [entry for entry in full if entry.country not in CHINA] or [e for e in short if e.country not in CHINA]
        for land in [entry for entry in abroad if entry.level == "country"]:
            abroad += [e for e in short if e.country == land.country and e.level == "prefecture" and e not in abroad]
        found = home + abroad
        if country and len(found) > 1:
            found = [entry for entry in found if entry.level != "country"]
        return found

    def _without_suffix(self, folded: str, accept: Accept) -> list[PlaceEntry]:
        stem, levels = strip_suffix(folded)
        tables = (self._full, self._short) if stem else ()
        found = ([e for e in table.get(stem, ()) if accept(e) and e.level in levels] for table in tables)
        return next(filter(None, found), [])

    def _decide(
        self, text: str, folded: str, found: Sequence[PlaceEntry], country: str | None, reason: str
    ) -> PlaceMatch:
        rivals = self._rivals(folded, found)
        if len(rivals) == 1:
            return PlaceMatch(text, rivals[0].key, "exact", (), reason if len(found) == 1 else "level")
        best, second = sorted(rivals, key=lambda entry: entry.population, reverse=True)[:2]
        cities = all(entry.level in ("prefecture", "county") and entry.country not in CHINA for entry in rivals)
        if not country and cities and best.population >= DOMINANT * max(second.population, 10_000):
            return PlaceMatch(text, best.key, "exact", (), "dominant")
        offers = sorted(rivals, key=weight, reverse=True)[:OFFERS]
        return PlaceMatch(
            text, None, "ambiguous", tuple(Candidate(entry.key, 100.0, "same_name") for entry in offers), "same_name"
        )

    def _rivals(self, folded: str, found: Sequence[PlaceEntry]) -> Sequence[PlaceEntry]:
        """Return the places that compete for a short Chinese name.

        A city or province outdoes its own county of that name, and a district elsewhere (区), which is hardly ever
        written without 区; in English every county, since it is written with its kind.
        """
        top = min(level_order(entry.level) for entry in found)
        tops = [entry for entry in found if level_order(entry.level) == top]
        if folded in BOTH_MEANT or tops[0].level not in ("province", "prefecture"):
            return found
        if any(entry.country not in CHINA for entry in found):
            return found
        return tops + [
            entry
            for entry in found
            if level_order(entry.level) > top
            and not (tops[0].level == "province" or folded.isascii() or entry.name_zh.endswith("区"))
            and not any(self.within(entry, outer) for outer in tops)
        ]

    def within(self, inner: PlaceEntry, outer: PlaceEntry) -> bool:
        """Return whether ``inner`` lies in ``outer``, not being the same."""
        return inner.key != outer.key and any(entry.key == outer.key for entry in self.ancestors(inner.key))

    def _by_context(self, text: str, accept: Accept) -> PlaceMatch | None:
        """Read ``Suzhou, Jiangsu``, ``四川省成都市``, ``Wuxi – Binhu``: one part lies in another."""
        parts = tuple(folded for part in _SEPARATOR.split(text) if (folded := fold(part)))[:6]
        for names in (self._best_named, self._all_named):
            found = [entry for entry in self._parts(parts, names, {}) if accept(entry)]
            if found:
                return self._decide(text, fold(text), found, found[0].country, "context")
        return None

    def _parts(self, parts: Parts, names: NamesOf, memo: dict[Parts, list[PlaceEntry]]) -> list[PlaceEntry]:
        if parts not in memo:
            memo[parts] = []
            found = names("".join(parts))
            if not found and len(parts) == 1 and not parts[0].isascii():
                found = self._run_on(parts[0], names, memo)
            for cut in range(1, len(parts) if not found else 0):
                left, right = self._parts(parts[:cut], names, memo), self._parts(parts[cut:], names, memo)
                found = _unique([*found, *self._joined(left, right)])
            memo[parts] = found
        return memo[parts]

    def _run_on(self, text: str, names: NamesOf, memo: dict[Parts, list[PlaceEntry]]) -> list[PlaceEntry]:
        for cut in range(2, len(text) - 1):
            left = names(text[:cut])
            found = self._joined(left, self._parts((text[cut:],), names, memo)) if left else []
            if found:
                return found
        return []

    def _best_named(self, folded: str) -> list[PlaceEntry]:
        return self._named(folded, _anywhere)

    def _all_named(self, folded: str) -> list[PlaceEntry]:
        names = _unique((*self._full.get(folded, ()), *self._short.get(folded, ())))
        return names or self._without_suffix(folded, _anywhere)

    def _joined(self, left: Sequence[PlaceEntry], right: Sequence[PlaceEntry]) -> list[PlaceEntry]:
        inner = [b for a in left for b in right if self.within(b, a)]
        inner += [a for a in left for b in right if self.within(a, b)]
        return _unique(inner)

    def _unknown(self, text: str, folded: str, accept: Accept, country: str | None, side: str | None) -> PlaceMatch:
        elsewhere = self._named(folded, _scope(None, side)) if country else []
        if elsewhere:
            offers = sorted(elsewhere, key=weight, reverse=True)[:OFFERS]
            other = tuple(Candidate(entry.key, 100.0, "other_country") for entry in offers)
            return PlaceMatch(text, None, "unknown", other, "other_country")
        return PlaceMatch(text, None, "unknown", tuple(self._search.near(folded, accept, OFFERS)), "not_found")

    # -- offers while typing -----------------------------------------------------------------------------------

    @cached_property
    def _search(self) -> PlaceSearch:
        return PlaceSearch(list(self._entries.values()), lambda entry: entry.forms or forms_of(entry))

    def complete(
        self, prefix: str, *, side: str | None = None, country: str | None = None, limit: int = 12
    ) -> list[PlaceEntry]:
        """Return places that a typed beginning (Chinese, pinyin, initials, English) may become, best first."""
        folded = fold(prefix)
        return self._search.complete(folded, _scope(country, side), limit) if folded else []


def _anywhere(entry: PlaceEntry) -> bool:
    return True


def _scope(country: str | None, side: str | None) -> Accept:
    """Return which places may be meant."""

    def accept(entry: PlaceEntry) -> bool:
        if country and entry.country != country:
            return False
        if side == "domestic":
            return entry.country in CHINA
        return not (side == "foreign" and entry.country == "CN")

    return accept


def _unique(entries: Iterable[PlaceEntry]) -> list[PlaceEntry]:
    return list({entry.key: entry for entry in entries}.values())
