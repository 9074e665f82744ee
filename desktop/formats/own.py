"""What Tagline puts beside files that cannot hold it, so that its own exports come back as they were.

`tagline-names.json` has the scheme's names by those that the files have, `<split>.articles.json` the articles with their
texts and metadata: a JSON array with one article a line, so that it can be read line by line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from desktop.bundle import RawArticle, RawSpan, Record, Report
from desktop.errors import UserError
from desktop.formats import jsonl
from desktop.formats.objects import ArrayFile
from desktop.text import storable

NAMES = "tagline-names.json"
ARTICLES = ".articles.json"


class Words(BaseModel):
    """The name of an attribute and of its values in the scheme."""

    name: str
    values: dict[str, str] = {}


class Names(BaseModel):
    """The scheme's names by those in the files; attributes by label and name."""

    labels: dict[str, str]
    relations: dict[str, str] = {}
    attributes: dict[str, dict[str, Words]] = {}

    def span(self, span: RawSpan) -> RawSpan:
        """A span of the files under the names of the scheme."""
        known = self.attributes.get(span.label, {})
        attributes = {}
        for name, value in span.attributes.items():
            words = known.get(name, Words(name=name))
            attributes[words.name] = words.values.get(value, value) if isinstance(value, str) else value
        return replace(span, label=self.labels.get(span.label, span.label), attributes=attributes)


def write_names(folder: Path, names: Names) -> None:
    content = json.dumps(names.model_dump(), ensure_ascii=False, indent=1) + "\n"
    (folder / NAMES).write_text(content, encoding="utf-8", newline="\n")


def read_names(path: Path | None) -> Names | None:
    """The names in the file at `path`. Raises UserError where it is not as Tagline writes it."""
    return _loaded(path, path.stat().st_mtime_ns) if path else None


@lru_cache(maxsize=4)
def _loaded(path: Path, _changed: int) -> Names:
    try:
        return Names.model_validate_json(path.read_bytes())
    except ValidationError:
        raise UserError(
            "the names of the scheme cannot be read", "take the file away", file=str(path)
        ) from None


class Articles:
    """The lists of articles of all splits, open for writing."""

    def __init__(self, lists: Mapping[str, ArrayFile]) -> None:
        self._lists = lists

    def add(self, split: str, record: Record) -> None:
        self._lists[split].add(jsonl.dumps(replace(record, spans=(), relations=())))


@contextmanager
def articles(folder: Path, splits: Iterable[str]) -> Iterator[Articles]:
    """Lists of articles in `folder`, complete once the block has ended."""
    with ExitStack() as stack:
        paths = {split: folder / f"{split}{ARTICLES}" for split in splits}
        yield Articles({split: stack.enter_context(ArrayFile.open(path)) for split, path in paths.items()})


def article_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The number and the JSON object of each line of a list of articles."""
    return ArrayFile.lines(path)


def article_keys(record: Record) -> dict[str, Any]:
    """What an object of another tool's format carries along of an article besides its text."""
    article = record.article
    given = {"language": article.language, "group": article.group, "meta": article.meta}
    return {"article_id": article.id, "title": article.title, **{name: v for name, v in given.items() if v}}


def take_article(
    given: dict[str, Any], text: str, file: str, place: str, report: Report, **values: Any
) -> RawArticle:
    """An article of what `article_keys` wrote; whatever else is left in `given` is kept as metadata, and counted."""
    kept: dict[str, Any] = {}
    for name, key in (("id", "article_id"), ("title", "title"), ("language", "language"), ("group", "group")):
        if isinstance(given.get(key), str) and given[key]:
            kept[name] = given.pop(key)
    meta = given.pop("meta", None)
    if meta is not None and not isinstance(meta, dict):
        given["meta"], meta = meta, {}
    for name in given:
        report.clean(file, f"field {name!r} kept as metadata", 1)
    fallback = storable(f"{Path(file).stem} {place}")
    return RawArticle(
        text, file, place, meta={**given, **(meta or {})}, fallback_title=fallback, **kept, **values
    )
