"""What is said before the scheme loses something: how many spans it touches, and what may become of them."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.scheme_steps import Use
from ui.parts import words
from ui.words import number, plural, tr

# A text, and what is meant by it.
Choice = tuple[str, object]


def of_label(name: str, use: Use) -> str:
    """312 labels are “actor”, in 5 articles, over all annotators."""
    if not use.spans:
        return tr("Nothing is labelled “{name}”.", name=words(name))
    return plural(
        "{n} label is “{name}”, in {articles}, over all annotators.",
        "{n} labels are “{name}”, in {articles}, over all annotators.",
        use.spans,
        articles=plural("{n} article", "{n} articles", use.articles),
        name=words(name),
    )


def of_merging(name: str, use: Use) -> str:
    return "{} {}".format(
        of_label(name, use),
        tr(
            "They become labels of the one chosen here; where both stand on the same words they become one."
            " The attributes come along."
        ),
    )


def fates(use: Use, others: Sequence[Choice]) -> list[Choice]:
    """What may become of the spans of a label that goes: "" stands for going with it."""
    gone = (
        plural(
            "remove the {n} label with its {relations} relations too",
            "remove the {n} labels with their {relations} relations too",
            use.spans,
            relations=number(use.relations),
        )
        if use.relations
        else plural("remove the {n} label too", "remove the {n} labels too", use.spans)
    )
    return [(gone, ""), *((tr("make them {label}", label=shown), other) for shown, other in others)]


def of_attribute(label: str, name: str, count: int) -> str:
    if not count:
        return tr("No label of {label} has a value for {name}.", label=words(label), name=words(name))
    return plural(
        "{n} label of {label} has a value for {name}; it loses it.",
        "{n} labels of {label} have a value for {name}; they lose it.",
        count,
        label=words(label),
        name=words(name),
    )


def of_value(value: str, count: int) -> str:
    return plural(
        "{n} label has the value {value}.", "{n} labels have the value {value}.", count, value=words(value)
    )


def of_relation(count: int) -> str:
    if not count:
        return tr("No label has it.")
    return plural(
        "There is {n} relation of this type; it goes with it.",
        "There are {n} relations of this type; they go with it.",
        count,
    )
