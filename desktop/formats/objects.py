"""Files of JSON objects, read one object at a time: one a line, or the items of one array however it is laid out."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO, TypeVar

from pydantic import BaseModel, ValidationError

from desktop.bundle import RawArticle, Record, Report, build
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.strict import explain, load
from desktop.formats.texts import LONGEST, byte_lines

# Up to the next bracket that stands in no string.
_TO_BRACKET = re.compile(r'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+([{}\[\]])', re.DOTALL)
M = TypeVar("M", bound=BaseModel)
_CHUNK = 1024 * 1024
# So much of a file is looked at to know its format.
_LOOK = 8 * _CHUNK
Make = Callable[[dict[str, Any], str, Report], RawArticle | None]
"""An article of one object and its place in the file; None where it was left out, and the report says so."""


class ArrayFile:
    """A JSON array written with one item a line, so that it can be read back line by line."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._begun = False

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[ArrayFile]:
        """The array in a new file, complete once the block has ended."""
        with path.open("w", encoding="utf-8", newline="\n") as file:
            made = cls(file)
            yield made
            file.write("\n]\n" if made._begun else "[]\n")

    @staticmethod
    def lines(path: Path) -> Iterator[tuple[int, bytes]]:
        """The number and the JSON of each item of such a file."""
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                content = line.strip().removesuffix(b",")
                if content not in (b"[", b"]", b"[]", b""):
                    yield number, content

    def add(self, item: dict[str, Any] | str) -> None:
        """Append an item, given as itself or as its JSON on one line."""
        self._file.write(",\n" if self._begun else "[\n")
        self._file.write(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False))
        self._begun = True


def records(path: Path, options: ReadOptions, report: Report, make: Make) -> Iterator[Record]:
    """The articles of a file; an object that is none is reported and passed over."""
    for place, given in objects(path, report):
        try:
            raw = make(given, place, report)
            if raw:
                yield build(raw, options.annotator, report)
        except UserError as error:
            report.skip(str(path), place, f"{error.message}; {error.hint}" if error.hint else error.message)


def objects(path: Path, report: Report, most: int | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object with its place; what is no JSON is reported. After a fault in the brackets of an array nothing can be read.

    Raises UserError for an item of an array of more than `most` characters, or LONGEST.
    """
    for place, data in _lines(path, report) if _by_lines(path) else _items(path, report, most or LONGEST):
        try:
            yield place, load(data)
        except UserError as error:
            report.skip(str(path), place, f"{error.message}; {error.hint}")


def first_object(path: Path, head: bytes) -> dict[str, Any]:
    """The first object of a file that begins with `head`; empty where it is no JSON."""
    if head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        return {}
    try:
        return _first(path, path.stat().st_mtime_ns)
    except OSError:
        return {}


@lru_cache(maxsize=4)
def _first(path: Path, _changed: int) -> dict[str, Any]:
    try:
        return next((given for _, given in objects(path, Report(), _LOOK)), {})
    except UserError:  # whoever reads the file will say what is wrong with it
        return {}


def _by_lines(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix.lower() != ".json" and not file.read(64).removeprefix(
            codecs.BOM_UTF8
        ).lstrip().startswith(b"[")


def _lines(path: Path, report: Report) -> Iterator[tuple[str, bytes]]:
    for number, line in byte_lines(path, report):
        data = (line or b"").removeprefix(codecs.BOM_UTF8 if number == 1 else b"")
        if data.strip():
            yield f"line {number}", data


def _items(path: Path, report: Report, most: int) -> Iterator[tuple[str, str]]:
    """The objects that stand in one array, or one after the other, as texts."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    text, position, start, depth, count = "", 0, 0, 0, 0
    base = -1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                text += decoder.decode(chunk)
            except UnicodeDecodeError as error:
                byte = file.tell() - len(chunk) + error.start
                raise UserError(
                    "this is not UTF-8", "save the file as UTF-8", file=str(path), position=f"byte {byte}"
                ) from None
            while match := _TO_BRACKET.match(text, position):
                position = match.end()
                opens = match[1] in "{["
                if base < 0:
                    base = 1 if match[1] == "[" else 0
                if opens and depth == base:
                    start = position - 1
                depth += 1 if opens else -1
                if not opens and depth == base:
                    count += 1
                    yield f"item {count}", text[start:position]
            keep = start if depth > base >= 0 else position
            text, position, start = text[keep:], position - keep, 0
            if len(text) > most:
                raise UserError(
                    f"item {count + 1} has more than {most >> 20} MB",
                    "part it into several",
                    file=str(path),
                )
    if depth > 0:
        report.skip(str(path), f"item {count + 1}", "the file ends before it is closed; complete it")


def valid(
    kind: type[M], items: Any, what: str, file: str, place: str, report: Report, *, first: int = 1
) -> list[tuple[str, M]]:
    """Those of `items` that are of that kind, with their places, numbered from `first`; the others are reported."""
    made = []
    given = items if isinstance(items, list) else [] if items is None else [items]
    for number, item in enumerate(given, first):
        where = f"{place}, {what} {number}"
        try:
            made.append((where, kind.model_validate(item)))
        except ValidationError as error:
            report.skip(file, where, f"{what} is not as it should be: {explain(error)}; correct it")
    return made
