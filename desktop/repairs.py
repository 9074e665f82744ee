"""Mending what does not hold in a project, one undoable step each. A row that nobody can place is kept until it is removed."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.errors import UserError
from desktop.model import Span
from desktop.session import Session, now
from desktop.store import queries, verify
from desktop.store.rows import COLUMNS, TABLES, Table
from desktop.store.verify import Broken
from desktop.text import sha256

_EMPTY = {"fragments": "[]", "outside": "[]"}
_HOPELESS = "it has to be removed by hand, or taken from a backup"


def repair(session: Session) -> list[str]:
    """Mend all that can be mended without losing anything; returns a line for each broken row, mended or not."""
    found = list(verify.everything(session.store))
    return [f"{_name(session, row)}: {line}" for row, line in zip(found, mend(session, found), strict=True)]


def mend(session: Session, rows: Sequence[Broken]) -> list[str]:
    """Mend rows as their remedies say; returns a line for each. What has none stays as it is."""
    with session.step(f"Repair {_counted(rows)}"):
        return [_mend(session, row) for row in rows]


def remove(session: Session, rows: Sequence[Broken]) -> None:
    """Remove broken labels, relations and states, with the relations that end at a label."""
    kept = [row for row in rows if row.table == "article"]
    if kept:
        raise UserError("an article is not removed here", "delete it in the list, or take it from a backup")
    with session.step(f"Remove {_counted(rows)} that cannot be repaired"):
        for row in sorted(rows, key=lambda row: row.table):  # relations before the spans they end at
            if session.store.values(row.table, row.key) is None:
                continue
            if row.table == "span":
                _remove_relations(session, row)
            session.remove(row.table, row.key)


def _remove_relations(session: Session, row: Broken) -> None:
    values = session.store.values("span", row.key) or ()
    name = values[COLUMNS["span"].index("id")]
    tied = session.store.raw("relation", "article = ? AND ? IN (head, tail)", (row.article, name)).fetchall()
    for relation in tied:
        session.remove("relation", relation[0])


def _mend(session: Session, row: Broken) -> str:
    if row.remedy == "move":
        return _move(session, row)
    if row.remedy == "accept":
        body = queries.text(session.store, row.article)
        article = queries.article(session.store, row.article)
        session.put(article.model_copy(update={"text_sha256": sha256(body), "length": len(body)}))
        return "its text is taken as it is now"
    if row.remedy == "reset":
        _reset(session, row)
        return "what could not be read of it was emptied"
    what = f"{_short(row.text)!r} is nowhere in the article" if row.table == "span" and row.text else row.why
    return f"{what}; {_HOPELESS}"


def _move(session: Session, row: Broken) -> str:
    # Not as it stands in the file: what cannot be read of it is emptied first.
    _reset(session, row)
    span = queries.span(session.store, row.key)
    found = verify.nearest(span, queries.text(session.store, row.article))
    if found is None:
        return f"{_short(span.text)!r} is nowhere in the article; {_HOPELESS}"
    start, fragments = found
    twins = queries.equal_spans(session.store, span.article, span.annotator, fragments)
    if any(twin.key != span.key and twin.label == span.label for twin in twins):
        return f"{_short(span.text)!r} is labelled {span.label} at the nearest place already; {_HOPELESS}"
    session.put(_moved(span, start, fragments))
    return f"{_short(span.text)!r} moved by {start - span.start:+} characters"


def _reset(session: Session, row: Broken) -> None:
    """Empty the columns of a row that cannot be read, and only those."""
    table, values = TABLES[row.table], list(session.store.values(row.table, row.key) or ())
    for name in table.json:
        place = table.columns.index(name)
        if not _readable(table, values, name):
            values[place] = _EMPTY.get(name, "{}")
    if row.table == "span":
        start, end, fragments = (table.columns.index(name) for name in ("start", "end", "fragments"))
        if values[fragments] == "[]":
            values[fragments] = f"[[{values[start]},{values[end]}]]"
    session.put_values(row.table, values)


def _readable(table: Table, values: Sequence[object], name: str) -> bool:
    """Whether a row could be read if all its other columns of JSON were empty."""
    others = [
        _EMPTY.get(c, "{}") if c in table.json and c != name else v
        for c, v in zip(table.columns, values, strict=True)
    ]
    try:
        table.decode(others)
    except (ValueError, RecursionError):
        return False
    return True


def _moved(span: Span, start: int, fragments: tuple[tuple[int, int], ...]) -> Span:
    end = start + len(span.text)
    return span.model_copy(update={"start": start, "end": end, "fragments": fragments, "changed": now()})


def _name(session: Session, row: Broken) -> str:
    found = session.store.query("SELECT id FROM article WHERE key = ?", (row.article,)).fetchone()
    article = found[0] if found else row.article
    return f"{article} {row.name or row.table}".strip() if row.table != "article" else f"{article}"


def _counted(rows: Sequence[Broken]) -> str:
    labels = sum(1 for row in rows if row.table == "span")
    what = "label" if labels == len(rows) else "row"
    return f"{len(rows)} {what}{'' if len(rows) == 1 else 's'}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
