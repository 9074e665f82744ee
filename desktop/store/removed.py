"""What a step has removed, as the bin keeps it: spans with the relations that went with them, article by article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from desktop.model import Removal
from desktop.store.rows import COLUMNS, TABLES
from desktop.store.store import Store

Values = Sequence[Any]
_SPAN = {name: place for place, name in enumerate(COLUMNS["span"])}
_RELATION = {name: place for place, name in enumerate(COLUMNS["relation"])}


def gathered(
    store: Store, spans: Sequence[Values], relations: Sequence[Values], title: str, annotator: str, made: str
) -> Iterator[Removal]:
    """A removal for each article, of the rows that a step took away; a span that is there again under its id is none.

    A row that cannot be read is left out: the bin could not put it back.
    """
    by_article: dict[int, list[Values]] = {}
    for values in spans:
        article, name = values[_SPAN["article"]], values[_SPAN["id"]]
        if not store.query("SELECT 1 FROM span WHERE article = ? AND id = ?", (article, name)).fetchone():
            by_article.setdefault(article, []).append(values)
    for article, rows in by_article.items():
        names = {values[_SPAN["id"]] for values in rows}
        tied = (
            values
            for values in relations
            if values[_RELATION["article"]] == article
            and names & {values[_RELATION["head"]], values[_RELATION["tail"]]}
        )
        kept = tuple(_fields("span", rows))
        if kept:
            yield Removal(article=article, title=title, annotator=annotator, made=made, spans=kept,
                          relations=tuple(_fields("relation", tied)))  # fmt: skip


def _fields(table: str, rows: Any) -> Iterator[dict[str, Any]]:
    for values in rows:
        try:
            yield TABLES[table].decode(values).model_dump(mode="json")
        except (ValueError, RecursionError):  # pydantic's is a ValueError too
            continue
