"""Tokens and sentence starts for the formats that speak of them. All offsets are code points, half-open.

The tokenizer is spaCy's blank one of the article's language (https://spacy.io/api/tokenizer): it never changes the text.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from desktop.text import Bounds, sentences

MULTILINGUAL = "xx"
Run = tuple[int, int]
"""A half-open range of token numbers."""


# Words that are kept with their tokens, and strings that spaCy may remember before it starts anew; each is some 700 bytes.
_WORDS, _STRINGS = 40_000, 40_000


class _Tokenizer:
    """spaCy's blank tokenizer of a language; `code` is `xx` where spaCy lacks it or it needs packages of its own.

    Each word is tokenized by itself once. spaCy keeps what it makes of a word, but takes nothing more from a text in which it
    has met an exception, and a line end is one: without this, news articles take four to six times as long.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self._begin()

    def _begin(self) -> None:
        import spacy  # 0.7 s, paid only by an export that needs tokens  # noqa: PLC0415

        try:
            self._make = spacy.blank(self.code).tokenizer
        except (ImportError, OSError, ValueError):
            self._make, self.code = spacy.blank(MULTILINGUAL).tokenizer, MULTILINGUAL
        self._keeps = isinstance(self._make, spacy.tokenizer.Tokenizer)
        if self._keeps:
            self._make.max_cache_size = _WORDS
        self._known: set[str] = set()

    def __call__(self, text: str) -> Any:
        if len(self._make.vocab) > _STRINGS:
            self._begin()
        if self._keeps and len(self._known) < _WORDS:
            fresh = set(text.split()) - self._known
            for word in fresh:
                self._make(word)
            self._known |= fresh
        return self._make(text)


def parse(text: str, language: str | None) -> Any:
    """`text` as a spaCy Doc that has tokens and nothing else, blank ones among them."""
    return _tokenizer(_code(language))(text)


def bounds(doc: Any) -> Iterator[Bounds]:
    """Where the tokens of a spaCy Doc stand in its text, blank ones too; a Token made of each takes five times as long."""
    lengths = doc.to_array("LENGTH")
    taken = lengths + doc.to_array("SPACY")
    starts = taken.cumsum() - taken
    return zip(starts.tolist(), (starts + lengths).tolist(), strict=True)


def tokenize(text: str, language: str | None) -> list[Bounds]:
    """The tokens of `text` as (start, end), without those that are blank."""
    found: list[Bounds] = []
    for start, end in bounds(parse(text, language)):
        parts = text[start:end].split()
        if len(parts) == 1 and len(parts[0]) == end - start:
            found.append((start, end))
        else:
            # A few languages have exceptions with a blank inside; column files cannot hold one, so they are parted.
            found += [
                (start + part.start(), start + part.end()) for part in re.finditer(r"\S+", text[start:end])
            ]
    return found


def tokenizer_code(language: str | None) -> str:
    """The code of spaCy's language class that parses texts in `language`."""
    return _tokenizer(_code(language)).code


def tokenizer_name(language: str | None) -> str:
    """Name and version of the tokenizer of a language, for the manifest: `spacy 3.8.18 blank en`."""
    import spacy  # 0.7 s, paid only by an export that needs tokens  # noqa: PLC0415

    return f"spacy {spacy.__version__} blank {tokenizer_code(language)}"


def _code(language: str | None) -> str:
    """The primary subtag of a language tag (`en` of `en-GB`), `xx` for what is no tag at all."""
    code = re.split(r"[-_]", language.strip().lower())[0] if language else ""
    return code if re.fullmatch(r"[a-z]{2,3}", code) else MULTILINGUAL


@lru_cache(maxsize=16)
def _tokenizer(code: str) -> _Tokenizer:
    return _Tokenizer(code)


def covered(tokens: Sequence[Bounds], start: int, end: int) -> Run | None:
    """The tokens that share a character with `start:end`; None where there are only blanks."""
    first = bisect_right(tokens, (start, sys.maxsize))
    if first and tokens[first - 1][1] > start:
        first -= 1
    last = bisect_left(tokens, (end, 0))
    return (first, last) if first < last else None


def widened(tokens: Sequence[Bounds], start: int, end: int) -> Bounds | None:
    """`start:end` moved to the bounds of the tokens it touches; None where it touches none."""
    run = covered(tokens, start, end)
    return (tokens[run[0]][0], tokens[run[1] - 1][1]) if run else None


def sentence_starts(text: str, tokens: Sequence[Bounds], runs: Iterable[Run]) -> list[int]:
    """Numbers of the tokens that begin a sentence; none begins inside one of `runs`."""
    # Marks where a run goes on: +1 after its first token, -1 at its end.
    steps = [0] * (len(tokens) + 1)
    for first, last in runs:
        if last - first > 1:
            steps[first + 1] += 1
            steps[last] -= 1
    inside = list(accumulate(steps))
    starts = {bisect_left(tokens, start, key=lambda token: token[0]) for start, _ in sentences(text)}
    return sorted({0} | {number for number in starts if number < len(tokens) and not inside[number]})
