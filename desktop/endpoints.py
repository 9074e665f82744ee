"""Where a relation may begin and end, and in which order its other ends are offered. Pure; offsets are code points."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from desktop.layer import END, ID, KEY, LABEL, START, TEXT, Entry, Layer
from desktop.model import Relation, RelationType, Span
from desktop.occurrences import signature


def beginning_at(types: Iterable[RelationType], label: str) -> list[RelationType]:
    """The types of relation that a span of this label may begin."""
    return [kind for kind in types if not kind.endpoints or any(head == label for head, _ in kind.endpoints)]


def offered(kind: RelationType, head: Span, spans: Layer, relations: Iterable[Relation] = ()) -> list[int]:
    """The keys of the spans that a relation from `head` may point to and does not yet, the nearest first.

    A symmetric type ties mentions to earlier ones: of these the same form goes first, then what has a word in common.
    On the reference labels that puts the other end among the first two in half of such relations, by nearness alone
    among the first eight.
    """
    there = _related(kind, head, relations)
    allowed = {tail for label, tail in kind.endpoints if label == head.label}
    form = signature(head.text)
    words = frozenset(form.split())

    def order(row: Entry) -> tuple[int, ...]:
        near = max(head.start - row[END], row[START] - head.end, 0), abs(row[START] - head.start)
        return (_likeness(form, words, row[TEXT]), row[START] > head.start, *near) if kind.symmetric else near

    rows = spans.only(
        lambda row: (
            (not kind.endpoints or row[LABEL] in allowed) and row[KEY] != head.key and row[ID] not in there
        )
    )
    return [row[KEY] for row in sorted(rows.rows(), key=order)]


def _related(kind: RelationType, head: Span, relations: Iterable[Relation]) -> set[str]:
    """The ids of the spans that a relation of the type ties to the head already."""
    there = set()
    for relation in relations:
        if relation.type == kind.name and relation.head == head.id:
            there.add(relation.tail)
        elif relation.type == kind.name and kind.symmetric and relation.tail == head.id:
            there.add(relation.head)
    return there


def _likeness(form: str, words: Collection[str], other: str) -> int:
    """0 for the same form, 1 where a word is common to both, 2 where none is."""
    found = signature(other)
    return 0 if found == form else 2 if frozenset(found.split()).isdisjoint(words) else 1


def begins(form: str, typed: str) -> bool:
    """Whether a form, or a word of it, begins with what was typed."""
    blank = " " if typed[-1:].isspace() else ""
    return f" {signature(typed)}{blank}" in f" {signature(form)} "
