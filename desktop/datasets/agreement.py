"""How far annotators agree: on spans (F1 of one against another) and on characters (Krippendorff's alpha).

F1 takes the spans of one annotator as the truth for those of another (Hripcsak & Rothschild 2005, JAMIA 12(3)): with
spans there is no count of agreed blanks, so that kappa has no meaning, while F1 is the limit kappa tends to. `exact` asks
for the same label and fragments, `overlap` for the same label and a character in common, one to one, the nearest first.

Alpha (Krippendorff 2019, Content Analysis, 4th edition, ch. 12, nominal data) is measured for each label apart, on
whether each character lies in a span of that label; so nesting in other labels takes nothing from it. Characters of an
article count for the annotators who have begun it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from desktop.bundle import Record
from desktop.model import Span

ALL = ""
"""In place of a label: over all of them."""


@dataclass
class _Pairs:
    """Spans of two annotators: how many each has, and how many of them match."""

    first: int = 0
    second: int = 0
    exact: int = 0
    overlap: int = 0


@dataclass
class Agreement:
    """Sums over articles that more than one annotator has begun. `articles` counts them."""

    articles: int = 0
    pairs: dict[tuple[str, str], dict[str, _Pairs]] = field(default_factory=dict)
    # For each label: characters by (annotators who have begun the article, how many of them cover the character).
    _units: dict[str, dict[tuple[int, int], int]] = field(default_factory=dict)

    def add(self, record: Record, labels: Iterable[str]) -> None:
        """Compare the layers of one article; an annotator is in it with a span, or with a status other than `todo`."""
        layers: dict[str, list[Span]] = {
            name: [] for name, state in (record.status or {}).items() if state != "todo"
        }
        for span in record.spans:
            layers.setdefault(span.annotator, []).append(span)
        if len(layers) < 2:
            return
        self.articles += 1
        for first, second in combinations(sorted(layers), 2):
            self._add_pair((first, second), layers[first], layers[second])
        for label in labels:
            self._add_characters(label, len(record.text), list(layers.values()))

    def _add_pair(self, names: tuple[str, str], first: Sequence[Span], second: Sequence[Span]) -> None:
        kept = self.pairs.setdefault(names, defaultdict(_Pairs))
        for label in {span.label for span in (*first, *second)}:
            mine = [span for span in first if span.label == label]
            theirs = [span for span in second if span.label == label]
            exact, overlap = _matches(mine, theirs)
            for place in (label, ALL):
                pairs = kept[place]
                pairs.first += len(mine)
                pairs.second += len(theirs)
                pairs.exact += exact
                pairs.overlap += overlap

    def _add_characters(self, label: str, length: int, layers: Sequence[Sequence[Span]]) -> None:
        units = self._units.setdefault(label, {})
        steps: Counter[int] = Counter({0: 0, length: 0})
        for spans in layers:
            for start, end in _joined(spans, label):
                steps[start] += 1
                steps[end] -= 1
        covering, last = 0, 0
        for place in sorted(steps):
            if place > last:
                key = (len(layers), covering)
                units[key] = units.get(key, 0) + place - last
            covering += steps[place]
            last = place

    # Reading the sums

    def f1(self, label: str = ALL, *, exact: bool = True) -> Fraction | None:
        """The mean over pairs of annotators who have spans of that label; None where no pair has."""
        found = [
            kept[label]
            for kept in self.pairs.values()
            if label in kept and kept[label].first + kept[label].second
        ]
        if not found:
            return None
        scores = [
            Fraction(2 * (pairs.exact if exact else pairs.overlap), pairs.first + pairs.second)
            for pairs in found
        ]
        return sum(scores, Fraction(0)) / len(scores)

    def alpha(self, label: str) -> Fraction | None:
        """Krippendorff's alpha of being inside a span of `label`, by character; None where every character is alike."""
        inside = total = 0
        apart = Fraction(0)
        for (annotators, covering), characters in self._units.get(label, {}).items():
            total += annotators * characters
            inside += covering * characters
            apart += Fraction(2 * covering * (annotators - covering) * characters, annotators - 1)
        outside = total - inside
        if not inside or not outside:
            return None
        observed, expected = apart / total, Fraction(2 * inside * outside, total * (total - 1))
        return 1 - observed / expected


def _joined(spans: Iterable[Span], label: str) -> Iterator[tuple[int, int]]:
    """The stretches that spans of a label cover, each character once."""
    last: tuple[int, int] | None = None
    for start, end in sorted(f for span in spans if span.label == label for f in span.fragments):
        if last and start <= last[1]:
            last = (last[0], max(last[1], end))
        else:
            if last:
                yield last
            last = (start, end)
    if last:
        yield last


def _matches(first: Sequence[Span], second: Sequence[Span]) -> tuple[int, int]:
    """How many spans of one label match one to one: exactly, and with at least a character in common."""
    exact = sum((Counter(s.fragments for s in first) & Counter(s.fragments for s in second)).values())
    near: list[tuple[int, int, int]] = []
    for i, j in _meeting(first, second):
        common = _common(first[i], second[j])
        if common:
            # By the characters that only one of them has, fewest first.
            near.append((_size(first[i]) + _size(second[j]) - 2 * common, i, j))
    taken: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in sorted(near):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
    return exact, len(taken[0])


def _meeting(first: Sequence[Span], second: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The numbers of spans of two annotators whose extents meet, in one walk over the text."""
    here: tuple[list[int], list[int]] = ([], [])
    of = (first, second)
    order = [(span.start, whose, number) for whose in (0, 1) for number, span in enumerate(of[whose])]
    for start, whose, number in sorted(order):
        other = 1 - whose
        here[other][:] = [there for there in here[other] if of[other][there].end > start]
        for there in here[other]:
            yield (number, there) if whose == 0 else (there, number)
        here[whose].append(number)


def _common(first: Span, second: Span) -> int:
    if first.end <= second.start or second.end <= first.start:
        return 0
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in first.fragments for b in second.fragments)


def _size(span: Span) -> int:
    return sum(end - start for start, end in span.fragments)


def rows(found: Agreement, labels: Iterable[str]) -> list[Mapping[str, object]]:
    """For each label, and for all: F1 exact, F1 with overlap, alpha; numbers as text with three digits."""
    made: list[Mapping[str, object]] = []
    for label in (*labels, ALL):
        exact = found.f1(label)
        if exact is not None:
            made.append(
                {
                    "label": label, "f1": _shown(exact), "f1_overlap": _shown(found.f1(label, exact=False)),
                    "alpha": _shown(found.alpha(label)) if label else "",
                }
            )  # fmt: skip
    return made


def _shown(value: Fraction | None) -> str:
    """Three digits, rounded half up by whole numbers, so that every machine writes the same."""
    if value is None:
        return "–"
    thousandths = (abs(value) * 2000 + 1) // 2
    return f"{'-' if value < 0 and thousandths else ''}{thousandths // 1000}.{thousandths % 1000:03}"
