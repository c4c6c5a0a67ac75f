"""Folding: what a reader takes for the same name is one string, and folding twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.folding import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("重慶市", "重庆市"),
        ("ＡＢＣ　１２", "abc12"),
        ("Wuxi – Binhu", "wuxibinhu"),
        ("São Paulo", "saopaulo"),
        ("Łódź", "lodz"),
        ("İzmir", "izmir"),
        ("Sønderborg", "sonderborg"),
        ("Straße", "strasse"),
        ("赫拉德茨—克拉洛韦", "赫拉德茨克拉洛韦"),
        ("赫拉德茨·克拉洛韦", "赫拉德茨克拉洛韦"),
        ("《“一带一路”》（2019）", "一带一路2019"),
        ("臺灣", "台湾"),
        ("広島", "广岛"),
        ("渋谷区", "涩谷区"),
        ("16+1", "16+1"),
        ("\ufeff上海\u200b市\u3000", "上海市"),
        ("МОСКВА", "москва"),
        ("", ""),
        ("——", ""),
    ],
)
def test_names_that_look_alike(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_chinese_characters_of_their_own_stay() -> None:
    assert fold("欠予芸缶弁") == "欠予芸缶弁"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_text_takes_the_same_way_as_any_other(text: str) -> None:
    assert fold(text) == fold(text + "中")[:-1]


@given(st.text(alphabet="江苏省无锡市Wuxi éß", min_size=1), st.sampled_from(" 　·—-（“，"))
def test_separators_do_not_matter(text: str, separator: str) -> None:
    assert fold(separator.join(text)) == "".join(map(fold, text))
