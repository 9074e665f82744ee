"""Which articles and spans each format of an export gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from desktop.bundle import Bundle, Record
from desktop.datasets.options import ExportOptions
from desktop.datasets.picking import Picked, account, pick
from desktop.datasets.steps import Steps
from desktop.datasets.survey import Survey
from desktop.errors import UsageError
from desktop.formats.base import Format

# The one format that can keep the layers of several annotators apart.
_LAYERED = "jsonl"
NO_PLACE = "no place in the splits"


@dataclass(frozen=True)
class Job:
    """One format with the records it gets, the account of how they were taken, and the values of its options.

    `found` is of the articles, whatever examples the records are.
    """

    format: Format
    bundle: Bundle
    found: Survey
    picked: Picked
    options: Mapping[str, str]

    @property
    def records(self) -> int:
        return self.picked.examples

    def places(self, splits: Mapping[str, str]) -> dict[str, str]:
        """The split of each record, given those of the articles."""
        mine = {article.id: splits[article.id] for article in self.found.articles if article.id in splits}
        return {name: mine[of] for name, of in self.picked.owner.items() if of in mine} or mine


def jobs_of(
    bundle: Bundle,
    formats: list[Format],
    options: ExportOptions,
    choices: Mapping[str, Mapping[str, str]],
    everything: Survey,
    steps: Steps,
) -> list[Job]:
    """Raises UsageError where it must be said whose spans go out and is not."""
    layers = {format.id: _layer(format, options, everything) for format in formats}
    accounts = {layer: (Picked(layer), Survey()) for layer in set(layers.values())}
    if options.picks or len(everything.with_spans | everything.with_status) > 1:
        for record in bundle:
            steps.tick()
            for picked, found in accounts.values():
                taken = account(record, options, picked)
                if taken:
                    found.add(taken)
    else:
        accounts = {layer: (_all(layer, everything), everything) for layer in accounts}
    return [
        Job(f, pick(bundle, layers[f.id], options), found, picked, choices[f.id])
        for f in formats
        for picked, found in (accounts[layers[f.id]],)
    ]


def _all(layer: str | None, everything: Survey) -> Picked:
    articles, spans = len(everything.articles), everything.label_counts().total()
    return Picked(layer, articles, articles, examples=articles, spans_in=spans, spans_out=spans)


def without(job: Job, left_out: Mapping[str, str]) -> Job:
    """The job without the articles that have no place in the splits, which is written down as well."""
    gone = [article for article in job.found.articles if article.id in left_out]
    if not gone:
        return job
    owner = {name: of for name, of in job.picked.owner.items() if of not in left_out}
    lost: Counter[tuple[str, str]] = Counter()
    for article in gone:
        lost.update({(NO_PLACE, label): count for label, count in job.found.labels_of(article).items()})
    picked = replace(
        job.picked,
        articles_out=job.picked.articles_out - len(gone),
        articles_left_out=job.picked.articles_left_out + Counter({NO_PLACE: len(gone)}),
        examples=len(owner) if job.picked.owner else job.picked.examples - len(gone),
        spans_out=job.picked.spans_out - lost.total(),
        left_out=job.picked.left_out + lost,
        owner=owner,
    )

    def iterate() -> Iterator[Record]:
        owners = job.picked.owner
        return (
            record
            for record in job.bundle
            if owners.get(record.article.id, record.article.id) not in left_out
        )

    found = job.found.without(left_out)
    return replace(job, bundle=replace(job.bundle, iterate=iterate), found=found, picked=picked)


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
