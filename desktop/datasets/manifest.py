"""What programs read about a dataset: manifest.json and receipt.json.

They hold no clock time and no path outside the dataset, so that the same project and options give the same bytes.
"""

from __future__ import annotations

import hashlib
import heapq
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.datasets.allot import Allotment
from desktop.datasets.picking import Picked
from desktop.datasets.statistics import Shared
from desktop.datasets.survey import Survey
from desktop.formats.base import SPLITS
from desktop.formats.receipt import Entry, Receipt
from desktop.longjson import pieces
from desktop.scratch import Pile, filled

FileRow = dict[str, Any]
MANIFEST = "manifest.json"
# Files that have no lines.
_NO_LINES = frozenset({".spacy", ".zip"})
# A cell of these may hold line ends.
_TABLES = frozenset({".csv", ".tsv"})


def write_json(path: Path, value: Any) -> None:
    """Write a file in which each span or article is a line of its own (see `longjson.pieces`)."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces(value))
        file.write("\n")


def receipt_of(
    receipts: Sequence[Receipt], allotment: Allotment, picked: Sequence[Picked], shared: Sequence[Shared]
) -> dict[str, Any]:
    """What was picked, every article that has no place, and every span that a format left out or changed, in full, for
    `write_json`: what is long can be gone through once.

    `shared` is what the other splits have in common with train.
    """
    return {
        "picked": [each.plain() for each in picked],
        "articles_left_out": left_out(allotment),
        "splits": splits_of(allotment),
        "overlap": [asdict(row) for row in shared],
        "formats": [
            {
                "format": receipt.format, "articles": receipt.articles, "spans_in": receipt.spans_in,
                "spans_out": receipt.spans_out, "labels": receipt.by_label(),
                "left_out": (entry_of(entry, picked) for entry in receipt.left_out),
                "changed": (entry_of(entry, picked) for entry in receipt.changed), "verified": receipt.verified,
                "notes": notes_of(receipt, picked),
            }
            for receipt in receipts
        ],
    }  # fmt: skip


def entry_of(entry: Entry, picked: Sequence[Picked]) -> dict[str, Any]:
    """An entry of a receipt by its article; offsets in an example of it are said to be so."""
    article = next((each.owner[entry.article] for each in picked if entry.article in each.owner), None)
    plain = entry.plain()
    return {**plain, "article": article, "example": entry.article} if article else plain


def notes_of(receipt: Receipt, picked: Sequence[Picked]) -> dict[str, Any]:
    """The notes, with the spans that no flat layer holds as they are."""
    told = {
        name: {
            "left_out": (entry_of(entry, picked) for entry in flat.left_out),
            "changed": (entry_of(entry, picked) for entry in flat.changed),
        }
        for name, flat in receipt.flat.items()
    }
    return {**receipt.notes, **told}


def splits_of(allotment: Allotment) -> dict[str, int]:
    """The articles in each split; nothing where there are no splits."""
    counts = Counter(allotment.places.values())
    return {name: counts[name] for name in SPLITS if counts[name]}


def left_out(allotment: Allotment) -> list[dict[str, str]]:
    """The articles that have no place in the splits, each with the reason."""
    return [{"article": name, "reason": reason} for name, reason in sorted(allotment.left_out.items())]


def files(folder: Path) -> Pile[FileRow]:
    """Every file below `folder` with its size in bytes, its rows and its SHA-256, sorted by path.

    Rows are those of a table without its header, the items of a JSON array, of other texts the lines.
    """
    found = Pile[FileRow]()
    for path in _below(str(folder)):
        found.append(file_row(Path(path), folder))
    return filled(found.in_order(_by_path))


def with_file(listed: Pile[FileRow], row: FileRow) -> Pile[FileRow]:
    """The list with one more file."""
    return filled(heapq.merge(listed, [row], key=_by_path))


def _below(folder: str) -> Iterator[str]:
    """As `Path.rglob` finds files, but of a folder of 100,000 none is held."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _below(entry.path)
            else:
                yield entry.path


def _by_path(file: FileRow) -> str:
    return str(file["path"])


def manifest(
    listed: Iterable[FileRow],
    found: Survey,
    allotment: Allotment,
    options: Mapping[str, Any],
    receipts: Sequence[Receipt],
) -> dict[str, Any]:
    """The files as `files` lists them, and every article.

    `content_sha256` is the SHA-256 of the lines `<sha256>  <path>` of all files, sorted by path: what `sha256sum`
    prints for them.
    """
    content = hashlib.sha256()
    for file in listed:
        content.update(f"{file['sha256']}  {file['path']}\n".encode())
    tokenizer: dict[str, str] = {}
    for receipt in receipts:
        tokenizer |= receipt.notes.get("tokenizer", {})
    return {
        "program": f"Tagline {__version__}",
        "options": dict(options),
        "tokenizer": tokenizer,
        "content_sha256": content.hexdigest(),
        "files": iter(listed),
        "articles": (
            {
                "id": article.id, "text_sha256": article.text_sha256,
                "group": allotment.groups.get(article.id, article.group),
                "split": allotment.places.get(article.id, "train"), "annotators": article.annotators,
                "status": dict(article.status),
            }
            for article in found.articles.in_order(lambda article: article.id)
        ),
    }  # fmt: skip


def file_row(path: Path, folder: Path) -> FileRow:
    """A file as the manifest lists it."""
    digest, size, lines, array = hashlib.sha256(), 0, 0, False
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            array = array or (not size and chunk.startswith(b"[\n"))
            digest.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
    return {
        "path": path.relative_to(folder).as_posix(),
        "bytes": size,
        # Its items stand on a line each, between two that hold the brackets.
        "rows": lines - 2 if array else _rows(path, lines),
        "sha256": digest.hexdigest(),
    }


def _rows(path: Path, lines: int) -> int | None:
    if path.suffix in _TABLES:
        return _records(path) - 1
    if path.suffix != ".parquet":
        return None if path.suffix in _NO_LINES else lines
    import duckdb  # 0.2 s that only Parquet files pay  # noqa: PLC0415

    rows = duckdb.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(path)]).fetchone()
    return int(rows[0]) if rows else 0


def _records(path: Path) -> int:
    """The records of a table: a line end inside quotes ends none (RFC 4180)."""
    records = quotes = 0
    with path.open("rb") as file:
        for line in file:
            quotes += line.count(b'"')
            records += quotes % 2 == 0
    return records
