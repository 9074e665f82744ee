"""Making and opening projects: the shipped scheme, the sample, a file on disk."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import commands, openfiles, settings
from desktop.bundle import Bundle, Record, Report
from desktop.errors import UserError
from desktop.formats import scheme as schemes
from desktop.formats.base import ReadOptions
from desktop.model import Scheme
from desktop.paths import copies_folder, projects_folder, shipped
from desktop.session import Session
from desktop.store import copying
from desktop.store.header import is_older, journal_of, left_journal, unwritable
from desktop.store.store import Store

if TYPE_CHECKING:
    from desktop import salvage

SUFFIX = ".tagline"
REFERENCE = "reference"


def with_ending(path: Path) -> Path:
    """The path with the ending of projects; a dot in the name is no ending."""
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)


def default_scheme() -> Scheme:
    """Event, actor, location, claim."""
    return schemes.read(shipped("resources", "schemes", "conflict-news.json"))


def default_guidelines() -> str:
    return shipped("resources", "guidelines", "conflict-news.md").read_text(encoding="utf-8")


def _everything_on() -> Scheme:
    from desktop.scheme_edits import with_everything_on  # noqa: PLC0415

    return with_everything_on(default_scheme())


@dataclass(frozen=True)
class Start:
    """A scheme to begin with."""

    id: str
    title: str
    summary: str
    scheme: Callable[[], Scheme]


# What a new project can begin with; the first where nothing is said. All go with the default guidelines.
STARTS: tuple[Start, ...] = (
    Start("labels", "Four labels", "Event, actor, location, claim. Attributes and relations are there, out of the way.",
          default_scheme),
    Start("attributes", "Four labels with attributes", "The same, and every label shows what kind it is, who, where, how sure.",
          _everything_on),
)  # fmt: skip


def create(path: Path, annotator: str, scheme: Path | Start = STARTS[0], *, private: bool = False) -> Session:
    """A new project with the scheme in a file, or with one of STARTS and its guidelines; `private`: in no recent list."""
    start = isinstance(scheme, Start)
    given = scheme.scheme() if isinstance(scheme, Start) else schemes.read(scheme)
    store = Store.create(path)
    try:
        session = Session(store, annotator)
        commands.start_project(session, given, default_guidelines() if start else "")
        if private:
            commands.set_private(session, True)
            session.seal()
    except BaseException:
        store.close()
        path.unlink(missing_ok=True)
        raise
    return session


def open_project(path: Path, annotator: str, *, read_only: bool = False) -> Session:
    """A project, upgraded first where an older Tagline made it; `store.upgraded` says so."""
    upgraded = not read_only and not openfiles.is_open(path) and is_older(path)
    if upgraded:
        _upgrade(path, settings.load().backups)
    store = Store.open(path, read_only=read_only)
    store.upgraded = upgraded
    if not read_only:
        copying.finish_rewrite(path)
    return Session(store, annotator)


def _upgrade(path: Path, backups: Path | None) -> None:
    """Bring a project to the present schema, once all of it was checked and a verified backup of it was made."""
    store = Store.open(path, full=True, as_is=True)
    try:
        if backups:
            from desktop.store.backups import Shelf  # noqa: PLC0415

            Shelf(backups, path, store.id).make(store, "upgrade")
        store.upgrade()
    finally:
        store.close()


def open_anyhow(path: Path, annotator: str) -> Session:
    """A project as far as it can be opened: what cannot be written is opened for reading, and `store.locked` says why."""
    why = unwritable(path)
    if not why:
        return open_project(path, annotator)
    # It must be rolled back or upgraded, which a file that cannot be written does not allow.
    if left_journal(path) or is_older(path):
        return open_snapshot(path, annotator, why)
    session = open_project(path, annotator, read_only=True)
    session.store.locked = why
    return session


def open_snapshot(path: Path, annotator: str, why: str = "") -> Session:
    """A private copy of a project, to be read only; it is gone when it is closed."""
    folder = copying.private_folder(copies_folder())
    try:
        copy = copying.copy_still(path, folder)
        if is_older(copy):
            _upgrade(copy, None)  # the project itself stays as it is
        session = open_project(copy, annotator, read_only=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    made = datetime.now().astimezone().strftime("%H:%M")
    session.store.shown = path
    session.store.locked = why or f"it is open elsewhere, and this is how it was at {made}"
    session.store.afterwards = lambda: shutil.rmtree(folder, ignore_errors=True)
    return session


def open_copy(path: Path, target: Path, annotator: str) -> Session:
    """A copy of a project that is open elsewhere, to work in; raises UserError where there is a file of that name."""
    if os.path.lexists(target):
        raise UserError("there is a file of that name already", "choose another name", file=str(target))
    folder = copying.private_folder(copies_folder())
    try:
        shutil.move(copying.copy_still(path, folder), target)
    except OSError as error:
        raise copying.unwritable(error, target) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return open_project(target, annotator)


def recover(path: Path, annotator: str, progress: copying.Progress = copying.silent) -> salvage.Report:
    """Everything that can be read of a damaged project as a new one under its name; see `salvage.recover`.

    Raises UserError where the project is sound, in use, or made with a newer Tagline.
    """
    from desktop import salvage  # noqa: PLC0415

    try:
        Store.open(path, full=True).close()
    except UserError as error:
        if error.kind not in ("integrity.damaged", "file.not_ours"):
            raise
    else:
        raise UserError("this project is sound", "open it", file=str(path))
    return salvage.recover(
        path, annotator, projects_folder(), default_scheme(), default_guidelines(), progress
    )


def put_in_place(path: Path, copy: Path) -> Path | None:
    """Put a checked copy, a backup, in the place of a project that is closed; returns where the former file is now, if any.

    The copy stays where it is. There is a whole project under `path` at every moment, where the drive knows links.
    """
    aside = copying.free_name(path, "before restore") if path.exists() else None
    with _brought(copy, path) as part:
        try:
            if aside:
                _set_aside(path, aside)
            part.replace(path)
        except OSError:
            if aside and aside.exists() and not path.exists():
                aside.rename(path)
            raise
    return aside


def copy_to(copy: Path, target: Path) -> None:
    """A checked copy of a closed project, a backup, under another name."""
    if openfiles.is_open(target):
        raise UserError(
            "this project is open", "choose another name", file=str(target), kind="file.open_here"
        )
    with _brought(copy, target) as part:
        part.replace(target)


@contextmanager
def _brought(copy: Path, target: Path) -> Iterator[Path]:
    """A checked copy beside the place it is to take, gone again if it has not taken it."""
    part = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        part.touch(mode=0o600)
        shutil.copyfile(copy, part)
        copying.verify(part)
        copying.sync_file(part)
        yield part
        copying.sync_folder(target.parent)
    except OSError as error:
        raise copying.unwritable(error, target) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _set_aside(path: Path, aside: Path) -> None:
    """Give a file, and what a crash left beside it, another name."""
    try:
        aside.hardlink_to(path)
    except OSError:  # a drive without links: for a moment there is nothing under the name
        path.rename(aside)
    journal = journal_of(path)
    if journal.exists():
        journal.rename(journal_of(aside))


def add_sample(session: Session, *, labels: bool) -> Report:
    """Import the five seed articles, with or without their reference labels."""
    from desktop.imports import import_bundle  # noqa: PLC0415

    return import_bundle(session, sample(labels=labels), Report(), title="Import the sample articles")


def sample(*, labels: bool) -> Bundle:
    from desktop.formats import jsonl  # noqa: PLC0415

    path = shipped("seeds", "reference.jsonl")

    def iterate() -> Iterator[Record]:
        for record in jsonl.read(path, ReadOptions(REFERENCE), Report()):
            yield record if labels else replace(record, spans=(), relations=(), status={})

    return Bundle(iterate)
