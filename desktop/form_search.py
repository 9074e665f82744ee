"""Forms labelled in one place and bare in another, and forms labelled in two ways, over all articles of one annotator.

A first walk over the labels remembers the forms, a second one finds where they do not fit.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple

from desktop.consistency import mentions, missed, two_ways
from desktop.model import Fragment
from desktop.occurrences import Memory, signature
from desktop.searching import Group, Slice
from desktop.store.access import Rows
from desktop.store.store import Store

Kind = Literal["missed", "two_ways"]
# A slice reads so many labels, or looks for forms in about so many characters: a few hundredths of a second.
LABELS = 5_000
TEXT = 100_000


class _Mention(NamedTuple):
    article: int
    start: int
    end: int
    label: str
    text: str
    fragments: tuple[Fragment, ...]
    annotator: str


@dataclass
class _Found:
    """A form as it is mostly written, its labels, and the places that are meant."""

    written: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    places: list[tuple[int, int, int]] = field(default_factory=list)


class FormSearch:
    """Gives out its groups with the last slice, those with the most places first. Belongs to the thread that asks it."""

    def __init__(self, kind: Kind, layer: str) -> None:
        self._kind, self._layer = kind, layer
        self._memory = Memory()
        self._found: dict[str, _Found] = {}
        self._after, self._seen, self._total = -1, 0, 0
        self._learned = False

    def slice(self, store: Store, labels: int = LABELS, text: int = TEXT) -> Slice:
        if not self._total:
            self._total = self._count(store)
        if not self._learned:
            self._learned = self._learn(store, labels)
            done = False
            if self._learned:
                self._after = -1
        elif self._kind == "two_ways":
            done = self._compare(store, labels)
        else:
            done = self._look(store, text)
        seen = min(self._seen, self._total)
        return Slice([], 0, self._total if done else seen, self._total, done, self._groups() if done else ())

    def _count(self, store: Store) -> int:
        """Labels read once and once more, or once and then the articles that somebody has begun."""
        (spans,) = store.query("SELECT count(*) FROM span WHERE annotator = ?", (self._layer,)).fetchone()
        second = spans if self._kind == "two_ways" else sum(1 for _ in self._begun(store, -1, "1"))
        return int(spans + second)

    def _spans(self, store: Store, most: int) -> Iterator[list[_Mention]]:
        """The spans of one article after the other; ends behind the article in which there are so many."""
        rows = store.query(
            'SELECT article, start, "end", label, span.text, fragments, annotator FROM span'
            " JOIN article ON article.key = article WHERE annotator = ? AND article > ? AND deleted = 0 ORDER BY article",
            (self._layer, self._after),
        )
        read = 0
        try:
            for article, group in groupby(map(_mention, rows), key=lambda span: span.article):
                spans = list(group)
                yield spans
                self._after = article
                read += len(spans)
                self._seen += len(spans)
                if read >= most:
                    return
        finally:
            rows.close()

    def _learn(self, store: Store, most: int) -> bool:
        before = self._seen
        for spans in self._spans(store, most):
            for span in mentions(spans):
                self._memory.add(span.text, span.label)
        return self._seen - before < most

    def _compare(self, store: Store, most: int) -> bool:
        before = self._seen
        for spans in self._spans(store, most):
            for span, ways in two_ways(spans, lambda _: self._memory):
                self._add(span.text, ways.labels, (span.article, span.start, span.end))
        return self._seen - before < most

    def _look(self, store: Store, most: int) -> bool:
        rows, read = self._begun(store, self._after, "article.key, outside, text"), 0
        try:
            for key, outside, body in rows:
                for hit in missed(self._memory, body, self._of(store, key), json.loads(outside)):
                    form = body[hit.start : hit.end]
                    self._add(form, self._memory.labels(form), (key, hit.start, hit.end))
                self._after = key
                self._seen += 1
                read += len(body)
                if read >= most:
                    return False
        finally:
            rows.close()
        return True

    def _begun(self, store: Store, after: int, columns: str) -> Rows:
        """The articles that this annotator has begun or labelled: what is bare in the others was not looked at yet."""
        return store.query(
            f"SELECT {columns} FROM article JOIN article_text ON article_text.article = article.key"
            " WHERE deleted = 0 AND article.key > ? AND"
            " (EXISTS (SELECT 1 FROM status WHERE article = article.key AND annotator = ? AND state <> 'todo')"
            " OR EXISTS (SELECT 1 FROM span WHERE article = article.key AND annotator = ?)) ORDER BY article.key",
            (after, self._layer, self._layer),
        )

    def _of(self, store: Store, article: int) -> list[_Mention]:
        rows = store.query(
            'SELECT article, start, "end", label, text, fragments, annotator FROM span'
            " WHERE article = ? AND annotator = ?",
            (article, self._layer),
        )
        return [_mention(row) for row in rows]

    def _add(self, form: str, labels: Counter[str], place: tuple[int, int, int]) -> None:
        found = self._found.setdefault(signature(form), _Found())
        found.written[form] += 1
        found.labels = labels
        found.places.append(place)

    def _groups(self) -> tuple[Group, ...]:
        made = [
            Group(found.written.most_common(1)[0][0], tuple(found.labels.most_common()), tuple(found.places))
            for found in self._found.values()
        ]
        return tuple(sorted(made, key=lambda group: (-len(group.places), group.form.casefold())))


def _mention(row: tuple[int, int, int, str, str, str, str]) -> _Mention:
    article, start, end, label, text, fragments, annotator = row
    return _Mention(
        article, start, end, label, text, tuple((a, b) for a, b in json.loads(fragments)), annotator
    )
