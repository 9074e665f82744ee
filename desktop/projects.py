"""Making and opening projects: the shipped scheme, the sample, a file on disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from desktop import commands
from desktop.bundle import Bundle, Record, Report
from desktop.formats import jsonl
from desktop.formats import scheme as schemes
from desktop.formats.base import ReadOptions
from desktop.imports import import_bundle
from desktop.model import Scheme
from desktop.paths import shipped
from desktop.session import Session
from desktop.store.store import Store

SUFFIX = ".tagline"
REFERENCE = "reference"


def default_scheme() -> Scheme:
    """Event, actor, location, claim."""
    return schemes.read(shipped("resources", "schemes", "conflict-news.json"))


def default_guidelines() -> str:
    return shipped("resources", "guidelines", "conflict-news.md").read_text(encoding="utf-8")


def create(path: Path, annotator: str, scheme: Path | None = None) -> Session:
    """A new project with the scheme in a file, or the default one with its guidelines."""
    given = schemes.read(scheme) if scheme else None
    store = Store.create(path)
    try:
        session = Session(store, annotator)
        commands.start_project(session, given or default_scheme(), "" if given else default_guidelines())
    except BaseException:
        store.close()
        path.unlink(missing_ok=True)
        raise
    return session


def open_project(path: Path, annotator: str, *, read_only: bool = False) -> Session:
    return Session(Store.open(path, read_only=read_only), annotator)


def add_sample(session: Session, *, labels: bool) -> Report:
    """Import the five seed articles, with or without their reference labels."""
    return import_bundle(session, sample(labels=labels), Report(), title="Import the sample articles")


def sample(*, labels: bool) -> Bundle:
    path = shipped("seeds", "reference.jsonl")

    def iterate() -> Iterator[Record]:
        for record in jsonl.read(path, ReadOptions(REFERENCE), Report()):
            yield record if labels else replace(record, spans=(), relations=(), status={})

    return Bundle(iterate)
