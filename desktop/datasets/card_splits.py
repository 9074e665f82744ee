"""The part of a dataset card on the splits: how articles were shared out, what the splits have in common, what they lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from desktop.datasets import markdown as md
from desktop.datasets.allot import Allotment
from desktop.datasets.splits import Sharing
from desktop.datasets.statistics import Shared, Statistics
from desktop.formats.base import SPLITS
from desktop.model import Scheme

_HOW = {
    "share": "by share",
    "source": "by share, all of one source together",
    "date": "by date, the oldest first",
}


def part(shared: Sharing | None, allotment: Allotment, overlap: Sequence[Shared]) -> Iterator[str]:
    """The lines under their heading; none where there are no splits."""
    if not shared:
        return
    yield "## Splits"
    yield ""
    yield from _sharing(shared, allotment)
    if overlap:
        yield ""
        yield "What the other splits have in common with `train`:"
        yield ""
        yield from md.head("split", "what", "different", "in train too", "share")
        for row in overlap:
            share = (200 * row.known + row.of) // (2 * row.of)
            yield from md.row(row.split, row.what, row.of, row.known, f"{share} %")


def _sharing(shared: Sharing, allotment: Allotment) -> Iterator[str]:
    parts = [f"{name} {value}" if value is not None else name for name, value in shared.plain().items()]
    if shared.until is not None:
        parts = [f"{name} up to {day}" if day else f"{name} after it" for name, day in shared.plain().items()]
    seed = "" if shared.by == "date" else f" (seed {shared.seed})"
    yield f"Articles were shared out {_HOW[shared.by]}: {', '.join(parts)}{seed}. Which article goes where is decided by names,"
    yield "texts and the seed alone, never by chance or order, and kept: articles that come later move none of these."
    yield "Articles that share a group, a story, an address or half of their runs of three words are in one split, and so are two of"
    yield "which one stands in the other, but for a fifth."
    if allotment.copies:
        be = "is a copy of another" if allotment.copies == 1 else "are copies of others"
        yield ""
        yield f"{md.counted(allotment.copies, 'article')} {be}, or nearly."
    if allotment.left_out:
        yield ""
        yield "Left out, since they have no place in a split:"
        yield ""
        yield from (f"- {md.line(name)}: {reason}" for name, reason in sorted(allotment.left_out.items()))


def limits(shared: Sharing | None, numbers: Statistics, scheme: Scheme) -> Iterator[str]:
    """What the splits lack of what was asked for, a list entry each."""
    splits = numbers.splits()
    asked = [name for name in SPLITS if shared and shared.shares.get(name)]
    for split in asked:
        if split not in splits:
            yield f"- No article is in {split}, which was asked for: there are too few, or they belong together or elsewhere."
    for split in splits if asked else []:
        if split not in asked:
            yield f"- {split} was not asked for: its articles were in it already, and stay."
    for split in splits if len(splits) > 1 else []:
        missing = [
            label.name
            for label in scheme.labels
            if numbers.total("spans", label.name) and not numbers.total("spans", label.name, split)
        ]
        if missing:
            yield f"- No span of {', '.join(map(md.line, missing))} is in {split}."
