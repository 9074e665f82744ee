"""Growing a selection by one key: word, phrase, sentence, paragraph, article."""

from __future__ import annotations

import regex

from desktop.spans import trim
from desktop.text import Bounds, sentence_at, word_at

# What parts the phrases of a sentence: commas and their kin, brackets, quotes, dashes between words.
_BREAK = regex.compile(r"[,;:()\[\]“”\"«»،؛，；：（）、「」]|\s[-–—]\s|—")


def grow(text: str, bounds: Bounds) -> Bounds:
    """The smallest of word, phrase, sentence, paragraph and article that reaches over `bounds` and further.

    Offsets are in code points. The whole article grows no more.
    """
    start, end = bounds
    for low, high in (_word(text, start, end), _phrase(text, start, end), _sentence(text, start, end),
                      _paragraph(text, start, end)):  # fmt: skip
        if low <= start and end <= high and high - low > end - start:
            return low, high
    return 0, len(text)


def _word(text: str, start: int, end: int) -> Bounds:
    first, last = word_at(text, start), word_at(text, end)
    if last and start < end == last[0]:
        last = None  # where no blank parts the words the next one begins right here
    return (min(first[0], start) if first else start), (max(last[1], end) if last else end)


def _phrase(text: str, start: int, end: int) -> Bounds:
    low, high = _sentence(text, start, end)
    before = [match.end() for match in _BREAK.finditer(text, low, start)]
    after = _BREAK.search(text, end, high)
    return _bare(text, before[-1] if before else low, after.start() if after else high, (start, end))


def _sentence(text: str, start: int, end: int) -> Bounds:
    return sentence_at(text, start)[0], max(end, sentence_at(text, max(start, end - 1))[1])


def _paragraph(text: str, start: int, end: int) -> Bounds:
    after = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, after if after >= 0 else len(text)


def _bare(text: str, low: int, high: int, inner: Bounds) -> Bounds:
    """Without what is loose at the edges, but never less than what is selected already."""
    start, end = trim(text, low, high)
    return min(start, inner[0]), max(end, inner[1])
