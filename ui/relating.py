"""Relating two spans by keys: pick one, R, the key of the type, the other one (nearest first, or a click), Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from desktop import commands
from desktop.model import RelationType, Scheme, Span
from ui.arcs import Arc
from ui.labelling import Labelling
from ui.words import tr

_NEXT = (Qt.Key.Key_Tab, Qt.Key.Key_Period, Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACK = (Qt.Key.Key_Backtab, Qt.Key.Key_Comma, Qt.Key.Key_Left, Qt.Key.Key_Up)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Relating(QObject):
    """`asks` carries what the person is to do next, "" when it is over. Keys of the view come here meanwhile."""

    asks = Signal(str)

    def __init__(self, labelling: Labelling) -> None:
        super().__init__(labelling)
        self._labelling = labelling
        self._view = labelling.view
        self._scheme: Scheme | None = None
        self._head: Span | None = None
        self._type: RelationType | None = None
        self._tails: list[Span] = []
        self._at = 0
        self._view.picked_changed.connect(self._picked)

    @property
    def active(self) -> bool:
        return self._head is not None

    def start(self, scheme: Scheme) -> None:
        """Begin at the picked span."""
        head = self._labelling.picked
        if not head:
            self._labelling.said.emit(tr("Pick a label first, then R relates it to another one."))
            return
        self._scheme, self._head, self._type = scheme, head, None
        keys = self._type_keys()
        if not keys:
            self._end()
            self._labelling.said.emit(
                tr("The scheme has no relation that begins at {label}.", label=head.label)
            )
            return
        self._view.installEventFilter(self)
        types = " · ".join(
            f"{key.upper()} {relation.name.replace('_', ' ')}" for key, relation in keys.items()
        )
        self.asks.emit(tr("Relate “{quote}”: {types}. Esc stops.", quote=_short(head.text), types=types))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # or the letters would label
            return True
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._stop()
        elif self._type is None:
            self._choose_type(event.text().lower())
        elif key in _NEXT or key in _BACK:
            self._propose(self._at + (1 if key in _NEXT else -1))
        elif key in _ENTER or self._type_keys().get(event.text().lower()) == self._type:
            self._relate(self._tails[self._at])
        return True

    def _type_keys(self) -> dict[str, RelationType]:
        """A letter for each type that may begin at the head."""
        assert self._scheme and self._head
        label = self._head.label
        found = [
            r for r in self._scheme.relations if not r.endpoints or any(a == label for a, _ in r.endpoints)
        ]
        keys: dict[str, RelationType] = {}
        for relation in found:
            letters = (
                char for char in relation.name.lower() + "123456789" if char.isalnum() and char not in keys
            )
            keys[next(letters, "")] = relation
        return keys

    def _choose_type(self, letter: str) -> None:
        self._type = self._type_keys().get(letter)
        if self._type is None:
            return
        self._tails = self._candidates(self._type)
        if not self._tails:
            name = self._type.name.replace("_", " ")
            self._stop()
            self._labelling.said.emit(
                tr("There is no other label here that {relation} may point to.", relation=name)
            )
            return
        self.asks.emit(tr("{relation}: . and , choose the other label, Enter takes it, or click it. Esc stops.", relation=self._type.name.replace('_', ' ').capitalize()))  # fmt: skip
        self._propose(0)

    def _candidates(self, relation: RelationType) -> list[Span]:
        """The spans a relation may point to, nearest first."""
        assert self._head and self._labelling.reading
        head = self._head
        return sorted(
            (
                span
                for span in self._labelling.reading.spans
                if span.key != head.key and _allows(relation, head, span)
            ),
            key=lambda span: (
                max(head.start - span.end, span.start - head.end, 0),
                abs(span.start - head.start),
            ),
        )

    def _propose(self, number: int) -> None:
        assert self._head and self._type
        self._at = number % len(self._tails)
        tail = self._tails[self._at]
        self._view.reveal(tail.start, tail.end)
        self._view.show_arcs([Arc(self._head.key, tail.key, self._type.name.replace("_", " "), dashed=True)])

    def _picked(self, key: int | None) -> None:
        """A click while the other end is asked for."""
        if self._type is None or key is None or not self._head or key == self._head.key:
            return
        tail = next((span for span in self._tails if span.key == key), None)
        if tail:
            self._relate(tail)
        else:
            self.asks.emit(
                tr(
                    "{relation} may not point there. Choose another label; Esc stops.",
                    relation=self._type.name.replace("_", " ").capitalize(),
                )
            )

    def _relate(self, tail: Span) -> None:
        assert self._head and self._type
        self._labelling.work.do(
            commands.add_relation, self._head.key, tail.key, self._type.name, writing=True
        )
        self._stop()

    def _stop(self) -> None:
        head = self._head
        self._end()
        self.asks.emit("")
        if head:
            self._view.set_caret(head.start)
            self._view.pick(head.key)

    def _end(self) -> None:
        self._head = self._type = None
        self._view.removeEventFilter(self)
        self._view.show_arcs([])


def arcs_of(labelling: Labelling, key: int | None) -> list[Arc]:
    """The relations of a span, as arcs."""
    reading, span = labelling.reading, labelling.span(key)
    if not reading or not span:
        return []
    found = []
    for relation in reading.relations:
        if span.id in (relation.head, relation.tail):
            head, tail = reading.spans.with_id(relation.head), reading.spans.with_id(relation.tail)
            if head and tail:
                found.append(Arc(head.key, tail.key, relation.type.replace("_", " ")))
    return found


def _allows(relation: RelationType, head: Span, tail: Span) -> bool:
    return not relation.endpoints or (head.label, tail.label) in relation.endpoints


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
