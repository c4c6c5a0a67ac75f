"""The page of the data model says what the tables are: it is made from them."""

import importlib
import sys
from pathlib import Path

import pytest
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bri_desktop.db.schema import metadata

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "script"))
make_data_model = importlib.import_module("make_data_model")


@pytest.fixture(scope="module")
def page() -> str:
    return make_data_model.PAGE.read_text(encoding="utf-8")


def test_page_is_what_the_models_make(page: str) -> None:
    assert make_data_model.page(page) == page, "a model changed: run script/data-model"


def test_every_table_and_column_is_told(page: str) -> None:
    tables = page.split("\n### `")[1:]
    told = {
        part.split("`")[0]: {line.split("`")[1] for line in part.splitlines() if line.startswith("| `")}
        for part in tables
    }
    assert told == {table.name: set(table.columns.keys()) for table in metadata.tables.values()}


def test_words_speak_of_columns_that_are_there() -> None:
    columns = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
    anywhere = {column for _table, column in columns}
    words = make_data_model.read_words()
    assert [key for key in words if key not in columns and not (key[0] == "*" and key[1] in anywhere)] == []


def test_changed_model_changes_its_section(monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(DeclarativeBase):
        pass

    class Thing(Own):
        """A thing."""

        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str | None] = mapped_column(String(7), index=True)

    monkeypatch.setattr(make_data_model.models, "table_of", lambda _model: Thing.__table__)
    since = {("thing", "id"): "0001", ("thing", "name"): "0009"}
    lines = make_data_model.section(Thing, since, {("*", "id"): "number", ("thing", "name"): "its name"})
    assert lines[4:] == [
        "| column | type | empty | key | since | meaning |",
        "|---|---|---|---|---|---|",
        "| `id` | integer |  | primary | 0001 | number |",
        "| `name` | text, 7 | may be | indexed | 0009 | its name |",
    ]
    with pytest.raises(KeyError, match="has no meaning"):
        make_data_model.section(Thing, since, {})


def test_page_without_its_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="lost its marks"):
        make_data_model.page("# another page")
