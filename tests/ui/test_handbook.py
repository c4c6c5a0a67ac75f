"""The handbook: a page for each page of the window in both languages, its pictures there, found by what it says."""

import re

import pytest
from pytestqt.qtbot import QtBot

from bri_desktop import i18n, paths
from bri_desktop.ui.handbook import ORDER, Handbook, read_pages, title_of

PAGES = ("agenda", "projects", "cities", "approvals", "exchange", "statistics", "diagnosis", "year", "preferences")
LANGUAGES = ("zh_CN", "en")
HANDBOOK = paths.resources() / "handbook"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_window_has_its_page(language: str) -> None:
    pages = read_pages(language)
    assert set(PAGES) <= set(pages)
    assert {path.stem for path in (HANDBOOK / language).glob("*.md")} == set(ORDER)
    assert len({title_of(page) for page in pages.values()}) == len(pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_that_a_page_shows_is_there(language: str) -> None:
    named = {name for page in read_pages(language).values() for name in re.findall(r"!\[[^\]]+\]\((\S+\.png)\)", page)}
    there = {path.name for path in (HANDBOOK / language).glob("*.png")}
    assert named == there


def test_both_languages_have_the_same_sections() -> None:
    for code in ORDER:
        chinese, english = (read_pages(language)[code] for language in LANGUAGES)
        assert chinese.count("\n## ") == english.count("\n## "), code
        assert chinese.count("![") == english.count("!["), code


def test_no_english_sentence_in_the_chinese_pages() -> None:
    for code, page in read_pages("zh_CN").items():
        plain = re.sub(r"`[^`]*`|\([^)]*\.png\)", "", page)
        assert re.findall(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}", plain) == [], code


def test_it_opens_at_the_page_asked_for_and_finds_words(qtbot: QtBot) -> None:
    handbook = Handbook()
    qtbot.addWidget(handbook)
    handbook.show_page("exchange")
    assert handbook.text.toPlainText().startswith("数据交换")
    handbook.search.setText("恢复密钥")
    assert handbook.shown_codes() == ["preferences"]
    assert "恢复密钥" in handbook.text.textCursor().selectedText() or handbook.text.toPlainText().startswith("设置")
    handbook.search.setText("没有这样的词")
    assert handbook.shown_codes() == []
    handbook.show_page("no such page")
    assert handbook.text.toPlainText().startswith("开始使用")


def test_pictures_are_drawn_no_wider_than_the_page(qtbot: QtBot) -> None:
    handbook = Handbook()
    qtbot.addWidget(handbook)
    handbook.show_page("agenda")
    assert handbook.text.document().idealWidth() <= handbook.text.viewport().width()


def test_english_pages_in_the_english_window(qtbot: QtBot) -> None:
    i18n.set_language("en")
    handbook = Handbook()
    qtbot.addWidget(handbook)
    handbook.show_page("year")
    assert handbook.text.toPlainText().startswith("Yearly summary")
