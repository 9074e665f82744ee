"""What every format file speaks of: how to read, how articles are shared out, what was found on reading back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop.bundle import Bundle, Record, Report
from desktop.formats.receipt import Receipt
from desktop.model import Fragment, Scheme

Placed = tuple[str, tuple[Fragment, ...]]
"""The label and the fragments of a span as a consumer of the written files finds it."""

HEAD = 65536
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class ReadOptions:
    """`annotator` for spans that name none; `encoding` for plain text (None: found out), `encodings` for single files by
    the name that reports give them.

    `beside` are the other files that belong to the one read, as the format's `gather` put them together. `name` is that
    of the file inside what is imported: "folder/day/a.txt", "a.zip/a.txt". `columns` say which column of a table is which
    field of an article (the empty field leaves the column out), `remembered` what was said of tables with the same columns.
    """

    annotator: str
    encoding: str | None = None
    beside: tuple[Path, ...] = ()
    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    encodings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """What a format leaves to whoever exports: `about` is the sentence shown, the first of `values` holds unasked."""

    name: str
    about: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The scheme of an export, the split of each article by its id, and the values chosen for the format's options.

    Without splits all articles are `train`; an option not in `options` has its first value. `widen`: whether flat layers beside
    exact spans take those that cut a token, to its bounds.
    """

    scheme: Scheme
    splits: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    widen: bool = True

    def split(self, article: str) -> str:
        return self.splits.get(article, "train")

    def option(self, option: Option) -> str:
        return self.options.get(option.name, option.values[0])

    @property
    def names(self) -> tuple[str, ...]:
        """The splits in use, in their fixed order; an empty one is not written."""
        used = set(self.splits.values()) or {"train"}
        return tuple(name for name in SPLITS if name in used)


Files = tuple[Path, ...]
"""Files that are read as one; the first is the one to open, the others go into `ReadOptions.beside`."""

Reader = Callable[[Path, ReadOptions, Report], Iterator[Record]]
Sniff = Callable[[Path, bytes], bool]
"""Whether a file of that name whose first HEAD bytes are these is of the format."""
Gather = Callable[[Sequence[Path]], Iterator[Files]]
"""Of all files of an import, those of the format that belong together."""
Writer = Callable[[Path, Bundle, Plan], Receipt]
ReadBack = Callable[[Path, Bundle, Plan], Iterator[tuple[str, Counter[Placed]]]]


@dataclass(frozen=True)
class Format:
    """A file format: `about` is the sentence shown to people, `read` and `write` are absent where it goes one way.

    A file is of the first format whose `sniff` knows its content, else of the one that has its suffix; `gather` comes
    before both, for formats that spread articles over several files. `options` are what the writer lets people choose.
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
    options: tuple[Option, ...] = ()
    sniff: Sniff | None = None
    gather: Gather | None = None
