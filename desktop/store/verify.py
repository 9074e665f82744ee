"""Whether what a project holds of an article is true to its text: hashes, quoted texts, places, links.

A project may come from a stranger, or from a disk that has gone bad. What is broken is named and left out; nothing of
it is ever shown in a wrong place, and it never keeps the rest from being read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from desktop.errors import UserError
from desktop.model import Fragment, Span
from desktop.spans import check_fragments
from desktop.store.journal import unpack_rows
from desktop.store.layers import sound_fragments
from desktop.store.rows import COLUMNS, TABLES
from desktop.store.store import Store
from desktop.text import sha256

Remedy = Literal["move", "accept", "reset", ""]
_SPAN = {name: place for place, name in enumerate(COLUMNS["span"])}
_RELATION = {name: place for place, name in enumerate(COLUMNS["relation"])}


@dataclass(frozen=True)
class Broken:
    """A row that does not hold: which, of which article and annotator, what it says, why, and what would mend it.

    "move": its text stands elsewhere in the article; "accept": take the text as it is; "reset": empty what cannot be read.
    A row that is `unreadable` keeps its article from being exported.
    """

    table: str
    key: int
    article: int
    why: str
    remedy: Remedy = ""
    name: str = ""
    label: str = ""
    text: str = ""
    annotator: str = ""
    start: int = 0
    unreadable: bool = False


def some(store: Store, after: int, seconds: float) -> tuple[int | None, list[Broken]]:
    """Check articles behind the key `after` for about so long; the last one checked, None when all are, and what is broken."""
    end, found = time.monotonic() + seconds, list[Broken]()
    for key in _articles(store, after):
        found += broken(store, key)
        if time.monotonic() > end:
            return key, found
    return None, found


def everything(store: Store) -> Iterator[Broken]:
    """All that is broken in the articles of a project."""
    for key in _articles(store, 0):
        yield from broken(store, key)


def journal(store: Store) -> Iterator[tuple[int, str, str]]:
    """The steps that could not be undone, since what would undo them is damaged: key, title, and why."""
    rows = store.query(
        "SELECT s.key, s.title, c.kind, c.first, c.last, c.before FROM change AS c JOIN step AS s ON s.key = c.step"
        " ORDER BY c.key"
    )
    for key, title, table, first, last, image in rows:
        why = _image_problem(table, first, last, image)
        if why:
            yield key, title, why


def _image_problem(table: str, first: int, last: int, image: bytes | None) -> str:
    if table not in TABLES:
        return f"it tells of {table}, which there is not"
    if image is None:
        return "" if 0 < first <= last else "the rows it made are not in order"
    try:
        unpack_rows(table, image)
    except UserError as error:
        return error.message
    return ""


def _articles(store: Store, after: int) -> Iterator[int]:
    """Some keys at a time: between two slices of the check there may be other articles."""
    while True:
        rows = store.query(
            "SELECT key FROM article WHERE deleted = 0 AND key > ? ORDER BY key LIMIT 500", (after,)
        ).fetchall()
        yield from (row[0] for row in rows)
        if not rows:
            return
        after = rows[-1][0]


def broken(store: Store, article: int) -> Iterator[Broken]:
    """What is broken in one article."""
    body = _text(store, article)
    yield from _article(store, article, body)
    sound: dict[str, str] = {}
    for values, why in _rows(store, "span", article):
        found = why or _span_problem(values, body)
        if found:
            yield replace(_broken_span(values, article, found, body), unreadable=bool(why))
        if not why:
            sound[values[_SPAN["id"]]] = values[_SPAN["annotator"]]
    for values, why in _rows(store, "relation", article):
        found = why or _relation_problem(values, sound)
        if found:
            yield Broken("relation", values[0], article, found, unreadable=bool(why))
    for values, why in _rows(store, "status", article):
        if why:
            yield Broken("status", values[0], article, why, unreadable=True)


def _rows(store: Store, table: str, article: int) -> Iterator[tuple[Sequence[Any], str]]:
    """The rows of an article, each with the reason why it cannot be read ("" if it can)."""
    known = TABLES[table]
    places = [COLUMNS[table].index(name) for name in known.json]
    plain = {"{}", "[]"}
    try:
        rows = store.raw(table, "article = ?", (article,)).fetchall()
    except UserError:  # bytes that are no text, in any of them
        rows = list(_one_by_one(store, table, article))
    for row in rows:
        why = "" if len(row) > 1 else "it holds bytes that are no text"
        if not why and not all(row[place] in plain for place in places):
            try:
                known.decode(row)
            except (ValueError, RecursionError):  # pydantic's is a ValueError too
                why = "it holds what it cannot hold"
        yield row, why


def _one_by_one(store: Store, table: str, article: int) -> Iterator[Sequence[Any]]:
    for (key,) in store.query(
        f"SELECT key FROM {table} WHERE article = ? ORDER BY key", (article,)
    ).fetchall():
        try:
            yield store.values(table, key) or (key,)
        except UserError:
            yield (key,)


def _text(store: Store, article: int) -> str | None:
    try:
        row = store.query("SELECT text FROM article_text WHERE article = ?", (article,)).fetchone()
    except UserError:
        return None
    return str(row[0]) if row else None


def _article(store: Store, key: int, body: str | None) -> Iterator[Broken]:
    row = store.query("SELECT id, title, text_sha256, length FROM article WHERE key = ?", (key,)).fetchone()
    name, title, digest, length = row
    if body is None:
        yield Broken("article", key, key, "its text is missing", name=name, text=title, unreadable=True)
    elif sha256(body) != digest or len(body) != length:
        yield Broken(
            "article", key, key, "its text is not the one that was imported", "accept", name, text=title
        )
    try:
        store.get("article", key)
    except (UserError, RecursionError):
        yield Broken(
            "article",
            key,
            key,
            "what is known of it cannot be read",
            "reset",
            name,
            text=title,
            unreadable=True,
        )


def _span_problem(values: Sequence[Any], body: str | None) -> str:
    if body is None:
        return "the text of its article is missing"
    start, end = values[_SPAN["start"]], values[_SPAN["end"]]
    if end > len(body):
        return "its place is outside the article"
    if body[start:end] != values[_SPAN["text"]]:
        return "its text is not at its place"
    return (
        ""
        if sound_fragments(values[_SPAN["fragments"]], start, end)
        else "its fragments do not fit its place"
    )


def _relation_problem(values: Sequence[Any], spans: dict[str, str]) -> str:
    ends = [spans.get(values[_RELATION[name]]) for name in ("head", "tail")]
    if None in ends:
        return "one of its ends is missing"
    return "" if set(ends) == {values[_RELATION["annotator"]]} else "its ends belong to another annotator"


def _broken_span(values: Sequence[Any], article: int, why: str, body: str | None) -> Broken:
    if len(values) == 1:
        return Broken("span", values[0], article, why)
    text, start = values[_SPAN["text"]], values[_SPAN["start"]]
    remedy: Remedy = "move" if body and text and text in body else ""
    return Broken("span", values[0], article, why, remedy, values[_SPAN["id"]], values[_SPAN["label"]], text,
                  values[_SPAN["annotator"]], start)  # fmt: skip


def nearest(span: Span, body: str) -> tuple[int, tuple[Fragment, ...]] | None:
    """Where the text of a span stands nearest to its place, and its fragments there; None where it is nowhere.

    Fragments that do not fit are given up for one from end to end.
    """
    if not span.text:
        return None
    before = body.rfind(span.text, 0, max(0, span.start) + len(span.text) - 1)
    places = [place for place in (body.find(span.text, max(0, span.start)), before) if place >= 0]
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - span.start))
    end = start + len(span.text)
    moved = tuple((first + start - span.start, last + start - span.start) for first, last in span.fragments)
    fits = not check_fragments(moved, end) and (moved[0][0], moved[-1][1]) == (start, end)
    return start, moved if fits else ((start, end),)
