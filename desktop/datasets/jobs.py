"""Which articles and spans each format of an export gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from desktop.bundle import Bundle, Record
from desktop.datasets.options import ExportOptions
from desktop.datasets.steps import Steps
from desktop.datasets.survey import Survey
from desktop.errors import UsageError
from desktop.formats.base import Format
from desktop.model import State

# The one format that can keep the layers of several annotators apart.
_LAYERED = "jsonl"


@dataclass(frozen=True)
class Job:
    """One format with the records it gets and the values chosen for its options."""

    format: Format
    bundle: Bundle
    found: Survey
    options: Mapping[str, str]


def jobs_of(
    bundle: Bundle,
    formats: list[Format],
    options: ExportOptions,
    choices: Mapping[str, Mapping[str, str]],
    everything: Survey,
    steps: Steps,
) -> list[Job]:
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
    return [Job(f, picked[layers[f.id]], found[layers[f.id]], choices[f.id]) for f in formats]


def without(job: Job, left_out: Mapping[str, str]) -> Job:
    """The job without the articles that have no place in the splits."""
    if not left_out:
        return job

    def iterate() -> Iterator[Record]:
        return (record for record in job.bundle if record.article.id not in left_out)

    return replace(job, bundle=replace(job.bundle, iterate=iterate), found=job.found.without(left_out))


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
