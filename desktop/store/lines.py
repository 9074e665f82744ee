"""The articles as lists show them: all hundred thousand in a third of a second."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from desktop.model import State
from desktop.store.store import Store

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Meta(Mapping[str, Any]):
    """The metadata of an article, read from its JSON when somebody asks: a list of 100,000 articles shows some ten."""

    __slots__ = ("_found", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[str, Any] | None = None

    @property
    def _values(self) -> dict[str, Any]:
        if self._found is None:
            self._found = _meta(self._text)
        return self._found

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def _meta(text: str) -> dict[str, Any]:
    """The metadata of a line; a broken one does not keep the rest from being listed."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


@dataclass(slots=True)  # not frozen, which would take four times as long to make
class ArticleLine:
    """An article as lists show it: its state and label counts in one layer. Never changed."""

    key: int
    id: str
    title: str
    length: int
    flag: bool
    note: str
    meta: Mapping[str, Any]
    state: State
    labels: Mapping[str, int] = field(default_factory=dict)
    read_to: int = 0
    language: str | None = None

    @property
    def spans(self) -> int:
        return sum(self.labels.values())


def article_lines(store: Store, layer: str, only: Sequence[int] | None = None) -> list[ArticleLine]:
    """The articles (all, or those of `only`) as lists show them, in the order they were imported."""
    some = "" if only is None else f" AND {{}} IN ({', '.join(map(str, only))})"
    labels: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for key, label, count in store.query(
        f"SELECT article, label, count(*) FROM span WHERE annotator = ?{some.format('article')} GROUP BY article, label",
        (layer,),
    ):
        labels[key][label] = count
    rows = store.query(
        "SELECT article.key, id, title, length, flag, note, meta, state, read_to, language FROM article"
        " LEFT JOIN status ON status.article = article.key AND status.annotator = ?"
        f" WHERE deleted = 0{some.format('article.key')} ORDER BY article.key",
        (layer,),
    )
    found = labels.get
    return [
        ArticleLine(
            key, id, title, length, flag == 1, note, NOTHING if meta == "{}" else Meta(meta), state or "todo",
            found(key, NOTHING), read_to or 0, language,
        )
        for key, id, title, length, flag, note, meta, state, read_to, language in rows
    ]  # fmt: skip
