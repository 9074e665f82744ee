"""What the bar of repeats offers: a form, its label, where it stands unlabelled; and the sentences that say so."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.model import Span
from desktop.occurrences import Hit
from desktop.repeats import Outcome
from desktop.text import Bounds
from ui.parts import number, one_line
from ui.words import plural, tr

_SHORT = 40


@dataclass
class Target:
    """A form of the article in view, the label it is to have (None: not chosen yet) and where it stands unlabelled."""

    article: int
    form: str
    label: str | None
    hits: list[Hit[Span]]
    at: int = 0
    taken: dict[Bounds, str] = field(default_factory=dict)

    @property
    def sure(self) -> list[Bounds]:
        return [hit.bounds for hit in self.hits if hit.sure]

    @property
    def name(self) -> str:
        line = one_line(self.form)
        return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"


def offer_text(sure: int, unsure: int) -> str:
    """How many repeats there are, those that lie in other labels apart."""
    if not sure and not unsure:
        return tr(": no unlabelled repeat here.")
    if not sure:
        return plural(
            ": unlabelled only inside other labels, {n} time.",
            ": unlabelled only inside other labels, {n} times.",
            unsure,
        )
    inside = tr(" {unsure} inside other labels, for the review.", unsure=number(unsure)) if unsure else ""
    return tr(": {sure} more here.{inside}", sure=number(sure), inside=inside)


def told(outcome: Outcome) -> str:
    """What a step did, in a sentence."""
    left_out = ", ".join(f"{number(count)} {why}" for why, count in outcome.left_out.items())
    rest = tr(" Left out: {left_out}.", left_out=left_out) if left_out else ""
    if not outcome.made:
        return tr("Nothing was labelled.{rest}", rest=rest)
    where = plural(" in {n} article", " in {n} articles", outcome.articles) if outcome.articles > 1 else ""
    return plural(
        "Made {n} label{where}. Undo takes {made} back.{rest}",
        "Made {n} labels{where}. Undo takes {made} back.{rest}",
        outcome.made,
        where=where,
        made=_them(outcome.made),
        rest=rest,
    )


def _them(count: int) -> str:
    return "it" if count == 1 else tr("all of them")
