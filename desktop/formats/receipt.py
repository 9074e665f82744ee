"""What a format did with every span: the receipt of an export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from desktop.model import Fragment, Span


@dataclass(frozen=True)
class Entry:
    """One span that was left out, or written with moved edges (`fragments`: where it was written)."""

    article: str
    span: str
    label: str
    reason: str
    text: str
    fragments: tuple[Fragment, ...] = ()


@dataclass
class Receipt:
    """The account of one format: `spans_in = spans_out + left_out`; `changed` are among those out.

    `labels` counts what went in by label, so that the same holds for each of them.
    """

    format: str
    articles: int = 0
    spans_in: int = 0
    left_out: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    verified: bool = False
    labels: Counter[str] = field(default_factory=Counter)

    @property
    def spans_out(self) -> int:
        return self.spans_in - len(self.left_out)

    def by_label(self) -> list[dict[str, Any]]:
        """What went in, came out, was left out and changed of each label, in the order of the alphabet."""
        gone, moved = (Counter(entry.label for entry in entries) for entries in (self.left_out, self.changed))
        return [
            {"label": label, "spans_in": count, "spans_out": count - gone[label], "left_out": gone[label],
             "changed": moved[label]}
            for label, count in sorted(self.labels.items())
        ]  # fmt: skip

    def leave_out(self, article: str, span: Span, reason: str) -> None:
        self.left_out.append(Entry(article, span.id, span.label, reason, span.text))

    def change(self, article: str, span: Span, reason: str, fragments: tuple[Fragment, ...]) -> None:
        self.changed.append(Entry(article, span.id, span.label, reason, span.text, fragments))


def totals(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Entries counted by reason and label, in a fixed order."""
    counts = Counter((entry.reason, entry.label) for entry in entries)
    return [
        {"reason": reason, "label": label, "count": count}
        for (reason, label), count in sorted(counts.items())
    ]
