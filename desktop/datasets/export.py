"""A project's articles as a dataset folder: split, written, read back, documented, and only then put in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from desktop.bundle import STATES, Bundle
from desktop.datasets import card_splits, origin
from desktop.datasets.agreement import Agreement
from desktop.datasets.allot import Allotment, Articles, Kept, allot
from desktop.datasets.card import Contents
from desktop.datasets.distinct import Distinct
from desktop.datasets.examples import UNITS
from desktop.datasets.jobs import Job, jobs_of, without
from desktop.datasets.manifest import entry_of, left_out, notes_of, splits_of
from desktop.datasets.options import CUTS, ExportOptions
from desktop.datasets.papers import write_papers
from desktop.datasets.picking import OTHER_STATUS, Picked
from desktop.datasets.splits import Sharing, sharing
from desktop.datasets.staging import refuse_full, staging
from desktop.datasets.statistics import Shared, Statistics, overlap, text_attributes
from desktop.datasets.steps import Progress, Steps, silent
from desktop.datasets.survey import Survey, complete
from desktop.datasets.writing import write_format
from desktop.errors import UsageError, UserError
from desktop.formats import FORMATS, chosen, find, writable
from desktop.formats.base import Format
from desktop.formats.receipt import Receipt
from desktop.model import Scheme


@dataclass(frozen=True)
class Outcome:
    """What an export did: a verified receipt for each format, and where each article went.

    `deal` is the name under which a project keeps the splits in `allotment`, `overlap` what they share with train, `lacks`
    says what they have not of what was asked for.
    """

    folder: Path
    receipts: list[Receipt]
    allotment: Allotment
    picked: list[Picked]
    deal: str = ""
    overlap: list[Shared] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)

    def article(self, name: str) -> str:
        """The article that an entry of a receipt is about, of which it may name an example."""
        return next((p.owner[name] for p in self.picked if name in p.owner), name)


def export(
    bundle: Bundle,
    folder: Path,
    options: ExportOptions,
    progress: Progress = silent,
    kept: Callable[[str], Kept] = lambda deal: {},
) -> Outcome:
    """Write `bundle` to `folder`, which must be new or empty; everything is read back and compared before it is there.

    `progress(done, total)` is called at each article, with total 0 until it is known; what it raises (Cancelled) ends the
    export. Whatever ends it early, nothing is left behind. `kept` gives the splits that articles have in a deal already.
    Raises UsageError for options that make no sense, UserError for a folder that cannot be used, a bundle without
    articles, or files that do not read back as they were written.
    """
    formats = _formats(options)
    _refuse_nonsense(bundle, options)
    choices = chosen(formats, options.choices)
    shared = sharing(options.split, options.by, options.seed) if options.split is not None else None
    refuse_full(folder)
    steps = Steps(progress)
    articles = Articles(by_source=options.by == "source") if shared else None
    everything, agreement = _look(bundle, steps, articles)
    jobs = jobs_of(bundle, formats, options, choices, everything, steps)
    allotment = Allotment()
    if shared and articles:
        allotment = _allotted(articles, jobs, shared, kept, steps)
        jobs = [without(job, allotment.left_out) for job in jobs]
    articles = None  # which takes much, and is needed no more
    _refuse_none(jobs, options, allotment)
    scheme = _chosen(complete(_scheme(bundle), everything), options)
    picked = list({id(job.picked): job.picked for job in jobs}.values())
    steps.expect(sum(2 * job.records for job in jobs))
    widest = max(jobs, key=lambda job: (len(job.found.articles), job.picked.spans_out))
    numbers = Statistics(text_attributes(scheme))
    with staging(folder) as stage:
        receipts = [
            write_format(
                job, stage, scheme, allotment.places, options.cut, steps, numbers if job is widest else None
            )
            for job in jobs
        ]
        shared_with_train = overlap(numbers, _texts(widest, allotment)) if shared else []
        contents = Contents(
            scheme, bundle.guidelines, widest.found, numbers, agreement, receipts, allotment, picked, shared, shared_with_train,
        )  # fmt: skip
        write_papers(stage, contents, _plain(options, formats, shared))
    lacks = [line.removeprefix("- ") for line in card_splits.limits(shared, numbers, scheme)]
    return Outcome(
        folder, receipts, allotment, picked, shared.deal if shared else "", shared_with_train, lacks
    )


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
    return [format for format in writable() if format.id in options.formats]


def _refuse_nonsense(bundle: Bundle, options: ExportOptions) -> None:
    known = [label.name for label in bundle.scheme.labels] if bundle.scheme else []
    choices: tuple[tuple[str, object, Sequence[str]], ...] = (
        ("spans that cut a token cannot be", options.cut, CUTS),
        ("no unit is called", options.unit, UNITS),
        *(("no status is called", status, STATES) for status in (options.status,) if status is not None),
        *(("the scheme has no label", label, known) for label in options.labels),
    )
    for what, value, allowed in choices:
        if value not in allowed:
            raise UsageError(f"{what} {value!r}", f"use one of {', '.join(allowed)}")
    for day in (options.since, options.until):
        if day is not None and (not origin.as_day(day) or len(day) != len("2021-06-30")):
            raise UsageError(f"{day!r} is no day", "write it as 2021-06-30")


def _scheme(bundle: Bundle) -> Scheme:
    if not bundle.scheme:
        raise UserError("there is no scheme to export with", "give the project a scheme")
    return bundle.scheme


def _chosen(scheme: Scheme, options: ExportOptions) -> Scheme:
    """The scheme with the labels that go out."""
    kept = tuple(label for label in scheme.labels if label.name in (options.labels or (label.name,)))
    return scheme.model_copy(update={"labels": kept})


def _look(bundle: Bundle, steps: Steps, articles: Articles | None) -> tuple[Survey, Agreement]:
    """What all layers hold, and how far they agree; fills `articles` on the way."""
    found, agreement = Survey(), Agreement()
    labels = [label.name for label in bundle.scheme.labels] if bundle.scheme else []
    for record in bundle:
        steps.tick()
        found.add(record)
        agreement.add(record, labels)
        if articles:
            articles.add(record)
    return found, agreement


def _allotted(
    articles: Articles, jobs: Sequence[Job], shared: Sharing, kept: Callable[[str], Kept], steps: Steps
) -> Allotment:
    labels = {article.id: job.found.labels_of(article) for job in jobs for article in job.found.articles}
    return allot(articles, labels, shared, kept(shared.deal), steps.tick)


def _refuse_none(jobs: Sequence[Job], options: ExportOptions, allotment: Allotment) -> None:
    empty = next((job for job in jobs if not job.found.articles), None)
    if not empty:
        return
    what, hint = "there is no article", "import articles"
    if allotment.left_out:
        reason = next(iter(allotment.left_out.values()))
        what, hint = f"no article has a place in the splits: each {reason}", "share them out another way"
    elif options.status and empty.picked.articles_left_out.keys() <= {OTHER_STATUS}:
        what, hint = f"no article has the status {options.status}", "ask for another status"
    elif options.picks and empty.picked.articles_in:
        reasons = ", ".join(
            f"{count} {reason}" for reason, count in sorted(empty.picked.articles_left_out.items())
        )
        what, hint = f"no article is left of {empty.picked.articles_in} ({reasons})", "choose more of them"
    raise UserError(f"nothing to export as {empty.format.id}: {what}", hint)


def _texts(job: Job, allotment: Allotment) -> dict[str, Distinct]:
    """The texts in each split."""
    found: dict[str, Distinct] = {}
    for article in job.found.articles:
        if split := allotment.places.get(article.id):
            found.setdefault(split, Distinct()).add(article.text_sha256)
    return found


def _plain(options: ExportOptions, formats: list[Format], shared: Sharing | None) -> dict[str, Any]:
    """The options in one spelling, whatever the order they were given in."""
    return {
        **asdict(options),
        "formats": [format.id for format in formats],
        "split": shared.plain() if shared else None,
        "choices": dict(sorted(options.choices.items())),
    }


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The object that `export --json` prints; its lists of spans can be gone through once (see `longjson`)."""
    return {
        "picked": [picked.plain() for picked in outcome.picked],
        "articles_left_out": left_out(outcome.allotment),
        "splits": splits_of(outcome.allotment),
        "splits_kept": len(outcome.allotment.places) - len(outcome.allotment.new),
        "splits_lack": outcome.lacks,
        "overlap": [asdict(row) for row in outcome.overlap],
        "formats": [
            {
                "format": receipt.format,
                "folder": str(outcome.folder / receipt.format),
                "articles": receipt.articles,
                "spans_in": receipt.spans_in,
                "spans_out": receipt.spans_out,
                "labels": receipt.by_label(),
                "left_out": receipt.left_out.totals(),
                "changed": receipt.changed.totals(),
                "not_flat": receipt.not_flat(),
                "flat_changed": receipt.flat_changed(),
                "spans": _spans(receipt, outcome.picked),
                "verified": receipt.verified,
                "notes": notes_of(receipt, outcome.picked),
            }
            for receipt in outcome.receipts
        ],
    }


def _spans(receipt: Receipt, picked: Sequence[Picked]) -> Iterator[dict[str, Any]]:
    for what, entries in (("left_out", receipt.left_out), ("changed", receipt.changed)):
        for entry in entries:
            yield {"what": what, **entry_of(entry, picked)}
