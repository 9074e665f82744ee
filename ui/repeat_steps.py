"""From one unlabelled repeat of a labelled form to the next: selected, so that one label key does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from desktop import occurrences
from desktop.model import Span
from desktop.occurrences import Hit, Repeat
from desktop.store.queries import Reading
from desktop.text import Bounds
from ui.words import plural, tr

if TYPE_CHECKING:
    from ui.window import MainWindow


# In longer texts only what is so near to the caret is looked through at first.
_NEAR = 100_000
# Texts up to so many characters are searched for one form without anybody noticing.
_AT_ONCE = 50_000
# Longer than a paragraph: nobody expects it again, and it takes long to compare.
_LONGEST = 2_000


@dataclass(frozen=True)
class _Known:
    """The repeats in one part of an article as it was read."""

    reading: Reading
    part: Bounds
    repeats: list[Repeat]

    @property
    def whole(self) -> bool:
        return self.part == (0, len(self.reading.text))


class RepeatSteps:
    """Finds the repeats of all forms of the article in view, once for each time it was read; or those of one form."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._known: _Known | None = None
        self._shown: Repeat | None = None

    def find(self, reading: Reading, form: str, then: Callable[[list[Hit[Span]]], None]) -> None:
        """The repeats of a form: at once, but in a long article on the store thread, unless another one is shown by then."""
        if len(reading.text) <= _AT_ONCE or len(form) > _LONGEST:
            then(_hits(reading, form))
            return

        def take(hits: list[Hit[Span]]) -> None:
            if self._window.labelling.reading is reading:
                then(hits)

        self._window.work.read(lambda _store: _hits(reading, form), then=take)

    def go(self, step: Literal[-1, 1]) -> None:
        """Select the next (or previous) unlabelled repeat of any form that is labelled in this article."""
        reading, known, caret = self._window.labelling.reading, self._known, self._window.view.caret
        if not reading:
            return
        if known and known.reading is reading and known.part[0] <= caret <= known.part[1]:
            self._go(known, step)
        else:
            length = len(reading.text)
            near = length > 2 * _NEAR
            self._read(
                reading, (max(0, caret - _NEAR), min(length, caret + _NEAR)) if near else (0, length), step
            )

    def take(self) -> None:
        """Label the repeat that is shown as it is labelled elsewhere, and go to the next; without one, go there."""
        window, known, here = self._window, self._known, self._shown
        if here and window.view.selection == (here.start, here.end):
            window.labelling.label(here.label)
            if known:
                self._known = replace(known, repeats=[r for r in known.repeats if r != here])
        self.go(1)

    def _read(self, reading: Reading, part: Bounds, step: Literal[-1, 1]) -> None:
        # On the store thread, since a text of a megabyte takes longer than a frame.
        self._window.work.read(
            lambda _store: occurrences.repeats(reading.text, reading.spans, reading.article.outside, part),
            then=lambda found: self._take(_Known(reading, part, found), step),
        )

    def _take(self, known: _Known, step: Literal[-1, 1]) -> None:
        if self._window.labelling.reading is known.reading:
            self._known = known
            self._go(known, step)

    def _go(self, known: _Known, step: Literal[-1, 1]) -> None:
        view, found = self._window.view, known.repeats
        start, end = view.selection or (view.caret, view.caret)
        ahead = [r for r in found if (r.start >= end if step > 0 else r.end <= start)]
        if not ahead and not known.whole:
            self._read(known.reading, (0, len(known.reading.text)), step)
            return
        around = [r for r in found if (r.start, r.end) != (start, end)]
        if not around and not ahead:
            only, none = (
                tr("This is the only unlabelled repeat here."),
                tr("No labelled form stands unlabelled here."),
            )
            self._window.messages.info(only if found else none)
            return
        self._select((ahead or around)[0 if step > 0 else -1], len(found) if known.whole else 0)

    def _select(self, place: Repeat, count: int) -> None:
        """Show a repeat, and say what it is labelled elsewhere; `count` is of all repeats, 0 if that is not known."""
        view, label = self._window.view, self._window.scheme.label(place.label)
        self._shown = place
        view.select(place.start, place.end, exact=True)
        view.reveal(place.start, place.end)
        on = self._window.labelling.key_of("take_repeat")
        said = [
            plural(
                "Labelled {label} once here",
                "Labelled {label} {n} times here",
                place.count,
                label=place.label,
            )
        ]
        if label and label.key:
            said.append(tr("key {key}", key=label.key.upper()))
        if on:
            said.append(tr("{key} labels it and goes on", key=on))
        if count:
            said.append(plural("{n} unlabelled repeat", "{n} unlabelled repeats", count))
        self._window.status.showMessage(" · ".join(said), 6000)


def _hits(reading: Reading, form: str) -> list[Hit[Span]]:
    if len(form) > _LONGEST:
        return []
    case = occurrences.keeps_case(form)
    return list(occurrences.unlabelled(reading.text, form, reading.spans, reading.article.outside, case=case))
