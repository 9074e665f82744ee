"""What a dataset holds, in numbers: counted article by article, told apart by split and label.

A word is a stretch between blanks, so that counting needs no tokenizer; lengths of spans are in such words. Nesting
and crossing are looked for among the spans of one annotator, as everywhere.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from desktop.bundle import Record
from desktop.datasets.distinct import Distinct
from desktop.formats.base import SPLITS
from desktop.model import Scheme, Span

# Longer forms are clauses, which hardly ever come twice: they are counted, not kept.
LONGEST_FORM = 80
COLUMNS = ("split", "label", "measure", "value", "count")
Forms = dict[tuple[str, str], Distinct]


def text_attributes(scheme: Scheme) -> frozenset[tuple[str, str]]:
    """Label and name of each attribute of free text."""
    return frozenset(
        (label.name, a.name) for label in scheme.labels for a in label.attributes if a.type == "text"
    )


@dataclass
class Statistics:
    """`counts` by (split, label, measure, value); `forms` by (split, label), `names` by (split, label.attribute).

    Names are the values of attributes of free text, such as the id of a person: `texts` are those of the scheme.
    """

    texts: frozenset[tuple[str, str]] = frozenset()
    counts: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    forms: Forms = field(default_factory=lambda: defaultdict(Distinct))
    names: Forms = field(default_factory=lambda: defaultdict(Distinct))
    sources: dict[str, Distinct] = field(default_factory=lambda: defaultdict(Distinct))

    def add(self, record: Record, split: str, source: str | None = None, *, new: bool = True) -> None:
        """Count one article, or example of one, with its spans; `new` unless another example of the article came before."""
        self.counts[split, "", "articles", ""] += new
        self.counts[split, "", "examples", ""] += 1
        self.counts[split, "", "characters", ""] += len(record.text)
        self.counts[split, "", "words", ""] += len(record.text.split())
        if source:
            self.sources[split].add(source)
        self._add_spans(record.spans, split)
        spans = sorted(record.spans, key=lambda span: (span.annotator, span.start, -span.end))
        for _, layer in groupby(spans, key=lambda span: span.annotator):
            self._add_layer(list(layer), split)
        for relation in record.relations:
            self.counts[split, relation.type, "relations", ""] += 1

    def _add_spans(self, spans: Iterable[Span], split: str) -> None:
        counts = self.counts
        lengths: Counter[tuple[str, int]] = (
            Counter()
        )  # put together first: there are many spans and few lengths
        for span in spans:
            label, words = span.label, span.text.split()
            lengths[label, len(words)] += 1
            if len(span.fragments) > 1:
                counts[split, label, "fragmented", ""] += 1
            if len(span.text) <= LONGEST_FORM:
                # Blanks and case make no difference to a form.
                self.forms[split, label].add(" ".join(words).casefold())
            for name, value in span.attributes.items():
                if (label, name) in self.texts:
                    self.names[split, f"{label}.{name}"].add(str(value))
                elif isinstance(value, str):
                    counts[split, label, f"attribute {name}", value] += 1
        for (label, number), count in lengths.items():
            counts[split, label, "spans", ""] += count
            counts[split, label, "words", str(number)] += count

    def _add_layer(self, spans: Sequence[Span], split: str) -> None:
        """Depth, nesting and crossing in one walk; `spans` in reading order, enclosing ones first."""
        counts = self.counts
        around: list[Span] = []
        for span in spans:
            if around:
                around = [other for other in around if other.end > span.start]
            depth = 0
            for other in around:
                pair = f"{other.label} > {span.label}"
                if other.end < span.end:
                    counts[split, pair, "crossing", ""] += 1
                elif other.start == span.start and other.end == span.end:
                    counts[split, pair, "same extent", ""] += 1
                else:
                    depth += 1
                    counts[split, pair, "nested", ""] += 1
            counts[split, span.label, "depth", str(depth)] += 1
            around.append(span)

    # Reading the counts

    def splits(self) -> list[str]:
        return [name for name in SPLITS if self.total("articles", split=name)]

    def total(self, measure: str, label: str = "", split: str | None = None) -> int:
        """The count of a measure in one split or in all, over all its values."""
        return sum(
            count
            for (name, what, kind, _), count in self.counts.items()
            if kind == measure and what == label and split in (None, name)
        )

    def values_of(self, measure: str, label: str, split: str | None = None) -> Counter[int]:
        """How often each number was counted: the words of spans, their depths."""
        found: Counter[int] = Counter()
        for (name, what, kind, value), count in self.counts.items():
            if kind == measure and what == label and split in (None, name):
                found[int(value)] += count
        return found

    def texts_of(self, measure: str, label: str) -> Counter[str]:
        """How often each value of an attribute was counted, over all splits."""
        found: Counter[str] = Counter()
        for (_, what, kind, value), count in self.counts.items():
            if kind == measure and what == label:
                found[value] += count
        return found

    def pairs(self, measure: str) -> Counter[tuple[str, str]]:
        """Counts of pairs of labels, the enclosing or earlier one first."""
        found: Counter[tuple[str, str]] = Counter()
        for (_, what, kind, _), count in self.counts.items():
            if kind == measure:
                outer, _, inner = what.partition(" > ")
                found[outer, inner] += count
        return found


def median(counts: Counter[int]) -> int:
    """The lower median of numbers given with their counts; 0 of none."""
    half, seen = (counts.total() + 1) // 2, 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= half:
            return value
    return 0


@dataclass(frozen=True)
class Shared:
    """How much of what is in `split` is in `train` too: `of` different ones, `known` of them."""

    what: str
    split: str
    of: int
    known: int


def overlap(found: Statistics, texts: Mapping[str, Distinct] | None = None) -> list[Shared]:
    """What the splits beside train share with it: whole texts, forms by label, names by attribute, sources.

    `texts` are those of each split, by anything that tells them apart. Equal and nearly equal ones are kept in one split,
    unless a person has decided otherwise.
    """
    held = texts or {}
    rows = [
        _shared("texts", split, held[split], held.get("train"))
        for split in found.splits()
        if split != "train" and held.get(split)
    ]
    for split in found.splits():
        if split == "train":
            continue
        for kind, table in (("forms of", found.forms), ("names in", found.names)):
            for name in sorted({name for where, name in table if where == split}):
                rows.append(_shared(f"{kind} {name}", split, table[split, name], table.get(("train", name))))
        if found.sources.get(split):
            rows.append(_shared("sources", split, found.sources[split], found.sources.get("train")))
    return rows


def _shared(what: str, split: str, mine: Distinct, theirs: Distinct | None) -> Shared:
    return Shared(what, split, len(mine), mine.common(theirs) if theirs else 0)


def table(found: Statistics) -> str:
    """All counts as CSV (RFC 4180, UTF-8, lines ended by LF), one number a line, in a fixed order."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(found))
    return stream.getvalue()


def _rows(found: Statistics) -> Iterator[tuple[str, str, str, str, int]]:
    forms = {(split, label, "forms", ""): len(held) for (split, label), held in found.forms.items()}
    names = {(split, place, "names", ""): len(held) for (split, place), held in found.names.items()}
    everything = {**found.counts, **forms, **names}
    for key in sorted(everything, key=_in_order):
        yield (*key, everything[key])
    for row in overlap(found):
        yield row.split, "", row.what, "different", row.of
        yield row.split, "", row.what, "in train too", row.known


def _in_order(key: Iterable[str]) -> tuple[object, ...]:
    split, label, measure, value = key
    number = (0, int(value), "") if value.isascii() and value.isdigit() and len(value) < 10 else (1, 0, value)
    return SPLITS.index(split), label, measure, number
