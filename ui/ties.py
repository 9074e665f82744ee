"""The relations of the picked span as its card lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton

from desktop.model import Relation, Scheme, Span
from ui.parts import isolate, one_line, words


class Tie(NamedTuple):
    """A relation as seen from the picked span."""

    relation: Relation
    other: Span
    text: str


def ties(
    span: Span, named: Callable[[str], Span | None], relations: Iterable[Relation], scheme: Scheme
) -> list[Tie]:
    """The relations of a span in the order of the other ends; `named` finds a span by its id."""
    found = []
    for relation in relations:
        if relation.annotator != span.annotator or span.id not in (relation.head, relation.tail):
            continue
        out = relation.head == span.id
        other = named(relation.tail if out else relation.head)
        if other is None:
            continue
        kind, quote = words(relation.type), isolate(one_line(other.text, 120))
        declared = scheme.relation(relation.type)
        if declared and declared.symmetric:
            text = f"{kind} ↔ {quote}"
        else:
            text = f"{kind} → {quote}" if out else f"{kind} ← {quote}"
        found.append(Tie(relation, other, text))
    return sorted(found, key=lambda tie: (tie.relation.head != span.id, tie.relation.type, tie.other.start))


class TieButton(QPushButton):
    """A relation in one line, elided to the room there is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._whole = text
        self.setProperty("flat", True)
        self.setProperty("small", True)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setMinimumWidth(40)

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = self.width() - 2
        self.setText(
            self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room).replace("&", "&&")
        )
