"""What was done to one article, and the article as it was: read from the journal, which holds the rows before each step.

Going back in time is a pure function: the rows of now, and the changes made since, latest first, give the rows of then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from desktop.bundle import free_ids
from desktop.compaction import KEPT_STEPS
from desktop.errors import UserError
from desktop.model import Article, Relation, Row, Scheme, Span
from desktop.repeats import Progress, silent
from desktop.session import Session, article_of
from desktop.store import queries
from desktop.store.journal import unpack_rows
from desktop.store.queries import Step
from desktop.store.rows import kind
from desktop.store.store import Store

Rows = dict[tuple[str, int], Row]
# The latest steps that are listed; older ones are still in the file.
MOST_STEPS = 500
# Why an article cannot be put back: see UserError.kind.
GONE = "history.gone"
_KINDS = ("article", "span", "relation", "status")
_NAMED = ", ".join(f"'{name}'" for name in _KINDS)


@dataclass(frozen=True)
class Change:
    """One entry of the journal. `before` is None for rows `first` to `last` that the step made."""

    kind: str
    first: int
    last: int
    before: Sequence[Row] | None = None


@dataclass(frozen=True)
class Entry:
    """A step as one article felt it; `done` counts what was done to what: ("span", "added") and so on.

    Of an article that was edited `done` has ("note", "changed"), ("flag", "changed") or ("article", "changed").
    Of a step that is `gone`, whose changes were let go, `done` counts what it did in all articles it touched.
    """

    step: Step
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    gone: bool = False


@dataclass(frozen=True)
class Putting:
    """What putting an article back means: rows to take away, rows to store, and what cannot come back, by reason."""

    away: Sequence[Row] = ()
    back: Sequence[Row] = ()
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


def rewind(rows: Mapping[tuple[str, int], Row], changes: Iterable[Change], article: int) -> Rows:
    """The rows of an article before `changes`, which are given latest first. Pure: nothing is read or written."""
    result = dict(rows)
    for change in changes:
        _go_back(result, change, article, {})
    return result


def _go_back(rows: Rows, change: Change, article: int, after: dict[tuple[str, int], Row | None]) -> None:
    """Take one change out of `rows`; `after` keeps what it replaces there, of the latest change where there are several."""
    if change.before is None:
        for key in _made(rows, change):
            after.setdefault(key, rows.pop(key))
    for row in reversed(change.before or ()):
        if article_of(row) == article:
            key = change.kind, row.key
            after.setdefault(key, rows.get(key))
            rows[key] = row


def _made(rows: Rows, change: Change) -> list[tuple[str, int]]:
    """The keys of the rows that a change made, the quicker way round."""
    if change.last - change.first < len(rows):
        keys = ((change.kind, key) for key in range(change.first, change.last + 1))
        return [key for key in keys if key in rows]
    return [key for key in rows if key[0] == change.kind and change.first <= key[1] <= change.last]


def rows_of(store: Store, article: int) -> Rows:
    """Everything the project file holds of an article now, but its text, which never changes."""
    found = store.get("article", article)
    rows: list[Row] = [found] if found else []
    for name in _KINDS[1:]:
        rows += store.rows(name, "article = ?", (article,))
    return {(kind(row), row.key): row for row in rows}


def as_of(store: Store, article: int, step: int) -> Rows:
    """The rows of an article as they were when a step had just been done.

    Raises UserError where the changes made since are no longer kept.
    """
    if step < queries.compacted(store):
        raise UserError("what the article was like then is no longer kept",
                        f"it is for the latest {KEPT_STEPS} steps; the labels of now are not touched", kind=GONE)  # fmt: skip
    later = (change for _, changes in _journal(store, article, step) for change in changes)
    return rewind(rows_of(store, article), later, article)


def article_history(store: Store, article: int, limit: int = MOST_STEPS) -> list[Entry]:
    """The steps that changed an article, latest first; those that only undid others are left out, as they are marked there."""
    rows, entries = rows_of(store, article), []
    for key, changes in _journal(store, article):
        after: dict[tuple[str, int], Row | None] = {}
        for change in changes:
            _go_back(rows, change, article, after)
        done = _difference({name: rows.get(name) for name in after}, after)
        step = queries.step(store, key) if done else None
        if step and step.mode != "undo":
            entries.append(Entry(step, done))
            if len(entries) == limit:
                return entries
    return entries + _older(store, article, limit - len(entries))


def _older(store: Store, article: int, limit: int) -> list[Entry]:
    """The steps that touched an article, or so many that they are not named, of those that can only be read."""
    found = queries.older_steps(store, article, limit)
    return [
        Entry(step, Counter({_what(name): count for name, count in done.items()}), gone=True)
        for step, done in found
    ]


def _what(name: str) -> tuple[str, str]:
    kind, _, what = name.partition(" ")
    return kind, what


def _journal(store: Store, article: int, after: int = 0) -> Iterator[tuple[int, list[Change]]]:
    """The changes of each step behind `after` that may have touched an article, latest first."""
    found = store.query(
        "SELECT step, kind, first, last, before FROM change WHERE low <= ? AND high >= ? AND step > ?"
        f" AND kind IN ({_NAMED}) ORDER BY step DESC, key DESC",
        (article, article, after),
    )
    for step, changes in groupby(found, key=lambda row: int(row[0])):
        yield (
            step,
            [
                Change(name, first, last, None if before is None else unpack_rows(name, before))
                for _, name, first, last, before in changes
            ],
        )


def _difference(
    before: Mapping[tuple[str, int], Row | None], after: Mapping[tuple[str, int], Row | None]
) -> Counter[tuple[str, str]]:
    """What was done, counted, between two states of an article, or of some of its rows."""
    done: Counter[tuple[str, str]] = Counter()
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if isinstance(old, Article) and isinstance(new, Article):
            done.update(_edited(old, new))
        elif old and new and _name(old) == _name(new):
            done[key[0], "changed"] += 1
        else:
            done.update((key[0], what) for what, row in (("removed", old), ("added", new)) if row)
    return done


def _edited(old: Article, new: Article) -> Iterator[tuple[str, str]]:
    if old.deleted != new.deleted:
        yield "article", "removed" if new.deleted else "added"
    for name in ("note", "flag"):
        if getattr(old, name) != getattr(new, name):
            yield name, "changed"
    same = {"note": new.note, "flag": new.flag, "deleted": new.deleted}
    if old.model_copy(update=same) != new:
        yield "article", "changed"


def putting(store: Store, article: int, step: int, layer: str | None = None) -> Putting:
    """What it would take to put an article back as it was after a step; of one annotator's layer, or of all.

    Raises UserError where the article was not there then, or what it was like is no longer kept.
    """
    then, now = as_of(store, article, step), rows_of(store, article)
    was = then.get(("article", article))
    if not isinstance(was, Article) or was.deleted:
        raise UserError("the article was not there yet", "choose a later step")
    left_out: Counter[str] = Counter()
    there = _of_layer(now, layer)
    wanted = _fitting(_of_layer(then, layer), now, queries.scheme(store), left_out)
    wanted = _renamed(
        wanted, {row.id for key, row in now.items() if key not in there and isinstance(row, Span | Relation)}
    )
    # A key that became free and was given again holds another row now.
    away = [row for key, row in there.items() if key not in wanted or _name(wanted[key]) != _name(row)]
    back = [row for key, row in wanted.items() if there.get(key) != row]
    return Putting(away, back, _difference(there, wanted), left_out)


def _name(row: Row) -> str:
    return row.id if isinstance(row, Span | Relation) else ""


def _of_layer(rows: Rows, layer: str | None) -> Rows:
    return {
        key: row for key, row in rows.items() if layer is None or getattr(row, "annotator", layer) == layer
    }


def _fitting(then: Rows, now: Rows, scheme: Scheme, left_out: Counter[str]) -> Rows:
    """The rows of then as the scheme of now can hold them: what has been renamed since keeps its new name."""
    kept: Rows = {}
    for key, row in then.items():
        current = now.get(key)
        if isinstance(row, Span) and scheme.label(row.label) is None:
            if isinstance(current, Span) and current.id == row.id:
                kept[key] = row.model_copy(update={"label": current.label})
            else:
                left_out[row.label] += 1
        elif isinstance(row, Relation) and scheme.relation(row.type) is None:
            if isinstance(current, Relation) and current.id == row.id:
                kept[key] = row.model_copy(update={"type": current.type})
            else:
                left_out[row.type] += 1
        else:
            kept[key] = row
    names = {row.id for row in kept.values() if isinstance(row, Span)}
    for key, row in list(kept.items()):
        if isinstance(row, Relation) and not {row.head, row.tail} <= names:
            left_out[row.type] += 1
            del kept[key]
    return kept


def _renamed(rows: Rows, taken: set[str]) -> Rows:
    """Rows under ids that another annotator's have not taken meanwhile."""
    spans = {row.id for row in rows.values() if isinstance(row, Span)}
    free = {prefix: free_ids(prefix, taken | {_name(row) for row in rows.values()}) for prefix in "sr"}
    new = {name: next(free["s"]) for name in sorted(spans & taken)}
    result: Rows = {}
    for key, row in rows.items():
        if isinstance(row, Span) and row.id in new:
            row = row.model_copy(update={"id": new[row.id]})  # noqa: PLW2901
        elif isinstance(row, Relation):
            ends = {"head": new.get(row.head, row.head), "tail": new.get(row.tail, row.tail)}
            name = next(free["r"]) if row.id in taken else row.id
            row = row.model_copy(update={**ends, "id": name})  # noqa: PLW2901
        result[key] = row
    return result


