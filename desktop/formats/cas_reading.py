"""UIMA CAS in: XMI with its TypeSystem.xml, and CAS JSON, as INCEpTION, WebAnno and DKPro write them.

An annotation becomes a span. Its label is its feature `label`, of a named entity `value`, else the name of its layer; other
features become attributes. Layers with `Governor` and `Dependent`, slots and references become relations. The article is known
by the document's name, the annotator by INCEpTION's user, so that the files of several annotators meet on one article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop.bundle import RawArticle, RawRelation, RawSpan, Record, Report, build, free_ids
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.cas import ANNOTATOR, ATTRIBUTE, DOCUMENT, HEAD, ID, NOTE, TAIL
from desktop.formats.cas_loading import load
from desktop.model import Fragment
from desktop.text import storable

if TYPE_CHECKING:
    from cassis import Cas

_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
_ENTITY = f"{_DKPRO}ner.type.NamedEntity"
# Every text has them, and Tagline makes its own.
_SEGMENTS = {f"{_DKPRO}segmentation.type.Token", f"{_DKPRO}segmentation.type.Sentence"}
_TEXT = "uima.tcas.DocumentAnnotation"
# What programs make of a text, not people: counted, not kept.
_LINGUISTIC = (f"{_DKPRO}segmentation.", f"{_DKPRO}lexmorph.", f"{_DKPRO}syntax.")
_INTERNAL = "de.tudarmstadt.ukp.clarin.webanno.api.type."
_USER = f"{_INTERNAL}CASMetadata"
# INCEpTION's name for what nobody has worked on.
_NOBODY = {"INITIAL_CAS", "INITIAL_SET"}
_BASE = {"begin", "end", "sofa", HEAD, TAIL}
_FIELDS = {ID: "id", NOTE: "note", ANNOTATOR: "annotator"}


@dataclass
class _Values:
    """What the features of an annotation say."""

    label: str
    id: str = ""
    note: str = ""
    annotator: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Piece:
    """A span: an annotation, or all those of one id; `number` is the CAS's own id of the first."""

    number: int
    fragments: list[Fragment]
    values: _Values
    name: str = ""


