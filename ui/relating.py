"""Relating two spans by keys: pick one, R, the key of the type, the other one (the likeliest first), Enter.

The other end is gone to with . and , or by its first letters; a click takes it at once.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from desktop import commands, endpoints
from desktop.layer import KEY, TEXT
from desktop.model import RelationType, Scheme, Span
from ui.arcs import Arc
from ui.labelling import Labelling
from ui.parts import capital, words
from ui.words import number, tr

_NEXT = (Qt.Key.Key_Tab, Qt.Key.Key_Period, Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACK = (Qt.Key.Key_Backtab, Qt.Key.Key_Comma, Qt.Key.Key_Left, Qt.Key.Key_Up)
_HELD = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
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
        self._offered: list[int] = []  # keys of spans, and those of them that begin as typed
        self._tails: list[int] = []
        self._typed = ""
        self._at = 0
        self._view.picked_changed.connect(self._picked)

    @property
    def active(self) -> bool:
        return self._head is not None

    def look(self) -> bool:
        """Whether an end is asked for; that is given up where the head is no longer on the page."""
        if self._head and not self._labelling.span(self._head.key):
            self._end()
            self.asks.emit("")
        return self.active

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
        types = " · ".join(f"{key.upper()} {_name(relation)}" for key, relation in keys.items())
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
        elif key in _ENTER:
            self._relate(self._tails[self._at])
        elif key == Qt.Key.Key_Backspace:
            self._narrow(self._typed[:-1])
        elif event.text().isprintable() and not event.modifiers() & _HELD:
            self._narrow(self._typed + event.text())
        return True

    def _type_keys(self) -> dict[str, RelationType]:
        """A letter for each type that may begin at the head."""
        assert self._scheme and self._head
        found = endpoints.beginning_at(self._scheme.relations, self._head.label)
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
        reading = self._labelling.reading
        assert self._head and reading
        self._offered = endpoints.offered(self._type, self._head, reading.spans, reading.relations)
        if not self._offered:
            name = _name(self._type)
            self._stop()
            self._labelling.said.emit(
                tr("There is no other label here that {relation} may point to.", relation=name)
            )
            return
        self._narrow("")

    def _narrow(self, typed: str) -> None:
        """Offer those whose words begin as typed; a letter that fits none of them is not taken."""
        reading = self._labelling.reading
        assert reading
        rows = reading.spans.rows_of(self._offered)
        found = [row[KEY] for row in rows if endpoints.begins(row[TEXT], typed)]
        if found:
            self._typed, self._tails = typed, found
            self._propose(0)

    def _propose(self, place: int) -> None:
        assert self._head and self._type
        self._at = place % len(self._tails)
        tail = self._labelling.span(self._tails[self._at])
        if not tail:
            return
        self._view.reveal(tail.start, tail.end)
        self._view.show_arcs([Arc(self._head.key, tail.key, _name(self._type), dashed=True)])
        name = capital(_name(self._type))
        self.asks.emit(
            tr(
                "{relation}: “{quote}”, {n} of {all}. Enter takes it; . and , or letters choose another. Esc stops.",
                relation=f"{name} ({self._typed}…)" if self._typed else name,
                quote=_short(tail.text),
                n=number(self._at + 1),
                all=number(len(self._tails)),
            )
        )

    def _picked(self, key: int | None) -> None:
        """A click while the other end is asked for."""
        if self._type is None or key is None or not self._head or key == self._head.key:
            return
        if key in self._offered:
            self._relate(key)
        else:
            self.asks.emit(
                tr(
                    "{relation} may not point there. Choose another label; Esc stops.",
                    relation=capital(_name(self._type)),
                )
            )

    def _relate(self, tail: int) -> None:
        assert self._head and self._type
        self._labelling.work.do(commands.add_relation, self._head.key, tail, self._type.name, writing=True)
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
                found.append(Arc(head.key, tail.key, words(relation.type)))
    return found


def _name(kind: RelationType) -> str:
    return words(kind.name)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