def put_back(session: Session, article: int, step: int, layer: str | None = None) -> Putting:
    """Put an article back as it was after a step, as a step of its own; returns what that took."""
    plan = putting(session.store, article, step, layer)
    found = queries.step(session.store, step)
    with session.step(f"Put the article back to “{found.title if found else step}”"):
        _put_rows(session, plan)
    return plan


def _put_rows(session: Session, plan: Putting) -> None:
    for row in sorted(plan.away, key=lambda row: _KINDS.index(kind(row)), reverse=True):
        session.drop(row)
    for row in sorted(plan.back, key=lambda row: _KINDS.index(kind(row))):
        there = session.store.get(kind(row), row.key)
        # SQLite gives a key that has become free to the next row, of whichever article and annotator.
        taken = there is not None and _whose(there) != _whose(row)
        session.put(row.model_copy(update={"key": 0}) if taken else row)


def _whose(row: Row) -> tuple[int, str, str]:
    return article_of(row), getattr(row, "annotator", ""), _name(row)


def undo_back_to(session: Session, step: int, progress: Progress = silent) -> int:
    """Undo everything done after a step, each step of it one that redo brings back; returns how many.

    `progress` hears steps undone of all and may raise Cancelled: what is undone by then stays undone.
    """
    total = len(queries.undoable_after(session.store, step))
    for done in range(total):
        progress(done, total)
        session.undo()
    return total
