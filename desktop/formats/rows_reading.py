"""Tagline's own Hugging Face folders and Parquet tables in: the rows of `rows`, from JSON lines or from Parquet.

The names of labels and relation types that are written as numbers stand in the folder's README.md. Values of attributes come
back as text, whatever they were. The flat tags are not read: `spans` has every span.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from desktop.bundle import STATES, RawArticle, RawRelation, RawSpan, Record, Report, build
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.objects import first_object, objects, valid
from desktop.formats.parquet import read_rows
from desktop.formats.strict import check, explain, load
from desktop.text import storable

_FEATURE = re.compile(r'^ {2}- (\{"name": "(?:spans|relations)".*\})$', re.MULTILINE)
_README = 1 << 20


class _Pair(BaseModel):
    name: str
    value: str | None = None


class _Place(BaseModel):
    start: int
    end: int


class _Span(BaseModel):
    model_config = ConfigDict(strict=True)

    label: int | str
    start: int
    end: int
    id: str | None = None
    text: str | None = None
    fragments: list[_Place] = []
    attributes: list[_Pair] = []
    annotator: str | None = None
    note: str | None = None


class _Relation(BaseModel):
    model_config = ConfigDict(strict=True)

    type: int | str
    head: str
    tail: str
    id: str | None = None
    attributes: list[_Pair] = []
    annotator: str | None = None
    note: str | None = None


class _Row(BaseModel):
    model_config = ConfigDict(strict=True)

    text: str
    spans: list[Any]
    id: str | None = None
    title: str | None = None
    language: str | None = None
    group: str | None = None
    status: str | None = None
    relations: list[Any] = []
    meta: str | None = None


class _NoNameError(UserError):
    """A number for a label or relation type, and nothing that says what it stands for."""


@dataclass(frozen=True)
class _Names:
    """The names of labels and of relation types by their numbers."""

    labels: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


def sniff(path: Path, head: bytes) -> bool:
    given = first_object(path, head)
    return all(name in given for name in ("text", "spans", "tokens", "token_start", "token_end"))


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The articles of one file of rows. Raises UserError for numbers that no README.md names, or a broken Parquet file."""
    names = _names(path)
    for place, given in _tables(path) if path.suffix.lower() == ".parquet" else objects(path, report):
        try:
            yield build(_article(given, str(path), place, names, options, report), options.annotator, report)
        except _NoNameError as error:  # it would be the same for every row
            raise UserError(error.message, error.hint, file=str(path), position=place) from None
        except ValidationError as error:
            report.skip(
                str(path),
                place,
                f"not a row that Tagline wrote: {explain(error)}; import it as a table, or correct it",
            )
        except UserError as error:
            report.skip(str(path), place, f"{error.message}; {error.hint}")


def _tables(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    import duckdb  # 0.2 s, paid only by this format  # noqa: PLC0415

    try:
        for number, row in enumerate(read_rows(path), 1):
            yield f"row {number}", row
    except duckdb.Error:
        raise UserError(
            "this is no Parquet file that can be read", "export it again", file=str(path)
        ) from None


def _names(path: Path) -> _Names:
    """The names that README.md declares, in the folder of the file or above `data`; none where there is none."""
    readme = next(
        (f / "README.md" for f in (path.parent, path.parent.parent) if (f / "README.md").is_file()), None
    )
    if readme is None:
        return _Names()
    try:
        with readme.open(encoding="utf-8", errors="replace") as file:
            declared = [json.loads(match) for match in _FEATURE.findall(file.read(_README))]
        found = {feature["name"]: {inner["name"]: inner for inner in feature["list"]} for feature in declared}
        return _Names(_classes(found, "spans", "label"), _classes(found, "relations", "type"))
    except (ValueError, LookupError, TypeError, AttributeError):
        return _Names()  # a README of somebody else's


def _classes(found: Mapping[str, Any], column: str, name: str) -> tuple[str, ...]:
    dtype = found.get(column, {}).get(name, {}).get("dtype")
    return tuple(dtype["class_label"]["names"].values()) if isinstance(dtype, dict) else ()


def _named(value: int | str, names: tuple[str, ...]) -> str:
    if isinstance(value, str):
        return value
    if not 0 <= value < len(names):
        raise _NoNameError(
            f"no name is declared for number {value}", "keep the README.md of the data beside it"
        )
    return names[value]


def _article(
    given: dict[str, Any], file: str, place: str, names: _Names, options: ReadOptions, report: Report
) -> RawArticle:
    check({name: value for name, value in given.items() if name != "published"})
    row = _Row.model_validate(given)
    meta = load(row.meta) if row.meta else {}
    spans = [
        RawSpan(
            _named(span.label, names.labels), tuple((f.start, f.end) for f in span.fragments) or ((span.start, span.end),), where,
            span.id, span.text, {pair.name: pair.value for pair in span.attributes}, span.annotator, span.note or "",
        )
        for where, span in valid(_Span, row.spans, "span", file, place, report)
    ]  # fmt: skip
    relations = [
        RawRelation(
            _named(tie.type, names.types), tie.head, tie.tail, where, tie.id,
            {pair.name: pair.value for pair in tie.attributes}, tie.annotator, tie.note or "",
        )
        for where, tie in valid(_Relation, row.relations, "relation", file, place, report)
    ]  # fmt: skip
    annotator = next((span.annotator for span in spans if span.annotator), options.annotator)
    state = next((state for state in STATES if state == row.status), None)
    return RawArticle(
        row.text, file, place, row.id, row.title, storable(f"{Path(file).stem} {place}"), row.language,
        meta, group=row.group, status={annotator: state} if state else None, spans=spans, relations=relations,
    )  # fmt: skip
