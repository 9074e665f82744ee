"""Tagline's lossless format: one JSON object per article and line, UTF-8, lines split with LF only.

Keys are written in the order of `_record`, inner keys of `attributes` and `meta` sorted, spans by (start, -end, id),
relations by id. Reading needs only `text`, and of a span `start`, `end` and `label`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from desktop.bundle import STATES, Bundle, RawArticle, RawRelation, RawSpan, Record, Report, build
from desktop.errors import UserError
from desktop.formats.base import Placed, Plan, ReadOptions
from desktop.formats.receipt import Receipt
from desktop.formats.strict import explain, load
from desktop.formats.texts import byte_lines
from desktop.model import Fragment, Relation, Span, State
from desktop.text import storable


class _Line(BaseModel):
    """One record as a file gives it; strict, so that "7" is not taken for 7."""

    model_config = ConfigDict(strict=True, extra="allow")

    text: str
    id: str | None = None
    title: str | None = None
    text_sha256: str | None = None
    language: str | None = None
    meta: dict[str, Any] = Field(default_factory=dict)
    note: str = ""
    flag: bool = False
    group: str | None = None
    outside: list[Any] = Field(default_factory=list)
    spans: list[Any] = Field(default_factory=list)
    relations: list[Any] = Field(default_factory=list)
    status: dict[str, Any] | None = None


class _SpanLine(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")

    start: int
    end: int
    label: str
    id: str | None = None
    text: str | None = None
    fragments: list[list[int]] | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)
    annotator: str | None = None
    note: str = ""
    created: str = ""
    changed: str = ""


class _RelationLine(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")

    type: str
    head: str
    tail: str
    id: str | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)
    annotator: str | None = None
    note: str = ""


@dataclass
class _Unknown:
    """Fields of spans and relations that no record has, counted over a file, with the first place of each."""

    places: dict[tuple[str, str], str] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, of: str, extra: dict[str, Any] | None, place: str) -> None:
        for name in extra or ():
            self.counts[of, name] += 1
            self.places.setdefault((of, name), place)

    def tell(self, file: str, report: Report) -> None:
        for (of, name), count in self.counts.items():
            reason = f"field {name!r} of a {of} is unknown: {count} left out; put it under `attributes`"
            report.skip(file, self.places[of, name], reason)


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The records of a file, one line at a time; a bad line is reported and passed over."""
    unknown = _Unknown()
    for number, line in byte_lines(path, report):
        data = (line or b"").removeprefix(b"\xef\xbb\xbf" if number == 1 else b"")
        if not data.strip():
            continue
        try:
            yield _parse(data, str(path), number, options, report, unknown)
        except UserError as error:
            hint = f"; {error.hint}" if error.hint else ""
            report.skip(str(path), f"line {number}", error.message + hint)
    unknown.tell(str(path), report)


def _parse(
    data: bytes, file: str, number: int, options: ReadOptions, report: Report, unknown: _Unknown
) -> Record:
    line = _line(data)
    record = build(_raw(line, file, f"line {number}", report, unknown), options.annotator, report)
    if line.text_sha256 and line.text_sha256 != record.article.text_sha256:
        report.clean(file, "text_sha256 that did not fit its text, made anew", 1)
    return record


def _line(data: bytes) -> _Line:
    try:
        return _Line.model_validate(load(data))
    except ValidationError as error:
        raise UserError(f"not a Tagline record: {explain(error)}", "correct the line") from None


def parse_raw(data: bytes, file: str, position: str, report: Report) -> RawArticle:
    """The article in one line, before its text is cleaned. Raises UserError for what is no record."""
    return _raw(_line(data), file, position, report, _Unknown())


def _raw(line: _Line, file: str, position: str, report: Report, unknown: _Unknown) -> RawArticle:
    extra = line.model_extra or {}
    for name, value in extra.items():
        if line.meta.get(name, value) != value:
            report.skip(
                file, position, f"field {name!r} is in `meta` too, with another value; rename one of them"
            )
        else:
            report.clean(file, f"field {name!r} kept as metadata", 1)
    return RawArticle(
        text=line.text, file=file, position=position, id=line.id or None, title=line.title or None,
        fallback_title=storable(f"{Path(file).stem} {position}"), language=line.language or None,
        meta={**extra, **line.meta}, note=line.note, flag=line.flag, group=line.group,
        outside=_outside(line, file, position, report), status=_status(line, file, position, report),
        spans=list(_raw_spans(line.spans, file, position, report, unknown)),
        relations=list(_raw_relations(line.relations, file, position, report, unknown)),
        # Whoever writes labels, or says what is outside, has prepared the text.
        scraped="outside" not in line.model_fields_set and not line.spans,
    )  # fmt: skip


