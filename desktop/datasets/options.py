"""What a person chooses for an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.model import State


@dataclass(frozen=True)
class ExportOptions:
    """`layer` is an annotator; `status` keeps articles in that state; `split` is `train=80,validation=10,test=10`.

    `choices` are values for options of formats, spelled `{"conll.tags": "bioes"}`.
    """

    formats: tuple[str, ...]
    layer: str | None = None
    status: State | None = None
    split: str | None = None
    seed: int = 0
    choices: Mapping[str, str] = field(default_factory=dict)
