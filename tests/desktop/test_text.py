"""Decoding, cleaning with its position map, words, sentences."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from desktop import text as texts
from desktop.errors import UserError

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("0*.txt"))
LINE_ENDS = "\r\v\f\u2028\u2029"
DROPPED = [chr(c) for c in (*range(9), *range(0x0E, 0x20), 0xFFFE, 0xFFFF, 0xFDD0, 0xFDD1)]
KEPT = [
    "\t",
    "\n",
    "\u00a0",
    "\u0085",
    "e\u0301",
    "🚀",
    "👩‍👩‍👧",
    "قال",
    "\u200b",
    "\u2060",
    "\x7f",
    "\u0085",
    "a",
    "\ufdd2",
]
MIXED = st.lists(st.sampled_from([*KEPT, *DROPPED, *LINE_ENDS, "\r\n", "\ufeff", "\n\r"])).map("".join)


def slowly_cleaned(given: str) -> tuple[str, list[int]]:
    """Another way to the same end: character by character, with the new offset of each old one."""
    clean = ""
    offsets = [0]
    leading = True
    for place, char in enumerate(given):
        leading = leading and (char == "\ufeff" or char in DROPPED)
        before_lf = given[place + 1 : place + 2] == "\n"
        if char in LINE_ENDS:
            clean += "" if char == "\r" and before_lf else "\n"
        elif char not in DROPPED and not leading:
            clean += char
        offsets.append(len(clean))
    return clean, offsets


@given(MIXED)
@example("\ufeff\x00\ufeffa\r\nb\r\r\nc\u2028\ufeffd")
@example("قال\u00a0🚀\r\ne\u0301\x0b\u2029x")
def test_cleaning_and_its_map_agree_with_a_slow_model(given: str) -> None:
    clean, offsets = slowly_cleaned(given)
    cleaned = texts.clean(given)
    assert cleaned.text == clean
    assert [cleaned.position(offset) for offset in range(len(given) + 1)] == offsets


@given(MIXED)
def test_cleaning_what_is_clean_changes_nothing(given: str) -> None:
    once = texts.clean(given).text
    again = texts.clean(once)
    # A mark in the middle stays one in the middle: only what leads is dropped.
    assert again.text == once
    assert not again.counts


def test_cleaning_counts_what_it_does() -> None:
    cleaned = texts.clean("\ufeffa\r\nb\rc\u2028d\x00\ufdd0e\n🚀")
    assert cleaned.text == "a\nb\nc\nde\n🚀"
    assert cleaned.counts == {"byte order marks": 1, "line ends": 3, "control characters": 2}


def test_a_mark_inside_the_text_stays() -> None:
    assert texts.clean("a\ufeffb").text == "a\ufeffb"


@pytest.mark.parametrize("char", ["\ud800", "\udfff"])
def test_half_a_character_is_refused_with_its_place(char: str) -> None:
    with pytest.raises(UserError, match="surrogate") as raised:
        texts.clean(f"ab🚀{char}")
    assert raised.value.position == "character 3"


def test_names_with_bytes_that_are_no_characters_can_be_stored() -> None:
    assert texts.storable("a\udcffж").encode() == "a\ufffdж".encode()


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in texts.words(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Iran’s Kata’ib Hezbollah", ["Iran", "Kata’ib", "Hezbollah"]),
        ("pro-Iran, 1,200.5 men", ["pro", "Iran", "1,200.5", "men"]),
        (
            "U.S.-led, a U.S.’s e.g. U.K! Mr. B.",
            ["U.S.", "led", "a", "U.S.", "e.g.", "U.K", "Mr", "B"],
        ),
        ('צה"ל, ארה״ב "טוב"', ['צה"ל', "ארה״ב", "טוב"]),
        ("Tel\u00a0Aviv", ["Tel", "Aviv"]),
        ("cafe\u0301 🚀!", ["cafe\u0301", "🚀"]),
        ("$500 👍🏽👍🇫🇷🇩🇪x", ["$", "500", "👍🏽", "👍", "🇫🇷", "🇩🇪", "x"]),
        ("قال محمد: وقع", ["قال", "محمد", "وقع"]),
        ("👩‍👩‍👧 went", ["👩‍👩‍👧", "went"]),
        ("US军队在12日，バグダード", ["US", "军", "队", "在", "12", "日", "バグダード"]),
        ("ทัพอิรัก", ["ทั", "พ", "อิ", "รั", "ก"]),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert cut(text) == words


def test_word_at() -> None:
    text = "🚀 cafe\u0301\u00a0Aviv\nقال"
    assert texts.word_at(text, 4) == (2, 7)
    assert texts.word_at(text, 7) == (2, 7)
    assert texts.word_at(text, 8) == (8, 12)
    assert texts.word_at(text, len(text)) == (13, 16)
    assert texts.word_at("a  b", 2) is None


def test_a_word_in_a_line_of_a_megabyte() -> None:
    text = "x" * 100 + " " + "wort " * 200_000
    assert texts.word_at(text, 500_001) == (500_001, 500_005)


def test_sentences() -> None:
    text = "U.S. troops left. قال محمد؟ نعم! “Why?” he asked\nMr. Smith 🚀 met Dr. Who. End"
    assert [text[s:e] for s, e in texts.sentences(text)] == [
        "U.S. troops left.", "قال محمد؟", "نعم!", "“Why?” he asked", "Mr. Smith 🚀 met Dr. Who.", "End",
    ]  # fmt: skip


@given(MIXED)
def test_sentences_are_in_order_and_hold_all_but_blanks(given: str) -> None:
    text = texts.clean(given).text
    found = list(texts.sentences(text))
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    covered = "".join(text[s:e] for s, e in found)
    assert "".join(covered.split()) == "".join(text.split())


def test_sentences_without_blanks_between_them() -> None:
    text = "他说：「伊拉克！」 军队撤退。三枚火箭弹？是的"
    assert [text[s:e] for s, e in texts.sentences(text)] == [
        "他说：「伊拉克！」",
        "军队撤退。",
        "三枚火箭弹？",
        "是的",
    ]
    assert text[slice(*texts.sentence_at(text, text.index("火箭")))] == "三枚火箭弹？"
    text = "习近平在北京。他问：“走吗？”然后离开！？東京で会議。"
    assert len(list(texts.sentences(text))) == 4


def test_sentence_at() -> None:
    text = "One here. Two 🚀 there.\n\nThree."
    assert text[slice(*texts.sentence_at(text, 14))] == "Two 🚀 there."
    assert texts.sentence_at(text, 23) == (23, 23)


def test_the_seeds_need_no_cleaning() -> None:
    for seed in SEEDS:
        assert not texts.clean(seed.read_bytes().decode()).counts


@given(
    st.lists(
        st.sampled_from(("army", "said.", "Prof.", "J.", "hit!", "U.S.", "3.5", "“so”", "x" * 900)),
        max_size=40,
    ),
    st.integers(1, 90),
    st.floats(0, 1),
)
@example(["army"], 406, 0.0)  # a blank where the surroundings that are looked at first end
def test_a_sentence_of_a_long_line_is_that_of_the_whole_line(
    some: list[str], times: int, share: float
) -> None:
    text = " ".join(some * times)
    place = round(len(text) * share)
    whole = [bounds for bounds in texts.sentences(text) if bounds[0] <= place <= bounds[1]]
    assert texts.sentence_at(text, place) == (whole[-1] if whole else (0, len(text)))


def test_sha256_is_of_utf8() -> None:
    assert texts.sha256("é🚀") == hashlib.sha256("é🚀".encode()).hexdigest()


CLUSTERS = st.lists(
    st.sampled_from(["🇫🇷", "👩‍👩‍👧", "e\u0301", "a", " ", "\n", "\u00a0", "م\u064b", "👍🏽", "\u0301"]),
    max_size=60,
)


@given(CLUSTERS.map("".join), st.data())
def test_graphemes_are_those_of_the_whole_text(text: str, data: st.DataObject) -> None:
    edges = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low, high = texts.graphemes(text, (start, end))
    assert low == max(edge for edge in edges if edge <= start)
    assert high == min(edge for edge in edges if edge >= end)


def test_flags_without_a_blank_for_a_while() -> None:
    text = "🇫🇷" * 200
    assert texts.graphemes(text, (201, 203)) == (200, 204)
