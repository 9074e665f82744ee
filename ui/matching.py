"""Finding by typing: what is typed is looked for at the beginnings of words, then anywhere. Knows no Qt.

Case, accents and everything that is neither letter nor digit make no difference.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence

# Ranks of a find; smaller is better.
WHOLE, STARTS, ANYWHERE, INITIALS = range(4)

# Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs.
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+")
_BETWEEN = re.compile(r"[^\w\n]+")
_ASCII_BETWEEN = str.maketrans(dict.fromkeys(string.punctuation.replace("_", "") + "\t\r\v\f", " "))


def fold(text: str) -> str:
    """`text` as it is compared. Line breaks stay, so that many lines can be folded at once."""
    text = text.casefold()
    if text.isascii():  # ten times quicker, and most titles are
        return text.translate(_ASCII_BETWEEN)
    return _BETWEEN.sub(" ", _MARKS.sub("", unicodedata.normalize("NFKD", text)))


def rank(typed: str, text: str) -> int | None:
    """How well `text` fits what is typed, None if it does not; for lists that are short."""
    terms, words = fold(typed).split(), fold(text).split()
    if not terms:
        return None
    line = " " + " ".join(words)
    if line.startswith(" " + " ".join(terms)):
        return WHOLE
    if all(f" {term}" in line for term in terms):
        return STARTS
    if all(term in line for term in terms):
        return ANYWHERE
    if len(terms) == 1 and _are_initials(terms[0], words):
        return INITIALS
    return None


def _are_initials(letters: str, words: Sequence[str]) -> bool:
    """Whether the letters begin words of the text in this order, the first one first: "ewl" is End one Word Later."""
    starts = iter(word[0] for word in words)
    return (
        len(letters) > 1
        and bool(words)
        and words[0][0] == letters[0]
        and all(letter in starts for letter in letters)
    )


class Lines:
    """Many titles to be searched. `fold_more` gets them ready a part at a time: all at once would stop the window."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._titles = titles
        self._ready: list[str] = []
        self._last: tuple[list[str], Sequence[int]] | None = None

    def fold_more(self, count: int = 4000) -> bool:
        """Get the next titles ready; False once all are."""
        start = len(self._ready)
        part = [title.replace("\n", " ") for title in self._titles[start : start + count]]
        if part:
            # A space in front, so that every beginning of a word has one.
            self._ready += [f" {line}" for line in fold("\n".join(part)).split("\n")]
            self._last = None
        return len(self._ready) < len(self._titles)

    def find(self, typed: str, most: int) -> tuple[list[tuple[int, int]], int]:
        """The best finds as (rank, place), in the order of the lines within a rank, and how many there are in all."""
        terms = fold(typed).split()
        if not terms:
            return [], 0
        found = self._containing(terms)
        start, heads = " " + " ".join(terms), [f" {term}" for term in terms]
        ranked: tuple[list[int], list[int], list[int]] = ([], [], [])
        for place in found:
            line = self._ready[place]
            if line.startswith(start):
                ranked[WHOLE].append(place)
                if len(ranked[WHOLE]) >= most:
                    break
            elif heads[0] in line and all(head in line for head in heads[1:]):
                ranked[STARTS].append(place)
            elif len(ranked[ANYWHERE]) < most:
                ranked[ANYWHERE].append(place)
        best = [(level, place) for level, places in enumerate(ranked) for place in places]
        return best[:most], len(found)

    def _containing(self, terms: list[str]) -> Sequence[int]:
        """The lines with all terms somewhere; typing on looks only through what was found before."""
        found: Sequence[int] = range(len(self._ready))
        if self._last and all(any(old in term for term in terms) for old in self._last[0]):
            found = self._last[1]
        for term in terms:
            found = [place for place in found if term in self._ready[place]]
        self._last = (terms, found)
        return found
