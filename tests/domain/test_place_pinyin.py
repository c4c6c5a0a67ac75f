"""Pinyin of place names and titles, against readings known by heart and against pypinyin's phrase dictionary."""

import time

import pypinyin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.pinyin import PHRASES, search_keys, syllables


@pytest.mark.parametrize(
    ("text", "full", "initials"),
    [
        ("重庆", "chongqing", "cq"),
        ("重要", "zhongyao", "zy"),
        ("單縣", "shanxian", "sx"),
        ("六安", "luan", "la"),
        ("厦门", "xiamen", "xm"),
        ("长春", "changchun", "cc"),
        ("长宁区", "changningqu", "cnq"),
        ("市长", "shizhang", "sz"),
        ("台州", "taizhou", "tz"),
        ("中国银行", "zhongguoyinhang", "zgyh"),
        ("执行", "zhixing", "zx"),
        ("佛山", "foshan", "fs"),
        ("西藏", "xizang", "xz"),
        ("珍藏", "zhencang", "zc"),
        ("绿色丝绸之路", "lvsesichouzhilu", "lssczl"),
        ("“16+1”合作", "16+1hezuo", "16+1hz"),
        ("Wuxi 无锡", "wuxiwuxi", "wuxiwx"),
        ("", "", ""),
    ],
)
def test_readings(text: str, full: str, initials: str) -> None:
    assert search_keys(text) == (full, initials)


def test_phrases_have_a_syllable_for_each_character() -> None:
    assert [phrase for phrase, reading in PHRASES.items() if len(phrase) != len(reading.split())] == []


def test_province_and_city_names_read_as_in_the_phrase_dictionary() -> None:
    north = "北京 天津 石家庄 太原 呼和浩特 沈阳 长春 哈尔滨 济南 郑州 西安 兰州 西宁 银川 乌鲁木齐"
    south = "上海 南京 杭州 合肥 福州 南昌 武汉 长沙 广州 南宁 海口 重庆 成都 贵阳 昆明 拉萨"
    for name in (*north.split(), *south.split()):
        assert search_keys(name)[0] == "".join(pypinyin.lazy_pinyin(name)), name


@given(st.text())
def test_initials_are_the_first_letters(text: str) -> None:
    found = syllables(text)
    full, initials = search_keys(text)
    assert full == "".join(found)
    assert len(initials) == len(found)


def test_a_hundred_thousand_titles_are_no_wait() -> None:
    search_keys("重庆")
    start = time.process_time()
    for number in range(100_000):
        search_keys(f"中国重庆市与白俄罗斯明斯克市友好城市{number}")
    assert time.process_time() - start < 10, "1.2 s were measured on an idle machine"
