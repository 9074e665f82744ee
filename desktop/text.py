"""Article text: the one cleaning that every article gets, words and sentences.

Cleaning happens once, at import, so that every consumer of an export agrees on the text: byte order marks and
characters that XML forbids are dropped, every line end becomes LF, lone surrogates are refused. No-break space,
NEL, combining marks and everything else stay. There is no Unicode normalisation.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import regex

from desktop.errors import UserError

Bounds = tuple[int, int]

_LEADING = regex.compile(r"[\ufeff\x00-\x08\x0e-\x1f\ufffe\uffff\ufdd0\ufdd1]+")
_FIX = regex.compile(r"\r\n|[\r\v\f\u2028\u2029]|[\x00-\x08\x0e-\x1f\ufffe\uffff\ufdd0\ufdd1]")
# Every character that those may begin with: most texts have none, and to find that out so takes a fifth of the time.
_UNCLEAN = "\r\v\f\u2028\u2029\ufeff\ufffe\uffff\ufdd0\ufdd1" + "".join(map(chr, (*range(9), *range(14, 32))))
_SURROGATE = regex.compile(r"[\ud800-\udfff]")
# Scripts that have no blanks between words: which letters make a word only a dictionary knows, so each stands for itself.
UNPARTED = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
# Letters, digits and marks; apostrophes inside a name (Shi’ite, Kata’ib), but not the possessive ’s; a hyphen splits.
# Initials (U.S.) are one word with their stops, and so are the letters around the quote of a Hebrew abbreviation.
_WORD = regex.compile(
    r"(?<=[\p{L}.]['’ʼ])s\b(*SKIP)(*FAIL)"
    r"|\d+(?:[.,]\d+)+"
    rf"|[[\p{{L}}\p{{N}}\p{{M}}_\u200c\u200d]--[{UNPARTED}]]+"
    rf"(?:['’ʼ](?!s\b)[[\p{{L}}\p{{N}}\p{{M}}\u200c\u200d]--[{UNPARTED}]]+"
    r"|\.(?<=(?<![\p{L}\p{N}\p{M}_.])\p{L}\.|\.\p{L}\.)\p{L}(?![\p{L}\p{N}\p{M}_])"
    r"|[\"״](?<=\p{Hebrew}.)(?=\p{Hebrew})[\p{L}\p{M}]+)*"
    r"(?:\.(?<=\.\p{L}\.))?"
    rf"|[{UNPARTED}]\p{{M}}*"
    r"|(?=[\p{So}\p{Sc}\p{Emoji_Presentation}])\X",
    regex.V1,
)
# Chinese and Japanese put no blank between sentences.
_SENTENCE_END = regex.compile(
    r"[.!?…؟۔]+['\"”’»)\]]*(?=\s+[\p{Lu}\p{Lo}\p{N}'\"“‘«(\[])|[。｡！？]+['\"”’」』）》】)\]]*|\n+"
)
_INITIALS = regex.compile(
    r"(?:^|[^\p{L}])\p{L}(?:\.\p{L})*\.$|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|St|No|vs|etc)\.$"
)
TITLE_LENGTH = 80
_SURROUNDINGS = 1000
# Where a sentence is looked for at first; what begins so near to a cut may be a part of a longer one.
_NEAR, _LEAD = 2000, 100
# Two characters between which every cluster ends (Unicode Standard Annex 29: Grapheme_Cluster_Break is Other).
_JOINS_NOTHING = regex.compile(r"\p{GCB=Other}{2}")


@dataclass(frozen=True)
class Cleaned:
    """Clean text, what was changed (what: count), and the map from offsets in the text as given."""

    text: str
    counts: Counter[str] = field(default_factory=Counter)
    _at: list[int] = field(default_factory=list)
    _shift: list[int] = field(default_factory=list)

    def position(self, offset: int) -> int:
        """The code-point offset in the clean text of an offset in the text as given (0 to its length)."""
        place = bisect_right(self._at, offset) - 1
        return offset - (self._shift[place] if place >= 0 else 0)


def storable(name: str) -> str:
    """A file name as text that can be stored: bytes in it that are no characters become �."""
    return _SURROGATE.sub("\ufffd", name)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def clean(given: str) -> Cleaned:
    """The text as articles keep it, with a map for the offsets that came with it.

    Raises UserError for a lone surrogate, which is no character and cannot be written to any file.
    """
    try:
        given.encode()
    except UnicodeEncodeError as error:
        lone = given[error.start]
        raise UserError(f"half a character (surrogate U+{ord(lone):04X})",
                        "write the text again from its source", position=f"character {error.start}") from None  # fmt: skip
    if not any(map(given.__contains__, _UNCLEAN)):
        return Cleaned(given)
    counts: Counter[str] = Counter()
    at: list[int] = []
    shifts: list[int] = []
    parts: list[str] = []
    done = shift = 0
    for match in _changes(given):
        found = match.group()
        kept = "\n" if found[0] in "\r\v\f\u2028\u2029" else ""
        counts[_kind(found)] += len(found) if not kept else 1
        parts += (given[done : match.start()], kept)
        done = match.end()
        for gone in range(match.start(), match.end() - len(kept)):
            shift += 1
            at.append(gone + 1)
            shifts.append(shift)
    parts.append(given[done:])
    return Cleaned("".join(parts), counts, at, shifts)


def _changes(given: str) -> Iterator[regex.Match[str]]:
    # A mark that leads only once the controls before it are gone would be swallowed by Qt, so it goes too.
    lead = _LEADING.match(given)
    if lead:
        yield lead
    yield from _FIX.finditer(given, lead.end() if lead else 0)


def _kind(found: str) -> str:
    if found[0] in "\r\v\f\u2028\u2029":
        return "line ends"
    return "byte order marks" if "\ufeff" in found else "control characters"


def graphemes(text: str, bounds: Bounds) -> Bounds:
    """Widen `bounds` so that they cut no grapheme cluster (a letter with its marks, an emoji sequence)."""
    return _grapheme_edges(text, bounds[0])[0], _grapheme_edges(text, bounds[1])[1]


def _grapheme_edges(text: str, position: int) -> Bounds:
    """The last edge of a cluster up to `position` and the first from there on."""
    # Where a cluster ends depends on what is before it (flags are pairs), back to a place that is an edge for sure:
    # between two characters that join nothing. Texts may have none for a megabyte, so look at the surroundings only.
    nearest = max(0, position - _SURROUNDINGS)
    low = position
    while low > nearest and not (low < len(text) and _JOINS_NOTHING.fullmatch(text, low - 1, low + 1)):
        low -= 1
    before = edge = low
    for match in regex.finditer(r"\X", text[low : position + _SURROUNDINGS]):
        if edge >= position:
            break
        before, edge = edge, low + match.end()
    return (before if edge > position else edge), edge


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Bounds]:
    """The words of `text[start:end]`; the possessive ’s is no word of its own and belongs to none."""
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        yield match.span()


def word_at(text: str, position: int) -> Bounds | None:
    """The word that holds or ends at `position`, None where there is none."""
    low = text.rfind("\n", 0, position) + 1
    high = text.find("\n", position)
    # Lines may be a megabyte long, words are not: look at the surroundings only.
    low, high = max(low, position - 400), min(high if high >= 0 else len(text), position + 400)
    touching = [bounds for bounds in words(text, low, high) if bounds[0] <= position <= bounds[1]]
    return touching[-1] if touching else None


def sentences(text: str) -> Iterator[Bounds]:
    """The sentences of a text, line by line, without the blanks between them. A heuristic, language-blind."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if not match.group().startswith("\n") and _INITIALS.search(
            text, max(start, match.end() - 12), match.end()
        ):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Bounds]:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        low = start + piece.index(inner)
        yield low, low + len(inner)


def sentence_at(text: str, position: int) -> Bounds:
    """The sentence around `position`, looked for inside its line; the line itself where there is none."""
    low = text.rfind("\n", 0, position) + 1
    high = text.find("\n", position)
    high = high if high >= 0 else len(text)
    reach = _NEAR
    while True:
        # Lines may be a megabyte long, sentences are not: look further only for one that is cut by the surroundings.
        left, right = max(low, position - reach), min(high, position + reach)
        near = [(left + s, left + e) for s, e in sentences(text[left:right])]
        found = [(s, e) for s, e in near if s <= position <= e]
        begins = left == low or (found and found[-1][0] > left + _LEAD)
        ends = right == high or (found and text[found[-1][1] : right].strip())
        if begins and ends:
            return found[-1] if found else (low, high)
        reach *= 8


def shorten(line: str, length: int) -> str:
    """`line` cut at the last blank within `length` characters."""
    if len(line) <= length:
        return line
    return line[: line.rfind(" ", 0, length + 1) if " " in line[: length + 1] else length].rstrip(" ,;:–-")
