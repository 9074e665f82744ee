"""What views and exports read: lists, counts, the layers of an article, records. Deleted articles never show."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats import scheme as schemes
from desktop.layer import Entry, Layer
from desktop.model import Article, Fragment, Property, Relation, Scheme, Span, State, Status
from desktop.store import layers as span_rows
from desktop.store.header import damaged
from desktop.store.rows import TABLES
from desktop.store.store import Store


@dataclass(frozen=True)
class Step:
    """One entry of the journal: what was done, by whom and when (UTC, ISO 8601); `state` tells whether it still holds."""

    key: int
    title: str
    annotator: str
    made: str
    mode: str
    state: str


@dataclass(frozen=True)
class Reading:
    """Everything the window needs to show one article in one layer."""

    article: Article
    text: str
    spans: Layer
    relations: list[Relation]
    broken: list[Span]
    state: State
    read_to: int = 0
    layer: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "spans", Layer.of(self.spans))

    def updated(self, update: Update) -> Reading:
        """This reading after the rows of `update` were read again."""
        good, broken = span_rows.parted(update.entries, self.text)
        make = span_rows.maker(update.article.key, update.layer)
        stay = [span for span in self.broken if span.key not in update.spans]
        ties = {relation.key: relation for relation in self.relations if relation.key not in update.ties}
        ties |= {relation.key: relation for relation in update.relations}
        return replace(
            self, article=update.article, spans=self.spans.changed(update.spans, good),
            relations=[ties[key] for key in sorted(ties)], broken=[*stay, *map(make, broken)],
            state=update.status.state, read_to=update.status.read_to,
        )  # fmt: skip


@dataclass(frozen=True)
class Update:
    """What is now of some rows of an article in one layer: keys of spans and of relations, and those that are there."""

    article: Article
    layer: str
    spans: Collection[int]
    ties: Collection[int]
    entries: list[Entry]
    relations: list[Relation]
    status: Status


def property_of(store: Store, name: str) -> Property | None:
    return next(store.rows("property", "name = ?", (name,)), None)


def scheme(store: Store) -> Scheme:
    found = property_of(store, "scheme")
    if not found:
        raise UserError(
            "the project has no scheme",
            "make a new project and import this one's articles",
            file=str(store.path),
        )
    return _scheme_of(found.value, store.path)


@lru_cache(maxsize=2)  # every label asks for it
def _scheme_of(text: str, path: Path) -> Scheme:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged(path, "its scheme cannot be read") from error
    return schemes.loads(given, str(path))


def guidelines(store: Store) -> str:
    found = property_of(store, "guidelines")
    return found.value if found else ""


def private(store: Store) -> bool:
    """Whether the project is to be kept out of lists of recent projects."""
    found = property_of(store, "private")
    return bool(found and found.value)


def article(store: Store, key: int) -> Article:
    found = store.get("article", key)
    if not isinstance(found, Article) or found.deleted:
        raise UserError("that article is no longer there", "pick another one")
    return found


def article_named(store: Store, name: str) -> Article | None:
    return next(store.rows("article", "id = ? AND deleted = 0", (name,)), None)


def article_with_text(store: Store, digest: str) -> Article | None:
    """The first article whose text has this SHA-256."""
    return next(store.rows("article", "text_sha256 = ? AND deleted = 0", (digest,)), None)


def text(store: Store, key: int) -> str:
    if store.text_read and store.text_read[0] == key:
        return store.text_read[1]
    row = store.query("SELECT text FROM article_text WHERE article = ?", (key,)).fetchone()
    if row is None:
        raise UserError(
            "the article has lost its text", "restore a backup of the project", file=str(store.path)
        )
    store.text_read = key, str(row[0])
    return store.text_read[1]


def quote(store: Store, key: int, start: int, end: int) -> str:
    """The stretch of an article's text, without bringing the rest of it here if it is not."""
    if store.text_read and store.text_read[0] == key:
        return store.text_read[1][start:end]
    row = store.query(
        "SELECT substr(text, ?, ?) FROM article_text WHERE article = ?", (start + 1, end - start, key)
    ).fetchone()
    return text(store, key)[start:end] if row is None else str(row[0])


def free_span_id(store: Store, key: int) -> str:
    """An id that no span of the article has: `s` and a number, the next one after their count that is free."""
    (number,) = store.query("SELECT count(*) FROM span WHERE article = ?", (key,)).fetchone()
    while True:
        number += 1
        name = f"s{number}"
        if not store.query("SELECT 1 FROM span WHERE article = ? AND id = ?", (key, name)).fetchone():
            return name


