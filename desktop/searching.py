"""Looking through all articles of a project, slice by slice: places of a text, spans of a label, inconsistent forms.

Each search is asked for one slice after the other until it is `done`, so that labels are stored in between and it can be
left at any time. A search belongs to the thread that asks it; what it gives out are values.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal, NamedTuple

from desktop.model import Fragment
from desktop.occurrences import Hit, bare
from desktop.query import Matcher, PatternError, Query, matcher
from desktop.store.access import Rows
from desktop.store.store import Store
from desktop.text import Bounds, graphemes

# How much of the text stands on either side of a hit, at most; it ends between two words that are so near.
CONTEXT = 100
_WORD = 24
# A slice reads about this many characters (some hundredths of a second), or so many labels; the first one less.
SLICE, FIRST = 6_000_000, 400_000
LABELS = 20_000
# A slice ends at so many hits, and so many are kept of a search: nobody looks through more.
_MOST_HITS = 2_000
KEPT = 20_000

Order = Literal["article", "before", "after", "form", "label"]


class Place(NamedTuple):
    """A hit in an article: what is around it, and the labels that it has already.

    `labels` are those of spans of exactly this extent, `within` those of spans that reach around it or meet it. `sure`
    says that it is unlabelled and stands by itself; `outside` that it is in page furniture. `name` is the article's id.
    """

    article: int
    name: str
    title: str
    start: int
    end: int
    before: str
    form: str
    after: str
    labels: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    sure: bool = False
    outside: bool = False


@dataclass(frozen=True)
class Group:
    """A form with the labels it has (in how many places), and the places that are meant: article, start, end."""

    form: str
    labels: tuple[tuple[str, int], ...]
    places: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Slice:
    """What a slice has found; `more` hits were not kept. So far `seen` of `total` articles (or labels) were looked at."""

    places: list[Place]
    more: int = 0
    seen: int = 0
    total: int = 0
    done: bool = False
    groups: tuple[Group, ...] = ()


class _Article(NamedTuple):
    key: int
    name: str
    title: str
    outside: str
    text: str


class _Mark(NamedTuple):
    start: int
    end: int
    label: str
    fragments: tuple[Fragment, ...]


_Labels = dict[Bounds, tuple[str, ...]]
_Hits = dict[Bounds, Hit[_Mark]]


@dataclass
class _Search:
    """What all searches keep: where they are, and how many places are still wanted."""

    layer: str
    kept: int = KEPT
    after: int = -1
    seen: int = 0
    total: int = 0

    def _keep(self, places: Sequence[Place], *, done: bool, more: int = 0) -> Slice:
        wanted = list(places[: self.kept])
        self.kept -= len(wanted)
        more += len(places) - len(wanted)
        return Slice(wanted, more, self.seen, max(self.seen, self.total), done)


def search(query: Query, layer: str, kept: int = KEPT) -> TextSearch | LabelSearch:
    """The search for what is not a group of forms. Raises PatternError."""
    found = matcher(query)
    if query.label:
        return LabelSearch(layer, kept, query=query, found=found)
    assert found, "a query without text and label finds nothing"
    return TextSearch(layer, kept, query=query, found=found)


@dataclass
class TextSearch(_Search):
    """The places of a text in all articles, in their order."""

    query: Query = field(default_factory=Query)
    found: Matcher | None = None

    def slice(self, store: Store, size: int = 0) -> Slice:
        """Raises PatternError, naming the article, where a pattern takes too long."""
        assert self.found
        # The first page is there at once; then the slices are larger.
        size = size or (SLICE if self.seen else min(SLICE, FIRST))
        most = _MOST_HITS if self.kept else KEPT
        if not self.total:
            self.total = store.query("SELECT count(*) FROM article WHERE deleted = 0").fetchone()[0]
        hits: list[tuple[_Article, list[Bounds]]] = []
        count = read = 0
        done = True
        rows = _articles(store, self.after)
        try:
            for article in map(_Article._make, rows):
                places = _found(self.found, article)
                if places:
                    hits.append((article, places))
                    count += len(places)
                self.after = article.key
                self.seen += 1
                read += len(article.text)
                if read >= size or count >= most:
                    done = False
                    break
        finally:
            rows.close()
        if not self.kept and not self.query.bare:
            return self._keep((), done=done, more=count)
        found = _places(store, hits, self.layer)
        if self.query.bare:
            found = [place for place in found if not place.labels]
        return self._keep(found, done=done)


def _articles(store: Store, after: int) -> Rows:
    return store.query(
        "SELECT key, id, title, outside, text FROM article JOIN article_text ON article_text.article = article.key"
        " WHERE deleted = 0 AND key > ? ORDER BY key",
        (after,),
    )


def _found(wanted: Matcher, article: _Article) -> list[Bounds]:
    try:
        return list(wanted.find(article.text))
    except PatternError as error:
        raise PatternError(f"{error.message}, “{article.title}”", error.hint) from None


@dataclass
class LabelSearch(_Search):
    """The spans of a label, of those whose text holds what is looked for and that have the attribute asked for."""

    query: Query = field(default_factory=Query)
    found: Matcher | None = None

    def slice(self, store: Store, size: int = LABELS) -> Slice:
        if not self.total:
            self.total = store.query(
                "SELECT count(*) FROM span WHERE annotator = ? AND label = ?", (self.layer, self.query.label)
            ).fetchone()[0]
        hits: dict[int, list[Bounds]] = defaultdict(list)
        read, done = 0, True
        rows = store.query(
            'SELECT span.article, start, "end", span.text, attributes FROM span JOIN article ON article.key = article'
            ' WHERE annotator = ? AND label = ? AND article > ? AND deleted = 0 ORDER BY article, start, "end"',
            (self.layer, self.query.label, self.after),
        )
        try:
            for article, start, end, text, attributes in rows:
                if read >= size and article != self.after:
                    done = False
                    break
                self.after = article
                read += 1
                if self._fits(text, attributes):
                    hits[article].append((start, end))
        finally:
            rows.close()
        self.seen += read
        return self._keep(_at(store, hits, self.layer), done=done)

    def _fits(self, text: str, attributes: str) -> bool:
        query = self.query
        if query.attribute:
            value = json.loads(attributes).get(query.attribute)
            told = "" if value is None else str(value)
            if told != query.value if query.value is not None else not told:
                return False
        return self.found is None or next(self.found.find(text), None) is not None


@dataclass
class GroupSearch(_Search):
    """The places of one group, with what is around them."""

    group: Group = field(default_factory=lambda: Group("", (), ()))

    def slice(self, store: Store, size: int = _MOST_HITS) -> Slice:
        self.total = len(self.group.places)
        wanted: dict[int, list[Bounds]] = defaultdict(list)
        part = self.group.places[self.seen : self.seen + size]
        for article, start, end in part:
            wanted[article].append((start, end))
        self.seen += len(part)
        return self._keep(_at(store, wanted, self.layer), done=self.seen >= self.total)


def reread(store: Store, places: Sequence[Place], layer: str) -> list[Place]:
    """The same places with the labels that they have now."""
    marks = _marks(store, [place.article for place in places], layer)
    fresh: list[Place] = []
    for article, group in groupby(sorted(places), key=lambda place: place.article):
        there, found = marks.get(article, []), list(group)
        labels, hits = _told([(place.start, place.end) for place in found], there)
        for place in found:
            fresh.append(place._replace(**_state((place.start, place.end), labels, hits, place.outside)))
    return fresh


def _at(store: Store, wanted: Mapping[int, Iterable[Bounds]], layer: str) -> list[Place]:
    hits: list[tuple[_Article, list[Bounds]]] = []
    for key, bounds in wanted.items():
        row = store.query(
            "SELECT key, id, title, outside, text FROM article JOIN article_text ON article_text.article = article.key"
            " WHERE deleted = 0 AND key = ?",
            (key,),
        ).fetchone()
        if row:
            # A span that has lost its place is told by the repair page.
            inside = [(start, end) for start, end in dict.fromkeys(bounds) if end <= len(row[4])]
            hits.append((_Article._make(row), sorted(inside)))
    return _places(store, hits, layer)


def _places(store: Store, hits: Sequence[tuple[_Article, list[Bounds]]], layer: str) -> list[Place]:
    marks = _marks(store, [article.key for article, _ in hits], layer)
    return [
        place for article, found in hits for place in _in_article(article, found, marks.get(article.key, ()))
    ]


def _marks(store: Store, articles: Sequence[int], layer: str) -> dict[int, list[_Mark]]:
    """The spans of a layer without what is not needed here: ten times as fast as whole ones."""
    found: dict[int, list[_Mark]] = defaultdict(list)
    if not articles:
        return found
    wanted = frozenset(articles)
    rows = store.query(
        'SELECT article, start, "end", label, fragments FROM span WHERE annotator = ? AND article BETWEEN ? AND ?',
        (layer, min(articles), max(articles)),
    )
    for article, start, end, label, parts in rows:
        if article in wanted:
            found[article].append(_Mark(start, end, label, tuple((a, b) for a, b in json.loads(parts))))
    return found


def _in_article(article: _Article, found: Sequence[Bounds], marks: Sequence[_Mark]) -> Iterator[Place]:
    key, name, title, outside, text = article
    furniture = json.loads(outside)
    labels, hits = _told(found, marks)
    for start, end in found:
        inside = any(low < end and start < high for low, high in furniture)
        before, after = text[_low(text, start - CONTEXT) : start], text[end : _high(text, end + CONTEXT)]
        state = _state((start, end), labels, hits, inside)
        yield Place(key, name, title, start, end, before, text[start:end], after, outside=inside, **state)


def _told(found: Sequence[Bounds], marks: Sequence[_Mark]) -> tuple[_Labels, _Hits]:
    """The labels of the places, and those places that no span covers exactly."""
    labels: _Labels = defaultdict(tuple)
    for mark in sorted(marks, key=lambda mark: mark.label):
        labels[mark.start, mark.end] += (mark.label,)
    return labels, {hit.bounds: hit for hit in bare(found, marks)}


def _state(place: Bounds, labels: _Labels, hits: _Hits, outside: bool) -> dict[str, Any]:
    hit = hits.get(place)
    within = tuple(mark.label for mark in (*hit.around, *hit.across)) if hit else ()
    return {"labels": labels.get(place, ()), "within": within, "sure": bool(hit and hit.sure and not outside)}


def _low(text: str, place: int) -> int:
    """Where the context before a hit begins: at a word, and never inside a letter with its marks."""
    if place <= 0:
        return 0
    blank = text.find(" ", place, place + _WORD)
    return _edge(text, place if blank < 0 else blank + 1)


def _high(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    blank = text.rfind(" ", place - _WORD, place)
    return _edge(text, place if blank < 0 else blank)


def _edge(text: str, place: int) -> int:
    near = text[max(0, place - 1) : place + 1]
    return place if near.isascii() else graphemes(text, (place, place))[0]


def by_article(places: Iterable[Place]) -> dict[int, list[Bounds]]:
    """The stretches of places, by the key of their article."""
    found: dict[int, list[Bounds]] = defaultdict(list)
    for place in places:
        found[place.article].append((place.start, place.end))
    return found


def ordered(places: Sequence[Place], order: Order) -> list[int]:
    """The places in an order, as indices; equal ones stay as they were found, those without a label come last."""
    key = _KEYS[order]
    return sorted(range(len(places)), key=lambda number: key(places[number]))


_KEYS: dict[Order, Callable[[Place], Any]] = {
    "article": lambda place: (place.article, place.start),
    # From the hit outwards, word by word.
    "before": lambda place: [word.casefold() for word in reversed(place.before.split())],
    "after": lambda place: [word.casefold() for word in place.after.split()],
    "form": lambda place: place.form.casefold().split(),
    "label": lambda place: (not place.labels, place.labels, place.within),
}
