"""What a person chooses for an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from desktop.datasets.splits import By
from desktop.model import State

Cut = Literal["widen", "leave_out", "stop"]
CUTS: tuple[Cut, ...] = get_args(Cut)


@dataclass(frozen=True)
class ExportOptions:
    """`layer` is an annotator; `status` keeps articles in that state; `split` is `train=80,validation=10,test=10`.

    `by` says how articles are shared out (splits.Sharing). `cut` says what becomes of spans that cut a token, in formats
    of tokens: widened to the token's bounds and listed, left out and listed, or the export stops. `choices` are values for
    options of formats, spelled `{"conll.tags": "bioes"}`.
    """

    formats: tuple[str, ...]
    layer: str | None = None
    status: State | None = None
    split: str | None = None
    by: By = "share"
    seed: int = 0
    cut: Cut = "widen"
    choices: Mapping[str, str] = field(default_factory=dict)
