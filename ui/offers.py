"""What the bar of repeats offers: a form, its label, where it stands unlabelled; and the sentences that say so."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.model import Span
from desktop.occurrences import Hit
from desktop.repeats import Outcome
from desktop.text import Bounds
from ui.parts import number, one_line
from ui.words import later, plural, tr

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
        return tr("{form}: no unlabelled repeat here.", form="{form}")
    if not sure:
        return plural(
            "{form}: unlabelled only inside other labels, {n} time.",
            "{form}: unlabelled only inside other labels, {n} times.",
            unsure,
            form="{form}",
        )
    if not unsure:
        return plural("{form}: {n} more here.", "{form}: {n} more here.", sure, form="{form}")
    return plural(
        "{form}: {n} more here. {unsure} inside other labels, for the review.",
        "{form}: {n} more here. {unsure} inside other labels, for the review.",
        sure,
        form="{form}",
        unsure=number(unsure),
    )


def asked(count: int) -> str:
    """The question which label the places of a form are to have."""
    return plural("{form}: {n} here. Label as", "{form}: {n} here. Label as", count, form="{form}")


def turn(target: Target) -> str:
    """Which hit of a review it is, and what it lies in where that makes it doubtful."""
    hit = target.hits[target.at]
    met = (*hit.around, *hit.across)
    at, all_ = number(target.at + 1), number(len(target.hits))
    if hit.sure or not met:
        return tr("{form} · {at} of {all}", form="{form}", at=at, all=all_)
    return tr(
        "{form} · {at} of {all}, in {label}: “{quote}”",
        form="{form}", at=at, all=all_, label=met[-1].label, quote=one_line(met[-1].text, 60),
    )  # fmt: skip


# Why places are left out, as the commands count them.
_REASONS = (
    later("labelled already"),
    later("so labelled already"),
    later("labelled otherwise meanwhile"),
    later("with several labels"),
    later("without a label"),
    later("in page furniture"),
    later("no stretch of the text"),
    later("that article is no longer there"),
)


def told(outcome: Outcome) -> str:
    """What a step did, in a sentence or two."""
    said = [_done(outcome)]
    if outcome.left_out:
        left_out = ", ".join(f"{number(count)} {tr(why)}" for why, count in outcome.left_out.items())
        said.append(tr("Left out: {reasons}.", reasons=left_out))
    return " ".join(said)


def _done(outcome: Outcome) -> str:
    made, relabelled, removed = outcome.made, outcome.relabelled, outcome.removed
    done = [
        plural("Made {n} label", "Made {n} labels", made) if made else "",
        plural("Relabelled {n} place", "Relabelled {n} places", relabelled) if relabelled else "",
        plural("Removed {n} label", "Removed {n} labels", removed) if removed else "",
    ]
    what = ", ".join(filter(None, done))
    if not what:
        return tr("Nothing was changed.") if outcome.left_out else tr("Nothing was labelled.")
    if outcome.articles > 1:
        articles = plural("{n} article", "{n} articles", outcome.articles)
        what = tr("{done} in {articles}", done=what, articles=articles)
    return plural(
        "{done}. Undo takes it back.",
        "{done}. Undo takes all of them back.",
        made + relabelled + removed,
        done=what,
    )
