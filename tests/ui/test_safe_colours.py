"""The colours for those who do not tell red from green: measured as they see them, chosen in the settings."""

import itertools

import pytest

from bri_desktop.reports.paper import INK
from bri_desktop.ui.shared import tokens
from bri_desktop.ui.shared.tokens import DARK, LIGHT, SAFE_DARK, SAFE_LIGHT, colours

SEEN = {
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
}
"""Linear light as it is seen (Machado, Oliveira and Fernandes 2009, full severity)."""
APART = 20
"""Distance in CIELAB below which two colours of a picture are hard to tell apart."""


def linear(colour):
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lab(light):
    weights = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    xyz = [
        sum(w * part for w, part in zip(row, light, strict=True)) / top for row, top in zip(weights, white, strict=True)
    ]
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(first, second, sight):
    seen = []
    for colour in (first, second):
        light = [sum(w * part for w, part in zip(row, linear(colour), strict=True)) for row in SEEN[sight]]
        seen.append(lab([min(max(part, 0), 1) for part in light]))
    return sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5


def contrast(first, second):
    bright = sorted(sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), linear(one), strict=True)) + 0.05
                    for one in (first, second))  # fmt: skip
    return bright[1] / bright[0]


@pytest.mark.parametrize("palette", [SAFE_LIGHT, SAFE_DARK])
@pytest.mark.parametrize(
    "names", [("series_1", "series_2", "series_3", "series_4", "baseline"), ("error", "warning", "success")]
)
def test_no_pair_rests_on_red_and_green(palette, names):
    chosen = [getattr(palette, name) for name in names]
    for sight in SEEN:
        assert min(distance(a, b, sight) for a, b in itertools.combinations(chosen, 2)) >= APART
    assert min(contrast(colour, palette.surface) for colour in chosen if colour != palette.baseline) >= 4.5


def test_printed_series_differ_in_every_sight_and_in_grey():
    pairs = list(itertools.combinations(INK.series, 2))
    for sight in SEEN:
        assert min(distance(a, b, sight) for a, b in pairs) >= APART
    assert min(abs(lab(linear(a))[0] - lab(linear(b))[0]) for a, b in pairs) >= 9
    assert min(contrast(colour, INK.paper) for colour in INK.series) >= 4.5


def test_the_measure_finds_what_is_not_told_apart():
    assert distance(LIGHT.series_2, LIGHT.series_4, "protanopia") < 5
    assert distance("#FF0000", "#00FF00", "deuteranopia") < distance("#FF0000", "#0000FF", "deuteranopia")


def test_the_choice_changes_every_colour_drawn_from_now_on():
    tokens.use_safe_colours(True)
    try:
        assert (colours(tokens.Scheme.LIGHT), colours(tokens.Scheme.DARK)) == (SAFE_LIGHT, SAFE_DARK)
    finally:
        tokens.use_safe_colours(False)
    assert (colours(tokens.Scheme.LIGHT), colours(tokens.Scheme.DARK)) == (LIGHT, DARK)
