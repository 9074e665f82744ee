"""Checks of one article by itself: its text, its spans, its relations."""

from __future__ import annotations

from functools import lru_cache

from desktop import text as texts
from desktop.bundle import Record
from desktop.datasets.findings import Check, Finding, Fix, Found, in_text, overlapping, short
from desktop.formats.tokens import tokenize
from desktop.model import Attribute, Fragment, Scheme, Span
from desktop.spans import check_fragments, crosses, encloses, trim

# What stands longer without a blank is no word; spaces may be missing for a megabyte.
_LONGEST_WORD = 200


def _text_hash(record: Record, scheme: Scheme) -> Found:
    if texts.sha256(record.text) != record.article.text_sha256:
        yield Finding("", "the text is not the one that was imported; restore it from a backup")


def _text_length(record: Record, scheme: Scheme) -> Found:
    if len(record.text) != record.article.length:
        yield Finding("", (f"the text has {len(record.text)} characters where {record.article.length} are recorded; "
                   "restore it from a backup"))  # fmt: skip


def _outside(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        if span.start < 0 or max([span.end, *(end for _, end in span.fragments)]) > len(record.text):
            yield Finding(span.id, (f"{span.start}–{span.end} is outside the text, which has {len(record.text)} characters; "
                            "remove the span and mark it again"))  # fmt: skip


def _length(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        if span.start >= span.end:
            yield Finding(span.id, f"{span.start}–{span.end} has no length; remove the span")


def _fragments(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        ends = (span.fragments[0][0], span.fragments[-1][1]) if span.fragments else None
        problem = check_fragments(span.fragments, max(len(record.text), span.end))
        if span.start < span.end and (problem or ends != (span.start, span.end)):
            reason = problem or "its fragments do not begin and end with it"
            yield Finding(span.id, f"the span {reason}; remove it and mark it again")


def _quote(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        found = record.text[max(0, span.start) : max(0, span.end)]
        if found != span.text:
            yield Finding(span.id, (f"should read {short(span.text)}, but the text there reads {short(found)}; "
                            "remove the span and mark it again"))  # fmt: skip


def _unknown_label(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        if not scheme.label(span.label):
            yield Finding(
                span.id,
                f"the label {span.label!r} is not in the scheme; add it there or relabel the span",
                Fix("declare", span.label),
            )


def _unknown_attribute(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        label = scheme.label(span.label)
        known = {attribute.name: attribute for attribute in label.attributes} if label else {}
        for name, value in sorted(span.attributes.items()):
            if label and name not in known:
                yield Finding(
                    span.id,
                    f"{span.label} has no attribute {name!r}; add it to the scheme or remove it here",
                    Fix("unset", name=name),
                )
            elif label and not _allowed(value, known[name]):
                yield Finding(
                    span.id,
                    f"{name} has no value {short(str(value))}; add it to the scheme or choose another",
                    Fix("unset", name=name),
                )


def _allowed(value: object, attribute: Attribute) -> bool:
    return attribute.type != "choice" or value in [choice.name for choice in attribute.values]


def _edge_blank(record: Record, scheme: Scheme) -> Found:
    for span in in_text(record):
        edges = {record.text[place] for start, end in span.fragments for place in (start, end - 1)}
        if any(edge.isspace() for edge in edges):
            yield Finding(
                span.id,
                f"{short(span.text)} begins or ends with a blank; move its edge",
                _trimmed(record, span),
            )


def _edge_punctuation(record: Record, scheme: Scheme) -> Found:
    for span in in_text(record):
        inner = record.text[span.start : span.end].strip()
        if trim(inner, 0, len(inner)) != (0, len(inner)):
            yield Finding(
                span.id,
                f"{short(span.text)} begins or ends with punctuation; move its edge if it is not part of it",
                _trimmed(record, span),
            )


def _trimmed(record: Record, span: Span) -> Fix | None:
    """The span without what is loose at its outer edges, its fragments without blanks at theirs."""
    text = record.text
    low, high = trim(text, span.start, span.end)
    kept = [(max(low, start), min(high, end)) for start, end in span.fragments]
    kept = [
        (start + len(text[start:end]) - len(text[start:end].lstrip()), end)
        for start, end in kept
        if start < end
    ]
    kept = [(start, start + len(text[start:end].rstrip())) for start, end in kept]
    fragments = tuple((start, end) for start, end in kept if start < end)
    return Fix("move", fragments=fragments) if fragments else Fix("remove")


def _duplicate(record: Record, scheme: Scheme) -> Found:
    told: set[str] = set()
    for first, second in overlapping(record):
        if first.fragments == second.fragments and first.label == second.label and second.id not in told:
            told.add(second.id)
            yield Finding(
                second.id, f"{short(second.text)} is marked {second.label} twice; remove one", Fix("remove")
            )


def _two_labels(record: Record, scheme: Scheme) -> Found:
    for first, second in overlapping(record):
        if first.fragments == second.fragments and first.label != second.label:
            yield Finding(second.id, (f"{short(second.text)} is both {first.label} and {second.label}; "
                              "keep both only if both are meant"), Fix("remove"))  # fmt: skip


def _crossing(record: Record, scheme: Scheme) -> Found:
    for first, second in overlapping(record):
        if crosses(first, second):
            yield Finding(second.id, (f"{second.label} {short(second.text)} and {first.label} {short(first.text)} overlap, "
                              "neither inside the other; move an edge"), _apart(record, first, second))  # fmt: skip


def _apart(record: Record, first: Span, second: Span) -> Fix | None:
    """The second span without what it shares with the first, which begins before it."""
    if len(first.fragments) > 1 or len(second.fragments) > 1:
        return None
    low, high = trim(record.text, first.end, second.end)
    return Fix("move", fragments=((low, high),)) if low < high else None


def _nesting(record: Record, scheme: Scheme) -> Found:
    if scheme.nesting:
        for outer, inner in overlapping(record):
            pair = (outer.label, inner.label)
            if encloses(outer, inner) and pair not in scheme.nesting.allowed:
                yield Finding(inner.id, (f"{inner.label} {short(inner.text)} lies inside {outer.label} {short(outer.text)}, which the "
                                 "scheme does not expect; change a label or an edge"))  # fmt: skip


def _line_break(record: Record, scheme: Scheme) -> Found:
    for span in in_text(record):
        if any("\n" in record.text[start:end] for start, end in span.fragments):
            yield Finding(
                span.id, f"{short(span.text)} reaches over a line break; see whether it is one span"
            )


def _in_furniture(record: Record, scheme: Scheme) -> Found:
    for span in in_text(record):
        if any(start <= span.start and span.end <= end for start, end in record.article.outside):
            yield Finding(
                span.id,
                f"{short(span.text)} lies in page furniture; remove it, or unmark the furniture",
                Fix("remove"),
            )


def _dangling(record: Record, scheme: Scheme) -> Found:
    ids = {span.id for span in record.spans}
    for relation in record.relations:
        for end in (relation.head, relation.tail):
            if end not in ids:
                yield Finding(
                    relation.id,
                    f"{relation.type} points to span {end!r}, which is not there; remove the relation",
                    Fix("remove"),
                )


def _relation_layers(record: Record, scheme: Scheme) -> Found:
    owner = {span.id: span.annotator for span in record.spans}
    for relation in record.relations:
        owners = {owner.get(relation.head, relation.annotator), owner.get(relation.tail, relation.annotator)}
        if owners != {relation.annotator}:
            yield Finding(relation.id, (f"{relation.type} by {relation.annotator!r} ties spans of {', '.join(sorted(owners))}; "
                                "remove it and draw it within one layer"), Fix("remove"))  # fmt: skip


def _unknown_type(record: Record, scheme: Scheme) -> Found:
    for relation in record.relations:
        if not scheme.relation(relation.type):
            yield Finding(
                relation.id,
                f"the relation type {relation.type!r} is not in the scheme; add it there or remove it",
                Fix("remove"),
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
            turns = pair[::-1] in kind.endpoints
            do, fix = ("turn it round", Fix("turn")) if turns else ("remove it", Fix("remove", says="Remove"))
            yield Finding(relation.id, f"{relation.type} goes from {pair[0]} to {pair[1]}, but is meant for {meant}; "
                          f"{do} or change its type", fix)  # fmt: skip


def _missing_attribute(record: Record, scheme: Scheme) -> Found:
    for span in record.spans:
        label = scheme.label(span.label)
        for attribute in label.attributes if label else ():
            if attribute.on_by_default and attribute.name not in span.attributes:
                fix = Fix("set", attribute.default, attribute.name) if attribute.default else None
                do = "choose" if attribute.type == "choice" else "write"
                yield Finding(
                    span.id, f"{span.label} {short(span.text)} has no {attribute.name}; {do} one", fix
                )


def _cut_token(record: Record, scheme: Scheme) -> Found:
    for span in in_text(record):
        bounds = _token_bounds(record, span)
        if bounds != (span.start, span.end):
            widened = ((bounds[0], span.fragments[0][1]), *span.fragments[1:])
            widened = (*widened[:-1], (widened[-1][0], bounds[1]))
            yield Finding(span.id, f"{short(span.text)} cuts the token {short(record.text[bounds[0]:bounds[1]])}, so that formats of "
                          "tokens widen it; move its edge", Fix("move", fragments=widened))  # fmt: skip


def _token_bounds(record: Record, span: Span) -> Fragment:
    """The span's extent widened to tokens. Tokenizers part at blanks first, so only what stands between blanks is looked at."""
    text, low, high = record.text, span.start, span.end
    if low > 0 and not (text[low - 1].isspace() or text[low].isspace()):
        low = _token_at(text, low, record.article.language)[0]
    if high < len(text) and not (text[high].isspace() or text[high - 1].isspace()):
        high = _token_at(text, high, record.article.language)[1]
    return low, high


def _token_at(text: str, place: int, language: str | None) -> Fragment:
    """The bounds of the token that reaches over `place`; twice the place where an edge is between two tokens."""
    start, end = place, place
    while start > 0 and not text[start - 1].isspace() and place - start < _LONGEST_WORD:
        start -= 1
    while end < len(text) and not text[end].isspace() and end - place < _LONGEST_WORD:
        end += 1
    for low, high in _tokens(text[start:end], language):
        if start + low < place < start + high:
            return start + low, start + high
    return place, place


@lru_cache(maxsize=4096)
def _tokens(piece: str, language: str | None) -> tuple[Fragment, ...]:
    return tuple(tokenize(piece, language))


CHECKS: tuple[Check, ...] = (
    Check("text.hash", "error", "Text changed", _text_hash),
    Check("text.length", "error", "Text shortened or lengthened", _text_length),
    Check("span.outside", "error", "Outside the text", _outside),
    Check("span.length", "error", "Without length", _length),
    Check("span.fragments", "error", "Broken fragments", _fragments),
    Check("span.quote", "error", "Lost its place", _quote),
    Check("span.unknown_label", "error", "Label not in the scheme", _unknown_label, "Add it to the scheme"),
    Check(
        "span.unknown_attribute",
        "warning",
        "Attribute not in the scheme",
        _unknown_attribute,
        "Remove it here",
    ),
    Check(
        "span.missing_attribute", "warning", "Attribute missing", _missing_attribute, "Set to the usual value"
    ),
    Check("span.edge_blank", "warning", "Blank at the edge", _edge_blank, "Trim"),
    Check("span.edge_punctuation", "note", "Punctuation at the edge", _edge_punctuation, "Trim"),
    Check("span.cut_token", "note", "Cuts a token", _cut_token, "Widen to the token"),
    Check("span.duplicate", "warning", "Marked twice", _duplicate, "Remove the second"),
    Check("span.two_labels", "note", "Two labels on one stretch", _two_labels, "Remove this one"),
    Check("span.crossing", "warning", "Crosses another", _crossing, "Begin where the other ends"),
    Check("span.nesting", "warning", "Unexpected nesting", _nesting),
    Check("span.line_break", "note", "Reaches over a line break", _line_break),
    Check("span.in_furniture", "warning", "In page furniture", _in_furniture, "Remove"),
    Check("relation.dangling", "error", "Relation to nothing", _dangling, "Remove"),
    Check("relation.layers", "error", "Relation across annotators", _relation_layers, "Remove"),
    Check("relation.endpoints", "error", "Relation type not in the scheme", _unknown_type, "Remove"),
    Check("relation.endpoints", "warning", "Relation between wrong labels", _endpoints, "Turn round"),
)
