"""A CAS file loaded by dkpro-cassis: which type system belongs to it, and what cassis passes over without an error."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import regex

from desktop.bundle import Report
from desktop.errors import UserError
from desktop.formats.base import Files, ReadOptions
from desktop.formats.cas import TYPES

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

_BAD_OFFSET = regex.compile(r"Not mapping external offset \[(-?\d+)\]")
_UNKNOWN_TYPE = regex.compile(r"Type with name \[([^\]]+)\]")
MEND = "export it again as UIMA CAS XMI, with its type system"


def sniff(path: Path, head: bytes) -> bool:
    """XMI names its schema at the top; CAS JSON begins with its types."""
    return b"http://www.omg.org/XMI" in head[:4096] or regex.match(rb'\s*\{\s*"%TYPES"', head) is not None


def gather(paths: Sequence[Path]) -> Iterator[Files]:
    """Each XMI file with the type system nearest above it."""
    systems = {path.parent: path for path in paths if path.name == TYPES}
    for path in paths:
        if path.suffix.lower() == ".xmi":
            near = next((systems[folder] for folder in path.parents if folder in systems), None)
            yield (path, near) if near else (path,)


def load(path: Path, options: ReadOptions, report: Report) -> tuple[Cas, set[int]]:
    """The CAS, and the ids of annotations whose offsets are no places in its text.

    Raises UserError for a file that has no type system or that cassis cannot load.
    """
    data = path.read_bytes()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cas = _cas(data, path, options)
    said = [str(warning.message) for warning in caught]
    unknown = Counter(match[1] for text in said if (match := _UNKNOWN_TYPE.search(text)))
    for name, count in sorted(unknown.items()):
        report.skip(str(path), "", f"the type {name} is not in {TYPES}: {count} left out; {MEND}")
    offsets = {int(match[1]) for text in said if (match := _BAD_OFFSET.search(text))}
    return cas, _at(data, offsets) if offsets else set()


def _cas(data: bytes, path: Path, options: ReadOptions) -> Cas:
    from cassis import load_cas_from_json, load_cas_from_xmi  # 0.13 s and lxml  # noqa: PLC0415

    types = b"" if _is_json(data) else _beside(path, options).read_bytes()
    try:
        if not types:
            return load_cas_from_json(BytesIO(data))
        return load_cas_from_xmi(BytesIO(data), _types(types), lenient=True)
    except Exception as error:  # cassis trusts its files: a damaged one breaks it anywhere
        what = " ".join(f"{type(error).__name__} {error}".split())
        raise UserError(f"dkpro-cassis cannot load this: {what}", MEND, file=str(path)) from None


def _is_json(data: bytes) -> bool:
    return data.lstrip()[:1] == b"{"


def _beside(path: Path, options: ReadOptions) -> Path:
    near = (folder / TYPES for folder in list(path.parents)[:2])
    found = next(
        (other for other in (*options.beside, *near) if other.name == TYPES and other.is_file()), None
    )
    if not found:
        raise UserError(f"there is no {TYPES} beside it or above it", MEND, file=str(path))
    return found


@lru_cache(maxsize=4)
def _types(data: bytes) -> TypeSystem:
    """The type system in a file: all of one export are the same, and take longer to load than a text."""
    from cassis import load_typesystem  # noqa: PLC0415

    return load_typesystem(BytesIO(data))


def _at(data: bytes, offsets: set[int]) -> set[int]:
    """The ids of annotations that begin or end at one of `offsets`, which cassis leaves as they are."""
    from lxml import etree  # noqa: PLC0415

    if _is_json(data):
        rows = [(fs["%ID"], fs.get("begin"), fs.get("end")) for fs in json.loads(data)["%FEATURE_STRUCTURES"]]
    else:
        elements = (element for _, element in etree.iterparse(BytesIO(data)))
        rows = [(e.get("{http://www.omg.org/XMI}id"), e.get("begin"), e.get("end")) for e in elements]
    return {int(name) for name, *ends in rows if any(end is not None and int(end) in offsets for end in ends)}
