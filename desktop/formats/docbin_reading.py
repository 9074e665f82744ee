"""spaCy's DocBin in: each Doc an article, its entities and all its span groups as spans.

What `docbin.write` put into `doc.user_data` comes back from there; a file from elsewhere has only texts and spans. Tags, lemmas
and parses are not kept, and are counted in the report.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from desktop.bundle import RawArticle, RawRelation, RawSpan, Record, Report, build
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.docbin import REST
from desktop.model import State
from desktop.text import storable

if TYPE_CHECKING:
    from spacy.tokens import Doc

# Bytes; spaCy holds the whole of a file in memory, several times over.
_LARGEST = 1 << 30
_LOST = ("TAG", "POS", "MORPH", "LEMMA", "DEP")


class _Span(BaseModel):
    model_config = ConfigDict(strict=True)

    annotator: str | None = None
    attributes: dict[str, Any] = {}
    note: str = ""


class _Relation(BaseModel):
    model_config = ConfigDict(strict=True)

    id: str | None = None
    type: str
    head: str
    tail: str
    attributes: dict[str, Any] = {}
    note: str = ""


class _Rest(BaseModel):
    """What stands in `doc.user_data["tagline"]`."""

    model_config = ConfigDict(strict=True)

    group: str | None = None
    meta: dict[str, Any] = {}
    status: dict[str, State] | None = None
    spans: dict[str, _Span] = {}
    relations: list[_Relation] = []


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The articles of a `.spacy` file. Raises UserError for a file that spaCy cannot load."""
    file = str(path)
    docs = _docs(path)
    for number in count(1):
        position = f"doc {number}"
        try:
            doc = next(docs, None)
            if doc is None:
                return
            raw = _raw(doc, file, position, report)
        except UserError:
            raise
        except Exception as error:  # spaCy trusts its files: a damaged one breaks it anywhere
            raise UserError(f"spaCy cannot load this: {' '.join(str(error).split())}", "write it again with spaCy 3",
                            file=file, position=position) from None  # fmt: skip
        try:
            yield build(raw, options.annotator, report)
        except UserError as error:
            report.skip(file, position, f"{error.message}; {error.hint}")


def _docs(path: Path) -> Iterator[Doc]:
    from spacy.tokens import DocBin  # 0.7 s, paid only by this format  # noqa: PLC0415
    from spacy.vocab import Vocab  # noqa: PLC0415

    data = path.read_bytes()
    unpacking, size, rest = zlib.decompressobj(), 0, data
    while rest and size <= _LARGEST:
        size += len(unpacking.decompress(rest, 1 << 20))
        rest = unpacking.unconsumed_tail
    if size > _LARGEST:
        raise UserError(
            f"unpacked, the file has more than {_LARGEST >> 20} MB",
            "write it as several smaller ones",
            file=str(path),
        )
    yield from DocBin().from_bytes(data).get_docs(Vocab())


def _raw(doc: Doc, file: str, position: str, report: Report) -> RawArticle:
    given = {name: _string(doc.user_data.get(name)) for name in ("id", "title", "language", "annotator")}
    rest = _rest(doc, file, position, report)
    lost = [name for name in _LOST if doc.has_annotation(name)]
    if lost:
        report.clean(file, f"{', '.join(lost)} of tokens left out", len(doc))
    spans = list(_spans(doc, rest.spans, given["annotator"], file, position, report))
    relations = [
        RawRelation(
            r.type, r.head, r.tail, f"{position}, relation {number}", r.id, r.attributes, None, r.note
        )
        for number, r in enumerate(rest.relations, 1)
    ]
    return RawArticle(
        doc.text, file, position, given["id"], given["title"], storable(f"{Path(file).stem} {position}"),
        given["language"], {**({"cats": dict(doc.cats)} if doc.cats else {}), **rest.meta}, group=rest.group,
        status=rest.status, spans=spans, relations=relations,
    )  # fmt: skip


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _rest(doc: Doc, file: str, position: str, report: Report) -> _Rest:
    try:
        return _Rest.model_validate_json(doc.user_data.get(REST, "{}"))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = f"doc.user_data[{REST!r}] is damaged ({place} {first['msg']}); its spans come in without it"
        report.skip(file, position, reason)
        return _Rest()


def _spans(
    doc: Doc, more: Mapping[str, _Span], annotator: str | None, file: str, position: str, report: Report
) -> Iterator[RawSpan]:
    """Those of all groups and of doc.ents; what several groups hold alike comes once."""
    seen: set[tuple[str, int, int]] = set()
    for key, group in {**doc.spans, "ents": doc.ents}.items():
        here = set()
        for number, span in enumerate(group, 1):
            place = f"{position}, {key} {number}"
            if not (0 <= span.start < span.end <= len(doc)) or not span.label_:
                report.skip(file, place, "span without a label or outside the text; correct it")
                continue
            first, last = doc[span.start], doc[span.end - 1]
            found = (span.label_, first.idx, last.idx + len(last))
            here.add(found)
            if found not in seen:
                own = more.get(span.id_, _Span())
                yield RawSpan(
                    found[0], (found[1:],), place, span.id_ or None, attributes=own.attributes,
                    annotator=own.annotator or annotator, note=own.note,
                )  # fmt: skip
        seen |= here
