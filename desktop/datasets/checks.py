"""What is wrong, doubtful or worth a look in the articles of a project: a table of small functions over one record.

Severity `error` breaks a dataset, `warning` breaks a rule of the scheme or looks like a slip, `note` is often meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from desktop import text as texts
from desktop.bundle import Bundle, Record
from desktop.model import Attribute, Fragment, Scheme, Span
from desktop.spans import check_fragments, crosses, encloses, reading_order, trim

Severity = Literal["error", "warning", "note"]
Found = Iterator[tuple[str, str]]
"""Id of the span or relation ("" for the article) and a message that says what to do."""


@dataclass(frozen=True)
class Problem:
    """One finding; `span` is the id of a span, or of a relation for the kinds `relation.*`."""

    kind: str
    severity: Severity
    article: str
    span: str
    message: str


@dataclass(frozen=True)
class Check:
    """One line of the table: the kind and severity of what `find` yields for a record."""

    kind: str
    severity: Severity
    find: Callable[[Record, Scheme], Found]


def check(bundle: Bundle, scheme: Scheme) -> Iterator[Problem]:
    """Every problem, article by article in the order of CHECKS."""
    first_with: dict[str, tuple[str, str]] = {}
    for record in bundle:
        article = record.article
        for line in CHECKS:
            for span, message in line.find(record, scheme):
                yield Problem(line.kind, line.severity, article.id, span, message)
        group = article.group or article.id
        other, other_group = first_with.setdefault(article.text_sha256, (article.id, group))
        if other_group != group:
            yield Problem("split.same_text", "warning", article.id, "", f"has the same text as article {other!r} but another "
                          "group, so a split may part them; give both one group")  # fmt: skip


def _short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 40 else line[:39] + "…")


def _in_text(record: Record) -> list[Span]:
    """The spans whose place can be looked at; the others are errors of their own."""
    length = len(record.text)
    return [span for span in record.spans if not check_fragments(span.fragments, length)]


def _layers(record: Record) -> Iterator[list[Span]]:
    """The spans of one annotator after the other, in reading order."""
    spans = sorted(_in_text(record), key=lambda span: (span.annotator, *reading_order(span)))
    for _, group in groupby(spans, key=lambda span: span.annotator):
        yield list(group)


def _overlapping(record: Record) -> Iterator[tuple[Span, Span]]:
    """Pairs of one layer that share a character, the one that starts first (or reaches further) first."""
    for spans in _layers(record):
        open_ones: list[Span] = []
        for span in spans:
            open_ones = [other for other in open_ones if other.end > span.start]
            yield from ((other, span) for other in open_ones if _share(other.fragments, span.fragments))
            open_ones.append(span)


def _share(first: Iterable[Fragment], second: Iterable[Fragment]) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in first for b in second)


def _text_hash(record: Record, scheme: Scheme) -> Found:
    if texts.sha256(record.text) != record.article.text_sha256:
        yield "", "the text is not the one that was imported; restore it from a backup"


def _text_length(record: Record, scheme: Scheme) -> Found:
    if len(record.text) != record.article.length:
        yield "", (f"the text has {len(record.text)} characters where {record.article.length} are recorded; "
                   "restore it from a backup")  # fmt: skip


def _outside(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        if span.start < 0 or max([span.end, *(end for _, end in span.fragments)]) > len(record.text):
            yield span.id, (f"{span.start}–{span.end} is outside the text, which has {len(record.text)} characters; "
                            "remove the span and mark it again")  # fmt: skip


def _length(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        if span.start >= span.end:
            yield span.id, f"{span.start}–{span.end} has no length; remove the span"


def _fragments(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        ends = (span.fragments[0][0], span.fragments[-1][1]) if span.fragments else None
        problem = check_fragments(span.fragments, max(len(record.text), span.end))
        if span.start < span.end and (problem or ends != (span.start, span.end)):
            reason = problem or "its fragments do not begin and end with it"
            yield span.id, f"the span {reason}; remove it and mark it again"


def _quote(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        found = record.text[max(0, span.start) : max(0, span.end)]
        if found != span.text:
            yield span.id, (f"should read {_short(span.text)}, but the text there reads {_short(found)}; "
                            "remove the span and mark it again")  # fmt: skip


def _unknown_label(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        if not scheme.label(span.label):
            yield span.id, f"the label {span.label!r} is not in the scheme; add it there or relabel the span"


def _unknown_attribute(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        label = scheme.label(span.label)
        known = {attribute.name: attribute for attribute in label.attributes} if label else {}
        for name, value in sorted(span.attributes.items()):
            if label and name not in known:
                yield (
                    span.id,
                    f"{span.label} has no attribute {name!r}; add it to the scheme or remove it here",
                )
            elif label and not _allowed(value, known[name]):
                yield (
                    span.id,
                    f"{name} has no value {_short(str(value))}; add it to the scheme or choose another",
                )


def _allowed(value: object, attribute: Attribute) -> bool:
    return attribute.type != "choice" or value in [choice.name for choice in attribute.values]


def _edge_blank(record: Record, scheme: Scheme) -> Found:
    for span in _in_text(record):
        edges = {record.text[place] for start, end in span.fragments for place in (start, end - 1)}
        if any(edge.isspace() for edge in edges):
            yield span.id, f"{_short(span.text)} begins or ends with a blank; move its edge"


def _edge_punctuation(record: Record, scheme: Scheme) -> Found:
    for span in _in_text(record):
        inner = record.text[span.start : span.end].strip()
        if trim(inner, 0, len(inner)) != (0, len(inner)):
            yield (
                span.id,
                f"{_short(span.text)} begins or ends with punctuation; move its edge if it is not part of it",
            )


def _duplicate(record: Record, scheme: Scheme) -> Found:
    for first, second in _overlapping(record):
        if first.fragments == second.fragments and first.label == second.label:
            yield second.id, f"{_short(second.text)} is marked {second.label} twice; remove one"


def _two_labels(record: Record, scheme: Scheme) -> Found:
    for first, second in _overlapping(record):
        if first.fragments == second.fragments and first.label != second.label:
            yield second.id, (f"{_short(second.text)} is both {first.label} and {second.label}; "
                              "keep both only if both are meant")  # fmt: skip


def _crossing(record: Record, scheme: Scheme) -> Found:
    for first, second in _overlapping(record):
        if crosses(first, second):
            yield second.id, (f"{second.label} {_short(second.text)} and {first.label} {_short(first.text)} overlap, "
                              "neither inside the other; move an edge")  # fmt: skip


def _nesting(record: Record, scheme: Scheme) -> Found:
    if scheme.nesting:
        for outer, inner in _overlapping(record):
            pair = (outer.label, inner.label)
            if encloses(outer, inner) and pair not in scheme.nesting.allowed:
                yield inner.id, (f"{inner.label} {_short(inner.text)} lies inside {outer.label} {_short(outer.text)}, which the "
                                 "scheme does not expect; change a label or an edge")  # fmt: skip


def _line_break(record: Record, scheme: Scheme) -> Found:
    for span in _in_text(record):
        if any("\n" in record.text[start:end] for start, end in span.fragments):
            yield span.id, f"{_short(span.text)} reaches over a line break; see whether it is one span"


def _in_furniture(record: Record, scheme: Scheme) -> Found:
    for span in _in_text(record):
        if any(start <= span.start and span.end <= end for start, end in record.article.outside):
            yield span.id, f"{_short(span.text)} lies in page furniture; remove it, or unmark the furniture"


def _dangling(record: Record, scheme: Scheme) -> Found:
    ids = {span.id for span in record.spans}
    for relation in record.relations:
        for end in (relation.head, relation.tail):
            if end not in ids:
                yield (
                    relation.id,
                    f"{relation.type} points to span {end!r}, which is not there; remove the relation",
                )


def _relation_layers(record: Record, scheme: Scheme) -> Found:
    owner = {span.id: span.annotator for span in record.spans}
    for relation in record.relations:
        owners = {owner.get(relation.head, relation.annotator), owner.get(relation.tail, relation.annotator)}
        if owners != {relation.annotator}:
            yield relation.id, (f"{relation.type} by {relation.annotator!r} ties spans of {', '.join(sorted(owners))}; "
                                "remove it and draw it within one layer")  # fmt: skip


def _unknown_type(record: Record, scheme: Scheme) -> Found:
    for relation in record.relations:
        if not scheme.relation(relation.type):
            yield (
                relation.id,
                f"the relation type {relation.type!r} is not in the scheme; add it there or remove it",
            )


def _endpoints(record: Record, scheme: Scheme) -> Found:
    label = {span.id: span.label for span in record.spans}
    for relation in record.relations:
        kind = scheme.relation(relation.type)
        pair = (label.get(relation.head, ""), label.get(relation.tail, ""))
        if not kind or not kind.endpoints or not all(pair):
            continue
        if pair not in kind.endpoints and not (kind.symmetric and pair[::-1] in kind.endpoints):
            meant = " or ".join(f"{head} to {tail}" for head, tail in kind.endpoints)
            yield relation.id, (f"{relation.type} goes from {pair[0]} to {pair[1]}, but is meant for {meant}; "
                                "turn it round or change its type")  # fmt: skip


CHECKS: tuple[Check, ...] = (
    Check("text.hash", "error", _text_hash),
    Check("text.length", "error", _text_length),
    Check("span.outside", "error", _outside),
    Check("span.length", "error", _length),
    Check("span.fragments", "error", _fragments),
    Check("span.quote", "error", _quote),
    Check("span.unknown_label", "error", _unknown_label),
    Check("span.unknown_attribute", "warning", _unknown_attribute),
    Check("span.edge_blank", "warning", _edge_blank),
    Check("span.edge_punctuation", "note", _edge_punctuation),
    Check("span.duplicate", "warning", _duplicate),
    Check("span.two_labels", "note", _two_labels),
    Check("span.crossing", "warning", _crossing),
    Check("span.nesting", "warning", _nesting),
    Check("span.line_break", "note", _line_break),
    Check("span.in_furniture", "warning", _in_furniture),
    Check("relation.dangling", "error", _dangling),
    Check("relation.layers", "error", _relation_layers),
    Check("relation.endpoints", "error", _unknown_type),
    Check("relation.endpoints", "warning", _endpoints),
)
