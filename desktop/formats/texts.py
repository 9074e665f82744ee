"""Text files for the formats that are read whole: decoded as plain text is, an error naming the file."""

from __future__ import annotations

from pathlib import Path

from desktop import decoding
from desktop.bundle import Report
from desktop.errors import UserError
from desktop.formats.base import ReadOptions


def text_of(path: Path, options: ReadOptions, report: Report) -> str:
    """The text of a file; an encoding that is only a guess is told to the report. Raises UserError for what is no text."""
    try:
        decoded = decoding.decode(path.read_bytes(), options.encoding)
    except UserError as error:
        raise UserError(error.message, error.hint, file=str(path), position=error.position) from None
    if decoded.guessed:
        report.guess(str(path), decoded.encoding)
    return decoded.text
