"""Where forms stand again: whole words in texts with emoji sequences, combining marks, no-break spaces, ß, İ and Arabic."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from desktop import occurrences
from desktop.bundle import Bundle
from desktop.model import Fragment
from desktop.text import words

PIECES = (
    "a", "A", "ba", "Ba", "ß", "SS", "ss", "ſ", "İ", "i", "ı", "i\u0307", "K", "k", "é", "e\u0301", "E\u0301", "😀", "👍🏽", "👩‍👩‍👧",
    "🇮🇶", "\u00a0", " ", "  ", "\n", "-", "’s", "'s", "’", ".", ",", "1", "500", "م", "حمد", "\u064b", "中", "国", "“", "\u200b", "\u0085",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@dataclass(frozen=True)
class Marked:
    start: int
    end: int
    label: str = "actor"

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        return ((self.start, self.end),)


@st.composite
def texts_with_forms(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and a form that is mostly a stretch of it, in other letters sometimes."""
    text = draw(TEXTS)
    start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    form = draw(st.sampled_from((text[start:end], text[start:end].swapcase(), draw(TEXTS))))
    return text, form


def quotes(text: str, form: str, **how: bool) -> list[str]:
    return [text[start:end] for start, end in occurrences.find(text, form, **how)]


@given(texts_with_forms(), st.booleans())
def test_what_is_found_is_the_form_in_whole_words(given_: tuple[str, str], case: bool) -> None:
    text, form = given_
    edges = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    inner = {place for low, high in words(text) for place in range(low + 1, high)}
    han = {place for place in inner if regex.match(r"\p{Script=Han}", text[place - 1 : place + 1])
           or regex.match(r"\p{Script=Han}", text[place])}  # fmt: skip
    before = 0
    for start, end in occurrences.find(text, form, case=case):
        assert before <= start < end <= len(text)
        before = end
        assert occurrences.signature(text[start:end], case=case) == occurrences.signature(form, case=case)
        assert {start, end} <= edges
        assert not {start, end} & (inner - han)


@given(texts_with_forms())
def test_every_whole_word_occurrence_is_met(given_: tuple[str, str]) -> None:
    """Compared with every run of words of the text, letter by letter."""
    text, form = given_
    bounds = list(words(text))
    if not form.strip() or list(words(form))[:1] != [(0, next(iter(words(form)), (0, 0))[1])]:
        return
    if list(words(form))[-1][1] != len(form) or regex.search(r"\p{Script=Han}", text):
        return
    whole = {
        (first[0], last[1])
        for number, first in enumerate(bounds)
        for last in bounds[number:]
        if text[first[0] : last[1]].casefold().split() == form.casefold().split()
        and all(
            place in {0, *(m.end() for m in regex.finditer(r"\X", text))} for place in (first[0], last[1])
        )
    }
    found = set(occurrences.find(text, form))
    for start, end in whole - found:
        assert any(low < end and start < high for low, high in found), (
            "only what overlaps another may be missing"
        )


@given(texts_with_forms(), st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=6))
def test_unlabelled_is_what_is_found_without_equal_spans(
    given_: tuple[str, str], extents: list[tuple[int, int]]
) -> None:
    text, form = given_
    spans = [Marked(start, start + length) for start, length in extents]
    taken = {(span.start, span.end) for span in spans}
    hits = list(occurrences.unlabelled(text, form, spans, [(0, 3)]))
    assert [hit.bounds for hit in hits] == [
        bounds for bounds in occurrences.find(text, form) if bounds not in taken and bounds[0] >= 3
    ]
    for hit in hits:
        met = [span for span in spans if span.start < hit.end and hit.start < span.end]
        assert sorted(met, key=hash) == sorted((*hit.around, *hit.across), key=hash)
        assert all(span.start <= hit.start and hit.end <= span.end for span in hit.around)


