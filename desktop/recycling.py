"""The bin: what was deleted, when and by whom, and the way back. Everything here is a step that can be undone.

Every step that removes labels leaves them in the bin (`Session.step` sees to it); an article is deleted by marking it, and
its labels stay with it. What an undo takes back is not in the bin, since redo has it, but for articles of an import.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from desktop.bundle import free_ids
from desktop.errors import UserError
from desktop.model import Article, Relation, Removal, Scheme, Span
from desktop.session import Session, now
from desktop.store import queries
from desktop.store.store import Store
from desktop.text import shorten

# The latest deletions that are listed.
MOST = 2000
Place = tuple[Literal["article", "removal"], int]


@dataclass(frozen=True)
class Binned:
    """One entry of the bin: an article with `count` labels, or `count` labels of one article, of which the first is told.

    `done` is the title of the step, by whom and when (UTC, ISO 8601); all are empty where nothing tells any more.
    `number` counts what was deleted, where two deletions have one time.
    """

    place: Place
    article: int
    title: str
    count: int
    done: str = ""
    annotator: str = ""
    made: str = ""
    label: str = ""
    text: str = ""
    number: int = 0

    @property
    def whole(self) -> bool:
        return self.place[0] == "article"


@dataclass
class Restored:
    """How many labels came back to which article, and what could not, by reason."""

    article: int
    count: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def delete_article(session: Session, key: int) -> None:
    """Put an article with all its labels into the bin."""
    article = queries.article(session.store, key)
    title = f"Delete article: {shorten(article.title, 40)}"
    with session.step(title):
        session.put(article.model_copy(update={"deleted": True}))
        session.put(Removal(article=key, whole=True, title=title, annotator=session.annotator, made=now()))


def listed(store: Store, most: int = MOST) -> list[Binned]:
    """What is in the bin, the latest first."""
    found = [*_articles(store, most), *_labels(store, most)]
    # By their numbers, not their times: a clock may have been set back.
    return sorted(found, key=lambda entry: (entry.number, entry.made, entry.place), reverse=True)[:most]


def _articles(store: Store, most: int) -> list[Binned]:
    rows = store.query(
        "SELECT a.key, a.title, (SELECT count(*) FROM span WHERE article = a.key), r.title, r.annotator, r.made, ifnull(r.key, 0)"
        " FROM article AS a LEFT JOIN removal AS r ON r.article = a.key AND r.whole = 1"
        " WHERE a.deleted = 1 ORDER BY r.key DESC, a.key DESC LIMIT ?",
        (most,),
    ).fetchall()
    found = []
    for key, title, count, *told, number in rows:
        done, who, made = told if told[2] else _taken_back(store, key)
        found.append(Binned(("article", key), key, title, count, done, who, made, number=number))
    return found


def _taken_back(store: Store, article: int) -> tuple[str, str, str]:
    """The step that took an article away without being asked for it: the undo of an import."""
    row = store.query(
        "SELECT s.title, s.annotator, s.made FROM change AS c JOIN step AS s ON s.key = c.step"
        " WHERE c.low <= ? AND c.high >= ? AND c.kind = 'article' ORDER BY s.key DESC LIMIT 1",
        (article, article),
    ).fetchone()
    return (f"Undo: {row[0]}", row[1], row[2]) if row else ("", "", "")


def _labels(store: Store, most: int) -> list[Binned]:
    rows = store.query(
        "SELECT r.key, r.article, a.title, r.title, r.annotator, r.made, json_array_length(r.spans),"
        " json_extract(r.spans, '$[0].label'), json_extract(r.spans, '$[0].text')"
        " FROM removal AS r JOIN article AS a ON a.key = r.article AND a.deleted = 0"
        " WHERE r.whole = 0 AND json_valid(r.spans) ORDER BY r.key DESC LIMIT ?",
        (most,),
    ).fetchall()
    return [
        Binned(("removal", key), article, title, count or 0, done, who, made, str(label), str(text), key)
        for key, article, title, done, who, made, count, label, text in rows
    ]


def restore(session: Session, place: Place) -> Restored:
    """Take something out of the bin, as a step. What cannot come back stays in it, and is counted by reason.

    Raises UserError where it is no longer there, or nothing of it can come back.
    """
    kind, key = place
    return _restore_article(session, key) if kind == "article" else _restore_labels(session, key)


def _restore_article(session: Session, key: int) -> Restored:
    store = session.store
    article = store.get("article", key)
    if not isinstance(article, Article) or not article.deleted:
        raise _gone()
    name = free_name(store, article.id)
    (count,) = store.query("SELECT count(*) FROM span WHERE article = ?", (key,)).fetchone()
    with session.step(f"Restore article: {shorten(article.title, 40)}"):
        session.put(article.model_copy(update={"deleted": False, "id": name}))
        for removal in list(store.rows("removal", "article = ? AND whole = 1", (key,))):
            session.drop(removal)
    return Restored(key, count)


def free_name(store: Store, name: str) -> str:
    """The id of an article that comes back: its own, or where another article has taken it the next one that is free."""
    number, found = 1, name
    while queries.article_named(store, found):
        number += 1
        found = f"{name}-{number}"
    return found


def _restore_labels(session: Session, key: int) -> Restored:
    store = session.store
    removal = store.get("removal", key)
    if not isinstance(removal, Removal):
        raise _gone()
    queries.article(store, removal.article)
    result = Restored(removal.article)
    work = _Labels(session, removal, result)
    with session.step(_title(removal)):
        kept = [fields for fields in removal.spans if not work.put_span(fields)]
        for fields in removal.relations:
            work.put_relation(fields)
        if result.count == 0:
            reasons = ", ".join(result.left_out)
            raise UserError(f"none of it can come back: {reasons}", "it stays in the bin")
        if kept:
            session.put(removal.model_copy(update={"spans": tuple(kept)}))
        else:
            session.drop(removal)
    return result


class _Labels:
    """The labels of one removal on their way back into an article."""

    def __init__(self, session: Session, removal: Removal, result: Restored) -> None:
        store = session.store
        self.session, self.article, self.result = session, removal.article, result
        self.body = queries.text(store, removal.article)
        self.scheme: Scheme = queries.scheme(store)
        self.spans = {span.id: span for span in queries.spans(store, removal.article)}
        self.ties = queries.relations(store, removal.article)
        self.names: dict[str, str] = {}

    def put_span(self, fields: dict[str, Any]) -> bool:
        try:
            span = Span.model_validate(fields)
        except ValueError:
            return self._leave("it cannot be read")
        if self.body[span.start : span.end] != span.text:
            return self._leave("its text is not at its place")
        if self.scheme.label(span.label) is None:
            return self._leave(f"the scheme has no label {span.label}")
        twin = (span.annotator, span.label, span.fragments)
        if any((s.annotator, s.label, s.fragments) == twin for s in self.spans.values()):
            return self._leave("the same label is there again")
        name = span.id if span.id not in self.spans else next(free_ids("s", self.spans))
        self.names[span.id] = name
        self.spans[name] = self.session.put(span.model_copy(update={"key": 0, "id": name}))
        self.result.count += 1
        return True

    def _leave(self, reason: str) -> bool:
        self.result.left_out[reason] += 1
        return False

    def put_relation(self, fields: dict[str, Any]) -> None:
        """Tie again what both ends of are there; the others wait for the other end to come back."""
        try:
            tie = Relation.model_validate(fields)
        except ValueError:
            return
        head, tail = (self.spans.get(self.names.get(name, name)) for name in (tie.head, tie.tail))
        if not head or not tail or {head.annotator, tail.annotator} != {tie.annotator}:
            self.result.left_out["the other end of a relation is not there"] += 1
            return
        there = {(r.type, r.head, r.tail, r.annotator) for r in self.ties}
        if self.scheme.relation(tie.type) is None or (tie.type, head.id, tail.id, tie.annotator) in there:
            return
        taken = {relation.id for relation in self.ties}
        name = tie.id if tie.id not in taken else next(free_ids("r", taken))
        put = tie.model_copy(update={"key": 0, "id": name, "head": head.id, "tail": tail.id})
        self.ties.append(self.session.put(put))


def _title(removal: Removal) -> str:
    if len(removal.spans) == 1:
        fields = removal.spans[0]
        return f"Restore {fields.get('label')}: {shorten(str(fields.get('text')), 40)}"
    return f"Restore {len(removal.spans)} labels"


def _gone() -> UserError:
    return UserError("that is no longer in the bin", "it was restored or purged meanwhile")
