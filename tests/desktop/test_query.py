"""What is looked for: phrases, words, patterns, in texts that make trouble; patterns that are none or never end."""

from __future__ import annotations

import time
from types import ModuleType

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.occurrences import find
from desktop.query import Pattern, PatternError, Query, Way, Words, matcher
from desktop.text import Bounds, graphemes

TEXT = "🚀 The Iraqi\u00a0army said: cafe\u0301 in Tel\nAviv. قال الجيش army, ARMY; pro-army 👩‍👩‍👧 armies."


def found(
    text: str, body: str = TEXT, way: Way = "phrase", *, case: bool = False, whole: bool = True
) -> list[str]:
    made = matcher(Query(text, way, case, whole))
    return [body[start:end] for start, end in made.find(body)] if made else []


def test_a_phrase_is_found_as_the_article_view_finds_it() -> None:
    assert found("iraqi army") == ["Iraqi\u00a0army"]
    assert [TEXT[s:e] for s, e in find(TEXT, "army")] == found("army") == ["army", "army", "ARMY", "army"]
    assert found("army", case=True) == ["army", "army", "army"]


def test_inside_words_but_never_inside_letters() -> None:
    assert found("arm") == []
    assert found("arm", whole=False) == ["arm", "arm", "ARM", "arm", "arm"]
    assert found("cafe", whole=False) == []
    assert found("cafe\u0301", whole=False) == ["cafe\u0301"]
    assert found("👩", whole=False) == []


def test_words_are_found_where_all_of_them_are() -> None:
    assert found("army Aviv", way="words") == ["army", "Aviv", "army", "ARMY", "army"]
    assert found("army Rome", way="words") == []
    assert found("army ARMY army", way="words") == found("army")
    assert found("army rmy", way="words", whole=False)[0] == "army"


def test_a_pattern() -> None:
    assert found(r"arm(y|ies)", way="pattern") == ["army", "army", "ARMY", "army", "armies"]
    assert found(r"[[:upper:]]{2,}", way="pattern", case=True) == ["ARMY"]
    assert found(r"^aviv", way="pattern") == ["Aviv"]
    assert found(r"ا\w+", way="pattern", whole=True) == ["الجيش"]
    assert (
        found(r"\s+army\s*", way="pattern", whole=False)[0] == "army"
    )  # blanks at the edges are no part of it
    assert found(r"e(?=\u0301)", way="pattern", whole=False) == ["e\u0301"]
    assert found(r"x*", way="pattern") == []


@pytest.mark.parametrize(
    ("pattern", "at"),
    [("(army", 5), ("army)", 4), ("a{3,1}", 2), ("[z-a]", 4), ("*", 0), (r"\p{Nonsense}", 12), ("x(?R)", 1)],
)
def test_a_bad_pattern_is_told_with_its_place(pattern: str, at: int) -> None:
    with pytest.raises(PatternError) as caught:
        matcher(Query(pattern, "pattern"))
    error = caught.value
    assert error.at is not None
    assert abs(error.at - at) <= 2
    assert error.hint
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(army", "a parenthesis is opened and never closed"),
        ("army)", "a parenthesis is closed and was never opened"),
        ("[a-", "a set in square brackets is opened and never closed"),
        ("*", "nothing before this sign"),
        ("a**", "one repeat stands right behind another"),
        ("a{3,1}", "these numbers of repeats"),
        ("[z-a]", "runs backwards"),
        (r"\q", "the backslash and what follows it"),
        (r"[[:foo:]]", "no kind of characters"),
        (r"\1", "refers to a group"),
        ("(?:a){e<x}", "what stands in these braces"),
        ("(?Z)", "this means nothing in a regular expression"),
    ],
)
def test_what_is_wrong_is_said_plainly(pattern: str, said: str) -> None:
    with pytest.raises(PatternError) as caught:
        matcher(Query(pattern, "pattern"))
    assert said in caught.value.message


def test_a_pattern_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.query.PATIENCE", 0.1)
    made = Pattern(r"(a|aa)+$", case=False, whole=True)
    begun = time.process_time()
    with pytest.raises(PatternError, match=r"takes longer than 0\.1 s"):
        list(made.find("a" * 60 + "b"))
    assert time.process_time() - begun < 5


def test_a_pattern_of_many_pages_is_refused() -> None:
    with pytest.raises(PatternError, match="longer than"):
        matcher(Query("a" * 5000, "pattern"))


def test_queries_that_find_the_same_have_one_name() -> None:
    same = {Query("Iraqi  army").name, Query("iraqi\u00a0ARMY").name, Query("Iraqi army", bare=True).name}
    assert len(same) == 1
    others = [
        Query("Iraqi army", case=True), Query("Iraqi army", whole=False), Query("Iraqi army", "words"),
        Query("Iraqi army", label="actor"), Query("Iraqi army", label="actor", attribute="kind"),
    ]  # fmt: skip
    assert len({query.name for query in others} | same) == 6
    assert Query("A", "pattern").name != Query("a", "pattern").name


def test_what_is_no_question() -> None:
    assert Query("  \u00a0").blank
    assert matcher(Query("  \u00a0", "pattern")) is None
    assert not Query(label="actor").blank


def sound(text: str, places: list[Bounds]) -> None:
    done = 0
    for start, end in places:
        assert done <= start < end <= len(text)
        assert graphemes(text, (start, end)) == (start, end)
        done = end


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_places_are_in_order_and_cut_no_cluster(strategies: ModuleType, data: st.DataObject) -> None:
    text = data.draw(strategies.texts())
    start = data.draw(st.integers(0, len(text) - 1))
    wanted = text[start : data.draw(st.integers(start + 1, min(len(text), start + 12)))]
    case, whole = data.draw(st.booleans()), data.draw(st.booleans())
    for way, typed in (
        ("phrase", wanted),
        ("words", wanted),
        ("pattern", regex.escape(wanted)),
        ("pattern", r"\w+|\W"),
    ):
        made = matcher(Query(typed, way, case, whole))
        sound(text, list(made.find(text)) if made else [])


@given(st.text(alphabet="ab()[]{}*+?|\\^$.,123:<>=!PRx-", max_size=14))
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_is_a_pattern_or_told(typed: str) -> None:
    try:
        made = matcher(Query(typed, "pattern", whole=False))
        places = list(made.find(TEXT)) if made else []
    except PatternError as error:
        assert error.message
    else:
        sound(TEXT, places)


def test_words_of_nothing_find_nothing() -> None:
    assert list(Words("", case=False, whole=True).find(TEXT)) == []
