"""Everything that lies under some paths as one bundle, for tests that read files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from desktop.bundle import Bundle, Record, Report
from desktop.formats.base import ReadOptions
from desktop.sources import Progress, find_sources, records


def open_bundle(
    paths: Sequence[Path], options: ReadOptions, report: Report, format: str | None = None,
    progress: Progress = lambda done: None,
) -> Bundle:  # fmt: skip
    """The articles in files, folders and archives. What cannot be read is listed in the report; the rest comes."""
    found = find_sources(paths, report, format, progress)

    def iterate() -> Iterator[Record]:
        for source in found.sources:
            yield from records(source, options, report)

    return Bundle(iterate, found.scheme)
