"""A damaged project, and a new one with everything in it that could still be read."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop import commands, openfiles
from desktop.errors import UserError
from desktop.formats import scheme as schemes
from desktop.model import Scheme
from desktop.session import Session, now
from desktop.store import copying, queries, verify
from desktop.store.access import Misfit
from desktop.store.carving import carve, copy_rolled_back, rows_there
from desktop.store.header import journal_of
from desktop.store.rows import COLUMNS, TABLES
from desktop.store.store import Store
from desktop.text import sha256

Progress = Callable[[int, int], None]
# What is counted for the person: the tables of what they made.
COUNTED = ("article", "span", "relation", "status", "step")
# What the journal would put back is not worth the risk: the steps are kept to be read.
_TAKEN = frozenset(COLUMNS) - {"change"}
_DIGEST, _LENGTH = COLUMNS["article"].index("text_sha256"), COLUMNS["article"].index("length")
_STATE, _OF, _KEPT = (COLUMNS["step"].index(name) for name in ("state", "of", "kept"))


@dataclass
class Report:
    """What came out of a damaged file. `there` is how many rows it said it had, where it could still say so."""

    damaged: Path
    recovered: Path
    there: dict[str, int] = field(default_factory=dict)
    found: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    scheme_lost: bool = False

    def lines(self) -> list[str]:
        """The report in words, a line each."""
        lines = []
        for table, name in zip(
            COUNTED, ("articles", "labels", "relations", "states", "steps of the history"), strict=True
        ):
            of = f" of {self.there[table]}" if self.there.get(table, 0) > self.found[table] else ""
            lines.append(f"{name}: {self.found[table]}{of} recovered")
        lines += [f"{count} {what}" for what, count in sorted(self.lost.items())]
        if self.broken:
            lines.append(f"{self.broken} that do not hold are on the repair page")
        if self.scheme_lost:
            lines.append(
                "the scheme could not be read: the usual one is in its place, with the labels that are in use"
            )
        lines.append("steps from before can be read, and no longer undone")
        return lines


def recover(path: Path, annotator: str, spare: Path, scheme: Scheme, guidelines: str,
            progress: Progress = copying.silent) -> Report:  # fmt: skip
    """Read what can be read of a damaged project into a new one under its name; the damaged file is kept under another.

    Where the folder takes nothing, the new project is made in the folder `spare` and the damaged file stays as it is.
    `scheme` and `guidelines` stand in for what is lost. `progress` hears pages read of all, and may raise Cancelled.
    Raises UserError where nothing at all can be read.
    """
    if openfiles.is_open(path):
        raise UserError("this project is open", "close it first", file=str(path), kind="file.open_here")
    folder = path.parent if os.access(path.parent, os.W_OK) else spare
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{path.name[:80]}.{secrets.token_hex(4)}.part"
    work = folder / f".{path.name[:80]}.{secrets.token_hex(4)}.damaged"
    try:
        copy_rolled_back(path, work)
        report = Report(path, path, there=rows_there(work))
        store = Store.create(part)
        try:
            _fill(Session(store, annotator), work, report, scheme, guidelines, progress)
        finally:
            store.close()
        if not report.found["article"] and not report.found["property"]:
            raise UserError(
                "nothing could be read of this project",
                "use a backup",
                file=str(path),
                kind="integrity.damaged",
            )
        copying.verify(part)
        _put_aside(path, part, folder, report)
        return report
    except OSError as error:
        raise copying.unwritable(error, path) from error
    finally:
        for left in (part, work):
            for file in (left, journal_of(left)):
                with suppress(OSError):
                    file.unlink(missing_ok=True)


def _fill(
    session: Session, work: Path, report: Report, scheme: Scheme, guidelines: str, progress: Progress
) -> None:
    store = session.store
    with store.transaction():
        _check_texts(store, report, _take(store, report, carve(work, progress)))
        _drop_strays(store, report)
    _check_scheme(session, report, scheme, guidelines)
    with store.transaction():
        about = f"Recover from {report.damaged.name}"
        store.add("step", (None, about, session.annotator, now(), "do", None, "ended", None, "{}", 1))
    report.broken = sum(1 for _ in verify.everything(store))


def _take(store: Store, report: Report, rows: Iterator[tuple[str, list[Any]]]) -> set[int]:
    """Store what can be stored; returns the keys of the articles whose texts came."""
    texts: set[int] = set()
    for table, values in rows:
        if table not in _TAKEN:
            continue
        if table == "step":
            values[_STATE], values[_OF], values[_KEPT] = "ended", None, 0
        known = TABLES.get(table)
        try:
            if known and table in ("property", "status"):
                known.decode(values)
            if store.values(table, values[0]) is not None:
                continue
            store.add(table, values)
        except (ValueError, RecursionError, Misfit):  # twice in the file, or what no row can be
            report.lost[f"rows of {table} that made no sense"] += 1
            continue
        report.found[table] += 1
        if table == "article_text":
            texts.add(values[0])
    return texts


def _check_texts(store: Store, report: Report, texts: set[int]) -> None:
    """An article without its text is no article; a text that is not quite what it was is kept and said to be so."""
    for article in store.raw("article").fetchall():
        if article[0] not in texts:
            store.take("article", article)
            report.found["article"] -= 1
            report.lost["articles whose text could not be read"] += 1
            continue
        texts.discard(article[0])
        (body,) = store.query("SELECT text FROM article_text WHERE article = ?", (article[0],)).fetchone()
        if sha256(body) != article[_DIGEST]:
            mended = list(article)
            mended[_DIGEST], mended[_LENGTH] = sha256(body), len(body)
            store.change("article", article, mended)
            report.lost["articles whose text is not quite what was imported"] += 1
    for key in texts:
        values = store.values("article_text", key)
        assert values
        store.take("article_text", values)
        report.lost["texts whose article could not be read"] += 1


def _drop_strays(store: Store, report: Report) -> None:
    """Take away what points to something that could not be read."""
    while strays := store.query("PRAGMA foreign_key_check").fetchall():
        for table, key in {(row[0], row[1]) for row in strays}:
            values = store.values(table, key)
            if values:
                store.take(table, values)
                report.found[table] -= 1
                if table in COUNTED:
                    report.lost[f"rows of {table} without the article or label they belong to"] += 1


def _check_scheme(session: Session, report: Report, scheme: Scheme, guidelines: str) -> None:
    try:
        queries.scheme(session.store)
    except UserError:
        report.scheme_lost = True
        used = session.store.query("SELECT DISTINCT label FROM span ORDER BY label").fetchall()
        for (name,) in used:
            if scheme.label(name) is None and schemes.good_name(name):
                scheme = scheme.model_copy(
                    update={"labels": (*scheme.labels, schemes.new_label(name, scheme))}
                )
        commands.set_property(session, "scheme", schemes.dumps(scheme))
    if not queries.guidelines(session.store):
        commands.set_property(session, "guidelines", guidelines)
    session.seal()


def _put_aside(path: Path, part: Path, folder: Path, report: Report) -> None:
    """Give the damaged file a name that says so, and the new one its name."""
    copying.sync_file(part)
    if folder == path.parent:
        report.damaged = copying.free_name(path, "damaged")
        journal = journal_of(path)
        path.rename(report.damaged)
        if journal.exists():
            journal.rename(journal_of(report.damaged))
        report.recovered = path
    else:
        report.recovered = copying.free_name(folder / path.name, "recovered")
    part.rename(report.recovered)
    copying.sync_folder(report.recovered.parent)
