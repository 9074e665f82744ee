"""Snapping, trimming, moving edges, lanes. Texts hold emoji sequences, combining marks, no-break spaces and Arabic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from desktop import spans
from desktop.bundle import Bundle
from desktop.model import Fragment

PIECES = [
    "a", "Ba", "Iran", "’s", "e\u0301", "😀", "👩‍👩‍👧", "🇫🇷", "👍🏽", "\u00a0", " ", "\n", ".", ",", "…", "“", "”", '"', "'", "’", "-",
    "U.S.", "م", "حمد", "\u064b", "؟", "5", "$", "\u0301", "\u200d", "\u200b", "\t", "«", "»",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join)


@dataclass(frozen=True)
class Extent:
    fragments: tuple[Fragment, ...]

    @property
    def start(self) -> int:
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        return self.fragments[-1][1]


def extent(*edges: int) -> Extent:
    return Extent(tuple(zip(edges[::2], edges[1::2], strict=True)))


@st.composite
def selections(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text)))
    return text, start, draw(st.integers(start, len(text)))


def edges_of_clusters(text: str) -> set[int]:
    return {0, *(match.end() for match in regex.finditer(r"\X", text))}


@given(selections())
@example(("“a” b.", 0, 6))
@example(("x 👩‍👩‍👧\u00a0y", 3, 5))
def test_snapping_what_is_snapped_changes_nothing(selection: tuple[str, int, int]) -> None:
    text, start, end = selection
    once = spans.snap(text, start, end)
    assert spans.snap(text, *once) == once


@given(selections())
def test_snapping_never_cuts_a_cluster(selection: tuple[str, int, int]) -> None:
    text, start, end = selection
    low, high = spans.snap(text, start, end)
    assert 0 <= low <= high <= len(text)
    if low < high:
        assert {low, high} <= edges_of_clusters(text)


@given(selections())
@example(("a’s (a’s) e", 0, 9))
def test_snapping_drops_nothing_but_blanks_quotes_brackets_stops_and_the_possessive(
    selection: tuple[str, int, int],
) -> None:
    text, start, end = selection
    low, high = spans.snap(text, start, end)
    dropped = text[start : max(start, low)] + text[min(end, high) : end] if low < high else text[start:end]
    assert regex.fullmatch(r"(?:['’ʼ]s|[\s\u0085.,;:!?…،؛؟。、\"'‘’‚“”„«»‹›`´()])*", dropped)


def test_snapping_leaves_the_reference_spans_as_they_are(reference: Bundle) -> None:
    seen = 0
    for record in reference:
        for span in record.spans:
            seen += 1
            assert spans.snap(record.text, span.start, span.end) == (span.start, span.end), span.text
    assert seen == 722


@pytest.mark.parametrize(
    ("text", "marked", "snapped"),
    [
        ("the attack on", " atta", "attack"),
        ("the army (PMF) said", "(PMF) ", "PMF"),
        ("the army (PMF) said", "PMF)", "PMF"),
        ("the army (PMF) said", "army (PMF)", "army (PMF)"),
        ("the army (PMF) said", "army (PM", "army (PMF"),
        ("Iran’s army", "Iran’s ", "Iran"),
        ("the U.S.’s army", "U.S.’s", "U.S."),
        ("Iran’s army’s", "Iran’s army’s", "Iran’s army"),
        ("the attack, on", "ack,", "attack"),
        ("in Tel\u00a0Aviv.", "l\u00a0Av", "Tel\u00a0Aviv"),
        ("Iran’s army", "ra", "Iran"),
        ("“friendly” positions", "“friendly” positions", "“friendly” positions"),
        ("he said “come”.", "“come”.", "come"),
        ("the U.S. said", "the U.S.", "the U.S."),
        ("a cafe\u0301 b", "cafe", "cafe\u0301"),
        ("قال محمد؟", "مد؟", "محمد"),
        ("go 👩‍👩‍👧 home", "👩", "👩‍👩‍👧"),
        ("伊拉克军队称，三枚火箭弹。", "军队称，", "军队称"),
        ("他说：「伊拉克」。", "「伊拉克」。", "伊拉克"),
    ],
)
def test_snapping(text: str, marked: str, snapped: str) -> None:
    start = text.index(marked)
    low, high = spans.snap(text, start, start + len(marked))
    assert text[low:high] == snapped


@pytest.mark.parametrize("text", ["  \u00a0 ", "“”.", " … "])
def test_nothing_is_left_of_blanks_and_stops(text: str) -> None:
    assert spans.snap(text, 0, len(text)) == (0, 0)


@given(selections())
def test_trimming_only_takes_away(selection: tuple[str, int, int]) -> None:
    text, start, end = selection
    low, high = spans.trim(text, start, end)
    assert start <= low <= high <= end
    if low < high:
        assert not text[low].isspace()
        assert not text[high - 1].isspace()


EDGES: tuple[Literal["start", "end"], ...] = ("start", "end")


@given(selections(), st.sampled_from(EDGES), st.sampled_from([1, -1]), st.booleans())
def test_a_nudge_keeps_the_span_in_the_text(
    selection: tuple[str, int, int], edge: Literal["start", "end"], step: Literal[1, -1], by_word: bool
) -> None:
    text, start, end = selection
    if start == end:
        return
    low, high = spans.nudge(text, (start, end), edge, step, by_word=by_word)
    assert 0 <= low < high <= len(text)
    assert (high if edge == "start" else low) == (end if edge == "start" else start)
    moved = low - start if edge == "start" else high - end
    assert moved * step >= 0


@given(selections(), st.sampled_from(EDGES), st.sampled_from([1, -1]))
def test_a_nudge_there_and_back(
    selection: tuple[str, int, int], edge: Literal["start", "end"], step: Literal[1, -1]
) -> None:
    text, start, end = selection
    bounds = spans.graphemes(text, (start, end))
    there = spans.nudge(text, bounds, edge, step, by_word=False) if bounds[0] < bounds[1] else bounds
    if there != bounds:
        back: Literal[1, -1] = -1 if step == 1 else 1
        assert set(there) <= edges_of_clusters(text)
        assert spans.nudge(text, there, edge, back, by_word=False) == bounds


def test_nudging_by_words() -> None:
    text = "قال 🚀 the cafe\u0301 in Tel\u00a0Aviv"
    start = text.index("cafe")
    bounds = (start, start + 5)
    wider = spans.nudge(text, bounds, "end", 1, by_word=True)
    assert text[slice(*wider)] == "cafe\u0301 in"
    assert spans.nudge(text, wider, "end", -1, by_word=True) == bounds
    assert text[slice(*spans.nudge(text, bounds, "start", -1, by_word=True))] == "the cafe\u0301"
    assert spans.nudge(text, (start, start + 1), "end", -1, by_word=False) == (start, start + 1)


EXTENTS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 40)).map(lambda pair: extent(pair[0], sum(pair))),
    max_size=25,
)


@given(EXTENTS)
def test_no_two_overlapping_spans_share_a_lane(found: list[Extent]) -> None:
    lanes = spans.lanes(found)
    assert [lane.index for lane in lanes] == list(range(len(found)))
    for a in lanes:
        for b in lanes[a.index + 1 :]:
            one, two = found[a.index], found[b.index]
            if spans.overlap(one, two):
                assert a.lane != b.lane
            if spans.encloses(one, two):
                assert a.lane > b.lane
            if spans.encloses(two, one):
                assert b.lane > a.lane


@given(EXTENTS)
def test_depth_counts_the_spans_around(found: list[Extent]) -> None:
    for lane, span in zip(spans.lanes(found), found, strict=True):
        assert lane.depth == sum(spans.encloses(other, span) for other in found)
        assert lane.long == (span.end - span.start > spans.LONG)


def test_at_gives_the_innermost_first() -> None:
    outer, inner, split = extent(0, 20), extent(5, 10), extent(4, 6, 9, 12)
    assert spans.at([outer, split, inner], 5) == [inner, split, outer]
    assert spans.at([outer, split, inner], 7) == [inner, outer]
    assert spans.at([outer, split, inner], 20) == []


def test_encloses_and_crosses() -> None:
    a, b, c = extent(0, 10), extent(5, 15), extent(0, 5)
    assert spans.crosses(a, b)
    assert spans.crosses(b, a)
    assert not spans.crosses(a, c)
    assert spans.encloses(a, c)
    assert not spans.encloses(a, extent(0, 10))
    assert not spans.overlap(b, c)


@pytest.mark.parametrize(
    ("fragments", "problem"),
    [
        ([], "no fragment"),
        ([(-1, 2)], "outside"),
        ([(0, 11)], "outside"),
        ([(3, 3)], "no length"),
        ([(4, 2)], "no length"),
        ([(0, 2), (2, 4)], "touch"),
        ([(4, 6), (0, 2)], "out of order"),
        ([(0, 2), (3, 10)], None),
    ],
)
def test_check_fragments(fragments: list[Fragment], problem: str | None) -> None:
    found = spans.check_fragments(fragments, 10)
    assert (problem in found) if problem and found else found is problem


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "The US embassy", "US embassy"),
        ("en", "2,500 soldiers", "soldiers"),
        (None, "an army", "army"),
        ("en-GB", "an army", "army"),
        ("en", "a", "a"),
        ("en", "anarchists", "anarchists"),
        ("de", "Die irakische Armee", "irakische Armee"),
        ("de", "the army", "the army"),
        ("de", "zwölf Raketen", "Raketen"),
        ("fr", "l’armée irakienne", "armée irakienne"),
        ("fr", "Les milices", "milices"),
        ("it", "un'ambasciata", "ambasciata"),
        ("es", "La Haya", "Haya"),
        ("el", "Ο στρατός", "στρατός"),
        ("ar", "٣ صواريخ", "صواريخ"),
        ("ar", "الجيش العراقي", "الجيش العراقي"),
        ("zh", "三枚火箭弹", "三枚火箭弹"),
        ("en", "the long claim " * 5, "the long claim " * 5),
    ],
)
def test_a_leading_article_or_number_is_left_out(language: str | None, text: str, kept: str) -> None:
    start, end = spans.without_lead(f"x {text}", 2, 2 + len(text), language)
    assert f"x {text}"[start:end] == kept
