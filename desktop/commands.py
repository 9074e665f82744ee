"""All that a person can do to the labels of a project, one function each. Offsets are in code points.

Each function is one undoable step, raises UserError for what the person can mend, and changes nothing then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.bundle import STATES, free_ids
from desktop.errors import UserError
from desktop.formats import scheme as schemes
from desktop.model import Article, Fragment, Property, Relation, Scheme, Span, State
from desktop.session import Session, now
from desktop.spans import check_fragments
from desktop.store import queries


def start_project(session: Session, scheme: Scheme, guidelines: str) -> None:
    """Give a new project its scheme and guidelines. Not to be undone: without a scheme no project opens."""
    with session.step("New project"):
        set_property(session, "scheme", schemes.dumps(scheme))
        set_property(session, "guidelines", guidelines)
    session.seal()


def set_property(session: Session, name: str, value: str) -> None:
    found = queries.property_of(session.store, name)
    with session.step(f"Change {name}"):
        session.put(Property(key=found.key if found else 0, name=name, value=value))


def set_private(session: Session, private: bool) -> None:
    """Keep a project out of the lists of recent projects, wherever it is opened, or let it in again."""
    with session.step("Keep out of the recent list" if private else "Let into the recent list"):
        set_property(session, "private", "yes" if private else "")


def add_span(
    session: Session,
    article: int,
    fragments: Sequence[Fragment],
    label: str,
    layer: str,
    attributes: dict[str, Any] | None = None,
) -> Span:
    """A new span in the layer of an annotator; the article counts as in progress from its first span on."""
    _known_label(session, label)
    quote = _quote(session, article, fragments)
    made = now()
    with session.step(f"Label {label}: {_short(quote)}"):
        span = session.put(
            Span(
                article=article, id=queries.free_span_id(session.store, article), start=fragments[0][0], end=fragments[-1][1], label=label,
                text=quote, fragments=tuple(fragments), attributes=attributes or {}, annotator=layer, created=made, changed=made,
            )
        )  # fmt: skip
        if queries.state(session.store, article, layer) == "todo":
            set_state(session, article, layer, "in_progress")
    return span


def apply_label(
    session: Session, article: int, start: int, end: int, label: str, layer: str, *, second: bool = False
) -> Span:
    """What a label key does to a stretch: a span of equal extent is relabelled, unless a second one is wanted."""
    equal = queries.equal_spans(session.store, article, layer, [(start, end)])
    same = next((span for span in equal if span.label == label), None)
    if same:
        return same
    if equal and not second:
        return relabel(session, equal[0].key, label)
    return add_span(session, article, [(start, end)], label, layer)


def add_fragment(session: Session, key: int, bounds: Fragment) -> Span:
    """Let a span cover one more stretch; what touches or overlaps becomes one fragment."""
    span = queries.span(session.store, key)
    joined: list[Fragment] = []
    for start, end in sorted((*span.fragments, bounds)):
        if joined and joined[-1][1] >= start:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return move_edges(session, key, joined)


def split_fragment(session: Session, key: int, position: int) -> Span:
    """Make the fragment at `position` a span of its own; the relations stay with the rest."""
    span = queries.span(session.store, key)
    apart = next((f for f in span.fragments if f[0] <= position <= f[1]), None)
    if len(span.fragments) < 2 or apart is None:
        raise UserError(
            "there is no fragment to split off here", "put the caret into one of several fragments"
        )
    with session.step(f"Split {span.label}: {_short(span.text)}"):
        move_edges(session, key, [fragment for fragment in span.fragments if fragment != apart])
        return add_span(session, span.article, [apart], span.label, span.annotator, dict(span.attributes))


def relabel(session: Session, key: int, label: str) -> Span:
    """Give a span another label. Attributes that the new label does not have stay stored."""
    _known_label(session, label)
    span = queries.span(session.store, key)
    if span.label == label:
        return span
    _no_twin(session, span, span.fragments, label)
    with session.step(f"Relabel {span.label} to {label}: {_short(span.text)}"):
        return session.put(_changed(span, label=label))


def move_edges(session: Session, key: int, fragments: Sequence[Fragment]) -> Span:
    """Give a span another extent."""
    span = queries.span(session.store, key)
    quote = _quote(session, span.article, fragments)
    if tuple(fragments) == span.fragments:
        return span
    _no_twin(session, span, fragments, span.label)
    moved = {"start": fragments[0][0], "end": fragments[-1][1], "fragments": tuple(fragments), "text": quote}
    with session.step(f"Move edges of {span.label}: {_short(quote)}"):
        return session.put(_changed(span, **moved))


def remove_span(session: Session, key: int) -> None:
    """Remove a span together with the relations that begin or end at it."""
    span = queries.span(session.store, key)
    with session.step(f"Remove {span.label}: {_short(span.text)}"):
        where = "article = ? AND ? IN (head, tail)"
        for relation in list(session.store.rows("relation", where, (span.article, span.id))):
            session.drop(relation)
        session.drop(span)


def set_attribute(session: Session, key: int, name: str, value: Any) -> Span:
    """Set an attribute of a span; None takes it away. A choice must be one of the scheme's values."""
    span = queries.span(session.store, key)
    label = queries.scheme(session.store).label(span.label)
    found = next((a for a in label.attributes if a.name == name), None) if label else None
    if found is None:
        raise UserError(f"{span.label} has no attribute {name!r}", "use one of the scheme's attributes")
    if value is not None and found.type == "choice" and value not in [choice.name for choice in found.values]:
        raise UserError(f"{value!r} is no value of {name}", "choose one of the scheme's values")
    attributes = {n: v for n, v in span.attributes.items() if n != name}
    if value is not None:
        attributes[name] = value
    with session.step(f"Set {name} of {span.label}: {_short(span.text)}"):
        return span if attributes == span.attributes else session.put(_changed(span, attributes=attributes))


