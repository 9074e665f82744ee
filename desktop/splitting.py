"""What a person can do to splits and groups. Each function is one undoable step."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from desktop.commands import set_property
from desktop.errors import UserError
from desktop.formats.base import SPLITS
from desktop.model import Article, Assignment
from desktop.session import Session
from desktop.store import queries
from desktop.store.store import Store

# In place of a split: the article goes into none.
NONE = "none"
_APART = "apart"


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


def join(session: Session, articles: Iterable[str]) -> None:
    """Say that articles tell one story, and all that are grouped with one of them already."""
    given = set(articles)
    held = [names for names in groups(session.store).values() if given & set(names)]
    together = given.union(*held)
    set_group(session, together, f"story {min(together)}")


def groups(store: Store) -> dict[str, list[str]]:
    """The articles of each group by id; groups of one are none."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = store.query('SELECT coalesce("group", id), id FROM article WHERE deleted = 0 ORDER BY id')
    for group, name in rows:
        found[group].append(name)
    return {group: names for group, names in sorted(found.items()) if len(names) > 1}


def apart(store: Store) -> list[frozenset[str]]:
    """The sets of articles, by id, that a person has said to tell different stories."""
    held = queries.property_of(store, _APART)
    try:
        given = json.loads(held.value) if held else []
    except ValueError:
        given = []
    sets = given if isinstance(given, list) else []
    return [frozenset(str(name) for name in names) for names in sets if isinstance(names, list)]


def keep_apart(session: Session, articles: Iterable[str]) -> None:
    """Say that articles do not tell one story, so that they are not proposed as one again."""
    names = frozenset(articles)
    held = apart(session.store)
    if names in held or len(names) < 2:
        return
    value = json.dumps([sorted(each) for each in [*held, names]], ensure_ascii=False)
    with session.step(f"Keep {len(names)} articles apart as different stories"):
        set_property(session, _APART, value)


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
