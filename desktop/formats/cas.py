"""UIMA CAS XMI (https://uima.apache.org/d/uimaj-current/references.html#ugr.ref.xmi), as INCEpTION reads it.

`TypeSystem.xml` and `<split>/<name>.xmi`. The spans are annotations of INCEpTION's generic layer `custom.Span` with the
features `label`, `id`, `note` and one a attribute; fragments of one span share its `id`. Relations are `custom.Relation` from
`Governor` to `Dependent`. INCEpTION passes over layers that it does not know, so its project must import the type system
first. Offsets are UTF-16 units in the files; dkpro-cassis converts them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import regex

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats.base import Placed, Plan
from desktop.formats.names import Unique, ascii_slug, file_name
from desktop.formats.receipt import Receipt
from desktop.model import Fragment, Relation, Span

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

TYPES = "TypeSystem.xml"
SPAN, RELATION = "custom.Span", "custom.Relation"
HEAD, TAIL = "Governor", "Dependent"
DOCUMENT = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
# Descriptions of features: by these, not by their names, are they known again.
ID, NOTE, ANNOTATOR, ATTRIBUTE = "Tagline id", "Tagline note", "Tagline annotator", "Tagline attribute: "
_DOCUMENT_FEATURES = ("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri")
_RESERVED = ("label", "id", "note", "annotator", "begin", "end", "sofa", "type", "self", "class", HEAD, TAIL)
# What XML 1.0 cannot hold (section 2.2); article texts never have it, notes and attributes may.
_ILLEGAL = regex.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Features:
    """The feature of each attribute, of spans and of relations."""

    spans: Mapping[str, str]
    relations: Mapping[str, str]


def features(bundle: Bundle) -> Features:
    """A feature for every attribute in use."""
    spans: set[str] = set()
    relations: set[str] = set()
    for record in bundle:
        spans.update(name for span in record.spans for name in span.attributes)
        relations.update(name for relation in record.relations for name in relation.attributes)
    return Features(_identifiers(spans), _identifiers(relations))


def _identifiers(names: Iterable[str]) -> dict[str, str]:
    """UIMA takes letters, digits and `_` (references, 2.1.3); no two that differ in case alone are made here."""
    unique = Unique("_")
    for name in _RESERVED:
        unique(name)
    return {name: unique(_identifier(name)) for name in sorted(names)}


def _identifier(name: str) -> str:
    slug = ascii_slug(name).replace("-", "_").lstrip("_")
    return slug if slug[:1].isalpha() else f"a_{slug}"


def type_system(named: Features) -> TypeSystem:
    """The types that the files use, with INCEpTION's own document type."""
    from cassis import TypeSystem  # 0.13 s and lxml, paid only by this format  # noqa: PLC0415

    made = TypeSystem()
    document = made.create_type(DOCUMENT, "uima.tcas.DocumentAnnotation")
    for name in _DOCUMENT_FEATURES:
        made.create_feature(document, name, "uima.cas.String")
    made.create_feature(document, "isLastSegment", "uima.cas.Boolean")
    span = made.create_type(
        SPAN, description="Spans marked in Tagline; those of one id are fragments of one."
    )
    relation = made.create_type(RELATION, description=f"Relations marked in Tagline, from {HEAD} to {TAIL}.")
    for name in (HEAD, TAIL):
        made.create_feature(relation, name, span)
    for kind, attributes in ((span, named.spans), (relation, named.relations)):
        made.create_feature(kind, "label", "uima.cas.String")
        for name, what in (("id", ID), ("note", NOTE), ("annotator", ANNOTATOR)):
            made.create_feature(kind, name, "uima.cas.String", description=what)
        for attribute, feature in attributes.items():
            made.create_feature(
                kind, feature, "uima.cas.String", description=f"{ATTRIBUTE}{_legal(attribute)}"
            )
    return made


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """The type system and a file an article in `folder`; every span and relation goes out."""
    named = features(bundle)
    types = type_system(named)
    types.to_xml(folder / TYPES)
    for split in plan.names:
        (folder / split).mkdir()
    receipt = Receipt("cas", notes={"files": {}, "renamed": _renamed(named), "relations_left_out": 0})
    unique = Unique()
    for record in bundle:
        stem = unique(file_name(record.article.id))
        if stem != record.article.id:
            receipt.notes["files"][record.article.id] = stem
        path = folder / plan.split(record.article.id) / f"{stem}.xmi"
        _cas(record, types, named, receipt).to_xmi(path, pretty_print=True)
        receipt.articles += 1
        receipt.spans_in += len(record.spans)
    return receipt


def _renamed(named: Features) -> dict[str, str]:
    return {
        name: slug for group in (named.spans, named.relations) for name, slug in group.items() if name != slug
    }


def _cas(record: Record, types: TypeSystem, named: Features, receipt: Receipt) -> Cas:
    from cassis import Cas  # noqa: PLC0415

    made, article = Cas(types), record.article
    made.sofa_string, made.sofa_mime = record.text, "text/plain"
    document = types.get_type(DOCUMENT)
    made.add(document(
        begin=0, end=len(record.text), language=article.language or "x-unspecified", isLastSegment=False,
        documentTitle=_legal(article.title), documentId=_legal(article.id),
    ))  # fmt: skip
    first: dict[str, Any] = {}
    for span in sorted(record.spans, key=lambda span: (span.start, -span.end, span.id)):
        values = _values(span, span.label, named.spans)
        for start, end in span.fragments:
            annotation = types.get_type(SPAN)(begin=start, end=end, **values)
            first.setdefault(span.id, annotation)
            made.add(annotation)
    for relation in sorted(record.relations, key=lambda relation: relation.id):
        if relation.head in first and relation.tail in first:
            head, tail = first[relation.head], first[relation.tail]
            ends = {HEAD: head, TAIL: tail}
            values = _values(relation, relation.type, named.relations)
            # INCEpTION anchors a relation at its end.
            made.add(types.get_type(RELATION)(begin=tail.begin, end=tail.end, **ends, **values))
        else:
            receipt.notes["relations_left_out"] += 1
    return made


def _values(item: Span | Relation, label: str, names: Mapping[str, str]) -> dict[str, str]:
    made = {"label": _legal(label), "id": _legal(item.id), "annotator": _legal(item.annotator)}
    if item.note:
        made["note"] = _legal(item.note)
    for name, value in sorted(item.attributes.items()):
        if value is not None:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
            made[names[name]] = _legal(text)
    return made


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: every file loaded by dkpro-cassis, its text compared with the article's.

    Raises UserError for a text that is not the article's.
    """
    from cassis import load_cas_from_xmi, load_typesystem  # noqa: PLC0415

    types = load_typesystem(folder / TYPES)
    label_of = {_legal(label.name): label.name for label in plan.scheme.labels}
    for split in sorted(plan.names):
        unique = Unique()
        for record in bundle:
            stem = unique(file_name(record.article.id))
            if plan.split(record.article.id) != split:
                continue
            cas = load_cas_from_xmi(folder / split / f"{stem}.xmi", types)
            if cas.sofa_string != record.text:
                raise UserError("the file does not hold the article's text", "export again into a new folder",
                                file=f"cas/{split}/{stem}.xmi")  # fmt: skip
            (document,) = cas.select(DOCUMENT)
            spans: dict[tuple[str, str], list[Fragment]] = {}
            for found in cas.select(SPAN):
                spans.setdefault((found.id, found.label), []).append((found.begin, found.end))
            placed = Counter((label_of[label], tuple(sorted(places))) for (_, label), places in spans.items())
            yield document.documentId, placed
