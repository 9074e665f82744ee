"""Labelling, relabelling and unlabelling many places at once, each as one undoable step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from desktop import commands
from desktop.bundle import free_ids
from desktop.errors import UserError
from desktop.model import Span
from desktop.session import Session, now
from desktop.spans import check_fragments
from desktop.store import queries
from desktop.store.store import Store
from desktop.text import Bounds

Progress = Callable[[int, int], object]
Choice = tuple[Bounds, str]


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Outcome:
    """How many spans a step made, relabelled and removed, in how many articles; how many it left out for what reasons."""

    made: int = 0
    articles: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    relabelled: int = 0
    removed: int = 0


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
    _check_known(session.store, {name for found in places.values() for _, name in found})
    left_out: Counter[str] = Counter()
    plan: dict[int, list[Span]] = {}
    for done, (article, found) in enumerate(places.items(), 1):
        spans = _planned(session.store, article, found, layer, left_out)
        if spans:
            plan[article] = spans
        progress(done, 2 * len(places))
    with session.step(_title(plan)):
        _put(session, plan, layer, lambda done: progress(len(places) + done, 2 * len(places)))
    return Outcome(sum(map(len, plan.values())), len(plan), left_out)


def _check_known(store: Store, labels: Collection[str]) -> None:
    scheme = queries.scheme(store)
    unknown = next((name for name in labels if not scheme.label(name)), None)
    if unknown is not None:
        raise UserError(f"the scheme has no label {unknown!r}", "use one of its labels")


def _put(
    session: Session, plan: Mapping[int, Sequence[Span]], layer: str, progress: Callable[[int], object]
) -> None:
    for done, (article, spans) in enumerate(plan.items(), 1):
        for span in spans:
            session.put(span)
        if queries.state(session.store, article, layer) == "todo":
            commands.set_state(session, article, layer, "in_progress")
        progress(done)


def label_hits(
    session: Session,
    places: Mapping[int, Sequence[Bounds]],
    label: str,
    layer: str,
    of: str = "",
    progress: Progress = silent,
) -> Outcome:
    """What a label key does to each of these stretches, as one step: it is labelled, or what is on it is relabelled.

    `of` names the only label that may be relabelled. Left out and counted: what has that label already or several
    others, page furniture, articles that are gone. Raises UserError for a label that the scheme does not have.
    """
    _check_known(session.store, {label})
    left_out: Counter[str] = Counter()
    plan: dict[int, list[Span]] = {}
    relabelled = 0
    for done, (article, bounds) in enumerate(places.items(), 1):
        bare, spans = _sorted_out(session.store, article, bounds, label, layer, of, left_out)
        relabelled += len(spans)
        changed = [span.model_copy(update={"label": label, "changed": now()}) for span in spans]
        changed += _planned(session.store, article, [(place, label) for place in bare], layer, left_out)
        if changed:
            plan[article] = changed
        progress(done, 2 * len(places))
    with session.step(_title(plan, relabelled)):
        _put(session, plan, layer, lambda done: progress(len(places) + done, 2 * len(places)))
    made = sum(map(len, plan.values())) - relabelled
    return Outcome(made, len(plan), left_out, relabelled)


def _sorted_out(
    store: Store,
    article: int,
    bounds: Sequence[Bounds],
    label: str,
    layer: str,
    of: str,
    left_out: Counter[str],
) -> tuple[list[Bounds], list[Span]]:
    """Which of the stretches are to be labelled, and which spans relabelled; counts what is left out."""
    try:
        outside = queries.article(store, article).outside
    except UserError as error:
        left_out[error.message] += len(bounds)
        return [], []
    there, bare, spans = _spans_at(store, article, layer), [], []
    for start, end in dict.fromkeys(bounds):
        found = there.get((start, end), {})
        chosen = [key for key, name in found.items() if not of or name == of]
        if label in found.values():
            left_out["so labelled already"] += 1
        elif len(chosen) == 1:
            spans.append(queries.span(store, chosen[0]))
        elif found:
            left_out["with several labels" if chosen else "labelled otherwise meanwhile"] += 1
        elif any(low < end and start < high for low, high in outside):
            left_out["in page furniture"] += 1
        else:
            bare.append((start, end))
    return bare, spans


def _spans_at(store: Store, article: int, layer: str) -> dict[Bounds, dict[int, str]]:
    """The keys and labels of the spans of a layer, by the stretch they cover."""
    found: dict[Bounds, dict[int, str]] = {}
    rows = store.query(
        'SELECT key, start, "end", label FROM span WHERE article = ? AND annotator = ?', (article, layer)
    )
    for key, start, end, label in rows:
        found.setdefault((start, end), {})[key] = label
    return found


def remove_hits(
    session: Session,
    places: Mapping[int, Sequence[Bounds]],
    layer: str,
    of: str = "",
    progress: Progress = silent,
) -> Outcome:
    """Remove the spans that cover exactly these stretches (with `of`, those of that label), as one step."""
    left_out: Counter[str] = Counter()
    plan: dict[int, list[int]] = {}
    for article, bounds in places.items():
        there = _spans_at(session.store, article, layer)
        for place in dict.fromkeys(bounds):
            found = [key for key, name in there.get(place, {}).items() if not of or name == of]
            left_out["without a label"] += not found
            plan.setdefault(article, []).extend(found)
    plan = {article: keys for article, keys in plan.items() if keys}
    removed = sum(map(len, plan.values()))
    with session.step(f"Remove {removed} labels" + _where(len(plan))):
        for done, keys in enumerate(plan.values(), 1):
            for key in keys:
                commands.remove_span(session, key)
            progress(done, len(plan))
    return Outcome(0, len(plan), +left_out, 0, removed)


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


def _title(plan: Mapping[int, Sequence[Span]], relabelled: int = 0) -> str:
    """Label 7 × actor: Iraqi army; `relabelled` of them had another label."""
    labels = Counter(span.label for spans in plan.values() for span in spans)
    quotes = Counter(" ".join(span.text.split()) for spans in plan.values() for span in spans)
    if not quotes:
        return "Label nothing"
    counts = ", ".join(f"{count} × {label}" for label, count in labels.most_common())
    quote = quotes.most_common(1)[0][0]
    short = quote if len(quote) <= 40 else quote[:39] + "…"
    what = "Relabel" if relabelled else "Label"
    return f"{what} {counts}: {short}{_where(len(plan))}"


def _where(articles: int) -> str:
    return f" in {articles} articles" if articles > 1 else ""
