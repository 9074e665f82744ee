"""Where a form stands again: whole words, upper and lower case alike, blanks of any kind. Pure; offsets are code points."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import regex

from desktop.model import Fragment
from desktop.spans import Extent, encloses, overlap, reading_order
from desktop.text import UNPARTED, Bounds, graphemes, words

E = TypeVar("E", bound=Extent)

# Letters written without blanks between words: an edge may lie anywhere between them.
_UNSPACED = regex.compile(rf"[{UNPARTED}\p{{Katakana}}]")
_INNER = regex.compile(r"[\p{L}\p{N}\p{M}_]")
_APOSTROPHES = "'’ʼ"
# Nothing reaches over one of these but a cluster of marks, so what stands at both of its sides is apart.
_PLAIN = frozenset(' \n\t-–—()[]{}"“”«»:;!?/…')
_REACH = 400
# A span longer than this is a sentence or a part of one, in which forms stand as they do outside. On the reference
# labels, what lies in a shorter one is no repeat in nineteen of twenty cases.
_ROOMY = 40
# A form longer than this is a sentence, which nobody expects again.
LONGEST_FORM = 80


@dataclass(frozen=True, slots=True)
class Hit(Generic[E]):
    """A stretch without a span of its own: the spans that reach around it, and those that it meets in another way."""

    start: int
    end: int
    around: tuple[E, ...] = ()
    across: tuple[E, ...] = ()

    @property
    def bounds(self) -> Bounds:
        return self.start, self.end

    @property
    def sure(self) -> bool:
        """Whether it stands by itself: in no span but long ones, and meeting none."""
        return not self.across and all(span.end - span.start > _ROOMY for span in self.around)


def find(text: str, form: str, *, case: bool = False) -> Iterator[Bounds]:
    """The places of `form` in `text`, from the first to the last, none overlapping the one before.

    Only whole words, and no letter cut from its marks. A blank in the form stands for any run of blanks, line ends and
    no-break spaces too. Without `case`, letters are the same when their full case folding is (ß and SS), and so are
    the dotted and the dotless i. A form of nothing but blanks is nowhere.
    """
    return Form(form, case=case).find(text)


def signature(form: str, *, case: bool = False) -> str:
    """Two forms with the same signature are found at the same places."""
    joined = " ".join(form.split())
    return joined if case else _one_i(joined).casefold().replace("i\u0307", "i")


def _one_i(text: str) -> str:
    """The text, in the same length, without the letters i of Turkish: the pattern is unsteady about them."""
    return text.replace("İ", "i").replace("ı", "i")


def keeps_case(form: str) -> bool:
    """Whether a form is meant in capitals only: US is not us."""
    return form.isupper()


class Form:
    """A form ready to be looked for in many texts; unless `whole`, inside words too."""

    def __init__(self, form: str, *, case: bool = False, whole: bool = True) -> None:
        self.case, self._whole = case, whole
        self.parts = form.split() if case else regex.sub("[iI]\u0307", "i", _one_i(form)).split()
        pattern = r"\s+".join(map(regex.escape, self.parts))
        flags = regex.VERSION0 if case else regex.IGNORECASE | regex.FULLCASE
        self._pattern = regex.compile(pattern, flags)
        # İ in two characters; seldom, and slower to look for.
        self._dotted = regex.compile(regex.sub("[iI]", "i\u0307?", pattern), flags)

    def find(self, text: str) -> Iterator[Bounds]:
        if not self.parts:
            return
        level = text if self.case else _one_i(text)
        pattern = self._dotted if "\u0307" in level and not self.case else self._pattern
        place = 0
        while match := pattern.search(level, place):
            start, end = match.span()
            if is_whole(text, start, end) if self._whole else not cuts_letter(text, start, end):
                yield start, end
                place = end
            else:
                place = start + 1


def unlabelled(
    text: str, form: str, spans: Iterable[E], outside: Sequence[Fragment] = (), *, case: bool = False
) -> Iterator[Hit[E]]:
    """The occurrences that no span covers exactly and that lie in no furniture (`outside`)."""
    return bare(find(text, form, case=case), spans, outside)


def bare(places: Iterable[Bounds], spans: Iterable[E], outside: Sequence[Fragment] = ()) -> Iterator[Hit[E]]:
    """Those of `places` (in order) that have no span of exactly their extent and lie in no furniture."""
    places = list(places)
    coming = sorted(spans, key=reading_order) if places else []
    open_: list[E] = []
    following = 0
    for start, end in places:
        while following < len(coming) and coming[following].start < end:
            open_.append(coming[following])
            following += 1
        open_ = [span for span in open_ if span.end > start]
        if any(low < end and start < high for low, high in outside):
            continue
        met = [span for span in open_ if _covers(span, start, end)]
        if any((span.start, span.end) == (start, end) for span in met):
            continue
        around = tuple(span for span in met if encloses(span, _Place(start, end)))
        yield Hit(start, end, around, tuple(span for span in met if span not in around))


class Labelled(Extent, Protocol):
    """A span with its label."""

    @property
    def label(self) -> str: ...


@dataclass
class _Known:
    """A form that is labelled somewhere: under which labels, and whether always in capitals."""

    labels: Counter[str] = field(default_factory=Counter)
    capitals: bool = True


@dataclass(frozen=True, slots=True)
class Repeat:
    """A stretch that is labelled elsewhere in the article, under this label mostly, and so many times in all."""

    start: int
    end: int
    label: str
    count: int


def repeats(
    text: str, spans: Sequence[Labelled], outside: Sequence[Fragment] = (), part: Bounds | None = None
) -> list[Repeat]:
    """Where any labelled form stands again by itself and unlabelled, in order; of several forms, the longest.

    One walk over the words of the text, or of that `part` of it, however many forms there are.
    """
    memory = Memory()
    for span in spans:
        if len(span.fragments) == 1:
            memory.add(text[span.start : span.end], span.label)
    return memory.repeats(text, spans, outside, part)


class Memory:
    """Forms that are labelled somewhere, in one article or in many."""

    def __init__(self) -> None:
        self._forms: dict[str, _Known] = defaultdict(_Known)
        # For each first word how many words and closing signs such forms have, longest first.
        self._shapes: dict[str, list[tuple[int, int]]] = {}

    def add(self, form: str, label: str) -> None:
        """Remember one mention. A form that is a sentence is forgotten at once: nobody expects it again."""
        if len(form) > LONGEST_FORM:
            return
        known = self._forms[signature(form)]
        known.labels[label] += 1
        known.capitals = known.capitals and keeps_case(form)
        if known.labels.total() == 1:
            inner = list(words(form))
            if inner and inner[0][0] == 0:
                shapes = self._shapes.setdefault(signature(form[: inner[0][1]]), [])
                shape = (len(inner), len(form) - inner[-1][1])
                if shape not in shapes:
                    shapes.append(shape)
                    shapes.sort(reverse=True)

    def labels(self, form: str) -> Counter[str]:
        """How often a form has which label."""
        known = self._forms.get(signature(form))
        return known.labels if known else Counter()

    def repeats(
        self,
        text: str,
        spans: Sequence[Labelled],
        outside: Sequence[Fragment] = (),
        part: Bounds | None = None,
        least: int = 1,
    ) -> list[Repeat]:
        """Where any of the forms stands by itself and unlabelled in `text`, whose spans are given.

        Of forms that begin at one place the longest counts that has some label `least` times.
        """
        found: list[tuple[Bounds, _Known]] = []
        bounds = list(words(text, *(part or (0, len(text)))))
        done = 0
        for place, (start, end) in enumerate(bounds):
            if start < done:
                continue
            for count, tail in self._shapes.get(signature(text[start:end]), ()):
                high = bounds[place + count - 1][1] + tail if place + count <= len(bounds) else len(text) + 1
                known = self._forms.get(signature(text[start:high])) if high <= len(text) else None
                if (
                    known
                    and max(known.labels.values()) >= least
                    and (not known.capitals or keeps_case(text[start:high]))
                    and is_whole(text, start, high)
                ):
                    found.append(((start, high), known))
                    done = high
                    break
        by_place = dict(found)
        hits = bare([place for place, _ in found], spans, outside)
        return [_repeat(hit, by_place[hit.bounds]) for hit in hits if hit.sure]


def _repeat(hit: Hit[E], known: _Known) -> Repeat:
    label, _ = known.labels.most_common(1)[0]
    return Repeat(hit.start, hit.end, label, known.labels.total())


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        return ((self.start, self.end),)


def _covers(span: Extent, start: int, end: int) -> bool:
    """Whether any part of the span lies there: what is between its fragments does not count."""
    if not overlap(span, _Place(start, end)):
        return False
    return any(low < end and start < high for low, high in span.fragments)


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins and ends where words do, and parts no letter from its marks."""
    return not (
        _cuts_word(text, start)
        or _cuts_word(text, end)
        or _is_possessive(text, start)
        or cuts_letter(text, start, end)
    )


