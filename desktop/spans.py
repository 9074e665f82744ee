"""Pure arithmetic over spans: overlap and nesting, snapping and trimming of selections, lanes to draw in."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal, Protocol, TypeVar

import regex

from desktop.model import Fragment
from desktop.text import Bounds, graphemes, word_at, words

# A span longer than this many code points is drawn as an underline with a bracket in the margin, not as a tint.
LONG = 60
_STOPS = ".,;:!?…،؛؟。、，；：！？"
_QUOTES = "\"'‘’‚“”„«»‹›`´「」『』《》"
_BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】"}
_LOOSE = {*_QUOTES, *_BRACKETS, *_BRACKETS.values()}
_POSSESSIVE = regex.compile(r"(?<=[\p{L}\p{N}\p{M}.]['’ʼ][sS])(?![\p{L}\p{N}\p{M}])")
# The articles and the numbers to twelve of languages whose articles stand before the noun as words of their own.
_LEADS = {
    "ca": "l' el la els les un una uns unes dos dues tres quatre cinc sis set vuit nou deu onze dotze",
    "da": "den det de en et to tre fire fem seks syv otte ni ti elleve tolv",
    "de": "der die das den dem des ein eine einen einem einer eines zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "el": "ο η το οι τα τον τη την του της των τους τις ένας μια μία ένα δύο τρεις τρία τέσσερις τέσσερα πέντε έξι επτά οκτώ εννέα δέκα έντεκα δώδεκα",
    "en": "the a an one two three four five six seven eight nine ten eleven twelve",
    "es": "el la lo los las un una unos unas dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "fr": "l' le la les un une des deux trois quatre cinq six sept huit neuf dix onze douze",
    "hu": "a az egy két kettő három négy öt hat hét nyolc kilenc tíz tizenegy tizenkettő",
    "it": "l' un' il lo la i gli le un uno una due tre quattro cinque sei sette otto nove dieci undici dodici",
    "nb": "den det de en ei et to tre fire fem seks sju åtte ni ti elleve tolv",
    "nl": "de het een twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "pt": "o a os as um uma uns umas dois duas três quatro cinco seis sete oito nove dez onze doze",
    "ro": "un o doi două trei patru cinci șase șapte opt nouă zece unsprezece doisprezece",
    "sv": "den det de en ett två tre fyra fem sex sju åtta nio tio elva tolv",
}
_PARTNERS = {
    **_BRACKETS,
    "「": "」",
    "『": "』",
    "《": "》",
    "“": "”",
    "‘": "’",
    "«": "»",
    "‹": "›",
    "„": "“",
    '"': '"',
    "'": "'",
}


class Extent(Protocol):
    """Whatever has a place in the text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def fragments(self) -> tuple[Fragment, ...]: ...


E = TypeVar("E", bound=Extent)


@dataclass(frozen=True, slots=True)
class Lane:
    """How one span is drawn: `lane` 0 is the underline next to the text, `depth` counts the spans around it."""

    index: int
    lane: int
    depth: int
    long: bool


def overlap(a: Extent, b: Extent) -> bool:
    return a.start < b.end and b.start < a.end


def encloses(outer: Extent, inner: Extent) -> bool:
    """Whether `outer` reaches over all of `inner` and further."""
    return (
        outer.start <= inner.start
        and inner.end <= outer.end
        and (outer.start, outer.end) != (inner.start, inner.end)
    )


def crosses(a: Extent, b: Extent) -> bool:
    return a.start < b.start < a.end < b.end or b.start < a.start < b.end < a.end


def reading_order(span: Extent) -> tuple[int, int]:
    """Sort key: by start, the enclosing span before the ones inside it."""
    return span.start, -span.end


def at(spans: Iterable[E], position: int) -> list[E]:
    """The spans over the character at `position`, innermost first."""
    found = [span for span in spans if any(start <= position < end for start, end in span.fragments)]
    return sorted(found, key=lambda span: (span.end - span.start, span.start))


def lanes(spans: Sequence[Extent]) -> list[Lane]:
    """A lane for every span, in the order given: spans that overlap never share one, inner ones lie nearer the text."""
    taken: list[list[tuple[int, int]]] = []
    lane_of = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda i: (spans[i].end - spans[i].start, spans[i].start)):
        lane_of[index] = _place(taken, spans[index])
    depth_of = depths(spans)
    return [Lane(i, lane_of[i], depth_of[i], span.end - span.start > LONG) for i, span in enumerate(spans)]


def _place(taken: list[list[tuple[int, int]]], span: Extent) -> int:
    # An outer span must lie below everything it overlaps, so it goes one under the lowest of them.
    lowest = -1
    for number, lane in enumerate(taken):
        place = bisect_left(lane, (span.end, span.end))
        if place and lane[place - 1][1] > span.start:
            lowest = number
    if lowest + 1 == len(taken):
        taken.append([])
    insort(taken[lowest + 1], (span.start, span.end))
    return lowest + 1


