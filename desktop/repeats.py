"""Labelling many places at once, as one undoable step, and looking for a form in all articles of a project."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from desktop import commands
from desktop.bundle import free_ids
from desktop.errors import UserError
from desktop.model import Fragment, Span
from desktop.occurrences import Form, bare
from desktop.session import Session, now
from desktop.spans import check_fragments
from desktop.store import queries
from desktop.store.store import Store
from desktop.text import Bounds

Progress = Callable[[int, int], object]
Choice = tuple[Bounds, str]
# How much of the text stands on either side of a hit.
CONTEXT = 60
# A slice of a scan reads about this many characters: a few hundredths of a second.
SLICE = 4_000_000
_MOST_HITS = 2_000


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Outcome:
    """How many spans a step made, in how many articles, and how many it left out for what reasons."""

    made: int = 0
    articles: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def label_occurrences(
    session: Session, article: int, bounds: Sequence[Bounds], label: str, layer: str
) -> Outcome:
    """Give all these stretches of an article a label, as one step; those that cannot have it are left out."""
    return label_everywhere(session, {article: bounds}, label, layer)


def label_everywhere(
    session: Session,
    places: Mapping[int, Sequence[Bounds]],
    label: str,
    layer: str,
    progress: Progress = silent,
) -> Outcome:
    """The same over several articles, still one step. `progress` hears articles done of all, and may raise Cancelled."""
    given = {article: [(bounds, label) for bounds in found] for article, found in places.items()}
    return label_each(session, given, layer, progress)


def label_each(
    session: Session, places: Mapping[int, Sequence[Choice]], layer: str, progress: Progress = silent
) -> Outcome:
    """Give each stretch the label chosen for it, as one step.

    What cannot be labelled is left out and counted: stretches outside the text or of no length, stretches that have
    a span of exactly their extent, articles that are gone. Raises UserError for a label that the scheme does not have.
    """
    scheme = queries.scheme(session.store)
    unknown = next((name for found in places.values() for _, name in found if not scheme.label(name)), None)
    if unknown is not None:
        raise UserError(f"the scheme has no label {unknown!r}", "use one of its labels")
    left_out: Counter[str] = Counter()
    plan: dict[int, list[Span]] = {}
    for done, (article, found) in enumerate(places.items(), 1):
        spans = _planned(session.store, article, found, layer, left_out)
        if spans:
            plan[article] = spans
        progress(done, 2 * len(places))
    with session.step(_title(plan)):
        for done, (article, spans) in enumerate(plan.items(), 1):
            for span in spans:
                session.put(span)
            if queries.state(session.store, article, layer) == "todo":
                commands.set_state(session, article, layer, "in_progress")
            progress(len(places) + done, 2 * len(places))
    return Outcome(sum(map(len, plan.values())), len(plan), left_out)


def _planned(
    store: Store, article: int, found: Sequence[Choice], layer: str, left_out: Counter[str]
) -> list[Span]:
    """The spans to make in one article; counts what is left out."""
    try:
        body = queries.text(store, queries.article(store, article).key)
    except UserError as error:
        left_out[error.message] += len(found)
        return []
    rows = store.query(
        'SELECT id, start, "end", annotator FROM span WHERE article = ?', (article,)
    ).fetchall()
    taken = {(start, end) for _, start, end, annotator in rows if annotator == layer}
    names, made, spans = free_ids("s", (row[0] for row in rows)), now(), []
    for (start, end), label in found:
        if (start, end) in taken:
            left_out["labelled already"] += 1
        elif check_fragments([(start, end)], len(body)):
            left_out["no stretch of the text"] += 1
        else:
            taken.add((start, end))
            spans.append(
                Span(
                    article=article, id=next(names), start=start, end=end, label=label, text=body[start:end],
                    fragments=((start, end),), annotator=layer, created=made, changed=made,
                )
            )  # fmt: skip
    return spans


def _title(plan: Mapping[int, Sequence[Span]]) -> str:
    """Label 7 × actor: Iraqi army"""
    labels = Counter(span.label for spans in plan.values() for span in spans)
    quotes = Counter(" ".join(span.text.split()) for spans in plan.values() for span in spans)
    if not quotes:
        return "Label nothing"
    counts = ", ".join(f"{count} × {label}" for label, count in labels.most_common())
    quote = quotes.most_common(1)[0][0]
    short = quote if len(quote) <= 40 else quote[:39] + "…"
    return f"Label {counts}: {short}" + (f" in {len(plan)} articles" if len(plan) > 1 else "")


@dataclass(frozen=True, slots=True)
class Place:
    """A hit in an article: what is around it, and the labels that it has already.

    `labels` are those of spans of exactly this extent, `within` those of spans that reach around it or meet it. `sure`
    says that it is unlabelled and stands by itself; `outside` that it is in page furniture.
    """

    article: int
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
class Slice:
    """Some of the hits: those in the `articles` articles up to the one with the key `last`, None when that was all."""

    places: list[Place]
    articles: int
    last: int | None


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    label: str
    fragments: tuple[Fragment, ...]


def scan(
    store: Store, text: str, layer: str, *, case: bool = False, progress: Progress = silent
) -> Iterator[list[Place]]:
    """All places of a form in the project, slice by slice. `progress` hears articles done of all, and may raise."""
    (total,) = store.query("SELECT count(*) FROM article WHERE deleted = 0").fetchone()
    form, done, last = Form(text, case=case), 0, -1
    while True:
        found = scan_slice(store, form, layer, last)
        done += found.articles
        progress(done, total)
        yield found.places
        if found.last is None:
            return
        last = found.last


def scan_slice(store: Store, form: Form, layer: str, after: int, most: int = SLICE) -> Slice:
    """The hits in the articles behind the one with the key `after`, until so many characters were read (or hits found)."""
    rows = store.query(
        "SELECT key, title, outside, text FROM article JOIN article_text ON article_text.article = article.key"
        " WHERE deleted = 0 AND key > ? ORDER BY key",
        (after,),
    )
    places: list[Place] = []
    seen = read = 0
    try:
        for key, title, outside, body in rows:
            found = list(form.find(body))
            if found:
                places += _places(key, title, body, found, json.loads(outside), _marks(store, key, layer))
            seen += 1
            read += len(body)
            if read >= most or len(places) >= _MOST_HITS:
                return Slice(places, seen, key)
    finally:
        rows.close()
    return Slice(places, seen, None)


def _marks(store: Store, article: int, layer: str) -> list[_Mark]:
    """The spans of a layer without what is not needed here: ten times as fast as whole ones."""
    rows = store.query(
        'SELECT start, "end", label, fragments FROM span WHERE article = ? AND annotator = ?',
        (article, layer),
    )
    return [_Mark(s, e, label, tuple((a, b) for a, b in json.loads(parts))) for s, e, label, parts in rows]


def _places(
    key: int,
    title: str,
    body: str,
    found: Sequence[Bounds],
    outside: Sequence[Fragment],
    marks: Sequence[_Mark],
) -> Iterator[Place]:
    labels = _labels_at(marks)
    hits = {hit.bounds: hit for hit in bare(found, marks)}
    for start, end in found:
        hit = hits.get((start, end))
        furniture = any(low < end and start < high for low, high in outside)
        yield Place(
            key, title, start, end, body[max(0, start - CONTEXT) : start], body[start:end], body[end : end + CONTEXT],
            labels.get((start, end), ()), tuple(mark.label for mark in (*hit.around, *hit.across)) if hit else (),
            hit is not None and hit.sure and not furniture, furniture,
        )  # fmt: skip


def _labels_at(marks: Iterable[_Mark]) -> dict[Bounds, tuple[str, ...]]:
    found: dict[Bounds, list[str]] = defaultdict(list)
    for mark in marks:
        found[mark.start, mark.end].append(mark.label)
    return {bounds: tuple(sorted(names)) for bounds, names in found.items()}


def reread(store: Store, places: Sequence[Place], layer: str) -> list[Place]:
    """The same places with the labels that they have now; those in articles that are gone are left out."""
    by_article: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        by_article[place.article].append(place)
    fresh: list[Place] = []
    for key, group in by_article.items():
        row = store.query(
            "SELECT title, outside, text FROM article JOIN article_text ON article_text.article = article.key"
            " WHERE deleted = 0 AND key = ?",
            (key,),
        ).fetchone()
        if row:
            found = [(place.start, place.end) for place in group]
            fresh += _places(key, row[0], row[2], found, json.loads(row[1]), _marks(store, key, layer))
    return fresh
