"""What sets two states of a project apart, article by article: labels that one has and the other has not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from desktop.store.rows import COLUMNS
from desktop.store.store import Store

Where = Literal["both", "now", "then"]
_SPAN = COLUMNS["span"]
_PROOF = tuple(
    _SPAN.index(name) for name in ("start", "end", "label", "text", "fragments", "attributes", "note")
)
_NAME = (_SPAN.index("annotator"), _SPAN.index("id"))
_LABEL = _SPAN.index("label")
_ABOUT = ("title", "language", "meta", "note", "flag", '"group"', "outside", "text_sha256")


@dataclass(frozen=True)
class Difference:
    """One article that is not the same in both; labels by name: only now, only then, and changed in between.

    `about` says that its own data differ: title, note, flag, or the state somebody gave it.
    """

    id: str
    title: str
    where: Where
    more: Counter[str] = field(default_factory=Counter)
    less: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    about: bool = False


def compare(now: Store, then: Store, progress: Callable[[int, int], None]) -> Iterator[Difference]:
    """All articles that differ, in the order of now; those that are only in `then` come last.

    `progress` hears articles done of all after each one, and may raise Cancelled.
    """
    here, there = _articles(now), _articles(then)
    total = len(here.keys() | there.keys())
    for done, (id, (key, title)) in enumerate(here.items(), 1):
        if id not in there:
            yield Difference(id, title, "now", more=_labels(now, key))
        elif found := _of_article(now, key, then, there[id][0], id, title):
            yield found
        progress(done, total)
    for id, (key, title) in there.items():
        if id not in here:
            yield Difference(id, title, "then", less=_labels(then, key))


def _articles(store: Store) -> dict[str, tuple[int, str]]:
    rows = store.query("SELECT id, key, title FROM article WHERE deleted = 0 ORDER BY key")
    return {id: (key, title) for id, key, title in rows}


def _labels(store: Store, article: int) -> Counter[str]:
    rows = store.query("SELECT label, count(*) FROM span WHERE article = ? GROUP BY label", (article,))
    return Counter(dict(rows.fetchall()))


def _of_article(now: Store, key: int, then: Store, old: int, id: str, title: str) -> Difference | None:
    here, there = _spans(now, key), _spans(then, old)
    about = _about(now, key) != _about(then, old)
    if here == there and not about:
        return None
    found = Difference(id, title, "both", about=about)
    for name in here.keys() | there.keys():
        if name not in there:
            found.more[here[name][0]] += 1
        elif name not in here:
            found.less[there[name][0]] += 1
        elif here[name] != there[name]:
            found.changed[here[name][0]] += 1
    return found


def _spans(store: Store, article: int) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = store.raw("span", "article = ?", (article,))
    return {(row[_NAME[0]], row[_NAME[1]]): (row[_LABEL], *(row[place] for place in _PROOF)) for row in rows}


def _about(store: Store, article: int) -> list[Any]:
    states = "SELECT annotator, state, read_to FROM status WHERE article = ? ORDER BY annotator"
    ties = (
        "SELECT id, type, head, tail, attributes, annotator, note FROM relation WHERE article = ? ORDER BY id"
    )
    about = f"SELECT {', '.join(_ABOUT)} FROM article WHERE key = ?"
    return [store.query(sql, (article,)).fetchall() for sql in (about, states, ties)]