def depths(spans: Sequence[Extent]) -> list[int]:
    """How many of the spans reach around each, in the order given."""
    depth = [0] * len(spans)
    around: list[int] = []
    for index in sorted(range(len(spans)), key=lambda i: reading_order(spans[i])):
        around = [i for i in around if spans[i].end > spans[index].start]
        depth[index] = sum(1 for i in around if encloses(spans[i], spans[index]))
        around.append(index)
    return depth


def trim(text: str, start: int, end: int) -> Bounds:
    """Drop blanks, quotes, brackets and stops at the edges; what is left may be empty.

    A quote or bracket stays when its partner stays inside (“friendly” positions), the last stop of initials too (U.S.).
    """
    while start < end and (text[end - 1].isspace() or _drops_last(text, start, end)):
        end -= 1
    while start < end and (text[start].isspace() or text[start] in _STOPS or _drops_first(text, start, end)):
        start += 1
        # What closed the quote just dropped is now at the edge as well.
        while start < end and (text[end - 1].isspace() or _drops_last(text, start, end)):
            end -= 1
    return start, end


def _drops_last(text: str, start: int, end: int) -> bool:
    last = text[end - 1]
    if last in _STOPS:
        return not (
            last == "."
            and end - start >= 4
            and text[end - 2].isalpha()
            and text[end - 3] == "."
            and text[end - 4].isalpha()
        )
    if last not in _LOOSE:
        return False
    opening = next((o for o, c in _PARTNERS.items() if c == last), last)
    return opening not in text[start + 1 : end - 1]


def _drops_first(text: str, start: int, end: int) -> bool:
    first = text[start]
    if first not in _LOOSE:
        return False
    return _PARTNERS.get(first, first) not in text[start + 1 : end]


def snap(text: str, start: int, end: int) -> Bounds:
    """The stretch a person meant by selecting `start:end`: whole words, nothing loose at the edges, no possessive ’s.

    Both offsets are in code points. Returns an empty stretch at `start` where nothing but blanks, quotes and stops
    was selected. Snapping what is snapped already changes nothing.
    """
    low, high = trim(text, start, end)
    if low >= high:
        return start, start
    while high - low > 2 and _POSSESSIVE.match(text, high):
        low, high = trim(text, low, high - 2)
    first = word_at(text, low)
    if first and first[0] < low < first[1]:
        low = first[0]
    last = word_at(text, high)
    if last and last[0] < high < last[1]:
        high = last[1]
    return graphemes(text, (low, high))


@cache
def _lead(language: str) -> regex.Pattern[str]:
    ways = [rf"{word}\s+" for word in _LEADS.get(language, "").split()]
    ways = [way.replace(r"'\s+", "['’ʼ]") for way in ways]
    return regex.compile("(?:" + "|".join([*ways, r"\d[\d.,٫٬]*\s+"]) + r")(?=\w)", regex.IGNORECASE)


def without_lead(text: str, start: int, end: int, language: str | None) -> Bounds:
    """A short stretch without its leading article or number (“the”, “an”, “2,500”, “l’”); others as they are.

    `language` is an ISO 639 code, with or without a region; a text without one is taken to be English.
    """
    lead = _lead((language or "en").partition("-")[0]).match(text, start, end)
    return (lead.end(), end) if lead and end - start <= LONG else (start, end)


def nudge(
    text: str, bounds: Bounds, edge: Literal["start", "end"], step: Literal[-1, 1], *, by_word: bool
) -> Bounds:
    """`bounds` with one edge moved by a word or a character; unchanged where it would empty or leave the text."""
    start, end = bounds
    position = start if edge == "start" else end
    moved = _next_word_edge(text, position, edge, step) if by_word else _next_grapheme(text, position, step)
    new = (moved, end) if edge == "start" else (start, moved)
    return new if 0 <= new[0] < new[1] <= len(text) else bounds


def _next_word_edge(text: str, position: int, edge: str, step: int) -> int:
    side = 0 if edge == "start" else 1
    if step > 0:
        return next(
            (b[side] for b in words(text, position, min(len(text), position + 400)) if b[side] > position),
            position,
        )
    before = [b[side] for b in words(text, max(0, position - 400), position + 1) if b[side] < position]
    return before[-1] if before else position


def _next_grapheme(text: str, position: int, step: int) -> int:
    inside = position + step
    if not 0 <= inside <= len(text):
        return position
    low, high = graphemes(text, (inside, inside))
    return high if step > 0 else low


def check_fragments(fragments: Sequence[Fragment], length: int) -> str | None:
    """What is wrong with the fragments of a span in a text of `length` code points; None if nothing is."""
    if not fragments:
        return "has no fragment"
    for start, end in fragments:
        if start < 0 or end > length:
            return f"{start}–{end} is outside the text, which has {length} characters"
        if start >= end:
            return f"{start}–{end} has no length"
    if any(b[0] <= a[1] for a, b in pairwise(fragments)):
        return "its fragments touch, overlap or are out of order"
    return None
