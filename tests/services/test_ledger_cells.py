"""The cells of an exported ledger are those that the values of its projects would be written with."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from some_projects import add

from bri_desktop.db.database import Database
from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.vocabulary import FIELDS
from bri_desktop.excel.reader import read
from bri_desktop.services.ledger_cells import BETWEEN, LedgerCells
from bri_desktop.services.ledger_out import export_projects, outcome_text
from bri_desktop.services.reference import read_codebook

COUNTRIES = {"gn:3067696": "捷克", "co:JP": "日本", "cn:810000": "中国香港"}

drafts = st.builds(
    ProjectDraft,
    title=st.text("港口合作a-", min_size=1, max_size=8),
    code=st.none() | st.text("AB-1", max_size=3).map(lambda text: text or None),
    mode=st.sampled_from([None, "sister_city"]),
    status=st.sampled_from([None, "active", "completed"]),
    domains=st.sampled_from([(), ("trade",), ("trade", "finance")]),
    sdg=st.sampled_from([(), ("11",)]),
    domestic_places=st.lists(st.sampled_from(["cn:310000", "cn:110000"]), unique=True).map(tuple),
    foreign_places=st.lists(st.sampled_from(sorted(COUNTRIES)), unique=True).map(tuple),
    department=st.sampled_from([None, "市外办"]),
    partners=st.lists(st.sampled_from(["甲", "乙"]), unique=True).map(tuple),
    tags=st.lists(st.sampled_from(["丙", "丁"]), unique=True).map(tuple),
    signed=st.sampled_from([None, PartialDate("2015"), PartialDate("2015-06-07")]),
    amount=st.sampled_from([None, Money(Decimal("1.2345"), "USD"), Money(Decimal(30_000), "CNY")]),
    outcomes=st.sampled_from(
        [(), (OutcomeDraft(what="展览", quantity=Decimal(3), unit="场"), OutcomeDraft(what="书"))]
    ),
    summary=st.sampled_from([None, "=1+1", "两行\n文字"]),
)


def expected(draft: ProjectDraft, codes: Any) -> dict[str, Any]:
    """The cells by field as the values say them; places, whose wording is another's, only by their countries."""
    cells: dict[str, Any] = {}
    for field in FIELDS:
        value = getattr(draft, field.code)
        if field.kind == "code":
            value = codes.label(field.list, value, "zh_CN") or None
        elif field.kind == "codes":
            value = BETWEEN.join(codes.label(field.list, code, "zh_CN") for code in value) or None
        elif field.kind == "date":
            value = value.value if value else None
        elif field.kind == "money":
            cells["currency"] = value.currency if value else None
            value = value.amount if value else None
        elif field.kind == "outcomes":
            value = BETWEEN.join(map(outcome_text, value)) or None
        elif field.kind == "places":
            value = None
        elif isinstance(value, tuple):
            value = BETWEEN.join(value) or None
        cells[field.code] = value
    cells["country"] = BETWEEN.join(COUNTRIES[key] for key in draft.foreign_places) or None
    return cells


@given(wanted=st.lists(drafts, min_size=1, max_size=5))
@settings(max_examples=12)
def test_every_cell_says_the_value(empty_ledger: Path, tmp_path_factory: Any, wanted: list[ProjectDraft]) -> None:
    path = tmp_path_factory.mktemp("cells") / "ledger.db"
    path.write_bytes(empty_ledger.read_bytes())
    database = Database(path)
    with database.write() as session:
        ids = ProjectStore(session).insert(wanted)
    names = [field.code for field in FIELDS]
    names.insert(names.index("foreign_places") + 1, "country")
    names.insert(names.index("amount") + 1, "currency")
    with database.read() as session:
        codes = read_codebook(session)
        cells = LedgerCells(session, codes, lambda place, side, lands: f"{side}:{place.key}:{lands}", outcome_text)
        rows = [dict(zip(names, row, strict=True)) for row in cells.rows([*reversed(ids), 999])]
        stored = ProjectStore(session).read(ids)
    database.close()
    for row, one in zip(rows, reversed(stored.values()), strict=True):
        places = [row.pop("domestic_places"), row.pop("foreign_places")]
        assert row == {k: v for k, v in expected(one.draft, codes).items() if not k.endswith("_places")}
        keys = [key for key in one.draft.foreign_places if not key.startswith("co:")]
        assert (places[1] or "").count("foreign:") == len(keys)
        assert all(f"foreign:{key}:" in (places[1] or "") for key in keys)
        assert [part.split(":")[2] for part in (places[0] or "").split(BETWEEN) if part] == [
            key.removeprefix("cn:") for key in one.draft.domestic_places
        ]


def test_texts_that_stand_in_many_cells_stay_what_they_are(ledger: Database, tmp_path: Path) -> None:
    add(ledger, *(ProjectDraft(title=f"项目{n}", summary="=1+1", note=" 空 ", source="<a&b>") for n in range(3)))
    with ledger.read() as session:
        export_projects(session, tmp_path / "a.xlsx")
    with read(tmp_path / "a.xlsx") as grid:
        rows = [cells for _, cells in grid.rows(0, 2, 5)]
    assert all({"=1+1", "<a&b>"} <= set(row) for row in rows)
    assert len(rows) == 3
