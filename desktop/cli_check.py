"""What `tagline check` looks at, and what `--repair` mends."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop import fixing, projects, repairs, settings, splitting
from desktop.datasets import checks
from desktop.datasets.findings import Problem
from desktop.datasets.markdown import counted
from desktop.errors import UsageError, UserError
from desktop.salvage import COUNTED
from desktop.session import Session
from desktop.store import backups, copying, queries, verify
from desktop.store.backups import Shelf
from desktop.store.store import Store

# What a problem has had from the first release on; the rest stands in `details`, one for each problem.
_ROW = ("kind", "severity", "article", "span", "message")
Result = tuple[int, dict[str, Any], list[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help="mend what can be mended without losing anything: labels go "
                        "back to where their text is, indexes and the tally are made anew")  # fmt: skip
    parser.add_argument("--fix", action="append", default=[], metavar="KIND", help="mend all problems of a kind that have a "
                        "fix, as one undoable step, for example span.edge_blank; may be given several times")  # fmt: skip


def run(open_project: Callable[[], Session], *, repair: bool, fix: Sequence[str] = ()) -> Result:
    """Check a project file, and mend it first if that is asked for. A file that is none is a problem, not a failure."""
    known = {kind for (kind, _), line in checks.LINES.items() if line.remedy}
    for kind in fix:
        if kind not in known:
            raise UsageError(f"there is no fix for {kind!r}", f"use one of {', '.join(sorted(known))}")
    try:
        session = open_project()
    except UserError as error:
        if not error.kind:
            raise
        return _result([Problem(error.kind, "error", "", "", str(error))], [])
    try:
        repaired = [_keep(session.store), *_repair(session)] if repair else []
        problems = list(_problems(session.store))
        wanted = [problem for problem in problems if problem.kind in fix and problem.fix]
        if wanted:
            mended = fixing.mend(session, wanted)
            repaired += [f"mended {mended.done} of {len(wanted)}"]
            repaired += [
                f"not mended: {count}: {reason}" for reason, count in sorted(mended.left_out.items())
            ]
            problems = list(_problems(session.store))
        return _result(problems, repaired)
    finally:
        session.store.close()


def _keep(store: Store) -> str:
    """A backup from before a repair, checked; of a file that would not pass the check a copy beside it."""
    try:
        made = Shelf(settings.load().backups, store.shown, store.id).make(store, "repair").path
    except UserError as error:
        if error.kind != "integrity.damaged":
            raise
        made = copying.free_name(store.path, "before repair")
        try:
            store.copy_into(made, copying.silent)
        except OSError as wrong:
            raise copying.unwritable(wrong, made) from wrong
        return f"a copy as it was before is kept as {made}; it holds what is repaired here"
    return f"a backup from before was made and checked: {made}"


def _repair(session: Session) -> list[str]:
    lines = []
    if broken := session.store.integrity_problems():
        session.store.rebuild_indexes()
        still = set(session.store.integrity_problems())
        lines += [f"{problem}; the indexes were made anew" for problem in broken if problem not in still]
    lines += repairs.repair(session)
    lines += [f"{problem}; counted anew" for problem in session.store.tally_problems()]
    session.store.recount()
    return lines


def _problems(store: Store) -> Iterator[Problem]:
    """The file, then all articles: what cannot be read of them by `verify`, the rest by the table of checks."""
    for kind, found in (("sqlite", store.integrity_problems()), ("tally", store.tally_problems())):
        yield from (Problem(f"integrity.{kind}", "error", "", "", problem) for problem in found)
    for key, title, why in verify.journal(store):
        yield Problem("integrity.journal", "warning", "", "", f"step {key} ({title}) cannot be undone: {why}")
    yield from _backup_problems(store)
    unreadable = [row for row in verify.everything(store) if row.unreadable]
    for row in unreadable:
        article = store.query("SELECT id FROM article WHERE key = ?", (row.article,)).fetchone()[0]
        yield Problem("integrity.row", "error", article, row.name, f"{row.table} {row.key}: {row.why}")
    articles = queries.bundle(store, {row.article for row in unreadable})
    deals = {deal: queries.assignments(store, deal) for deal in queries.deals(store)}
    yield from checks.check(articles, queries.scheme(store), deals, apart=splitting.apart(store))


def _backup_problems(store: Store) -> Iterator[Problem]:
    """The backups that would be of no help, each checked as a project is that is opened after a crash."""
    found = backups.of_project(settings.load().backups, store.shown, store.id)
    for done, backup in enumerate(found, 1):
        if sys.stderr.isatty():
            print(f"backup {done} of {len(found)} …", file=sys.stderr)
        try:
            Store.open(backup.path, read_only=True, full=True, as_is=True).close()
        except UserError as error:
            said = f"the backup {backup.path} is no good: {error.message}"
            yield Problem("integrity.backup", "warning", "", "", said)


def _result(problems: list[Problem], repaired: list[str]) -> Result:
    ok = not any(problem.severity == "error" for problem in problems)
    lines = [f"repaired: {line}" for line in repaired]
    for problem in problems:
        place = " ".join(part for part in (problem.article, problem.span) if part)
        lines.append(f"{problem.severity}: {problem.kind}: {place + ': ' if place else ''}{problem.message}")
    lines += _counted(problems)
    lines.append("No errors." if ok else "There are errors.")
    rows = [asdict(problem) for problem in problems]
    result = {
        "ok": ok,
        "problems": [{name: row[name] for name in _ROW} for row in rows],
        "details": [{name: row[name] for name in row if name not in _ROW} for row in rows],
        "repaired": repaired,
    }
    return (0 if ok else 1), result, lines


def _counted(problems: Sequence[Problem]) -> Iterator[str]:
    """How many there are of each kind, and what the fix of a kind does."""
    for (severity, kind), places in checks.by_kind(problems).items():
        title, remedy, _ = checks.line(problems[places[0]])
        fixes = [fix for place in places if (fix := problems[place].fix)]
        deeds = " or ".join(sorted({(fix.says or remedy).lower() for fix in fixes}))
        way = f" ({len(fixes)} with a fix: {deeds}, --fix {kind})" if fixes and remedy else ""
        yield f"{counted(len(places), severity)} {kind}: {title}{way}"


def recover(path: Path, annotator: str) -> Result:
    """What `tagline recover` does: exit code 1 where anything was lost."""
    report = projects.recover(path, annotator)
    whole = not (report.lost or report.broken or report.scheme_lost) and all(
        report.found[table] >= report.there.get(table, 0) for table in COUNTED
    )
    result = {
        "recovered": str(report.recovered), "damaged": str(report.damaged), "broken": report.broken,
        "found": {table: report.found[table] for table in COUNTED}, "lost": dict(report.lost),
    }  # fmt: skip
    kept = [f"The damaged file is kept as {report.damaged}.", f"What could be read is in {report.recovered}."]
    return (0 if whole else 1), result, [*report.lines(), *kept]
