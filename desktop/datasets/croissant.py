"""croissant.json: the dataset's files and columns for programs, as JSON-LD (Croissant 1.0, docs.mlcommons.org/croissant)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from desktop import __version__
from desktop.formats.base import SPLITS
from desktop.model import Scheme

# The context that the specification gives; its validator warns of any other.
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    **{
        name: f"cr:{name}"
        for name in (
            "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format",
            "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
            "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
        )
    },
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}  # fmt: skip
_TYPES = {
    ".jsonl": "application/jsonlines", ".json": "application/json", ".csv": "text/csv", ".tsv": "text/tab-separated-values",
    ".md": "text/markdown", ".txt": "text/plain", ".ann": "text/plain", ".conll": "text/plain", ".cfg": "text/plain",
    ".conf": "text/plain", ".xml": "text/xml", ".xmi": "text/xml", ".svg": "image/svg+xml",
    ".parquet": "application/x-parquet", ".zip": "application/zip",
}  # fmt: skip
# Where rows are articles with their spans; of these folders the first that the dataset has is described.
_ROWS = ("huggingface/data/", "jsonl/")
_COLUMNS = (
    ("id", "The name of the article, unique in the dataset."),
    ("title", "Its title, no part of the text."),
    ("text", "The article; all offsets count its code points."),
    ("text_sha256", "SHA-256 of the text in UTF-8."),
    ("language", "Language tag (BCP 47), where one was given."),
)
_SPAN = (
    ("id", "sc:Text", "The name of the span, unique in its article."),
    ("start", "sc:Integer", "Offset of its first code point."),
    ("end", "sc:Integer", "Offset behind its last code point."),
    ("text", "sc:Text", "The quoted stretch."),
)


def croissant(
    scheme: Scheme, files: Iterable[Mapping[str, Any]], about: str, limits: Sequence[str]
) -> dict[str, Any]:
    """The metadata of a dataset whose files are listed as in the manifest, for `write_json`; croissant.json itself is not among
    them."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": scheme.scheme,
        "description": about,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "isLiveDataset": False,
        "keywords": [label.name for label in scheme.labels],
        "rai:dataAnnotationProtocol": "guidelines.md and scheme.json in the dataset",
        "rai:dataAnnotationPlatform": f"Tagline {__version__}",
        "rai:dataLimitations": list(limits),
        "distribution": (_file(file) for file in files),
        "recordSet": [_labels(scheme), *_tables(files)],
    }


def _file(file: Mapping[str, Any]) -> dict[str, Any]:
    path = str(file["path"])
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": path,
        "contentSize": f"{file['bytes']} B",
        "encodingFormat": _TYPES.get(_suffix(path), "application/octet-stream"),
        "sha256": file["sha256"],
    }


def _suffix(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return f".{name.rsplit('.', 1)[-1].lower()}" if "." in name else ""


def _labels(scheme: Scheme) -> dict[str, Any]:
    """The label names with their meaning, in the order of their numbers."""
    return {
        "@type": "cr:RecordSet",
        "@id": "labels",
        "name": "labels",
        "description": "The labels of the scheme.",
        "dataType": "sc:Enumeration",
        "key": {"@id": "labels/name"},
        "field": [
            _field("labels", "name", "sc:Text", "Its name."),
            _field("labels", "description", "sc:Text", "What is marked with it."),
        ],
        "data": [
            {"labels/name": label.name, "labels/description": label.description} for label in scheme.labels
        ],
    }


def _tables(files: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """A record set for each file of articles: `train`, `validation`, `test`, or `articles` where there are no splits."""
    paths = [path for file in files if (path := str(file["path"])).startswith(_ROWS)]
    for folder in _ROWS:
        names = {
            path.removeprefix(folder).removesuffix(".jsonl"): path
            for path in paths
            if path.startswith(folder)
        }
        there = [name for name in (*SPLITS, "articles") if names.get(name, "").endswith(".jsonl")]
        if there:
            yield from (_table(name, names[name]) for name in there)
            return


def _table(name: str, path: str) -> dict[str, Any]:
    def source(column: str, inner: str = "") -> dict[str, Any]:
        made: dict[str, Any] = {"fileObject": {"@id": path}, "extract": {"column": column}}
        return {**made, "transform": {"jsonPath": inner}} if inner else made

    spans = {
        **_field(name, "spans", "sc:Text", "The labelled stretches of the text."),
        "repeated": True,
        "subField": [
            {**_field(f"{name}/spans", inner, kind, about), "source": source("spans", inner)}
            for inner, kind, about in _SPAN
        ],
    }
    del spans["dataType"]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"The articles of {path}, one a record.",
        "key": {"@id": f"{name}/id"},
        "field": [
            *(
                {**_field(name, column, "sc:Text", about), "source": source(column)}
                for column, about in _COLUMNS
            ),
            spans,
        ],
    }


def _field(place: str, name: str, kind: str, about: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{place}/{name}",
        "name": name,
        "description": about,
        "dataType": kind,
    }
