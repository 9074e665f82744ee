"""The papers of a dataset beside its data files: card, manifest, receipt, Croissant, scheme, guidelines, statistics."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop.datasets import card, charts, statistics
from desktop.datasets.card import Contents
from desktop.datasets.croissant import croissant
from desktop.datasets.loading import ways
from desktop.datasets.manifest import (
    MANIFEST,
    file_row,
    files,
    manifest,
    receipt_of,
    with_file,
    write_json,
)
from desktop.datasets.training import recipes
from desktop.formats.scheme import dumps as scheme_text

# What stands beside the folders of the formats; the manifest is written last: where it is, everything is.
TOP = ("README.md", "croissant.json", "guidelines.md", MANIFEST, "receipt.json", "scheme.json", "statistics")
_ABOUT = {
    "labels.svg": "Spans of each label",
    "lengths.svg": "Length of the spans in words",
    "nesting.svg": "Which labels lie inside which",
}


def write_papers(folder: Path, contents: Contents, options: Mapping[str, Any]) -> None:
    """Write all papers into `folder`, in which the data files are complete."""
    pictures = charts.pictures(contents.numbers, contents.scheme)
    shown = {f"statistics/{name}": _ABOUT[name] for name in pictures}
    papers = {
        "scheme.json": scheme_text(contents.scheme),
        "statistics/table.csv": statistics.table(contents.numbers),
        **{f"statistics/{name}": text for name, text in pictures.items()},
        "README.md": card.readme(
            contents,
            _features(folder),
            shown,
            recipes(folder, contents.scheme, contents.numbers),
            ways(folder, [receipt.format for receipt in contents.receipts]),
        ),
    }
    if contents.guidelines:
        papers["guidelines.md"] = contents.guidelines
    (folder / "statistics").mkdir()
    for name, text in papers.items():
        _write(folder / name, text)
    told = receipt_of(contents.receipts, contents.allotment, contents.picked, contents.overlap)
    write_json(folder / "receipt.json", told)
    about = card.summary(contents)
    limits = [line.removeprefix("- ") for line in card.limits(contents)]
    listed = files(folder)
    write_json(folder / "croissant.json", croissant(contents.scheme, listed, about, limits))
    listed = with_file(listed, file_row(folder / "croissant.json", folder))
    papers_of = manifest(listed, contents.found, contents.allotment, options, contents.receipts)
    write_json(folder / MANIFEST, papers_of)


def _features(folder: Path) -> list[str]:
    """What `load_dataset` must know, where the dataset has files that it reads."""
    inner = folder / "huggingface" / "README.md"
    return card.loadable(inner.read_text(encoding="utf-8"), "huggingface") if inner.exists() else []


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
