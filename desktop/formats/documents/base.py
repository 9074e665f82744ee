"""What the readers of documents share: how large a file may be, and the way from its text to a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desktop import text as texts
from desktop.bundle import RawArticle, Record, Report, build
from desktop.errors import UserError
from desktop.formats.base import ReadOptions

LONGEST = 20_000_000
"""Bytes of text of one article: forty novels. More is no article, and would not fit the memory an import may take."""
LARGEST = 100_000_000
"""Bytes of a file that holds more than text: pictures, fonts, the furniture of a page."""


def load(path: Path, most: int = LONGEST, *, empty: bool = False) -> bytes:
    """The bytes of a file. Raises UserError for one that is larger than `most`, or holds nothing where it may not be `empty`."""
    size = path.stat().st_size
    if not size and not empty:
        raise UserError("the file is empty", "leave it out", file=str(path))
    if size > most:
        raise too_large(path, most)
    return path.read_bytes()


def too_large(path: Path, most: int, position: str = "") -> UserError:
    return UserError(
        f"this is larger than {most // 1_000_000} MB, too much for one article",
        "split it into articles",
        file=str(path),
        position=position,
    )


@contextmanager
def named(path: Path, position: str = "") -> Iterator[None]:
    """What goes wrong inside says in which file, and where in it if nothing knows better."""
    try:
        yield
    except UserError as error:
        raise UserError(
            error.message, error.hint, file=error.file or str(path), position=error.position or position
        ) from error


def record(
    text: str, path: Path, options: ReadOptions, report: Report, *, title: str | None = None,
    meta: Mapping[str, Any] | None = None, id: str | None = None, language: str | None = None, position: str = "",
    may_be_empty: bool = False,
) -> Record:  # fmt: skip
    """The article of a document. What its own metadata tell goes before what its text does.

    Raises UserError for a text that cannot be kept.
    """
    if len(text) > LONGEST:
        raise too_large(path, LONGEST, position)
    told = {name: value for name, value in (meta or {}).items() if value not in ("", None)}
    told["file"] = texts.storable(options.name or path.name)
    fallback = f"{path.stem} {position}" if position else path.stem
    raw = RawArticle(
        text, str(path), position, id=id, title=" ".join((title or "").split()) or None,
        fallback_title=texts.storable(fallback), language=language, meta=told, scraped=True,
        may_be_empty=may_be_empty,
    )  # fmt: skip
    return build(raw, options.annotator, report)
