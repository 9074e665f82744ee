"""What keys and mouse do to the labels of the article in view: decides the target, calls the command.

A label key acts on, in this order: the selection (a span of equal extent is relabelled), the picked span (relabelled),
the word under the caret.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QObject, Signal

from desktop import commands, guidelines, spans
from desktop import text as texts
from desktop.model import Fragment, Relation, Span, State
from desktop.settings import Settings
from desktop.store.queries import Reading
from desktop.text import Bounds
from ui.inspector import Inspector
from ui.textview import ArticleView
from ui.words import retold, tr
from ui.work import Work

Edge = Literal["start", "end"]


class Labelling(QObject):
    """The commands of one article in one layer, called on what is selected, picked or under the caret."""

    said = Signal(str)
    sticky_changed = Signal(object)

    def __init__(self, view: ArticleView, work: Work, settings: Settings) -> None:
        super().__init__(view)
        self.view = view
        self.work = work
        self.reading: Reading | None = None
        self.layer = ""
        self.sticky: str | None = None
        # The key that an action has for this person, "" for none; the window knows.
        self.key_of: Callable[[str], str] = lambda name: ""
        self._settings = settings
        self._last_label: str | None = None
        self._last_picked: int | None = None
        self._smaller: list[Bounds] = []
        self._outwards: list[int] = []  # the spans from which the way led to the ones around
        view.selected_by_mouse.connect(self._selected_by_mouse)
        view.picked_changed.connect(self._remember_pick)
        view.edge_moved.connect(lambda key, start, end: self._move(key, ((start, end),)))

    def serve(self, inspector: Inspector) -> None:
        """Do what is asked for beside the article."""
        inspector.span_remove.connect(self.remove_span)
        inspector.attribute_set.connect(self.set_attribute)
        inspector.span_note_set.connect(self.set_span_note)
        inspector.article_note_set.connect(self.set_article_note)
        inspector.relation_removed.connect(self.remove_relation)
        inspector.guidelines_set.connect(self.set_guidelines)

    def show(self, reading: Reading | None, layer: str) -> None:
        self.reading = reading
        self.layer = layer

    @property
    def picked(self) -> Span | None:
        return self.span(self.view.picked)

    def span(self, key: int | None) -> Span | None:
        return self.reading.spans.get(key) if self.reading else None

    def label(self, name: str, *, exact: bool = False, second: bool = False) -> None:
        """What a label key does; `exact` keeps the selection as it is, `second` adds beside a span of equal extent."""
        if not self.reading:
            return
        self._last_label = name
        self.said.emit("")  # what was said of the key before
        bounds = self._selected(exact=exact)
        if bounds is None and self.view.selection:
            self.said.emit(
                tr(
                    "There are only blanks, quotes or stops in the selection. Ctrl and the key label it all the same."
                )
            )
            return
        if bounds is None and self.picked and not second:
            self.work.do(commands.relabel, self.picked.key, name, writing=True)
            return
        if bounds is None:
            bounds = self._extent_of_pick() or texts.word_at(self.reading.text, self.view.caret)
        if bounds is None:
            self.said.emit(tr("Select some text, or put the caret into a word, then press a label's key."))
            return
        self._apply(bounds, name, second=second)

    def _selected(self, *, exact: bool) -> Bounds | None:
        """The selection as it is meant; None where nothing but blanks, quotes and stops is selected."""
        selection = self.view.selection
        if not selection or not self.reading:
            return None
        if exact or self.view.exact:
            return selection
        bounds = spans.snap(self.reading.text, *selection)
        if self._settings.leave_out_leading_words:
            bounds = spans.without_lead(self.reading.text, *bounds, self.reading.article.language)
        return bounds if bounds[0] < bounds[1] else None

    def _extent_of_pick(self) -> Bounds | None:
        return (self.picked.start, self.picked.end) if self.picked else None

    def _apply(self, bounds: Bounds, name: str, *, second: bool) -> None:
        assert self.reading
        key, (start, end) = self.reading.article.key, bounds
        self.view.set_caret(end)
        self.work.do(commands.apply_label, key, start, end, name, self.layer, second=second, writing=True)

    def repeat(self) -> None:
        """Do the last label key again."""
        if self._last_label:
            self.label(self._last_label)
        else:
            self.said.emit(tr("There is no last label yet: press a label's key first."))

    def stick(self, name: str | None) -> None:
        """Choose a label that every selection by mouse gets at once; None, or the same again, ends it."""
        self.sticky = None if name == self.sticky else name
        self.sticky_changed.emit(self.sticky)
        if self.sticky:
            self.said.emit(
                tr(
                    "Every selection with the mouse is {label} now. Esc, or the same again, ends it.",
                    label=self.sticky,
                )
            )

    def stick_last(self) -> None:
        if self.sticky or self._last_label:
            self.stick(self.sticky or self._last_label)
        else:
            self.said.emit(tr("Press a label's key first; then every selection can get that label."))

    def _selected_by_mouse(self) -> None:
        if self.sticky:
            self.label(self.sticky)

    def grow(self) -> None:
        """Select the next larger of word, phrase, sentence, paragraph, article."""
        from desktop.growth import grow  # noqa: PLC0415

        if self.reading:
            here = self.view.selection or (self.view.caret, self.view.caret)
            if not self._smaller or not _within(self._smaller[-1], here):
                self._smaller = []
            self._smaller.append(here)
            self.view.select(*grow(self.reading.text, here))

    def shrink(self) -> None:
        """Go back one step of growing."""
        here = self.view.selection
        if here and self._smaller and _within(self._smaller[-1], here):
            self.view.select(*self._smaller.pop())

    def add_fragment(self) -> None:
        """Let the label picked last also cover what is selected now."""
        span, bounds = self.span(self._last_picked), self._selected(exact=False)
        if not span or not bounds:
            self.said.emit(tr("Pick a label, then select the stretch it should cover as well."))
            return
        self.view.set_caret(bounds[1])
        self.work.do(commands.add_fragment, span.key, bounds, writing=True)

    def split_fragment(self) -> None:
        """Make the fragment at the caret a label of its own."""
        span = self.picked or self.span(self._last_picked)
        if span:
            self.work.do(commands.split_fragment, span.key, self.view.caret, writing=True)

    def _remember_pick(self, key: int | None) -> None:
        self._last_picked = key if key is not None else self._last_picked

    def remove(self) -> None:
        if self.picked:
            self.remove_span(self.picked.key)
        else:
            key = self.key_of("next_label")
            self.said.emit(
                tr("Pick a label first: click it, or press {key} for the next one.", key=key)
                if key
                else tr("Pick a label first: click it.")
            )

    def remove_span(self, key: int) -> None:
        self.view.pick(None)
        self.work.do(commands.remove_span, key, writing=True)

    def set_attribute(self, key: int, name: str, value: object) -> None:
        self.work.do(commands.set_attribute, key, name, value, writing=True)

    def set_span_note(self, key: int, note: str) -> None:
        self.work.do(commands.set_span_note, key, note, writing=True)

    def set_article_note(self, article: int, note: str) -> None:
        self.work.do(commands.set_article_note, article, note, writing=True)

    def set_guidelines(self, markdown: str, title: str) -> None:
        self.work.do(guidelines.set_guidelines, markdown, title, writing=True)

    def remove_relation(self, relation: Relation) -> None:
        self.work.do(commands.remove_relation, relation, writing=True)

    def move_edge(self, edge: Edge, step: Literal[-1, 1], *, by_word: bool) -> None:
        """Move one edge of the picked span; a span of several fragments moves its outermost edge."""
        span = self.picked
        if not span or not self.reading:
            self.said.emit(tr("Pick a label first, then move its edges."))
            return
        index = 0 if edge == "start" else -1
        bounds = spans.nudge(self.reading.text, span.fragments[index], edge, step, by_word=by_word)
        fragments = list(span.fragments)
        fragments[index] = bounds
        self._move(span.key, tuple(fragments))

    def _move(self, key: int, fragments: tuple[Fragment, ...]) -> None:
        span = self.span(key)
        if not span or not self.reading:
            return
        if len(span.fragments) > 1 and len(fragments) == 1:
            # The handles lie at the outer ends; what is between the fragments stays out.
            (start, end), inner = fragments[0], span.fragments
            fragments = ((start, inner[0][1]), *inner[1:-1], (inner[-1][0], end))
        problem = spans.check_fragments(fragments, len(self.reading.text))
        if problem:
            self.said.emit(tr("That edge cannot go there: the label {problem}.", problem=retold(problem)))
        else:
            self.work.do(commands.move_edges, key, fragments, writing=True)

    def pick_next(self, step: Literal[-1, 1]) -> None:
        """Pick the span after (or before) the picked one, or the caret, in reading order."""
        if not self.reading:
            return
        found, here = self.reading.spans, self.picked
        # Without a pick, a span that begins at the caret lies ahead.
        place = found.place_of(here.key) if here else found.first_from(self.view.caret)
        there = place + step if here or step < 0 else place
        if 0 <= there < len(found):
            self.go_to(found[there])

    def pick_around(self) -> None:
        """Pick the smallest span around the picked one."""
        here = self.picked
        if here and self.reading:
            over = self.reading.spans.over(here.start, here.end)
            around = [span for span in over if spans.encloses(span, here)]
            if around:
                self._outwards = [*self._outwards[-9:], here.key]
                self.go_to(min(around, key=lambda span: span.end - span.start))

    def pick_inside(self) -> None:
        """Pick the span inside the picked one that the way out came from, else the first of the largest."""
        here = self.picked
        if here and self.reading:
            over = self.reading.spans.over(here.start, here.end)
            inside = [span for span in over if spans.encloses(here, span)]
            came = self._outwards.pop() if self._outwards else None
            if inside:
                self.go_to(next((span for span in inside if span.key == came), inside[0]))

    def go_to(self, span: Span) -> None:
        self.view.set_caret(span.start)
        self.view.pick(span.key)
        self.view.reveal(span.start, span.end)

    def set_state(self, state: State, then: Callable[[object], None] | None = None) -> None:
        if self.reading:
            self.work.do(
                commands.set_state, self.reading.article.key, self.layer, state, then=then, writing=True
            )

    def toggle_flag(self) -> None:
        if self.reading:
            article = self.reading.article
            self.work.do(commands.set_flag, article.key, not article.flag, writing=True)


def _within(inner: Bounds, outer: Bounds) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
