"""Checks of the articles together: the same words labelled in different ways, lengths out of the ordinary, who read what.

A first walk over all articles fills `Corpus`, a second one finds what does not fit with the rest. Annotators are compared
with themselves only: what two of them do differently is a matter of agreement, not of slips.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from desktop.bundle import Record
from desktop.consistency import mentions, missed, two_ways
from desktop.datasets.findings import Finding, Fix, Found, Severity, in_text, short
from desktop.model import Fragment, Scheme, Span
from desktop.occurrences import LONGEST_FORM, Form, Memory, signature
from desktop.spans import trim, without_lead

# Fewer spans than this do not tell what is ordinary; so many interquartile ranges away is far out (Tukey 1977), where it is
# also so many times the median, since most labels have short spans of nearly one length.
_ENOUGH, _FAR, _TIMES = 20, 3, 4
# More words than span classifiers look at (GLiNER's max_width; spaCy's suggester grows slow).
WIDE = 12


@dataclass
class _Layer:
    """What one annotator has labelled: forms, and the variants of each form by label (`the army`, `army`)."""

    memory: Memory = field(default_factory=Memory)
    variants: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


@dataclass
class Corpus:
    """What the first walk has gathered."""

    scheme: Scheme
    layers: dict[str, _Layer] = field(default_factory=lambda: defaultdict(_Layer))
    lengths: dict[str, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("i")))
    wide: Counter[str] = field(default_factory=Counter)
    widest: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    fences: dict[str, tuple[float, float]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        # What is marked twice is one mention.
        for span in {(s.annotator, s.label, s.fragments): s for s in in_text(record)}.values():
            self.lengths[span.label].append(span.end - span.start)
            words = len(span.text.split())
            if words > WIDE:
                self.wide[span.label] += 1
                longest = (words, record.article.id, span.id)
                self.widest[span.label] = max(self.widest.get(span.label, longest), longest)
        for span in mentions(in_text(record)):
            layer = self.layers[span.annotator]
            text = record.text[span.start : span.end]
            layer.memory.add(text, span.label)
            layer.variants[span.label, core(text, record.article.language)][signature(text)] += 1

    def close(self) -> None:
        """Work out what is ordinary, once all records were added."""
        for label, lengths in self.lengths.items():
            if len(lengths) >= _ENOUGH:
                low, middle, high = _quartiles(sorted(lengths))
                reach = _FAR * (high - low)
                self.fences[label] = (min(low - reach, middle / _TIMES), max(high + reach, middle * _TIMES))


def core(form: str, language: str | None) -> str:
    """A form without what annotators may leave out or take in: a leading article or number, loose signs, ’s."""
    start, end = trim(form, 0, len(form))
    start, end = without_lead(form, start, end, language)
    inner = form[start:end]
    for ending in ("’s", "'s", "’", "'"):
        inner = inner.removesuffix(ending)
    return signature(inner)


def _quartiles(lengths: Sequence[int]) -> tuple[float, float, float]:
    """The median of the lower half, of all, and of the upper half of sorted numbers."""

    def middle(values: Sequence[int]) -> float:
        half = len(values) // 2
        return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2

    half = len(lengths) // 2
    return middle(lengths[:half]), middle(lengths), middle(lengths[-half:])


@dataclass(frozen=True)
class CorpusCheck:
    """One line of the table: like a Check, but it knows of all articles."""

    kind: str
    severity: Severity
    title: str
    find: Callable[[Record, Corpus], Found]
    remedy: str = ""


def _other_label(record: Record, corpus: Corpus) -> Found:
    memories = {annotator: layer.memory for annotator, layer in corpus.layers.items()}
    for span, ways in two_ways(in_text(record), lambda span: memories[span.annotator]):
        others = ", ".join(f"{name} ({n})" for name, n in sorted(ways.labels.items()) if name != span.label)
        yield Finding(
            span.id,
            f"{short(span.text)} is {span.label} here, elsewhere {others}; see whether all are meant",
            Fix("relabel", ways.usual) if ways.usual != span.label else None,
        )


def _missed(record: Record, corpus: Corpus) -> Found:
    begun = {name for name, state in (record.status or {}).items() if state != "todo"}
    spans = in_text(record)
    for annotator in sorted(begun | {span.annotator for span in spans}):
        layer = corpus.layers.get(annotator)
        if not layer:
            continue
        mine = [span for span in spans if span.annotator == annotator]
        for hit in missed(layer.memory, record.text, mine, record.article.outside):
            text = record.text[hit.start : hit.end]
            yield Finding("", f"{short(text)} is {hit.label} {hit.count} times elsewhere and bare here; label it if it is "
                          "meant", Fix("add", hit.label, fragments=((hit.start, hit.end),)), (hit.start, hit.end), annotator)  # fmt: skip


def _variant(record: Record, corpus: Corpus) -> Found:
    for span in mentions(in_text(record)):
        text, layer = record.text[span.start : span.end], corpus.layers[span.annotator]
        variants = layer.variants[span.label, core(text, record.article.language)]
        mine = signature(text)
        others = {form: count for form, count in variants.items() if form != mine}
        usual, most = min(others.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
        if 0 < most == variants[mine]:
            yield Finding(
                span.id,
                f"{short(text)} is as often marked as {short(usual)} ({most} each); choose one of the two ways",
            )
        elif variants[mine] < most:
            place = _near(record.text, span, usual)
            fix = Fix("move", fragments=(place,)) if place else None
            yield Finding(
                span.id,
                f"{short(text)} is otherwise marked as {short(usual)} ({most} times); move its edges if so meant",
                fix,
            )


def _near(text: str, span: Span, form: str) -> Fragment | None:
    """Where the other form of a mention stands: inside it, or around it."""
    low, high = max(0, span.start - LONGEST_FORM), min(len(text), span.end + LONGEST_FORM)
    for start, end in Form(form).find(text[low:high]):
        if (low + start <= span.start and span.end <= low + end) or (
            span.start <= low + start and low + end <= span.end
        ):
            return low + start, low + end
    return None


def _far_out(record: Record, corpus: Corpus) -> Found:
    for span in in_text(record):
        low, high = corpus.fences.get(span.label, (0.0, math.inf))
        length = span.end - span.start
        if not low <= length <= high:
            what = "long" if length > high else "short"
            yield Finding(
                span.id,
                f"{short(span.text)} is uncommonly {what} for {span.label} ({length} characters); see whether it is one",
                Fix("remove"),
            )


def _wide(record: Record, corpus: Corpus) -> Found:
    for label, (words, article, span) in corpus.widest.items():
        if article == record.article.id:
            count = corpus.wide[label]
            yield Finding(
                span,
                f"{count} of {len(corpus.lengths[label])} spans of {label} have more than {WIDE} words (most: {words}), which span "
                "classifiers do not learn; train a tagger on them",
            )


def _unread(record: Record, corpus: Corpus) -> Found:
    states = set((record.status or {}).values())
    if record.text.strip() and not record.spans and states <= {"todo"}:
        yield Finding("", "nobody has begun this article; leave it out of an export with the status done")


def _no_text(record: Record, corpus: Corpus) -> Found:
    if not record.text.strip():
        yield Finding(
            "", "there is no text in this article; delete it, or import the text as an article of its own"
        )


def _empty(record: Record, corpus: Corpus) -> Found:
    with_spans = {span.annotator for span in record.spans}
    for annotator, state in sorted((record.status or {}).items()):
        if state == "done" and annotator not in with_spans and record.text.strip():
            yield Finding(
                "",
                f"done by {annotator} without a label; see whether there is nothing in it",
                Fix("reopen"),
                annotator=annotator,
            )


CORPUS_CHECKS: tuple[CorpusCheck, ...] = (
    CorpusCheck("article.no_text", "warning", "Without text", _no_text),
    CorpusCheck("article.unread", "note", "Nobody has begun", _unread),
    CorpusCheck("article.empty", "note", "Done without a label", _empty, "Mark it to do"),
    CorpusCheck("form.other_label", "note", "Same words, other label", _other_label, "Take the usual label"),
    CorpusCheck("form.missed", "note", "Labelled elsewhere, bare here", _missed, "Label it"),
    CorpusCheck("form.variant", "note", "Marked with other edges", _variant, "Take the usual edges"),
    CorpusCheck("span.far_out", "note", "Uncommonly long or short", _far_out, "Remove"),
    CorpusCheck("span.wide", "note", "Too wide for span classifiers", _wide),
)
