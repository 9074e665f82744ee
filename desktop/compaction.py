"""The journal kept small: what the latest steps need to be undone stays, of older ones only what is read.

A step that is compacted loses its changes and keeps its line in the history: title, time, annotator, how much it did.
Nothing else of the project changes, and every slice of it is a transaction like any other, so it can be cut off anywhere.
"""

from __future__ import annotations

from desktop.session import Session
from desktop.store import queries
from desktop.store.access import Misfit
from desktop.store.journal import damaged_image
from desktop.store.rows import COLUMNS
from desktop.store.store import Store

# So many steps can be undone; those beyond them can be read. 1,000 steps of labelling are some hours of work and 0.4 MB.
KEPT_STEPS = 1000
# Compaction waits until so many more have gathered: not every step is to be followed by one.
SLACK = 100
# Steps in one transaction: some milliseconds.
_AT_ONCE = 50
_STATE, _KEPT = COLUMNS["step"].index("state"), COLUMNS["step"].index("kept")


def horizon(store: Store, keep: int = KEPT_STEPS) -> int:
    """The key of the first step whose changes are needed: to undo `keep` steps, and to redo all that was undone."""
    row = store.query(
        "SELECT key FROM step WHERE state = 'live' AND mode IN ('do', 'redo') ORDER BY key DESC LIMIT 1 OFFSET ?",
        (keep - 1,),
    ).fetchone()
    if row is None:
        return 0
    (first,) = store.query("SELECT min(key) FROM step WHERE state = 'live' AND mode = 'undo'").fetchone()
    return int(min(row[0], first or row[0]))


def due(store: Store, keep: int = KEPT_STEPS + SLACK) -> bool:
    """Whether it is time to compact."""
    return horizon(store, keep) > queries.compacted(store) + 1


def compact(session: Session, steps: int = _AT_ONCE, keep: int = KEPT_STEPS) -> bool:
    """Compact the oldest steps that are not needed to undo `keep` steps, so many at once; returns whether there are more.

    Not a step: there is nothing in it to undo, and nobody who shows the project need hear of it. Raises UserError where
    the journal is damaged; nothing is changed then.
    """
    store = session.store
    after, before = queries.compacted(store), horizon(store, keep)
    keys = f"key IN (SELECT key FROM step WHERE key > {after} AND key < {before} ORDER BY key LIMIT {steps})"
    found = store.raw("step", keys).fetchall()
    if not found:
        return False
    try:
        with store.transaction():
            for row in found:
                for change in store.raw("change", "step = ?", (row[0],)).fetchall():
                    store.take("change", change)
                read = list(row)
                read[_STATE], read[_KEPT] = ("ended" if row[_STATE] == "live" else row[_STATE]), 0
                store.change("step", row, read)
    except Misfit as error:  # another program has written into the journal
        raise damaged_image() from error
    return len(found) == steps
