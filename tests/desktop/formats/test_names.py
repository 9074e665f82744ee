"""Slugs and file names."""

from __future__ import annotations

import pytest

from desktop.formats.names import Unique, ascii_slug, file_name, slugs, word_slug


def test_slugs_have_no_blanks_and_differ_in_more_than_case() -> None:
    names = ["event", "Event", "two words", "two\twords", "événement", "حدث", "a|b", "!!", "?"]
    words = slugs(names, word_slug)
    assert list(words.values()) == [
        "event", "Event_2", "two_words", "two_words_2", "événement", "حدث", "a_b", "label", "label_2",
    ]  # fmt: skip
    plain = slugs(names, ascii_slug)
    assert plain["événement"] == "evenement"
    assert plain["حدث"] == "label"
    assert len({slug.lower() for slug in plain.values()}) == len(names)


def test_a_slug_that_is_taken_already() -> None:
    assert list(slugs(["a", "A", "a_2"], word_slug).values()) == ["a", "A_2", "a_2_2"]


@pytest.mark.parametrize(
    ("given", "stem"),
    [("a", "a"), ("a/b:c", "a_b_c"), ("CON", "_CON"), ("com1.x", "_com1.x"), ("console", "console"), ("..", "_"), ("", "_"),
     ("x" * 300, "x" * 40), ("é ü", "é_ü"), (".hidden", "hidden"), ("end.", "end"), ("a\0b", "a_b")],
)  # fmt: skip
def test_file_names(given: str, stem: str) -> None:
    assert file_name(given) == stem


def test_names_that_a_disk_takes_for_one() -> None:
    unique = Unique()
    assert [unique(name) for name in ("a", "A", "é", "e\u0301", "a-2")] == [
        "a",
        "A-2",
        "é",
        "e\u0301-2",
        "a-2-2",
    ]


@pytest.mark.parametrize("letter", ["x", "م", "😀"])
def test_the_longest_names_fit_on_a_disk(letter: str) -> None:
    assert len(f"validation.{word_slug(letter * 999)}.conll".encode()) < 250
    assert len(f"{file_name(letter * 999)}-99999.txt".encode()) < 250