def spans(store: Store, key: int, layer: str | None = None) -> list[Span]:
    """The spans of an article in reading order, of one annotator or of all."""
    found: list[Span] = list(store.rows("span", "article = ?", (key,)))
    wanted = [span for span in found if layer is None or span.annotator == layer]
    return sorted(wanted, key=lambda span: (span.start, -span.end, span.id))


def equal_spans(store: Store, key: int, layer: str, fragments: Sequence[Fragment]) -> list[Span]:
    """The spans of a layer of exactly this extent, without reading the thousands beside them."""
    where = 'article = ? AND annotator = ? AND start = ? AND "end" = ?'
    found = store.rows("span", where, (key, layer, fragments[0][0], fragments[-1][1]))
    return [span for span in found if span.fragments == tuple(fragments)]


def span(store: Store, key: int) -> Span:
    found = store.get("span", key)
    if not isinstance(found, Span):
        raise UserError("that label is no longer there", "it was removed meanwhile")
    return found


def place_of(store: Store, article: str, span: str) -> tuple[int, int, int, str] | None:
    """Where a span is, by the ids of its article and its own: the article's key, start, end, annotator; None if it is gone."""
    row = store.query(
        """SELECT article, start, "end", annotator FROM span WHERE id = ?
        AND article = (SELECT key FROM article WHERE id = ? AND deleted = 0)""",
        (span, article),
    ).fetchone()
    return tuple(row) if row else None


def relations(store: Store, key: int, layer: str | None = None) -> list[Relation]:
    found: list[Relation] = list(store.rows("relation", "article = ?", (key,)))
    return [relation for relation in found if layer is None or relation.annotator == layer]


def status(store: Store, key: int, layer: str) -> Status:
    """How far an annotator is with an article; a status without a key where nothing is stored yet."""
    found = next(store.rows("status", "article = ? AND annotator = ?", (key, layer)), None)
    return found or Status(article=key, annotator=layer, state="todo")


def state(store: Store, key: int, layer: str) -> State:
    return status(store, key, layer).state


def reading(store: Store, key: int, layer: str) -> Reading:
    """One article in one layer; spans whose quoted text is not at their place are set apart, never drawn."""
    found = article(store, key)
    body = text(store, key)
    good, broken = span_rows.parted(span_rows.entries(store, key, layer), body)
    far = status(store, key, layer)
    make = span_rows.maker(key, layer)
    ties = list(store.readable("relation", "article = ? AND annotator = ?", (key, layer)))
    return Reading(
        found, body, Layer(good, make), ties, [*map(make, broken)], far.state, far.read_to, layer
    )  # fmt: skip


def update(store: Store, key: int, layer: str, spans: Collection[int], ties: Collection[int]) -> Update:
    """Read again what a step has touched: the article, and the spans and relations with these keys."""
    entries = span_rows.entries(store, key, layer, spans) if spans else []
    marks = ", ".join(map(str, ties))
    found = store.rows("relation", f"key IN ({marks}) AND article = ? AND annotator = ?", (key, layer))
    return Update(
        article(store, key), layer, spans, ties, entries, list(found) if ties else [], status(store, key, layer)
    )  # fmt: skip


def layers(store: Store) -> dict[str, int]:
    """The annotators of the project with the number of their spans, most spans first."""
    there = "article NOT IN (SELECT key FROM article WHERE deleted = 1)"
    found = dict.fromkeys(
        (row[0] for row in store.query(f"SELECT DISTINCT annotator FROM status WHERE {there}")), 0
    )
    found |= store.query(f"SELECT annotator, count(*) FROM span WHERE {there} GROUP BY annotator").fetchall()
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def born(store: Store) -> str:
    """When the project was made: tells it from another file that has taken its place on the disk."""
    row = store.query("SELECT made FROM step ORDER BY key LIMIT 1").fetchone()
    return str(row[0]) if row else ""


_STEP = "SELECT key, title, annotator, made, mode, state FROM step"


def history(store: Store, limit: int = 500) -> list[Step]:
    """The latest steps, newest first."""
    return [Step(*row) for row in store.query(f"{_STEP} ORDER BY key DESC LIMIT ?", (limit,))]


def step(store: Store, key: int) -> Step | None:
    row = store.query(f"{_STEP} WHERE key = ?", (key,)).fetchone()
    return Step(*row) if row else None


