"""What an import would bring, before it is done: the first articles as they will look, languages, names to decide about."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from desktop.bundle import Record, Report
from desktop.mapping import Unknown, Used

FIRST = 20
_LONGEST = 20_000
_SHOWN = 400


@dataclass(frozen=True)
class Glimpse:
    """The beginning of an article as it will look; `fate` is "new", "there" (its labels come in) or "changed"."""

    record: Record
    text: str
    fate: str


@dataclass
class Preview:
    """Filled record by record while an import is tried out."""

    report: Report = field(default_factory=Report)
    first: list[Glimpse] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    unknown: list[Unknown] = field(default_factory=list)
    used: Used = field(default_factory=Used)

    def see(self, record: Record, fate: str) -> None:
        self.used.see(record)
        self.languages[record.article.language or ""] += 1
        if len(self.first) < FIRST:
            # Of labels only the names are of interest, and a text may be twenty megabytes long.
            short = Record(
                record.article, "", given_id=record.given_id, file=record.file, position=record.position
            )
            self.first.append(Glimpse(short, record.text[:_LONGEST], fate))

    def as_json(self) -> dict[str, Any]:
        """The object that `--dry-run --json` prints: that of the import, and what only a preview has."""
        return {
            **asdict(self.report),
            "languages": dict(self.languages.most_common()),
            "unknown": [
                {"kind": one.name.kind, "name": str(one.name), "count": one.count, "example": one.example,
                 "proposal": one.proposal}
                for one in self.unknown
            ],
            "first": [self._glimpse(glimpse) for glimpse in self.first],
        }  # fmt: skip

    def _glimpse(self, glimpse: Glimpse) -> dict[str, Any]:
        article = glimpse.record.article
        return {
            "file": self.report.shown(glimpse.record.file), "position": glimpse.record.position, "fate": glimpse.fate,
            "id": article.id, "title": article.title, "language": article.language, "characters": article.length,
            "meta": article.meta, "outside": article.outside, "text": glimpse.text[:_SHOWN],
        }  # fmt: skip
