"""Changes of a project's scheme, each one undoable step, with what they mean for the spans that are there.

What touches spans says beforehand how many (`Use`), takes `progress` (articles done of all), and may be stopped by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from desktop import commands
from desktop import scheme_edits as edits
from desktop.formats import scheme as schemes
from desktop.model import Attribute, Relation, RelationType, Scheme, Span
from desktop.repeats import Progress, silent
from desktop.session import Session, now
from desktop.store import queries
from desktop.store.store import Store

# A value that attributes had, and the one they get; None takes it away.
Replaced = Mapping[str, str | None]


@dataclass(frozen=True)
class Use:
    """How much there is of something, over all annotators: spans, in how many articles, with how many relations.

    `twins` counts the spans that would stand beside an equal one under the other label.
    """

    spans: int = 0
    articles: int = 0
    relations: int = 0
    twins: int = 0


def use_of_label(store: Store, label: str, into: str | None = None) -> Use:
    """What carries a label; with `into`, also how many of these have a twin there."""
    (spans, articles) = store.query(
        "SELECT count(*), count(DISTINCT article) FROM span WHERE label = ?", (label,)
    ).fetchone()
    (relations,) = store.query(
        "SELECT count(*) FROM relation AS r WHERE EXISTS (SELECT 1 FROM span AS s WHERE s.article = r.article"
        " AND s.id IN (r.head, r.tail) AND s.label = ?)",
        (label,),
    ).fetchone()
    twins = 0
    if into is not None:
        (twins,) = store.query(
            "SELECT count(*) FROM (SELECT 1 FROM span WHERE label IN (?, ?) GROUP BY article, annotator, fragments"
            " HAVING count(DISTINCT label) = 2)",
            (label, into),
        ).fetchone()
    return Use(spans, articles, relations, twins)


def use_of_labels(store: Store) -> dict[str, int]:
    """Spans by label, over all annotators."""
    return dict(store.query("SELECT label, count(*) FROM span GROUP BY label").fetchall())


def use_of_relations(store: Store) -> dict[str, int]:
    """Relations by type, over all annotators."""
    return dict(store.query("SELECT type, count(*) FROM relation GROUP BY type").fetchall())


def use_of_attribute(store: Store, label: str, name: str) -> Counter[str]:
    """How many spans of a label carry which value of an attribute."""
    rows = store.query(
        "SELECT j.value, count(*) FROM span, json_each(span.attributes) AS j WHERE label = ? AND j.key = ?"
        " GROUP BY j.value",
        (label, name),
    )
    return Counter({str(value): count for value, count in rows})


def edit(session: Session, title: str, change: Callable[[Scheme], Scheme]) -> Scheme:
    """Store what `change` makes of the scheme as it is now; an edit that touches no span."""
    before = queries.scheme(session.store)
    after = change(before)
    if after != before:
        with session.step(title):
            commands.set_property(session, "scheme", schemes.dumps(after))
    return after


def rename_label(session: Session, old: str, new: str, progress: Progress = silent) -> Scheme:
    """Another name for a label; its spans carry it from now on."""
    with session.step(f"Rename label {old} to {new}"):
        scheme = edit(session, "", lambda scheme: edits.renamed_label(scheme, old, new))
        if old != new:
            for span in _spans(session.store, old, progress):
                session.put(span.model_copy(update={"label": new}))
        return scheme


def merge_label(session: Session, label: str, into: str, progress: Progress = silent) -> Scheme:
    """All spans of a label become spans of another one, and the label is gone.

    A span that stands exactly where its annotator has one of the other label becomes one with it: attributes, note and
    relations go over as far as the other has none.
    """
    with session.step(f"Merge label {label} into {into}"):
        scheme = edit(session, "", lambda scheme: edits.merged_label(scheme, label, into))
        _move_spans(session, label, into, progress)
        return scheme


def remove_label(
    session: Session, label: str, move_to: str | None = None, progress: Progress = silent
) -> Scheme:
    """A label less. Its spans are removed with their relations, or become spans of the label `move_to`."""
    moved = f", its labels to {move_to}" if move_to is not None else ""
    with session.step(f"Remove label {label}{moved}"):
        if move_to is None:
            for span in _spans(session.store, label, progress):
                commands.remove_span(session, span.key)
        else:
            left = edits.without_label(queries.scheme(session.store), label)
            edits.label_of(left, move_to)
            _move_spans(session, label, move_to, progress)
        return edit(session, "", lambda scheme: edits.without_label(scheme, label))


def change_attribute(
    session: Session, labels: Sequence[str], old: str, attribute: Attribute, replaced: Replaced = {},  # noqa: B006
    progress: Progress = silent,
) -> Scheme:  # fmt: skip
    """Another definition of an attribute of these labels. Spans follow where its name changes, or values are replaced."""
    of = ", ".join(labels)
    title = f"Rename {old} of {of} to {attribute.name}" if old != attribute.name else f"Change {old} of {of}"
    with session.step(title):
        for label in labels:
            edit(session, "", partial(edits.with_attribute, label=label, attribute=attribute, old=old))
            if old != attribute.name or replaced:
                for span in _spans_with(session.store, label, old, progress):
                    attributes = _renamed(span.attributes, old, attribute.name, replaced)
                    session.put(span.model_copy(update={"attributes": attributes}))
    return queries.scheme(session.store)


def remove_attribute(session: Session, label: str, name: str, progress: Progress = silent) -> Scheme:
    """An attribute less; the spans of the label lose their values of it."""
    with session.step(f"Remove {name} of {label}"):
        for span in _spans_with(session.store, label, name, progress):
            left = {key: value for key, value in span.attributes.items() if key != name}
            session.put(span.model_copy(update={"attributes": left}))
        return edit(session, "", lambda scheme: edits.without_attribute(scheme, label, name))


def change_relation(session: Session, old: str, relation: RelationType) -> Scheme:
    """Another definition of a type of relation; relations follow where it has another name."""
    title = f"Rename relation {old} to {relation.name}" if old != relation.name else f"Change relation {old}"
    with session.step(title):
        scheme = edit(session, "", lambda scheme: edits.with_relation(scheme, relation, old))
        if old != relation.name:
            for found in list(session.store.rows("relation", "type = ?", (old,))):
                session.put(found.model_copy(update={"type": relation.name}))
        return scheme


def remove_relation_type(session: Session, name: str) -> Scheme:
    """A type of relation less, with all relations of it."""
    with session.step(f"Remove relation {name}"):
        for found in list(session.store.rows("relation", "type = ?", (name,))):
            session.drop(found)
        return edit(session, "", lambda scheme: edits.without_relation(scheme, name))


def load(session: Session, new: Scheme) -> list[str]:
    """Put another scheme in the place of the project's. Labels and relation types in use that it lacks are kept.

    Returns their names.
    """
    old = queries.scheme(session.store)
    made, kept = edits.keeping(new, old, use_of_labels(session.store), use_of_relations(session.store))
    edit(session, f"Load scheme {new.scheme}", lambda _: made)
    return kept


# Spans by article, so that the journal's images each hold a narrow range of articles.


def _articles(store: Store, where: str, values: tuple[Any, ...]) -> list[int]:
    rows = store.query(f"SELECT DISTINCT article FROM span WHERE {where} ORDER BY article", values)
    return [row[0] for row in rows.fetchall()]


def _spans(store: Store, label: str, progress: Progress) -> Iterator[Span]:
    """The spans of a label, article by article; they may be changed while they are gone through."""
    articles = _articles(store, "label = ?", (label,))
    for done, article in enumerate(articles):
        progress(done, len(articles))
        yield from list(store.rows("span", "article = ? AND label = ?", (article, label)))


def _spans_with(store: Store, label: str, attribute: str, progress: Progress) -> Iterator[Span]:
    """The spans of a label that carry an attribute."""
    where = "label = ? AND EXISTS (SELECT 1 FROM json_each(attributes) WHERE key = ?)"
    articles = _articles(store, where, (label, attribute))
    for done, article in enumerate(articles):
        progress(done, len(articles))
        for span in list(store.rows("span", "article = ? AND label = ?", (article, label))):
            if attribute in span.attributes:
                yield span


def _renamed(attributes: Mapping[str, Any], old: str, new: str, replaced: Replaced) -> dict[str, Any]:
    """The attributes of a span in their order, one of them under another name or with another value."""
    result: dict[str, Any] = {}
    for name, value in attributes.items():
        if name != old:
            result.setdefault(name, value)
        elif (changed := replaced.get(value, value) if isinstance(value, str) else value) is not None:
            result[new] = changed
    return result


def _move_spans(session: Session, label: str, into: str, progress: Progress) -> None:
    store = session.store
    articles = _articles(store, "label = ?", (label,))
    for done, article in enumerate(articles):
        progress(done, len(articles))
        there = {
            (span.annotator, span.fragments): span
            for span in store.rows("span", "article = ? AND label = ?", (article, into))
        }
        for span in list(store.rows("span", "article = ? AND label = ?", (article, label))):
            twin = there.get((span.annotator, span.fragments))
            if twin:
                there[twin.annotator, twin.fragments] = _unite(session, twin, span)
            else:
                moved = session.put(span.model_copy(update={"label": into, "changed": now()}))
                there[moved.annotator, moved.fragments] = moved


def _unite(session: Session, kept: Span, gone: Span) -> Span:
    """One span of two that stand on the same words."""
    notes = dict.fromkeys(note for note in (kept.note, gone.note) if note)
    both = {"attributes": {**gone.attributes, **kept.attributes}, "note": "\n".join(notes)}
    if both != {"attributes": kept.attributes, "note": kept.note}:
        kept = session.put(kept.model_copy(update={**both, "changed": now()}))
    ends = "article = ? AND ? IN (head, tail)"
    known = {_tie(found) for found in session.store.rows("relation", ends, (kept.article, kept.id))}
    for relation in list(session.store.rows("relation", ends, (gone.article, gone.id))):
        new = {gone.id: kept.id}
        tied = relation.model_copy(
            update={
                "head": new.get(relation.head, relation.head),
                "tail": new.get(relation.tail, relation.tail),
            }
        )
        if tied.head == tied.tail or _tie(tied) in known:
            session.drop(relation)
        else:
            known.add(_tie(tied))
            session.put(tied)
    session.drop(gone)
    return kept


def _tie(relation: Relation) -> tuple[str, str, str, str]:
    return relation.type, relation.head, relation.tail, relation.annotator
