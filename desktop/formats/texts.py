"""Text files for the formats that are made of text: decoded as plain text is, an error naming the file and place."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from desktop import decoding
from desktop.bundle import Report
from desktop.errors import UserError
from desktop.formats.base import ReadOptions

# Bytes of one line; what is longer is no line that a person or a program wrote, and must not fill the memory.
LONGEST = 64 * 1024 * 1024
_CHUNK = 1024 * 1024


def text_of(path: Path, options: ReadOptions, report: Report) -> str:
    """The text of a file; an encoding that is only a guess is told to the report.

    Raises UserError for what is no text, or too large to be held as a whole.
    """
    if path.stat().st_size > LONGEST:
        raise UserError(
            f"the file is larger than {LONGEST >> 20} MB, too much to be read as a whole",
            "part it; a file of columns may be as large as you like in UTF-8",
            file=str(path),
        )
    try:
        decoded = decoding.decode(path.read_bytes(), options.encoding)
    except UserError as error:
        raise UserError(error.message, error.hint, file=str(path), position=error.position) from None
    if decoded.guessed:
        report.guess(str(path), decoded.encoding)
    return decoded.text


def lines_of(path: Path, options: ReadOptions, report: Report) -> Iterator[str]:
    """The lines of a text file with their ends, parted at LF only. UTF-8 is read line by line, what is not as a whole."""
    if options.encoding is None and _is_utf8(path):
        for _, line in byte_lines(path, report):
            yield "" if line is None else line.decode()
    else:
        yield from io.StringIO(text_of(path, options, report), newline="\n")


def byte_lines(path: Path, report: Report) -> Iterator[tuple[int, bytes | None]]:
    """The number and bytes of each line with its end; None, and a line in the report, for one that is too long."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST):
            number += 1
            if len(line) < LONGEST or line.endswith(b"\n"):
                yield number, line
                continue
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST)
            report.skip(
                str(path),
                f"line {number}",
                f"the line has more than {LONGEST >> 20} MB; part it into several",
            )
            yield number, None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if b"\0" in chunk:
                    return False
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