def _outside(line: _Line, file: str, position: str, report: Report) -> tuple[Fragment, ...]:
    good: list[Fragment] = []
    for pair in line.outside:
        fits = isinstance(pair, list) and len(pair) == 2 and all(type(n) is int for n in pair)
        if fits and 0 <= pair[0] < pair[1] <= len(line.text) and (not good or good[-1][1] <= pair[0]):
            good.append((pair[0], pair[1]))
        else:
            report.skip(file, position, f"outside {pair!r} is no stretch of the text; correct it")
    return tuple(good)


def _status(line: _Line, file: str, position: str, report: Report) -> Mapping[str, State] | None:
    if line.status is None:
        return None
    for annotator, state in line.status.items():
        if state not in STATES:
            report.skip(
                file,
                position,
                f"status {state!r} of {annotator!r} is unknown; use one of {', '.join(STATES)}",
            )
    return {annotator: state for annotator, state in line.status.items() if state in STATES}


def _raw_spans(
    items: list[Any], file: str, position: str, report: Report, unknown: _Unknown
) -> Iterator[RawSpan]:
    for number, item in enumerate(items, 1):
        place = f"{position}, span {number}"
        try:
            span = _SpanLine.model_validate(item)
        except ValidationError as error:
            report.skip(file, place, f"span is not as it should be: {explain(error)}; correct it")
            continue
        unknown.add("span", span.model_extra, place)
        fragments = span.fragments if span.fragments is not None else [[span.start, span.end]]
        if (
            any(len(f) != 2 for f in fragments)
            or not fragments
            or (fragments[0][0], fragments[-1][1]) != (span.start, span.end)
        ):
            report.skip(
                file,
                place,
                f"fragments of span {span.start}–{span.end} do not begin and end with it; correct them",
            )
            continue
        yield RawSpan(
            span.label, tuple((f[0], f[1]) for f in fragments), place, span.id or None, span.text, span.attributes,
            span.annotator or None, span.note, span.created, span.changed,
        )  # fmt: skip


def _raw_relations(
    items: list[Any], file: str, position: str, report: Report, unknown: _Unknown
) -> Iterator[RawRelation]:
    for number, item in enumerate(items, 1):
        place = f"{position}, relation {number}"
        try:
            found = _RelationLine.model_validate(item)
        except ValidationError as error:
            report.skip(file, place, f"relation is not as it should be: {explain(error)}; correct it")
            continue
        unknown.add("relation", found.model_extra, place)
        yield RawRelation(
            found.type,
            found.head,
            found.tail,
            place,
            found.id or None,
            found.attributes,
            found.annotator or None,
            found.note,
        )


def dumps(record: Record) -> str:
    """One record as its line, without the line end."""
    return json.dumps(_record(record), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _record(record: Record) -> dict[str, Any]:
    article = record.article
    spans = sorted(record.spans, key=lambda span: (span.start, -span.end, span.id))
    return {
        "id": article.id,
        "title": article.title,
        "text": record.text,
        "text_sha256": article.text_sha256,
        "language": article.language,
        "meta": _sorted(article.meta),
        "note": article.note,
        "flag": article.flag,
        "group": article.group,
        "outside": article.outside,
        "spans": [_span(span) for span in spans],
        "relations": [_relation(relation) for relation in sorted(record.relations, key=lambda r: r.id)],
        "status": dict(sorted((record.status or {}).items())),
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "id": span.id, "start": span.start, "end": span.end, "label": span.label, "text": span.text,
        "fragments": span.fragments, "attributes": _sorted(span.attributes), "annotator": span.annotator,
        "note": span.note, "created": span.created, "changed": span.changed,
    }  # fmt: skip


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "id": relation.id, "type": relation.type, "head": relation.head, "tail": relation.tail,
        "attributes": _sorted(relation.attributes), "annotator": relation.annotator, "note": relation.note,
    }  # fmt: skip


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """`articles.jsonl`, or one file a split; every span goes out as it is."""
    receipt = Receipt("jsonl")
    with ExitStack() as stack:
        files = {
            name: stack.enter_context((folder / _file(name, plan)).open("w", encoding="utf-8", newline="\n"))
            for name in plan.names
        }
        for record in bundle:
            files[plan.split(record.article.id)].write(dumps(record) + "\n")
            receipt.articles += 1
            receipt.spans_in += len(record.spans)
    return receipt


def _file(split: str, plan: Plan) -> str:
    return f"{split}.jsonl" if plan.splits else "articles.jsonl"


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: parsed anew, the quoted text checked against the slice."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open("rb") as file:
            for line in file:
                given = from_json(line)
                text = given["text"]
                placed = Counter([
                    (span["label"], tuple(map(tuple, span["fragments"])))
                    for span in given["spans"]
                    if text[span["start"] : span["end"]] == span["text"]
                ])  # fmt: skip
                yield given["id"], placed
