from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ui.offsets import Utf16, drawable

ALPHABET = "ab \u00a0e\u0301\u0308😀👩\u200d👧🇮🇶مرحباשלום\ufeff\ufffe\n123…’\U0010ffff\uffff"
TEXTS = st.text(st.one_of(st.sampled_from(ALPHABET), st.characters(codec="utf-8")), max_size=60)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(TEXTS)
@example("😀")
@example("a😀\u0301😀b")
def test_every_offset_goes_there_and_back(text: str) -> None:
    offsets = Utf16(text)
    for point in range(len(text) + 1):
        unit = offsets.to_utf16(point)
        assert unit == units(text[:point])
        assert offsets.to_points(unit) == point


def test_half_a_pair_is_its_start() -> None:
    offsets = Utf16("a😀b😀")
    assert [offsets.to_points(unit) for unit in range(7)] == [0, 1, 1, 2, 3, 3, 4]


def test_nothing_is_built_without_astral_characters() -> None:
    assert Utf16("مرحبا \u00a0 e\u0301 \ufeff")._points == []


@given(TEXTS)
@example("\ufeffabc")
@example("\ufffeabc")
@example("\ufeff")
@example("\ufeff\ufeff😀")
def test_qt_keeps_the_length_of_what_is_drawn(text: str) -> None:
    from PySide6.QtGui import QTextLayout

    line = text.replace("\n", " ")
    shown = drawable(line)
    assert len(shown) == len(line)
    # The layout's own text comes back as Qt holds it: same length, same characters but for the stand-in.
    assert QTextLayout(shown).text() == shown
    assert shown[1:] == line[1:]


def test_lone_surrogates_are_replaced_by_one_unit() -> None:
    assert drawable("a\ud800b") == "a\ufffdb"


def test_a_mark_inside_stays() -> None:
    assert drawable("a\ufeffb") == "a\ufeffb"
