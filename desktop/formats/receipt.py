"""What a format did with every span: the receipt of an export."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from desktop.model import Fragment, Span
from desktop.scratch import Pile


class Entry(NamedTuple):
    """One span that was left out, or written with moved edges (`fragments`: where it was written); `was` is its place."""

    article: str
    span: str
    label: str
    reason: str
    text: str
    fragments: tuple[Fragment, ...] = ()
    was: tuple[Fragment, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As `--json` and receipt.json have it."""
        return {
            "article": self.article, "span": self.span, "label": self.label, "reason": self.reason,
            "text": self.text, "fragments": self.fragments,
        }  # fmt: skip


def entry(article: str, span: Span, reason: str, fragments: tuple[Fragment, ...] = ()) -> Entry:
    return Entry(article, span.id, span.label, reason, span.text, fragments, span.fragments)


class Entries(Pile[Entry]):
    """Entries in the order they came, to be iterated any number of times; `counts` are by (reason, label)."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[tuple[str, str]] = Counter()

    def append(self, entry: Entry) -> None:
        """Raises UserError where there is no room for temporary files."""
        self.counts[entry.reason, entry.label] += 1
        super().append(entry)

    def by_label(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for (_, label), count in self.counts.items():
            found[label] += count
        return found

    def totals(self) -> list[dict[str, Any]]:
        """Counted by reason and label, in a fixed order."""
        return [
            {"reason": reason, "label": label, "count": count}
            for (reason, label), count in sorted(self.counts.items())
        ]


@dataclass
class Flat:
    """What is in the files, but in none of their flat layers, or there with other edges."""

    left_out: Entries = field(default_factory=Entries)
    changed: Entries = field(default_factory=Entries)


@dataclass
class Receipt:
    """The account of one format: `spans_in = spans_out + left_out`; `changed` are among those out.

    `labels` counts what went in by label, so that the same holds for each of them. `flat` tells, by the name of its note, of the
    flat layers that a format has beside its spans. Entries come in the order of the articles.
    """

    format: str
    articles: int = 0
    spans_in: int = 0
    left_out: Entries = field(default_factory=Entries)
    changed: Entries = field(default_factory=Entries)
    flat: dict[str, Flat] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    verified: bool = False
    labels: Counter[str] = field(default_factory=Counter)

    @property
    def spans_out(self) -> int:
        return self.spans_in - len(self.left_out)

    def by_label(self) -> list[dict[str, Any]]:
        """What went in, came out, was left out and changed of each label, in the order of the alphabet."""
        gone, moved = self.left_out.by_label(), self.changed.by_label()
        return [
            {"label": label, "spans_in": count, "spans_out": count - gone[label], "left_out": gone[label],
             "changed": moved[label]}
            for label, count in sorted(self.labels.items())
        ]  # fmt: skip

    def not_flat(self) -> list[dict[str, Any]]:
        """What is among the spans but in no flat layer (tag columns, doc.ents), counted by reason and label."""
        return [row for flat in self.flat.values() for row in flat.left_out.totals()]

    def flat_changed(self) -> list[dict[str, Any]]:
        """What is in a flat layer with other edges than among the spans, counted by reason and label."""
        return [row for flat in self.flat.values() for row in flat.changed.totals()]

    def leave_out(self, article: str, span: Span, reason: str) -> None:
        self.left_out.append(entry(article, span, reason))

    def change(self, article: str, span: Span, reason: str, fragments: tuple[Fragment, ...]) -> None:
        self.changed.append(entry(article, span, reason, fragments))