def _cuts_word(text: str, place: int) -> bool:
    """Whether a word reaches over that place."""
    if place in (0, len(text)):
        return False
    before, after = text[place - 1], text[place]
    if before in _PLAIN or after in _PLAIN or before.isspace() or after.isspace():
        return False
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        return True
    if _UNSPACED.match(before) or _UNSPACED.match(after):
        return False
    return any(low < place < high for low, high in _words_around(text, place))


def _words_around(text: str, place: int) -> Iterator[Bounds]:
    low = max(text.rfind(" ", 0, place), text.rfind("\n", 0, place), place - _REACH, 0)
    ends = [high for high in (text.find(" ", place), text.find("\n", place)) if high >= 0]
    return words(text, low, min([*ends, place + _REACH, len(text)]))


def _is_possessive(text: str, start: int) -> bool:
    """Whether what begins there is the ’s of the word before, which is no word."""
    if start == 0 or text[start - 1] not in _APOSTROPHES or not _INNER.match(text, start):
        return False
    return all(low != start for low, _ in _words_around(text, start))


def cuts_letter(text: str, start: int, end: int) -> bool:
    """Whether an edge of the stretch parts a letter from its marks, or an emoji sequence."""
    near = text[max(0, start - 1) : start + 1] + text[end - 1 : end + 1]
    return not near.isascii() and graphemes(text, (start, end)) != (start, end)
