"""What a person chooses for an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from desktop.datasets.examples import Unit
from desktop.datasets.splits import By
from desktop.model import State

Cut = Literal["widen", "leave_out", "stop"]
CUTS: tuple[Cut, ...] = get_args(Cut)


@dataclass(frozen=True)
class ExportOptions:
    """What goes out, how, and where to. Without `layer` `jsonl` takes all annotators, the others the only one.

    Taken are articles in a `status`, from `since` to `until` (days as `YYYY-MM-DD`), of these `sources`, with spans of these
    `labels` (none named: all), as whole articles or in smaller units, with or without page furniture. `split` is
    `train=80,validation=10,test=10` and `by` how articles are shared out (splits.Sharing). `cut` says what becomes of spans
    that cut a token, in formats of tokens: widened to the token's bounds and listed, left out and listed, or the export
    stops. `choices` are values for options of formats, spelled `{"conll.tags": "bioes"}`.
    """

    formats: tuple[str, ...]
    layer: str | None = None
    status: State | None = None
    labels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    unit: Unit = "article"
    furniture: bool = True
    split: str | None = None
    by: By = "share"
    seed: int = 0
    cut: Cut = "widen"
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def picks(self) -> bool:
        """Whether anything but whole articles with all their spans goes out."""
        chosen = (self.status, self.labels, self.sources, self.since, self.until, not self.furniture)
        return any(chosen) or self.unit != "article"
