"""Articles by their kin: those that came from a file before, and those whose text is nearly the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from desktop.model import Article
from desktop.store import queries
from desktop.store.store import Store

# The oldest few of each hash: of ten thousand pages made alike all would be candidates.
_OLDEST = (
    "SELECT * FROM (SELECT article FROM sketch JOIN article ON article.key = sketch.article WHERE value = ? AND deleted = 0"
    " ORDER BY article LIMIT 5)"
)


def article_from(store: Store, origin: str) -> Article | None:
    """The latest article that came from a file."""
    found = store.query(
        "SELECT max(article.key) FROM article_text JOIN article ON article.key = article_text.article"
        " WHERE origin = ? AND origin <> '' AND deleted = 0",
        (origin,),
    ).fetchone()
    return queries.article(store, found[0]) if found and found[0] else None


def articles_like(store: Store, sketch: Sequence[int], most: int = 3) -> list[Article]:
    """The first articles that share a hash of this sketch, those with the most in common first."""
    if not sketch:
        return []
    found = store.query(" UNION ALL ".join([_OLDEST] * len(sketch)), sketch).fetchall()
    return [queries.article(store, key) for key, _ in Counter(key for (key,) in found).most_common(most)]
