"""What a person can do to splits and groups. Each function is one undoable step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from desktop.errors import UserError
from desktop.formats.base import SPLITS
from desktop.model import Article, Assignment
from desktop.session import Session
from desktop.store import queries

# In place of a split: the article goes into none.
NONE = "none"


def keep(session: Session, deal: str, places: Mapping[str, str]) -> None:
    """Keep the split of each article (by its id) in a deal, so that later exports leave it there."""
    with session.step(f"Keep the splits of {len(places)} articles"):
        for article, split in sorted(places.items()):
            _assign(session, deal, article, split)


def move(session: Session, deal: str, articles: Iterable[str], split: str | None) -> None:
    """Put articles into a split for good, or into none of them (`none`); None lets the next export decide anew."""
    names = sorted(set(articles))
    if split is not None and split not in (*SPLITS, NONE):
        raise UserError(f"no split is called {split!r}", f"use one of {', '.join((*SPLITS, NONE))}")
    where = "no kept split" if split is None else "none of the splits" if split == NONE else split
    with session.step(f"Move {_named(names)} to {where}"):
        for name in names:
            if split is None:
                for row in _rows(session, deal, _article(session, name)):
                    session.drop(row)
            else:
                _assign(session, deal, name, split)


def forget(session: Session, deal: str) -> int:
    """Forget where the articles of a deal went, so that the next export deals them anew; returns how many."""
    rows = list(session.store.rows("assignment", "deal = ?", (deal,)))
    with session.step(f"Forget the splits of {len(rows)} articles"):
        for row in rows:
            session.drop(row)
    return len(rows)


def set_group(session: Session, articles: Iterable[str], group: str | None) -> None:
    """Say that articles tell one story, so that no split parts them; None takes that back."""
    names = sorted(set(articles))
    title = f"Group {_named(names)}" if group is not None else f"Ungroup {_named(names)}"
    with session.step(title):
        for name in names:
            session.put(_article(session, name).model_copy(update={"group": group}))


def _article(session: Session, name: str) -> Article:
    found = queries.article_named(session.store, name)
    if not found:
        raise UserError(f"there is no article {name!r}", "it was removed meanwhile")
    return found


def _assign(session: Session, deal: str, name: str, split: str) -> None:
    article = _article(session, name)
    held = next(_rows(session, deal, article), None)
    row = Assignment(article=article.key, deal=deal, split=split)
    session.put(row.model_copy(update={"key": held.key if held else 0}))


def _rows(session: Session, deal: str, article: Article) -> Iterator[Assignment]:
    return session.store.rows("assignment", "article = ? AND deal = ?", (article.key, deal))


def _named(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} articles"
