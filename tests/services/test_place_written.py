"""A place that our own file names is found again, in either language, beside one country or several."""

from pathlib import Path

import pytest
from some_projects import add, project
from some_workbooks import counts, take

from bri_desktop import i18n
from bri_desktop.db.database import Database
from bri_desktop.db.gazetteer import load_index
from bri_desktop.db.places import read_places
from bri_desktop.services.ledger_out import export_projects, place_text
from bri_desktop.services.pairs_out import export_pairs
from bri_desktop.services.records import list_records

SAHIWAL, SAN_MIGUEL, DEOLALI = "gn:1166548", "gn:1688949", "gn:1273232"
NAMESAKES = {"suzhou": "cn:320500", "suzhou in anhui": "cn:341300", "chaoyang": "cn:211300", "jilin": "cn:220000"}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.ods"])
def test_our_own_export_is_all_unchanged(ledger: Database, tmp_path: Path, language: str, name: str) -> None:
    homes = [(key,) for key in NAMESAKES.values()]
    abroad = [(SAHIWAL,), (SAN_MIGUEL, DEOLALI), (DEOLALI, "co:JP"), ("gn:5392171",)]
    for number, (home, there) in enumerate(zip(homes, abroad, strict=True)):
        add(ledger, project(title=f"第{number}所学校", domestic_places=home, foreign_places=there))
    tie = {"mode": "sister_city", "pair_kind": "sister", "domestic_places": ("cn:341300",)}
    add(ledger, project(title="结好", foreign_places=(SAN_MIGUEL,), **tie))
    path = tmp_path / name
    with i18n.speaking(language), ledger.read() as session:
        export_projects(session, path)
        export_pairs(session, tmp_path / f"pairs-{name}", list_records(session, "pair")["items"])
    assert counts(take(ledger, path, dry=True)) == {"unchanged": 5}
    assert counts(take(ledger, tmp_path / f"pairs-{name}", dry=True)) == {"unchanged": 1}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_key_is_written_only_where_no_name_will_do(ledger: Database, language: str) -> None:
    add(ledger, project(title="甲", foreign_places=(DEOLALI, "gn:1850147", "gn:5392171")))
    with i18n.speaking(language), ledger.read() as session:
        places = read_places(session, [DEOLALI, "gn:1850147", "gn:5392171"])
        texts = {key: place_text(load_index(), place, "foreign") for key, place in places.items()}
    assert texts[DEOLALI].endswith(f"[{DEOLALI}]")
    assert not any("[" in text for key, text in texts.items() if key != DEOLALI)


def test_a_key_counts_only_with_its_name() -> None:
    index = load_index()
    assert index.resolve(f"Deolāli [{DEOLALI}]", country="IN", side="foreign").key == DEOLALI
    assert index.resolve(f"Deolali　[{DEOLALI}] ", country="IN", side="foreign").key == DEOLALI
    assert index.resolve(f"Deolāli [{DEOLALI}]", country="JP", side="foreign").key is None
    assert index.resolve(f"Tokyo [{DEOLALI}]", country="JP", side="foreign").key == "gn:1850147"
    assert index.resolve("Tokyo [own:7]", country="JP", side="foreign").key == "gn:1850147"
