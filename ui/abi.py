"""What PySide leaves out of QAccessibleTextInterface, put in by hand.

PySide 6.11 has no `selection`, `attributes` and `text…Offset`, because each gives values back through pointers. For the
first two, C++ gets methods that set nothing, and a screen reader is told whatever was in memory; without the others a line
is a paragraph, and every question copies the whole article. So the places of these methods in the object's table of
virtual methods get functions of ours. That table's order is part of Qt 6's binary interface and does not change.

Only where this has been tried. Elsewhere `complete` says so, and the interface must do without.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Callable
from typing import Any, Protocol
from weakref import WeakValueDictionary

from PySide6.QtGui import QAccessibleTextInterface
from shiboken6 import Shiboken

POSSIBLE = sys.platform == "linux" and platform.machine() == "x86_64"

# Places in the table. Two words stand before it, by which C++ knows the object's type.
SELECTION, TEXT, BEFORE, AFTER, AT, ATTRIBUTES = 2, 9, 10, 11, 12, 17
METHODS, AHEAD = 18, 2

Found = tuple[str, int, int]
Int, Word, Ints = ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)
Words = ctypes.POINTER(Word)
# A method gets its object first, and before that the place for its result where that is a string.
SelectionMethod = ctypes.CFUNCTYPE(None, Word, Int, Ints, Ints)
OffsetMethod = ctypes.CFUNCTYPE(Word, Word, Word, Int, Int, Ints, Ints)
AttributesMethod = ctypes.CFUNCTYPE(Word, Word, Word, Int, Ints, Ints)
TextMethod = ctypes.CFUNCTYPE(Word, Word, Word, Int, Int)


class Complete(Protocol):
    """The missing methods, as Python has them: what C++ gets through pointers is returned."""

    def selected(self, index: int) -> tuple[int, int]: ...
    def stretch(self, offset: int, boundary: int, step: int) -> Found: ...
    def labels(self, offset: int) -> Found: ...


_objects: WeakValueDictionary[int, Any] = WeakValueDictionary()
_tables: list[int] = []


def complete(interface: QAccessibleTextInterface) -> bool:
    """Give an interface, which must be `Complete`, the methods that PySide leaves out; whether that is possible here."""
    if not POSSIBLE:
        return False
    address = address_of(interface)
    if not _tables:
        _tables.append(_make_table(address))
    _objects[address] = interface
    ctypes.cast(address, Words)[0] = _tables[0]
    return True


def address_of(interface: QAccessibleTextInterface) -> int:
    """Where the C++ object is."""
    return int(Shiboken.getCppPointer(interface)[0])


def table_of(address: int) -> Any:
    """The table of virtual methods of an object, as an array of addresses."""
    return ctypes.cast(ctypes.cast(address, Words)[0] or 0, Words)


class _Echo(QAccessibleTextInterface):
    """Says what it was given: so it is C++ that makes the strings C++ gets, and owns them."""

    said = ""

    def text(self, start: int, end: int) -> str:
        return self.said


_echo: list[_Echo] = []


def _make_table(address: int) -> int:
    """A copy of an object's table with our functions in it."""
    functions = {
        SELECTION: SelectionMethod(_selection),
        BEFORE: OffsetMethod(_stretch(-1)),
        AFTER: OffsetMethod(_stretch(1)),
        AT: OffsetMethod(_stretch(0)),
        ATTRIBUTES: AttributesMethod(_attributes),
    }
    size = ctypes.sizeof(Word)
    table = (Word * (AHEAD + METHODS))()
    ctypes.memmove(table, ctypes.addressof(table_of(address).contents) - AHEAD * size, ctypes.sizeof(table))
    for place, function in functions.items():
        table[AHEAD + place] = ctypes.cast(function, Word)
    _echo.append(_Echo())
    for kept in (table, *functions.values(), _echo[0]):
        # C++ may go through the table when Python has put its modules away already.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))
    return ctypes.addressof(table) + AHEAD * size


def _selection(this: int, index: int, start: Any, end: Any) -> None:
    start[0] = end[0] = 0
    found: Complete | None = _objects.get(this)
    if found is not None:
        start[0], end[0] = found.selected(index)


def _stretch(step: int) -> Callable[[int, int, int, int, Any, Any], int]:
    def method(place: int, this: int, offset: int, boundary: int, start: Any, end: Any) -> int:
        return _answer(place, this, start, end, lambda found: found.stretch(offset, boundary, step))

    return method


def _attributes(place: int, this: int, offset: int, start: Any, end: Any) -> int:
    return _answer(place, this, start, end, lambda found: found.labels(offset))


def _answer(place: int, this: int, start: Any, end: Any, ask: Callable[[Complete], Found]) -> int:
    """Ask the object, set both ends, and make the string in the place for it."""
    said, bounds = "", (-1, -1)
    found: Complete | None = _objects.get(this)
    try:
        if found is not None:
            said, *ends = ask(found)
            bounds = ends[0], ends[1]
    finally:
        # Even after an exception, which goes no further than to the log: C++ takes what is there for a string.
        start[0], end[0] = bounds
        echo = _echo[0]
        echo.said = said
        address = address_of(echo)
        TextMethod(table_of(address)[TEXT])(place, address, 0, 0)
    return place
