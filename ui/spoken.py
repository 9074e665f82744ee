"""What a screen reader says of spans, in words."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.model import Span
from desktop.spans import at, encloses
from desktop.text import shorten
from ui.parts import capital, words
from ui.words import tr

LONGEST = 120  # a longer quote is cut


def place(spans: Sequence[Span], caret: int) -> str:
    """What stands at the caret: `actor: Iraqi army, inside claim`, or `after actor: Iraqi army` where it has just ended."""
    here = at(spans, caret)
    ended = sorted((span for span in spans if span.end == caret), key=lambda span: -span.start)
    if not ended or (here and here[0].start == caret):
        return _inside(_named(here[0]), here[1:]) if here else ""
    return tr("after {label}", label=_inside(_named(ended[0]), [*ended[1:], *here]))


def picked(span: Span, spans: Sequence[Span]) -> str:
    """`Actor: Iraqi army, characters 10 to 20, inside claim`, with what is around it among `spans`."""
    around = sorted(
        (other for other in spans if encloses(other, span)), key=lambda other: other.end - other.start
    )
    said = _named(span)
    said = tr("{said}, characters {start} to {end}", said=capital(said), start=span.start, end=span.end)
    return _inside(said, around)


def _named(span: Span) -> str:
    text = " ".join(span.text.split())
    text = text if len(text) <= LONGEST else shorten(text, LONGEST) + "…"
    return f"{words(span.label)}: {text}"


def _inside(said: str, around: Sequence[Span]) -> str:
    names = dict.fromkeys(words(span.label) for span in around)
    return tr("{said}, inside {labels}", said=said, labels=", ".join(names)) if names else said