@pytest.mark.parametrize(
    ("text", "form", "found"),
    [
        ("Iraqi Army, the IRAQI ARMY’s men, Iraqi\u00a0army; Iraqi\n\narmy", "Iraqi army",
         ["Iraqi Army", "IRAQI ARMY", "Iraqi\u00a0army", "Iraqi\n\narmy"]),
        ("Iraqis in Iraqi-US talks, anti-Iraqi", "Iraqi", ["Iraqi", "Iraqi"]),
        ("die STRASSE, Straße, Strasse, Strassen", "Straße", ["STRASSE", "Straße", "Strasse"]),
        ("İdlib, Idlib, i\u0307dlib; ßß İdlib", "İdlib", ["İdlib", "Idlib", "i\u0307dlib", "İdlib"]),
        ("cafe cafe\u0301 café", "cafe", ["cafe"]),
        ("👍 👍🏽 👩 👩‍👩‍👧 👍", "👍", ["👍", "👍"]),
        ("Iran’s s", "s", ["s"]),
        ("3,500 and 500", "500", ["500"]),
        ("قال الجيش. والجيش الجيش", "الجيش", ["الجيش", "الجيش"]),
        ("中国人民在中国", "中国", ["中国", "中国"]),
        ("no no no", "no no", ["no no"]),
        ("a b", " \u00a0 ", []),
        ("U.S. and U.S", "U.S.", ["U.S."]),
        ("“friendly” positions", "“friendly” positions", ["“friendly” positions"]),
        ("\u064b x\u064b x", "x", ["x"]),
    ],
)  # fmt: skip
def test_find(text: str, form: str, found: list[str]) -> None:
    assert quotes(text, form) == found


def test_case_counts_when_asked_for() -> None:
    assert quotes("US forces told us", "US", case=True) == ["US"]
    assert quotes("US forces told us", "US") == ["US", "us"]
    assert occurrences.keeps_case("US")
    assert not occurrences.keeps_case("Iran")


def test_a_hit_tells_what_it_lies_in() -> None:
    text = "Iraq said that the US embassy in Iraq, where Iraq and Iran met, was in Iraq"
    starts = [start for start, _ in occurrences.find(text, "Iraq")]
    claim, embassy, crossing = (
        Marked(15, len(text), "claim"),
        Marked(19, 37),
        Marked(starts[2] - 3, starts[2] + 2),
    )
    hits = list(occurrences.unlabelled(text, "Iraq", [Marked(0, 4), claim, embassy, crossing]))
    assert [hit.start for hit in hits] == starts[1:]
    assert [hit.around for hit in hits] == [(claim, embassy), (claim,), (claim,)]
    assert [hit.across for hit in hits] == [(), (crossing,), ()]
    assert [hit.sure for hit in hits] == [False, False, True]


def test_repeats_of_all_forms() -> None:
    text = "Iraqi army and Iran. The Iraqi army, Iran’s iraqi officers; IRAN. Menu Iran"
    spans = [Marked(0, 10), Marked(15, 19, "location"), Marked(0, 5, "location")]
    found = occurrences.repeats(text, spans, [(66, len(text))])
    assert [(text[repeat.start : repeat.end], repeat.label) for repeat in found] == [
        ("Iraqi army", "actor"), ("Iran", "location"), ("iraqi", "location"), ("IRAN", "location"),
    ]  # fmt: skip


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=6))
def test_repeats_are_unlabelled_occurrences(text: str, extents: list[tuple[int, int]]) -> None:
    spans = [Marked(start, start + length) for start, length in extents if start + length <= len(text)]
    forms = {text[span.start : span.end] for span in spans}
    allowed = {hit.bounds for form in forms for hit in occurrences.unlabelled(text, form, spans) if hit.sure}
    for repeat in occurrences.repeats(text, spans):
        assert (repeat.start, repeat.end) in allowed
        assert repeat.label == "actor"


def test_labelling_all_on_the_reference(reference: Bundle) -> None:
    """The first mention of each form labelled, and all its sure repeats with it: what is right, what is missed."""
    right = wrong = missed = 0
    for record in reference:
        gold = {(span.start, span.end): span for span in record.spans if span.label != "claim"}
        by_form: dict[str, list[Marked]] = {}
        for span in sorted(gold.values(), key=lambda span: span.start):
            by_form.setdefault(occurrences.signature(span.text), []).append(
                Marked(span.start, span.end, span.label)
            )
        for mentions in by_form.values():
            first, again = mentions[0], {(span.start, span.end) for span in mentions[1:]}
            form = record.text[first.start : first.end]
            spans = [s for s in record.spans if (s.start, s.end) not in again]
            hits = {
                hit.bounds
                for hit in occurrences.unlabelled(
                    record.text, form, spans, record.article.outside, case=occurrences.keeps_case(form)
                )
                if hit.sure
            }
            good = {bounds for bounds in hits if bounds in gold and gold[bounds].label == first.label}
            right, wrong, missed = right + len(good), wrong + len(hits - good), missed + len(again - good)
    assert right / (right + wrong) > 0.88
    assert right / (right + missed) > 0.9
