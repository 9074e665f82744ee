"""What can be changed about an article besides its labels: its details, and which stretches are outside of it.

The text itself never changes. Each function is one undoable step and raises UserError for what the person can mend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop import furniture
from desktop.errors import UserError
from desktop.model import Article, Fragment
from desktop.session import Session
from desktop.store import queries
from desktop.text import shorten

FIELDS = ("author", "date", "source", "url")
"""The metadata that every article may have; others keep the names their files gave them."""
_LONGEST_NAME, _LONGEST_TITLE = 100, 1000


def set_details(
    session: Session, key: int, *, title: str, language: str | None, meta: Mapping[str, Any]
) -> Article:
    """Give an article another title, language and metadata; empty values are taken out."""
    article = queries.article(session.store, key)
    line = " ".join(title.split())
    if not line or len(line) > _LONGEST_TITLE:
        raise UserError("the title is empty or too long", f"write one of up to {_LONGEST_TITLE} characters")
    code = (language or "").strip().lower()
    if code and not (code.isascii() and code.isalpha() and 2 <= len(code) <= 3):
        raise UserError(f"{code!r} is no language code", "use two or three letters, such as en or ckb")
    kept = {name.strip(): value for name, value in meta.items() if value not in ("", None)}
    if any(not name or len(name) > _LONGEST_NAME for name in kept):
        raise UserError(
            "a detail has no name, or a very long one", f"name it in up to {_LONGEST_NAME} characters"
        )
    changed = article.model_copy(update={"title": line, "language": code or None, "meta": kept})
    with session.step(f"Details of {shorten(line, 40)}"):
        return session.put(changed)


def set_outside(session: Session, key: int, start: int, end: int, *, outside: bool) -> Article:
    """Take a stretch out of the article (shown grey, no suggestions there), or into it again."""
    article = queries.article(session.store, key)
    if not 0 <= start < end <= article.length:
        raise UserError("nothing is selected", "select what is outside the article")
    stretches = united(article.outside, (start, end)) if outside else without(article.outside, (start, end))
    title = "Outside the article" if outside else "Back into the article"
    quote = " ".join(queries.text(session.store, key)[start:end].split())
    with session.step(f"{title}: {quote if len(quote) <= 40 else quote[:39] + '…'}"):
        return session.put(article.model_copy(update={"outside": stretches}))


def is_outside(article: Article, start: int, end: int) -> bool:
    """Whether a stretch is outside from its first to its last character."""
    return any(low <= start and end <= high for low, high in article.outside)


def find_outside(session: Session, key: int) -> Article:
    """Look for page furniture in an article and take it out, besides what is out already."""
    article = queries.article(session.store, key)
    stretches: tuple[Fragment, ...] = article.outside
    for bounds in furniture.find(queries.text(session.store, key)).outside:
        stretches = united(stretches, bounds)
    with session.step(f"Page furniture of {shorten(article.title, 40)}"):
        return session.put(article.model_copy(update={"outside": stretches}))


def united(stretches: Sequence[Fragment], more: Fragment) -> tuple[Fragment, ...]:
    """Sorted, disjoint stretches with one more; what touches becomes one."""
    made: list[Fragment] = []
    for start, end in sorted((*stretches, more)):
        if made and made[-1][1] >= start:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return tuple(made)


def without(stretches: Sequence[Fragment], less: Fragment) -> tuple[Fragment, ...]:
    """Sorted, disjoint stretches less one."""
    parts = ((start, min(end, less[0])) for start, end in stretches)
    rest = ((max(start, less[1]), end) for start, end in stretches)
    return tuple(sorted((start, end) for start, end in (*parts, *rest) if start < end))
