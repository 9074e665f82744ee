"""A project out as a dataset: with the splits that its articles have, keeping those that they get."""

from __future__ import annotations

from pathlib import Path

from desktop import splitting
from desktop.datasets.export import Outcome, export
from desktop.datasets.options import ExportOptions
from desktop.datasets.steps import Progress, silent
from desktop.session import Session
from desktop.store import queries


def export_project(
    session: Session, folder: Path, options: ExportOptions, progress: Progress = silent
) -> Outcome:
    """Export, and keep the new splits as one undoable step; a project that cannot be written to keeps none."""
    store = session.store
    outcome = export(
        queries.bundle(store), folder, options, progress, lambda deal: queries.assignments(store, deal)
    )
    if outcome.allotment.new and not store.read_only:
        splitting.keep(session, outcome.deal, outcome.allotment.new)
    return outcome
