"""Tokens, the tokenizer's name, widening and sentence starts."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from desktop.bundle import Bundle
from desktop.formats.tokens import covered, parse, sentence_starts, tokenize, tokenizer_name, widened


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    """spaCy's pipelines as they come."""
    return {language: spacy.blank(language) for language in ("en", "ar", "fr", "de", "zh")}


def words(text: str, language: str | None = "en") -> list[str]:
    return [text[start:end] for start, end in tokenize(text, language)]


def test_tokens_count_code_points_and_leave_blanks_out() -> None:
    assert tokenize("😀\u00a0Tel  Aviv\n", "en") == [(0, 1), (2, 5), (7, 11)]


@given(data=st.data(), language=st.sampled_from([None, "en", "ar", "fr", "zh", "ja"]))
def test_tokens_hold_every_character_but_blanks(
    strategies: ModuleType, data: st.DataObject, language: str | None
) -> None:
    text: str = data.draw(strategies.texts())
    tokens = tokenize(text, language)
    assert "".join(text[start:end] for start, end in tokens) == "".join(text.split())
    assert tokens == sorted(tokens)


@pytest.mark.parametrize(
    ("language", "code"),
    [("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("fr", "fr"), (None, "xx"), ("", "xx"), ("ja", "xx"), ("ko", "xx"),
     ("th", "xx"), ("vi", "xx"), ("qq", "xx"), ("../lang", "xx"), ("tokenizer", "xx")],
)  # fmt: skip
def test_languages_that_spacy_cannot_do_alone_get_the_multilingual_tokenizer(
    language: str | None, code: str
) -> None:
    assert tokenizer_name(language).split()[2:] == ["blank", code]
    assert words("a b", language) == ["a", "b"]


def test_language_decides() -> None:
    assert words("L'élue", "fr") != words("L'élue", "xx")


def test_a_token_with_a_blank_inside_is_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    doc = Doc(Vocab(), words=["--", "a b"], spaces=[True, False])
    monkeypatch.setattr(sys.modules["desktop.formats.tokens"], "parse", lambda text, language: doc)
    assert tokenize("-- a b", "en") == [(0, 2), (3, 4), (5, 6)]


@given(data=st.data(), language=st.sampled_from(["en", "ar", "fr", "de", "zh"]))
def test_words_learnt_before_change_nothing(
    strategies: ModuleType, plain: dict[str, Any], data: st.DataObject, language: str
) -> None:
    text: str = data.draw(strategies.texts())
    learnt, fresh = parse(text, language), plain[language].tokenizer(text)
    assert [token.text_with_ws for token in learnt] == [token.text_with_ws for token in fresh]


def test_the_seeds_have_the_tokens_that_spacy_finds(reference: Bundle, plain: dict[str, Any]) -> None:
    for record in (*reference, *reference):
        fresh = plain["en"].tokenizer(record.text)
        assert [token.text_with_ws for token in parse(record.text, "en")] == [
            token.text_with_ws for token in fresh
        ]


def test_a_tokenizer_begins_anew_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["desktop.formats.tokens"]
    monkeypatch.setattr(module, "_STRINGS", 2_000)
    make = module._Tokenizer("en")
    before = make("one two").vocab
    many = " ".join(f"word{number}" for number in range(3_000))
    assert len(make(many)) == 3_000
    assert make("one two").vocab is not before
    assert [token.text for token in make("U.S. don't")] == ["U.S.", "do", "n't"]


TOKENS = [(0, 4), (5, 8), (8, 9), (12, 15)]


@pytest.mark.parametrize(
    ("bounds", "run", "wide"),
    [((0, 4), (0, 1), (0, 4)), ((2, 6), (0, 2), (0, 8)), ((4, 5), None, None), ((8, 9), (2, 3), (8, 9)),
     ((9, 12), None, None), ((3, 14), (0, 4), (0, 15)), ((15, 20), None, None)],
)  # fmt: skip
def test_widening(bounds: tuple[int, int], run: tuple[int, int] | None, wide: tuple[int, int] | None) -> None:
    assert covered(TOKENS, *bounds) == run
    assert widened(TOKENS, *bounds) == wide


def test_sentences_begin_where_no_span_is() -> None:
    text = "One two. Three four.\nFive"
    tokens = tokenize(text, "en")
    assert [text[slice(*tokens[n])] for n in sentence_starts(text, tokens, [])] == ["One", "Three", "Five"]
    assert sentence_starts(text, tokens, [(2, 4)]) == [0, 6]
    assert sentence_starts(text, tokens, [(0, 3), (3, 6)]) == [0, 3, 6]
