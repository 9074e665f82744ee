"""A project's articles as a dataset folder: split, written, read back, documented, and only then put in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from desktop.bundle import STATES, Bundle, Record
from desktop.datasets import origin, splits
from desktop.datasets.agreement import Agreement
from desktop.datasets.card import Contents
from desktop.datasets.options import ExportOptions
from desktop.datasets.papers import write_papers
from desktop.datasets.staging import refuse_full, staging
from desktop.datasets.statistics import Statistics, text_attributes
from desktop.datasets.survey import Survey, complete
from desktop.datasets.verify import verify
from desktop.errors import UsageError, UserError
from desktop.formats import FORMATS, chosen, find, writable
from desktop.formats.base import Format, Plan
from desktop.formats.receipt import Receipt, totals
from desktop.model import Scheme, State

Progress = Callable[[int, int], None]
# The one format that can keep the layers of several annotators apart.
_LAYERED = "jsonl"


class _Steps:
    """Counts articles through writing and verifying; the total is 0 while it is not known."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = self._limit = self._total = 0

    def expect(self, total: int) -> None:
        self._total = total

    def phase(self, count: int) -> None:
        """Begin with the next `count` articles; a writer that goes through them twice does not run ahead."""
        self._done = self._limit
        self._limit += count

    def tick(self) -> None:
        self._done = min(self._done + 1, self._limit)
        self._progress(self._done, self._total)

    def through(self, bundle: Bundle, look: Callable[[Record], None]) -> Bundle:
        """`bundle`, ticking at each record and showing it to `look`."""

        def iterate() -> Iterator[Record]:
            for record in bundle:
                self.tick()
                look(record)
                yield record

        return replace(bundle, iterate=iterate)


@dataclass(frozen=True)
class _Job:
    """One format with the records it gets and the values chosen for its options."""

    format: Format
    bundle: Bundle
    found: Survey
    options: Mapping[str, str]


def _silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def export(
    bundle: Bundle, folder: Path, options: ExportOptions, progress: Progress = _silent
) -> list[Receipt]:
    """Write `bundle` to `folder`, which must be new or empty, and return a verified receipt for each format.

    `progress(done, total)` is called at each article, with total 0 until it is known; what it raises (Cancelled) ends the
    export. Whatever ends it early, nothing is left behind. Raises UsageError for options that make no sense, UserError
    for a folder that cannot be used, a bundle without articles, or files that do not read back as they were written.
    """
    formats = _formats(options)
    choices = chosen(formats, options.choices)
    shares = splits.parse(options.split) if options.split is not None else None
    refuse_full(folder)
    steps = _Steps(progress)
    everything, agreement = _look(bundle, steps)
    jobs = _jobs(bundle, formats, options, choices, everything, steps)
    widest = max(jobs, key=lambda job: len(job.found.articles))
    scheme = complete(_scheme(bundle), everything)
    groups = {article.id: article.group for article in widest.found.articles}
    places = splits.assign(groups, shares, options.seed) if shares else {}
    steps.expect(sum(2 * len(job.found.articles) for job in jobs))
    numbers = Statistics(text_attributes(scheme))
    with staging(folder) as stage:
        receipts = [
            _write(job, stage, scheme, places, steps, numbers if job is widest else Statistics())
            for job in jobs
        ]
        contents = Contents(
            scheme, bundle.guidelines, widest.found, numbers, agreement, receipts, _sharing(shares, options)
        )
        write_papers(stage, contents, places, _plain(options, formats, shares))
    return receipts


def _formats(options: ExportOptions) -> list[Format]:
    """The formats asked for, each once, in the order of the table."""
    names = ", ".join(format.id for format in writable())
    if not options.formats:
        raise UsageError("no format is named", f"use one of {names}")
    for name in options.formats:
        if name not in {format.id for format in FORMATS}:
            raise UsageError(f"no format is called {name!r}", f"use one of {names}")
        if not find(name).write:
            raise UsageError(f"the format {name!r} can be read but not written", f"use one of {names}")
    if options.status is not None and options.status not in STATES:
        raise UsageError(f"no status is called {options.status!r}", f"use one of {', '.join(STATES)}")
    return [format for format in writable() if format.id in options.formats]


def _scheme(bundle: Bundle) -> Scheme:
    if not bundle.scheme:
        raise UserError("there is no scheme to export with", "give the project a scheme")
    return bundle.scheme


def _look(bundle: Bundle, steps: _Steps) -> tuple[Survey, Agreement]:
    """What all layers hold, and how far they agree."""
    found, agreement = Survey(), Agreement()
    labels = [label.name for label in bundle.scheme.labels] if bundle.scheme else []
    for record in bundle:
        steps.tick()
        found.add(record)
        agreement.add(record, labels)
    return found, agreement