class _Feature(NamedTuple):
    """A feature of a type: how to get it, and the field of `_Values` it fills or, of an attribute, the attribute's name."""

    feature: str
    field: str
    attribute: str = ""


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The article of a CAS. Raises UserError for a file that cannot be loaded or has no text."""
    cas, wrong = load(path, options, report)
    yield build(_Reading(cas, path, wrong, report).article(), options.annotator, report)


class _Reading:
    """One CAS on its way to an article; what it leaves out is counted in the report."""

    def __init__(self, cas: Cas, path: Path, wrong: set[int], report: Report) -> None:
        self._path, self._wrong, self._report = path, wrong, report
        views = [view.sofa for view in cas.views if view.sofa.sofaString is not None]
        texts = [sofa for sofa in views if sofa.sofaString] or views[:1]
        if not texts:
            raise UserError("the CAS has no text", "export it again", file=str(path))
        self._view, self._types = cas.get_view(texts[0].sofaID), cas.typesystem
        self._pieces: dict[int, _Piece] = {}
        self._by_id: dict[tuple[str, str], _Piece] = {}
        self._features: dict[str, list[_Feature]] = {}
        # References from one annotation to another: the number of the first, what it is called, the second.
        self._links: list[tuple[int, str, Any]] = []
        self._lost = Counter({"views but the first": len(texts) - 1})

    def article(self) -> RawArticle:
        """Everything in the CAS that Tagline keeps."""
        arrows = []
        for found in self._annotations():
            if {HEAD, TAIL} <= {feature.name for feature in found.type.all_features}:
                arrows.append(found)
            else:
                self._add(found)
        name, title, annotator = self._document()
        spans = self._spans(annotator)
        relations = [*self._arrows(arrows), *self._references()]
        for what, count in sorted((+self._lost).items()):
            self._report.clean(str(self._path), f"{what} left out", count)
        return RawArticle(
            self._view.sofa_string, str(self._path), "", name, title, storable(self._path.stem), self._language(),
            spans=spans, relations=relations,
        )  # fmt: skip

    def _annotations(self) -> Iterator[Any]:
        """Those that people make, by their numbers, so that equal files are read alike."""
        for found in sorted(self._view.select_all_fs(), key=lambda fs: fs.xmiID):
            kind = found.type.name
            if kind in _SEGMENTS or kind.startswith(_INTERNAL) or self._types.is_instance_of(kind, _TEXT):
                continue
            if kind.startswith(_LINGUISTIC) or not self._types.is_instance_of(kind, "uima.tcas.Annotation"):
                self._lost[_short(kind)] += 1
            else:
                yield found

    def _add(self, found: Any) -> None:
        if found.xmiID in self._wrong:
            reason = "begins or ends outside the text or inside a character; correct its offsets"
            self._report.skip(str(self._path), _place(found), reason)
            return
        values = self._values(found)
        key = (values.id, values.label)
        piece = (self._by_id.get(key) if values.id else None) or _Piece(found.xmiID, [], values)
        piece.fragments.append((found.begin, found.end))
        self._pieces[found.xmiID] = self._by_id[key] = piece

    def _values(self, found: Any) -> _Values:
        made = _Values(_short(found.type.name))
        for feature in self._features_of(found.type):
            value = found[feature.feature]
            if feature.attribute:
                self._attribute(found, feature.attribute, value, made.attributes)
            elif isinstance(value, str) and value:
                setattr(made, feature.field, value)
        return made

    def _features_of(self, kind: Any) -> list[_Feature]:
        if kind.name not in self._features:
            entity = self._types.contains_type(_ENTITY) and self._types.is_instance_of(kind.name, _ENTITY)
            label = "value" if entity else "label"
            own = (feature for feature in kind.all_features if feature.name not in _BASE)
            self._features[kind.name] = [_feature(feature, label) for feature in own]
        return self._features[kind.name]

    def _attribute(self, found: Any, name: str, value: Any, attributes: dict[str, Any]) -> None:
        """The value of a feature, if it has one, as an attribute; references are put aside."""
        if value is None:
            return
        if isinstance(value, str | int | float):
            attributes[name] = _plain(value)
            return
        for item in value.elements or () if hasattr(value, "elements") else (value,):
            if isinstance(item, str | int | float):
                attributes.setdefault(name, []).append(_plain(item))
            elif item is not None:
                # A slot of INCEpTION is a structure of its own that names a role and a target.
                self._links.append(
                    (found.xmiID, getattr(item, "role", None) or name, getattr(item, "target", item))
                )

    def _spans(self, annotator: str | None) -> list[RawSpan]:
        pieces = list({id(piece): piece for piece in self._pieces.values()}.values())
        for piece in pieces:
            piece.fragments.sort()
        pieces.sort(key=lambda p: (p.fragments[0][0], -p.fragments[-1][1], p.values.label, p.number))
        fresh = free_ids("s", [piece.values.id for piece in pieces])
        made = []
        for piece in pieces:
            values = piece.values
            piece.name = values.id or next(fresh)
            made.append(RawSpan(
                values.label, tuple(piece.fragments), f"annotation {piece.number}", piece.name, None, values.attributes,
                values.annotator or annotator, values.note,
            ))  # fmt: skip
        return made

    def _arrows(self, arrows: Iterable[Any]) -> Iterator[RawRelation]:
        for found in arrows:
            head, tail = (self._name(found[end]) for end in (HEAD, TAIL))
            if head and tail:
                values = self._values(found)
                yield RawRelation(values.label, head, tail, _place(found), values.id or None, values.attributes, None, values.note)  # fmt: skip
            else:
                self._report.skip(
                    str(self._path), _place(found), "relation between what is no span; add its ends"
                )

    def _references(self) -> Iterator[RawRelation]:
        for number, what, target in self._links:
            head, tail = self._pieces.get(number), self._name(target)
            if head and tail:
                yield RawRelation(what, head.name, tail, f"annotation {number}")
            else:
                self._lost[f"references {what}"] += 1

    def _name(self, found: Any) -> str | None:
        piece = self._pieces.get(getattr(found, "xmiID", None) or 0)
        return piece.name if piece else None

    def _document(self) -> tuple[str | None, str | None, str | None]:
        """Id, title and annotator. INCEpTION writes the document's name as the title and the user as the id."""
        about, user = self._first(DOCUMENT), self._first(_USER)
        name, annotator = _given(user, "sourceDocumentName"), _given(user, "username")
        title, own = _given(about, "documentTitle"), _given(about, "documentId")
        folders = {folder.name for folder in list(self._path.parents)[:2]}
        if (
            title
            and own != title
            and ((_given(about, "documentUri") or "").endswith(f"/{title}") or title in folders)
        ):
            name, annotator = name or title, annotator or own
        if name:
            return name, None, None if annotator in _NOBODY else annotator
        return own, title, None

    def _language(self) -> str | None:
        found = _given(self._first(_TEXT), "language")
        return None if found == "x-unspecified" else found

    def _first(self, kind: str) -> Any:
        return next(iter(self._view.select(kind)), None) if self._types.contains_type(kind) else None


def _given(found: Any, feature: str) -> str | None:
    return getattr(found, feature, None) or None


def _short(kind: str) -> str:
    return kind.rsplit(".", maxsplit=1)[-1]


def _place(found: Any) -> str:
    return f"annotation {found.xmiID}"


def _plain(value: str | float) -> str | float:
    """JSON has no number for NaN and the infinite ones."""
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _feature(feature: Any, label: str) -> _Feature:
    said = feature.description or ""
    if said in _FIELDS:
        return _Feature(feature.name, _FIELDS[said])
    if feature.name == label:
        return _Feature(feature.name, "label")
    # cassis calls features `type_` and `self_` that Python has other uses for.
    name = feature.name.removesuffix("_") if feature.name in ("type_", "self_") else feature.name
    return _Feature(feature.name, "", said.removeprefix(ATTRIBUTE) if said.startswith(ATTRIBUTE) else name)
