"""The figures of the bench: how they grow with the ledger, and the page that is made of them."""

import datetime
import json
import sys
from pathlib import Path

import pytest

from bri_desktop.__main__ import main
from bri_desktop.bench import BENCHES, Figure
from bri_desktop.bench_page import BEGIN, END, growth_word, page, power, write_page
from bri_desktop.bench_processes import timed
from bri_desktop.domain.errors import InputError

DAY = datetime.date(2026, 11, 23)


def figure(rows: int, ours: float, cpu: float | None = None, name: str = "import") -> dict[str, object]:
    return Figure(name, ours, 2 * ours, 0.5, "s", rows, "openpyxl, reading alone", cpu, cpu and 2 * cpu).to_json()


@pytest.mark.parametrize(
    ("small", "large", "found", "word"),
    [
        ((1_000, 1.0, None), (10_000, 10.0, None), 1.0, "linear"),
        ((1_000, 1.0, None), (100_000, 10.0, None), 0.5, "less than linear"),
        ((1_000, 2.0, None), (10_000, 2.0, None), 0.0, "constant"),
        ((1_000, 1.0, 3.0), (10_000, 10.0, 300.0), 2.0, "more than linear"),
    ],
)
def test_growth_is_a_power_of_the_rows_by_processors_where_measured(
    small: tuple[int, float, float | None], large: tuple[int, float, float | None], found: float, word: str
) -> None:
    value = power(figure(*small), figure(*large))
    assert value == pytest.approx(found)
    assert value is not None
    assert growth_word(value) == word


def test_page_has_a_line_a_figure_and_says_what_is_not_linear() -> None:
    figures = [figure(1_000, 1.5, 0.75), figure(10_000, 3.0, 1.5), figure(1_000, 9.0, name="index")]
    lines = page(figures, DAY).splitlines()
    assert lines[0].startswith("Measured on 2026-11-23 on ")
    assert "| import | 1,000 | 1.5 s | 0.75 s | openpyxl, reading alone | 3.0 s (processors 1.50 s) | 0.50 |" in lines
    grown = "the start of the processes is most of it in small ledgers"
    assert lines[-1] == f"| import | 1,000 → 10,000 | 0.30 | less than linear | {grown} |"


def test_page_is_written_between_its_marks_only(tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    target.write_text(f"# Head\n\n{BEGIN}\nold\n{END}\n\nTail\n", encoding="utf-8")
    write_page(target, [figure(1_000, 1.0)], DAY)
    text = target.read_text(encoding="utf-8")
    assert text.startswith("# Head\n") and text.endswith(f"{END}\n\nTail\n") and "old" not in text
    target.write_text("# Another page\n", encoding="utf-8")
    with pytest.raises(InputError, match="marks_missing"):
        write_page(target, [], DAY)


def test_page_that_cannot_be_written_is_told_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["bench", "--rows", "1000000", "--markdown", str(tmp_path / "none.md"), "--json"]
    assert main(command) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "file_unreadable"
    assert main(["bench", "--only", "speed", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["message"].count(", ".join(BENCHES)) == 1


def test_program_is_timed_with_its_processors_and_last_line() -> None:
    run = timed([sys.executable, "-c", "sum(range(3_000_000)); print('first'); print('last')"])
    assert run.output == "last"
    assert 0 < run.cpu < 60
    assert run.peak > 1_000_000
    with pytest.raises(InputError):
        timed([sys.executable, "-c", "raise SystemExit(3)"])


def test_performance_page_has_its_marks() -> None:
    text = (Path(__file__).parents[2] / "docs" / "performance.md").read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
