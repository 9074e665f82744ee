"""What every format file speaks of: how to read, how articles are shared out, what was found on reading back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop.bundle import Bundle, Record, Report
from desktop.formats.receipt import Receipt
from desktop.model import Fragment, Scheme

Placed = tuple[str, tuple[Fragment, ...]]
"""The label and the fragments of a span as a consumer of the written files finds it."""

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class ReadOptions:
    """`annotator` for spans that name none; `encoding` for plain text (None: found out)."""

    annotator: str
    encoding: str | None = None


@dataclass(frozen=True)
class Plan:
    """The scheme of an export and the split of each article by its id; without splits all articles are `train`."""

    scheme: Scheme
    splits: Mapping[str, str] = field(default_factory=dict)

    def split(self, article: str) -> str:
        return self.splits.get(article, "train")

    @property
    def names(self) -> tuple[str, ...]:
        """The splits in use, in their fixed order; an empty one is not written."""
        used = set(self.splits.values()) or {"train"}
        return tuple(name for name in SPLITS if name in used)


Reader = Callable[[Path, ReadOptions, Report], Iterator[Record]]
Writer = Callable[[Path, Bundle, Plan], Receipt]
ReadBack = Callable[[Path, Bundle, Plan], Iterator[tuple[str, Counter[Placed]]]]


@dataclass(frozen=True)
class Format:
    """A file format: `about` is the sentence shown to people, `read` and `write` are absent where it goes one way.

    `read_back` parses what `write` wrote, knowing no more than a consumer would, and yields for each article id
    the spans found in it.
    """

    id: str
    name: str
    about: str
    suffixes: tuple[str, ...] = ()
    read: Reader | None = None
    write: Writer | None = None
    read_back: ReadBack | None = None
