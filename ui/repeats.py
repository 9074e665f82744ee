"""Label every occurrence: the count in the tool row, the bar with its offers, the review of the hits one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

from desktop import occurrences, repeats, spans
from desktop import text as texts
from desktop.model import Span
from desktop.occurrences import Hit
from desktop.repeats import Outcome
from desktop.session import Changed
from desktop.store.queries import Reading
from desktop.text import Bounds
from ui.concordance_flow import ConcordanceFlow
from ui.offers import Target, asked, offer_text, told, turn
from ui.repeat_steps import RepeatSteps
from ui.repeats_bar import RepeatsBar
from ui.theme import Theme
from ui.words import plural, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

# After a pick the count waits this long, so that going from label to label costs nothing.
_PAUSE = 40
Deed = Callable[[], object]


class Repeats(QObject):
    """One offer at a time: `mode` is "" (none), "choose" (a label is asked for), "offer" or "review"."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.mode: Literal["", "choose", "offer", "review"] = ""
        self.target: Target | None = None
        self.concordance = ConcordanceFlow(window)
        self.steps = RepeatSteps(window)
        self.bar = RepeatsBar(window.theme)
        self.button = QPushButton(tr("Label all {count}", count="999+"))
        self.button.ensurePolished()
        self.button.setFixedSize(self.button.sizeHint().width(), 32)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # The row must not move whenever a label with repeats is picked.
        policy = self.button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(policy)
        self.button.hide()
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._count)
        self.button.clicked.connect(self.label_all)
        self.bar.asked.connect(self._asked)
        self.bar.labelled.connect(self.take)

    def set_theme(self, theme: Theme) -> None:
        self.bar.set_theme(theme)
        self.concordance.set_theme(theme)

    # What is shown changed

    def look(self) -> None:
        """Another pick, another article, or the same one read again."""
        reading = self._window.labelling.reading
        self._timer.start()
        target = self.target
        if not target:
            return
        if not reading or reading.article.key != target.article:
            self._end()
        elif self.mode == "review":
            self._drop_labelled(target, reading)
        elif self.mode == "offer" and self._window.view.picked is not None:
            span = self._window.labelling.picked
            if span and occurrences.signature(span.text) != occurrences.signature(target.form):
                self.close()

    def leave(self) -> None:
        """The project is closed, or another layer is shown."""
        self.close()
        self.concordance.leave()

    def changed(self, changed: Changed) -> None:
        """After a step."""
        self.concordance.changed(changed)

    def _count(self) -> None:
        span, reading = self._window.labelling.picked, self._window.labelling.reading
        target = self.target
        if self.mode == "offer" and target and reading:
            self.steps.find(reading, target.form, lambda hits: self._offer_again(target, hits))
        # A form as long as a sentence is not expected again.
        if not span or not reading or len(span.text) > occurrences.LONGEST_FORM:
            self.button.hide()
        else:
            self.steps.find(reading, span.text, lambda hits: self._show_count(span, hits))

    def _show_count(self, span: Span, hits: list[Hit[Span]]) -> None:
        many = len([hit for hit in hits if hit.sure])
        if self._window.labelling.picked != span:
            return
        self.button.setVisible(many > 0)
        if many:
            self.button.setText(
                tr("Label all {count}", count=many if many < 1000 else "999+")
                if many > 1
                else tr("Label 1 more")
            )
            keys = self._window.actions_.by_id["label_all"].shortcut().toString()
            again = plural(
                "{n} more here, unlabelled. Label all, or review one by one.",
                "{n} more here, unlabelled. Label all, or review one by one.",
                many,
            )
            self.button.setToolTip(f"<p>{again}</p><p>{keys}</p>")
            self.button.setAccessibleName(tr("Label all {count} as {label}", count=many, label=span.label))

    # Offers

    def label_all(self) -> None:
        """Offer the repeats of the picked span, or of what is selected or under the caret; twice labels them all."""
        labelling = self._window.labelling
        if self.mode == "review":
            return
        if self.mode == "offer" and self.target and self.target.sure:
            self._label_all()
            return
        reading, span = labelling.reading, labelling.picked
        bounds = (span.start, span.end) if span else self._bounds(reading)
        if not reading or not bounds:
            labelling.said.emit(tr("Pick a label, select some text, or put the caret into a word first."))
            return
        equal = span or next((s for s in reading.spans if (s.start, s.end) == bounds), None)
        form = reading.text[slice(*bounds)]
        label = equal.label if equal else None
        article = reading.article.key
        self.steps.find(reading, form, lambda hits: self._start(Target(article, form, label, hits)))

    def _start(self, target: Target) -> None:
        self.target = target
        if target.label is None and target.hits:
            self._choose()
        else:
            self._offer()

    def _bounds(self, reading: Reading | None) -> Bounds | None:
        view = self._window.view
        if not reading:
            return None
        if not view.selection:
            return texts.word_at(reading.text, view.caret)
        start, end = view.selection if view.exact else spans.snap(reading.text, *view.selection)
        return (start, end) if start < end else None

    def _choose(self) -> None:
        assert self.target
        self._enter("choose")
        count = len(self.target.sure) or len(self.target.hits)
        self.bar.show_offer(
            self.target.name,
            asked(count),
            {"project": ""},
            self._window.scheme.labels,
        )
        self._window.view.setFocus()

    def _offer(self) -> None:
        target = self.target
        assert target
        self._enter("offer")
        sure, unsure = len(target.sure), len(target.hits) - len(target.sure)
        every = plural("Label it as {label}", "Label all {n} as {label}", sure, label=target.label)
        buttons = {"all": every} if sure else {}
        buttons |= {"review": ""} if target.hits else {}
        self.bar.show_offer(target.name, offer_text(sure, unsure), {**buttons, "project": ""})
        first = self.bar.first()
        if first:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_again(self, target: Target, hits: list[Hit[Span]]) -> None:
        """The article was labelled on meanwhile."""
        if (
            self.mode == "offer"
            and self.target is target
            and [hit.bounds for hit in hits] != [hit.bounds for hit in target.hits]
        ):
            target.hits = hits
            self._offer()

    def _enter(self, mode: Literal["choose", "offer", "review"]) -> None:
        self.mode = mode
        self._window.view.removeEventFilter(self)
        if mode != "offer":
            self._window.view.installEventFilter(self)
        self._show_bar(True)

    def close(self) -> None:
        """Put the bar away; nothing that was accepted in a review is stored."""
        self.mode, self.target = "", None
        self._window.view.removeEventFilter(self)
        if self.bar.isAncestorOf(self._window.focusWidget() or self._window):
            self._window.view.setFocus()
        self._show_bar(False)

    def _show_bar(self, shown: bool) -> None:
        """Show or hide the bar; the text stays where it is on the screen."""
        view, around = self._window.view, self.bar.parentWidget()
        layout = around.layout() if around else None
        if self.bar.isHidden() != shown or not layout:
            return
        before = view.mapTo(self._window, QPoint()).y()
        self.bar.setVisible(shown)
        layout.activate()
        scroll = view.verticalScrollBar()
        scroll.setValue(scroll.value() + view.mapTo(self._window, QPoint()).y() - before)
        span = self._window.labelling.picked
        if shown:  # … unless what it is about would lie under the bar
            view.reveal(*((span.start, span.end) if span else (view.caret, view.caret)))

    def _asked(self, name: str) -> None:
        deeds = {
            "all": self._label_all, "review": self._review, "project": self.open_concordance, "accept": self._accept,
            "skip": self._skip, "back": self._back, "finish": self._end, "close": self._end,
        }  # fmt: skip
        deeds[name]()

    def take(self, name: str) -> bool:
        """A label was chosen by key or button; whether that was meant for the bar."""
        if self.mode == "choose" and self.target:
            self.target.label = name
            self._offer()
        elif self.mode == "review":
            self._accept(name)
        else:
            return False
        return True

    def _label_all(self) -> None:
        target, layer = self.target, self._window.browsing.layer
        if target and target.label:
            self._window.work.do(
                repeats.label_occurrences, target.article, target.sure, target.label, layer,
                then=self._labelled, writing=True,
            )  # fmt: skip
        self.close()

    def _labelled(self, outcome: Outcome) -> None:
        self._window.messages.info(told(outcome))

    # One by one

    def _review(self) -> None:
        if self.target and self.target.hits:
            self._enter("review")
            self._window.view.setFocus()
            self._show_hit()

    def _show_hit(self) -> None:
        """Go to the hit whose turn it is; after the last one the review is over."""
        target = self.target
        assert target
        if target.at >= len(target.hits):
            self._end()
            return
        hit = target.hits[target.at]
        self._show(hit.start, hit.end)
        back = {"back": ""} if target.at else {}
        self.bar.show_offer(
            target.name,
            turn(target),
            {"accept": tr("Label as {label}", label=target.label), "skip": "", **back, "finish": ""},
        )
        for name, key in (("accept", "Enter"), ("skip", "N"), ("back", "Backspace"), ("finish", "Esc")):
            self.bar.buttons[name].setToolTip(key)

    def _show(self, start: int, end: int) -> None:
        view = self._window.view
        view.select(start, end, exact=True)
        view.reveal(start, end)

    def _accept(self, label: str | None = None) -> None:
        self._decide(label or (self.target.label if self.target else None))

    def _skip(self) -> None:
        self._decide(None)

    def _decide(self, label: str | None) -> None:
        target = self.target
        assert target
        hit = target.hits[target.at]
        if self._window.view.selection != hit.bounds:
            self._show(*hit.bounds)  # the person looked elsewhere meanwhile: first show again what is meant
            return
        target.taken.pop(hit.bounds, None)
        if label:
            target.taken[hit.bounds] = label
        target.at += 1
        self._show_hit()

    def _back(self) -> None:
        if self.target and self.target.at:
            self.target.at -= 1
            self._show_hit()

    def _drop_labelled(self, target: Target, reading: Reading) -> None:
        """Leave out what was labelled in another way meanwhile."""
        labelled = {(span.start, span.end) for span in reading.spans}
        if not any(hit.bounds in labelled for hit in target.hits):
            return
        before = sum(hit.bounds in labelled for hit in target.hits[: target.at])
        target.hits = [hit for hit in target.hits if hit.bounds not in labelled]
        target.at -= before
        self._show_hit()

    def _end(self) -> None:
        """Store what was accepted, as one step, and put the bar away."""
        target = self.target
        if target and self.mode == "review" and target.taken:
            self._window.work.do(
                repeats.label_each, {target.article: sorted(target.taken.items())}, self._window.browsing.layer,
                then=self._labelled, writing=True,
            )  # fmt: skip
        self.close()

    def finish(self) -> None:
        """The window closes: store what was accepted, and leave nothing running."""
        self._end()
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The view's keys while a label is asked for or hits are reviewed, before they are shortcuts."""
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if event.type() not in kinds or not isinstance(event, QKeyEvent):
            return False
        deed = self._deed(event)
        if not deed:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            deed()
        return True

    def _deed(self, event: QKeyEvent) -> Deed | None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        letter, scheme = event.text().lower(), self._window.scheme
        for label in scheme.labels if letter else ():
            if label.key.lower() == letter:
                return lambda: self.take(label.name)
        keys: dict[int, Deed] = {Qt.Key.Key_Escape: self._end}
        if self.mode == "review":
            keys |= dict.fromkeys((Qt.Key.Key_Return, Qt.Key.Key_Enter), self._accept)
            keys |= {
                Qt.Key.Key_Delete: self._skip,
                Qt.Key.Key_N: self._skip,
                Qt.Key.Key_Backspace: self._back,
            }
        return keys.get(event.key())

    # The whole project

    def open_concordance(self, form: str = "", label: str | None = None) -> None:
        """Every place of a form in all articles: of the one given, else of what is picked or selected."""
        window, target, reading = self._window, self.target, self._window.labelling.reading
        span, bounds = window.labelling.picked, self._bounds(reading)
        if not window.pages.at_desk:
            self.concordance.open(form, label)
            return
        here = (span.start, span.end) if span else window.view.selection
        if not form and reading and here and self.concordance.came_from(reading.article.key, *here):
            self.concordance.back()
            return
        given = bool(form)
        form = form or (target.form if target else span.text if span else "")
        if not form and bounds and reading:
            form = reading.text[slice(*bounds)]
        label = label or (target.label if target else span.label if span else None)
        self.concordance.open(form, label, bare=target is not None and not given)
        self._end()
