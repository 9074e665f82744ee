"""Where a caret goes: pure questions to the flow, one function to a kind of move."""

from __future__ import annotations

from desktop.text import words
from ui.flow import Flow

# Words are looked for in pieces of this many code points.
_REACH = 2000


def sideways(flow: Flow, position: int, *, right: bool) -> int:
    """One letter to the right or left as seen on the screen, over the ends of lines."""
    index = flow.index_of(position)
    block, layout = flow.blocks[index], flow.layout(index)
    unit = flow.unit(block, position)
    moved = layout.rightCursorPosition(unit) if right else layout.leftCursorPosition(unit)
    length = flow.unit(block, block.end)
    while moved != unit and 0 < moved < length and not layout.isValidCursorPosition(moved):
        # In lines of mixed direction Qt stops inside of clusters, even between the halves of one character.
        moved += 1 if moved > unit else -1
    if moved != unit:
        return flow.point(block, moved)
    # Into the neighbour by the side that faces this one, which need not be where its text begins or ends.
    if right != block.rtl:
        return _facing(flow, index + 1, 0, right) if index + 1 < len(flow.blocks) else position
    if index == 0:
        return position
    before, last = flow.blocks[index - 1], flow.layout(index - 1).lineCount() - 1
    found = _facing(flow, index - 1, last, right)
    if found < block.start:
        return found
    # Two parts of one long line share the position between them.
    return flow.point(before, flow.layout(index - 1).previousCursorPosition(flow.unit(before, before.end)))


def _facing(flow: Flow, index: int, number: int, right: bool) -> int:
    """The position at a line's left end for a caret that goes right, at its right end for one that goes left."""
    layout = flow.layout(index)
    if not layout.lineCount():
        return flow.blocks[index].start
    text = layout.lineAt(number).naturalTextRect()
    # Outside of its text Qt takes a line to begin and end where its logical text does.
    return flow.position(index, number, text.left() + 0.5 if right else text.right() - 1.5)


def by_word(flow: Flow, position: int, *, right: bool) -> int:
    """To the next end of a word, or back to the last beginning of one."""
    text = flow.text
    if right != flow.blocks[flow.index_of(position)].rtl:
        for low in range(position, len(text), _REACH):
            found = next(
                (end for _, end in words(text, low, min(len(text), low + 2 * _REACH)) if end > position), None
            )
            if found is not None:
                return found
        return len(text)
    for high in range(position, 0, -_REACH):
        starts = [start for start, _ in words(text, max(0, high - 2 * _REACH), high) if start < position]
        if starts:
            return starts[-1]
    return 0


def by_line(flow: Flow, position: int, x: float, *, down: bool) -> int:
    """One line down or up, as near to `x` as its text allows; the text's edge where there is no further line."""
    index, number = flow.line_of(position)
    number += 1 if down else -1
    if number < 0:
        if index == 0:
            return 0
        index -= 1
        number = max(0, flow.layout(index).lineCount() - 1)
    elif number >= flow.layout(index).lineCount():
        if index + 1 == len(flow.blocks):
            return len(flow.text)
        index, number = index + 1, 0
    return flow.position(index, number, x)


def to_line_edge(flow: Flow, position: int, *, end: bool) -> int:
    """The first or last position of the line around `position`."""
    index, number = flow.line_of(position)
    block, layout = flow.blocks[index], flow.layout(index)
    if not layout.lineCount():
        return block.start
    line = layout.lineAt(number)
    if not end:
        return flow.point(block, line.textStart())
    unit = line.textStart() + line.textLength()
    if number < layout.lineCount() - 1:
        # The position behind a wrapped line's last blank is the beginning of the next line.
        unit = layout.previousCursorPosition(unit)
    return flow.point(block, unit)