def _jobs(
    bundle: Bundle,
    formats: list[Format],
    options: ExportOptions,
    choices: Mapping[str, Mapping[str, str]],
    everything: Survey,
    steps: _Steps,
) -> list[_Job]:
    layers = {format.id: _layer(format, options, everything) for format in formats}
    picked = {layer: _selection(bundle, layer, options.status) for layer in set(layers.values())}
    found = {layer: Survey() for layer in picked}
    if len(everything.with_spans | everything.with_status) > 1 or options.status is not None:
        for layer, selected in picked.items():
            for record in selected:
                steps.tick()
                found[layer].add(record)
    else:
        found = dict.fromkeys(picked, everything)
    jobs = [_Job(f, picked[layers[f.id]], found[layers[f.id]], choices[f.id]) for f in formats]
    for job in jobs:
        if not job.found.articles:
            what = f"no article has the status {options.status}" if options.status else "there is no article"
            raise UserError(
                f"nothing to export as {job.format.id}: {what}", "import articles, or ask for another status"
            )
    return jobs


def _layer(format: Format, options: ExportOptions, found: Survey) -> str | None:
    """Whose spans a format gets; None for those of all. Raises UsageError where it must be said and is not."""
    known = sorted(found.with_spans | found.with_status)
    if options.layer is not None:
        if options.layer not in known:
            choices = f"use one of {', '.join(known)}" if known else "nobody has tagged anything yet"
            raise UsageError(f"no layer is by {options.layer!r}", choices)
        return options.layer
    if format.id == _LAYERED:
        return None
    if len(found.layers) > 1:
        raise UsageError(
            f"{format.id} holds one layer, and there are several", f"name one: {', '.join(found.layers)}"
        )
    return found.layers[0] if found.layers else None


def _selection(bundle: Bundle, layer: str | None, status: State | None) -> Bundle:
    def iterate() -> Iterator[Record]:
        for record in bundle:
            kept = record if layer is None else _of_layer(record, layer)
            # An article that nobody has begun has no status yet.
            states = set((kept.status or {}).values()) or {"todo"}
            if status is None or status in states:
                yield kept

    return replace(bundle, iterate=iterate)


def _of_layer(record: Record, layer: str) -> Record:
    return replace(
        record,
        spans=tuple(span for span in record.spans if span.annotator == layer),
        relations=tuple(relation for relation in record.relations if relation.annotator == layer),
        status={name: state for name, state in (record.status or {}).items() if name == layer},
    )


def _write(
    job: _Job, stage: Path, scheme: Scheme, places: Mapping[str, str], steps: _Steps, numbers: Statistics
) -> Receipt:
    """Write and read back one format; `numbers` are counted on the way, each article once."""
    mine = {article.id: places[article.id] for article in job.found.articles} if places else {}
    plan = Plan(scheme, mine, job.options)
    folder = stage / job.format.id
    folder.mkdir()
    if not job.format.write:
        raise UsageError(f"the format {job.format.id!r} cannot be written")
    seen: set[str] = set()

    def count(record: Record) -> None:
        if record.article.id not in seen:
            seen.add(record.article.id)
            numbers.add(record, plan.split(record.article.id), origin.source(record.article.meta))

    steps.phase(len(job.found.articles))
    receipt = job.format.write(folder, steps.through(job.bundle, count), plan)
    steps.phase(len(job.found.articles))
    verify(job.format, folder, job.bundle, plan, receipt, steps.tick)
    return receipt


def _sharing(shares: Mapping[str, Fraction] | None, options: ExportOptions) -> list[str]:
    """How the articles were shared out, for the card."""
    if not shares:
        return []
    parts = ", ".join(f"{name} {_number(share)}" for name, share in shares.items())
    return [
        f"Articles were shared out as {parts} (seed {options.seed}). Which article goes where is decided by names and the",
        "seed alone, never by chance or order. Articles of one group are in one split.",
    ]


def _number(share: Fraction) -> int | float:
    return int(share) if share.denominator == 1 else float(share)


def _plain(
    options: ExportOptions, formats: list[Format], shares: Mapping[str, Fraction] | None
) -> dict[str, Any]:
    """The options in one spelling, whatever the order they were given in."""
    parts = {name: _number(share) for name, share in (shares or {}).items()}
    choices = dict(sorted(options.choices.items()))
    return {**asdict(options), "formats": [f.id for f in formats], "split": parts or None, "choices": choices}


def as_json(receipts: list[Receipt], folder: Path) -> dict[str, Any]:
    """The object that `export --json` prints."""
    return {
        "formats": [
            {
                "format": receipt.format,
                "folder": str(folder / receipt.format),
                "articles": receipt.articles,
                "spans_in": receipt.spans_in,
                "spans_out": receipt.spans_out,
                "left_out": totals(receipt.left_out),
                "changed": totals(receipt.changed),
                "spans": [
                    *({"what": "left_out", **asdict(entry)} for entry in receipt.left_out),
                    *({"what": "changed", **asdict(entry)} for entry in receipt.changed),
                ],
                "verified": receipt.verified,
                "notes": receipt.notes,
            }
            for receipt in receipts
        ]
    }