def undoable_after(store: Store, key: int) -> list[Step]:
    """What undo would revert, one by one, until the step `key` is the latest that holds."""
    rows = store.query(
        f"{_STEP} WHERE state = 'live' AND mode IN ('do', 'redo') AND key > ? ORDER BY key DESC", (key,)
    )
    return [Step(*row) for row in rows]


def undoable(store: Store) -> Step | None:
    """The step that undo would revert."""
    return _latest_step(store, "mode IN ('do', 'redo')")


def redoable(store: Store) -> Step | None:
    """The undo that redo would revert."""
    return _latest_step(store, "mode = 'undo'")


def _latest_step(store: Store, condition: str) -> Step | None:
    row = store.query(f"{_STEP} WHERE state = 'live' AND {condition} ORDER BY key DESC LIMIT 1").fetchone()
    return Step(*row) if row else None


def compacted(store: Store) -> int:
    """The key of the latest step whose changes were let go, 0 where all are kept: no way leads back before it."""
    row = store.query("SELECT key FROM step WHERE kept = 0 ORDER BY key DESC LIMIT 1").fetchone()
    return int(row[0]) if row else 0


def older_steps(store: Store, article: int, limit: int) -> list[tuple[Step, dict[str, int]]]:
    """The latest of the steps that can only be read and touched an article, each with what it did in all articles.

    A step over too many articles to name them counts as touching each.
    """
    rows = store.query(
        "SELECT key, title, annotator, made, mode, state, done FROM step WHERE key <= ? AND mode != 'undo'"
        " AND (articles IS NULL OR instr(replace(replace(articles, '[', ' '), ']', ','), ?)) ORDER BY key DESC LIMIT ?",
        (compacted(store), f" {article},", limit),
    )
    return [(Step(*row), _counts(done)) for *row, done in rows]


def _counts(stored: str) -> dict[str, int]:
    try:
        found = json.loads(stored)
    except (ValueError, RecursionError):  # another program has written there
        return {}
    return {str(k): v for k, v in found.items() if type(v) is int} if isinstance(found, dict) else {}


def assignments(store: Store, deal: str) -> dict[str, str]:
    """The split that each article has in a deal, by its id."""
    rows = store.query(
        "SELECT article.id, split FROM assignment JOIN article ON article.key = assignment.article"
        " WHERE deleted = 0 AND deal = ?",
        (deal,),
    )
    return dict(rows.fetchall())


def deals(store: Store) -> list[str]:
    """The deals in which articles have a split."""
    rows = store.query(
        "SELECT DISTINCT deal FROM assignment JOIN article ON article.key = assignment.article"
        " WHERE deleted = 0 ORDER BY deal"
    )
    return [row[0] for row in rows]


def record(store: Store, found: Article) -> Record:
    """An article with everything of all its layers."""
    states = {status.annotator: status.state for status in store.rows("status", "article = ?", (found.key,))}
    return Record(
        found, text(store, found.key), tuple(spans(store, found.key)), tuple(relations(store, found.key)), states,
        file=str(store.path), position=f"article {found.id}",
    )  # fmt: skip


def bundle(store: Store, without: Collection[int] = ()) -> Bundle:
    """The whole project as a bundle, read article by article each time it is iterated; `without` these."""

    def iterate() -> Iterator[Record]:
        keys = [row[0] for row in store.query("SELECT key FROM article WHERE deleted = 0 ORDER BY key")]
        with store.passing():
            for key in keys:
                if key not in without:
                    yield record(store, article(store, key))

    return Bundle(iterate, scheme(store), guidelines(store))


def info(store: Store) -> dict[str, Any]:
    """The counts that `tagline info` prints; spans of all layers, states by pair of article and annotator."""
    live = "article IN (SELECT key FROM article WHERE deleted = 0)"

    def count(sql: str) -> int:
        return int(store.query(sql).fetchone()[0])

    def pairs(sql: str) -> dict[str, int]:
        return dict(store.query(sql).fetchall())

    return {
        "articles": count("SELECT count(*) FROM article WHERE deleted = 0"),
        "spans": count(f"SELECT count(*) FROM {TABLES['span'].name} WHERE {live}"),
        "relations": count(f"SELECT count(*) FROM relation WHERE {live}"),
        "by_label": pairs(f"SELECT label, count(*) FROM span WHERE {live} GROUP BY label ORDER BY label"),
        "by_status": pairs(f"SELECT state, count(*) FROM status WHERE {live} GROUP BY state ORDER BY state"),
        "annotators": list(layers(store)),
        "schema": store.version,
    }
