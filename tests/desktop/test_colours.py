from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import colours
from desktop.colours import CONTRAST, Vision, contrast, delta_e, distance, readable, seen, text_on
from desktop.formats.scheme import PALETTE
from desktop.model import Scheme
from desktop.projects import default_scheme

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
GROUNDS = {"light": ("#fbfaf7", "#ffffff"), "dark": ("#1b1d21", "#25282d")}
SCHEME: Scheme = default_scheme()

# From the test data published with the formula (Sharma, Wu, Dalal 2005): pairs where programs usually go wrong.
PUBLISHED = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0009), 7.1792),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0011), 7.2195),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "other", "expected"), PUBLISHED)
def test_the_published_distances(one: colours.Triple, other: colours.Triple, expected: float) -> None:
    assert delta_e(one, other) == pytest.approx(expected, abs=5e-5)
    assert delta_e(other, one) == pytest.approx(expected, abs=5e-5)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.542, abs=1e-3)


@given(one=COLOURS, other=COLOURS)
def test_contrast_and_distance_are_even_handed(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21
    assert distance(one, other) == pytest.approx(distance(other, one), abs=1e-9)
    assert distance(one, one) == pytest.approx(0, abs=1e-6)


@given(colour=COLOURS, vision=st.sampled_from(("protanopia", "deuteranopia", "tritanopia")))
def test_greys_look_the_same_to_everybody(colour: str, vision: Vision) -> None:
    grey = "#" + colour[1:3] * 3
    assert distance(grey, seen(grey, vision)) < 1.5
    assert colours.is_colour(seen(colour, vision))


def test_red_and_green_come_together_for_those_who_cannot_tell_them() -> None:
    red, green = "#c03030", "#7a7a00"
    for vision in ("protanopia", "deuteranopia"):
        assert distance(red, green, vision) < distance(red, green) / 2
    assert distance("#0000ff", "#ffff00", "deuteranopia") > 50


@given(colour=COLOURS, theme=st.sampled_from(("light", "dark")))
def test_any_colour_can_be_made_readable(colour: str, theme: str) -> None:
    found = readable(colour, GROUNDS[theme])
    assert all(contrast(found, ground) >= CONTRAST for ground in GROUNDS[theme])
    if all(contrast(colour, ground) >= CONTRAST for ground in GROUNDS[theme]):
        assert found == colour


def test_where_nothing_can_be_read_the_better_of_two() -> None:
    assert readable("#ff0000", ("#000000", "#ffffff", "#808080")) in ("#000000", "#ffffff")


@given(background=COLOURS)
def test_text_on_any_background(background: str) -> None:
    assert contrast(text_on(background), background) >= CONTRAST


@given(one=COLOURS, other=COLOURS)
def test_mixing_ends_at_its_ends(one: str, other: str) -> None:
    assert colours.mixed(one, other, 0) == one
    assert colours.mixed(one, other, 1) == other


@pytest.mark.parametrize(
    ("text", "good"), [("#a0B1c2", True), ("#fff", False), ("red", False), ("#1234567", False), ("", False)]
)
def test_what_is_a_colour(text: str, good: bool) -> None:
    assert colours.is_colour(text) == good


# The four labels that come with the program


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_letters_of_the_four_labels_can_be_read(theme: str) -> None:
    for label in SCHEME.labels:
        line = getattr(label.colours, theme).line
        assert all(contrast(line, ground) >= CONTRAST for ground in GROUNDS[theme]), label.name


def test_every_colour_that_is_offered_can_be_read() -> None:
    for light, dark in PALETTE:
        assert all(contrast(light, ground) >= CONTRAST for ground in GROUNDS["light"]), light
        assert all(contrast(dark, ground) >= CONTRAST for ground in GROUNDS["dark"]), dark


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("vision", ["normal", "protanopia", "deuteranopia", "tritanopia"])
def test_the_four_labels_can_be_told_apart(theme: str, vision: Vision) -> None:
    """About 2.3 is just noticeable. What the window makes of the backgrounds: tests/ui/test_theme.py."""
    shades = [getattr(label.colours, theme) for label in SCHEME.labels]
    for number, one in enumerate(shades):
        for other in shades[:number]:
            assert distance(one.background, other.background, vision) >= 12
