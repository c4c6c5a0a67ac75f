"""Three hundred mutated workbooks: each ends in verdicts or in one clear refusal. script/fuzz runs any number."""

import importlib
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "script"
CASES, SHARES = 300, 6


@pytest.mark.parametrize("share", range(SHARES))
def test_every_case_is_a_verdict_or_a_refusal(share: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    fuzz = importlib.import_module("fuzz_workbooks")
    count = CASES // SHARES
    *_, (_, tally) = fuzz.run(share * count, count)
    assert tally.failures == []
    assert tally.cases == sum(tally.outcomes.values()) == count
    assert tally.outcomes["verdicts"] > 0


def test_a_case_is_made_from_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    fuzz = importlib.import_module("fuzz_workbooks")
    seeds = {name: make() for name, make in fuzz.SEEDS.items()}
    assert fuzz.mutated(17, seeds) == fuzz.mutated(17, seeds)
    assert len({fuzz.mutated(number, seeds) for number in range(40)}) > 35
