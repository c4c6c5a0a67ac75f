"""The manager's own words stay and are held against the figures; files edited outside are never written over."""

from pathlib import Path

import pytest
from docx import Document
from year_ledger import YEAR, fill, prose, small, summary

from bri_desktop.db.database import Database
from bri_desktop.domain.errors import InputError, StaleRecordError
from bri_desktop.reports.document import Figure, SummaryDocument, Table
from bri_desktop.services.projects import edit_fields
from bri_desktop.services.year import SummaryOptions, figures_of
from bri_desktop.services.year_out import note_written, place_for, write_document
from bri_desktop.services.year_prose import (
    AFTER,
    BEFORE,
    INSTEAD,
    apply_template,
    delete_template,
    get_template,
    list_templates,
    read_prose,
    save_prose,
    save_template,
    stands_in,
)


def figures(document: SummaryDocument, code: str) -> dict[str, Figure]:
    section = next(one for one in document.sections if one.code == code)
    return {one.name: one for one in figures_of([section]) if isinstance(one, Figure)}


def write(ledger: Database, text: str, place: str = AFTER, section: str = "overview") -> None:
    known = figures(summary(ledger), section)
    with ledger.write() as session:
        save_prose(session, SummaryOptions(YEAR), section, text, place=place, figures=known)


def test_own_words_stand_where_they_are_put(ledger: Database) -> None:
    fill(ledger)
    composed = prose(summary(ledger), "overview")
    write(ledger, "全年外事工作平稳有序。\n\n重点推进园区建设。", BEFORE)
    before = summary(ledger)
    assert before.sections[0].own
    assert prose(before, "overview") == "全年外事工作平稳有序。重点推进园区建设。" + composed
    write(ledger, "重点推进园区建设。", AFTER)
    assert prose(summary(ledger), "overview") == composed + "重点推进园区建设。"
    write(ledger, "只留这一句。", INSTEAD)
    instead = summary(ledger)
    assert prose(instead, "overview") == "只留这一句。"
    assert any(isinstance(block, Table) for block in instead.sections[0].blocks)
    write(ledger, "  ")
    assert prose(summary(ledger), "overview") == composed


def test_numbers_in_own_words_are_held_against_the_figures(ledger: Database) -> None:
    keys = fill(ledger)
    write(ledger, "全年新增6个合作点，在册6项，增长50.0%。")
    with ledger.read() as session:
        spoken = read_prose(session, SummaryOptions(YEAR))["overview"].figures
    assert spoken["stock"] == [6, "6"] and "stock_rate" in spoken and "flow" not in spoken
    assert summary(ledger).sections[0].changed == ()
    with ledger.write() as session:
        edit_fields(session, [keys[0]], {"signed": "2018-01-01"})
    changed = summary(ledger).sections[0].changed
    assert "stock" in changed


def test_own_words_belong_to_a_year_an_edition_and_a_language(ledger: Database) -> None:
    fill(ledger)
    write(ledger, "内部分析。")
    assert "内部分析。" not in prose(summary(ledger, edition="submission"), "overview")
    assert "内部分析。" not in prose(summary(ledger, 2016), "overview")
    assert "内部分析。" not in prose(summary(ledger, language="en"), "overview")


def test_two_writers_are_told_apart(ledger: Database) -> None:
    fill(ledger)
    options = SummaryOptions(YEAR)
    with ledger.write() as session:
        save_prose(session, options, "overview", "甲写的", version=0)
        with pytest.raises(StaleRecordError):
            save_prose(session, options, "overview", "乙写的", version=0)
        for section, text, place, code in (
            ("weather", "x", AFTER, "option_unknown"),
            ("overview", "x", "middle", "option_unknown"),
            ("overview", "字" * 20_001, AFTER, "text_too_long"),
        ):
            with pytest.raises(InputError) as refused:
                save_prose(session, options, section, text, place=place)
            assert refused.value.code == code


@pytest.mark.parametrize(
    ("shown", "text", "found"),
    [
        ("6", "共6项", True),
        ("6", "共16项", False),
        ("6", "共6.5项", False),
        ("6", "共60项", False),
        ("50.0%", "增长50.0%。", True),
        ("50", "增长50%", False),
        ("6", "6", True),
    ],
)
def test_a_number_that_is_part_of_another_is_another(shown: str, text: str, found: bool) -> None:
    assert stands_in(shown, text) is found


def test_templates(ledger: Database) -> None:
    fill(ledger)
    options = SummaryOptions(YEAR, edition="submission", layout="plain", sections=("ties", "overview"), span=3)
    with ledger.write() as session:
        save_template(session, " 上报  市政府 ", options)
        (kept,) = list_templates(session)
        assert (kept.name, kept.sections, kept.span) == ("上报 市政府", ("ties", "overview"), 3)
        used = apply_template(SummaryOptions(2016), get_template(session, "上报 市政府"))
        assert (used.year, used.edition, used.layout, used.sections) == (2016, "submission", "plain", options.sections)
        save_template(session, "上报 市政府", SummaryOptions(YEAR))
        assert len(list_templates(session)) == 1
        for name, code in (("", "code_name_needed"), ("名" * 61, "text_too_long")):
            with pytest.raises(InputError) as refused:
                save_template(session, name, options)
            assert refused.value.code == code
        delete_template(session, "上报 市政府")
        with pytest.raises(InputError):
            get_template(session, "上报 市政府")


def out(ledger: Database, path: Path) -> tuple[Path, Path | None, dict[str, str]]:
    """Write the summary as ``report`` does; return where, what was kept, and which figures differ there."""
    document = summary(ledger, sections=("overview", "mode"))
    with ledger.read() as session:
        place = place_for(session, document, path)
    write_document(document, place.path, pictures=False)
    with ledger.write() as session:
        note_written(session, document, place.path)
    return place.path, place.kept, {one.figure: one.label for one in place.differing}


def test_our_own_file_is_renewed_and_an_edited_one_is_kept(ledger: Database, tmp_path: Path) -> None:
    keys = fill(ledger)
    path = tmp_path / "总结.docx"
    assert out(ledger, path) == (path, None, {})
    assert out(ledger, path) == (path, None, {})
    edited = Document(str(path))
    edited.add_paragraph("处长加的一段话。")
    edited.save(str(path))
    bytes_before = path.read_bytes()
    with ledger.write() as session:
        edit_fields(session, [keys[4]], {"signed": "2016-12-01"})
    written, kept, differing = out(ledger, path)
    assert (written, kept) == (tmp_path / "总结 (2).docx", path)
    assert path.read_bytes() == bytes_before
    assert {"flow", "flow_y1", "mode_demonstration_park_flow"} <= set(differing) and "stock" not in differing
    assert differing["mode_demonstration_park_flow"] == "园区示范型，新增"


def test_a_file_of_another_origin_is_kept(ledger: Database, tmp_path: Path) -> None:
    fill(ledger, *small())
    for name in ("别的.docx", "别的.pdf", "别的.xlsx"):
        path = tmp_path / name
        path.write_bytes(b"not a summary")
        written, kept, differing = out(ledger, path)
        assert (written.name, kept, differing) == (f"别的 (2){path.suffix}", path, {})
        assert path.read_bytes() == b"not a summary" and written.stat().st_size > 1000


def test_another_ending_is_refused(ledger: Database, tmp_path: Path) -> None:
    fill(ledger)
    with pytest.raises(InputError) as refused:
        out(ledger, tmp_path / "总结.odt")
    assert refused.value.code == "summary_file_type" and not (tmp_path / "总结.odt").exists()
