"""Code lists in memory: labels for codes, and the code that a written value means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bri_desktop.domain.folding import fold

SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "mode": {
        "友城": "sister_city",
        "友好城市": "sister_city",
        "园区": "demonstration_park",
        "机制": "exchange_mechanism",
    },
    "submode": {"签约": "signed_framework", "会员": "member_network", "论坛": "forum", "网络": "member_network"},
    "nature": {"交流": "exchange", "交往": "exchange", "务实": "practical", "实务": "practical"},
    "status": {
        "已签署": "signed",
        "已签约": "signed",
        "签署": "signed",
        "实施中": "active",
        "进行中": "active",
        "在建": "active",
        "推进中": "active",
        "执行中": "active",
        "已完成": "completed",
        "完工": "completed",
        "建成": "completed",
        "已建成": "completed",
        "已终止": "terminated",
        "已中止": "suspended",
        "暂停": "suspended",
        "审批中": "approval",
        "意向中": "intent",
        "拟": "idea",
    },
    "level": {
        "国家": "national",
        "省": "provincial",
        "市": "municipal",
        "县": "county",
        "区": "county",
        "企业级": "enterprise",
    },
    "pair_kind": {
        "友城": "sister",
        "友好城市": "sister",
        "正式友城": "sister",
        "友好交流": "friendly",
        "友好合作": "friendly",
        "友好交流城市": "friendly",
        "友好合作城市": "friendly",
        "友好交流关系": "friendly",
        "意向": "intent",
        "友好意向": "intent",
        "基层友好": "grassroots",
        "基层": "grassroots",
    },
    "visibility": {"公开": "public", "内部": "internal", "否": "internal"},
    "domain": {
        "政策": "policy",
        "设施": "facilities",
        "贸易": "trade",
        "资金": "finance",
        "民心": "people",
        "设施联通": "facilities",
    },
}

SUFFIXES = ("型", "级", "类", "领域", "中")

OWN = "own_"
"""How the codes of the office itself begin; no built-in code does."""


def own_code(number: int) -> str:
    """Return the identifier of an own code."""
    return f"{OWN}{number}"


def own_number(code: str) -> int:
    """Return the number in the identifier of an own code; ``ValueError`` for a built-in one."""
    return int(code.removeprefix(OWN))


@dataclass(frozen=True, slots=True)
class CodeLabel:
    """One code of a list with its two labels."""

    list: str
    code: str
    name_zh: str
    name_en: str
    parent: str | None = None

    def label(self, language: str) -> str:
        """The label in that language; an own code without an English one has the Chinese."""
        return self.name_zh if language == "zh_CN" else self.name_en or self.name_zh


class CodeBook:
    """All code lists, in their order; ``gone`` are codes that only the history still speaks of."""

    def __init__(self, labels: Iterable[CodeLabel], gone: Iterable[CodeLabel] = ()) -> None:
        self._lists: dict[str, dict[str, CodeLabel]] = {}
        for label in labels:
            self._lists.setdefault(label.list, {})[label.code] = label
        self._written: dict[str, dict[str, str]] = {}
        self._gone = {(label.list, label.code): label for label in gone}

    def become(self, other: "CodeBook") -> None:
        """Hold what ``other`` holds, so that whoever has this book sees the lists as they are now."""
        self._lists, self._gone, self._written = other._lists, other._gone, {}

    def codes(self, name: str) -> tuple[CodeLabel, ...]:
        """Return the codes of one list in their order."""
        return tuple(self._lists.get(name, {}).values())

    def label(self, name: str, code: str | None, language: str) -> str:
        """Return the label of a code, the code itself where the list has none, and ``""`` for ``None``."""
        if code is None:
            return ""
        entry = self._lists.get(name, {}).get(code) or self._gone.get((name, code))
        return entry.label(language) if entry else code

    def named(self, name: str, text: str) -> str | None:
        """Return the code that already has this written form in that list, or ``None``."""
        return self._forms(name).get(fold(text))

    def find(self, name: str, text: str) -> str | None:
        """Return the code that a written value means in that list, or ``None``."""
        forms = self._forms(name)
        folded = fold(text)
        if folded in forms:
            return forms[folded]
        for suffix in SUFFIXES:
            if folded.endswith(suffix) and folded[: -len(suffix)] in forms:
                return forms[folded[: -len(suffix)]]
        return None

    def parent(self, name: str, code: str) -> str | None:
        """Return the code above ``code``: the mode of a sub-mode."""
        entry = self._lists.get(name, {}).get(code)
        return entry.parent if entry else None

    def _forms(self, name: str) -> dict[str, str]:
        """The written forms of one list, folded when it is first asked: a start asks for none."""
        if name not in self._written:
            self._written[name] = self._written_forms(name, self._lists.get(name, {}))
        return self._written[name]

    @staticmethod
    def _written_forms(name: str, codes: Mapping[str, CodeLabel]) -> dict[str, str]:
        forms = {fold(text): code for text, code in SYNONYMS.get(name, {}).items() if code in codes}
        for code, entry in codes.items():
            for text in filter(None, (entry.name_zh, entry.name_en, code)):
                forms[fold(text)] = code
            stem = fold(entry.name_zh)
            for suffix in SUFFIXES:
                if stem.endswith(suffix) and len(stem) > len(suffix) + 1:
                    forms.setdefault(stem[: -len(suffix)], code)
            forms.setdefault(fold(entry.name_zh.partition("（")[0]), code)
        return forms
