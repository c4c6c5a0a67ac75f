"""Every code that an error or problem can carry has its sentence, in both languages."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from bri_desktop import i18n, labels
from bri_desktop.domain.dates import parse_date
from bri_desktop.domain.errors import UserError, ValueProblemError, Where
from bri_desktop.domain.vocabulary import FIELD_BY_CODE

PACKAGE = Path(labels.__file__).parent
CARRIERS = {
    "UserError": 0,
    "InputError": 0,
    "DatabaseRefusedError": 0,
    "StaleRecordError": 0,
    "ValueProblemError": 0,
    "FieldProblem": 1,
    "_problem": 2,
    "_unsure": 2,
}
"""Call -> the position of its code among the arguments."""


class Values(dict[str, object]):
    """Fills every field of a sentence."""

    def __missing__(self, key: str) -> str:
        return "signed" if key == "other" else "7"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def raised() -> Iterator[tuple[str, str]]:
    """Yield (code, place) of every literal code in the program."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if not isinstance(node, ast.Call) or _name(node) not in CARRIERS:
                continue
            position = CARRIERS[_name(node)]
            argument = node.args[position] if len(node.args) > position else None
            for constant in ast.walk(argument) if isinstance(argument, ast.Constant | ast.IfExp) else ():
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                    yield constant.value, f"{path.relative_to(PACKAGE)}:{node.lineno}"


def faults() -> set[str]:
    from bri_desktop.db.faults import fault_code

    messages = ("locked", "readonly", "full", "unable to open", "malformed", "not a database", "disk I/O", "other")
    return {fault_code(message) for message in messages}


RAISED = dict(raised())
LOOKS_LIKE_A_CODE = set(string.ascii_lowercase + "_")


def test_codes_were_found() -> None:
    assert {"record_stale", "required", "code_unknown", "date_unreadable", "database_newer"} <= set(RAISED)
    assert [code for code in RAISED if set(code) - LOOKS_LIKE_A_CODE] == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_code_has_its_sentence(language: str) -> None:
    i18n.set_language(language)
    without = {code: RAISED.get(code, "db/faults.py") for code in {*RAISED, *faults()} if code not in labels.SENTENCES}
    assert without == {}
    for code in labels.SENTENCES:
        text = labels.sentence(code, Values(key="P7"))
        assert text and "{" not in text, code


def test_every_field_has_its_label() -> None:
    assert set(FIELD_BY_CODE) - set(labels.FIELD_LABELS) == set()


def test_an_unknown_code_is_still_said() -> None:
    assert labels.error_sentence(UserError("never_heard")) == "never_heard"


def test_a_sentence_begins_with_its_place() -> None:
    i18n.set_language("en")
    where = Where(file="a.xlsx", sheet="台账", cell="B3", field="signed")
    text = labels.error_sentence(UserError("date_unreadable", where=where))
    assert text.startswith("a.xlsx 台账 B3 Signed: This is not readable as a date")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2018年底", "只能读出2018年；请写明日期，如 2017-05-17、2017-05 或 2017。"),
        ("2017年5月至2018年6月", "此处有多个日期（2017年5月、2018年6月），请只写其一。"),
        ("43000", "这是表格软件的日期序号，即 2017-09-22，请这样改写。"),
        (43000, "这是表格软件的日期序号，即 2017-09-22，请这样改写。"),
        ("去年春天", "无法识别为日期，请写作 2017-05-17、2017-05 或 2017。"),
    ],
)
def test_an_unread_date_says_what_to_choose(written: str | int, said: str) -> None:
    with pytest.raises(ValueProblemError) as refused:
        parse_date(written)
    with i18n.speaking("zh_CN"):
        assert labels.sentence(refused.value.code, refused.value.values) == said
