"""The articles of an import, read once and kept on disk until the import writes them or is given up.

So a look at what would come in costs the reading only once: another choice reads again only the files it touches. Labelled
data, whose reading is cheap and which may be far larger than its texts, is kept only where `labelled` asks for it.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
import weakref
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from desktop import columns
from desktop.bundle import Bundle, Record, Report
from desktop.formats.base import ReadOptions
from desktop.model import Scheme
from desktop.sites import Census, Repeated
from desktop.sources import Found, Progress, Source, find_sources, records

# Bytes of records on disk; what does not fit is read again when it is imported.
_ROOM = 512_000_000
_SPARE = 2_000_000_000
_MOST_SHOWN = 200


@dataclass(slots=True)
class _Kept:
    """Where the records of a source lie, and what of the choices mattered for reading it."""

    place: int
    encoding: str | None
    tables: tuple[str, ...] = ()
    labelled: bool = False


class Shelf:
    """`read` as often as the choices change, then `bundle`."""

    def __init__(self, *, labelled: bool = False) -> None:
        self._labelled = labelled
        self._found: Found | None = None
        self._searched = Report()
        self._kept: dict[int, _Kept] = {}
        self._options = ReadOptions("")
        self._file: IO[bytes] | None = None
        self._full = False
        self._repeated: Repeated | None = None
        self._done = 0

    def read(
        self, paths: Sequence[Path], options: ReadOptions, format: str | None = None,
        progress: Progress = lambda done: None,
    ) -> None:  # fmt: skip
        """Find the files, the first time, and read those that these options read otherwise than before.

        `progress` hears how many articles are read and may raise Cancelled; what was read until then is kept.
        """
        if self._found is None:
            self._searched = Report()
            self._found = find_sources(paths, self._searched, format, progress)
        self._done = 0
        for number, source in enumerate(self._found.sources):
            if self._keeps(source) and not self._still_good(number, source, options):
                self._keep(number, source, options, progress)
        self._options = options

    def bundle(self, report: Report, progress: Progress = lambda done: None) -> Bundle:
        """The articles as they were read; iterating tells the report what reading them told."""
        assert self._found
        found = self._found
        if self._repeated is None:
            self._repeated = self._count_lines(progress)
        repeated = self._repeated
        absorb(report, self._searched)

        def iterate() -> Iterator[Record]:
            for number, source in enumerate(found.sources):
                for record in self._of(number, source, report):
                    yield repeated.put_outside(record, report)

        return Bundle(iterate, found.scheme)

    @property
    def scheme(self) -> Scheme | None:
        """The scheme that came with the files."""
        return self._found.scheme if self._found else None

    def paths_of(self, shown: Collection[str]) -> dict[str, Path]:
        """The files on disk that reports call by these names."""
        if not self._found or not shown:
            return {}
        named = ((self._searched.shown(str(source.path)), source.path) for source in self._found.sources)
        return {name: path for name, path in named if name in shown}

    def _keeps(self, source: Source) -> bool:
        return not self._full and (self._labelled or is_document(source))

    def _still_good(self, number: int, source: Source, options: ReadOptions) -> bool:
        kept = self._kept.get(number)
        return (
            kept is not None
            and kept.encoding == self._encoding(source, options)
            and not (kept.labelled and options.annotator != self._options.annotator)
            and all(options.remembered.get(one) == self._options.remembered.get(one) for one in kept.tables)
            and options.columns == self._options.columns
        )

    def _encoding(self, source: Source, options: ReadOptions) -> str | None:
        if not options.encodings:
            return options.encoding
        return options.encodings.get(self._searched.shown(str(source.path)), options.encoding)

    def _keep(self, number: int, source: Source, options: ReadOptions, progress: Progress) -> None:
        told = self._searched.fresh()
        labelled = False
        place = self._end()
        for record in records(source, options, told):
            if not self._put(record):
                return
            labelled = labelled or bool(record.spans)
            self._done += 1
            progress(self._done)
        if self._put(told, last=True):
            tables = tuple(columns.signature(row["header"]) for row in told.columns)
            self._kept[number] = _Kept(place, self._encoding(source, options), tables, labelled)
            self._repeated = None

    def _end(self) -> int:
        """Where the next source will lie."""
        try:
            return self._open().seek(0, 2)
        except OSError:  # there is no room for temporary files
            self._full = True
            return 0

    def _put(self, item: Record | Report, *, last: bool = False) -> bool:
        """Write behind what is kept; tells whether there was room for it. On a disk that is full nothing stays kept."""
        if self._full:
            return False
        try:
            file = self._open()
            pickle.dump(item, file, pickle.HIGHEST_PROTOCOL)
            if last:
                file.flush()
            self._full = file.tell() > _ROOM
        except OSError:
            self._full = True
            self._kept.clear()
            self._repeated = None
            return False
        return last or not self._full

    def _open(self) -> IO[bytes]:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="tagline-")  # noqa: SIM115  # closed when the shelf goes
            weakref.finalize(self, self._file.close)
            self._full = shutil.disk_usage(tempfile.gettempdir()).free < _SPARE
        return self._file

    def _of(self, number: int, source: Source, report: Report) -> Iterator[Record]:
        """The records of a source: those kept, else it is read."""
        kept = self._kept.get(number)
        if kept is None:
            yield from records(source, self._options, report)
            return
        file = self._open()
        file.seek(kept.place)
        while isinstance(item := pickle.load(file), Record):  # our own file, which nobody else sees
            place = file.tell()
            yield item
            file.seek(place)
        absorb(report, item)

    def _count_lines(self, progress: Progress) -> Repeated:
        census = Census()
        assert self._found
        for number, source in enumerate(self._found.sources):
            kept = self._kept.get(number)
            if kept and not kept.labelled:
                for record in self._of(number, source, Report()):
                    census.see(record)
                    progress(self._done)
        return census.repeated()


def is_document(source: Source) -> bool:
    """Whether its format is for what people read, without labels: those are the ones that are only read."""
    return source.format.write is None


def absorb(report: Report, part: Report) -> None:
    """Add what reading a part of an import told to the account of the whole."""
    if len(report.columns) > _MOST_SHOWN:  # of a hundred thousand tables nobody looks at the first rows
        for row in part.columns:
            row["rows"] = []
    for name in (
        "duplicates",
        "skipped",
        "cleaned",
        "empty",
        "guessed",
        "mapped",
        "columns",
        "similar",
        "repeated",
    ):
        getattr(report, name).extend(getattr(part, name))
    for row in part.formats:
        known = next((own for own in report.formats if own["format"] == row["format"]), None)
        if known:
            known["files"] += row["files"]
        else:
            report.formats.append(dict(row))
    for what, count in part.found.items():
        report.found[what] = report.found.get(what, 0) + count
    report.names.update(part.names)
