"""Which articles and spans an export takes: by status, date and source, by annotator and label, whole or as examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.bundle import Bundle, Record
from desktop.datasets import origin
from desktop.datasets.examples import FURNITURE, Cut, cut
from desktop.datasets.options import ExportOptions
from desktop.formats.receipt import Entries, Entry
from desktop.model import State

OTHER_STATUS = "another status"
OTHER_LABEL = "label not chosen"
NO_TEXT = "no text"


@dataclass
class Picked:
    """The account of what was taken for one layer (None: all layers), of all that the project has in it.

    `spans_in = spans_out + left_out`, where `left_out` counts by (reason, label); `listed` names those that were not left
    out on purpose. `owner` gives the article of each example.
    """

    layer: str | None
    articles_in: int = 0
    articles_out: int = 0
    articles_left_out: Counter[str] = field(default_factory=Counter)
    examples: int = 0
    spans_in: int = 0
    spans_out: int = 0
    relations_left_out: int = 0
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    listed: Entries = field(default_factory=Entries)
    owner: dict[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As `--json` and receipt.json have it."""
        return {
            "layer": self.layer,
            "articles_in": self.articles_in,
            "articles_out": self.articles_out,
            "articles_left_out": dict(sorted(self.articles_left_out.items())),
            "examples": self.examples,
            "spans_in": self.spans_in,
            "spans_out": self.spans_out,
            "left_out": [
                {"reason": reason, "label": label, "count": count}
                for (reason, label), count in sorted(self.left_out.items())
            ],
            "relations_left_out": self.relations_left_out,
            "spans": (entry.plain() for entry in self.listed),
        }


def article_reason(record: Record, options: ExportOptions) -> str:
    """Why an article is not taken, "" if it is."""
    meta = record.article.meta
    day = origin.day(meta) if options.since or options.until else None
    return reason_of(
        (record.status or {}).values(), day, origin.source(meta) if options.sources else None, options
    )


def reason_of(states: Iterable[State], day: str | None, source: str | None, options: ExportOptions) -> str:
    """Why an article with these states, of that day and source, is not taken, "" if it is."""
    # An article that nobody has begun has no status yet.
    if options.status is not None and options.status not in (set(states) or {"todo"}):
        return OTHER_STATUS
    if options.since or options.until:
        if not day:
            return "no date"
        if not (options.since or day) <= day <= (options.until or day):
            return "another date"
    if options.sources and (source or "").casefold() not in {name.casefold() for name in options.sources}:
        return "another source"
    return ""


def of_layer(record: Record, layer: str | None) -> Record:
    """The record with what belongs to one annotator."""
    if layer is None:
        return record
    return replace(
        record,
        spans=tuple(span for span in record.spans if span.annotator == layer),
        relations=tuple(relation for relation in record.relations if relation.annotator == layer),
        status={name: state for name, state in (record.status or {}).items() if name == layer},
    )


def of_labels(record: Record, labels: tuple[str, ...]) -> Record:
    """The record with the spans of these labels (none named: all), and the relations between them."""
    if not labels:
        return record
    spans = tuple(span for span in record.spans if span.label in labels)
    ids = {span.id for span in spans}
    ties = tuple(r for r in record.relations if {r.head, r.tail} <= ids)
    return replace(record, spans=spans, relations=ties)


def pick(bundle: Bundle, layer: str | None, options: ExportOptions) -> Bundle:
    """The records that a format is given: articles, or the examples made of them."""

    def iterate() -> Iterator[Record]:
        for record in bundle:
            mine = of_layer(record, layer)
            if not article_reason(mine, options):
                kept = of_labels(mine, options.labels)
                yield from cut(kept, options.unit, furniture=options.furniture).examples

    return replace(bundle, iterate=iterate)


def account(record: Record, options: ExportOptions, picked: Picked) -> Record | None:
    """Write down in `picked` what becomes of one record; returns it with what is taken, None where nothing is."""
    mine = of_layer(record, picked.layer)
    picked.articles_in += 1
    picked.spans_in += len(mine.spans)
    reason = article_reason(mine, options)
    kept = of_labels(mine, options.labels)
    made = Cut([], []) if reason else cut(kept, options.unit, furniture=options.furniture)
    if reason or not made.examples:
        bare = FURNITURE if mine.article.outside and not options.furniture else NO_TEXT
        picked.articles_left_out[reason or bare] += 1
    if reason:
        picked.left_out.update((reason, span.label) for span in mine.spans)
    else:
        gone = {span.id for span in mine.spans} - {span.id for span in kept.spans}
        picked.left_out.update((OTHER_LABEL, span.label) for span in mine.spans if span.id in gone)
    for span, why in made.left_out:
        picked.left_out[why, span.label] += 1
        picked.listed.append(Entry(mine.article.id, span.id, span.label, why, span.text))
    relations = tuple(relation for example in made.examples for relation in example.relations)
    picked.relations_left_out += len(mine.relations) - len(relations)
    picked.articles_out += bool(made.examples)
    picked.examples += len(made.examples)
    picked.owner |= {e.article.id: mine.article.id for e in made.examples if e.article.id != mine.article.id}
    if not made.examples:
        return None
    spans = tuple(span for example in made.examples for span in example.spans)
    picked.spans_out += len(spans)
    return replace(mine, spans=spans, relations=relations)
