"""Plain text in: one file, one article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from desktop import decoding
from desktop import text as texts
from desktop.bundle import RawArticle, Record, Report, build
from desktop.errors import UserError
from desktop.formats.base import ReadOptions


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The article in a text file. Raises UserError for a file that is not text or holds none."""
    data = path.read_bytes()
    try:
        decoded = decoding.decode(data, options.encoding)
    except UserError as error:
        raise UserError(error.message, error.hint, file=str(path), position=error.position) from None
    if decoded.guessed:
        report.guess(str(path), decoded.encoding)
    raw = RawArticle(decoded.text, str(path), "", fallback_title=texts.storable(path.stem))
    try:
        yield build(raw, options.annotator, report)
    except UserError as error:
        raise UserError(error.message, error.hint, file=str(path), position=error.position) from None
