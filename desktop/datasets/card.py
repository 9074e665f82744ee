"""The papers of a dataset: README.md for people, manifest.json and receipt.json for programs.

They hold no clock time and no absolute path, so that the same project and options give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.datasets.survey import Survey
from desktop.formats import find
from desktop.formats.base import SPLITS
from desktop.formats.receipt import Receipt, totals
from desktop.model import Scheme

_ALL = "all"


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def receipt_of(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """Every span that a format left out or changed, in full."""
    return {
        "formats": [
            {
                "format": receipt.format, "articles": receipt.articles, "spans_in": receipt.spans_in,
                "spans_out": receipt.spans_out, "left_out": [asdict(entry) for entry in receipt.left_out],
                "changed": [asdict(entry) for entry in receipt.changed], "verified": receipt.verified,
                "notes": receipt.notes,
            }
            for receipt in receipts
        ]
    }  # fmt: skip


def manifest(
    folder: Path,
    found: Survey,
    splits: Mapping[str, str],
    options: Mapping[str, Any],
    receipts: Sequence[Receipt],
) -> dict[str, Any]:
    """Every file below `folder` and every article.

    `rows` counts lines, so for `.jsonl` articles. `content_sha256` is the SHA-256 of the lines
    `<sha256>  <path>` of all files, sorted by path: what `sha256sum` prints for them.
    """
    files = [_file(path, folder) for path in folder.rglob("*") if path.is_file()]
    files.sort(key=lambda file: file["path"])
    listing = "".join(f"{file['sha256']}  {file['path']}\n" for file in files)
    tokenizer: dict[str, str] = {}
    for receipt in receipts:
        tokenizer |= receipt.notes.get("tokenizer", {})
    return {
        "program": f"Tagline {__version__}",
        "options": dict(options),
        "tokenizer": tokenizer,
        "content_sha256": hashlib.sha256(listing.encode()).hexdigest(),
        "files": files,
        "articles": [
            {
                "id": article.id, "text_sha256": article.text_sha256, "group": article.group,
                "split": splits.get(article.id, "train"), "annotators": article.annotators,
                "status": dict(article.status),
            }
            for article in sorted(found.articles, key=lambda article: article.id)
        ],
    }  # fmt: skip


def _file(path: Path, folder: Path) -> dict[str, Any]:
    digest, size, rows = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
            rows += chunk.count(b"\n")
    return {
        "path": path.relative_to(folder).as_posix(),
        "bytes": size,
        "rows": rows,
        "sha256": digest.hexdigest(),
    }


def readme(scheme: Scheme, found: Survey, splits: Mapping[str, str], receipts: Sequence[Receipt]) -> str:
    """The dataset card."""
    parts = [
        _what(scheme, found),
        _labels(scheme, found, splits),
        *([_relations(scheme, found)] if found.relations else []),
        _work(found),
        _formats(receipts),
        _limits(),
    ]
    return "\n".join(line for part in parts for line in (*part, ""))


def _what(scheme: Scheme, found: Survey) -> Iterator[str]:
    yield f"# {_line(scheme.scheme)}"
    yield ""
    spans = found.label_counts().total()
    characters = sum(article.length for article in found.articles)
    yield (
        f"{len(found.articles)} articles ({characters} characters) with {spans} labelled spans and "
        f"{found.relations.total()} relations, exported with Tagline {__version__}."
    )
    if scheme.summary:
        yield ""
        yield _line(scheme.summary)


def _labels(scheme: Scheme, found: Survey, splits: Mapping[str, str]) -> Iterator[str]:
    counts: dict[str, Counter[str]] = {_ALL: Counter()}
    articles: Counter[str] = Counter()
    for article in found.articles:
        split = splits.get(article.id, "train")
        articles.update((split, _ALL))
        for name in (split, _ALL):
            counts.setdefault(name, Counter()).update(found.labels[article.id])
    columns = [name for name in (*SPLITS, _ALL) if name in counts]
    yield "## Labels and splits"
    yield ""
    yield from _row("label", *columns, "meaning")
    yield from _row(*["---"] * (len(columns) + 2))
    yield from _row("articles", *(articles[name] for name in columns), "")
    for label in scheme.labels:
        yield from _row(
            f"`{_line(label.name)}`", *(counts[name][label.name] for name in columns), label.description
        )


def _row(*cells: object) -> Iterator[str]:
    yield "| " + " | ".join(_line(str(cell)).replace("|", "\\|") for cell in cells) + " |"


def _line(text: str) -> str:
    return " ".join(text.split())


def _relations(scheme: Scheme, found: Survey) -> Iterator[str]:
    yield "## Relations"
    yield ""
    yield from _row("type", "count", "meaning")
    yield from _row("---", "---", "---")
    for relation in scheme.relations:
        yield from _row(f"`{_line(relation.name)}`", found.relations[relation.name], relation.description)


def _work(found: Survey) -> Iterator[str]:
    states = Counter((annotator, state) for article in found.articles for annotator, state in article.status)
    yield "## Who tagged it"
    yield ""
    for annotator in sorted(found.with_spans | found.with_status):
        mine = [f"{count} {state}" for (who, state), count in sorted(states.items()) if who == annotator]
        yield f"- {_line(annotator)}: {', '.join(mine) or 'no status'} (articles)"
    if not found.with_spans | found.with_status:
        yield "Nobody yet: the articles have no spans."


def _formats(receipts: Sequence[Receipt]) -> Iterator[str]:
    yield "## Formats"
    yield ""
    yield "Every file was read back after it was written and compared with the project span by span. `receipt.json`"
    yield "names each span that is left out or moved; `manifest.json` has the checksums."
    for receipt in receipts:
        yield ""
        yield f"### `{receipt.format}/`"
        yield ""
        yield find(receipt.format).about
        yield ""
        yield f"- {receipt.spans_out} of {receipt.spans_in} spans"
        for what, entries in (("left out", receipt.left_out), ("moved", receipt.changed)):
            for row in totals(entries):
                yield f"- {row['count']} `{_line(row['label'])}` {what}: {row['reason']}"
        if receipt.notes.get("relations_left_out"):
            yield f"- {receipt.notes['relations_left_out']} relations left out"


def _limits() -> Iterator[str]:
    yield "## Known limits"
    yield ""
    yield "- Offsets count Unicode code points, from 0, the end not included."
    yield "- Spans may nest and cross; a model with one tag a token sees only a part of them."
    yield "- Splits keep articles of one group together. They are not balanced by label, and articles on the same story"
    yield "  are together only where they were given the same group."
    yield "- Labels are the judgement of the annotators named above; this export measures no agreement between them."
    yield "- Rights in the article texts are not covered by this card."