def set_span_note(session: Session, key: int, note: str) -> Span:
    span = queries.span(session.store, key)
    with session.step(f"Note on {span.label}: {_short(span.text)}"):
        return span if note == span.note else session.put(_changed(span, note=note))


def set_article_note(session: Session, key: int, note: str) -> Article:
    article = queries.article(session.store, key)
    with session.step(f"Note on article: {_short(article.title)}"):
        return session.put(article.model_copy(update={"note": note}))


def set_flag(session: Session, key: int, flag: bool) -> Article:
    article = queries.article(session.store, key)
    with session.step(f"{'Flag' if flag else 'Unflag'} article: {_short(article.title)}"):
        return session.put(article.model_copy(update={"flag": flag}))


def set_state(session: Session, article: int, layer: str, state: State) -> None:
    """Set how far an annotator is with an article."""
    if state not in STATES:
        raise UserError(f"{state!r} is no status", f"use one of {', '.join(STATES)}")
    title = queries.article(session.store, article).title
    found = queries.status(session.store, article, layer)
    if found.state == state:
        return
    with session.step(f"Mark {state.replace('_', ' ')}: {_short(title)}"):
        session.put(found.model_copy(update={"state": state}))


def set_read_to(session: Session, article: int, layer: str, position: int) -> None:
    """Set the reading mark of an annotator: all before `position` was read. 0 takes it away.

    An article that was begun to be read is in progress; one that is done stays done.
    """
    there = queries.article(session.store, article)
    if not 0 <= position <= there.length:
        raise UserError("the reading mark lies outside the article", "put it inside the text")
    found = queries.status(session.store, article, layer)
    if position == found.read_to:
        return
    title = f"Read to {position:,}" if position else "Take back the reading mark"
    begun: State = "in_progress" if position and found.state == "todo" else found.state
    with session.step(f"{title.replace(',', ' ')}: {_short(there.title)}"):
        session.put(found.model_copy(update={"read_to": position, "state": begun}))


def add_relation(session: Session, head: int, tail: int, type: str) -> Relation:
    """Tie two spans of one article and layer; the type must be in the scheme."""
    a, b = queries.span(session.store, head), queries.span(session.store, tail)
    if queries.scheme(session.store).relation(type) is None:
        raise UserError(f"the scheme has no relation {type!r}", "choose one of its relation types")
    if a.key == b.key or a.article != b.article or a.annotator != b.annotator:
        raise UserError(
            "a relation ties two different labels of one article and annotator", "pick another label"
        )
    there = queries.relations(session.store, a.article)
    same = next(
        (r for r in there if (r.type, r.head, r.tail, r.annotator) == (type, a.id, b.id, a.annotator)), None
    )
    if same:
        return same
    name = next(free_ids("r", (relation.id for relation in there)))
    with session.step(f"Relate {type}: {_short(a.text)} → {_short(b.text)}"):
        return session.put(
            Relation(article=a.article, id=name, type=type, head=a.id, tail=b.id, annotator=a.annotator)
        )


def remove_relation(session: Session, relation: Relation) -> None:
    with session.step(f"Remove relation {relation.type}"):
        session.drop(relation)


def _changed(span: Span, **update: Any) -> Span:
    return span.model_copy(update={**update, "changed": now()})


def _no_twin(session: Session, span: Span, fragments: Sequence[Fragment], label: str) -> None:
    """Refuse what would make two equal spans in one layer."""
    for other in queries.equal_spans(session.store, span.article, span.annotator, fragments):
        if other.key != span.key and other.label == label:
            raise UserError(
                f"there is {_article(label)} {label} of exactly this extent already", "remove one of the two"
            )


def _known_label(session: Session, label: str) -> None:
    scheme = queries.scheme(session.store)
    if scheme.label(label) is None:
        names = ", ".join(found.name for found in scheme.labels)
        raise UserError(f"the scheme has no label {label!r}", f"use one of {names}")


def _quote(session: Session, article: int, fragments: Sequence[Fragment]) -> str:
    problem = check_fragments(fragments, queries.article(session.store, article).length)
    if problem:
        raise UserError(f"the span {problem}", "select a stretch of the text")
    return queries.quote(session.store, article, fragments[0][0], fragments[-1][1])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" else "a"
