"""What an import would bring, before it is done: the first articles as they will look, languages, names to decide about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from desktop import decoding
from desktop.bundle import Record, Report
from desktop.mapping import Unknown, Used
from desktop.model import Scheme

FIRST = 20
_LONGEST = 20_000
_SHOWN = 400
_MOST_GUESSES = 200


@dataclass(frozen=True)
class Glimpse:
    """The beginning of an article as it will look; `fate` is "new", "there" (its labels come in) or "changed"."""

    record: Record
    text: str
    fate: str


@dataclass(frozen=True)
class Guess:
    """A file whose encoding is a guess: the encodings that can read what is shown of it, the guess first, and those bytes."""

    file: str
    encoding: str
    choices: Sequence[str]
    data: bytes


@dataclass
class Preview:
    """Filled record by record while an import is tried out; `annotator` is whose labels they are where the files do not say."""

    annotator: str = ""
    scheme: Scheme = field(default_factory=lambda: Scheme(scheme="", labels=()))
    guesses: list[Guess] = field(default_factory=list)
    annotators: Counter[str] = field(default_factory=Counter)
    report: Report = field(default_factory=Report)
    first: list[Glimpse] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    unknown: list[Unknown] = field(default_factory=list)
    used: Used = field(default_factory=Used)

    def see(self, record: Record, fate: str) -> None:
        self.used.see(record)
        self.annotators.update(span.annotator for span in record.spans)
        self.languages[record.article.language or ""] += 1
        if len(self.first) < FIRST:
            # Of labels only the names are of interest, and a text may be twenty megabytes long.
            short = Record(
                record.article, "", given_id=record.given_id, file=record.file, position=record.position,
                found=record.found,
            )  # fmt: skip
            self.first.append(Glimpse(short, record.text[:_LONGEST], fate))

    def look_at_bytes(self, paths_of: Callable[[Collection[str]], dict[str, Path]]) -> None:
        """Keep a stretch of each file whose encoding is a guess, so that others can be tried on it."""
        rows = [row for row in self.report.guessed if "encoding" in row][:_MOST_GUESSES]
        paths = paths_of({row["file"] for row in rows})
        for row in rows:
            data = decoding.telling_bytes(paths[row["file"]]) if row["file"] in paths else b""
            if data:
                able = [name for name in decoding.ENCODINGS if decoding.reads(data, name, whole=False)]
                choices = list(dict.fromkeys((row["encoding"], *able)))
                self.guesses.append(Guess(row["file"], row["encoding"], choices, data))

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
