"""Plain text in: one file, one article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from desktop import decoding
from desktop.bundle import Record, Report
from desktop.formats.base import ReadOptions
from desktop.formats.documents.base import load, named, record


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The article in a text file. Raises UserError for a file that is not text."""
    with named(path):
        decoded = decoding.decode(load(path, empty=True), options.encoding)
        if decoded.guessed:
            report.guess(str(path), decoded.encoding, sample=decoding.sample(decoded.text))
        yield record(decoded.text, path, options, report, may_be_empty=True)
