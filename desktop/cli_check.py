"""What `tagline check` looks at, and what `--repair` mends."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from desktop import repairs
from desktop.datasets import checks
from desktop.errors import UserError
from desktop.session import Session
from desktop.store import queries, verify
from desktop.store.store import Store

Result = tuple[int, dict[str, Any], list[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help="mend what can be mended without losing anything: labels go "
                        "back to where their text is, indexes and the tally are made anew")  # fmt: skip


def run(open_project: Callable[[], Session], *, repair: bool) -> Result:
    """Check a project file, and mend it first if that is asked for. A file that is none is a problem, not a failure."""
    try:
        session = open_project()
    except UserError as error:
        if not error.kind:
            raise
        return _result([checks.Problem(error.kind, "error", "", "", str(error))], [])
    try:
        repaired = _repair(session) if repair else []
        return _result(list(_problems(session.store)), repaired)
    finally:
        session.store.close()


def _repair(session: Session) -> list[str]:
    lines = repairs.repair(session)
    lines += [f"{problem}; counted anew" for problem in session.store.tally_problems()]
    session.store.recount()
    return lines


def _problems(store: Store) -> Iterator[checks.Problem]:
    """The file, then all articles: what cannot be read of them by `verify`, the rest by the table of checks."""
    for kind, found in (("sqlite", store.integrity_problems()), ("tally", store.tally_problems())):
        yield from (checks.Problem(f"integrity.{kind}", "error", "", "", problem) for problem in found)
    unreadable = [row for row in verify.everything(store) if row.unreadable]
    for row in unreadable:
        article = store.query("SELECT id FROM article WHERE key = ?", (row.article,)).fetchone()[0]
        yield checks.Problem("integrity.row", "error", article, row.name, f"{row.table} {row.key}: {row.why}")
    yield from checks.check(queries.bundle(store, {row.article for row in unreadable}), queries.scheme(store))


def _result(problems: list[checks.Problem], repaired: list[str]) -> Result:
    ok = not any(problem.severity == "error" for problem in problems)
    lines = [f"repaired: {line}" for line in repaired]
    for problem in problems:
        place = " ".join(part for part in (problem.article, problem.span) if part)
        lines.append(f"{problem.severity}: {problem.kind}: {place + ': ' if place else ''}{problem.message}")
    lines.append("No errors." if ok else "There are errors.")
    result = {"ok": ok, "problems": [asdict(problem) for problem in problems], "repaired": repaired}
    return (0 if ok else 1), result, lines
